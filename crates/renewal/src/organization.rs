//! What an organization decides for itself: its time zone and its language.

use jiff::tz::TimeZone;
use serde_json::json;

use crate::{Error, Identity, Renova};

/// The languages that Renova speaks, by their tags.
pub(crate) const LOCALES: [&str; 3] = ["pt-BR", "en", "es"];

impl Renova {
    /// By which zone dates are told and people are warned, and the language of those who have chosen
    /// none. A zone may be written in any case.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field: `time_zone` is a name of the IANA list, `locale` one of three.
    pub async fn set_zone_and_locale(&self, who: &Identity, time_zone: &str, locale: &str) -> Result<(), Error> {
        who.require_admin()?;
        let zone = known_zone(time_zone)?;
        check_locale(locale)?;
        if (zone.as_str(), locale) == (who.time_zone.as_str(), who.organization_locale.as_str()) {
            return Ok(());
        }
        let detail = json!({
            "time_zone": zone,
            "locale": locale,
            "from": {"time_zone": who.time_zone, "locale": who.organization_locale},
        });
        let organization = who.organization;
        let trail = self.trail(organization, Some(who), "organization.zone_changed", organization, detail, false);
        Ok(self.parts.storage.set_zone_and_locale(organization, &zone, locale, &trail).await?)
    }
}

/// The zone's name as the IANA list spells it.
pub(crate) fn known_zone(name: &str) -> Result<String, Error> {
    let unknown = || Error::Invalid {
        field: "time_zone",
        problem: "give a name of the IANA list, such as America/Sao_Paulo".to_owned(),
    };
    let zone = TimeZone::get(name.trim()).map_err(|_| unknown())?;
    zone.iana_name().map(str::to_owned).ok_or_else(unknown)
}

pub(crate) fn check_locale(locale: &str) -> Result<(), Error> {
    if LOCALES.contains(&locale) {
        return Ok(());
    }
    Err(Error::Invalid { field: "locale", problem: "use pt-BR, en or es".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_known_by_its_name_alone() {
        assert_eq!(known_zone(" america/sao_paulo ").unwrap(), "America/Sao_Paulo");
        assert_eq!(known_zone("UTC").unwrap(), "UTC");
        for nonsense in ["", "Brasil", "America/Nowhere", "../etc/passwd", "-03:00", "/etc/localtime"] {
            assert!(matches!(known_zone(nonsense), Err(Error::Invalid { field: "time_zone", .. })), "{nonsense}");
        }
    }
}
