//! 同德巷社区的通知公告与三方联盟群: a legal notice that is posted just now, one that is pinned, one for those who live there,
//! and a group in which a leaking pipe became a case.

use chrono::Duration;
use deliberation::notices::dto::{
    AllianceGroupId, AllianceParty, AlliancePostId, AlliancePostKind, NoticeId, NoticePostingIn,
};
use deliberation::notices::past::{self, PastNotice, PastPost};
use delivery::cases::dto::CaseId;
use platform::auth::Role;
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Ts};
use platform::publicity::PublicityId;
use platform::publicity::dto::Place;
use platform::{Error, Result};
use registry::identity::AccountId;
use registry::territory::store::By;

use super::cases::leak_of_the_group;
use super::dates::day;
use super::divisions::TONGDEXIANG;
use super::ids::{Kind, id_at};
use super::personas;

const STREET: &str = "620902005";
const KANGSHENG: &str = "620902005003-0001";
const SECRETARY: &str = "secretary.tongdexiang";
const WORKER: &str = "worker.tongdexiang";

/// Day of January 2024, hour, minute.
type Moment = (u32, i64, i64);

struct Notice {
    at: Moment,
    by: &'static str,
    area_code: &'static str,
    words: (&'static str, &'static str),
    roles: &'static [Role],
    pinned: bool,
    /// Where a legal one hangs.
    places: &'static [&'static str],
}

const NOTICES: [Notice; 4] = [
    Notice {
        at: (8, 9, 30),
        by: SECRETARY,
        area_code: TONGDEXIANG,
        words: ("冬季用电用气安全提示", "请勿在楼道停放、充电电动自行车;离家时关闭燃气阀门。"),
        roles: &[],
        pinned: true,
        places: &[],
    },
    Notice {
        at: (9, 10, 0),
        by: "street.xibeijie",
        area_code: STREET,
        words: ("春节前消防安全检查安排", "1月15日至31日对辖区住宅小区消防通道进行检查。"),
        roles: &[],
        pinned: false,
        places: &[],
    },
    Notice {
        at: (10, 15, 0),
        by: WORKER,
        area_code: TONGDEXIANG,
        words: ("春节期间生活垃圾清运时间调整", "2月9日至17日,生活垃圾每日上午8时清运一次。"),
        roles: &[Role::Owner, Role::Resident, Role::BuildingHead, Role::UnitHead],
        pinned: false,
        places: &[],
    },
    // Posted on Friday the 12th for five full days: to the end of Wednesday.
    Notice {
        at: (12, 9, 0),
        by: SECRETARY,
        area_code: KANGSHENG,
        words: (
            "关于召开康盛花园业主大会会议的公告",
            "拟于2月1日召开业主大会会议,议题为物业服务费调整方案,方案全文张贴于公告栏。",
        ),
        roles: &[],
        pinned: false,
        places: &["康盛花园公告栏", "社区公告栏"],
    },
];

struct Said {
    at: Moment,
    by: &'static str,
    party: AllianceParty,
    kind: AlliancePostKind,
    body: &'static str,
    /// The number of the post that it replies to.
    parent: Option<usize>,
}

/// The number of the problem among what was said.
const LEAK: usize = 2;

const SAID: [Said; 5] = [
    Said {
        at: (8, 10, 0),
        by: WORKER,
        party: AllianceParty::Community,
        kind: AlliancePostKind::Notice,
        body: "本群由社区、物业和居民三方共用,请文明发言,不要发布他人的电话和住址。",
        parent: None,
    },
    Said {
        at: (11, 8, 55),
        by: "owner.kangsheng",
        party: AllianceParty::Resident,
        kind: AlliancePostKind::Problem,
        body: "管道漏水\n楼道管道接头处漏水,地面有积水。",
        parent: None,
    },
    Said {
        at: (11, 9, 20),
        by: "company.staff",
        party: AllianceParty::Company,
        kind: AlliancePostKind::Reply,
        body: "收到,维修师傅已经出发。",
        parent: Some(LEAK),
    },
    Said {
        at: (11, 15, 0),
        by: "tenant.tongdexiang",
        party: AllianceParty::Resident,
        kind: AlliancePostKind::Praise,
        body: "物业处理得很及时,为师傅点赞。",
        parent: None,
    },
    Said {
        at: (12, 16, 0),
        by: SECRETARY,
        party: AllianceParty::Community,
        kind: AlliancePostKind::Warning,
        body: "昨晚巡查仍发现飞线充电,存在火灾隐患,请立即停止。",
        parent: None,
    },
];

pub fn load(c: &mut Conn) -> Result<()> {
    for (number, notice) in (1..).zip(&NOTICES) {
        publish(c, number, notice)?;
    }
    let opened = by(WORKER, (8, 9, 50))?;
    let id = AllianceGroupId(id_at(Kind::AllianceGroup, 1, opened.at));
    let group = past::open_group(c, id, TONGDEXIANG, "同德巷社区红色物业联盟群", &opened)?;
    for (number, said) in (1..).zip(&SAID) {
        let said = PastPost {
            id: post(number, said.at),
            kind: said.kind,
            party: said.party,
            author: account(said.by)?,
            body: said.body,
            parent: said.parent.and_then(post_of),
            pinned: said.kind == AlliancePostKind::Notice,
            case: Some(leak_of_the_group()).filter(|_| number == LEAK),
        };
        past::say(c, &group, &said, &by_author(number)?)?;
    }
    Ok(())
}

fn by_author(number: usize) -> Result<By> {
    let said = SAID.get(number - 1).ok_or_else(|| Error::internal("no such post"))?;
    by(said.by, said.at)
}

fn publish(c: &mut Conn, number: usize, notice: &Notice) -> Result<()> {
    let by = by(notice.by, notice.at)?;
    let places: Vec<Place> = notice.places.iter().map(|place| Place((*place).to_owned())).collect();
    let posting = NoticePostingIn { places, evidence: None, closes_on: None };
    let legal = !notice.places.is_empty();
    let past = PastNotice {
        id: NoticeId(id_at(Kind::Notice, number, by.at)),
        area_code: notice.area_code,
        words: notice.words,
        roles: notice.roles,
        pinned: notice.pinned,
        posting: legal.then(|| (PublicityId(id_at(Kind::Publicity, number, by.at)), posting)),
    };
    past::publish(c, &past, &by)?;
    Ok(())
}

fn post(number: usize, at: Moment) -> AlliancePostId {
    AlliancePostId(id_at(Kind::AlliancePost, number, moment(at)))
}

fn post_of(number: usize) -> Option<AlliancePostId> {
    SAID.get(number.checked_sub(1)?).map(|said| post(number, said.at))
}

/// What the leak was reported by, and the case that it became.
pub fn leak() -> Option<(AlliancePostId, CaseId)> {
    Some((post_of(LEAK)?, leak_of_the_group()))
}

fn account(username: &str) -> Result<AccountId> {
    personas::account(username).ok_or_else(|| Error::internal("no such persona"))
}

fn moment((date, hour, minute): Moment) -> Ts {
    midnight_in_shanghai(day(2024, 1, date)).plus(Duration::minutes(hour * 60 + minute))
}

fn by(username: &str, at: Moment) -> Result<By> {
    Ok(By { actor: Some(account(username)?.0), at: moment(at), today: day(2024, 1, at.0) })
}
