//! From the domain to what people read: sentences, dates, initials.
//!
//! Everything here is pure formatting in three languages; what is true was decided in `lifecycle`
//! and `renewal`.

pub mod alerts;
pub mod audit;
pub mod dates;
pub mod deeds;
mod developers;
pub mod effect;
mod embedding;
pub mod event;
pub mod failures;
pub mod health;
pub mod links;
mod listing;
pub mod mail;
mod needs;
pub mod pages;
pub mod people;
mod prerequisites;
pub mod renewal;
pub mod settings;
pub mod start;
pub mod words;

use wizard::Level;

pub use developers::secret_to_show;

/// Two letters for an account without a picture.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The louder of two levels.
#[must_use]
pub fn louder(a: Level, b: Level) -> Level {
    let rank = |level| match level {
        Level::Good => 0,
        Level::Advice => 1,
        Level::Soon => 2,
        Level::Stopped => 3,
    };
    if rank(b) > rank(a) { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_first_and_last() {
        assert_eq!(initials("Loja Aurora"), "LA");
        assert_eq!(initials("cafe.boreal"), "CB");
        assert_eq!(initials("Ícaro"), "Í");
        assert_eq!(initials(""), "");
    }
}
