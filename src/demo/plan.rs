//! The district's 459 compounds as figures: domain D1, without a database.

use chrono::{Datelike, NaiveDate};
use registry::territory::dto::{CompoundKind, EvidenceKind, ManagementMode};

use super::dates::day;
use super::divisions::{COMMUNITIES, FEITIANLU, GUANBEIGOU, REGISTERED, TONGDEXIANG};
use super::tongdexiang;

/// 散居楼院 of the twenty other communities by how they are managed now, in the order of their codes.
const OTHER_YARDS: [(ManagementMode, usize); 5] = [
    (ManagementMode::CommunityCustody, 90),
    (ManagementMode::RedStation, 6),
    (ManagementMode::SocialOrgAgency, 23),
    (ManagementMode::SelfManaged, 64),
    (ManagementMode::None, 35),
];
const MANAGED_EACH: usize = 11;
const YARDS_EACH: usize = 11;
/// The last two of the other communities have a yard less: 18 × 11 + 2 × 10 = 218.
const YARDS_SHORT: usize = 2;

/// Households of the other communities' 438 compounds; what does not divide goes to the lowest codes.
const OTHER_HOUSEHOLDS: usize = 100_000 - 5180;
const OTHER_COMPOUNDS: usize = 438;

/// 康盛花园's pilot and the yard of scenario 17, by their serials in Tongdexiang.
pub const KANGSHENG: usize = 1;
pub const LATE_YARD: usize = 21;
/// 居民自管 from this day on; the day before, the yard was without management.
pub const LATE_SINCE: NaiveDate = day(2023, 6, 30);

/// One compound of the plan.
pub struct Planned {
    /// Which of [`COMMUNITIES`] it lies in.
    pub community: usize,
    /// The last four digits of its code, from 1.
    pub serial: usize,
    pub name: String,
    pub kind: CompoundKind,
    pub households: usize,
    pub built_year: i32,
    pub mode: ManagementMode,
    /// Since when that mode is in force.
    pub since: NaiveDate,
}

impl Planned {
    pub fn community_code(&self) -> &'static str {
        COMMUNITIES.get(self.community).map_or("", |(code, _)| *code)
    }

    pub fn area_code(&self) -> String {
        area_code(self.community_code(), self.serial)
    }

    /// What the mode stands on; nothing where there is no management.
    pub fn evidence(&self) -> Option<(EvidenceKind, String)> {
        let (kind, title) = match self.mode {
            ManagementMode::Professional => (EvidenceKind::Contract, "物业服务合同"),
            ManagementMode::CommunityCustody => (EvidenceKind::Resolution, "居民会议托管决议"),
            ManagementMode::SocialOrgAgency => (EvidenceKind::Contract, "委托代管合同"),
            ManagementMode::SelfManaged => (EvidenceKind::Resolution, "居民会议自管决议"),
            ManagementMode::RedStation => (EvidenceKind::StationDecision, "红色物业服务站决定"),
            ManagementMode::None => return None,
        };
        Some((kind, format!("{title} {}", self.since)))
    }
}

pub fn area_code(community: &str, serial: usize) -> String {
    format!("{community}-{serial:04}")
}

/// Every compound of the district, by code.
pub fn compounds() -> Vec<Planned> {
    let (mut yards, mut others) = (other_yards(), 0);
    let mut planned = Vec::with_capacity(459);
    for (community, (code, place)) in COMMUNITIES.iter().enumerate() {
        if *code == TONGDEXIANG {
            planned.extend(tongdexiang_compounds(community));
            continue;
        }
        for serial in 1..=MANAGED_EACH + yards_of(community) {
            let (mode, since) = match serial {
                ..=MANAGED_EACH => (ManagementMode::Professional, REGISTERED),
                _ => yards.next().unwrap_or((ManagementMode::None, REGISTERED)),
            };
            let households = share(OTHER_HOUSEHOLDS, OTHER_COMPOUNDS, others);
            others += 1;
            planned.push(other(community, serial, (code, place), households, (mode, since)));
        }
    }
    planned
}

/// What the `index`th of `parts` gets of a total.
pub fn share(total: usize, parts: usize, index: usize) -> usize {
    total / parts + usize::from(index < total % parts)
}

fn yards_of(community: usize) -> usize {
    YARDS_EACH - usize::from(community + YARDS_SHORT >= COMMUNITIES.len())
}

/// The drive against unmanaged compounds (无物业小区清零): a twelfth of the yards on the first of each month of 2023.
fn other_yards() -> impl Iterator<Item = (ManagementMode, NaiveDate)> {
    let modes = OTHER_YARDS.into_iter().flat_map(|(mode, count)| std::iter::repeat_n(mode, count));
    modes.zip((1..=12).cycle()).map(|(mode, month)| match mode {
        ManagementMode::None => (mode, REGISTERED),
        _ => (mode, day(2023, month, 1)),
    })
}

fn other(
    community: usize,
    serial: usize,
    (code, place): (&str, &str),
    households: usize,
    (mode, since): (ManagementMode, NaiveDate),
) -> Planned {
    let managed = serial <= MANAGED_EACH;
    // Demonstration sites that the seed names.
    let name = match (code, serial) {
        (GUANBEIGOU, 1) => "居雅苑".to_owned(),
        (FEITIANLU, 1) => "欣露园".to_owned(),
        _ if managed => format!("{place}第{serial}小区"),
        _ => format!("{place}{}号院", serial - MANAGED_EACH),
    };
    let kind = if managed { CompoundKind::Managed } else { CompoundKind::ScatteredYard };
    Planned { community, serial, name, kind, households, built_year: built_year(managed, serial), mode, since }
}

fn tongdexiang_compounds(community: usize) -> impl Iterator<Item = Planned> {
    tongdexiang::compounds().into_iter().map(move |compound| {
        let (mode, since) = match (compound.managed, compound.serial) {
            (true, _) => (ManagementMode::Professional, REGISTERED),
            (false, LATE_YARD) => (ManagementMode::SelfManaged, LATE_SINCE),
            (false, _) => (ManagementMode::SelfManaged, day(2020, 4, 20)),
        };
        let kind = if compound.managed { CompoundKind::Managed } else { CompoundKind::ScatteredYard };
        Planned {
            community,
            serial: compound.serial,
            households: compound.rooms(),
            name: compound.name,
            kind,
            built_year: built_year(compound.managed, compound.serial),
            mode,
            since,
        }
    })
}

/// Companies were found for what was newly built; the yards are from 1984 to 2002.
fn built_year(managed: bool, serial: usize) -> i32 {
    let (first, step, span) = if managed { (2003, 1, 16) } else { (1984, 5, 19) };
    let serial = i32::try_from(serial).unwrap_or_default();
    REGISTERED.year().min(first + serial * step % span)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_figures_of_the_district() {
        let planned = compounds();
        let managed = planned.iter().filter(|p| p.kind == CompoundKind::Managed).count();
        assert_eq!((planned.len(), managed), (459, 225));
        assert_eq!(planned.iter().map(|p| p.households).sum::<usize>(), 100_000);
        assert!(planned.is_sorted_by_key(Planned::area_code));

        let mut modes = BTreeMap::new();
        planned.iter().for_each(|p| *modes.entry(p.mode.as_str()).or_insert(0) += 1);
        let expected = [
            ("community_custody", 90),
            ("none", 35),
            ("professional", 225),
            ("red_station", 6),
            ("self_managed", 80),
            ("social_org_agency", 23),
        ];
        assert_eq!(modes, BTreeMap::from(expected));
    }

    #[test]
    fn every_community_has_its_share() {
        let count =
            |community: usize, kind| compounds().iter().filter(|p| p.community == community && p.kind == kind).count();
        for (community, (code, _)) in COMMUNITIES.iter().enumerate() {
            let expected = match (*code, community) {
                (TONGDEXIANG, _) => (5, 16),
                (_, 19..) => (11, 10),
                _ => (11, 11),
            };
            assert_eq!(
                (count(community, CompoundKind::Managed), count(community, CompoundKind::ScatteredYard)),
                expected
            );
        }
    }

    #[test]
    fn modes_stand_on_evidence_and_began_after_the_compound_was_registered() {
        for p in compounds() {
            assert_eq!(p.evidence().is_none(), p.mode == ManagementMode::None);
            let from_the_start = matches!(p.mode, ManagementMode::Professional | ManagementMode::None);
            assert_eq!(p.since == REGISTERED, from_the_start, "{}", p.name);
        }
    }
}
