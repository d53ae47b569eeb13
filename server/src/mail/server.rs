//! `RENOVA_SMTP_URL`: where mail is handed over.

use std::{fmt, net::IpAddr, time::Duration};

use lettre::{
    AsyncSmtpTransport, Tokio1Executor,
    transport::smtp::{AsyncSmtpTransportBuilder, extension::ClientId},
};
use url::Url;

/// A mail server with what it takes to log in there.
#[derive(Clone)]
pub struct SmtpServer {
    builder: AsyncSmtpTransportBuilder,
    /// The URL says how to introduce ourselves: `smtps://HOST/NAME`.
    introduced: bool,
}

impl SmtpServer {
    /// # Errors
    /// What is wrong and how to mend it; nothing of what was given.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const FORM: &str = "must be like smtps://user:password@mail.example.com or \
                            smtp://mail.example.com?tls=required; write special characters of a password as %40";
        let url = Url::parse(text).map_err(|_| FORM)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(FORM)?;
        if !matches!(url.scheme(), "smtp" | "smtps") {
            return Err(FORM);
        }
        match (url.username().is_empty(), url.password().is_none()) {
            (false, true) => return Err("names a user without a password: write user:password@"),
            (true, false) => return Err("has a password without a user: write user:password@"),
            _ => {}
        }
        let required = url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
        if url.password().is_some() && url.scheme() == "smtp" && !required && !is_this_machine(host) {
            return Err("would send the password unprotected: use smtps://, or add ?tls=required");
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(text).map_err(|_| FORM)?;
        Ok(Self { builder, introduced: url.path().len() > 1 })
    }

    /// `host` is who we are, unless the URL says it; each wait ends by `deadline`.
    pub(super) fn transport(&self, host: &str, deadline: Duration) -> AsyncSmtpTransport<Tokio1Executor> {
        let builder = self.builder.clone().timeout(Some(deadline));
        if self.introduced { builder.build() } else { builder.hello_name(hello(host)).build() }
    }
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SmtpServer")
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
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
