//! 陈述与听证: what the organisation had to say before it was decided. Appended to, never changed.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::db::{Conn, Ts};
use platform::history::{ActorId, By};
use serde_json::json;

use super::listings::{ListingRow, save};
use crate::schema::listing_statements as statements;
use crate::standings::dto::{HearingIn, ListingId, ListingStatus, StatementId, StatementIn, StatementKind};
use crate::standings::rules::NOT_HEARD;
use crate::standings::rules::listing::{check_held, may_state};
use crate::standings::rules::states::{ListingStep, target_of};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = statements, treat_none_as_default_value = false)]
pub struct StatementRow {
    pub id: StatementId,
    pub listing_id: ListingId,
    pub kind: StatementKind,
    pub words: String,
    pub held_on: NaiveDate,
    pub stated_by: Option<ActorId>,
    pub created_at: Ts,
}

pub fn of(c: &mut Conn, listing: ListingId) -> Result<Vec<StatementRow>> {
    let of_this = statements::table.filter(statements::listing_id.eq(listing));
    Ok(of_this.order(statements::id.asc()).select(StatementRow::as_select()).load(c)?)
}

fn count(c: &mut Conn, listing: ListingId) -> Result<i64> {
    Ok(statements::table.filter(statements::listing_id.eq(listing)).count().get_result(c)?)
}

/// 陈述申辩, by the organisation itself.
pub fn state(c: &mut Conn, row: &ListingRow, body: &StatementIn, by: &By) -> Result<ListingRow> {
    check_hears(row)?;
    may_state(row.hear_until, by.today, count(c, row.id)?)?;
    add(c, row, (StatementKind::Statement, by.today), &body.words, by)
}

/// 听证, written down by those who keep the list.
pub fn hear(c: &mut Conn, row: &ListingRow, body: &HearingIn, by: &By) -> Result<ListingRow> {
    check_hears(row)?;
    check_held(body.held_on, row.notified_on, by.today, count(c, row.id)?)?;
    add(c, row, (StatementKind::Hearing, body.held_on), &body.words, by)
}

/// Heard is who was told, as long as it is not decided.
fn check_hears(row: &ListingRow) -> Result<()> {
    match row.status {
        ListingStatus::Notified => Ok(()),
        ListingStatus::Proposed => Err((&NOT_HEARD).into()),
        decided => target_of(ListingStep::Decide, decided).map(drop),
    }
}

fn add(
    c: &mut Conn,
    row: &ListingRow,
    (kind, held_on): (StatementKind, NaiveDate),
    words: &str,
    by: &By,
) -> Result<ListingRow> {
    let said = StatementRow {
        id: StatementId::fresh(),
        listing_id: row.id,
        kind,
        words: words.to_owned(),
        held_on,
        stated_by: by.actor.map(ActorId),
        created_at: by.at,
    };
    diesel::insert_into(statements::table).values(&said).execute(c)?;
    // The entry's version goes up with it, so that nobody decides over words that they have not seen.
    let data = json!({ "statement_id": said.id, "kind": kind, "held_on": held_on });
    save(c, row, row.clone(), ("listing.heard", data), by)
}
