//! What an organization decides for itself.

use lifecycle::notice::Policy;
use renewal::Error;

use super::{Call, begin};
use crate::api::{
    ApiError,
    answer::{self, Onward},
};

const PAGE: &str = "/settings";
/// Longer than any name of a zone: what is typed comes back by the page's address.
const TYPED_CHARS: usize = 48;

pub(in crate::api) async fn set_warnings(
    days: Vec<String>,
    from_hour: String,
    to_hour: String,
) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = match (who.require_admin(), policy(&days, &from_hour, &to_hour)) {
        (Err(error), _) | (Ok(()), Err(error)) => Err(error),
        (Ok(()), Ok(policy)) => request.ui.renova.set_warning_policy(&who, &policy).await,
    };
    let days = days.join(",");
    let typed = [("days", days.as_str()), ("from_hour", &from_hour), ("to_hour", &to_hour)];
    let onward = onward(&outcome, &typed);
    answer::finish(&request, &options, outcome, onward)
}

pub(in crate::api) async fn set_organization(time_zone: String, locale: String) -> Result<(), ApiError> {
    let Call { request, options, who } = begin()?;
    let outcome = request.ui.renova.set_zone_and_locale(&who, &time_zone, &locale).await;
    let onward = onward(&outcome, &[("time_zone", time_zone.as_str()), ("locale", locale.as_str())]);
    answer::finish(&request, &options, outcome, onward)
}

/// What is no number is a number that is refused: the use case says which numbers there are.
fn policy(days: &[String], from_hour: &str, to_hour: &str) -> Result<Policy, Error> {
    let number =
        |field, text: &str| text.parse().map_err(|_| Error::Invalid { field, problem: "must be a number".to_owned() });
    let thresholds = days.iter().map(|day| number("days", day)).collect::<Result<_, _>>()?;
    Ok(Policy { thresholds, from_hour: number("hours", from_hour)?, to_hour: number("hours", to_hour)? })
}

/// A refused form finds the field and all that was typed in the address it goes back to.
fn onward(outcome: &Result<(), Error>, typed: &[(&str, &str)]) -> Onward {
    let failed = match outcome {
        Err(Error::Invalid { field, .. }) => {
            let typed = typed.iter().map(|(name, value)| (*name, value.chars().take(TYPED_CHARS).collect::<String>()));
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("field", field)
                .extend_pairs(typed)
                .finish();
            format!("{PAGE}?{query}")
        }
        _ => PAGE.to_owned(),
    };
    Onward { ok: format!("{PAGE}?done=saved"), failed }
}
