//! How many may wait at once, in the process and for one caller.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use platform::{Error, Result};
use uuid::Uuid;

use super::rules;

/// Seconds after which a refused caller may try again.
const RETRY_SECONDS: u64 = 5;

#[derive(Clone)]
pub struct Slots(Arc<Inner>);

struct Inner {
    most: usize,
    most_per_caller: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_caller: HashMap<Uuid, usize>,
}

/// Given back when it is dropped.
pub struct Slot {
    slots: Slots,
    caller: Uuid,
}

impl Slots {
    pub fn new(most: usize, most_per_caller: usize) -> Self {
        Self(Arc::new(Inner { most, most_per_caller, taken: Mutex::default() }))
    }

    pub fn take(&self, caller: Uuid) -> Result<Slot> {
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.by_caller.get(&caller).copied().unwrap_or(0);
        if own >= self.0.most_per_caller {
            return Err(Error::Wait { problem: &rules::TOO_MANY_STREAMS, seconds: RETRY_SECONDS });
        }
        if taken.all >= self.0.most {
            return Err(Error::Busy);
        }
        taken.all += 1;
        taken.by_caller.insert(caller, own + 1);
        Ok(Slot { slots: self.clone(), caller })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        let left = taken.by_caller.get(&self.caller).map_or(0, |own| own.saturating_sub(1));
        match left {
            0 => drop(taken.by_caller.remove(&self.caller)),
            left => drop(taken.by_caller.insert(self.caller, left)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_there_again_when_it_is_given_back() {
        let (slots, one, two) = (Slots::new(3, 2), Uuid::from_u128(1), Uuid::from_u128(2));
        let held = [slots.take(one).ok(), slots.take(one).ok()];
        assert!(matches!(slots.take(one), Err(Error::Wait { .. })), "two are enough for one");
        let other = slots.take(two).ok();
        assert!(matches!(slots.take(Uuid::from_u128(3)), Err(Error::Busy)), "three are enough for all");
        drop(held);
        assert!(slots.take(one).is_ok());
        drop(other);
        let taken = slots.0.taken.lock().expect("no panic");
        assert_eq!((taken.all, taken.by_caller.len()), (0, 0));
    }
}
