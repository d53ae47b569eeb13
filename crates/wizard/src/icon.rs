//! The icons: one path each, drawn in the text's colour, always beside a word.

use leptos::prelude::*;

use crate::html::el;

pub const CHECK: &str = "M4 10.5l4 4 8-9";
pub const WARNING: &str = "M10 3l8 14H2zM10 8v4M10 14.5v.01";
pub const STOPPED: &str = "M6.5 2.5h7l4 4v7l-4 4h-7l-4-4v-7zM7 7l6 6M13 7l-6 6";
pub const WAITING: &str = "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 1 0 0-15M10 6v4l3 2";
pub const PLUS: &str = "M10 4v12M4 10h12";
pub const MINUS: &str = "M4 10h12";
pub const INFO: &str = "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 1 0 0-15M10 9v5M10 6v.01";
pub const MESSENGER: &str = "M10 3c-4.4 0-7.5 3-7.5 6.8 0 2 .9 3.8 2.4 5V17.5l2.6-1.4c.8.2 1.6.3 2.5.3 4.4 0 7.5-3 7.5-6.6S14.4 3 10 3zM6 11.5l2.8-3 2.4 2 2.8-2.5";
pub const INSTAGRAM: &str =
    "M6 3h8a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3zM10 7a3 3 0 1 0 0 6 3 3 0 1 0 0-6M14 6v.01";

/// One of the paths above as a picture that says nothing to a screen reader.
#[must_use]
pub fn icon(path: &'static str) -> AnyView {
    el("svg")
        .class("icon")
        .attr("viewBox", "0 0 20 20")
        .attr("width", "20")
        .attr("height", "20")
        .attr("aria-hidden", "true")
        .attr("focusable", "false")
        .child(el("path").attr("d", path))
        .view()
}
