//! A resident's own cases: those that they reported and those that they joined.

use diesel::dsl::exists;
use diesel::prelude::*;
use platform::db::Conn;
use platform::history::ActorId;
use platform::{Error, Result};
use registry::identity::AccountId;

use super::rows::{CaseRow, DetailsRow};
use crate::cases::dto::CaseId;
use crate::names::organisation_names;
use crate::schema::{case_details, case_joins, case_reporters, cases};

/// A case with its details and the name of who has it in hand.
pub type Mine = (CaseRow, DetailsRow, Option<String>);

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
    let mut ids: Vec<CaseId> = case_reporters::table
        .filter(case_reporters::account_id.eq(ActorId(account.0)))
        .select(case_reporters::case_id)
        .load(c)?;
    let joined: Vec<CaseId> =
        case_joins::table.filter(case_joins::account_id.eq(ActorId(account.0))).select(case_joins::case_id).load(c)?;
    ids.extend(joined);
    ids.retain(|id| before.is_none_or(|before| *id < before));
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.dedup();
    ids.truncate(usize::try_from(fetch).unwrap_or_default());
    let rows = cases::table
        .inner_join(case_details::table)
        .left_join(organisation_names::table)
        .filter(cases::id.eq_any(ids))
        .order(cases::id.desc());
    Ok(rows.select((CaseRow::as_select(), DetailsRow::as_select(), organisation_names::name.nullable())).load(c)?)
}

pub fn count(c: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(cases::table.filter(part!(account)).count().get_result(c)?)
}

/// `Ok` where the account reported or joined the case.
pub fn require_part(c: &mut Conn, account: AccountId, id: CaseId) -> Result<()> {
    let own: i64 = cases::table.filter(cases::id.eq(id)).filter(part!(account)).count().get_result(c)?;
    if own == 1 { Ok(()) } else { Err(Error::NotFound) }
}

pub fn whole(c: &mut Conn, id: CaseId) -> Result<Mine> {
    let one =
        cases::table.inner_join(case_details::table).left_join(organisation_names::table).filter(cases::id.eq(id));
    Ok(one.select((CaseRow::as_select(), DetailsRow::as_select(), organisation_names::name.nullable())).first(c)?)
}
