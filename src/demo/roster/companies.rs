//! 88 家物业企业: what they serve under which contract, and how the Party reaches them.

use chrono::NaiveDate;
use platform::db::{Conn, Json};
use platform::{Error, Result};
use registry::territory::dto::ManagementMode;
use registry::territory::store::By;
use roster::organisations::dto::{Commitment, ContractIn, ContractStatus, Coverage, CoverageId, TermKind};
use roster::organisations::store::contracts::{self, ContractRow};
use roster::organisations::store::coverage::{self, CoverageRow};
use roster::organisations::{ContractId, OrgKind, PartyOrgKind, uscc};
use serde_json::json;

use super::bodies::{Bodies, Body, Outline, company_details};
use super::counts::{self, Company, JOINT_BRANCH, Reach};
use crate::demo::compounds;
use crate::demo::dates::day;
use crate::demo::divisions::{COMMUNITIES, DISTRICT, REGISTERED, TONGDEXIANG};
use crate::demo::ids::{Kind, id};
use crate::demo::plan::{KANGSHENG, Planned};

/// Companies 1–49 have contracts with a last day, the others go on without one (民法典 948).
const FIXED: usize = 49;
const FOUNDED: NaiveDate = day(2015, 6, 1);
const BRANCH_FOUNDED: NaiveDate = day(2018, 7, 1);
/// 康盛花园: 0.85 元/㎡·月
const PRICE_FEN: i64 = 85;

pub fn name(number: usize) -> String {
    match number {
        1 => "新东名都物业服务公司".to_owned(),
        10 => "洪洋物业服务公司".to_owned(),
        _ => format!("测试·物业服务公司{number:02}"),
    }
}

pub fn load(c: &mut Conn, bodies: &mut Bodies, companies: &[Company], by: &By) -> Result<()> {
    let mut signed = 0;
    for company in companies {
        let outline = Outline {
            uscc: Some(code(company.number)?),
            details: company_details(company.number),
            ..Outline::of(OrgKind::PropertyCompany, name(company.number), Some(Body::Association), FOUNDED)
        };
        bodies.add(c, Body::Company(company.number), outline, by)?;
        for compound in &company.compounds {
            signed += 1;
            contracts::insert_row(c, &contract(signed, company, compound, by), by)?;
        }
    }
    branches(c, bodies, companies, by)?;
    companies.iter().try_for_each(|company| cover(c, company, by))
}

/// 统一社会信用代码, with the character that checks it.
fn code(number: usize) -> Result<String> {
    let body = format!("91{DISTRICT}MA{number:07}");
    let check = uscc::check_character(&body).ok_or_else(|| Error::internal("no check character"))?;
    Ok(format!("{body}{check}"))
}

fn contract(number: usize, company: &Company, compound: &Planned, by: &By) -> ContractRow {
    let fixed = company.number <= FIXED;
    let new = ContractIn {
        company_id: Body::Company(company.number).id(),
        compound_id: compounds::id_of(compound.community_code(), compound.serial),
        term_kind: if fixed { TermKind::Fixed } else { TermKind::Indefinite },
        starts_on: REGISTERED,
        ends_on: fixed.then(|| day(2028, 12, 31)),
        price_fen: Some(PRICE_FEN),
        star_tier: Some(3),
        commitments: commitments(compound),
        subcontracts_whole_service: false,
    };
    ContractRow {
        status: ContractStatus::Active,
        submitted_at: Some(by.at),
        filed_on: Some(day(2019, 1, 10)),
        filing_no: Some(format!("肃物合备〔2019〕{number}号")),
        handover: Json(json!([])),
        ..ContractRow::fresh(ContractId(id(Kind::Contract, number)), compound.area_code(), &new, by)
    }
}

/// 康盛花园 has its promises listed; they are terms of the contract (民法典 938).
fn commitments(compound: &Planned) -> Vec<Commitment> {
    if (compound.community_code(), compound.serial) != (TONGDEXIANG, KANGSHENG) {
        return Vec::new();
    }
    let promises = ["报修三十分钟内到场", "公共照明损坏二十四小时内修复", "每季度公示收支"];
    promises.iter().map(|text| Commitment { text: (*text).to_owned(), measurable: true, due: None }).collect()
}

/// Founded by the industry's Party committee. Two companies share one, and one is attached to another's.
fn branches(c: &mut Conn, bodies: &mut Bodies, companies: &[Company], by: &By) -> Result<()> {
    for company in companies.iter().filter(|company| counts::hosts_branch(company)) {
        let body = Body::CompanyBranch(company.number);
        let (party_kind, title) = match company.reach() {
            Reach::Joint => (PartyOrgKind::JointBranch, "联合党支部"),
            Reach::Affiliated => (PartyOrgKind::AffiliatedBranch, "挂靠党支部"),
            Reach::Own | Reach::Instructor => (PartyOrgKind::CompanyBranch, "党支部"),
        };
        let above = (Some(Body::IndustryCommittee), Some(Body::Company(company.number)));
        let members = if company.reach() == Reach::Affiliated { 2 } else { 4 };
        let outline = Outline::party(body, format!("{}{title}", name(company.number)), above, members, BRANCH_FOUNDED);
        bodies.add(c, body, Outline { party_kind: Some(party_kind), ..outline }, by)?;
    }
    Ok(())
}

/// 组织覆盖 8/88, 工作覆盖 88/88. The head of every company is a member, so that where there is an instructor there is one.
fn cover(c: &mut Conn, company: &Company, by: &By) -> Result<()> {
    let own = Body::CompanyBranch(company.number);
    let joint = JOINT_BRANCH.first().map(|host| Body::CompanyBranch(*host));
    let (coverage, branch, members) = match company.reach() {
        Reach::Own => (Coverage::Own, Some(own), 4),
        Reach::Joint => (Coverage::Joint, joint, 2),
        Reach::Affiliated => (Coverage::Affiliated, Some(own), 2),
        Reach::Instructor => (Coverage::InstructorOnly, None, 1),
    };
    let row = covered(company.number, Body::Company(company.number), (coverage, branch, members), by);
    coverage::insert_row(c, &row, by)
}

/// The open record of how the Party reaches a body.
pub fn covered(
    number: usize,
    body: Body,
    (coverage, branch, formal_members): (Coverage, Option<Body>, i32),
    by: &By,
) -> CoverageRow {
    CoverageRow {
        id: CoverageId(id(Kind::Coverage, number)),
        organisation_id: body.id(),
        area_code: body.area(),
        formal_members,
        coverage,
        party_org_id: branch.map(Body::id),
        valid_from: day(2023, 1, 1),
        valid_to: None,
        note: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

/// The communities' general branches in managed compounds, whose secretaries come from the residents' committees, and the
/// branches of owners' committees.
pub fn load_branches_of_communities(
    c: &mut Conn,
    bodies: &mut Bodies,
    (companies, planned): (&[Company], &[Planned]),
    by: &By,
) -> Result<()> {
    let mut covered_so_far = counts::COMPANIES;
    for (index, (code, _)) in COMMUNITIES.iter().enumerate() {
        let above = (Some(Body::CommunityCommittee(code)), Some(Body::CommunityCommittee(code)));
        for compound in general_branch_sites(planned, index) {
            let body = Body::GeneralBranch(code, compound.serial);
            let name = format!("{}红色物业党总支", compound.name);
            bodies.add(c, body, Outline::party(body, name, above, 9, day(2020, 6, 1)), by)?;
        }
        for compound in committee_branch_sites(companies, planned, index) {
            let committee = Body::Committee(code, compound.serial);
            let body = Body::CommitteeBranch(code, compound.serial);
            let above = (Some(Body::CommunityCommittee(code)), Some(committee));
            let name = format!("{}业委会党支部", compound.name);
            bodies.add(c, body, Outline::party(body, name, above, 3, day(2022, 6, 15)), by)?;
            covered_so_far += 1;
            coverage::insert_row(c, &covered(covered_so_far, committee, (Coverage::Own, Some(body), 3), by), by)?;
        }
    }
    Ok(())
}

/// A community's managed compounds with a general branch: the last of them.
pub fn general_branch_sites(planned: &[Planned], community: usize) -> impl Iterator<Item = &Planned> {
    managed(planned, community).rev().take(counts::general_branches(community))
}

/// A community's compounds whose owners' committee has a branch: the first of them.
pub fn committee_branch_sites<'a>(
    companies: &[Company],
    planned: &'a [Planned],
    community: usize,
) -> impl Iterator<Item = &'a Planned> {
    managed(planned, community).take(counts::committee_branches(companies, community))
}

/// A community's managed compounds, by serial.
pub fn managed(planned: &[Planned], community: usize) -> impl DoubleEndedIterator<Item = &Planned> {
    planned.iter().filter(move |p| p.community == community && p.mode == ManagementMode::Professional)
}
