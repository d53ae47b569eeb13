//! The kinds of faults, each with its name on the control routes and the words
//! by which the start page explains it.

use serde::Deserialize;

macro_rules! kinds {
    ($($(#[$note:meta])* $kind:ident = $name:literal, $stage:ident: $about:literal;)*) => {
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
        pub(crate) enum FaultKind {
            $($(#[$note])* #[serde(rename = $name)] $kind,)*
        }

        impl FaultKind {
            pub const ALL: &'static [FaultKind] = &[$(FaultKind::$kind),*];

            pub fn name(self) -> &'static str {
                match self { $(FaultKind::$kind => $name,)* }
            }

            pub fn stage(self) -> Stage {
                match self { $(FaultKind::$kind => Stage::$stage,)* }
            }

            pub fn about(self) -> &'static str {
                match self { $(FaultKind::$kind => $about,)* }
            }
        }
    };
}

/// When a fault strikes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// Instead of the answer; the call itself has no effect.
    Before,
    /// The call takes effect, its answer is damaged.
    After,
    /// When the person has agreed in the dialog.
    Dialog,
}

kinds! {
    Http500 = "http_500", Before: "500 with Meta's error 1";
    Http503 = "http_503", Before: "503 with error 2, is_transient";
    RateLimit = "rate_limit", Before: "error 4, the app's allowance is used up";
    RateLimitUser = "rate_limit_user", Before: "error 17, the person's allowance is used up";
    RateLimitPage = "rate_limit_page", Before: "error 32, Page calls with a user token";
    RateLimitCustom = "rate_limit_custom", Before: "error 613, an odd volume of calls";
    RateLimitApplication = "rate_limit_application", Before: "error 341, a limit of the application";
    RateLimitBusiness = "rate_limit_business", Before: "error 80001, the Page's own allowance";
    RateLimitInstagram = "rate_limit_instagram", Before: "error 80002, the Instagram account's allowance";
    RateLimitMessenger = "rate_limit_messenger", Before: "error 80006, the allowance for Messenger";
    Blocked = "blocked", Before: "error 368, blocked for going too fast";
    Transient190 = "transient_190", Before: "error 190 that is_transient: Meta's trouble, not the token's";
    ErrorWith200 = "error_with_200", Before: "an error object with HTTP 200";
    ErrorWithoutCode = "error_without_code", Before: "an error object without a code";
    ErrorAsText = "error_as_text", Before: "a text where the error object belongs";
    Error = "error", Before: "the error given by code, subcode, message, status";

    Timeout = "timeout", Before: "no answer for delay_ms (60 s), then the connection ends";
    HangAfterHead = "hang_after_head", Before: "head of an answer, then nothing for delay_ms (60 s)";
    Reset = "reset", Before: "the connection ends without an answer";
    ClosedUnread = "closed_unread", Before: "the connection ends before the body of the call is read";
    Html = "html", Before: "200 with an HTML page";
    Html403 = "html_403", Before: "403 with an HTML page";
    Html404 = "html_404", Before: "404 with an HTML page";
    Html500 = "html_500", Before: "500 with an HTML page";
    Html502 = "html_502", Before: "502 with an HTML page";
    Html503 = "html_503", Before: "503 with an HTML page";
    Html504 = "html_504", Before: "504 with an HTML page";
    NoContent = "http_204", Before: "204 without a body";
    NotModified = "http_304", Before: "304 without a body";
    Unauthorized = "http_401", Before: "401 without a body";
    TooMany = "http_429", Before: "429 without Retry-After";
    TooManyWait = "http_429_retry_after", Before: "429 with Retry-After";
    Redirect = "redirect", Before: "302 to another address of this host";
    RedirectForeign = "redirect_foreign", Before: "302 to another host";
    RedirectLoop = "redirect_loop", Before: "302 to an address that leads to itself";
    Empty = "empty", Before: "200 with an empty body";
    EmptyObject = "empty_object", Before: "200 with {}";
    NotJson = "not_json", Before: "200 with text that is no JSON";
    JsonString = "json_string", Before: "a JSON text instead of an object";
    JsonNumber = "json_number", Before: "a JSON number instead of an object";
    JsonArray = "json_array", Before: "a JSON list instead of an object";
    JsonNull = "json_null", Before: "null instead of an object";
    DeepNesting = "deep_nesting", Before: "lists nested 10,000 deep";
    Huge = "huge", Before: "200 with 64 MB of JSON";
    GzipBomb = "gzip_bomb", Before: "64 KB that unpack to 64 MB";
    NextPageFails = "next_page_fails", Before: "500 on the second and later pages of a list";

    Slow = "slow", After: "the answer, delay_ms (3 s) late";
    Drip = "drip", After: "the answer byte by byte, delay_ms (200 ms) between them";
    Lost = "lost", After: "the connection ends without an answer";
    Truncated = "truncated", After: "the first half of the answer, then the connection ends";
    LengthLonger = "length_longer", After: "a Content-Length beyond the end of the answer";
    LengthShorter = "length_shorter", After: "a Content-Length of half the answer";
    TrailingComma = "trailing_comma", After: "a comma before the closing brace";
    NotANumber = "nan", After: "NaN among the values";
    CutString = "cut_string", After: "a text that does not end";
    ByteOrderMark = "bom", After: "a byte order mark before the JSON";
    TwoDocuments = "two_documents", After: "the answer twice in one body";
    DuplicateKeys = "duplicate_keys", After: "each key twice, first with null";
    HugeNumbers = "huge_numbers", After: "numbers that fit no type";
    InvalidUtf8 = "invalid_utf8", After: "bytes that are no UTF-8";
    WrongCharset = "wrong_charset", After: "UTF-16";
    TextJavascript = "text_javascript", After: "the right answer with the content type of old versions";
    WrongType = "wrong_type", After: "numbers where texts belong, objects where lists belong, and so on";
    MissingFields = "missing_fields", After: "nothing but the ids";
    NullFields = "null_fields", After: "null for every value";
    MissingExpiresIn = "missing_expires_in", After: "expires_in left out";
    MissingExpiresAt = "missing_expires_at", After: "expires_at of a token left out";
    ExpiresInText = "expires_in_text", After: "expires_in as a text";
    ExpiresInNegative = "expires_in_negative", After: "expires_in below zero";
    ForeignToken = "foreign_token", After: "token and id of another app";
    EmptyList = "empty_list", After: "an empty list";
    NoData = "no_data", After: "a list without data";
    BrokenEntry = "broken_entry", After: "one entry of a list that makes no sense";
    ForeignNext = "foreign_next", After: "a next page on another host";
    EndlessNext = "endless_next", After: "a next page that is this one again";
    UsageHigh = "usage_high", After: "usage headers at 95 percent";

    DialogDenied = "dialog_denied", Dialog: "a refusal although the person has agreed";
    DialogError901 = "dialog_error_901", Dialog: "a refusal with error_code only";
}

impl FaultKind {
    pub fn is_for_dialog_end(self) -> bool {
        self.stage() == Stage::Dialog
    }

    /// Whether the call still takes effect.
    pub fn lets_through(self) -> bool {
        self.stage() != Stage::Before
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::FaultKind;

    #[test]
    fn names_are_many_and_lead_back() {
        let names: BTreeSet<&str> = FaultKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), FaultKind::ALL.len());
        assert!(names.len() >= 40);
        for kind in FaultKind::ALL {
            let read: Result<FaultKind, _> = serde_json::from_value(kind.name().into());
            assert_eq!(read.ok(), Some(*kind));
        }
    }
}
