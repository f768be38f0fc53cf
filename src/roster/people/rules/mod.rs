//! The rules of people (domain B3, C7, C10). Pure: facts and dates in, a verdict out.

mod phone;
mod residency;
mod stages;

use chrono::{Datelike, NaiveDate};
use platform::auth::Role;
use platform::calendar::Calendar;
use platform::{Error, Result};
use uuid::Uuid;

pub use phone::{check_phone, mask, parse_phone};
pub use residency::{Evidence, Given, Standing, document_fits, may_end, may_give, may_reject, role_of};
pub use stages::{check_stage, status_after};

use super::dto::{DataRequestStatus, PartyStatus, Skill};

platform::problems! {
    AREA_UNKNOWN = 422 "people.area_unknown", "须为有效的区县、街道、社区或小区代码", "Must be the code of an open district, street, community or compound";
    ALREADY_REGISTERED = 409 "people.already_registered", "此处已有同名同号的人员", "Somebody with this name and number is registered here already";
    ACCOUNT_UNKNOWN = 422 "people.account_unknown", "账号不存在、已停用或不在您的辖区", "The account does not exist, is disabled or lies outside your area";
    ACCOUNT_TAKEN = 409 "people.account_taken", "该账号已关联另一人员", "The account belongs to another person already";
    OWN_RECORD = 403 "people.own_record", "不能把人员关联到自己的账号", "You may not link a person to your own account";
    /// 个人信息保护法 28、30: political status is a restricted attribute.
    ATTRIBUTES_RESTRICTED = 403 "people.attributes_restricted", "您的角色不能查看或登记政治面貌、退役军人等受限信息", "Your roles neither read nor record restricted attributes here";
    BIRTH_YEAR = 422 "people.birth_year", "出生年份晚于今年", "The year of birth lies in the future";
    CLOSED = 409 "people.closed", "该人员记录已关闭", "The person's record is closed";
    IN_THE_FUTURE = 422 "people.in_the_future", "日期不能晚于今天", "The date lies in the future";
    ENDS_TOO_EARLY = 422 "people.ends_too_early", "结束日期不能早于开始日期", "It cannot end before it began";
    NO_PHONE = 409 "people.no_phone", "该人员没有登记电话", "No phone number is registered for this person";
    UNMASK_LIMIT = 429 "people.unmask_limit", "一小时内查看号码的次数已达上限", "You have opened as many numbers as one hour allows";
    NO_RECORD = 404 "people.no_record", "没有与您的账号关联的人员记录", "No person's record belongs to your account";
    NAME_NEEDED = 422 "people.name_needed", "首次申报须填写姓名", "A first claim needs your name";
    HAS_RECORD = 422 "people.has_record", "您已有人员记录,姓名和电话请通过更正申请修改", "You have a record; change your name or phone by a correction request";
    TOO_MANY_CLAIMS = 409 "people.too_many_claims", "待核实的申报过多", "Too many of your claims wait already";
    ROOM_UNKNOWN = 422 "people.room_unknown", "房屋不存在或已撤销", "The room does not exist or is closed";
    RESIDENCY_OPEN = 409 "people.residency_open", "该人员在此房屋已有同类未终止的居住关系", "The same residency of this person is open already";
    RESIDENCY_DECIDED = 409 "people.residency_decided", "该申报已有结论", "The claim has been decided";
    RESIDENCY_NOT_OPEN = 409 "people.residency_not_open", "该居住关系未在生效中", "The residency is not in force";
    OWN_CLAIM = 403 "people.own_claim", "本人不能核实或驳回自己的居住关系", "Nobody verifies or rejects a claim of their own";
    EVIDENCE_GIVEN = 409 "people.evidence_given", "该项依据已记录", "This evidence has been given already";
    SAME_CONFIRMER = 403 "people.same_confirmer", "产权核实的两项依据须由不同的人提供", "The two evidences of an owner come from two different people";
    /// B20: owner proof by the community and the owners' committee, or two of the community.
    COMMUNITY_MISSING = 422 "people.community_missing", "两项依据中至少一项须由社区提供", "At least one of the two evidences must come from the community";
    DOCUMENT_UNFIT = 422 "people.document_unfit", "该类材料不能证明此种居住关系", "That kind of document does not prove such a residency";
    /// 发展党员工作细则: the stages follow one another.
    STAGE_ORDER = 422 "people.stage_order", "发展党员阶段须按顺序记录,不得跳过", "The stages of Party development are recorded in order, none skipped";
    STAGE_DATE = 422 "people.stage_date", "日期不能早于上一阶段", "The date lies before the previous stage";
    STATUS_BY_STAGES = 409 "people.status_by_stages", "政治面貌由发展阶段记录决定", "The status follows from the recorded stages";
    NOT_A_MEMBER = 422 "people.not_a_member", "只有党员可以报到", "Only members of the Party check in";
    ONE_PERSON = 422 "people.one_person", "个人报到人数须为 1", "A person's check-in counts one";
    CHECKIN_OPEN = 409 "people.checkin_open", "在此处已有未结束的报到", "An open check-in stands here already";
    CHECKIN_ENDED = 409 "people.checkin_ended", "该报到已结束", "The check-in has ended";
    GRID_UNFIT = 422 "people.grid_unfit", "网格已撤销或不属于该社区", "The grid is closed or of another community";
    /// 个人信息保护法 25; 志愿服务条例 20: published with consent, where the person lives or serves.
    CONSENT_AREA = 422 "people.consent_area", "须为本人居住或登记所在的小区或社区", "Must be a compound or community where the person lives or is registered";
    CONSENT_GIVEN = 409 "people.consent_given", "该项同意已存在", "This consent stands already";
    CONSENT_WITHDRAWN = 409 "people.consent_withdrawn", "该项同意已撤回", "The consent has been withdrawn";
    /// 个人信息保护法 28、31.
    MINOR = 422 "people.minor", "未满十四周岁者的信息不予公开", "Nothing is published of a child under fourteen";
    REQUEST_OPEN = 409 "people.request_open", "同类请求尚未答复", "A request of this kind waits already";
    REQUEST_DECIDED = 409 "people.request_decided", "该请求已答复", "The request has been answered";
    OWN_REQUEST = 403 "people.own_request", "不能答复自己的请求", "Nobody answers their own request";
    /// 民法典 278; 物业管理条例: the register of owners is kept while they own.
    STILL_RESIDENT = 409 "people.still_resident", "仍有生效的居住关系,业主名册依法须保留,不能删除", "A residency is in force, and the register of owners is kept by law: end it first or refuse";
}

/// Who may read the restricted attributes of persons in their own area (domain B20, "masked for staff").
pub const ATTRIBUTE_READERS: [Role; 5] =
    [Role::CommunitySecretary, Role::CommunityWorker, Role::StreetOfficer, Role::DistrictCoord, Role::IndustryParty];

/// 每小时最多查看号码次数
pub const UNMASKS_PER_HOUR: i64 = 20;
/// PIPL 50 asks for a timely answer; the local rule is fifteen working days.
const ANSWER_DAYS: i64 = 15;
/// Days within which those working days are, whatever holidays lie between.
pub const ANSWER_WITHIN: i64 = 62;
/// Claims of one person that may wait at a time.
pub const OPEN_CLAIMS: i64 = 5;
/// 个人信息保护法 31: children under this age.
const MINORS_BELOW: i32 = 14;

/// The last day to answer a request about one's own data.
pub fn answer_by(filed_on: NaiveDate, calendar: &Calendar) -> NaiveDate {
    calendar.working_days_after(filed_on, ANSWER_DAYS).unwrap_or(filed_on + chrono::Duration::days(ANSWER_WITHIN))
}

pub fn check_birth_year(year: Option<i32>, today: NaiveDate) -> Result<()> {
    if year.is_some_and(|year| year > today.year()) { Err(BIRTH_YEAR.at("/birth_year")) } else { Ok(()) }
}

/// A last day: not before the first, not in the future.
pub fn check_end(from: Option<NaiveDate>, on: NaiveDate, today: NaiveDate) -> Result<()> {
    if on > today {
        Err(IN_THE_FUTURE.at("/on"))
    } else if from.is_some_and(|from| on < from) {
        Err(ENDS_TOO_EARLY.at("/on"))
    } else {
        Ok(())
    }
}

/// Whether something of a person may be published: in the year in which they turn fourteen it may.
pub fn may_publish(birth_year: Option<i32>, today: NaiveDate) -> Result<()> {
    match birth_year {
        Some(year) if today.year() - year < MINORS_BELOW => Err((&MINOR).into()),
        _ => Ok(()),
    }
}

/// A check-in: of a member, who counts one, or of an employer's unit.
pub fn may_check_in(member: Option<PartyStatus>, headcount: i32, since: NaiveDate, today: NaiveDate) -> Result<()> {
    match member {
        Some(PartyStatus::None) => Err(NOT_A_MEMBER.at("/person_id")),
        Some(_) if headcount != 1 => Err(ONE_PERSON.at("/headcount")),
        _ if since > today => Err(IN_THE_FUTURE.at("/since")),
        _ => Ok(()),
    }
}

/// Whether `actor` may answer a request that `filed_by` made.
pub fn may_answer(status: DataRequestStatus, filed_by: Uuid, actor: Uuid) -> Result<()> {
    if filed_by == actor {
        Err((&OWN_REQUEST).into())
    } else if status != DataRequestStatus::Open {
        Err((&REQUEST_DECIDED).into())
    } else {
        Ok(())
    }
}

/// Seconds until the oldest of the openings counted is an hour old.
pub fn unmask_wait(opened: &[i64], now: i64) -> Option<Error> {
    let full = i64::try_from(opened.len()).is_ok_and(|count| count >= UNMASKS_PER_HOUR);
    let oldest = opened.iter().min().filter(|_| full)?;
    let seconds = u64::try_from((oldest + 3600 - now).max(1)).unwrap_or(1);
    Some(Error::Wait { problem: &UNMASK_LIMIT, seconds })
}

/// What skills are looked up by: `|水电维修|开锁|`.
pub fn skill_index(skills: &[Skill]) -> String {
    match skills {
        [] => String::new(),
        _ => format!("|{}|", skills.iter().map(|skill| skill_key(&skill.0)).collect::<Vec<_>>().join("|")),
    }
}

/// One skill as it stands in the index.
pub fn skill_key(skill: &str) -> String {
    platform::text::for_search(skill).replace('|', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T: std::fmt::Debug>(outcome: Result<T>) -> Option<&'static str> {
        outcome.err().map(|error| error.problem().code)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn the_twenty_first_opening_waits_until_the_first_is_an_hour_old() {
        let now = 1_700_000_000;
        let opened: Vec<i64> = (0..20).map(|i| now - 600 + i).collect();
        assert!(unmask_wait(&opened[..19], now).is_none());
        match unmask_wait(&opened, now) {
            Some(Error::Wait { seconds, .. }) => assert_eq!(seconds, 3000),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nothing_of_a_child_is_published() {
        let today = day("2024-01-15");
        assert_eq!(code(may_publish(Some(2011), today)), Some("people.minor"));
        assert_eq!(code(may_publish(Some(2010), today)), None);
        assert_eq!(code(may_publish(None, today)), None);
    }

    #[test]
    fn members_check_in_and_count_one() {
        let today = day("2024-01-15");
        let check = |member, headcount, since| code(may_check_in(member, headcount, day(since), today));
        assert_eq!(check(Some(PartyStatus::Formal), 1, "2024-01-15"), None);
        assert_eq!(check(None, 40, "2024-01-15"), None);
        assert_eq!(check(Some(PartyStatus::None), 1, "2024-01-15"), Some("people.not_a_member"));
        assert_eq!(check(Some(PartyStatus::Probationary), 2, "2024-01-15"), Some("people.one_person"));
        assert_eq!(check(None, 40, "2024-01-16"), Some("people.in_the_future"));
    }

    #[test]
    fn skills_are_found_whole() {
        let skills = ["水电 维修", "开锁"].map(|text| Skill(text.to_owned()));
        assert_eq!(skill_index(&skills), "|水电维修|开锁|");
        assert_eq!(skill_index(&[]), "");
        assert_eq!(skill_key("a|B"), "ab");
    }
}
