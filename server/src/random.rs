//! The system's random numbers: the only place of the server that draws them.

use rand::Rng as _;

/// A generator seeded by the operating system, fit for secrets.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl vault::Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "this is the Random that others take as a parameter")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}
