//! The callbacks of a person who leaves: deauthorize and data deletion, each a
//! form with a `signed_request`.

use serde::Serialize;
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::delivery::{FORM, Sent};
use super::outbox::{Kind, Standing};
use super::sender::Post;
use super::{NotSent, signature};
use crate::Sim;
use crate::clock::HOUR;
use crate::state::Meta;

/// Who leaves.
#[derive(Clone, Debug)]
pub(crate) enum Leaving {
    /// App-scoped id of a person or a system user.
    Person(String),
    Page(String),
    /// Account id of Instagram Login.
    Instagram(String),
}

const ALGORITHM: &str = "HMAC-SHA256";

// Keys in the order in which Meta's samples have them.
#[derive(Serialize)]
struct Deauthorized<'a> {
    user_id: &'a str,
    algorithm: &'static str,
    issued_at: i64,
}

/// As recorded for a Page: nobody's id, and the time as a text.
#[derive(Serialize)]
struct PageDeauthorized<'a> {
    user_id: Option<&'a str>,
    profile_id: &'a str,
    algorithm: &'static str,
    issued_at: String,
}

#[derive(Serialize)]
struct Deletion<'a> {
    algorithm: &'static str,
    expires: i64,
    issued_at: i64,
    user_id: &'a str,
}

impl Sim {
    /// Sends one callback at once; it is not repeated.
    pub(crate) async fn call_back(&self, kind: Kind, leaving: &Leaving) -> Result<Sent, NotSent> {
        let number = self.with(|meta| meta.put_callback(kind, leaving))?;
        Ok(Sent { number, mids: Vec::new(), answered: self.send_once(number).await })
    }
}

impl Meta<'_> {
    pub fn check_callback(&self, kind: Kind) -> Result<String, NotSent> {
        let (url, setting) = match kind {
            Kind::DataDeletion => (&self.state.settings.data_deletion_url, "data_deletion_url"),
            _ => (&self.state.settings.deauthorize_url, "deauthorize_url"),
        };
        url.clone().ok_or_else(|| NotSent::NoAddress(format!("there is no address: set {setting} in /_sim/settings")))
    }

    fn put_callback(&mut self, kind: Kind, leaving: &Leaving) -> Result<u64, NotSent> {
        let url = self.check_callback(kind)?;
        let signed = signed_request(self, kind, leaving)
            .ok_or_else(|| NotSent::NoSuchEvent("the signed request cannot be written".to_owned()))?;
        let body = form_urlencoded::Serializer::new(String::new()).append_pair("signed_request", &signed).finish();
        let post = Post { url, content_type: FORM, signature: None, body };
        let what = format!("{} of {}", kind.name(), self.name_of(leaving));
        Ok(self.put(kind, what, None, post, Standing::Held))
    }

    fn name_of(&self, leaving: &Leaving) -> String {
        let world = &self.state.world;
        match leaving {
            Leaving::Person(id) => match (world.person(id), world.business_of_system_user(id)) {
                (Some(person), _) => person.name.clone(),
                (None, Some(business)) => business.name.clone(),
                _ => id.clone(),
            },
            Leaving::Page(id) => world.page(id).map_or_else(|| id.clone(), |page| page.name.clone()),
            Leaving::Instagram(id) => {
                self.instagram_account(id).map_or_else(|| id.clone(), |account| format!("@{}", account.username))
            }
        }
    }
}

fn signed_request(meta: &Meta<'_>, kind: Kind, leaving: &Leaving) -> Option<String> {
    let now = meta.now;
    let secret = match leaving {
        Leaving::Instagram(_) => &meta.config.instagram_app_secret,
        _ => &meta.config.app_secret,
    };
    match (kind, leaving) {
        (_, Leaving::Page(page)) => signature::signed_request(
            secret,
            &PageDeauthorized { user_id: None, profile_id: page, algorithm: ALGORITHM, issued_at: now.to_string() },
        ),
        (Kind::DataDeletion, Leaving::Person(id) | Leaving::Instagram(id)) => signature::signed_request(
            secret,
            &Deletion { algorithm: ALGORITHM, expires: now + HOUR, issued_at: now, user_id: id },
        ),
        (_, Leaving::Person(id) | Leaving::Instagram(id)) => {
            signature::signed_request(secret, &Deauthorized { user_id: id, algorithm: ALGORITHM, issued_at: now })
        }
    }
}

/// Status page and confirmation code of an answer to a deletion request, or
/// what Meta would find wrong with it.
pub(crate) fn deletion_answer(status: u16, text: &str) -> Result<(String, String), String> {
    if status != 200 {
        return Err(format!("the answer is {status}, not 200"));
    }
    let body: Value = serde_json::from_str(text).map_err(|_| "the answer is not JSON".to_owned())?;
    let field = |name: &str| body[name].as_str().filter(|value| !value.is_empty()).map(str::to_owned);
    let url = field("url").ok_or("the answer has no url")?;
    if !Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Err(format!("{url:?} is no address of a page"));
    }
    let code = field("confirmation_code").ok_or("the answer has no confirmation_code")?;
    if !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(format!("the confirmation_code {code:?} is not alphanumeric"));
    }
    Ok((url, code))
}
