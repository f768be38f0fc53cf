//! What a checklist of a kind has to have, and what a check takes.

use std::collections::HashSet;

use platform::Result;
use platform::media::MediaKind;

use super::{ITEM_COUNT, ITEM_REPEATED, NOT_A_PICTURE, TOO_MANY_PICTURES};
use crate::standards::dto::ChecklistKind;

/// As many pictures as a check takes: three of each of forty items.
const MOST_PICTURES: i64 = 120;

/// How many items the kind has by its name; the smart pilot's are the place's own.
pub fn items_of(kind: ChecklistKind) -> Option<usize> {
    match kind {
        ChecklistKind::Red40 => Some(40),
        ChecklistKind::Service15 | ChecklistKind::Routine15 => Some(15),
        ChecklistKind::Special10 => Some(10),
        ChecklistKind::SixHaves => Some(6),
        ChecklistKind::FiveDisclosures => Some(5),
        ChecklistKind::SmartPilot => None,
    }
}

/// A draft may be short of items; what is published is whole.
pub fn check_whole(kind: ChecklistKind, items: usize) -> Result<()> {
    let fits = items_of(kind).map_or(items > 0, |wanted| wanted == items);
    if fits { Ok(()) } else { Err((&ITEM_COUNT).into()) }
}

/// No two items of one code; the second is named.
pub fn check_codes<'a>(codes: impl IntoIterator<Item = &'a str>) -> Result<()> {
    let mut seen = HashSet::new();
    match codes.into_iter().position(|code| !seen.insert(code)) {
        Some(at) => Err(ITEM_REPEATED.at(format!("/items/{at}/code"))),
        None => Ok(()),
    }
}

pub fn check_kind(media: MediaKind) -> Result<()> {
    if media.is_picture() { Ok(()) } else { Err(NOT_A_PICTURE.at("/file")) }
}

pub fn check_room(there: i64) -> Result<()> {
    if there < MOST_PICTURES { Ok(()) } else { Err((&TOO_MANY_PICTURES).into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_the_items_that_its_name_says() {
        for (kind, items) in [
            (ChecklistKind::Red40, 40),
            (ChecklistKind::Service15, 15),
            (ChecklistKind::Routine15, 15),
            (ChecklistKind::Special10, 10),
            (ChecklistKind::SixHaves, 6),
            (ChecklistKind::FiveDisclosures, 5),
            (ChecklistKind::SmartPilot, 7),
        ] {
            assert!(check_whole(kind, items).is_ok() && check_whole(kind, 0).is_err(), "{kind}");
            assert_eq!(check_whole(kind, items + 1).is_ok(), kind == ChecklistKind::SmartPilot, "{kind}");
        }
    }

    #[test]
    fn codes_are_given_once_and_pictures_are_pictures() {
        assert!(check_codes(["A1", "A2"]).is_ok() && check_codes(["A1", "A2", "A1"]).is_err());
        assert!(check_kind(MediaKind::Png).is_ok() && check_kind(MediaKind::Pdf).is_err());
        assert!(check_room(119).is_ok() && check_room(120).is_err());
    }
}
