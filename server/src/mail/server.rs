//! `RENOVA_SMTP_URL`: where mail is handed over.

use std::{fmt, net::IpAddr, time::Duration};

use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, Tls, TlsParameters},
    extension::ClientId,
};
use percent_encoding::percent_decode_str;
use url::Url;

const FORM: &str = "must be like smtps://user:password@mail.example.com or \
    smtp://mail.example.com?tls=required; write special characters of a password as %40";

/// So long for one address of the server's name, so that another has its turn within the deadline.
const ONE_ADDRESS: Duration = Duration::from_secs(5);

/// A mail server with what it takes to log in there.
#[derive(Clone)]
pub struct SmtpServer {
    /// A name, or an address without brackets.
    host: String,
    port: u16,
    tls: Tls,
    log_in: Option<Credentials>,
    /// The URL says how to introduce ourselves: `smtps://HOST/NAME`.
    name: Option<String>,
}

impl SmtpServer {
    /// # Errors
    /// What is wrong and how to mend it; nothing of what was given.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| FORM)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(FORM)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let (usual_port, tls) = protection(&url, &host)?;
        let log_in = log_in(&url)?;
        let protected = matches!(tls, Tls::Wrapper(_) | Tls::Required(_));
        if log_in.is_some() && !protected && !is_this_machine(&host) {
            return Err("would send the password unprotected: use smtps://, or add ?tls=required");
        }
        let name = Some(url.path().trim_matches('/').to_owned()).filter(|name| !name.is_empty());
        Ok(Self { host, port: url.port().unwrap_or(usual_port), tls, log_in, name })
    }

    /// Introduces us as `we`, unless the URL says as whom, and logs in.
    pub(super) async fn connect(&self, we: &str) -> Result<AsyncSmtpConnection, Error> {
        let hello = hello(self.name.as_deref().unwrap_or(we));
        let at_once = if let Tls::Wrapper(tls) = &self.tls { Some(tls.clone()) } else { None };
        let address = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(ONE_ADDRESS), &hello, at_once, None).await?;
        match &self.tls {
            Tls::Required(tls) => connection.starttls(tls.clone(), &hello).await?,
            Tls::Opportunistic(tls) if connection.can_starttls() => connection.starttls(tls.clone(), &hello).await?,
            _ => {}
        }
        if let Some(log_in) = &self.log_in {
            connection.auth(DEFAULT_MECHANISMS, log_in).await?;
        }
        Ok(connection)
    }
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SmtpServer")
    }
}

/// The usual port, and how the way there is protected.
fn protection(url: &Url, host: &str) -> Result<(u16, Tls), &'static str> {
    const NO_TRUST: &str = "needs the system's trusted certificates: install ca-certificates";
    let asked = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    let tls = || TlsParameters::new(host.to_owned()).map_err(|_| NO_TRUST);
    match (url.scheme(), asked.as_deref()) {
        ("smtps", None) => Ok((465, Tls::Wrapper(tls()?))),
        ("smtp", Some("required")) => Ok((587, Tls::Required(tls()?))),
        ("smtp", Some("opportunistic")) => Ok((587, Tls::Opportunistic(tls()?))),
        ("smtp", None) => Ok((25, Tls::None)),
        _ => Err(FORM),
    }
}

fn log_in(url: &Url) -> Result<Option<Credentials>, &'static str> {
    let plain = |text| percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| FORM);
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) => Err("has a password without a user: write user:password@"),
        (_, None) => Err("names a user without a password: write user:password@"),
        (user, Some(password)) => Ok(Some(Credentials::new(plain(user)?, plain(password)?))),
    }
}

/// An address is told in brackets, a name as it is (RFC 5321).
fn hello(host: &str) -> ClientId {
    match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
        Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
        Err(_) => ClientId::Domain(host.to_owned()),
    }
}

/// Hosts of `smtp://` are read as text by [`Url`].
fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
