//! The use cases against a simulated Meta and a real SQLite file.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where something unexpected is")]

#[path = "usecases/accounts.rs"]
mod accounts;
#[path = "usecases/callbacks_model.rs"]
mod callbacks_model;
#[path = "usecases/clock_jump.rs"]
mod clock_jump;
#[path = "usecases/databases.rs"]
mod databases;
#[path = "usecases/dialogs.rs"]
mod dialogs;
#[path = "usecases/events.rs"]
mod events;
#[path = "usecases/faults.rs"]
mod faults;
#[path = "usecases/hand_over.rs"]
mod hand_over;
#[path = "usecases/hiccups.rs"]
mod hiccups;
#[path = "usecases/inbound.rs"]
mod inbound;
#[path = "usecases/journey.rs"]
mod journey;
#[path = "usecases/large.rs"]
mod large;
#[path = "usecases/passing_on.rs"]
mod passing_on;
#[path = "usecases/pictures.rs"]
mod pictures;
#[path = "usecases/renewal_links.rs"]
mod renewal_links;
#[path = "usecases/reviewing.rs"]
mod reviewing;
#[path = "usecases/settings.rs"]
mod settings;
#[path = "usecases/siblings.rs"]
mod siblings;
#[path = "usecases/signing.rs"]
mod signing;
#[path = "usecases/snoozing.rs"]
mod snoozing;
#[path = "usecases/support.rs"]
mod support;
#[path = "usecases/team.rs"]
mod team;
#[path = "usecases/walls.rs"]
mod walls;
#[path = "usecases/warnings.rs"]
mod warnings;
#[path = "usecases/watching.rs"]
mod watching;
#[path = "usecases/ways.rs"]
mod ways;
#[path = "usecases/webhooks.rs"]
mod webhooks;
#[path = "usecases/year.rs"]
mod year;
