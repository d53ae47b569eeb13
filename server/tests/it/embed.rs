//! Renova inside other pages: frames, sessions, and what they may ask.

mod api;
mod frames;
mod support;
mod thefts;
mod tickets;
mod trip;
