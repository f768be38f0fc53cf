//! 395 个业委会与自管委, each with the term that runs, on file; and the stations of the yards that have one.

use chrono::Days;
use platform::Result;
use platform::db::Conn;
use registry::territory::dto::ManagementMode;
use registry::territory::store::By;
use roster::organisations::dto::{CommitteeIn, CommitteeTermId, OrgKind};
use roster::organisations::store::committees::{self, TermRow};

use super::bodies::{Bodies, Body, Outline, station_outline};
use super::counts::Committee;
use crate::demo::compounds;
use crate::demo::ids::{Kind, id};
use crate::demo::plan::Planned;

/// 备案期限: the national one; no place of the demo has set its own.
const DAYS_TO_FILE: Days = Days::new(30);

pub fn load(c: &mut Conn, bodies: &mut Bodies, all: &[Committee], by: &By) -> Result<()> {
    all.iter().enumerate().try_for_each(|(index, committee)| insert(c, bodies, (index + 1, committee), by))
}

fn insert(c: &mut Conn, bodies: &mut Bodies, (number, committee): (usize, &Committee), by: &By) -> Result<()> {
    let Committee { of, kind, seats, elected_on, from, to, filed_on } = committee;
    let (community, serial) = (of.community_code(), of.serial);
    let body = Body::Committee(community, serial);
    let new = CommitteeIn {
        compound_id: compounds::id_of(community, serial),
        seats: i32::try_from(*seats).unwrap_or_default(),
        elected_on: *elected_on,
        term_from: *from,
        term_to: *to,
    };
    let title = if *kind == OrgKind::OwnersCommittee { "业主委员会" } else { "居民自管委员会" };
    let parent = Some(Body::ResidentsCommittee(community));
    let outline = Outline {
        committee: Some(new.clone()),
        ..Outline::of(*kind, format!("{}{title}", of.name), parent, *elected_on)
    };
    bodies.add(c, body, outline, by)?;
    let term = TermRow {
        id: CommitteeTermId(id(Kind::CommitteeTerm, number)),
        organisation_id: body.id(),
        compound_id: new.compound_id,
        area_code: of.area_code(),
        seats: new.seats,
        elected_on: *elected_on,
        term_from: *from,
        term_to: *to,
        rule_set_id: None,
        filing_due: *elected_on + DAYS_TO_FILE,
        filed_on: Some(*filed_on),
        filing_no: Some(format!("肃业备〔{}〕{number}号", filed_on.format("%Y"))),
        filed_by: None,
        ended_on: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    committees::insert_row(c, &term, by)
}

/// The yards that a red service station runs.
pub fn with_station(planned: &[Planned]) -> impl Iterator<Item = &Planned> {
    planned.iter().filter(|p| p.mode == ManagementMode::RedStation)
}

pub fn load_stations(c: &mut Conn, bodies: &mut Bodies, planned: &[Planned], by: &By) -> Result<()> {
    for yard in with_station(planned) {
        let (community, serial) = (yard.community_code(), yard.serial);
        let parent = Some(Body::ResidentsCommittee(community));
        let outline = station_outline(&yard.name, community, serial, parent, yard.since);
        bodies.add(c, Body::Station(community, serial), outline, by)?;
    }
    Ok(())
}
