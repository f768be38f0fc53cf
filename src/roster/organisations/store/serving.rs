//! Who serves which compound on a day, and who supplies whom: facts that the rules of higher contexts ask for.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use registry::territory::dto::CompoundId;

use crate::organisations::dto::OrganisationId;
use crate::schema::{service_contracts as contracts, supplier_links as suppliers};

/// A contract that was filed and ran on the day; the last day of service counts.
macro_rules! ran_on {
    ($day:expr) => {
        contracts::filed_on
            .is_not_null()
            .and(contracts::starts_on.le($day))
            .and(contracts::ended_on.is_null().or(contracts::ended_on.assume_not_null().ge($day)))
    };
}
pub(super) use ran_on;

/// The company with the contract that runs in the compound on the day.
pub fn serving(c: &mut Conn, compound: CompoundId, on: NaiveDate) -> Result<Option<OrganisationId>> {
    Ok(contracts::table
        .filter(contracts::compound_id.eq(compound))
        .filter(ran_on!(on))
        .order((contracts::starts_on.desc(), contracts::id.desc()))
        .select(contracts::company_id)
        .first(c)
        .optional()?)
}

/// What a company charges in a compound by the contract that runs on the day, fen per m² and month; nothing where no contract
/// runs or none that names a price.
pub fn filed_price(c: &mut Conn, company: OrganisationId, compound: CompoundId, on: NaiveDate) -> Result<Option<i64>> {
    let price: Option<Option<i64>> = contracts::table
        .filter(contracts::company_id.eq(company).and(contracts::compound_id.eq(compound)))
        .filter(ran_on!(on))
        .order((contracts::starts_on.desc(), contracts::id.desc()))
        .select(contracts::price_fen)
        .first(c)
        .optional()?;
    Ok(price.flatten())
}

/// The compounds that a company serves on the day.
pub fn served_by(c: &mut Conn, company: OrganisationId, on: NaiveDate) -> Result<Vec<CompoundId>> {
    Ok(contracts::table
        .filter(contracts::company_id.eq(company))
        .filter(ran_on!(on))
        .order(contracts::compound_id)
        .select(contracts::compound_id)
        .distinct()
        .load(c)?)
}

/// Whom a company buys from: the open links.
pub fn suppliers_of(c: &mut Conn, company: OrganisationId) -> Result<Vec<OrganisationId>> {
    Ok(suppliers::table
        .filter(suppliers::company_id.eq(company).and(suppliers::ended_on.is_null()))
        .order(suppliers::supplier_id)
        .select(suppliers::supplier_id)
        .load(c)?)
}
