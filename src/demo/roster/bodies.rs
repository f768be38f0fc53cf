//! 组织: every body under a name that the loaders know it by, and the tree of the public ones.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::db::Conn;
use platform::{Error, Result};
use registry::territory::store::By;
use roster::organisations::dto::{
    CommitteeIn, CompanyDetails, Details, OrganisationIn, PartyOrgDetails, StationDetails, UnitDetails,
};
use roster::organisations::store::organisations::{self, OrganisationRow};
use roster::organisations::{OrgKind, OrgStatus, OrganisationId, PartyOrgKind};

use crate::demo::compounds;
use crate::demo::dates::day;
use crate::demo::divisions::{self, COMMUNITIES, DISTRICT, FEIJICHANG, REGISTERED, index_of};
use crate::demo::ids::{Kind, id};
use crate::demo::plan::area_code;

/// A body of the demo. A community is named by its code, a compound by its community and serial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Body {
    /// 区级协调机构
    Coordination,
    /// 住建部门
    Authority,
    /// 物业行业党委
    IndustryCommittee,
    /// 物业行业协会
    Association,
    /// 街道党工委
    StreetCommittee(&'static str),
    /// 街道办事处
    StreetOffice(&'static str),
    /// 社区党委
    CommunityCommittee(&'static str),
    /// 居委会
    ResidentsCommittee(&'static str),
    /// 大党委
    BigCommittee(&'static str),
    /// 物业企业, by its number
    Company(usize),
    /// 企业党支部, by its host's number
    CompanyBranch(usize),
    /// 业委会, 自管委
    Committee(&'static str, usize),
    /// 业委会党支部
    CommitteeBranch(&'static str, usize),
    /// 党总支 that a community has founded in a managed compound
    GeneralBranch(&'static str, usize),
    /// 红色物业服务站
    Station(&'static str, usize),
    /// 小区党支部
    CompoundBranch(&'static str, usize),
    /// 共驻共建单位
    CoLocatedUnit(&'static str),
}

/// Numbers that each kind of body has for itself: above any community's and serial's.
const BLOCK: usize = 100_000;
const SERIALS: usize = 1000;

impl Body {
    pub fn id(self) -> OrganisationId {
        OrganisationId(id(Kind::Organisation, self.number()))
    }

    fn number(self) -> usize {
        let street = |code: &str| divisions::streets().position(|(known, _)| known == code).unwrap_or_default();
        let compound = |community: &str, serial: usize| index_of(community) * SERIALS + serial;
        let (block, n) = match self {
            Body::Coordination => (0, 1),
            Body::Authority => (0, 2),
            Body::IndustryCommittee => (0, 3),
            Body::Association => (0, 4),
            Body::StreetCommittee(code) => (1, street(code)),
            Body::StreetOffice(code) => (2, street(code)),
            Body::CommunityCommittee(code) => (3, index_of(code)),
            Body::ResidentsCommittee(code) => (4, index_of(code)),
            Body::BigCommittee(code) => (5, index_of(code)),
            Body::Company(number) => (6, number),
            Body::CompanyBranch(number) => (7, number),
            Body::Committee(community, serial) => (8, compound(community, serial)),
            Body::CommitteeBranch(community, serial) => (9, compound(community, serial)),
            Body::GeneralBranch(community, serial) => (10, compound(community, serial)),
            Body::Station(community, serial) => (11, compound(community, serial)),
            Body::CompoundBranch(community, serial) => (12, compound(community, serial)),
            Body::CoLocatedUnit(code) => (13, index_of(code)),
        };
        block * BLOCK + n
    }

    /// Where it is at home.
    pub fn area(self) -> String {
        match self {
            Body::Coordination | Body::Authority | Body::IndustryCommittee | Body::Association => DISTRICT.to_owned(),
            Body::Company(_) | Body::CompanyBranch(_) => DISTRICT.to_owned(),
            Body::StreetCommittee(code) | Body::StreetOffice(code) => code.to_owned(),
            Body::CommunityCommittee(code)
            | Body::ResidentsCommittee(code)
            | Body::BigCommittee(code)
            | Body::CoLocatedUnit(code) => code.to_owned(),
            Body::Committee(community, serial)
            | Body::CommitteeBranch(community, serial)
            | Body::GeneralBranch(community, serial)
            | Body::Station(community, serial)
            | Body::CompoundBranch(community, serial) => area_code(community, serial),
        }
    }

    fn party_kind(self) -> Option<PartyOrgKind> {
        Some(match self {
            Body::Coordination => PartyOrgKind::DistrictCoord,
            Body::IndustryCommittee => PartyOrgKind::IndustryCommittee,
            Body::StreetCommittee(_) => PartyOrgKind::StreetWorkCommittee,
            Body::CommunityCommittee(_) => PartyOrgKind::CommunityCommittee,
            Body::BigCommittee(_) => PartyOrgKind::BigCommittee,
            Body::CompanyBranch(_) => PartyOrgKind::CompanyBranch,
            Body::CommitteeBranch(..) => PartyOrgKind::OcBranch,
            Body::GeneralBranch(..) => PartyOrgKind::GeneralBranch,
            Body::CompoundBranch(..) => PartyOrgKind::CompoundBranch,
            _ => return None,
        })
    }
}

/// What is written of a body beside what its place in the demo says.
pub struct Outline {
    pub kind: OrgKind,
    pub party_kind: Option<PartyOrgKind>,
    pub name: String,
    pub uscc: Option<String>,
    pub parent: Option<Body>,
    pub details: Details,
    pub committee: Option<CommitteeIn>,
    pub founded_on: NaiveDate,
}

impl Outline {
    pub fn of(kind: OrgKind, name: impl Into<String>, parent: Option<Body>, founded_on: NaiveDate) -> Self {
        let (details, name) = (Details::default(), name.into());
        Self { kind, party_kind: None, name, uscc: None, parent, details, committee: None, founded_on }
    }

    /// A Party organisation with its host and its number of members.
    pub fn party(
        body: Body,
        name: impl Into<String>,
        (parent, host): (Option<Body>, Option<Body>),
        formal_members: i32,
        founded_on: NaiveDate,
    ) -> Self {
        let party_org = PartyOrgDetails { hosted_by: host.map(Body::id), formal_members };
        Self {
            party_kind: body.party_kind(),
            details: Details { party_org: Some(party_org), ..Details::default() },
            ..Self::of(OrgKind::PartyOrg, name, parent, founded_on)
        }
    }
}

/// The bodies that have been written.
#[derive(Default)]
pub struct Bodies(BTreeMap<Body, OrganisationRow>);

impl Bodies {
    pub fn get(&self, body: Body) -> Result<&OrganisationRow> {
        self.0.get(&body).ok_or_else(|| Error::internal(format!("{body:?} is not in the demo")))
    }

    /// Writes a body in being: whatever comes before that was before the demo.
    pub fn add(&mut self, c: &mut Conn, body: Body, outline: Outline, by: &By) -> Result<()> {
        let Outline { kind, party_kind, name, uscc, parent, details, committee, founded_on } = outline;
        let new = OrganisationIn {
            kind,
            party_kind,
            name,
            uscc,
            area_code: body.area().parse().map_err(|e: String| Error::internal(e))?,
            parent_id: parent.map(Body::id),
            details: Some(details),
            committee,
            founded_on,
        };
        let row = OrganisationRow { status: OrgStatus::Active, ..OrganisationRow::fresh(body.id(), &new, by)? };
        organisations::insert_row(c, &row, by)?;
        self.0.insert(body, row);
        Ok(())
    }

    /// 区、街道、社区: Party and government from the district down, parents before children.
    pub fn load_public(&mut self, c: &mut Conn, by: &By) -> Result<()> {
        let coordination = "肃州区城市基层党建工作协调机构";
        let root = Outline::party(Body::Coordination, coordination, (None, None), 0, REGISTERED);
        self.add(c, Body::Coordination, root, by)?;
        let government = |name: String, parent| Outline::of(OrgKind::GovernmentAuthority, name, parent, REGISTERED);
        let authority = government("肃州区住房和城乡建设局".to_owned(), Some(Body::Coordination));
        self.add(c, Body::Authority, authority, by)?;
        let above = (Some(Body::Coordination), Some(Body::Authority));
        let industry = Outline::party(Body::IndustryCommittee, "肃州区物业行业党委", above, 0, REGISTERED);
        self.add(c, Body::IndustryCommittee, industry, by)?;
        let association =
            Outline::of(OrgKind::IndustryAssociation, "肃州区物业行业协会", Some(Body::Authority), REGISTERED);
        self.add(c, Body::Association, association, by)?;
        for (code, name) in divisions::streets() {
            let (committee, office) = (Body::StreetCommittee(code), Body::StreetOffice(code));
            let above = (Some(Body::Coordination), None);
            self.add(c, committee, Outline::party(committee, format!("{name}党工委"), above, 0, REGISTERED), by)?;
            self.add(c, office, government(format!("{name}办事处"), Some(committee)), by)?;
        }
        COMMUNITIES.iter().try_for_each(|(code, place)| self.load_community(c, code, place, by))
    }

    fn load_community(&mut self, c: &mut Conn, code: &'static str, place: &str, by: &By) -> Result<()> {
        let (street, _) = divisions::street_of(code);
        let (committee, big) = (Body::CommunityCommittee(code), Body::BigCommittee(code));
        let above = (Some(Body::StreetCommittee(street)), None);
        self.add(c, committee, Outline::party(committee, format!("{place}社区党委"), above, 120, REGISTERED), by)?;
        let residents =
            Outline::of(OrgKind::ResidentsCommittee, format!("{place}社区居民委员会"), Some(committee), REGISTERED);
        self.add(c, Body::ResidentsCommittee(code), residents, by)?;
        let unit = UnitDetails { sector: "学校".to_owned(), resources: Some("操场、会议室".to_owned()) };
        let unit = Outline {
            details: Details { unit: Some(unit), ..Details::default() },
            ..Outline::of(OrgKind::CoLocatedUnit, format!("测试·{place}学校"), None, REGISTERED)
        };
        self.add(c, Body::CoLocatedUnit(code), unit, by)?;
        let above = (Some(committee), Some(committee));
        self.add(c, big, Outline::party(big, format!("{place}社区大党委"), above, 0, day(2021, 7, 1)), by)
    }

    /// 南巷院: its branch of seven was elected on 30 September 2019; the station's plaque was unveiled on 4 October.
    pub fn load_nanxiang(&mut self, c: &mut Conn, by: &By) -> Result<()> {
        let community = Body::CommunityCommittee(FEIJICHANG);
        let branch = Body::CompoundBranch(FEIJICHANG, 1);
        self.add(c, community, Outline::party(community, "飞机场社区党委", (None, None), 90, REGISTERED), by)?;
        let above = (Some(community), None);
        let outline = Outline::party(branch, "南巷院党支部", above, 7, day(2019, 9, 30));
        self.add(c, branch, outline, by)?;
        let station = Body::Station(FEIJICHANG, 1);
        self.add(c, station, station_outline("南巷院", FEIJICHANG, 1, Some(branch), day(2019, 10, 4)), by)
    }
}

/// 红色物业服务站 of one compound: not for profit, with people of the community.
pub fn station_outline(
    name: &str,
    community: &str,
    serial: usize,
    parent: Option<Body>,
    founded_on: NaiveDate,
) -> Outline {
    let station = StationDetails {
        compound_ids: vec![compounds::id_of(community, serial)],
        local_hire: true,
        non_profit: true,
        positions: 3,
    };
    Outline {
        details: Details { station: Some(station), ..Details::default() },
        ..Outline::of(OrgKind::RedServiceStation, format!("{name}红色物业服务站"), parent, founded_on)
    }
}

/// A company's particulars.
pub fn company_details(number: usize) -> Details {
    let company = CompanyDetails {
        registered_address: Some(format!("肃州区测试路{number}号")),
        service_line: Some(format!("0937-27{number:05}")),
        employees: i32::try_from(20 + number % 60).ok(),
    };
    Details { company: Some(company), ..Details::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::divisions::TONGDEXIANG;

    #[test]
    fn every_body_has_an_id_of_its_own() {
        let bodies = [
            Body::Association,
            Body::StreetCommittee("620902007"),
            Body::StreetOffice("620902007"),
            Body::CommunityCommittee(FEIJICHANG),
            Body::Company(88),
            Body::Committee(TONGDEXIANG, 21),
            Body::CommitteeBranch(TONGDEXIANG, 21),
            Body::Station(FEIJICHANG, 1),
        ];
        let mut ids: Vec<OrganisationId> = bodies.iter().map(|body| body.id()).collect();
        ids.dedup();
        assert_eq!(ids.len(), bodies.len());
        assert!(ids.is_sorted());
    }
}
