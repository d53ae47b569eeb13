//! The use cases against a simulated Meta and a real SQLite file.

#[path = "usecases/journey.rs"]
mod journey;
#[path = "usecases/support.rs"]
mod support;
#[path = "usecases/walls.rs"]
mod walls;
