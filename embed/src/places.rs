//! Where banner and wizard lead to inside the frame: nowhere else. Their links are fragments, and
//! one listener turns them into screens and messages.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, FormData, HtmlFormElement};
use wizard::Hrefs;

const START: &str = "#start";
const RENEWALS: &str = "#renewal";
const CLOSED: &str = "#closed";

/// What the screens lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The first screen, of one connection or of what comes first.
    Start {
        connection: Option<String>,
    },
    Renewal {
        id: String,
    },
    /// All is done.
    Closed,
}

pub(crate) fn hrefs() -> Hrefs {
    Hrefs { integration: START.to_owned(), renewals: RENEWALS.to_owned(), home: CLOSED.to_owned() }
}

/// Calls `go` for each button that leads to one of the places, for as long as the page lives.
pub(crate) fn follow(go: impl Fn(Place) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let Some(form) = event.target().and_then(|it| it.dyn_into::<HtmlFormElement>().ok()) else { return };
        let action = form.get_attribute("action").unwrap_or_default();
        let connection = FormData::new_with_form(&form).ok().and_then(|data| data.get("connection").as_string());
        if let Some(place) = parse(&action, connection) {
            event.prevent_default();
            go(place);
        }
    });
    document().add_event_listener_with_callback("submit", listener.as_ref().unchecked_ref()).ok();
    listener.forget();
}

fn parse(action: &str, connection: Option<String>) -> Option<Place> {
    match action {
        START => Some(Place::Start { connection }),
        CLOSED => Some(Place::Closed),
        _ => {
            let id = action.strip_prefix(RENEWALS)?.strip_prefix('/')?;
            Some(Place::Renewal { id: id.to_owned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_links_are_followed() {
        let hrefs = hrefs();
        assert_eq!(parse(&hrefs.renewal("r1"), None), Some(Place::Renewal { id: "r1".to_owned() }));
        let connection = Some("c1".to_owned());
        assert_eq!(parse(START, connection.clone()), Some(Place::Start { connection }));
        assert_eq!(parse(&hrefs.home, None), Some(Place::Closed));
        assert_eq!(parse("/connect/r1", None), None);
        assert_eq!(parse("#", None), None);
    }
}
