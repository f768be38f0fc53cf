//! Handlers: extract, one door to the rows, a DTO.

mod committees;
mod contract_steps;
mod contracts;
mod coverage;
mod figures;
mod instructors;
mod organisations;
mod partnerships;
mod post_areas;
mod suppliers;

use platform::auth::{Actor, Role, Scope};
use platform::http::Mount;
use platform::{Error, Result};
use uuid::Uuid;

use super::dto::OrganisationId;
use super::store::contracts::Sight;
use super::store::reading;

pub(super) fn routes(mount: &mut Mount) {
    organisations::routes(mount);
    committees::routes(mount);
    contracts::routes(mount);
    contract_steps::routes(mount);
    coverage::routes(mount);
    figures::routes(mount);
    instructors::routes(mount);
    partnerships::routes(mount);
    post_areas::routes(mount);
    suppliers::routes(mount);
}

/// The roles that carry the scope over an area. An integrator's program holds none.
fn roles_over<S: Scope>(who: &Actor<S>, area: &str) -> Vec<Role> {
    who.grants().filter(|grant| grant.area.covers(area)).map(|grant| grant.role).collect()
}

/// What the caller sees of the contracts when reading.
fn sight<S: Scope>(who: &Actor<S>) -> Sight {
    Sight { visible: reading(&who.visible()), companies: companies(who) }
}

/// What the caller may change of them: nothing outside their own node but what their company is a side of.
fn reach<S: Scope>(who: &Actor<S>) -> Sight {
    Sight { visible: who.visible(), companies: companies(who) }
}

fn companies<S: Scope>(who: &Actor<S>) -> Vec<OrganisationId> {
    let mut ids: Vec<OrganisationId> =
        who.grants().filter_map(|grant| grant.organisation).map(OrganisationId).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// The id of the last row that the caller has.
fn after_id<T>(after: Option<&str>, id: impl Fn(Uuid) -> T) -> Result<Option<T>> {
    Ok(after.map(str::parse).transpose().map_err(Error::internal)?.map(id))
}
