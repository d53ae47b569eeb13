//! How an [`Element`] is drawn: by a server as HTML, by a browser as a node that is kept up to date.

use leptos::{
    ev::SubmitEvent,
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

use super::{Element, OnSubmit, Place, Text, Value};

impl Value {
    /// Sets what does not change by itself.
    fn put(&self, node: &types::Element, name: &str) {
        if let Self::Fixed(text) = self {
            set(node, name, text.as_deref());
        }
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
        if !matches!(self.tag, "input" | "img") {
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
