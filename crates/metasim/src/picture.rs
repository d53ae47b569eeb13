//! The profile pictures that answers point to: a pattern of its own for each account, as PNG.

use std::io::{self, Write as _};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use flate2::{Compression, Crc, write::ZlibEncoder};

use crate::Sim;

/// Blocks from side to side.
const BLOCKS: usize = 5;
/// Pixels of a block from side to side, eight to a byte.
const BLOCK: usize = 16;
/// Calm colours on which white can be seen.
const COLOURS: [[u8; 3]; 6] =
    [[38, 101, 96], [90, 74, 130], [140, 76, 62], [60, 92, 140], [116, 88, 40], [124, 66, 104]];

pub(crate) fn url(public_url: &str, id: &str) -> String {
    format!("{public_url}/cdn/{id}.png")
}

pub(crate) async fn handle(State(sim): State<Sim>, Path(file): Path<String>) -> Response {
    let id = file.trim_end_matches(".png");
    let is_known = sim.with(|meta| {
        let world = &meta.state.world;
        world.page(id).is_some() || meta.instagram_account(id).is_some() || world.person(id).is_some()
    });
    if !is_known {
        return StatusCode::NOT_FOUND.into_response();
    }
    let seed = id.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    match png(seed) {
        Ok(picture) => ([(CONTENT_TYPE, "image/png")], picture).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// One bit for each pixel, and a palette of two colours.
fn png(seed: u32) -> io::Result<Vec<u8>> {
    let side = (BLOCKS * BLOCK) as u32;
    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::default());
    for row in 0..BLOCKS {
        let mut line = vec![0_u8];
        for column in 0..BLOCKS {
            let shade = if is_light(seed, row, column) { 0xff } else { 0 };
            line.extend([shade; BLOCK / 8]);
        }
        for _ in 0..BLOCK {
            pixels.write_all(&line)?;
        }
    }
    let colour = COLOURS[seed as usize % COLOURS.len()];
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &[&side.to_be_bytes()[..], &side.to_be_bytes(), &[1, 3, 0, 0, 0]].concat());
    chunk(&mut file, *b"PLTE", &[colour, [255; 3]].concat());
    chunk(&mut file, *b"IDAT", &pixels.finish()?);
    chunk(&mut file, *b"IEND", &[]);
    Ok(file)
}

/// The same on the left and on the right.
fn is_light(seed: u32, row: usize, column: usize) -> bool {
    let half = column.min(BLOCKS - 1 - column);
    (seed.wrapping_mul(0x9e37_79b9) >> (row * BLOCKS.div_ceil(2) + half)) & 1 == 1
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut crc = Crc::new();
    crc.update(&kind);
    crc.update(data);
    file.extend((data.len() as u32).to_be_bytes());
    file.extend(kind);
    file.extend(data);
    file.extend(crc.sum().to_be_bytes());
}
