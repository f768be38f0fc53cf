//! What groups are called.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::Conn;
use platform::{Error, Result};
use registry::schema::divisions;
use registry::territory::store::{divisions as register, profile};
use roster::organisations::OrganisationId;
use uuid::Uuid;

use crate::names::organisation_names;

/// Whether a code is, or was, a division's or a compound's.
pub fn is_known(c: &mut Conn, area: &AreaCode) -> Result<bool> {
    match area.level() {
        AreaLevel::Country | AreaLevel::Grid => Ok(false),
        AreaLevel::Compound => profile::is_known(c, area),
        level if level <= AreaLevel::Community => match register::find(c, &Visible::everything(), area.as_str()) {
            Ok(_) => Ok(true),
            Err(Error::NotFound) => Ok(false),
            Err(other) => Err(other),
        },
        _ => Ok(false),
    }
}

/// Names of divisions, by their codes.
pub fn of_divisions(c: &mut Conn, codes: &[&str]) -> Result<HashMap<String, String>> {
    let named: Vec<(String, String)> =
        divisions::table.filter(divisions::code.eq_any(codes)).select((divisions::code, divisions::name)).load(c)?;
    Ok(named.into_iter().collect())
}

/// The categories of a place, as `repair/pipe_leak`.
pub fn of_categories(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<HashMap<String, String>> {
    Ok(delivery::cases::names_of_categories(c, area, on)?.into_iter().collect())
}

/// Names of organisations by their ids, as a key of a count writes them.
pub fn of_organisations<'a>(
    c: &mut Conn,
    keys: impl Iterator<Item = &'a String>,
) -> Result<HashMap<String, (OrganisationId, String)>> {
    let ids: HashMap<Uuid, &String> = keys.filter_map(|key| Some((key.parse().ok()?, key))).collect();
    let wanted: Vec<OrganisationId> = ids.keys().copied().map(OrganisationId).collect();
    let named: Vec<(OrganisationId, String)> = organisation_names::table
        .filter(organisation_names::id.eq_any(wanted))
        .select((organisation_names::id, organisation_names::name))
        .load(c)?;
    Ok(named.into_iter().filter_map(|(id, name)| Some(((*ids.get(&id.0)?).clone(), (id, name)))).collect())
}
