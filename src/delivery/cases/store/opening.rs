//! Which cases of a run of events a caller is told about: those that they oversee, handle, reported or joined, and those
//! that one of the latter two was merged into.

use std::collections::HashSet;

use diesel::prelude::*;
use platform::auth::Principal;
use platform::db::Conn;
use platform::history::ActorId;
use platform::{Error, Result};

use super::rows::CaseRow;
use super::sight::Sight;
use crate::cases::dto::CaseId;
use crate::schema::{case_clocks, case_joins, case_reporters, cases};

/// Of the ids of cases, those whose events the caller may be sent. Four statements, however many there are.
pub fn visible_cases(c: &mut Conn, who: &Principal, ids: &[String]) -> Result<HashSet<String>> {
    let ids: Vec<CaseId> =
        ids.iter().map(|id| id.parse().map(CaseId)).collect::<Result<_, _>>().map_err(Error::internal)?;
    let sight = Sight::of_principal(who);
    let rows: Vec<CaseRow> = cases::table.filter(cases::id.eq_any(&ids)).select(CaseRow::as_select()).load(c)?;
    let mut seen: HashSet<CaseId> = rows.iter().filter(|row| sight.sees(*row).is_some()).map(|row| row.id).collect();
    let me = ActorId(who.id);
    let reported = case_reporters::case_id.eq_any(&ids).and(case_reporters::account_id.eq(me));
    seen.extend(case_reporters::table.filter(reported).select(case_reporters::case_id).load::<CaseId>(c)?);
    let joined = case_joins::case_id.eq_any(&ids).and(case_joins::account_id.eq(me));
    seen.extend(case_joins::table.filter(joined).select(case_joins::case_id).load::<CaseId>(c)?);
    let own = case_reporters::table.filter(case_reporters::account_id.eq(me)).select(case_reporters::case_id);
    let shared = case_joins::table.filter(case_joins::account_id.eq(me)).select(case_joins::case_id);
    let merged = cases::table
        .filter(cases::id.eq_any(own).or(cases::id.eq_any(shared)))
        .filter(cases::merged_into.eq_any(&ids))
        .select(cases::merged_into.assume_not_null());
    seen.extend(merged.load::<CaseId>(c)?);
    Ok(seen.into_iter().map(|id| id.to_string()).collect())
}

/// The same of clocks: what they set off is for those who oversee or handle the case, and not for residents.
pub fn visible_clocks(c: &mut Conn, who: &Principal, ids: &[String]) -> Result<HashSet<String>> {
    let ids: Vec<super::clocks::ClockId> = ids
        .iter()
        .map(|id| id.parse().map(super::clocks::ClockId))
        .collect::<Result<_, _>>()
        .map_err(Error::internal)?;
    let sight = Sight::of_principal(who);
    let rows: Vec<(super::clocks::ClockId, CaseRow)> = case_clocks::table
        .inner_join(cases::table)
        .filter(case_clocks::id.eq_any(ids))
        .select((case_clocks::id, CaseRow::as_select()))
        .load(c)?;
    Ok(rows.into_iter().filter(|(_, row)| sight.sees(row).is_some()).map(|(id, _)| id.to_string()).collect())
}
