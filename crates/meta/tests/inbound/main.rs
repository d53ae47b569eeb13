//! What Meta sends by itself: notifications and signed callbacks.

mod signature;
