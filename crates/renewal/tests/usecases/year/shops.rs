//! Who is connected at the beginning of the year.

use std::collections::HashMap;

use lifecycle::{
    Provider, Role, Timestamp,
    clock::{DAY_MS, HOUR_MS},
    ids::ConnectionId,
};
use renewal::Identity;
use serde_json::json;

use super::Dice;
use crate::support::World;

/// Connections of one organization.
const EACH: usize = 40;
/// One of so many is connected by Instagram Login.
const ONE_BY_INSTAGRAM: usize = 4;

pub struct Shop {
    pub id: ConnectionId,
    /// Whose administrator looks and renews.
    pub organization: usize,
    pub person: String,
    /// By Instagram Login nobody ever has to renew.
    pub provider: Provider,
    /// Renews when this many warnings of the present grant have come.
    pub patience: u64,
    /// Since when its tokens are dead at Meta, before anybody has told us.
    pub dead_since: Option<Timestamp>,
}

/// With the place of each by its id.
pub struct Shops {
    pub all: Vec<Shop>,
    pub places: HashMap<ConnectionId, usize>,
    /// One of each organization, all named *Ana* with a number.
    pub administrators: Vec<Identity>,
}

impl Shops {
    pub fn of(&mut self, id: ConnectionId) -> &mut Shop {
        &mut self.all[self.places[&id]]
    }
}

pub async fn open(world: &World, dice: &mut Dice, connections: usize) -> Shops {
    let names: Vec<_> = (0..connections).map(|number| format!("Pessoa {number}")).collect();
    let people: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
    let page = |number: usize| {
        json!({"name": format!("Loja {number}"), "people": [names[number]],
            "instagram": {"username": format!("loja.{number}")}})
    };
    // As Meta gives more to an app that more people use: nobody here waits for another hour.
    world.meta.put("settings", json!({"calls_an_hour": 1_000 * connections.max(10)})).await;
    world.meta.put("people", json!({"people": people})).await;
    world.meta.put("pages", json!({"pages": (0..connections).map(page).collect::<Vec<_>>()})).await;
    let mut administrators = Vec::new();
    for number in 0..connections.div_ceil(EACH) {
        world.organization(&slug(number), &format!("Rede {number}")).await;
        for name in ["Ana", "Beatriz"] {
            world.person(&slug(number), &format!("{name}{number}"), Role::Admin).await;
        }
        administrators.push(world.signed_in(&format!("Ana{number}")).await);
    }
    let mut all = Vec::new();
    for (number, person) in names.into_iter().enumerate() {
        let organization = number / EACH;
        let by_instagram = number % ONE_BY_INSTAGRAM == ONE_BY_INSTAGRAM - 1;
        let left = 20 + i64::try_from(dice.roll(40)).unwrap();
        let (slug, username) = (slug(organization), format!("loja.{number}"));
        let (provider, id) = if by_instagram {
            let age = (60 - left) * DAY_MS + 25 * HOUR_MS;
            let id = world.connected_by_instagram(&slug, &username, left * DAY_MS, age).await;
            (Provider::Instagram, id)
        } else {
            (Provider::Facebook, world.connected(&slug, &person, left).await)
        };
        all.push(Shop { id, organization, person, provider, patience: 1 + dice.roll(7), dead_since: None });
    }
    let places = all.iter().enumerate().map(|(place, shop)| (shop.id, place)).collect();
    Shops { all, places, administrators }
}

fn slug(organization: usize) -> String {
    format!("rede-{organization}")
}
