//! What the wizard's first screen shows.

use lifecycle::{Provider, RenewalState, ids::ConnectionId};
use renewal::{ConnectionState, Error, Identity, PER_PAGE, Renova};
use store::{Renewal, User};
use wizard::{Locale, OpenRenewal, OtherConnection, Purpose, StartView};

use super::{
    dates::Calendar,
    health::{connection_level, summary},
    prerequisites::prerequisites,
};

/// The word for a connection that is not there yet.
pub const NEW: &str = "new";

/// Of the connection that is `wanted`, otherwise of what the reader has only to finish, or of the most urgent; of a
/// first one for `new` and where there is none.
pub async fn start(renova: &Renova, who: &Identity, locale: Locale, wanted: Option<&str>) -> Result<StartView, Error> {
    who.require_admin()?;
    let now = renova.now();
    let calendar = Calendar::new(locale, &who.time_zone);
    let states = renova.connections(who).await?;
    let people = renova.everybody(who).await?;
    let first = renova.open_first_renewal(who).await?;
    let wanted = wanted.map(str::to_owned).or_else(|| unfinished(who, &states, first.as_ref()));
    let target = target(&states, wanted.as_deref())?;
    let others = states.iter().enumerate().filter(|(index, _)| Some(*index) != target);
    let target = target.map(|index| &states[index]);
    let other = |state: &ConnectionState| OtherConnection {
        connection_id: state.connection.id.to_string(),
        name: state.connection.grantee_name.clone(),
        level: connection_level(state),
        summary: summary(&calendar, state.health, now),
        open_renewal: open_renewal(who, &people, state),
    };
    Ok(StartView {
        locale,
        purpose: target
            .map_or(Purpose::Connect, |state| Purpose::Renew { connection: state.connection.grantee_name.clone() }),
        connection_id: target.map(|state| state.connection.id.to_string()),
        state: target.map(|state| (connection_level(state), summary(&calendar, state.health, now))),
        prerequisites: prerequisites(&calendar, target, now),
        open_renewal: match target {
            Some(state) => open_renewal(who, &people, state),
            None => first.as_ref().map(open_first),
        },
        resume: target.map_or(first.as_ref(), |state| state.open_renewal.as_ref()).and_then(|it| resume(who, it)),
        others: others.take(PER_PAGE).map(|(_, state)| other(state)).collect(),
        instagram_login: renova.providers().contains(&Provider::Instagram),
    })
}

/// Where the connection stands that the screen is about; `None`: a first one.
pub fn target(states: &[ConnectionState], wanted: Option<&str>) -> Result<Option<usize>, Error> {
    match wanted {
        Some(NEW) => Ok(None),
        Some(id) => {
            let id: ConnectionId = id.parse().map_err(|_| Error::NotFound)?;
            states.iter().position(|state| state.connection.id == id).map(Some).ok_or(Error::NotFound)
        }
        None => Ok((!states.is_empty()).then_some(0)),
    }
}

/// What the reader has only to finish, as it would be wanted.
fn unfinished(who: &Identity, states: &[ConnectionState], first: Option<&Renewal>) -> Option<String> {
    let known = states.iter().find(|state| state.unfinished_by(who).is_some());
    let first = first.filter(|renewal| renewal.state.has_staged_tokens()).map(|_| NEW.to_owned());
    known.map(|state| state.connection.id.to_string()).or(first)
}

/// The reader's own, of a connection that is not there yet.
pub fn open_first(renewal: &Renewal) -> OpenRenewal {
    OpenRenewal {
        id: renewal.id.to_string(),
        other_owner: None,
        only_finish_missing: renewal.state.has_staged_tokens(),
    }
}

/// Who has a renewal of this connection open.
pub fn open_renewal(who: &Identity, people: &[User], state: &ConnectionState) -> Option<OpenRenewal> {
    let renewal = state.open_renewal.as_ref()?;
    let name = || people.iter().find(|it| it.id == renewal.user_id).map_or_else(String::new, |it| it.name.clone());
    Some(OpenRenewal {
        id: renewal.id.to_string(),
        other_owner: (renewal.user_id != who.user).then(name),
        only_finish_missing: renewal.state.has_staged_tokens(),
    })
}

/// The reader's own renewal that has come back from Meta: nobody should look for it behind *Iniciar*.
fn resume(who: &Identity, renewal: &Renewal) -> Option<String> {
    let came_back = renewal.state == RenewalState::LoggedIn || renewal.state.has_staged_tokens();
    (came_back && renewal.user_id == who.user).then(|| renewal.id.to_string())
}
