//! `GET /api/ui/live`: tells open pages that something has changed, as server-sent events.
//!
//! An event says that, not what: pages then ask again as who they are. One loop for each process
//! looks at all organizations that somebody listens to, and only while somebody does.

mod hub;
mod places;

use std::{convert::Infallible, pin::Pin, time::Duration};

use app::context::Caller;
use axum::{
    Extension, Router,
    extract::State,
    response::{
        IntoResponse as _, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::get,
};
use futures::{Stream, stream};
use http::{HeaderName, HeaderValue, header, request::Parts};
use renewal::Identity;
use tokio::{
    sync::watch,
    time::{Sleep, sleep},
};

use self::places::Place;
use super::{
    Mount,
    fail::{self, Telling},
    identity::{Identified, Identify},
    request_id::RequestId,
};
use crate::stop::Stop;

pub use hub::Hub;

/// Where it is mounted.
const PATH: &str = "/api/ui/live";
/// Keeps proxies from ending a silent stream, and finds out who has left.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often it is asked again whose session it is.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// The route; `identity` tells who is asking, also later.
pub fn router(identity: impl Identify) -> Router<Mount> {
    Router::new().route(
        PATH,
        get(
            move |mount: State<Mount>,
                  caller: Extension<Caller>,
                  request_id: Extension<RequestId>,
                  stop: Option<Extension<Stop>>,
                  parts: Parts| { answer(mount, caller, request_id, stop, parts, identity) },
        ),
    )
}

async fn answer(
    State(mount): State<Mount>,
    Extension(caller): Extension<Caller>,
    Extension(request_id): Extension<RequestId>,
    stop: Option<Extension<Stop>>,
    parts: Parts,
    identity: impl Identify,
) -> Response {
    let headers = &parts.headers;
    let telling = Telling { mount: &mount, identity: caller.identity.as_ref(), headers, request_id: &request_id };
    let Some(who) = caller.identity.clone() else { return telling.json(fail::SIGNED_OUT) };
    let Some(place) = mount.live.places.take(who.user) else { return telling.json(fail::TOO_MANY_WINDOWS) };
    let changes = match mount.live.subscribe(&who).await {
        Ok(changes) => changes,
        Err(error) => return telling.error(&error),
    };
    let listener = Listener {
        who,
        changes,
        // Without one the stream ends with its connection.
        stop: stop.map(|Extension(stop)| stop).unwrap_or_default(),
        identify: Box::new(move || identity(&parts)),
        look_again: Box::pin(sleep(LOOK_AGAIN)),
        _place: place,
    };
    let mut response = Sse::new(events(listener)).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would collect events until they fill its buffer.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// An open stream.
struct Listener {
    who: Identity,
    changes: watch::Receiver<hub::Turn>,
    stop: Stop,
    identify: Box<dyn Fn() -> Identified + Send + Sync>,
    look_again: Pin<Box<Sleep>>,
    _place: Place,
}

/// The first event at once: something may have changed since the page was rendered.
fn events(mut listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    listener.changes.mark_changed();
    stream::unfold(listener, async |mut listener| {
        let seq = listener.next_change().await?;
        Some((Ok(Event::default().event("change").data(seq.to_string())), listener))
    })
}

impl Listener {
    /// `None`: the stream is over.
    async fn next_change(&mut self) -> Option<i64> {
        loop {
            tokio::select! {
                biased;
                () = self.stop.requested() => return None,
                () = &mut self.look_again => {
                    self.look_again = Box::pin(sleep(LOOK_AGAIN));
                    if !self.is_still_the_same().await {
                        return None;
                    }
                }
                changed = self.changes.changed() => {
                    changed.ok()?;
                    return Some(self.changes.borrow_and_update().seq);
                }
            }
        }
    }

    /// The same person is still signed in. Not being able to tell ends nothing.
    async fn is_still_the_same(&self) -> bool {
        match (self.identify)().await {
            Ok(now) => now.is_some_and(|now| now.user == self.who.user && now.organization == self.who.organization),
            Err(error) => {
                tracing::warn!(%error, "whose stream it is could not be looked up");
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use lifecycle::{
        Role, Timestamp,
        ids::{OrganizationId, UserId},
    };

    use super::{places::Places, *};

    fn somebody(user: u8) -> Identity {
        Identity {
            organization: OrganizationId::new(Timestamp(0), [0; 10]),
            organization_name: String::new(),
            time_zone: "UTC".to_owned(),
            user: UserId::new(Timestamp(0), [user; 10]),
            name: String::new(),
            email: String::new(),
            role: Role::Agent,
            locale: None,
            organization_locale: "pt-BR".to_owned(),
            only_renewal: None,
        }
    }

    /// Whether a stream of the first person goes on once it is asked again who that is.
    async fn goes_on(
        identified: impl Fn() -> Result<Option<Identity>, renewal::Error> + Send + Sync + 'static,
    ) -> bool {
        let sender = watch::Sender::new(hub::Turn { seq: 0, day_ends: Timestamp(0) });
        let mut listener = Listener {
            who: somebody(1),
            changes: sender.subscribe(),
            stop: Stop::default(),
            identify: Box::new(move || {
                let answer = identified();
                Box::pin(async { answer })
            }),
            look_again: Box::pin(sleep(Duration::ZERO)),
            _place: Places::default().take(somebody(1).user).unwrap(),
        };
        tokio::time::timeout(Duration::from_millis(50), listener.next_change()).await.is_err()
    }

    #[tokio::test]
    async fn a_stream_ends_with_its_session() {
        assert!(goes_on(|| Ok(Some(somebody(1)))).await);
        assert!(!goes_on(|| Ok(None)).await);
        assert!(!goes_on(|| Ok(Some(somebody(2)))).await, "somebody else has logged in");
        assert!(goes_on(|| Err(renewal::Error::TooBusy)).await, "not being able to tell ends nothing");
    }
}
