//! Mail by SMTP: one connection a mail, within a deadline.

mod server;

use std::{
    error::Error as _,
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use app::present::mail::{Letter, Look, one_line, render, render_link};
use async_trait::async_trait;
use lettre::{
    Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{Error, client::AsyncSmtpConnection},
};
use lifecycle::Timestamp;
use renewal::{LinkMail, Mail, MailFailure, Mailer};
use tokio::time::timeout;
use url::Url;

use crate::settings::Settings;

pub use server::SmtpServer;

/// For everything that one mail takes.
const DEADLINE: Duration = Duration::from_secs(15);
const GOODBYE: Duration = Duration::from_secs(1);
/// What is told of a server's words.
const MOST_WORDS: usize = 200;

/// How mail leaves, as the settings say; `None`: it does not.
#[must_use]
pub fn mailer(settings: &Settings) -> Option<Arc<dyn Mailer>> {
    Some(Arc::new(smtp(settings)?))
}

/// Connects and logs in, sends nothing, and says what is wrong. `None`: mail is off.
pub async fn examine(settings: &Settings) -> Option<Result<(), String>> {
    Some(smtp(settings)?.examine().await)
}

fn smtp(settings: &Settings) -> Option<SmtpMailer> {
    let (server, from) = (settings.smtp_url.clone()?, settings.mail_from.clone()?);
    let look = Look::of(&settings.brand.shown(), &settings.public_origin());
    Some(SmtpMailer::new(server, from, &settings.public_url).branded(look))
}

/// Sends what [`render`] writes. Names become one line first: a control character in one would
/// make lettre panic.
pub struct SmtpMailer {
    server: SmtpServer,
    from: Mailbox,
    /// Ours, by the public URL.
    host: String,
    look: Look,
    deadline: Duration,
}

impl SmtpMailer {
    #[must_use]
    pub fn new(server: SmtpServer, mut from: Mailbox, public_url: &Url) -> Self {
        let look = Look::default();
        from.name = from.name.as_deref().map(one_line);
        let host = public_url.host_str().unwrap_or("localhost").to_owned();
        Self { server, from, host, look, deadline: DEADLINE }
    }

    /// As the platform's: a sender without a name gets its name.
    #[must_use]
    pub fn branded(mut self, look: Look) -> Self {
        if self.from.name.is_none() && !look.name.is_empty() {
            self.from.name = Some(look.name.clone());
        }
        self.look = look;
        self
    }

    /// Another deadline than 15 seconds.
    #[must_use]
    pub const fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    async fn examine(&self) -> Result<(), String> {
        match timeout(self.deadline, self.server.connect(&self.host)).await {
            Ok(Ok(connection)) => {
                leave(connection).await;
                Ok(())
            }
            Ok(Err(error)) => Err(cause(&error)),
            Err(_) => Err(self.late()),
        }
    }

    async fn deliver(&self, message: &Message) -> Result<AsyncSmtpConnection, MailFailure> {
        // A server that does not let us in refuses every mail: that says nothing about this one.
        let connected = self.server.connect(&self.host).await;
        let mut connection = connected.map_err(|error| MailFailure::Later(cause(&error)))?;
        connection.send(message.envelope(), &message.formatted()).await.map_err(|error| not_taken(&error))?;
        Ok(connection)
    }

    fn late(&self) -> String {
        format!("no end within {} seconds", self.deadline.as_secs())
    }

    fn message(&self, letter: Letter, envelope: &Envelope<'_>) -> Result<Message, MailFailure> {
        let address = envelope.email.parse().map_err(|_| MailFailure::Never("the address is none".to_owned()))?;
        let Letter { subject, text, html } = letter;
        let sent = Duration::from_millis(u64::try_from(envelope.now.0).unwrap_or_default());
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(envelope.name.map(one_line), address))
            .subject(subject)
            .date(UNIX_EPOCH + sent)
            .message_id(Some(format!("<{}@{}>", envelope.id, self.host)))
            // Nobody's out-of-office notice answers it.
            .raw_header(header("Auto-Submitted", "auto-generated"));
        if let Some(url) = envelope.unsubscribe_url {
            builder = builder
                .raw_header(header("List-Unsubscribe", &format!("<{url}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let body = MultiPart::alternative_plain_html(text, html);
        builder.multipart(body).map_err(|error| MailFailure::Never(error.to_string()))
    }

    async fn hand_over(&self, message: &Message) -> Result<(), MailFailure> {
        let late = |_| Err(MailFailure::Later(self.late()));
        let connection = timeout(self.deadline, self.deliver(message)).await.unwrap_or_else(late)?;
        leave(connection).await;
        Ok(())
    }
}

/// What stands outside of a letter.
struct Envelope<'a> {
    id: &'a str,
    name: Option<&'a str>,
    email: &'a str,
    now: Timestamp,
    unsubscribe_url: Option<&'a str>,
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailFailure> {
        let to = &mail.to;
        let unsubscribe_url = mail.can_be_switched_off().then_some(to.unsubscribe_url.as_str());
        let (id, name) = (mail.id.as_str(), Some(to.name.as_str()));
        let envelope = Envelope { id, name, email: &to.email, now: mail.now, unsubscribe_url };
        self.hand_over(&self.message(render(mail, &self.look), &envelope)?).await
    }

    async fn send_link(&self, mail: &LinkMail) -> Result<(), MailFailure> {
        let (name, email) = (mail.name.as_deref(), mail.email.as_str());
        let envelope = Envelope { id: &mail.id, name, email, now: mail.now, unsubscribe_url: None };
        self.hand_over(&self.message(render_link(mail, &self.look), &envelope)?).await
    }
}

/// The server has the mail: a good-bye that nobody answers must not send it again.
async fn leave(mut connection: AsyncSmtpConnection) {
    if !matches!(timeout(GOODBYE, connection.quit()).await, Ok(Ok(_))) {
        tracing::debug!("the mail server did not answer to QUIT");
    }
}

fn not_taken(error: &Error) -> MailFailure {
    if error.is_transient() || error.status().is_none() {
        return MailFailure::Later(cause(error));
    }
    let told = format!("{}: {}", cause(error), words(error));
    if concerns_the_sender(error) { MailFailure::Later(told) } else { MailFailure::Never(told) }
}

/// ASCII of our own making: as it is, because an encoded or folded address is read by nobody.
fn header(name: &'static str, value: &str) -> HeaderValue {
    let plain: String = value.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').collect();
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), plain.clone(), plain)
}

/// Of an answer its number alone: a server may repeat what it was told at the log-in.
fn cause(error: &Error) -> String {
    error.status().map_or_else(|| error.to_string(), |code| format!("status {code}"))
}

/// What the server said, on one line. Only for answers to a mail.
fn words(error: &Error) -> String {
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    one_line(&said).chars().take(MOST_WORDS).collect()
}

/// It is our address, or we ourselves, that it does not like (RFC 3463): the operator can mend it.
fn concerns_the_sender(error: &Error) -> bool {
    let words = words(error);
    ["5.1.7", "5.1.8", "5.7."].iter().any(|code| words.starts_with(code))
}
