//! JSON as the browser has read it, for serde.
//!
//! Only what the answers are made of, and without a word about what is wrong: a reader that tells it
//! takes more bytes than the banner.

use std::{fmt, vec::IntoIter};

use js_sys::{Array, Object};
use serde::{
    de::{
        DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, SeqAccess, VariantAccess, Visitor,
        value::StringDeserializer,
    },
    forward_to_deserialize_any,
};
use wasm_bindgen::JsValue;

/// A value of JSON.
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Fields(Vec<(String, Value)>),
}

impl From<JsValue> for Value {
    fn from(value: JsValue) -> Self {
        if let Some(text) = value.as_string() {
            return Self::Text(text);
        }
        if let Some(number) = value.as_f64() {
            return Self::Number(number);
        }
        if let Some(bool) = value.as_bool() {
            return Self::Bool(bool);
        }
        if Array::is_array(&value) {
            return Self::List(Array::from(&value).iter().map(Self::from).collect());
        }
        if !value.is_object() {
            return Self::Null;
        }
        let field = |entry: JsValue| {
            let entry = Array::from(&entry);
            Some((entry.get(0).as_string()?, Self::from(entry.get(1))))
        };
        Self::Fields(Object::entries(&Object::from(value)).iter().filter_map(field).collect())
    }
}

/// It is not what was expected.
#[derive(Debug)]
pub(super) struct Unexpected;

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unexpected")
    }
}

impl std::error::Error for Unexpected {}

impl Error for Unexpected {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Items(IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unexpected;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unexpected> {
        self.0.next().map(|value| seed.deserialize(value)).transpose()
    }
}

impl<'de> Deserializer<'de> for Value {
    type Error = Unexpected;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unexpected> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(bool) => visitor.visit_bool(bool),
            // Counts and instants; nothing here has a fraction.
            Self::Number(number) => visitor.visit_i64(number as i64),
            Self::Text(text) => visitor.visit_string(text),
            Self::List(items) => visitor.visit_seq(Items(items.into_iter())),
            Self::Fields(_) => Err(Unexpected),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unexpected> {
        match self {
            Self::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unexpected> {
        visitor.visit_newtype_struct(self)
    }

    /// In the order in which the type names them: what is not there is null.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unexpected> {
        visitor.visit_seq(Items(self.in_order(names).into_iter()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unexpected> {
        match self {
            Self::Text(name) => visitor.visit_enum(Variant(name, Self::Null)),
            Self::Fields(mut fields) => match fields.pop() {
                Some((name, value)) => visitor.visit_enum(Variant(name, value)),
                None => Err(Unexpected),
            },
            _ => Err(Unexpected),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

impl Value {
    fn in_order(self, names: &[&str]) -> Vec<Self> {
        let Self::Fields(mut fields) = self else { return Vec::new() };
        let mut take = |name: &&str| match fields.iter().position(|(it, _)| it == name) {
            Some(place) => fields.swap_remove(place).1,
            None => Self::Null,
        };
        names.iter().map(&mut take).collect()
    }
}

/// A variant by its name, with what it holds.
struct Variant(String, Value);

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unexpected;
    type Variant = Value;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Value), Unexpected> {
        let name: StringDeserializer<Unexpected> = self.0.into_deserializer();
        Ok((seed.deserialize(name)?, self.1))
    }
}

impl<'de> VariantAccess<'de> for Value {
    type Error = Unexpected;

    fn unit_variant(self) -> Result<(), Unexpected> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unexpected> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unexpected> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unexpected> {
        visitor.visit_seq(Items(self.in_order(names).into_iter()))
    }
}

#[cfg(test)]
mod tests {
    use serde::de::Deserialize as _;

    use super::*;
    use crate::model::{
        Level, Locale, Moment, Prerequisite, PrerequisiteKind, PrerequisiteState, Purpose, Sentence, StartView, UiError,
    };

    fn value(json: serde_json::Value) -> Value {
        use serde_json::Value as Json;
        match json {
            Json::Null => Value::Null,
            Json::Bool(bool) => Value::Bool(bool),
            Json::Number(number) => Value::Number(number.as_f64().unwrap()),
            Json::String(text) => Value::Text(text),
            Json::Array(items) => Value::List(items.into_iter().map(value).collect()),
            Json::Object(fields) => Value::Fields(fields.into_iter().map(|(name, it)| (name, value(it))).collect()),
        }
    }

    #[test]
    fn what_the_server_writes_is_read_back() {
        let moment = Moment { iso: "2026-11-28T00:00:00Z".to_owned(), text: "28/11".to_owned() };
        let sentence = Sentence { before: "Vence em ".to_owned(), moment: Some(moment.clone()), after: String::new() };
        let prerequisite = |state| Prerequisite { kind: PrerequisiteKind::MessageAccess, state };
        let written = StartView {
            locale: Locale::Es,
            purpose: Purpose::Renew { connection: "Ana Souza".to_owned() },
            connection_id: Some("c1".to_owned()),
            state: Some((Level::Soon, sentence)),
            prerequisites: vec![
                prerequisite(PrerequisiteState::Confirmed(moment)),
                prerequisite(PrerequisiteState::CheckedAfterLogin),
                prerequisite(PrerequisiteState::Problem { how_to_fix: "…".to_owned() }),
            ],
            open_renewal: None,
            resume: None,
            others: Vec::new(),
            instagram_login: true,
        };
        let read = StartView::deserialize(value(serde_json::to_value(&written).unwrap())).unwrap();
        assert_eq!(read, written);
    }

    #[test]
    fn what_is_something_else_is_refused() {
        for json in [serde_json::json!(null), serde_json::json!({"code": 1}), serde_json::json!(["a"])] {
            assert!(UiError::deserialize(value(json)).is_err());
        }
        assert!(Purpose::deserialize(value(serde_json::json!({"Leave": {}}))).is_err());
    }
}
