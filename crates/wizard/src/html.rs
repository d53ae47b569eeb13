//! Elements of one type, whatever their tag.
//!
//! `view!` makes a type of every piece of HTML, and Leptos a copy of its code for every type: most of
//! what a browser loaded was that. Here all elements share one type, and with it one copy. They are
//! rendered by a server, hydrated and rebuilt like Leptos' own.

use std::borrow::Cow;

use leptos::{
    ev::SubmitEvent,
    html::Custom,
    prelude::*,
    tachys::{
        html::{
            attribute::{Attribute, AttributeValue, any_attribute::AnyAttribute},
            node_ref::NodeRefContainer as _,
        },
        hydration::Cursor,
        renderer::{Rndr, types},
        view::{Mountable, Position, PositionState, add_attr::AddAnyAttr, any_view::AnyViewState},
    },
};
use wasm_bindgen::{JsCast, closure::Closure};

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

impl Value {
    /// Sets what does not change by itself.
    fn put(&self, node: &types::Element, name: &str) {
        if let Self::Fixed(text) = self {
            set(node, name, text.as_deref());
        }
    }
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

/// An element in the document.
pub struct ElementState {
    node: types::Element,
    tag: &'static str,
    attributes: Vec<(&'static str, ValueState)>,
    listens: bool,
    children: Vec<AnyViewState>,
}

enum ValueState {
    Fixed(Option<Text>),
    /// Follows its signals for as long as it is held.
    Live {
        _effect: RenderEffect<Option<&'static str>>,
    },
}

/// A fixed value is on the element already: by whoever built it, or by the server.
fn hold(node: &types::Element, name: &'static str, value: Value) -> ValueState {
    match value {
        Value::Fixed(text) => ValueState::Fixed(text),
        Value::Live(read) => {
            let node = node.clone();
            let effect = RenderEffect::new(move |former: Option<Option<&'static str>>| {
                let now = read();
                if former != Some(now) {
                    set(&node, name, now);
                }
                now
            });
            ValueState::Live { _effect: effect }
        }
    }
}

fn set(node: &types::Element, name: &str, value: Option<&str>) {
    match value {
        Some(value) => Rndr::set_attribute(node, name, value),
        None => Rndr::remove_attribute(node, name),
    }
}

/// One listener at a time: a new one takes the former's place.
fn listen(node: &types::Element, on_submit: Option<OnSubmit>) {
    let Some(act) = on_submit else { return };
    // What the handler begins belongs to the view that it stands in.
    let owner = Owner::current().unwrap_or_default();
    let listener = Closure::<dyn Fn(SubmitEvent)>::new(move |event| owner.with(|| act(event)));
    node.unchecked_ref::<web_sys::HtmlElement>().set_onsubmit(Some(listener.into_js_value().unchecked_ref()));
}

impl ElementState {
    /// Without its children.
    fn new(
        node: types::Element,
        tag: &'static str,
        attributes: Vec<(&'static str, Value)>,
        on_submit: Option<OnSubmit>,
        place: Option<Place>,
    ) -> Self {
        let listens = on_submit.is_some();
        listen(&node, on_submit);
        if let Some(place) = place {
            place.load(&node);
        }
        let attributes = attributes.into_iter().map(|(name, value)| (name, hold(&node, name, value))).collect();
        Self { node, tag, attributes, listens, children: Vec::new() }
    }

    /// The element can become this one in its place.
    fn fits(&self, element: &Element) -> bool {
        self.tag == element.tag
            && self.listens == element.on_submit.is_some()
            && self.attributes.iter().map(|(name, _)| name).eq(element.attributes.iter().map(|(name, _)| name))
    }

    fn take_children(&mut self, children: Vec<AnyView>) {
        for surplus in self.children.iter_mut().skip(children.len()) {
            surplus.unmount();
        }
        self.children.truncate(children.len());
        for (index, child) in children.into_iter().enumerate() {
            match self.children.get_mut(index) {
                Some(former) => child.rebuild(former),
                None => {
                    let mut built = child.build();
                    built.mount(&self.node, None);
                    self.children.push(built);
                }
            }
        }
    }
}

impl Render for Element {
    type State = ElementState;

    fn build(self) -> ElementState {
        let namespace = matches!(self.tag, "svg" | "path").then_some("http://www.w3.org/2000/svg");
        let node = Rndr::create_element(self.tag, namespace);
        for (name, value) in &self.attributes {
            value.put(&node, name);
        }
        let mut state = ElementState::new(node, self.tag, self.attributes, self.on_submit, self.place);
        state.take_children(self.children);
        state
    }

    fn rebuild(self, state: &mut ElementState) {
        if !state.fits(&self) {
            let mut new = self.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
            return;
        }
        for ((name, former), (_, value)) in state.attributes.iter_mut().zip(self.attributes) {
            match (former, value) {
                (ValueState::Fixed(former), Value::Fixed(text)) if *former == text => {}
                (former, value) => {
                    value.put(&state.node, name);
                    *former = hold(&state.node, name, value);
                }
            }
        }
        listen(&state.node, self.on_submit);
        if let Some(place) = self.place {
            place.load(&state.node);
        }
        state.take_children(self.children);
    }
}

impl Mountable for ElementState {
    fn unmount(&mut self) {
        Rndr::remove(&self.node);
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        Rndr::insert_node(parent, &self.node, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(parent) = self.node.parent_element() else { return false };
        child.mount(&parent, Some(&self.node));
        true
    }

    fn elements(&self) -> Vec<types::Element> {
        vec![self.node.clone()]
    }
}

impl RenderHtml for Element {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {
        self.children.iter_mut().for_each(RenderHtml::dry_resolve);
    }

    async fn resolve(self) -> Self {
        let mut children = Vec::new();
        for child in self.children {
            children.push(child.resolve().await);
        }
        Self { children, ..self }
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        _escape: bool,
        mark_branches: bool,
        _extra: Vec<AnyAttribute>,
    ) {
        html.extend(["<", self.tag]);
        for (name, value) in self.attributes {
            match value {
                Value::Fixed(text) => AttributeValue::to_html(text, name, html),
                Value::Live(read) => AttributeValue::to_html(read(), name, html),
            }
        }
        html.push('>');
        *position = Position::FirstChild;
        for child in self.children {
            child.to_html_with_buf(html, position, true, mark_branches, Vec::new());
        }
        if self.tag != "input" {
            html.extend(["</", self.tag, ">"]);
        }
        *position = Position::NextChild;
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> ElementState {
        match position.get() {
            Position::FirstChild => cursor.child(),
            Position::Current => {}
            _ => cursor.sibling(),
        }
        let node = cursor.current().unchecked_into();
        let mut state = ElementState::new(node, self.tag, self.attributes, self.on_submit, self.place);
        position.set(Position::FirstChild);
        state.children =
            self.children.into_iter().map(|child| child.hydrate::<FROM_SERVER>(cursor, position)).collect();
        cursor.set(state.node.clone().into());
        position.set(Position::NextChild);
        state
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// Nobody sets attributes from outside.
impl AddAnyAttr for Element {
    type Output<NewAttribute: Attribute> = Self;

    fn add_any_attr<NewAttribute: Attribute>(self, _: NewAttribute) -> Self {
        self
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
