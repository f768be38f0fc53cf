//! One case with what is said of it, and who reported it.

use diesel::dsl::exists;
use diesel::prelude::*;
use platform::db::{Conn, Ts, fixed};
use platform::{Error, Result, on_each};
use registry::identity::AccountId;

use super::as_of;
use super::rows::{CaseRow, DetailsRow, ReporterRow, SaidRow};
use super::sight::Sight;
use crate::cases::dto::{CaseId, Status};
use crate::schema::{case_clocks, case_details, case_joins, case_reporters, case_visits, cases};

/// A case with its details, in one statement.
pub fn whole(c: &mut Conn, id: CaseId) -> Result<(CaseRow, SaidRow)> {
    let one = cases::table.inner_join(case_details::table).filter(cases::id.eq(id));
    Ok(on_each!(c => fixed(one.select((CaseRow::as_select(), SaidRow::as_select()))).get_result(c))?)
}

/// The same as it is now for who oversees or handles it, as far as the caller may be shown it. Whether time has done something
/// to it that nobody wrote down is asked in the same statement, and of what is open only: nothing happens to a closed case.
pub fn shown(c: &mut Conn, sight: &Sight, id: CaseId, now: Ts) -> Result<(CaseRow, SaidRow)> {
    let rings = case_clocks::case_id.eq(cases::id).and(case_clocks::next_at.le(now));
    let lapses = case_visits::case_id.eq(cases::id).and(case_visits::lapses_at.le(now));
    let late = cases::closed_at
        .is_null()
        .and(exists(case_clocks::table.filter(rings)).or(exists(case_visits::table.filter(lapses))));
    let one = cases::table.inner_join(case_details::table).filter(cases::id.eq(id));
    let (row, said, late): (CaseRow, SaidRow, bool) =
        on_each!(c => fixed(one.select((CaseRow::as_select(), SaidRow::as_select(), late))).get_result(c))?;
    sight.sees(&row).ok_or(Error::NotFound)?;
    let row = if late || row.status == Status::Suspended { as_of::of(c, row, now)?.row } else { row };
    Ok(sight.veiled((row, said)))
}

/// All of the details, for who computes with them.
pub fn details(c: &mut Conn, id: CaseId) -> Result<DetailsRow> {
    Ok(on_each!(c => fixed(case_details::table.find(id).select(DetailsRow::as_select())).get_result(c))?)
}

/// A case that somebody reported, by their account.
pub fn find_own(c: &mut Conn, account: AccountId, id: CaseId) -> Result<CaseRow> {
    let own = cases::table
        .inner_join(case_reporters::table)
        .filter(cases::id.eq(id))
        .filter(case_reporters::account_id.eq(platform::history::ActorId(account.0)));
    Ok(own.select(CaseRow::as_select()).first(c)?)
}

pub fn reporter(c: &mut Conn, id: CaseId) -> Result<Option<ReporterRow>> {
    Ok(case_reporters::table.find(id).select(ReporterRow::as_select()).first(c).optional()?)
}

/// How many joined it instead of reporting it again.
pub fn joined(c: &mut Conn, id: CaseId) -> Result<i64> {
    Ok(case_joins::table.filter(case_joins::case_id.eq(id)).count().get_result(c)?)
}
