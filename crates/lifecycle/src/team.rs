//! What may become of the people of an organization.

use crate::{Role, ids::UserId};

/// What somebody wants of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamChange {
    Role(Role),
    Remove,
}

/// Why it is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamRefusal {
    /// The person is not one of them, or no longer.
    NotThere,
    /// Nobody would be left who may connect and renew.
    LastAdmin,
}

/// Whether the team stays able to act.
pub fn may_change(team: &[(UserId, Role)], person: UserId, change: TeamChange) -> Result<(), TeamRefusal> {
    let Some((_, role)) = team.iter().find(|(id, _)| *id == person) else { return Err(TeamRefusal::NotThere) };
    let stays = matches!(change, TeamChange::Role(role) if role.may_connect());
    let others = team.iter().any(|(id, role)| *id != person && role.may_connect());
    if role.may_connect() && !stays && !others { Err(TeamRefusal::LastAdmin) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Timestamp;

    fn person(number: u8) -> UserId {
        UserId::new(Timestamp(0), [number; 10])
    }

    fn changes() -> impl Strategy<Value = (u8, Option<Role>)> {
        let roles = prop_oneof![Just(None), Just(Some(Role::Admin)), Just(Some(Role::Agent))];
        (0u8..6, roles)
    }

    proptest! {
        /// Whatever is asked for in whatever order, somebody stays who may connect.
        #[test]
        fn an_administrator_is_always_left(asked in proptest::collection::vec(changes(), 0..40)) {
            let mut team: Vec<_> = (0..4).map(|it| (person(it), if it < 2 { Role::Admin } else { Role::Agent })).collect();
            for (number, role) in asked {
                let who = person(number);
                let change = role.map_or(TeamChange::Remove, TeamChange::Role);
                let there = team.iter().any(|(id, _)| *id == who);
                match may_change(&team, who, change) {
                    Ok(()) => {
                        team.retain(|(id, _)| *id != who || role.is_some());
                        team.iter_mut().filter(|(id, _)| *id == who).for_each(|it| it.1 = role.unwrap_or(it.1));
                    }
                    Err(refusal) => prop_assert_eq!(refusal == TeamRefusal::NotThere, !there),
                }
                prop_assert!(team.iter().any(|(_, role)| role.may_connect()));
            }
        }
    }

    #[test]
    fn the_last_administrator_may_stay_one() {
        let team = [(person(1), Role::Admin), (person(2), Role::Agent)];
        for change in [TeamChange::Remove, TeamChange::Role(Role::Agent)] {
            assert_eq!(may_change(&team, person(1), change), Err(TeamRefusal::LastAdmin));
        }
        assert_eq!(may_change(&team, person(1), TeamChange::Role(Role::Admin)), Ok(()));
        assert_eq!(may_change(&team, person(2), TeamChange::Remove), Ok(()));
    }
}
