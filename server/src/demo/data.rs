//! The demo's organizations, people and connections.

use lifecycle::{Role, Timestamp, clock::DAY_MS, health::TokenProof};
use metasim::{SeededGrant, SeededInstagramGrant, Sim};
use renewal::{AdoptedGrant, AdoptedInstagram, AdoptedInstagramLogin, AdoptedPage, NewOrganization, NewUser, Renova};

use super::DemoError;

/// Of everybody.
pub const PASSWORD: &str = "renova-demo";

/// E-mail and what the person is, for the terminal.
pub const LOGINS: &[(&str, &str)] = &[
    ("clara@boreal.example", "Café Boreal, administrator"),
    ("ana@aurora.example", "Loja Aurora, administrator"),
    ("bruno@aurora.example", "Loja Aurora, agent"),
];

/// Slug and name.
const ORGANIZATIONS: &[(&str, &str)] = &[("boreal", "Café Boreal"), ("aurora", "Loja Aurora")];

/// Slug, e-mail, name, role.
const PEOPLE: &[(&str, &str, &str, Role)] = &[
    ("boreal", "clara@boreal.example", "Clara Lima", Role::Admin),
    ("aurora", "ana@aurora.example", "Ana Souza", Role::Admin),
    ("aurora", "bruno@aurora.example", "Bruno Alves", Role::Agent),
];

/// Slug, Facebook person, days until the grant ends.
const GRANTS: &[(&str, &str, i64)] = &[
    ("boreal", "Clara Lima", 3),
    ("aurora", "Ana Souza", 5),
    ("aurora", "Elisa Prado", -1),
    ("aurora", "Fábio Reis", 42),
];

/// Slug, Instagram account, days until its token ends: it is refreshed long before.
const INSTAGRAM_GRANTS: &[(&str, &str, i64)] = &[("aurora", "aurora.kids", 50)];

/// Organizations and users, where they are missing.
pub async fn people(renova: &Renova) -> Result<(), DemoError> {
    let storage = renova.storage();
    for (slug, name) in ORGANIZATIONS {
        if storage.organization_by_slug(slug).await.map_err(renewal::Error::from)?.is_none() {
            let new = NewOrganization {
                external_id: (*slug).to_owned(),
                name: (*name).to_owned(),
                slug: Some((*slug).to_owned()),
                time_zone: Some("America/Sao_Paulo".to_owned()),
                locale: Some("pt-BR".to_owned()),
            };
            renova.add_organization(new).await?;
        }
    }
    for (slug, email, name, role) in PEOPLE {
        if storage.user_by_email(email).await.map_err(renewal::Error::from)?.is_none() {
            let new = NewUser {
                email: (*email).to_owned(),
                name: (*name).to_owned(),
                role: *role,
                external_id: email.split('@').next().map(str::to_owned),
                password: PASSWORD.into(),
            };
            renova.add_user(slug, new).await?;
        }
    }
    Ok(())
}

/// Connections with tokens that the simulator knows.
pub async fn connections(renova: &Renova, sim: &Sim) -> Result<(), DemoError> {
    for (slug, person, days) in GRANTS {
        let grant = sim.seed_grant(person, days * DAY_MS)?;
        renova.adopt_grant(slug, adopted(grant, Timestamp(sim.now_ms()))).await?;
    }
    for (slug, username, days) in INSTAGRAM_GRANTS {
        let grant = sim.seed_instagram_grant(username, days * DAY_MS)?;
        renova.adopt_instagram_login(slug, adopted_instagram(grant)).await?;
    }
    Ok(())
}

fn adopted_instagram(grant: SeededInstagramGrant) -> AdoptedInstagramLogin {
    AdoptedInstagramLogin {
        id: grant.account_id,
        username: grant.username,
        name: grant.name,
        token: grant.token.into(),
        issued_at: Some(Timestamp(grant.issued_at_ms)),
        expires_at: Some(Timestamp(grant.expires_at_ms)),
        scopes: grant.scopes,
        subscribed_fields: grant.subscribed_fields,
    }
}

/// A grant that has ended is one whose end was proved.
fn adopted(grant: SeededGrant, now: Timestamp) -> AdoptedGrant {
    let expires_at = Timestamp(grant.expires_at_ms);
    let ended = expires_at <= now;
    AdoptedGrant {
        person_id: grant.user_id,
        person_name: grant.user_name,
        user_token: grant.user_token.into(),
        issued_at: Some(Timestamp(grant.issued_at_ms)),
        expires_at: Some(expires_at),
        data_access_expires_at: Some(Timestamp(grant.data_access_expires_at_ms)),
        scopes: grant.scopes,
        pages: grant
            .pages
            .into_iter()
            .map(|page| AdoptedPage {
                id: page.id,
                name: page.name,
                token: page.token.into(),
                subscribed_fields: page.subscribed_fields,
                instagram: page.instagram.map(|account| AdoptedInstagram {
                    id: account.id,
                    username: account.username,
                    name: account.name,
                }),
            })
            .collect(),
        proof: if ended { TokenProof::Expired } else { TokenProof::Works },
        dead_since: ended.then_some(expires_at),
    }
}
