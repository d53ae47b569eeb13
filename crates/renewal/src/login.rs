//! The trip to Meta's log-in dialog and back.
//!
//! The `state` is one-time, stored hashed, and bound to the browser that started the log-in (a
//! cookie) and to the renewal of its user. What does not belong together stores nothing and asks
//! Meta nothing.

use lifecycle::{
    Provider, RenewalEvent, RenewalState,
    ids::{LoginAttemptId, RenewalId, UserId},
    proof::{ProofItem, Verdict},
    renewal::LOGIN_LIFETIME_MS,
};
use secrecy::{ExposeSecret, SecretString};
use store::{LoginAttempt, LoginTicket, Renewal};

use crate::{Error, Identity, Renova, is_blank, record::RenewalDetail, sealing::Place, secrets};

/// How often an answer is tried again on a renewal that changed meanwhile.
const WRITE_TRIES: usize = 5;

/// Where the dialog opens, and so where its answer leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginWindow {
    Popup,
    Tab,
}

impl LoginWindow {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Popup => "popup",
            Self::Tab => "tab",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text == "popup" { Self::Popup } else { Self::Tab }
    }

    /// The window travels as the last letter of the state.
    const fn mark(self) -> char {
        match self {
            Self::Popup => 'p',
            Self::Tab => 't',
        }
    }
}

/// A log-in that may begin.
#[derive(Debug)]
pub struct LoginStart {
    pub dialog_url: String,
    /// The value of the cookie `renova_login`: the given one, or a new one.
    pub cookie: SecretString,
}

/// What Meta's redirect carried, and the cookie that came with it.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoginAnswer<'a> {
    pub state: Option<&'a str>,
    pub cookie: Option<&'a str>,
    pub code: Option<&'a SecretString>,
    pub error: Option<&'a str>,
    pub error_reason: Option<&'a str>,
    pub error_code: Option<&'a str>,
    /// Who is signed in in the browser that brings the answer, if anybody.
    pub signed_in: Option<UserId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginOutcome {
    /// The renewal knows; its page shows the way on.
    Back { renewal: RenewalId, window: LoginWindow },
    /// The same where it began in an embed: a tab goes on to that page.
    BackToEmbed { renewal: RenewalId, window: LoginWindow, return_url: Option<String> },
    /// Started elsewhere, used, over or invented: nothing was stored.
    Foreign,
}

impl Renova {
    /// Mints a one-time state for the reader's own renewal.
    ///
    /// # Errors
    /// [`Error::OtherIsRenewing`], [`Error::NotFound`], [`Error::NotApplicable`] when it is over.
    pub async fn begin_login(
        &self,
        who: &Identity,
        renewal: RenewalId,
        window: LoginWindow,
        cookie: Option<&str>,
    ) -> Result<LoginStart, Error> {
        self.begin_login_by(who, renewal, window, cookie, None).await
    }

    /// The same where a ticket, not a session, says who it is.
    pub(crate) async fn begin_login_by(
        &self,
        who: &Identity,
        renewal: RenewalId,
        window: LoginWindow,
        cookie: Option<&str>,
        ticket: Option<&LoginTicket>,
    ) -> Result<LoginStart, Error> {
        let _turn = self.turn(renewal).await;
        let detail = self.own_renewal(who, renewal).await?;
        let app = self.app_of(detail.renewal.meta_app_id)?;
        let mut next = self.advance(&detail.renewal, RenewalEvent::LoginStarted)?;
        forget_other_person(&detail.renewal, &mut next);
        let cookie = match cookie {
            Some(cookie) if secrets::is_well_formed(cookie) => SecretString::from(cookie.to_owned()),
            _ => self.new_secret(),
        };
        let state = SecretString::from(format!("{}{}", self.new_secret().expose_secret(), window.mark()));
        let now = self.now();
        let attempt = LoginAttempt {
            id: LoginAttemptId::new(now, self.random()),
            organization_id: who.organization,
            renewal_id: renewal,
            state_hash: secrets::hash_of(&state),
            cookie_hash: secrets::hash_of(&cookie),
            redirect_uri: self.redirect_uri(app.row.provider),
            created_at: now,
            expires_at: now.plus(LOGIN_LIFETIME_MS),
            used_at: None,
            code: None,
            by_ticket: ticket.is_some(),
            return_url: ticket.and_then(|ticket| ticket.return_url.clone()),
        };
        self.parts.storage.insert_login_attempt(&attempt).await?;
        if next.state != detail.renewal.state {
            self.write(&next, None).await?;
        }
        let request = meta::DialogRequest {
            redirect_uri: &attempt.redirect_uri,
            state: state.expose_secret(),
            popup: window == LoginWindow::Popup,
            prompt: prompt_for(&detail, &*app.login),
        };
        let dialog_url = app.login.dialog_url(&request).into();
        Ok(LoginStart { dialog_url, cookie })
    }

    /// Meta's answer at the address of `provider`: parks the code, encrypted, if state and cookie
    /// belong together and the log-in began for that provider.
    pub async fn complete_login(&self, provider: Provider, answer: LoginAnswer<'_>) -> Result<LoginOutcome, Error> {
        let (Some(state), Some(cookie)) = (answer.state, answer.cookie) else { return Ok(LoginOutcome::Foreign) };
        let Some(attempt) = self.parts.storage.login_attempt_by_state(&secrets::hash(state)).await? else {
            return Ok(LoginOutcome::Foreign);
        };
        let now = self.now();
        let ours = attempt.cookie_hash == secrets::hash(cookie) && attempt.redirect_uri == self.redirect_uri(provider);
        if !ours || attempt.used_at.is_some() || attempt.expires_at <= now {
            return Ok(LoginOutcome::Foreign);
        }
        let window = if state.ends_with('p') { LoginWindow::Popup } else { LoginWindow::Tab };
        let renewal = attempt.renewal_id;
        let back = if attempt.by_ticket {
            LoginOutcome::BackToEmbed { renewal, window, return_url: attempt.return_url.clone() }
        } else {
            LoginOutcome::Back { renewal, window }
        };
        for _ in 0..WRITE_TRIES {
            let Some(renewal) = self.parts.storage.renewal(attempt.organization_id, attempt.renewal_id).await? else {
                return Ok(LoginOutcome::Foreign);
            };
            // A ticket says whose log-in it is: whoever has a session in that browser is another matter.
            if !attempt.by_ticket && answer.signed_in.is_some_and(|user| user != renewal.user_id) {
                return Ok(LoginOutcome::Foreign);
            }
            if renewal.state.is_over() || renewal.expires_at <= now || self.park(&attempt, &renewal, &answer).await? {
                return Ok(back);
            }
            let again = self.parts.storage.login_attempt_by_state(&attempt.state_hash).await?;
            if again.is_none_or(|attempt| attempt.used_at.is_some()) {
                return Ok(LoginOutcome::Foreign);
            }
            // Only the renewal has moved on meanwhile, in another window or process.
        }
        Ok(back)
    }

    /// `false`: somebody else has changed the attempt or the renewal.
    async fn park(&self, attempt: &LoginAttempt, renewal: &Renewal, answer: &LoginAnswer<'_>) -> Result<bool, Error> {
        let code = answer.code.filter(|code| !is_blank(code));
        let event = if code.is_some() { RenewalEvent::CodeParked } else { RenewalEvent::LoginDenied };
        let Ok(mut next) = self.advance(renewal, event) else { return Ok(true) };
        forget_other_person(renewal, &mut next);
        // What is parked is read all the same: only there nothing has gone wrong.
        if code.is_none() && next.state != RenewalState::LoggedIn {
            next.failure = Some(denial_code(answer).to_owned());
        }
        let sealed = match code {
            Some(code) => Some(self.seal(code, &Place::code(attempt, renewal.meta_app_id), 1)?),
            None => None,
        };
        Ok(self.parts.storage.use_login_attempt(attempt, sealed.as_ref(), self.now(), &next).await?)
    }
}

/// A new log-in instead of handing the connection over: what the other person's brought is forgotten.
fn forget_other_person(before: &Renewal, next: &mut Renewal) {
    if before.state == RenewalState::Mismatched && next.state != RenewalState::Mismatched {
        next.staged = None;
        next.staged_facts = None;
    }
}

/// What Meta is asked to show: again what was declined, or the choice, or the log-in of another person.
fn prompt_for(detail: &RenewalDetail, login: &dyn meta::LoginProvider) -> meta::Prompt {
    let blocked = detail.proof.as_ref().is_some_and(|proof| {
        proof.lines.iter().any(|line| line.item == ProofItem::Permissions && line.verdict == Verdict::Blocking)
    });
    // Without these no account can be chosen, and so no proof says what is missing.
    let needed = login.needs(meta::AccountKind::Page).permissions;
    let declined = detail.staged.as_ref().is_some_and(|staged| {
        let given = |permission: &&str| staged.scopes.iter().any(|scope| scope == permission);
        !needed.iter().all(given)
    });
    match detail.renewal.state {
        RenewalState::Mismatched => meta::Prompt::OtherPerson,
        _ if blocked || declined => meta::Prompt::Rerequest,
        state if state.has_staged_tokens() => meta::Prompt::ChooseAgain,
        _ => meta::Prompt::Normal,
    }
}

/// Cancelled by the person, or refused by Meta for a reason of its own.
fn denial_code(answer: &LoginAnswer<'_>) -> &'static str {
    match (answer.error, answer.error_reason) {
        (Some("access_denied"), Some("user_denied") | None) if answer.error_code != Some("901") => "login_cancelled",
        _ => "login_refused",
    }
}
