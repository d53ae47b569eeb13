//! What a connection needs of Meta, and whether it has it.

use std::collections::BTreeSet;

use crate::{ChannelState, ConnectionState, Renova, apps::account_kind};

/// A permission or a field of a subscription, by Meta's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Requirement {
    pub name: &'static str,
    pub is_met: bool,
}

impl Renova {
    /// The permissions that the channels of a connection need together.
    #[must_use]
    pub fn permissions_of(&self, state: &ConnectionState) -> Vec<Requirement> {
        let Ok(app) = self.app_of(state.connection.meta_app_id) else { return Vec::new() };
        let needed: BTreeSet<&'static str> = state
            .channels
            .iter()
            .flat_map(|it| app.login.needs(account_kind(it.channel.kind)).permissions)
            .copied()
            .collect();
        let has = |name: &str| state.connection.facts.scopes.iter().any(|scope| scope == name);
        needed.into_iter().map(|name| Requirement { name, is_met: has(name) }).collect()
    }

    /// What Meta has to send of a channel.
    #[must_use]
    pub fn fields_of(&self, state: &ConnectionState, of: &ChannelState) -> Vec<Requirement> {
        let Ok(app) = self.app_of(state.connection.meta_app_id) else { return Vec::new() };
        let has = |name: &str| of.channel.subscribed_fields.iter().any(|field| field == name);
        let needed = app.login.needs(account_kind(of.channel.kind)).fields;
        needed.iter().map(|name| Requirement { name, is_met: has(name) }).collect()
    }
}
