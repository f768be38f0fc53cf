//! 位置: where an event stands in the order of the commits.

use std::fmt;
use std::str::FromStr;

/// Ordered as the feed is. The group is the transaction (PostgreSQL) or nothing (SQLite); the number the outbox row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    pub group: i64,
    pub number: i64,
}

/// Hexadecimal digits of each half: texts are in the order of the positions.
const DIGITS: usize = 16;

impl Position {
    /// Before everything: the oldest event that is still kept comes next.
    pub const START: Self = Self { group: 0, number: 0 };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0DIGITS$x}-{:0DIGITS$x}", self.group, self.number)
    }
}

impl FromStr for Position {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "0" {
            return Ok(Self::START);
        }
        let half = |half: &str| {
            let lower = half.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            if half.len() == DIGITS && lower { i64::from_str_radix(half, 16).ok() } else { None }
        };
        let halves = text.split_once('-').and_then(|(group, number)| Some((half(group)?, half(number)?)));
        let (group, number) = halves.ok_or_else(|| format!("{text:?} is no position"))?;
        Ok(Self { group, number })
    }
}

/// What the outbox knows of the place that a reader comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The group of the event with the reader's number, where it is still kept.
    pub group: Option<i64>,
    /// The highest number there is.
    pub newest: i64,
}

/// How a reader goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    At(Position),
    /// What it has missed is gone, or its place is one of another database: it begins anew.
    Anew,
    /// Its place has not been reached here: this may be a replica that is behind.
    NotYet,
}

pub fn resume(from: Position, place: Place) -> Resume {
    match place.group {
        _ if from == Position::START => Resume::At(from),
        Some(group) if group == from.group => Resume::At(from),
        None if from.number > place.newest => Resume::NotYet,
        // The group differs where the database was restored elsewhere, which gave its rows another order.
        _ => Resume::Anew,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_texts_are_no_positions() {
        let good = Position { group: 7, number: 255 }.to_string();
        assert_eq!(good, "0000000000000007-00000000000000ff");
        for text in ["", "1", "-", "00", &good.to_uppercase(), &good[1..], &format!("{good} "), "７", &"f".repeat(33)]
        {
            assert!(text.parse::<Position>().is_err(), "{text}");
        }
        assert!("ffffffffffffffff-0000000000000001".parse::<Position>().is_err(), "negative");
    }

    #[test]
    fn a_reader_whose_event_is_gone_begins_anew() {
        let from = Position { group: 9, number: 40 };
        let place = |group, newest| Place { group, newest };
        assert_eq!(resume(from, place(Some(9), 50)), Resume::At(from));
        assert_eq!(resume(from, place(Some(0), 50)), Resume::Anew);
        assert_eq!(resume(from, place(None, 50)), Resume::Anew);
        assert_eq!(resume(from, place(None, 39)), Resume::NotYet);
        assert_eq!(resume(Position::START, place(None, 50)), Resume::At(Position::START));
    }

    proptest::proptest! {
        #[test]
        fn texts_are_in_the_order_of_positions(a in (0i64.., 0i64..), b in (0i64.., 0i64..)) {
            let [a, b] = [a, b].map(|(group, number)| Position { group, number });
            proptest::prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
            proptest::prop_assert_eq!(a.to_string().parse(), Ok(a));
            proptest::prop_assert!("0" < a.to_string().as_str());
        }
    }
}
