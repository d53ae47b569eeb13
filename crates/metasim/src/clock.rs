//! Spans and instants as text: what the control routes read and what Meta
//! writes into its messages.

use jiff::Timestamp;

pub(crate) const HOUR: i64 = 3_600;
pub(crate) const DAY: i64 = 24 * HOUR;

/// `60d`, `36h`, `1d12h`, `90s` as milliseconds.
pub(crate) fn parse_span(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text:?} is no span such as 60d, 12h, 5m or 30s");
    let mut total: i64 = 0;
    let mut digits = String::new();
    for character in text.chars() {
        if character.is_ascii_digit() {
            digits.push(character);
            continue;
        }
        let seconds = match character {
            's' => 1,
            'm' => 60,
            'h' => HOUR,
            'd' => DAY,
            _ => return Err(wrong()),
        };
        let count: i64 = digits.parse().map_err(|_| wrong())?;
        digits.clear();
        total = count.checked_mul(seconds * 1000).and_then(|span| total.checked_add(span)).ok_or_else(wrong)?;
    }
    // A hundred years keep every later sum far from overflowing.
    if text.is_empty() || !digits.is_empty() || total > 36_525 * DAY * 1000 {
        return Err(wrong());
    }
    Ok(total)
}

/// An RFC 3339 instant as epoch milliseconds.
pub(crate) fn parse_instant(text: &str) -> Result<i64, String> {
    text.parse::<Timestamp>()
        .map(Timestamp::as_millisecond)
        .map_err(|_| format!("{text:?} is no instant such as 2027-01-31T12:00:00Z"))
}

pub(crate) fn rfc3339(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds).map_or_else(|_| milliseconds.to_string(), |at| at.to_string())
}

/// As Meta writes it into messages: `Wednesday, 16-Nov-22 07:45:51 PST`.
pub(crate) fn pacific(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .and_then(|at| at.in_tz("America/Los_Angeles"))
        .map_or_else(|_| seconds.to_string(), |at| at.strftime("%A, %d-%b-%y %H:%M:%S %Z").to_string())
}

/// For the `Date` header.
pub(crate) fn http_date(seconds: i64) -> Option<String> {
    let at = Timestamp::from_second(seconds).ok()?;
    Some(at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

#[cfg(test)]
mod tests {
    use super::{http_date, pacific, parse_instant, parse_span};

    #[test]
    fn spans() {
        assert_eq!(parse_span("60d"), Ok(5_184_000_000));
        assert_eq!(parse_span("1d12h"), Ok(129_600_000));
        assert_eq!(parse_span("5m30s"), Ok(330_000));
        for wrong in ["", "60", "d", "-1d", "1w", "999999999999999d", "1.5h"] {
            assert!(parse_span(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn instants() {
        assert_eq!(parse_instant("1970-01-01T00:00:01Z"), Ok(1000));
        assert!(parse_instant("tomorrow").is_err());
        assert_eq!(pacific(1_668_613_551), "Wednesday, 16-Nov-22 07:45:51 PST");
        assert_eq!(http_date(784_111_777).as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    }
}
