//! A resident's own cases: those that they reported and those that they joined.

use diesel::dsl::exists;
use diesel::prelude::*;
use platform::db::{Conn, Ts};
use platform::history::ActorId;
use platform::{Error, Result};
use registry::identity::AccountId;

use super::rows::{CaseRow, DetailsRow};
use crate::cases::dto::{CaseId, Outcome, Status};
use crate::names::organisation_names;
use crate::schema::{case_details, case_joins, case_reporters, cases};

/// A case as who reported or joined it sees it.
#[derive(Debug, Clone)]
pub struct Mine {
    pub row: CaseRow,
    pub details: DetailsRow,
    /// The name of who has it in hand.
    pub handler: Option<String>,
    /// Whether the reader reported it.
    pub own: bool,
    pub followed: Option<FollowedRow>,
}

/// The case that another one was merged into, as far as those who reported that one may follow it: how it stands and what
/// was done, nobody's words.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cases)]
pub struct FollowedRow {
    pub id: CaseId,
    pub number: String,
    pub status: Status,
    pub round: i32,
    pub outcome: Option<Outcome>,
    pub due_at: Option<Ts>,
    pub done_at: Option<Ts>,
    pub closed_at: Option<Ts>,
    #[diesel(select_expression = case_details::resolution)]
    pub resolution: Option<String>,
}

macro_rules! part {
    ($account:expr) => {{
        let account = ActorId($account.0);
        let reported = case_reporters::table
            .filter(case_reporters::case_id.eq(cases::id).and(case_reporters::account_id.eq(account)));
        let joined =
            case_joins::table.filter(case_joins::case_id.eq(cases::id).and(case_joins::account_id.eq(account)));
        exists(reported).or(exists(joined))
    }};
}

pub fn list(c: &mut Conn, account: AccountId, (before, fetch): (Option<CaseId>, i64)) -> Result<Vec<Mine>> {
    // The ids by the accounts' indexes first: of all cases, a resident has a handful.
    let reported: Vec<CaseId> = case_reporters::table
        .filter(case_reporters::account_id.eq(ActorId(account.0)))
        .select(case_reporters::case_id)
        .load(c)?;
    let joined: Vec<CaseId> =
        case_joins::table.filter(case_joins::account_id.eq(ActorId(account.0))).select(case_joins::case_id).load(c)?;
    let mut ids = [reported.as_slice(), joined.as_slice()].concat();
    ids.retain(|id| before.is_none_or(|before| *id < before));
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.dedup();
    ids.truncate(usize::try_from(fetch).unwrap_or_default());
    let rows = cases::table
        .inner_join(case_details::table)
        .left_join(organisation_names::table)
        .filter(cases::id.eq_any(ids))
        .order(cases::id.desc());
    let rows: Vec<(CaseRow, DetailsRow, Option<String>)> =
        rows.select((CaseRow::as_select(), DetailsRow::as_select(), organisation_names::name.nullable())).load(c)?;
    let targets: Vec<CaseId> = rows.iter().filter_map(|(row, ..)| row.merged_into).collect();
    let followed = followed(c, targets)?;
    let told = |(row, details, handler): (CaseRow, DetailsRow, Option<String>)| {
        let own = reported.contains(&row.id);
        let followed = followed.iter().find(|target| Some(target.id) == row.merged_into).cloned();
        Mine { row, details, handler, own, followed }
    };
    Ok(rows.into_iter().map(told).collect())
}

/// The cases that others were merged into; nothing is asked where there are none.
fn followed(c: &mut Conn, targets: Vec<CaseId>) -> Result<Vec<FollowedRow>> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let rows = cases::table.inner_join(case_details::table).filter(cases::id.eq_any(targets));
    Ok(rows.select(FollowedRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(cases::table.filter(part!(account)).count().get_result(c)?)
}

/// Whether the account reported the case; 404 where it neither reported nor joined it.
pub fn reported(c: &mut Conn, account: AccountId, id: CaseId) -> Result<bool> {
    let account = ActorId(account.0);
    let own = case_reporters::case_id.eq(id).and(case_reporters::account_id.eq(account));
    if case_reporters::table.filter(own).count().get_result::<i64>(c)? == 1 {
        return Ok(true);
    }
    let joined: i64 = case_joins::table.find((id, account)).count().get_result(c)?;
    if joined == 1 { Ok(false) } else { Err(Error::NotFound) }
}

/// One of them, as who reported it or joined it sees it.
pub fn whole(c: &mut Conn, id: CaseId, own: bool) -> Result<Mine> {
    let one =
        cases::table.inner_join(case_details::table).left_join(organisation_names::table).filter(cases::id.eq(id));
    let (row, details, handler): (CaseRow, DetailsRow, Option<String>) =
        one.select((CaseRow::as_select(), DetailsRow::as_select(), organisation_names::name.nullable())).first(c)?;
    let followed = followed(c, row.merged_into.into_iter().collect())?.pop();
    Ok(Mine { row, details, handler, own, followed })
}
