//! One account for each persona of domain D3. All are made up; their passwords are printed for everybody to read, so
//! the demo belongs on one's own machine.

use std::num::NonZeroUsize;
use std::thread;

use platform::auth::{AreaCode, Role};
use platform::db::Conn;
use platform::{Error, Result};
use registry::identity::{self, AccountId, GrantId, NewAccountSpec, NewGrantSpec, passwords};
use registry::territory::store::By;

use super::divisions::{DISTRICT, FEIJICHANG, TONGDEXIANG};
use super::ids::{Kind, id};
use super::plan::KANGSHENG as FIRST_COMPOUND;
use super::roster::Body;

/// Where a role counts: in an area, or wherever an organisation serves; with what the guide calls that.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    In(&'static str),
    For(Body, &'static str),
}

impl Place {
    fn area(self) -> Result<AreaCode> {
        match self {
            Place::In(area) => parse(area),
            Place::For(body, _) => parse(&body.area()),
        }
    }

    fn organisation(self) -> Option<uuid::Uuid> {
        match self {
            Place::In(_) => None,
            Place::For(body, _) => Some(body.id().0),
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Place::In("") => "*",
            Place::In(area) => area,
            Place::For(_, name) => name,
        }
    }
}

/// Somebody to log in as.
pub struct Persona {
    pub username: &'static str,
    pub name: &'static str,
    /// The first one tells which area looks after the account.
    pub grants: &'static [(Role, Place)],
}

impl Persona {
    /// `demo-worker-tongdexiang-2024` for `worker.tongdexiang`.
    pub fn password(&self) -> String {
        format!("demo-{}-2024", self.username.replace('.', "-"))
    }
}

/// The persona that the README lets a newcomer be.
pub const NEWCOMER: &str = "worker.tongdexiang";

const KANGSHENG: Place = Place::In("620902005003-0001");
const OWN_ROOM: Place = Place::In("620902005003-0001-001-01-0001");
const TONGDEXIANG_YARD: Place = Place::In("620902005003-0006");
const FIRST_GRID: Place = Place::In("620902005003001");
const SECOND_GRID: Place = Place::In("620902005003002");
const COMMUNITY: Place = Place::In(TONGDEXIANG);
const SUZHOU: Place = Place::In(DISTRICT);
/// It serves three compounds of Tongdexiang, 康盛花园 among them.
const COMPANY: Place = Place::For(Body::Company(1), "新东名都物业");
const COMMITTEE: Place = Place::For(Body::Committee(TONGDEXIANG, FIRST_COMPOUND), "康盛花园业委会");
const STATION: Place = Place::For(Body::Station(FEIJICHANG, 1), "南巷院服务站");
const BRANCH: Place = Place::For(Body::CompoundBranch(FEIJICHANG, 1), "南巷院党支部");

pub const PERSONAS: &[Persona] = &[
    one("admin.platform", "测试·平台管理员", &[(Role::PlatformAdmin, Place::In(""))]),
    one("coord.suzhou", "测试·区级统筹", &[(Role::DistrictCoord, SUZHOU)]),
    one("authority.suzhou", "测试·住建部门", &[(Role::PropertyAuthority, SUZHOU)]),
    one("price.suzhou", "测试·发改部门", &[(Role::PriceAuthority, SUZHOU)]),
    one("industry.suzhou", "测试·物业行业党委", &[(Role::IndustryParty, SUZHOU)]),
    one("street.xibeijie", "测试·西北街街道干部", &[(Role::StreetOfficer, Place::In("620902005"))]),
    one("street.xincheng", "测试·新城街道干部", &[(Role::StreetOfficer, Place::In("620902004"))]),
    one("secretary.tongdexiang", "测试·同德巷社区书记", &[(Role::CommunitySecretary, COMMUNITY)]),
    one("secretary.guanbeigou", "测试·官北沟社区书记", &[(Role::CommunitySecretary, Place::In("620902004007"))]),
    one("secretary.guangsha", "测试·广厦社区书记", &[(Role::CommunitySecretary, Place::In("620902004002"))]),
    one(NEWCOMER, "测试·同德巷社区工作者", &[(Role::CommunityWorker, COMMUNITY)]),
    one("worker.guanbeigou", "测试·官北沟社区工作者", &[(Role::CommunityWorker, Place::In("620902004007"))]),
    one("grid.fulltime", "测试·专职网格员", &[(Role::GridWorker, FIRST_GRID)]),
    // 兼职网格员: a company's employee who patrols a grid beside the job.
    one("grid.parttime", "测试·兼职网格员", &[(Role::GridWorker, SECOND_GRID), (Role::CompanyStaff, COMPANY)]),
    one("company.admin", "测试·物业企业管理员", &[(Role::CompanyAdmin, COMPANY)]),
    one("company.manager", "测试·物业项目经理", &[(Role::ProjectManager, COMPANY)]),
    one("company.staff", "测试·物业员工", &[(Role::CompanyStaff, COMPANY)]),
    // 站长由支部副书记兼任
    one("station.nanxiang", "测试·服务站站长", &[(Role::StationHead, STATION), (Role::BranchOfficer, BRANCH)]),
    one("oc.chair", "测试·业委会主任", &[(Role::OcChair, COMMITTEE)]),
    one("oc.member", "测试·业委会委员", &[(Role::OcMember, COMMITTEE)]),
    // Sees the whole compound as one who lives there, and of the rooms only the own one.
    one("owner.kangsheng", "测试·业主", &[(Role::Owner, OWN_ROOM), (Role::Resident, KANGSHENG)]),
    one("tenant.tongdexiang", "测试·租户", &[(Role::Resident, TONGDEXIANG_YARD)]),
    one("mutualaid.guicheng", "测试·互助会会长", &[(Role::MutualAidChair, Place::In("440605011"))]),
    one("mediator.tongdexiang", "测试·调解员", &[(Role::Mediator, COMMUNITY)]),
    one("volunteer.first", "测试·志愿者甲", &[(Role::Volunteer, COMMUNITY)]),
    one("volunteer.second", "测试·志愿者乙", &[(Role::Volunteer, COMMUNITY)]),
    one("instructor.tongdexiang", "测试·党建指导员", &[(Role::Instructor, COMMUNITY)]),
    one("leader.suzhou", "测试·包抓领导", &[(Role::ContactLeader, FIRST_GRID)]),
    one("assessor.suzhou", "测试·考评员", &[(Role::Assessor, SUZHOU)]),
    one("court.suzhou", "测试·法院联络员", &[(Role::CourtLiaison, SUZHOU)]),
    one("auditor.suzhou", "测试·审计员", &[(Role::Auditor, SUZHOU)]),
    // Whose own roles come with courses and jobs: until then they are who they are at home.
    one("lecturer.tongdexiang", "测试·讲师", &[(Role::Volunteer, COMMUNITY)]),
    one("grandparent.kangsheng", "测试·老人", &[(Role::Resident, KANGSHENG)]),
    one("jobseeker.tongdexiang", "测试·求职居民", &[(Role::Resident, TONGDEXIANG_YARD)]),
    one("assessor.association", "测试·行业协会考评员", &[(Role::Assessor, SUZHOU)]),
    one("assessor.peer", "测试·同行企业考评员", &[(Role::Assessor, SUZHOU)]),
];

const fn one(username: &'static str, name: &'static str, grants: &'static [(Role, Place)]) -> Persona {
    Persona { username, name, grants }
}

/// The personas' password hashes, in their order, made on every core: argon2id is slow on purpose.
pub fn hashes() -> Result<Vec<String>> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        let chunks = PERSONAS.chunks(PERSONAS.len().div_ceil(cores));
        let hash_all =
            |chunk: &'static [Persona]| move || chunk.iter().map(|p| passwords::hash_now(&p.password())).collect();
        let threads: Vec<_> = chunks.map(|chunk| scope.spawn(hash_all(chunk))).collect();
        let mut hashes = Vec::with_capacity(PERSONAS.len());
        for thread in threads {
            let chunk: Result<Vec<String>> = thread.join().map_err(|_| Error::internal("a hashing thread panicked"))?;
            hashes.extend(chunk?);
        }
        Ok(hashes)
    })
}

pub fn load(c: &mut Conn, hashes: &[String], by: &By) -> Result<()> {
    let mut grants = 0;
    for (index, (persona, hash)) in PERSONAS.iter().zip(hashes).enumerate() {
        let account = AccountId(id(Kind::Account, index + 1));
        identity::create_account(c, account_of(persona, account, hash, by)?)?;
        for (role, place) in persona.grants {
            grants += 1;
            identity::grant_role(c, grant_of(account, grants, (*role, *place), by)?)?;
        }
    }
    Ok(())
}

/// What a persona is called.
pub fn name(username: &str) -> Option<&'static str> {
    PERSONAS.iter().find(|persona| persona.username == username).map(|persona| persona.name)
}

/// The account of a persona.
pub fn account(username: &str) -> Option<AccountId> {
    let index = PERSONAS.iter().position(|persona| persona.username == username)?;
    Some(AccountId(id(Kind::Account, index + 1)))
}

/// The grant of a persona's role, which an office or a residency brings.
pub fn grant(username: &str, role: Role) -> Option<GrantId> {
    let all = PERSONAS.iter().flat_map(|persona| persona.grants.iter().map(|(role, _)| (persona.username, *role)));
    let index = all.into_iter().position(|held| held == (username, role))?;
    Some(GrantId(id(Kind::Grant, index + 1)))
}

fn account_of(persona: &Persona, id: AccountId, hash: &str, by: &By) -> Result<NewAccountSpec> {
    Ok(NewAccountSpec {
        id,
        username: persona.username.to_owned(),
        display_name: persona.name.to_owned(),
        password_hash: hash.to_owned(),
        area: persona.grants.first().map_or_else(|| parse(""), |(_, place)| place.area())?,
        must_change_password: false,
        actor: by.actor,
        at: by.at,
    })
}

fn grant_of(account: AccountId, number: usize, (role, place): (Role, Place), by: &By) -> Result<NewGrantSpec> {
    Ok(NewGrantSpec {
        id: GrantId(id(Kind::Grant, number)),
        account,
        role,
        area: place.area()?,
        organisation: place.organisation(),
        valid_from: by.today,
        valid_to: None,
        reason: "演示".to_owned(),
        actor: by.actor,
        at: by.at,
    })
}

fn parse(area: &str) -> Result<AreaCode> {
    area.parse().map_err(|cause: String| Error::internal(cause))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_persona_could_have_chosen_their_password() {
        for persona in PERSONAS {
            assert!(identity::check_username(persona.username).is_ok(), "{}", persona.username);
            let verdict = identity::check_password(&persona.password(), persona.username);
            assert_eq!(verdict.err().map(|problem| problem.code), None, "{}", persona.username);
            assert!(persona.grants.iter().all(|(_, place)| place.area().is_ok()) && !persona.grants.is_empty());
            assert!(persona.name.starts_with("测试·"), "nobody takes a persona for a person");
        }
        let names: BTreeSet<&str> = PERSONAS.iter().map(|persona| persona.username).collect();
        assert_eq!(names.len(), PERSONAS.len());
    }

    #[test]
    fn a_hash_for_each_in_their_order() {
        let hashes = hashes().expect("hashed");
        assert_eq!(hashes.len(), PERSONAS.len());
        let (persona, hash) = (&PERSONAS[10], &hashes[10]);
        assert!(passwords::verify_now(&persona.password(), Some(hash)).expect("verified"), "{}", persona.username);
    }
}
