//! 联席会议: series, meetings with seats by organisation, agendas fed by real cases, minutes that everybody signed, resolutions
//! and what comes of them.
//!
//! Owns the series and their alarms, the meetings with seats, attendance, agenda and votes, the versions of minutes with
//! amendments and signatures, resolutions and action items. Tables: `meeting_series`, `meetings`, `meeting_seats`,
//! `agenda_items`, `agenda_votes`, `meeting_minutes`, `minutes_amendments`, `minutes_signatures`, `resolution_numbers`,
//! `resolutions`, `action_items`.
//!
//! A seat is an organisation's, and whoever sits, votes or signs there does so by an appointment in office. What a kind of
//! meeting asks for is a rule of the place and pinned when a meeting is planned. A meeting without its quorum is a consultation,
//! for ever. Published minutes are frozen, with their hash in the hash-chained history.

mod api;
pub mod dto;
mod rendering;
mod rules;
mod store;

use platform::db::Conn;
use platform::history::By;
use platform::http::Mount;
use platform::{Error, Result};

pub use rules::PROBLEMS;
pub use rules::params::RULES;
pub use store::figures::{ActionsNow, RAISED, RESOLVED, SESSIONS, actions_now};
pub use store::follow::react;
pub use store::past;
pub use store::recount::RECOUNTED;

platform::scopes! {
    /// 查看会议: overseers by place, everybody else those at which an organisation of theirs has a seat
    MeetingsRead = "meetings:read": everyone,
    /// 召集会议: series, meetings, seats, agenda, minutes, resolutions
    MeetingsConvene = "meetings:convene": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, BranchOfficer,
        OcChair, MutualAidChair, StationHead,
    ],
    /// 提出议题
    MeetingsPropose = "meetings:propose": everyone,
    /// 签到、表决、修改意见、会签: by an appointment in office, which is looked up
    MeetingsAttend = "meetings:attend": everyone,
    /// 查看决议与行动项
    ResolutionsRead = "resolutions:read": everyone,
    /// 撤销决议 (物业管理条例第19条)
    ResolutionsRevoke = "resolutions:revoke": [DistrictCoord, StreetOfficer],
    /// 评议决议,核验与关闭行动项
    ActionsVerify = "actions:verify": [DistrictCoord, StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 办理行动项: for the organisation that is responsible
    ActionsHandle = "actions:handle": everyone,
    /// 导出行动项
    ActionsExport = "actions:export": [DistrictCoord, StreetOfficer, CommunitySecretary, CommunityWorker, Auditor],
    /// 查看会议指标
    MeetingFiguresRead = "meeting_figures:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, ContactLeader,
        Instructor, Auditor,
    ],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}

/// Raises what has become due: series whose next meeting is overdue, action items that are late. How many.
pub fn sweep(c: &mut Conn, by: &By) -> Result<usize> {
    let late = store::series::sweep(c, by)? + store::action_steps::sweep(c, by)?;
    Ok(late)
}

/// The id at which a page of a list by id goes on.
fn after_id<T>(after: Option<&str>, id: fn(uuid::Uuid) -> T) -> Result<Option<T>> {
    Ok(after.map(|text| text.parse().map_err(Error::internal)).transpose()?.map(id))
}
