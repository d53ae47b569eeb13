//! Texts from Meta, made safe to keep.
//!
//! Meta repeats rejected tokens in some messages ("Malformed access token
//! EAAB…"), so a message is kept only after this.

use secrecy::{ExposeSecret, SecretString};

/// Longest message kept, in characters.
const LONGEST_MESSAGE: usize = 500;
/// Longest type or trace id kept, in characters.
const LONGEST_WORD: usize = 64;
/// A run of token characters this long is taken for a token. Names of
/// permissions and fields are shorter, Meta's tokens and codes longer.
const TOKEN_LIKE: usize = 40;
/// A shorter secret is not searched for: it would tear words apart.
const SHORTEST_SECRET: usize = 4;

const HIDDEN: &str = "[hidden]";

/// A message without the given secrets, without anything that looks like a
/// token, without control characters, and short.
pub(crate) fn message(text: &str, secrets: &[&SecretString]) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        let secret = secret.expose_secret();
        if secret.len() >= SHORTEST_SECRET {
            text = text.replace(secret, HIDDEN);
        }
    }
    let text = hide_token_like(&text);
    printable(&text, LONGEST_MESSAGE)
}

/// A word such as a type or a trace id, equally harmless.
pub(crate) fn word(text: &str, secrets: &[&SecretString]) -> String {
    printable(&message(text, secrets), LONGEST_WORD)
}

fn hide_token_like(text: &str) -> String {
    let part_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '|' | '%');
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !part_of_token(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        safe.push_str(if run.len() >= TOKEN_LIKE { HIDDEN } else { run });
        let next = after.find(part_of_token).unwrap_or(after.len());
        let (between, after) = after.split_at(next);
        safe.push_str(between);
        rest = after;
    }
    safe
}

fn printable(text: &str, longest: usize) -> String {
    text.chars().take(longest).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_hidden_and_words_stay() {
        let secret = SecretString::from("sim-token-1");
        let long = "EAAB".repeat(20);
        assert_eq!(
            message(
                &format!("Malformed access token {long}, sim-token-1\n(#100) messaging_in_thread_lead_form_submit é"),
                &[&secret]
            ),
            "Malformed access token [hidden], [hidden] (#100) messaging_in_thread_lead_form_submit é"
        );
        assert_eq!(message(&"é ".repeat(2_000), &[]).chars().count(), 500);
        assert_eq!(word(&"a b ".repeat(200), &[]).len(), 64);
    }
}
