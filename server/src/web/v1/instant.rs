//! Instants as the API writes and reads them: RFC 3339 in UTC, to the millisecond.

use std::{borrow::Cow, fmt};

use lifecycle::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(pub Timestamp);

impl From<Timestamp> for Instant {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0.0) {
            Ok(at) => write!(f, "{}", at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")),
            // Nothing of ours is that far away.
            Err(_) => f.write_str("9999-12-31T23:59:59.999Z"),
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let at: jiff::Timestamp = text.parse().map_err(|_| D::Error::custom("must be an instant of RFC 3339"))?;
        Ok(Self(Timestamp(at.as_millisecond())))
    }
}

impl PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples(["2026-11-24T19:00:00.000Z"])
            .into()
    }
}

impl ToSchema for Instant {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_utc_to_the_millisecond() {
        let instant = Instant(Timestamp(1_790_000_000_120));
        assert_eq!(serde_json::to_string(&instant).unwrap(), "\"2026-09-21T14:13:20.120Z\"");
        for text in ["\"2026-09-21T14:13:20.12Z\"", "\"2026-09-21T11:13:20.120-03:00\""] {
            assert_eq!(serde_json::from_str::<Instant>(text).unwrap(), instant);
        }
        for text in ["\"yesterday\"", "\"2026-09-21\"", "1790000000120", "\"2026-09-21T14:13:20\""] {
            assert!(serde_json::from_str::<Instant>(text).is_err(), "{text}");
        }
    }
}
