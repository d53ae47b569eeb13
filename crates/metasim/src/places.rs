//! Where something stands in a long list: found once, then looked up.

use std::cell::RefCell;
use std::collections::HashMap;

/// Places by key. One that is not right any more, because the list was edited, is found anew.
#[derive(Clone, Default)]
pub(crate) struct Places(RefCell<HashMap<String, usize>>);

impl Places {
    /// The first that `is` it.
    pub fn find<'a, T>(&self, list: &'a [T], key: &str, is: impl Fn(&T) -> bool) -> Option<&'a T> {
        let known = self.0.borrow().get(key).and_then(|place| list.get(*place)).filter(|it| is(it));
        if known.is_some() {
            return known;
        }
        let place = list.iter().position(is)?;
        self.0.borrow_mut().insert(key.to_owned(), place);
        list.get(place)
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn what_was_edited_is_found_anew() {
        let places = Places::default();
        let find = |list: &[&'static str], key: &str| places.find(list, key, |it| *it == key).copied();
        assert_eq!(find(&["a", "b"], "b"), Some("b"));
        assert_eq!(find(&["b", "c"], "b"), Some("b"));
        assert_eq!(find(&["c"], "b"), None);
        assert_eq!(find(&["c", "b"], "b"), Some("b"));
    }
}
