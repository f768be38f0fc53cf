//! What compounds and organisations are called, for the rows of a list: a statement each.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;

use crate::names::{compound_names, organisation_names};

pub fn compounds(c: &mut Conn, ids: impl Iterator<Item = CompoundId>) -> Result<HashMap<CompoundId, String>> {
    let asked = compound_names::table.filter(compound_names::id.eq_any(ids.collect::<Vec<_>>()));
    let rows: Vec<(CompoundId, String)> = asked.select((compound_names::id, compound_names::name)).load(c)?;
    Ok(rows.into_iter().collect())
}

pub fn organisations(
    c: &mut Conn,
    ids: impl Iterator<Item = OrganisationId>,
) -> Result<HashMap<OrganisationId, String>> {
    let asked = organisation_names::table.filter(organisation_names::id.eq_any(ids.collect::<Vec<_>>()));
    let rows: Vec<(OrganisationId, String)> =
        asked.select((organisation_names::id, organisation_names::name)).load(c)?;
    Ok(rows.into_iter().collect())
}
