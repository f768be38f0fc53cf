//! One case with what is said of it, and who reported it.

use diesel::prelude::*;
use platform::db::{Conn, fixed};
use platform::{Error, Result, on_each};
use registry::identity::AccountId;

use super::rows::{CaseRow, DetailsRow, ReporterRow, SaidRow};
use super::sight::{SeenAs, Sight};
use crate::cases::dto::CaseId;
use crate::schema::{case_details, case_joins, case_reporters, cases};

/// A case with its details, in one statement.
pub fn whole(c: &mut Conn, id: CaseId) -> Result<(CaseRow, SaidRow)> {
    let one = cases::table.inner_join(case_details::table).filter(cases::id.eq(id));
    Ok(on_each!(c => fixed(one.select((CaseRow::as_select(), SaidRow::as_select()))).get_result(c))?)
}

/// The same for who oversees or handles it.
pub fn find(c: &mut Conn, sight: &Sight, id: CaseId) -> Result<((CaseRow, SaidRow), SeenAs)> {
    let whole = whole(c, id)?;
    let seen = sight.sees(&whole.0).ok_or(Error::NotFound)?;
    Ok((whole, seen))
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
