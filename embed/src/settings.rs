//! What the page says about itself: attributes of its body and the query of its address.

use leptos::prelude::{document, window};
use web_sys::UrlSearchParams;
use wizard::Locale;

use crate::host::Host;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Banner,
    Wizard,
}

pub(crate) struct Settings {
    pub kind: Kind,
    pub host: Host,
    /// The host's choice; `None`: the person's own.
    pub locale: Option<Locale>,
    /// What the wizard is about; `None`: what comes first.
    pub connection: Option<String>,
}

impl Settings {
    /// `None` where the page that frames this one is not among the organization's origins.
    pub fn read() -> Option<Self> {
        let said = document().body()?.dataset();
        let query = UrlSearchParams::new_with_str(&window().location().search().ok()?).ok()?;
        let kind = match said.get("embed")?.as_str() {
            "banner" => Kind::Banner,
            "wizard" => Kind::Wizard,
            _ => return None,
        };
        let (origin, origins) = (query.get("origin")?, said.get("origins")?);
        let is_registered = origins.split(' ').any(|it| it == origin);
        let host = Host::of(is_registered.then_some(origin)?)?;
        let locale = query.get("locale").as_deref().and_then(Locale::parse);
        let connection = query.get("connection").filter(|id| !id.is_empty());
        Some(Self { kind, host, locale, connection })
    }
}
