//! Telling a success from every kind of failure.

use serde_json::Value;

use super::call::Call;
use super::transport::Reply;
use crate::endpoints::Host;
use crate::error::{Error, GraphError, WireError, WireInstagramError};
use crate::usage;
use crate::wire::Object;

/// The JSON of a success, or the error that the answer is.
pub(super) fn read(reply: &Reply, call: &Call<'_>) -> Result<Value, Error> {
    let mut answer: Value = serde_json::from_slice(&reply.body).map_err(|_| improper(reply, call))?;
    let error = answer.get_mut("error").map(Value::take);
    if let Some(error) = error.filter(|error| !error.is_null()) {
        let Object(error): Object<WireError> = serde_json::from_value(error).map_err(|_| improper(reply, call))?;
        return Err(refusal(error.into_error(reply.status.as_u16(), &call.secrets), reply));
    }
    if call.host != Host::Graph && answer.get("error_type").is_some() {
        let Object(error): Object<WireInstagramError> =
            serde_json::from_value(answer).map_err(|_| improper(reply, call))?;
        return Err(refusal(error.into_error(reply.status.as_u16(), &call.secrets), reply));
    }
    if reply.status.is_success() { Ok(answer) } else { Err(improper(reply, call)) }
}

fn refusal(error: GraphError, reply: &Reply) -> Error {
    let wait = reply.retry_after().or_else(|| usage::regain_time(&reply.headers));
    Error::Graph(GraphError { wait, ..error })
}

fn improper(reply: &Reply, call: &Call<'_>) -> Error {
    let status = reply.status.as_u16();
    match reply.retry_after() {
        _ if reply.status.is_success() => Error::Malformed { what: call.what },
        Some(wait) => Error::Unavailable { status, wait },
        None => Error::HttpStatus(status),
    }
}
