//! Requests of the platform that must have their effect once, however often they are sent.
//!
//! The answer is kept sealed, because it may hold a secret that is shown once.

use lifecycle::clock::{DAY_MS, MINUTE_MS};
use secrecy::SecretString;
use store::{Begun, IdempotentRequest, StoreError};

use crate::{ApiCaller, Error, Renova, sealing::Place, secrets};

/// So long the same key means the same request.
const KEPT_MS: i64 = DAY_MS;
/// What has no answer by then was left behind by a process that ended.
const GIVEN_UP_MS: i64 = 5 * MINUTE_MS;

/// What an `Idempotency-Key` means for the request that carries it.
#[derive(Debug)]
pub enum Once {
    /// To be carried out, then to be ended with [`Renova::end_once`].
    Fresh(IdempotentRequest),
    /// Somebody is carrying it out.
    UnderWay,
    /// The key came with another request before.
    Other,
    /// It was carried out: the same answer again.
    Answered(SecretString),
}

impl Renova {
    /// `request_hash` is that of everything that was asked.
    pub async fn begin_once(&self, who: &ApiCaller, key: &str, request_hash: [u8; 32]) -> Result<Once, Error> {
        let now = self.wall_now();
        let request =
            IdempotentRequest { api_key: who.key, key_hash: secrets::hash(key), request_hash, started_at: now };
        let begun = self.parts.storage.begin_request(&request, now.plus(-GIVEN_UP_MS), now.plus(-KEPT_MS)).await?;
        Ok(match begun {
            Begun::Fresh => Once::Fresh(request),
            Begun::UnderWay => Once::UnderWay,
            Begun::Other => Once::Other,
            Begun::Answered(sealed) => Once::Answered(self.unseal(&sealed, &place(&request))?),
        })
    }

    /// `None`: it had no effect, and may be sent again.
    pub async fn end_once(&self, request: &IdempotentRequest, answer: Option<SecretString>) -> Result<(), Error> {
        let Some(answer) = answer else { return Ok(self.parts.storage.drop_request(request).await?) };
        let sealed = self.seal(&answer, &place(request), 1)?;
        match self.parts.storage.answer_request(request, &sealed).await {
            // It took longer than anybody waits: whoever came after has answered.
            Err(StoreError::Stale) => Ok(()),
            stored => Ok(stored?),
        }
    }

    pub(crate) async fn forget_old_requests(&self) -> Result<(), Error> {
        Ok(self.parts.storage.forget_requests(self.wall_now().plus(-KEPT_MS)).await?)
    }
}

fn place(request: &IdempotentRequest) -> Place {
    Place::idempotent_answer(request.api_key, &hex::encode(request.key_hash))
}
