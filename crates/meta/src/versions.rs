//! How long the versions of the Graph API live.

/// Last day of each version, from Meta's changelog as of October 2026. A
/// version that is not here has no stated end. Meta: `graph-api/changelog`.
const ENDS: &[(&str, (i32, u8, u8))] = &[
    ("v19.0", (2026, 5, 21)),
    ("v20.0", (2026, 9, 24)),
    ("v21.0", (2027, 1, 21)),
    ("v22.0", (2027, 5, 20)),
    ("v23.0", (2027, 10, 8)),
    ("v24.0", (2028, 2, 18)),
    ("v25.0", (2028, 7, 29)),
];

/// Year, month and day on which a version such as `v25.0` ends; [`None`] where
/// Meta has not said it.
#[must_use]
pub fn version_end(version: &str) -> Option<(i32, u8, u8)> {
    ENDS.iter().find(|(name, _)| *name == version).map(|(_, end)| *end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_come_in_the_order_of_the_versions() {
        assert_eq!(version_end("v25.0"), Some((2028, 7, 29)));
        assert_eq!(version_end("v19.0"), Some((2026, 5, 21)));
        for unknown in ["v26.0", "", "25.0", "V25.0"] {
            assert_eq!(version_end(unknown), None);
        }
        assert!(ENDS.is_sorted_by_key(|(_, end)| *end));
    }
}
