//! Lists come page by page: a cursor says where the next one begins.

use lifecycle::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::Problem;

const USUAL: i64 = 50;
pub const MOST: i64 = 100;

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    pub data: Vec<T>,
    /// Ask with it as `cursor` for what comes after; `null`: there is nothing more at this moment.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// What a request says about pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What this page comes after.
    pub after: Option<Cursor>,
    pub limit: i64,
}

impl Wanted {
    pub fn new(cursor: Option<&str>, limit: Option<i64>) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::invalid("limit", format!("must be a number from 1 to {MOST}")));
        }
        let unknown = || Problem::invalid("cursor", "must be a `next_cursor` as it came, or absent");
        let after = cursor.map(|text| Cursor::parse(text).ok_or_else(unknown)).transpose()?;
        Ok(Self { after, limit })
    }
}

/// A place in a list: an instant, and an id among those of the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub at: Timestamp,
    pub id: Uuid,
}

impl Cursor {
    pub fn write(self) -> String {
        let at = self.at.0.to_be_bytes();
        hex::encode([self.id.as_bytes().as_slice(), at.as_slice()].concat())
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 24] = hex::decode(text).ok()?.try_into().ok()?;
        let (id, at) = bytes.split_at(16);
        let at = Timestamp(i64::from_be_bytes(at.try_into().ok()?));
        Some(Self { at, id: Uuid::from_slice(id).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is_one() {
        let cursor = Cursor { at: Timestamp(-7), id: Uuid::from_u128(42) };
        assert_eq!(Wanted::new(Some(&cursor.write()), None).unwrap(), Wanted { after: Some(cursor), limit: USUAL });
        for text in ["", "7", "zz", &"0".repeat(47), &"0".repeat(50), "ééééééééééééééééééééééééé"]
        {
            assert!(Wanted::new(Some(text), None).is_err(), "{text}");
        }
        for limit in [i64::MIN, 0, MOST + 1] {
            assert!(Wanted::new(None, Some(limit)).is_err(), "{limit}");
        }
    }
}
