//! Random-looking text from a seed and a counter kept in the state: no ambient
//! randomness, and two runs of the same steps give the same tokens.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Random {
    seed: String,
    drawn: u64,
}

impl Random {
    pub fn new(seed: &str) -> Random {
        Random { seed: seed.to_owned(), drawn: 0 }
    }

    /// Letters and digits that no earlier draw has given.
    pub fn text(&mut self, length: usize) -> String {
        self.drawn += 1;
        text(&self.seed, self.drawn, length)
    }
}

/// Letters and digits that depend on nothing but the arguments.
pub(crate) fn text(seed: &str, number: u64, length: usize) -> String {
    let mut out = String::with_capacity(length);
    let mut block: u32 = 0;
    while out.len() < length {
        let mut hash = Sha256::new();
        hash.update(seed.as_bytes());
        hash.update(number.to_be_bytes());
        hash.update(block.to_be_bytes());
        for byte in hash.finalize().iter().take(length - out.len()) {
            out.push(char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
        }
        block += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn draws_differ_and_repeat_with_the_seed() {
        let (mut a, mut b) = (Random::new("x"), Random::new("x"));
        let first = a.text(180);
        assert_eq!(first.len(), 180);
        assert_eq!(first, b.text(180));
        assert_ne!(first, a.text(180));
        assert_ne!(first, Random::new("y").text(180));
    }
}
