//! Writes the compounds of the plan, each with how it was managed when, and 南巷院 of the first seed.

use platform::Result;
use platform::db::Conn;
use registry::territory::dto::{CompoundId, CompoundIn, CompoundKind, EvidenceIn, EvidenceKind, ManagementMode, Pilot};
use registry::territory::store::By;
use registry::territory::store::compounds::{self, CompoundRow};
use registry::territory::store::{buildings, modes};

use super::dates::day;
use super::divisions::{FEIJICHANG, GUANBEIGOU, GUANGSHA, REGISTERED, TONGDEXIANG, index_of};
use super::ids::{Kind, id};
use super::plan::{self, KANGSHENG, Planned};
use super::tongdexiang;

/// 西环北路8号院, by its serial in Tongdexiang.
const NUMBER_EIGHT: usize = 7;
const MAX_PER_COMMUNITY: usize = 1000;

/// The id of a compound of the district, or of the one elsewhere.
pub fn id_of(community: &str, serial: usize) -> CompoundId {
    CompoundId(id(Kind::Compound, index_of(community) * MAX_PER_COMMUNITY + serial))
}

pub fn load(c: &mut Conn, planned: &[Planned], by: &By) -> Result<()> {
    planned.iter().try_for_each(|one| insert(c, one, by))
}

/// A managed compound had its company from the start; a yard was without management until its residents chose.
fn insert(c: &mut Conn, planned: &Planned, by: &By) -> Result<()> {
    let evidence = planned.evidence();
    let from_the_start = planned.mode == ManagementMode::Professional;
    let first = evidence.clone().filter(|_| from_the_start);
    let new = CompoundIn {
        management_mode: if from_the_start { planned.mode } else { ManagementMode::None },
        evidence: first.map(|(kind, reference)| EvidenceIn { kind, reference }),
        built_year: Some(planned.built_year),
        households: i32::try_from(planned.households).ok(),
        pilots: pilots(planned),
        plan: plan_of(planned).map(str::to_owned),
        brand: brand(planned).map(str::to_owned),
        ..blank(planned.community_code(), &planned.name, planned.kind, &planned.name)
    };
    let row = CompoundRow::fresh(id_of(planned.community_code(), planned.serial), planned.area_code(), &new, by);
    compounds::insert_row(c, &row, new.evidence.as_ref(), by)?;
    match evidence.filter(|_| !from_the_start) {
        Some((kind, reference)) => modes::switch(c, &row, planned.mode, planned.since, (kind, &reference), by),
        None => Ok(()),
    }
}

fn blank(community: &str, name: &str, kind: CompoundKind, address: &str) -> CompoundIn {
    CompoundIn {
        community_code: community.to_owned(),
        grid_code: None,
        name: name.to_owned(),
        kind,
        address: address.to_owned(),
        built_year: None,
        floor_area: None,
        households: None,
        residents: None,
        management_mode: ManagementMode::None,
        evidence: None,
        pilots: Vec::new(),
        plan: None,
        brand: None,
        opened_on: Some(REGISTERED),
    }
}

fn pilots(planned: &Planned) -> Vec<Pilot> {
    match (planned.community_code(), planned.serial) {
        (GUANGSHA | GUANBEIGOU, _) => vec![Pilot::SmartProperty],
        (TONGDEXIANG, KANGSHENG) => vec![Pilot::ListedCommitments],
        _ => Vec::new(),
    }
}

/// 一院一主题
fn brand(planned: &Planned) -> Option<&'static str> {
    ((planned.community_code(), planned.serial) == (TONGDEXIANG, NUMBER_EIGHT)).then_some("德治")
}

/// 一区一策
fn plan_of(planned: &Planned) -> Option<&'static str> {
    match (planned.community_code(), planned.mode) {
        (TONGDEXIANG, ManagementMode::Professional) => Some("创建精品物业小区"),
        (TONGDEXIANG, _) => Some("创建居民自管示范小区"),
        (_, ManagementMode::None) => Some("无物业小区清零: 2024 年内选定管理模式"),
        _ => None,
    }
}

/// 南巷院: nine buildings of 1985, run by a Red Property Service Station since its plaque was unveiled.
pub fn load_nanxiang(c: &mut Conn, by: &By) -> Result<()> {
    let new = CompoundIn {
        built_year: Some(1985),
        ..blank(FEIJICHANG, "南巷院", CompoundKind::ScatteredYard, "邯山南大街77号")
    };
    let row = CompoundRow::fresh(id_of(FEIJICHANG, 1), plan::area_code(FEIJICHANG, 1), &new, by);
    compounds::insert_row(c, &row, None, by)?;
    let evidence = (EvidenceKind::StationDecision, "红色物业服务站揭牌 2019-10-04");
    modes::switch(c, &row, ManagementMode::RedStation, day(2019, 10, 4), evidence, by)?;
    for no in 1..=9 {
        let number = MAX_PER_COMMUNITY + no;
        buildings::insert_building_row(c, &tongdexiang::building(number, row.id, &row.area_code, no, by), by)?;
    }
    Ok(())
}
