//! JSON read piece by piece: each piece stays text until it is needed, so that
//! a broken one spoils nothing around it, and what nobody asks for (texts,
//! media, senders) is never unpacked.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// The last millisecond of the year 9999.
const LATEST_MS: i64 = 253_402_300_799_999;
/// Below this an instant is in seconds; as milliseconds it would be before
/// March 1973.
const FIRST_MS: i64 = 100_000_000_000;
const LONGEST_ID: usize = 128;
const LONGEST_MID: usize = 1_024;
const LONGEST_WORD: usize = 64;

/// An object's fields. The last of two with the same name counts.
pub(super) struct Fields<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Fields<'a> {
    /// [`None`] where the text is no JSON object.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    pub(super) fn of(value: &'a RawValue) -> Option<Self> {
        Self::parse(value.get())
    }

    /// A field that is there and not null.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name).copied().filter(|value| value.get() != "null")
    }

    pub(super) fn object(&self, name: &str) -> Option<Self> {
        self.get(name).and_then(Self::of)
    }

    pub(super) fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.get() == "true")
    }

    /// An id as a string or a number.
    pub(super) fn id(&self, name: &str) -> Option<String> {
        let value = self.get(name)?;
        let digits = value.get();
        let id = if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.to_owned() } else { text(value)? };
        (!id.is_empty() && id.len() <= LONGEST_ID).then_some(id)
    }

    /// The id of a message.
    pub(super) fn mid(&self) -> Option<String> {
        self.get("mid").and_then(text).filter(|mid| !mid.is_empty() && mid.len() <= LONGEST_MID)
    }

    /// An instant as milliseconds, as seconds, or either in a string.
    pub(super) fn instant_ms(&self, name: &str) -> Option<i64> {
        let value = self.get(name)?;
        let number: i64 = value.get().trim_matches('"').parse().ok()?;
        let number = if number < FIRST_MS { number.checked_mul(1_000)? } else { number };
        (1..=LATEST_MS).contains(&number).then_some(number)
    }

    /// A name of Meta's, see [`word`].
    pub(super) fn word(&self, name: &str) -> Option<String> {
        self.get(name).and_then(text).map(|name| word(&name))
    }

    /// The names of all fields, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

pub(super) fn list(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

pub(super) fn text(value: &RawValue) -> Option<String> {
    String::deserialize(value).ok()
}

/// A name of Meta's as it is; `unknown` where it is no plain word, so that
/// nothing but names gets in this way.
pub(super) fn word(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let is_word = !name.is_empty() && name.len() <= LONGEST_WORD && name.bytes().all(plain);
    if is_word { name } else { "unknown" }.to_owned()
}
