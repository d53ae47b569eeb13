//! How many streams one person may have open.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use lifecycle::ids::UserId;

/// More windows than this ask by the clock.
pub const MOST: usize = 10;

/// Who has how many open in this process.
#[derive(Clone, Default)]
pub struct Places(Arc<Mutex<HashMap<UserId, usize>>>);

/// One stream's; free again when it is dropped.
pub struct Place {
    places: Places,
    user: UserId,
}

impl Places {
    /// `None`: this person has all of theirs.
    pub fn take(&self, user: UserId) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(user).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(Place { places: self.clone(), user })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.user);
            }
        }
    }
}
