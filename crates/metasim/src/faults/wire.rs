//! Answers as they leave, and connections that break on the way.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream::{self, Stream, StreamExt as _};

use super::{Fault, FaultKind, text};

/// Where a client that follows a redirect goes round and round.
pub(crate) const LOOP_PATH: &str = "/cdn/loop";

const DEEPEST: usize = 10_000;

impl Fault {
    /// The status that reaches the client, if one does.
    pub fn status(&self, answer: Option<u16>) -> Option<u16> {
        match self.kind {
            FaultKind::Timeout | FaultKind::Reset | FaultKind::Lost | FaultKind::ClosedUnread => None,
            _ => self.fixed_status().map(|status| status.as_u16()).or(answer),
        }
    }

    /// What the client gets. `answer` is there where the fault lets the call
    /// through or is an error of Meta's own.
    pub async fn respond(&self, answer: Option<Response>, public_url: &str) -> Response {
        if let Some(answer) = answer {
            return self.damage(answer).await;
        }
        let status = self.fixed_status().unwrap_or(StatusCode::BAD_GATEWAY);
        let redirect = |to: String| (StatusCode::FOUND, [(LOCATION, to)]).into_response();
        match self.kind {
            FaultKind::Timeout => {
                self.wait(60_000).await;
                broken(Vec::new())
            }
            FaultKind::HangAfterHead => self.hang(),
            FaultKind::Reset | FaultKind::ClosedUnread | FaultKind::Lost | FaultKind::Truncated => broken(Vec::new()),
            FaultKind::NoContent | FaultKind::NotModified | FaultKind::Unauthorized => status.into_response(),
            FaultKind::TooMany => (status, json_text("{}")).into_response(),
            FaultKind::TooManyWait => {
                let seconds = self.retry_after().unwrap_or_default();
                (status, [(RETRY_AFTER, HeaderValue::from(seconds))], json_text("{}")).into_response()
            }
            FaultKind::Empty => json_text(""),
            FaultKind::EmptyObject => json_text("{}"),
            FaultKind::NotJson => json_text("for (;;);<not json>"),
            FaultKind::JsonString => json_text("\"ok\""),
            FaultKind::JsonNumber => json_text("42"),
            FaultKind::JsonArray => json_text("[{\"id\":\"1\"}]"),
            FaultKind::JsonNull => json_text("null"),
            FaultKind::DeepNesting => json_text(format!("{{\"data\":{}{}}}", "[".repeat(DEEPEST), "]".repeat(DEEPEST))),
            FaultKind::Huge => huge(),
            FaultKind::GzipBomb => gzip_bomb(),
            FaultKind::Redirect => redirect(format!("{public_url}/elsewhere")),
            FaultKind::RedirectForeign => redirect("http://graph.foreign.invalid/".to_owned()),
            FaultKind::RedirectLoop => redirect(format!("{public_url}{LOOP_PATH}")),
            _ => page(status),
        }
    }

    /// The status that does not depend on the call.
    fn fixed_status(&self) -> Option<StatusCode> {
        let of_error = || StatusCode::from_u16(self.graph_error()?.status).ok();
        fixed_status(self.kind).or_else(of_error)
    }

    async fn damage(&self, answer: Response) -> Response {
        match self.kind {
            FaultKind::Slow => {
                self.wait(3_000).await;
                answer
            }
            FaultKind::Drip => self.drip(answer).await,
            FaultKind::Lost => broken(Vec::new()),
            FaultKind::Truncated => {
                let half = |body: Bytes| body[..body.len() / 2].to_vec();
                rebuilt(answer, |body| broken(half(body)).into_body()).await
            }
            FaultKind::LengthLonger => with_length(answer, |length| length + 100).await,
            FaultKind::LengthShorter => with_length(answer, |length| length / 2).await,
            kind => {
                let mut content_type = None;
                let mut answer = rebuilt(answer, |body| match text::damage(kind, &body) {
                    Some((damaged, changed)) => {
                        content_type = changed;
                        Body::from(damaged)
                    }
                    None => Body::from(body),
                })
                .await;
                if let Some(content_type) = content_type {
                    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
                }
                answer
            }
        }
    }

    async fn wait(&self, default_ms: u64) {
        tokio::time::sleep(self.delay_or(default_ms)).await;
    }

    fn delay_or(&self, default_ms: u64) -> Duration {
        self.delay.unwrap_or(Duration::from_millis(default_ms))
    }

    fn hang(&self) -> Response {
        let delay = self.delay_or(60_000);
        let end = stream::once(async move {
            tokio::time::sleep(delay).await;
            Err::<Bytes, _>(connection_reset())
        });
        ([(CONTENT_TYPE, "application/json")], Body::from_stream(end)).into_response()
    }

    async fn drip(&self, answer: Response) -> Response {
        let delay = self.delay_or(200);
        rebuilt(answer, |body| {
            let bytes = (0..body.len()).map(move |at| body.slice(at..=at));
            Body::from_stream(stream::iter(bytes).then(move |byte| async move {
                tokio::time::sleep(delay).await;
                Ok::<_, std::io::Error>(byte)
            }))
        })
        .await
    }
}

fn fixed_status(kind: FaultKind) -> Option<StatusCode> {
    Some(match kind {
        FaultKind::Html
        | FaultKind::HangAfterHead
        | FaultKind::Empty
        | FaultKind::EmptyObject
        | FaultKind::NotJson
        | FaultKind::JsonString
        | FaultKind::JsonNumber
        | FaultKind::JsonArray
        | FaultKind::JsonNull
        | FaultKind::DeepNesting
        | FaultKind::Huge
        | FaultKind::GzipBomb => StatusCode::OK,
        FaultKind::NoContent => StatusCode::NO_CONTENT,
        FaultKind::NotModified => StatusCode::NOT_MODIFIED,
        FaultKind::Redirect | FaultKind::RedirectForeign | FaultKind::RedirectLoop => StatusCode::FOUND,
        FaultKind::Unauthorized => StatusCode::UNAUTHORIZED,
        FaultKind::Html403 => StatusCode::FORBIDDEN,
        FaultKind::Html404 => StatusCode::NOT_FOUND,
        FaultKind::TooMany | FaultKind::TooManyWait => StatusCode::TOO_MANY_REQUESTS,
        FaultKind::Html500 => StatusCode::INTERNAL_SERVER_ERROR,
        FaultKind::Html502 => StatusCode::BAD_GATEWAY,
        FaultKind::Html503 => StatusCode::SERVICE_UNAVAILABLE,
        FaultKind::Html504 => StatusCode::GATEWAY_TIMEOUT,
        _ => return None,
    })
}

fn page(status: StatusCode) -> Response {
    (
        status,
        [(CONTENT_TYPE, "text/html; charset=utf-8")],
        "<!DOCTYPE html><html><head><title>Facebook</title></head><body><h1>Sorry, something went wrong.</h1></body></html>",
    )
        .into_response()
}

fn json_text(text: impl Into<String>) -> Response {
    ([(CONTENT_TYPE, "application/json")], text.into()).into_response()
}

/// The same head with another body.
async fn rebuilt(answer: Response, body_of: impl FnOnce(Bytes) -> Body) -> Response {
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    Response::from_parts(parts, body_of(bytes))
}

/// The body goes out as a stream, or its true length would win.
async fn with_length(answer: Response, length: impl FnOnce(u64) -> u64) -> Response {
    let mut claimed = 0;
    let mut answer = rebuilt(answer, |body| {
        claimed = length(body.len() as u64);
        let end = stream::once(async {
            // Lets what came before leave the buffer.
            tokio::task::yield_now().await;
            Ok(Bytes::new())
        });
        Body::from_stream(stream::iter([Ok::<_, std::io::Error>(body)]).chain(end))
    })
    .await;
    answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(claimed));
    answer
}

fn connection_reset() -> std::io::Error {
    std::io::Error::from(std::io::ErrorKind::ConnectionReset)
}

/// A body that fails: with nothing sent before, the server has not written the
/// head either, and the client sees a connection that ends without an answer.
fn broken(beginning: Vec<u8>) -> Response {
    let begun = !beginning.is_empty();
    let start = stream::iter(begun.then(|| Ok(Bytes::from(beginning))));
    let end = stream::once(async move {
        if begun {
            // Lets what came before leave the buffer.
            tokio::task::yield_now().await;
        }
        Err(connection_reset())
    });
    Body::from_stream(start.chain(end)).into_response()
}

fn huge() -> Response {
    ([(CONTENT_TYPE, "application/json")], Body::from_stream(big_list())).into_response()
}

/// 64 MB of blanks within an empty list.
fn big_list() -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    const CHUNK: usize = 64 * 1024;
    let blanks = stream::repeat(Bytes::from(vec![b' '; CHUNK])).take(1024).map(Ok);
    stream::iter([Ok(Bytes::from_static(b"{\"data\":["))])
        .chain(blanks)
        .chain(stream::iter([Ok(Bytes::from_static(b"]}"))]))
}

/// The same, packed: a gzip file may consist of many parts, so one megabyte is
/// packed once and sent often.
fn gzip_bomb() -> Response {
    let pack = |bytes: &[u8]| {
        use std::io::Write as _;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        // Writing to memory does not fail.
        let _ = encoder.write_all(bytes);
        encoder.finish().unwrap_or_default()
    };
    let mut packed = pack(b"{\"data\":[");
    packed.extend(pack(&vec![b' '; 1 << 20]).repeat(64));
    packed.extend(pack(b"]}"));
    ([(CONTENT_TYPE, "application/json"), (CONTENT_ENCODING, "gzip")], packed).into_response()
}
