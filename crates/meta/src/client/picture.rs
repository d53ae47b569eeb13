//! The pictures of accounts. Their addresses come with Meta's answers, so they are called only where
//! they lead to Meta.

use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use super::Client;
use crate::error::Error;

/// A picture is an ornament: a larger one is left alone.
const LARGEST: usize = 200_000;
const DEADLINE: Duration = Duration::from_secs(5);

/// Meta's content network: the names below these.
const NETWORK: [&str; 3] = ["fbcdn.net", "cdninstagram.com", "fbsbx.com"];

impl Client {
    /// The bytes of a picture: one that [`picture_type`] knows, of at most
    /// 200 kB.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] for an address that is not Meta's: nothing is sent.
    /// [`Error::HttpStatus`], also for a redirect, [`Error::TooLarge`], and
    /// [`Error::Malformed`] for what is no picture.
    pub async fn picture(&self, address: &str) -> Result<Vec<u8>, Error> {
        let url = Url::parse(address).ok().filter(|url| is_of_meta(url, &self.endpoints.www));
        let url = url.ok_or(Error::Request { what: "the picture's address is not Meta's" })?;
        let request = self.http.get(url).timeout(DEADLINE).build().map_err(|error| Error::from_http(&error))?;
        let reply = self.transport.send(request).await?;
        if reply.status != StatusCode::OK {
            return Err(Error::HttpStatus(reply.status.as_u16()));
        }
        if reply.body.len() > LARGEST {
            return Err(Error::TooLarge);
        }
        match picture_type(&reply.body) {
            Some(_) => Ok(reply.body),
            None => Err(Error::Malformed { what: "the picture" }),
        }
    }
}

/// The media type by the first bytes, whatever anybody says about them; [`None`]
/// for what pages do not show.
#[must_use]
pub const fn picture_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// The content network by TLS, so that no other machine can answer by its name; or `www`, where the
/// operator has put Meta.
fn is_of_meta(url: &Url, www: &Url) -> bool {
    let below = |name: &str| NETWORK.iter().any(|own| name.strip_suffix(own).is_some_and(|rest| rest.ends_with('.')));
    let plain = url.port().is_none() && url.username().is_empty() && url.password().is_none();
    let network = url.scheme() == "https" && plain && url.domain().is_some_and(below);
    network || url.origin() == www.origin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_metas_own_addresses_are_called() {
        let www = Url::parse("http://localhost:3001/www").unwrap();
        let is_ours = |address: &str| is_of_meta(&Url::parse(address).unwrap(), &www);
        for address in [
            "https://scontent.xx.fbcdn.net/v/t1.0-1/p50x50/1.jpg?oh=a&oe=b",
            "https://scontent-gru2-1.cdninstagram.com/1.jpg",
            "https://platform-lookaside.fbsbx.com/1",
            "https://SCONTENT.FBCDN.NET:443/1.jpg",
            "http://localhost:3001/cdn/1.png",
        ] {
            assert!(is_ours(address), "{address}");
        }
        for address in [
            "http://scontent.xx.fbcdn.net/1.jpg",
            "https://scontent.xx.fbcdn.net:8443/1.jpg",
            "https://ana@scontent.xx.fbcdn.net/1.jpg",
            "https://fbcdn.net/1.jpg",
            "https://evilfbcdn.net/1.jpg",
            "https://fbcdn.net.example.com/1.jpg",
            "https://scontent.fbcdn.net.",
            "https://127.0.0.1/1.jpg",
            "https://[::1]/1.jpg",
            "http://169.254.169.254/latest/meta-data",
            "http://localhost:3002/cdn/1.png",
            "https://localhost:3001/cdn/1.png",
            "file:///etc/passwd",
            "data:image/png;base64,AA",
        ] {
            assert!(!is_ours(address), "{address}");
        }
    }

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        for (bytes, kind) in [
            (&b"\xff\xd8\xff\xe0..JFIF"[..], Some("image/jpeg")),
            (b"\x89PNG\r\n\x1a\n....IHDR", Some("image/png")),
            (b"RIFF\x01\x02\x03\x04WEBPVP8 ", Some("image/webp")),
            (b"GIF89a", None),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", None),
            (b"<!DOCTYPE html>", None),
            (b"RIFF\x01\x02\x03\x04WAVE", None),
            (b"", None),
        ] {
            assert_eq!(picture_type(bytes), kind, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
