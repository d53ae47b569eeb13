//! The profile pictures that answers point to: an initial on a colour.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::Sim;
use crate::html::escape;

pub(crate) fn url(public_url: &str, id: &str) -> String {
    format!("{public_url}/cdn/{id}.svg")
}

pub(crate) async fn handle(State(sim): State<Sim>, Path(file): Path<String>) -> Response {
    let id = file.trim_end_matches(".svg");
    let name = sim.with(|meta| {
        let world = &meta.state.world;
        world
            .page(id)
            .map(|page| page.name.clone())
            .or_else(|| meta.instagram_account(id).map(|account| account.name.clone()))
            .or_else(|| world.person(id).map(|person| person.name.clone()))
    });
    let Some(name) = name else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let hue = id.bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 360);
    let initial = escape(&name.chars().take(1).collect::<String>());
    let picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\">\
         <rect width=\"100\" height=\"100\" fill=\"hsl({hue} 55% 35%)\"/>\
         <text x=\"50\" y=\"68\" font-family=\"sans-serif\" font-size=\"52\" \
         text-anchor=\"middle\" fill=\"#fff\">{initial}</text></svg>"
    );
    ([(CONTENT_TYPE, "image/svg+xml")], picture).into_response()
}
