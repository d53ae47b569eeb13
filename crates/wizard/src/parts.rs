//! Small views that banner, wizard and pages share.
//!
//! Each is a function that returns an [`AnyView`]: one copy of the view's code in the browser,
//! however often it is used.

use leptos::{ev::SubmitEvent, prelude::*};
use lifecycle::ChannelKind;

use crate::{
    html::{Element, el},
    icon::{self, icon},
    model::{Level, Moment, Sentence, UiError},
    texts::Texts,
};

/// A paragraph.
#[must_use]
pub fn paragraph(text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    el("p").child(text).view()
}

/// An instant.
#[must_use]
pub fn moment(moment: Moment) -> AnyView {
    el("time").attr("datetime", moment.iso).child(moment.text).view()
}

/// A finished sentence with its instant.
#[must_use]
pub fn sentence(sentence: Sentence) -> AnyView {
    el("span").child(sentence.before).child(sentence.moment.map(moment)).child(sentence.after).view()
}

/// The same as plain text, for announcements.
#[must_use]
pub fn plain(sentence: &Sentence) -> String {
    let moment = sentence.moment.as_ref().map_or("", |moment| moment.text.as_str());
    [sentence.before.as_str(), moment, sentence.after.as_str()].concat()
}

/// The shape that goes with a level; the word stands beside it.
#[must_use]
pub fn level_icon(level: Level) -> AnyView {
    icon(match level {
        Level::Good => icon::CHECK,
        Level::Advice => icon::INFO,
        Level::Soon => icon::WARNING,
        Level::Stopped => icon::STOPPED,
    })
}

/// A state as shape and words.
#[must_use]
pub fn state(level: Level, summary: Sentence) -> AnyView {
    let class = ["state ", level_class(level)].concat();
    el("span").class(class).child(level_icon(level)).child(sentence(summary)).view()
}

/// The style hook of a level.
#[must_use]
pub const fn level_class(level: Level) -> &'static str {
    match level {
        Level::Good => "is-good",
        Level::Advice => "is-advice",
        Level::Soon => "is-soon",
        Level::Stopped => "is-stopped",
    }
}

/// An account's picture, or its initials, with the mark of its network. The picture lies over the
/// initials: they stay where it does not load.
#[must_use]
pub fn avatar(initials: String, picture: Option<String>, kind: ChannelKind) -> AnyView {
    let (class, mark) = match kind {
        ChannelKind::Messenger => ("avatar is-messenger", icon::MESSENGER),
        ChannelKind::Instagram => ("avatar is-instagram", icon::INSTAGRAM),
    };
    let picture = picture.map(|address| {
        // What is lazy has to be known before there is an address.
        let image = el("img").attr("loading", "lazy").attr("alt", "").attr("width", "40").attr("height", "40");
        image.attr("src", address)
    });
    el("span")
        .class(class)
        .attr("aria-hidden", "true")
        .child(el("span").child(initials))
        .child(picture)
        .child(icon(mark))
        .view()
}

/// The network's name, which is the same in every language.
#[must_use]
pub const fn network(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Messenger => "Messenger",
        ChannelKind::Instagram => "Instagram",
    }
}

/// What needs attention: its shape and its words, announced where `role` says how.
#[must_use]
pub fn notice(level: Level, role: Option<&'static str>, content: Vec<AnyView>) -> AnyView {
    let class = ["notice ", level_class(level)].concat();
    el("div").class(class).attr_if("role", role).child(level_icon(level)).child(el("div").children(content)).view()
}

/// A failure: the sentence, and folded away what support needs.
#[must_use]
pub fn alert(words: &'static Texts, error: UiError) -> AnyView {
    // What did not reach the server has no sentence yet.
    let message = if error.message.is_empty() { words.error(&error.code).to_owned() } else { error.message };
    let technical = technical(words, error.code, error.request_id);
    notice(Level::Stopped, Some("alert"), vec![paragraph(message), technical])
}

/// Code and request id behind a toggle.
#[must_use]
pub fn technical(words: &'static Texts, code: String, request_id: String) -> AnyView {
    let facts: Vec<_> = [(words.code, code), (words.request, request_id)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| el("div").child(el("dt").child(name)).child(el("dd").child(value)).view())
        .collect();
    el("details").class("technical").child(el("summary").child(words.details)).child(el("dl").children(facts)).view()
}

/// A row of buttons: the primary one stands first, at the same place in every step.
#[must_use]
pub fn actions(buttons: Vec<AnyView>) -> AnyView {
    row(buttons).view()
}

/// The same with one that leads out: it stands at the row's end, however many others there are.
#[must_use]
pub(crate) fn actions_and_out(buttons: Vec<AnyView>, out: AnyView) -> AnyView {
    el("div").class("actions has-way-out").child(row(buttons)).child(out).view()
}

fn row(buttons: Vec<AnyView>) -> Element {
    el("div").class("actions").children(buttons)
}

type OnSubmit = Box<dyn Fn(SubmitEvent) + Send>;

/// A button in a form of its own: works without WebAssembly, and is a button by role where it
/// navigates (a GET form).
pub struct FormButton {
    method: &'static str,
    action: String,
    fields: Vec<(String, String)>,
    label: String,
    class: &'static str,
    described_by: Option<String>,
    on_submit: Option<OnSubmit>,
    busy: Option<RwSignal<bool>>,
}

impl FormButton {
    /// Goes to `href`. The address's query becomes the form's fields, because a GET form
    /// replaces it; its values are taken as they stand.
    #[must_use]
    pub fn get(href: &str, label: impl Into<String>) -> Self {
        let (path, query) = href.split_once('?').unwrap_or((href, ""));
        let fields = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self::new("get", path.to_owned(), fields, label.into())
    }

    /// Posts `fields` to `action`.
    #[must_use]
    pub fn post<const N: usize>(
        action: impl Into<String>,
        fields: [(&str, String); N],
        label: impl Into<String>,
    ) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self::new("post", action.into(), fields, label.into())
    }

    fn new(method: &'static str, action: String, fields: Vec<(String, String)>, label: String) -> Self {
        Self { method, action, fields, label, class: "button", described_by: None, on_submit: None, busy: None }
    }

    /// One more field.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    /// The one action of its screen.
    #[must_use]
    pub fn primary(self) -> Self {
        self.class("button is-primary")
    }

    /// An action of lesser weight.
    #[must_use]
    pub fn quiet(self) -> Self {
        self.class("button is-quiet")
    }

    #[must_use]
    pub fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// The id of the element that tells what the button acts on.
    #[must_use]
    pub fn described_by(mut self, id: impl Into<String>) -> Self {
        self.described_by = Some(id.into());
        self
    }

    /// With WebAssembly: what happens instead. While `busy` the button says so.
    #[must_use]
    pub fn on_submit(mut self, busy: RwSignal<bool>, act: impl Fn(SubmitEvent) + Send + 'static) -> Self {
        self.busy = Some(busy);
        self.on_submit = Some(Box::new(act));
        self
    }

    #[must_use]
    pub fn view(self) -> AnyView {
        let Self { method, action, fields, label, class, described_by, on_submit, busy } = self;
        let fields: Vec<_> = fields.into_iter().map(|(name, value)| hidden(name, value)).collect();
        let button = el("button")
            .attr("type", "submit")
            .class(class)
            .attr_if("aria-describedby", described_by)
            .live_attr("aria-disabled", waiting(busy))
            .child(label);
        let submit = move |event: SubmitEvent| {
            if let Some(act) = &on_submit {
                act(event);
            }
        };
        el("form").attr("method", method).attr("action", action).on_submit(submit).children(fields).child(button).view()
    }
}

/// `aria-disabled`, so that a waiting button keeps the focus.
pub(crate) fn waiting(busy: Option<RwSignal<bool>>) -> impl Fn() -> Option<&'static str> + Copy + Send {
    move || busy.is_some_and(|busy| busy.get()).then_some("true")
}

/// A field that a form carries along.
#[must_use]
pub fn hidden(name: String, value: String) -> AnyView {
    el("input").attr("type", "hidden").attr("name", name).attr("value", value).view()
}
