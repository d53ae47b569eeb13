//! What the fuzz targets check. `cargo test -p meta` checks the same with the
//! inputs in `corpus/`.

pub mod checks;
#[path = "../../tests/inbound/sign.rs"]
pub mod sign;
