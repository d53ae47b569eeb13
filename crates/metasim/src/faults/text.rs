//! Damage to the bytes of an answer.

use serde_json::Value;

use super::FaultKind;

/// The bytes as the fault leaves them, with a content type where that changes
/// too; nothing for a fault of another sort.
pub(super) fn damage(kind: FaultKind, body: &[u8]) -> Option<(Vec<u8>, Option<&'static str>)> {
    let text = String::from_utf8_lossy(body).into_owned();
    let bytes = match kind {
        FaultKind::TrailingComma => match text.rfind('}') {
            Some(end) => format!("{},{}", &text[..end], &text[end..]).into_bytes(),
            None => format!("{text},").into_bytes(),
        },
        FaultKind::NotANumber => at_start(&text, "\"odd\":NaN").into_bytes(),
        FaultKind::CutString => text.as_bytes()[..text.rfind('"').unwrap_or(text.len() / 2)].to_vec(),
        FaultKind::ByteOrderMark => format!("\u{feff}{text}").into_bytes(),
        FaultKind::TwoDocuments => format!("{text}{text}").into_bytes(),
        FaultKind::DuplicateKeys => duplicate_keys(&text).into_bytes(),
        FaultKind::HugeNumbers => huge_numbers(&at_start(&text, "\"odd\":0")).into_bytes(),
        FaultKind::InvalidUtf8 => {
            let at = text.find(":\"").map_or(text.len() / 2, |at| at + 2);
            [&text.as_bytes()[..at], b"\xc3\x28\xff", &text.as_bytes()[at..]].concat()
        }
        FaultKind::WrongCharset => {
            let wide = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            return Some((wide, Some("application/json; charset=utf-16le")));
        }
        FaultKind::TextJavascript => return Some((body.to_vec(), Some("text/javascript; charset=UTF-8"))),
        _ => return None,
    };
    Some((bytes, None))
}

/// Puts a first member into an object.
fn at_start(text: &str, member: &str) -> String {
    match text.strip_prefix('{') {
        Some(rest) if rest.starts_with('}') => format!("{{{member}{rest}"),
        Some(rest) => format!("{{{member},{rest}"),
        None => format!("[{{{member}}},{text}]"),
    }
}

fn duplicate_keys(text: &str) -> String {
    let Ok(Value::Object(fields)) = serde_json::from_str(text) else {
        return text.to_owned();
    };
    let members: Vec<String> = fields
        .iter()
        .map(|(name, value)| {
            let name = Value::from(name.as_str());
            format!("{name}:null,{name}:{value}")
        })
        .collect();
    format!("{{{}}}", members.join(","))
}

/// Every number outside of texts becomes one of 400 digits.
fn huge_numbers(text: &str) -> String {
    let mut out = String::new();
    let (mut in_text, mut escaped, mut in_number) = (false, false, false);
    for character in text.chars() {
        if in_text {
            in_text = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else if character.is_ascii_digit() || (in_number && matches!(character, '.' | 'e' | 'E' | '+' | '-')) {
            if !in_number {
                out.push_str(&"9".repeat(400));
            }
            in_number = true;
            continue;
        } else {
            in_text = character == '"';
        }
        in_number = false;
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{FaultKind, damage};

    const BODY: &[u8] = br#"{"id":"1","name":"a\"2","count":12}"#;

    #[test]
    fn what_is_no_json_any_more() {
        for kind in [
            FaultKind::TrailingComma,
            FaultKind::NotANumber,
            FaultKind::CutString,
            FaultKind::ByteOrderMark,
            FaultKind::TwoDocuments,
            FaultKind::HugeNumbers,
            FaultKind::InvalidUtf8,
            FaultKind::WrongCharset,
        ] {
            for body in [BODY, b"{}"] {
                let (bytes, _) = damage(kind, body).unwrap();
                assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_err(), "{kind:?}: {bytes:?}");
            }
        }
    }

    #[test]
    fn what_still_is() {
        let (twice, _) = damage(FaultKind::DuplicateKeys, BODY).unwrap();
        let text = String::from_utf8(twice).unwrap();
        assert!(text.starts_with("{\"count\":null,\"count\":12,"), "{text}");
        let (same, kind) = damage(FaultKind::TextJavascript, BODY).unwrap();
        assert_eq!((same.as_slice(), kind), (BODY, Some("text/javascript; charset=UTF-8")));
        assert!(damage(FaultKind::Slow, BODY).is_none());
    }
}
