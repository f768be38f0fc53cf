//! Who there is, as figures (domain D2, D3), without a database: which company serves what, which compound has a
//! committee, and how many cross where.

use std::ops::Range;

use chrono::{Duration, NaiveDate};
use registry::territory::dto::{CompoundKind, ManagementMode};
use roster::organisations::OrgKind;

use crate::demo::dates::day;
use crate::demo::divisions::{COMMUNITIES, TONGDEXIANG};
use crate::demo::plan::{Planned, share};

pub const COMPANIES: usize = 88;
/// Companies 1–49 serve three compounds each, the others two: 225.
const LARGE_COMPANIES: usize = 49;

/// 新东名都 and 洪洋, which the seed names, and three more with a branch of their own.
pub const OWN_BRANCH: [usize; 5] = [1, 10, 20, 30, 40];
pub const JOINT_BRANCH: [usize; 2] = [50, 60];
pub const AFFILIATED: usize = 70;

/// 71 of the 90 yards in custody have a self-management committee; those in no management have none.
const CUSTODY_WITH_COMMITTEE: usize = 71;
/// The last managed compound of a community; ten of the twenty have no owners' committee there, every second from the
/// third on.
const LAST_MANAGED: usize = 11;
const WITHOUT_FROM: usize = 2;

/// Seats of the owners' committees of Tongdexiang, by serial; every yard's committee has five.
const TONGDEXIANG_SEATS: [usize; 5] = [7, 7, 7, 5, 5];
const SEATS: usize = 111;
const PARTY_RANKS: Range<usize> = 0..52;
/// 33 veterans, 14 of them Party members as well.
const VETERAN_RANKS: Range<usize> = 38..71;
/// Prime to 111, so that every seat has a rank of its own and the kinds are mixed over the committees.
const STRIDE: usize = 40;

/// 交叉任职: 150 of the residents' committees on owners' committees, six of them in Tongdexiang.
pub const TO_COMMITTEES: usize = 150;
pub const TO_COMMITTEES_HERE: usize = 6;
const TO_BIG_COMMITTEES: usize = 80;
const TO_GENERAL_BRANCHES: usize = 60;

/// How a company is reached by the Party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Own,
    Joint,
    Affiliated,
    Instructor,
}

/// A company, from 1, and the compounds that it serves.
pub struct Company<'a> {
    pub number: usize,
    pub compounds: Vec<&'a Planned>,
}

impl Company<'_> {
    pub fn reach(&self) -> Reach {
        match self.number {
            n if OWN_BRANCH.contains(&n) => Reach::Own,
            n if JOINT_BRANCH.contains(&n) => Reach::Joint,
            AFFILIATED => Reach::Affiliated,
            _ => Reach::Instructor,
        }
    }

    /// Where it serves first: its people enter the community there.
    pub fn community(&self) -> usize {
        self.compounds.first().map_or(0, |first| first.community)
    }
}

/// 88 家企业. The first begin in Tongdexiang.
pub fn companies(planned: &[Planned]) -> Vec<Company<'_>> {
    let here = |p: &&Planned| p.community_code() == TONGDEXIANG;
    let managed = || planned.iter().filter(|p| p.mode == ManagementMode::Professional);
    let mut waiting = managed().filter(here).chain(managed().filter(|p| !here(p)));
    let serves = |number| if number <= LARGE_COMPANIES { 3 } else { 2 };
    (1..=COMPANIES)
        .map(|number| Company { number, compounds: waiting.by_ref().take(serves(number)).collect() })
        .collect()
}

/// A committee of a compound, and its term.
pub struct Committee<'a> {
    pub of: &'a Planned,
    pub kind: OrgKind,
    pub seats: usize,
    pub elected_on: NaiveDate,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub filed_on: NaiveDate,
}

/// 395 个委员会
pub fn committees(planned: &[Planned]) -> Vec<Committee<'_>> {
    let mut in_custody = 0;
    planned.iter().filter(|p| has_committee(p, &mut in_custody)).map(committee).collect()
}

fn has_committee(p: &Planned, in_custody: &mut usize) -> bool {
    match p.mode {
        ManagementMode::None => false,
        ManagementMode::Professional => {
            p.serial < LAST_MANAGED || p.community < WITHOUT_FROM || !p.community.is_multiple_of(2)
        }
        ManagementMode::CommunityCustody => {
            *in_custody += 1;
            *in_custody <= CUSTODY_WITH_COMMITTEE
        }
        _ => true,
    }
}

fn committee(of: &Planned) -> Committee<'_> {
    let here = of.community_code() == TONGDEXIANG;
    let managed = of.kind == CompoundKind::Managed;
    let (from, to) = match (here, managed) {
        (true, true) => (day(2020, 4, 20), day(2025, 4, 19)),
        // The yard of scenario 17 elects for the rest of the others' term.
        (true, false) if of.since > day(2020, 4, 20) => (of.since, day(2025, 6, 29)),
        (true, false) => (of.since, day(2025, 4, 19)),
        (false, true) => (day(2022, 6, 1), day(2027, 5, 31)),
        // The yards' drive was in 2023.
        (false, false) => (of.since, day(2027, 12, 31)),
    };
    let kind = if managed { OrgKind::OwnersCommittee } else { OrgKind::SelfManagementCommittee };
    let seats = match (here, managed) {
        (true, true) => TONGDEXIANG_SEATS.get(of.serial - 1).copied().unwrap_or(5),
        (false, true) => 7,
        (_, false) => 5,
    };
    let days = Duration::days(10);
    Committee { of, kind, seats, elected_on: from - days, from, to, filed_on: from + days }
}

/// Whether the `seat`th member of Tongdexiang's committees is a Party member, and whether a veteran.
pub fn attributes(seat: usize) -> (bool, bool) {
    let rank = seat * STRIDE % SEATS;
    (PARTY_RANKS.contains(&rank), VETERAN_RANKS.contains(&rank))
}

/// How many of a community's residents' committee sit on owners' committees.
pub fn to_committees(community: usize) -> usize {
    let here = COMMUNITIES.iter().position(|(code, _)| *code == TONGDEXIANG).unwrap_or_default();
    match community {
        c if c == here => TO_COMMITTEES_HERE,
        c => share(TO_COMMITTEES - TO_COMMITTEES_HERE, COMMUNITIES.len() - 1, c - usize::from(c > here)),
    }
}

/// How many branches send their head into a community's 大党委.
pub fn to_big_committee(community: usize) -> usize {
    share(TO_BIG_COMMITTEES, COMMUNITIES.len(), community)
}

/// How many general branches a community has founded in its managed compounds.
pub fn general_branches(community: usize) -> usize {
    share(TO_GENERAL_BRANCHES, COMMUNITIES.len(), community)
}

/// The managed compounds whose committees have a branch: as many as the companies' branches leave of the 大党委.
pub fn committee_branches(companies: &[Company], community: usize) -> usize {
    to_big_committee(community).saturating_sub(company_branches(companies, community).count())
}

/// The companies whose own branch, or the branch that they host, sends its head into the community.
pub fn company_branches<'a>(companies: &'a [Company<'a>], community: usize) -> impl Iterator<Item = &'a Company<'a>> {
    companies.iter().filter(move |company| company.community() == community && hosts_branch(company))
}

/// The joint branch is the first of its two companies'.
pub fn hosts_branch(company: &Company) -> bool {
    match company.reach() {
        Reach::Own | Reach::Affiliated => true,
        Reach::Joint => Some(&company.number) == JOINT_BRANCH.first(),
        Reach::Instructor => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::demo::plan;

    #[test]
    fn companies_serve_every_managed_compound_once() {
        let planned = plan::compounds();
        let companies = companies(&planned);
        let mut served: Vec<String> = companies.iter().flat_map(|c| &c.compounds).map(|p| p.area_code()).collect();
        assert_eq!((companies.len(), served.len()), (88, 225));
        served.sort();
        served.dedup();
        assert_eq!(served.len(), 225);
        assert_eq!(companies[0].compounds.iter().map(|p| p.serial).collect::<Vec<_>>(), [1, 2, 3]);
        let reached = |reach| companies.iter().filter(|c| c.reach() == reach).count();
        let by_reach = [Reach::Own, Reach::Joint, Reach::Affiliated, Reach::Instructor].map(reached);
        assert_eq!(by_reach, [5, 2, 1, 80]);
        assert!(companies.iter().all(|c| c.compounds.len() == if c.number <= 49 { 3 } else { 2 }));
    }

    #[test]
    fn committees_by_how_their_compounds_are_managed() {
        let planned = plan::compounds();
        let committees = committees(&planned);
        let mut modes: BTreeMap<(bool, &str), usize> = BTreeMap::new();
        for committee in &committees {
            let here = committee.of.community_code() == TONGDEXIANG;
            *modes.entry((here, committee.of.mode.as_str())).or_default() += 1;
        }
        let expected = [
            ((false, "community_custody"), 71),
            ((false, "professional"), 210),
            ((false, "red_station"), 6),
            ((false, "self_managed"), 64),
            ((false, "social_org_agency"), 23),
            ((true, "professional"), 5),
            ((true, "self_managed"), 16),
        ];
        assert_eq!(modes, BTreeMap::from(expected));
        assert_eq!(committees.len(), 395);
        assert_eq!(committees.iter().filter(|c| c.kind == OrgKind::OwnersCommittee).count(), 215);
        for c in &committees {
            assert!(c.seats % 2 == 1 && (5..=11).contains(&c.seats), "{}", c.of.name);
            assert!(c.elected_on < c.from && c.to <= c.from + Duration::days(5 * 365 + 1), "{}", c.of.name);
            assert!(c.filed_on - c.elected_on <= Duration::days(30) && c.from <= day(2024, 1, 1));
        }
    }

    #[test]
    fn the_members_of_tongdexiang() {
        let planned = plan::compounds();
        let here = committees(&planned).into_iter().filter(|c| c.of.community_code() == TONGDEXIANG);
        let sizes: Vec<usize> = here.map(|c| c.seats).collect();
        assert_eq!((sizes.len(), sizes.iter().sum::<usize>()), (21, 111));
        let all: Vec<(bool, bool)> = (0..111).map(attributes).collect();
        let count = |wanted: fn(&(bool, bool)) -> bool| all.iter().filter(|a| wanted(a)).count();
        assert_eq!((count(|a| a.0), count(|a| a.1), count(|a| a.0 && a.1)), (52, 33, 14));
    }

    #[test]
    fn three_hundred_and_eighty_cross() {
        let planned = plan::compounds();
        let companies = companies(&planned);
        let sum = |of: &dyn Fn(usize) -> usize| (0..COMMUNITIES.len()).map(of).sum::<usize>();
        assert_eq!(sum(&to_committees), 150);
        assert_eq!(sum(&general_branches), 60);
        assert_eq!(sum(&to_big_committee), 80);
        assert_eq!(sum(&|c| company_branches(&companies, c).count()), 7);
        assert_eq!(sum(&|c| committee_branches(&companies, c)), 73);
        assert!((0..COMMUNITIES.len()).all(|c| to_committees(c) <= 8 && committee_branches(&companies, c) <= 5));
    }
}
