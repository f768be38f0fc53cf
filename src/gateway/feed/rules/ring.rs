//! The newest events, kept in memory for those who are up to date.

use std::collections::VecDeque;
use std::sync::Arc;

use platform::db::Ts;

use super::Position;

/// An event without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thin {
    pub position: Position,
    pub event: String,
    pub entity: String,
    pub entity_id: String,
    pub area_code: String,
    pub at: Ts,
}

/// A run of the feed without a gap, up to its head.
#[derive(Debug)]
pub struct Ring {
    kept: VecDeque<Arc<Thin>>,
    /// All that comes behind it, up to the head, is kept.
    behind: Position,
    head: Position,
    capacity: usize,
}

impl Ring {
    pub fn starting_at(head: Position, capacity: usize) -> Self {
        Self { kept: VecDeque::new(), behind: head, head, capacity }
    }

    /// Takes what comes next in the feed.
    pub fn extend(&mut self, next: Vec<Thin>) {
        for thin in next {
            self.head = thin.position;
            self.kept.push_back(Arc::new(thin));
            if self.kept.len() > self.capacity
                && let Some(gone) = self.kept.pop_front()
            {
                self.behind = gone.position;
            }
        }
    }

    pub fn head(&self) -> Position {
        self.head
    }

    /// Whether nothing behind `from` has left the ring, and `from` is not ahead of it.
    pub fn covers(&self, from: Position) -> bool {
        self.behind <= from && from <= self.head
    }

    /// Up to `limit` events behind `from`; `None` where some of them are no longer kept.
    pub fn after(&self, from: Position, limit: usize) -> Option<Vec<Arc<Thin>>> {
        if from < self.behind {
            return None;
        }
        let first = self.kept.partition_point(|thin| thin.position <= from);
        Some(self.kept.iter().skip(first).take(limit).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thin((group, number): (i64, i64)) -> Thin {
        Thin {
            position: Position { group, number },
            event: "grid.created".into(),
            entity: "grid".into(),
            entity_id: String::new(),
            area_code: String::new(),
            at: Ts::from_micros(0),
        }
    }

    proptest::proptest! {
        #[test]
        fn a_reader_gets_every_event_once_and_in_order_or_is_told_that_some_are_gone(
            mut all in proptest::collection::btree_set((1i64..40, 1i64..1000), 1..80),
            capacity in 1usize..40, from in 0usize..80, limit in 1usize..9,
        ) {
            let feed: Vec<Thin> = std::mem::take(&mut all).into_iter().map(thin).collect();
            let mut ring = Ring::starting_at(Position::START, capacity);
            ring.extend(feed.clone());
            let behind = from.min(feed.len());
            let mut at = behind.checked_sub(1).map_or(Position::START, |last| feed[last].position);
            match ring.after(at, limit) {
                None => proptest::prop_assert!(feed.len() - behind > capacity),
                Some(_) => {
                    let mut read = Vec::new();
                    while let Some(next) = ring.after(at, limit).filter(|next| !next.is_empty()) {
                        at = next[next.len() - 1].position;
                        read.extend(next.iter().map(|thin| thin.position));
                    }
                    let due: Vec<Position> = feed[behind..].iter().map(|thin| thin.position).collect();
                    proptest::prop_assert_eq!(read, due);
                    proptest::prop_assert_eq!(at, ring.head());
                }
            }
        }
    }
}
