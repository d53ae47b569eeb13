//! The frame is as high as its content: the host is told at each change.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlElement, ResizeObserver};

use crate::host::{Host, Said};

/// Follows `root` for as long as the page lives.
pub(crate) fn report(host: &Host, root: &HtmlElement) {
    let (host, watched) = (host.clone(), root.clone());
    let tell = Closure::<dyn Fn()>::new(move || {
        host.say(Said::Height { px: watched.offset_height() });
    });
    if let Ok(observer) = ResizeObserver::new(tell.as_ref().unchecked_ref()) {
        observer.observe(root);
    }
    tell.forget();
}
