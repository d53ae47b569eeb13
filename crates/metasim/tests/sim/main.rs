//! The simulator as its users meet it: over HTTP.

#[cfg(test)]
mod app_node;
#[cfg(test)]
mod businesses;
#[cfg(test)]
mod callbacks;
#[cfg(test)]
mod common;
#[cfg(test)]
mod control;
#[cfg(test)]
mod dance;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod instagram;
#[cfg(test)]
mod page;
#[cfg(test)]
mod receiver;
#[cfg(test)]
mod recordings;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod webhooks;
