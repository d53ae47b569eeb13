//! One's own account: password, language, sessions, and the way back in without a password.

use std::{sync::Arc, time::Duration};

use lifecycle::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinHandle,
};

use crate::{
    Error, Identity, LinkAbout, LinkMail, MailFailure, Mailer, Renova,
    organization::check_locale,
    people::{SESSION_IDLE_MS, normalized_email},
    secrets,
};

/// Mails with links that may be under way at once; who asks for more is told to come back.
pub(crate) const LINKS_AT_ONCE: usize = 16;
/// How long a link waits for a mail server that takes nothing at the moment; together less than a link
/// for a new password lasts.
const LINK_WAITS: [Duration; 4] =
    [Duration::from_secs(10), Duration::from_secs(60), Duration::from_secs(5 * 60), Duration::from_secs(20 * 60)];
/// Nobody's mailbox is filled by somebody who knows the address.
const MOST_OPEN_RESETS: i64 = 3;

/// Where a person is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnSession {
    pub started_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// The one that asks.
    pub is_this: bool,
}

impl Renova {
    /// Whether this process can send mail at all.
    #[must_use]
    pub fn sends_mail(&self) -> bool {
        self.parts.mailer.is_some()
    }

    /// Anybody: mails a link by which a new password is set, if somebody has this e-mail. Neither the
    /// answer nor its time tells whether: everything happens afterwards, in the task that is answered.
    ///
    /// # Errors
    /// [`Error::TooBusy`] when too many ask at once.
    pub fn ask_for_reset(self: &Arc<Self>, email: &str) -> Result<JoinHandle<()>, Error> {
        let place = Arc::clone(&self.links_under_way).try_acquire_owned().map_err(|_| Error::TooBusy)?;
        let (renova, email) = (Arc::clone(self), normalized_email(email));
        Ok(tokio::spawn(async move {
            if let Err(error) = renova.send_reset(&email, place).await {
                tracing::error!(%error, "a link for a new password could not be made");
            }
        }))
    }

    async fn send_reset(&self, email: &str, place: OwnedSemaphorePermit) -> Result<(), Error> {
        let storage = &self.parts.storage;
        let Some(mailer) = &self.parts.mailer else { return Ok(()) };
        let Some(user) = storage.user_by_email(email).await? else { return Ok(()) };
        let Some(organization) = storage.organization(user.organization_id).await? else { return Ok(()) };
        if storage.open_resets(user.id, self.wall_now()).await? >= MOST_OPEN_RESETS {
            tracing::warn!(user = %user.id, "asked for more links than can be open at once: none was sent");
            return Ok(());
        }
        let Some(url) = self.password_reset_link(email).await? else { return Ok(()) };
        let mail = LinkMail {
            id: hex::encode(self.random::<16>()),
            name: Some(user.name),
            email: user.email,
            locale: user.locale.unwrap_or(organization.locale),
            time_zone: organization.time_zone,
            organization: organization.name,
            about: LinkAbout::PasswordReset,
            url: url.into(),
            now: self.wall_now(),
        };
        if let Err(error) = patiently(&**mailer, &mail, place, &self.links_under_way, &LINK_WAITS).await {
            tracing::error!(%error, user = %user.id, "a link for a new password did not leave");
        }
        Ok(())
    }

    /// In the background, where mail is configured: the page shows the link all the same.
    pub(crate) fn mail_link(&self, mail: LinkMail) {
        let Some(mailer) = self.parts.mailer.clone() else { return };
        let Ok(place) = Arc::clone(&self.links_under_way).try_acquire_owned() else {
            tracing::warn!("too many links are being mailed: one was only shown");
            return;
        };
        let places = Arc::clone(&self.links_under_way);
        tokio::spawn(async move {
            if let Err(error) = patiently(&*mailer, &mail, place, &places, &LINK_WAITS).await {
                tracing::error!(%error, "a mail with a link did not leave");
            }
        });
    }

    /// Anybody, for himself. Every other session of the person ends.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::WeakPassword`], [`Error::TooBusy`].
    pub async fn change_password(
        &self,
        who: &Identity,
        session: &SecretString,
        current: &SecretString,
        new: &SecretString,
    ) -> Result<(), Error> {
        let storage = &self.parts.storage;
        let user = storage.user(who.organization, who.user).await?.ok_or(Error::NotFound)?;
        if !self.verify_password(current, user.password_hash.as_deref()).await? {
            return Err(Error::WrongPassword);
        }
        let password_hash = self.hash_password(new).await?;
        let trail = self.trail(
            who.organization,
            Some(who),
            "user.password_changed",
            who.user,
            json!({"name": who.name}),
            false,
        );
        let kept = secrets::hash_of(session);
        Ok(storage.change_password(who.user, &password_hash, &kept, self.wall_now(), &trail).await?)
    }

    /// Anybody, for himself: `pt-BR`, `en` or `es`.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub async fn set_language(&self, who: &Identity, locale: &str) -> Result<(), Error> {
        check_locale(locale)?;
        Ok(self.parts.storage.set_locale(who.organization, who.user, locale).await?)
    }

    /// Anybody's own sessions that are not over, the last used first.
    pub async fn own_sessions(&self, who: &Identity, session: &SecretString) -> Result<Vec<OwnSession>, Error> {
        let (now, this) = (self.wall_now(), secrets::hash(session.expose_secret()));
        let sessions = self.parts.storage.sessions_of(who.user).await?;
        let lives = |it: &store::Session| it.expires_at > now && now.since(it.last_seen_at) <= SESSION_IDLE_MS;
        let own = sessions.into_iter().filter(lives).map(|it| OwnSession {
            started_at: it.created_at,
            last_seen_at: it.last_seen_at,
            is_this: it.token_hash == this,
        });
        Ok(own.collect())
    }

    /// Anybody, for himself: every session ends, also the one that asks.
    pub async fn log_out_everywhere(&self, who: &Identity) -> Result<(), Error> {
        let detail = json!({"name": who.name});
        let trail = self.trail(who.organization, Some(who), "user.logged_out_everywhere", who.user, detail, false);
        Ok(self.parts.storage.end_sessions(who.user, &trail).await?)
    }
}

/// Again after each wait where the server may take it later. The link is stored nowhere: this process
/// alone can try. A place is held while the mail travels, and not while it waits.
async fn patiently(
    mailer: &dyn Mailer,
    mail: &LinkMail,
    mut place: OwnedSemaphorePermit,
    places: &Arc<Semaphore>,
    waits: &[Duration],
) -> Result<(), MailFailure> {
    for wait in waits {
        match mailer.send_link(mail).await {
            Err(MailFailure::Later(why)) => tracing::warn!(why, "a link did not leave; it is tried again"),
            done => return done,
        }
        drop(place);
        tokio::time::sleep(*wait).await;
        let free = Arc::clone(places).acquire_owned().await;
        place = free.map_err(|_| MailFailure::Later("this process ends".to_owned()))?;
    }
    let done = mailer.send_link(mail).await;
    drop(place);
    done
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;

    use super::*;
    use crate::Mail;

    /// Answers one after another, and counts.
    struct Server(Mutex<Vec<Result<(), MailFailure>>>);

    #[async_trait]
    impl Mailer for Server {
        async fn send(&self, _: &Mail) -> Result<(), MailFailure> {
            Ok(())
        }

        async fn send_link(&self, _: &LinkMail) -> Result<(), MailFailure> {
            self.0.lock().unwrap().remove(0)
        }
    }

    async fn sent(answers: Vec<Result<(), MailFailure>>) -> (Result<(), MailFailure>, usize) {
        let mail = LinkMail {
            id: "1".to_owned(),
            name: None,
            email: "ana@example.com".to_owned(),
            locale: "pt-BR".to_owned(),
            time_zone: "UTC".to_owned(),
            organization: "Loja Aurora".to_owned(),
            about: LinkAbout::PasswordReset,
            url: "https://renova.example/reset".into(),
            now: Timestamp(0),
        };
        let server = Server(Mutex::new(answers));
        let places = Arc::new(Semaphore::new(1));
        let place = Arc::clone(&places).acquire_owned().await.unwrap();
        let done = patiently(&server, &mail, place, &places, &[Duration::ZERO; 2]).await;
        assert_eq!(places.available_permits(), 1, "the place is free again");
        (done, server.0.into_inner().unwrap().len())
    }

    #[tokio::test]
    async fn a_link_waits_for_a_server_that_takes_nothing_now() {
        let later = || Err(MailFailure::Later("421".to_owned()));
        let never = || Err(MailFailure::Never("550".to_owned()));
        assert_eq!(sent(vec![Ok(())]).await, (Ok(()), 0));
        assert_eq!(sent(vec![later(), later(), Ok(())]).await, (Ok(()), 0));
        assert_eq!(sent(vec![later(), never(), Ok(())]).await, (never(), 1), "refused for good");
        assert_eq!(sent(vec![later(), later(), later(), Ok(())]).await, (later(), 1), "not for ever");
    }
}
