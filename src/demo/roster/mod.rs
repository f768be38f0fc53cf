//! 名册: who sits where in the demo (domain D2, D3). Figures are planned in `counts`; everything is written through the
//! doors of the contexts, with history and outbox like any other row, and counted over HTTP only.

mod bodies;
mod committees;
mod community;
mod companies;
mod counts;
mod cross;
mod employed;
mod members;
mod offices;
mod people;
mod residents;

pub use bodies::{Bodies, Body};

use std::collections::BTreeMap;

use platform::Result;
use platform::db::Conn;
use platform::secrets::Secrets;
use registry::territory::store::By;
use roster::appointments::PostId;
use roster::people::PersonId;

use super::divisions::TONGDEXIANG;
use super::plan::Planned;
use cross::Everyone;
use offices::Offices;
use people::People;

/// 组织: before the accounts, for some of those act for them.
pub fn load_bodies(c: &mut Conn, planned: &[Planned], by: &By) -> Result<Bodies> {
    let (companies, all) = (counts::companies(planned), counts::committees(planned));
    let mut bodies = Bodies::default();
    bodies.load_public(c, by)?;
    bodies.load_nanxiang(c, by)?;
    companies::load(c, &mut bodies, &companies, by)?;
    committees::load(c, &mut bodies, &all, by)?;
    committees::load_stations(c, &mut bodies, planned, by)?;
    companies::load_branches_of_communities(c, &mut bodies, (&companies, planned), by)?;
    Ok(bodies)
}

/// 人员与任职: after the accounts, for some of those are theirs.
pub fn load_people(c: &mut Conn, bodies: &Bodies, planned: &[Planned], secrets: &Secrets, by: &By) -> Result<()> {
    let (companies, committees) = (counts::companies(planned), counts::committees(planned));
    let (mut people, mut offices) = (People::new(secrets, by), Offices::new(by));
    let heads = employed::load_heads(c, &mut people)?;
    let residents = residents::load(c, (&mut people, &mut offices), (bodies, &committees))?;
    let residents_committees = community::load(c, (&mut people, &mut offices), bodies, &residents)?;
    let here = residents_committees.iter().find(|of| of.code == TONGDEXIANG);
    let members = here.map(|of| of.members.as_slice()).unwrap_or_default();
    residents::seat_committees(c, &mut offices, (bodies, &committees), (&residents, members))?;
    let own = bodies.get(Body::ResidentsCommittee(TONGDEXIANG))?;
    residents::seat_heads(c, &mut offices, own, &residents)?;
    let staff = employed::load_companies(c, (&mut people, &mut offices), bodies, &heads)?;
    let branches = employed::load_branches(c, (&mut people, &mut offices), bodies, &companies)?;
    employed::load_stations(c, (&mut people, &mut offices), bodies, planned)?;
    employed::load_nanxiang(c, (&mut people, &mut offices), bodies)?;
    let all = Everyone {
        bodies,
        planned,
        companies: &companies,
        committees: &committees,
        residents: &residents,
        residents_committees: &residents_committees,
        staff: &staff,
        branches: &branches,
    };
    cross::load(c, (&mut people, &mut offices), &all, by)?;
    members::load(c, &mut people, &companies, by)
}

/// The head of the company that serves 康盛花园, and the chair's seat there: who may not have it.
pub fn conflict() -> (PersonId, PostId) {
    (employed::first_head(), offices::post_id(1))
}

/// The number of the company that serves each managed compound, by its community's place and its serial.
pub fn serving(planned: &[Planned]) -> BTreeMap<(usize, usize), usize> {
    let companies = counts::companies(planned);
    let of = |company: &counts::Company<'_>| {
        company
            .compounds
            .iter()
            .map(|compound| ((compound.community, compound.serial), company.number))
            .collect::<Vec<_>>()
    };
    companies.iter().flat_map(of).collect()
}
