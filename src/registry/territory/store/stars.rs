//! 确认星级: a fact that ratings decides and territory keeps.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use serde_json::json;

use super::By;
use super::compounds::{CompoundRow, changed, took_effect};
use crate::schema::compounds;
use crate::territory::dto::{CompoundId, StarResultRef};

/// The star that a rating gave a compound, as of the day on which it was confirmed.
#[derive(Debug, Clone, Copy)]
pub struct ConfirmedStar {
    pub star: i16,
    pub as_of: NaiveDate,
    pub result: StarResultRef,
}

/// Writes down the star that was confirmed. Ratings, which decides it, calls it in the same transaction; the compound's own
/// version guards against two at once.
pub fn confirm_star(c: &mut Conn, compound: CompoundId, new: &ConfirmedStar, by: &By) -> Result<CompoundRow> {
    let row: CompoundRow = compounds::table.find(compound).select(CompoundRow::as_select()).first(c)?;
    let target =
        diesel::update(compounds::table).filter(compounds::id.eq(row.id).and(compounds::version.eq(row.version)));
    let set = (
        compounds::confirmed_star.eq(Some(new.star)),
        compounds::star_as_of.eq(Some(new.as_of)),
        compounds::star_result_id.eq(Some(new.result)),
        compounds::version.eq(row.version + 1),
        compounds::updated_at.eq(by.at),
    );
    took_effect(target.set(set).execute(c)?, &row)?;
    let data = json!({ "from": row.confirmed_star, "to": new.star, "as_of": new.as_of, "result_id": new.result });
    changed(c, &row, "compound.star_confirmed", data, by)
}
