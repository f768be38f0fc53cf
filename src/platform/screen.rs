//! 大屏: what the public screens of a community show, written by the contexts in the transaction of each change.
//!
//! Nothing of a person and nothing that somebody typed: words come from dictionaries, a place is a compound's name and a
//! building's number at most. [`post`] refuses what looks like more. The area never lies deeper than a building.

use diesel::prelude::*;

use crate::auth::{AreaCode, AreaLevel};
use crate::db::{Conn, Range, Ts};
use crate::error::{Error, Result};
use crate::insert_rows;
use crate::schema::screen_items;
use crate::text::holds_long_number;

/// The longest text that a screen shows.
const MOST_CHARS: usize = 60;
/// Rows that have run out are deleted in runs of this many.
const PER_RUN: i64 = 5_000;

/// One line of a screen.
#[derive(Debug, Clone)]
pub struct ScreenItem<'a> {
    pub area_code: &'a AreaCode,
    pub at: Ts,
    /// A stable code, `case.opened`.
    pub kind: &'static str,
    /// From a dictionary, in Chinese and English.
    pub label: (&'a str, &'a str),
    /// The compound, and the building's number: `同德巷1号院 3号楼`.
    pub place: &'a str,
    /// A stable code.
    pub status: &'static str,
    /// What it tells of, for whoever posted it.
    pub source: (&'static str, &'a str),
    pub expires_at: Ts,
}

#[derive(Insertable)]
#[diesel(table_name = screen_items, treat_none_as_default_value = false)]
struct NewItem<'a> {
    area_code: &'a str,
    at: Ts,
    kind: &'a str,
    label_zh: &'a str,
    label_en: &'a str,
    place: &'a str,
    status: &'a str,
    source_entity: &'a str,
    source_id: &'a str,
    expires_at: Ts,
}

/// A line as it is shown.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = screen_items)]
pub struct ScreenRow {
    pub position: i64,
    pub at: Ts,
    pub kind: String,
    pub label_zh: String,
    pub label_en: String,
    pub place: String,
    pub status: String,
}

/// Whether a text may hang where everybody reads it: short, without what a telephone number or an address is made of.
fn is_public(text: &str) -> bool {
    let phone = holds_long_number(text);
    let odd = text.chars().any(|char| char.is_control() || matches!(char, '@' | '<' | '>'));
    !text.trim().is_empty() && text.chars().count() <= MOST_CHARS && !phone && !odd
}

/// Whether it lies in one community, and no deeper than a building.
fn is_shown(area: &AreaCode) -> bool {
    use AreaLevel::{Building, Community, Compound, Grid};
    matches!(area.level(), Community | Grid | Compound | Building)
}

impl<'a> NewItem<'a> {
    /// A line that may not be shown is a fault of the context that posts it.
    fn of(item: &ScreenItem<'a>) -> Result<Self> {
        let (label_zh, label_en) = item.label;
        if !is_shown(item.area_code) || ![label_zh, label_en, item.place].into_iter().all(is_public) {
            return Err(Error::internal(format!("{} is nothing for a public screen", item.kind)));
        }
        let (source_entity, source_id) = item.source;
        Ok(Self {
            area_code: item.area_code.as_str(),
            at: item.at,
            kind: item.kind,
            label_zh,
            label_en,
            place: item.place,
            status: item.status,
            source_entity,
            source_id,
            expires_at: item.expires_at,
        })
    }
}

/// Shows these lines.
pub fn post(c: &mut Conn, items: &[ScreenItem<'_>]) -> Result<()> {
    let new: Vec<NewItem<'_>> = items.iter().map(NewItem::of).collect::<Result<_>>()?;
    insert_rows!(c, screen_items::table, new.iter().collect())?;
    Ok(())
}

/// What a community's screens show, the newest first.
pub fn list(c: &mut Conn, community: &AreaCode, now: Ts, limit: i64) -> Result<Vec<ScreenRow>> {
    let range = Range::under(community.as_str());
    Ok(screen_items::table
        .filter(screen_items::area_code.ge(range.from).and(screen_items::area_code.lt(range.to)))
        .filter(screen_items::expires_at.gt(now))
        .order(screen_items::position.desc())
        .limit(limit)
        .select(ScreenRow::as_select())
        .load(c)?)
}

/// Forgets lines that have run out; how many, a full run where there may be more.
pub fn purge(c: &mut Conn, now: Ts) -> Result<usize> {
    let over: Vec<i64> = screen_items::table
        .filter(screen_items::expires_at.le(now))
        .order(screen_items::position)
        .limit(PER_RUN)
        .select(screen_items::position)
        .load(c)?;
    match over.last() {
        None => Ok(0),
        Some(last) => {
            let run = screen_items::expires_at.le(now).and(screen_items::position.le(last));
            Ok(diesel::delete(screen_items::table.filter(run)).execute(c)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_person_is_not_for_a_screen() {
        for text in ["同德巷1号院 3号楼", "路灯不亮", "Street light out", "12号楼"] {
            assert!(is_public(text), "{text}");
        }
        for text in
            ["", " ", "电话13800138000", "8812345", "a@b.cn", "两\n行", &"长".repeat(61), "６２０９０２１９９０"]
        {
            assert!(!is_public(text), "{text}");
        }
    }

    #[test]
    fn a_screen_knows_no_flat() {
        let shown = |code: &str| code.parse().is_ok_and(|area| is_shown(&area));
        assert!(["620902005003", "620902005003001", "620902005003-0001-002"].into_iter().all(shown));
        assert!(!["", "620902", "620902005", "620902005003-0001-002-03"].into_iter().any(shown));
    }

    proptest::proptest! {
        #[test]
        fn no_telephone_number_gets_onto_a_screen(before in "\\PC{0,10}", phone in "1[3-9][0-9]{9}", after in "\\PC{0,10}") {
            let text = [before, phone, after].concat();
            proptest::prop_assert!(!is_public(&text));
        }
    }
}
