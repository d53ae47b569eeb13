//! The data of the pages about people: the team, one's own account, an invitation.

use renewal::{Error, Identity, Renova};
use secrecy::{ExposeSecret as _, SecretString};

use super::dates::Calendar;
use crate::model::{Account, Invitation, MadeLink, Page, PendingInvitation, People, Person, SessionLine};

/// What only the request knows of its reader.
#[derive(Default)]
pub struct Own {
    pub session: Option<SecretString>,
    /// The secret of an invitation that was just made.
    pub made_invitation: Option<SecretString>,
    /// Another secret that was just made: a key, an endpoint's, a link's.
    pub shown_once: Option<SecretString>,
}

pub async fn team(renova: &Renova, who: &Identity, calendar: &Calendar, own: &Own) -> Result<Page, Error> {
    let team = renova.team(who).await?;
    let invitations = renova.invitations(who).await?;
    let person = |it: store::Member| Person {
        id: it.user.id.to_string(),
        is_reader: it.user.id == who.user,
        name: it.user.name,
        email: it.user.email,
        role: it.user.role,
        last_seen: it.last_seen_at.map(|at| calendar.minute(at)),
    };
    let pending = |it: store::Invitation| PendingInvitation {
        id: it.id.to_string(),
        email: it.email,
        role: it.role,
        ends: calendar.date(it.expires_at),
    };
    Ok(Page::People(People {
        team: team.into_iter().map(person).collect(),
        invitations: invitations.into_iter().map(pending).collect(),
        made: made(renova, who, own).await?,
        sends_mail: renova.sends_mail(),
    }))
}

async fn made(renova: &Renova, who: &Identity, own: &Own) -> Result<Option<MadeLink>, Error> {
    let Some(token) = &own.made_invitation else { return Ok(None) };
    let found = renova.own_invitation(who, token).await?;
    let link = renova.invitation_link(token).expose_secret().to_owned();
    Ok(found.map(|it| MadeLink { email: it.email, link }))
}

pub async fn account(renova: &Renova, who: &Identity, calendar: &Calendar, own: &Own) -> Result<Page, Error> {
    // A host's own log-in has no sessions of ours.
    let Some(session) = &own.session else { return Ok(Page::Account(Account { sessions: Vec::new() })) };
    let line = |it: renewal::OwnSession| SessionLine {
        started: calendar.minute(it.started_at),
        last_seen: calendar.minute(it.last_seen_at),
        is_this: it.is_this,
    };
    let sessions = renova.own_sessions(who, session).await?;
    Ok(Page::Account(Account { sessions: sessions.into_iter().map(line).collect() }))
}

/// For whoever holds the link.
pub async fn invitation(renova: &Renova, token: String) -> Result<Page, Error> {
    let found = renova.invitation(&token).await?;
    Ok(Page::Invitation(found.map(|(it, organization)| Invitation {
        token,
        organization: organization.name,
        email: it.email,
        role: it.role,
    })))
}
