//! Values as Meta writes them: numbers as strings now and then, `0` for
//! "none", ids in both forms. Anything else is an error.

use std::time::Duration;

use secrecy::SecretString;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The last second of the year 9999. Later instants are nonsense, and would
/// overflow elsewhere.
const LATEST: i64 = 253_402_300_799;
/// A hundred years in seconds: no token lives longer.
const LONGEST: u64 = 100 * 365 * 24 * 60 * 60;

/// A JSON object. By itself a derived form also takes a list of its fields'
/// values, so that `[190]` would be a whole error.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        let object = Map::<String, Value>::deserialize(value)?;
        T::deserialize(Value::Object(object)).map(Self).map_err(|_| D::Error::custom("not as documented"))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Integer(i64),
    Text(String),
}

/// An integer, possibly as a string.
pub(crate) fn integer<'de, D: Deserializer<'de>>(value: D) -> Result<i64, D::Error> {
    match Number::deserialize(value)? {
        Number::Integer(number) => Ok(number),
        Number::Text(text) => text.parse().map_err(|_| D::Error::custom("no integer")),
    }
}

/// The same, possibly absent or null.
pub(crate) fn optional_integer<'de, D: Deserializer<'de>>(value: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    struct Inner(#[serde(deserialize_with = "integer")] i64);
    Ok(Option::<Inner>::deserialize(value)?.map(|Inner(number)| number))
}

/// Seconds since 1970, and whether anything is stated: absent and null are
/// nothing, `0` is the statement that there is none.
pub(crate) fn stated_instant<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<i64>>, D::Error> {
    match optional_integer(value)? {
        None => Ok(None),
        Some(0) => Ok(Some(None)),
        Some(seconds @ 1..=LATEST) => Ok(Some(Some(seconds))),
        Some(_) => Err(D::Error::custom("no instant")),
    }
}

/// Seconds since 1970; absent, null and `0` are none.
pub(crate) fn instant<'de, D: Deserializer<'de>>(value: D) -> Result<Option<i64>, D::Error> {
    Ok(stated_instant(value)?.flatten())
}

/// Seconds; absent, null and `0` are none.
pub(crate) fn lifetime<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Duration>, D::Error> {
    match optional_integer(value)?.map(u64::try_from) {
        None | Some(Ok(0)) => Ok(None),
        Some(Ok(seconds @ 1..=LONGEST)) => Ok(Some(Duration::from_secs(seconds))),
        Some(_) => Err(D::Error::custom("no lifetime")),
    }
}

/// An id: a string that is not empty, or a number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WireId")]
pub(crate) struct Id(pub(crate) String);

#[derive(Deserialize)]
#[serde(untagged)]
enum WireId {
    Number(u64),
    Text(String),
}

impl TryFrom<WireId> for Id {
    type Error = &'static str;

    fn try_from(id: WireId) -> Result<Self, Self::Error> {
        match id {
            WireId::Number(0) => Err("no id"),
            WireId::Number(number) => Ok(Self(number.to_string())),
            WireId::Text(text) if text.is_empty() => Err("no id"),
            WireId::Text(text) => Ok(Self(text)),
        }
    }
}

/// A text that is not empty.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Text(pub(crate) String);

impl TryFrom<String> for Text {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() { Err("empty text") } else { Ok(Self(text)) }
    }
}

/// A token: visible ASCII characters, as every token of Meta's, so that it can
/// go back in a header.
pub(crate) struct Token(pub(crate) SecretString);

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        let text = String::deserialize(value)?;
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(D::Error::custom("no token"));
        }
        Ok(Self(SecretString::from(text)))
    }
}

/// What is absent, null or an empty string is none.
pub(crate) fn filled<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(value)?.filter(|text| !text.is_empty()))
}

/// Null is an empty list.
pub(crate) fn list<'de, D, T>(value: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(value)?.unwrap_or_default())
}

/// Words as a list, or in one text with commas; absent and null are none.
pub(crate) fn words<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Words {
        List(Vec<String>),
        Text(String),
    }
    let words = match Option::<Words>::deserialize(value)? {
        None => Vec::new(),
        Some(Words::List(list)) => list,
        Some(Words::Text(text)) => text.split(',').map(str::to_owned).collect(),
    };
    Ok(words.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect())
}
