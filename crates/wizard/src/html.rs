//! Elements of one type, whatever their tag.
//!
//! `view!` makes a type of every piece of HTML, and Leptos a copy of its code for every type: most of
//! what a browser loaded was that. Here all elements share one type, and with it one copy. They are
//! rendered by a server, hydrated and rebuilt like Leptos' own.

mod render;

use std::borrow::Cow;

use leptos::{ev::SubmitEvent, html::Custom, prelude::*};

type Text = Cow<'static, str>;
type OnSubmit = Box<dyn Fn(SubmitEvent) + Send>;
/// Where an element is, once it is in the document.
pub(crate) type Place = NodeRef<Custom<&'static str>>;

/// An element: its tag, then what the methods add.
pub struct Element {
    tag: &'static str,
    attributes: Vec<(&'static str, Value)>,
    on_submit: Option<OnSubmit>,
    place: Option<Place>,
    children: Vec<AnyView>,
}

/// What an attribute is set to; `None` leaves it out.
enum Value {
    Fixed(Option<Text>),
    Live(Box<dyn Fn() -> Option<&'static str> + Send>),
}

/// What can stand in an element. What is `None` keeps its place for later.
pub trait Child {
    fn into_child(self) -> AnyView;
}

/// An element with the tag.
#[must_use]
pub fn el(tag: &'static str) -> Element {
    Element { tag, attributes: Vec::new(), on_submit: None, place: None, children: Vec::new() }
}

/// What changes by itself: drawn again whenever a signal that it has read does.
pub fn redrawn<C: Child>(draw: impl Fn() -> C + Send + 'static) -> AnyView {
    let draw: Box<dyn Fn() -> AnyView + Send> = Box::new(move || draw().into_child());
    draw.into_any()
}

/// Several views where one is wanted.
#[must_use]
pub fn group<const N: usize>(views: [AnyView; N]) -> AnyView {
    Vec::from(views).into_any()
}

impl Element {
    #[must_use]
    pub fn class(self, class: impl Into<Text>) -> Self {
        self.attr("class", class)
    }

    #[must_use]
    pub fn attr(self, name: &'static str, value: impl Into<Text>) -> Self {
        self.attr_if(name, Some(value))
    }

    /// The attribute, where there is a value for it.
    #[must_use]
    pub fn attr_if(self, name: &'static str, value: Option<impl Into<Text>>) -> Self {
        self.with(name, Value::Fixed(value.map(Into::into)))
    }

    /// The attribute without a value, such as `disabled`.
    #[must_use]
    pub fn flag(self, name: &'static str, is_set: bool) -> Self {
        self.attr_if(name, is_set.then_some(""))
    }

    /// An attribute that changes by itself.
    #[must_use]
    pub fn live_attr(self, name: &'static str, value: impl Fn() -> Option<&'static str> + Send + 'static) -> Self {
        self.with(name, Value::Live(Box::new(value)))
    }

    fn with(mut self, name: &'static str, value: Value) -> Self {
        self.attributes.push((name, value));
        self
    }

    #[must_use]
    pub fn on_submit(mut self, act: impl Fn(SubmitEvent) + Send + 'static) -> Self {
        self.on_submit = Some(Box::new(act));
        self
    }

    #[must_use]
    pub(crate) const fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    #[must_use]
    pub fn child(mut self, child: impl Child) -> Self {
        self.children.push(child.into_child());
        self
    }

    #[must_use]
    pub fn children(mut self, children: Vec<AnyView>) -> Self {
        self.children.extend(children);
        self
    }

    #[must_use]
    pub fn view(self) -> AnyView {
        self.into_any()
    }
}

impl Child for AnyView {
    fn into_child(self) -> AnyView {
        self
    }
}

impl Child for Element {
    fn into_child(self) -> AnyView {
        self.into_any()
    }
}

impl Child for String {
    fn into_child(self) -> AnyView {
        self.into_any()
    }
}

impl Child for &'static str {
    fn into_child(self) -> AnyView {
        self.to_owned().into_any()
    }
}

impl<C: Child> Child for Option<C> {
    fn into_child(self) -> AnyView {
        self.map_or_else(|| ().into_any(), Child::into_child)
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_server_escapes_texts_and_leaves_out_what_is_none() {
        let html = el("p")
            .class("quiet")
            .attr("title", "\"quoted\"")
            .attr_if("role", None::<&str>)
            .live_attr("data-state", || Some("proved"))
            .child("<b>")
            .child(None::<String>)
            .child(el("input").flag("checked", true))
            .to_html();
        assert!(
            html.starts_with("<p class=\"quiet\" title=\"&quot;quoted&quot;\" data-state=\"proved\">&lt;b&gt;"),
            "{html}"
        );
        assert!(html.ends_with("<input checked=\"\"></p>") && !html.contains("role"), "{html}");
    }
}
