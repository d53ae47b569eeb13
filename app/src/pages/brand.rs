//! Whose service this is: the platform's name and picture, or Renova's.

use leptos::prelude::*;

use super::frame::mark;

/// The name of the service, as titles say it.
pub(super) fn product() -> String {
    crate::context::current().ui.renova.brand().product().to_owned()
}

/// Picture and name, leading home.
pub(super) fn home_link() -> AnyView {
    let request = crate::context::current();
    let brand = request.ui.renova.brand();
    let picture = match &brand.logo {
        Some(logo) => {
            let source = logo.clone();
            view! { <img class="brand-logo" src=source alt="" height="28" /> }.into_any()
        }
        None if brand.name().is_none() => mark(),
        None => ().into_any(),
    };
    let name = brand.product().to_owned();
    view! { <a class="brand" href="/">{picture}<span>{name}</span></a> }.into_any()
}
