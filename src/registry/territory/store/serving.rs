//! Which property-service contract is in force: a fact that organisations decides and territory keeps.

use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use serde_json::json;

use super::By;
use super::compounds::{CompoundRow, changed, took_effect};
use crate::schema::compounds;
use crate::territory::dto::{CompoundId, ContractRef};

/// Writes down which property-service contract is in force, or that none is. Organisations, which concludes them, calls it
/// in the same transaction; the compound's own version guards against two at once.
pub fn set_serving_contract(
    c: &mut Conn,
    compound: CompoundId,
    contract: Option<ContractRef>,
    by: &By,
) -> Result<CompoundRow> {
    let row: CompoundRow = compounds::table.find(compound).select(CompoundRow::as_select()).first(c)?;
    let target =
        diesel::update(compounds::table).filter(compounds::id.eq(row.id).and(compounds::version.eq(row.version)));
    let set = (
        compounds::serving_contract_id.eq(contract),
        compounds::version.eq(row.version + 1),
        compounds::updated_at.eq(by.at),
    );
    took_effect(target.set(set).execute(c)?, &row)?;
    let data = json!({ "from": row.serving_contract_id, "to": contract });
    changed(c, &row, "compound.contract_changed", data, by)
}
