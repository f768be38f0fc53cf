use platform::db::Ts;
use platform::http::check_not_blank;
use roster::appointments::{AppointmentId, PostId};
use roster::organisations::OrganisationId;
use roster::people::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{Attendance, AttendanceAs, MeetingParty, Mode, SeatId, SeatRole};
use crate::meetings::store::seats::Seated;

/// 席位: an organisation's or, in a body's own meeting, that of one of its posts
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatIn {
    pub organisation_id: OrganisationId,
    #[schema(nullable = false)]
    pub post_id: Option<PostId>,
    /// 成员或列席; the convener's seat comes with the meeting
    pub observer: bool,
    /// 是否有表决权
    pub votes: bool,
}

/// 席位与出席
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeatOut {
    pub id: SeatId,
    pub organisation_id: OrganisationId,
    #[schema(max_length = 120)]
    pub organisation_name: String,
    #[schema(required = true)]
    pub post_id: Option<PostId>,
    /// 职务, of the post or of whoever sits there
    #[schema(required = true, max_length = 60)]
    pub title: Option<String>,
    pub party: MeetingParty,
    pub role: SeatRole,
    pub votes: bool,
    /// 出席情况; `null` until it is recorded
    #[schema(required = true)]
    pub attendance: Option<Attendance>,
    #[schema(required = true)]
    pub attend_mode: Option<Mode>,
    #[schema(required = true)]
    pub appointment_id: Option<AppointmentId>,
    #[schema(required = true)]
    pub person_id: Option<PersonId>,
    /// 出席人, masked
    #[schema(required = true, example = "张*", max_length = 40)]
    pub person_name: Option<String>,
    #[schema(required = true, max_length = 200)]
    pub proxy_document: Option<String>,
    #[schema(required = true)]
    pub attended_at: Option<Ts>,
}

impl From<Seated> for SeatOut {
    fn from(seated: Seated) -> Self {
        let Seated { row, organisation_name, title, person_name } = seated;
        Self {
            id: row.id,
            organisation_id: row.organisation_id,
            organisation_name,
            post_id: row.post_id,
            title,
            party: row.party,
            role: row.role,
            votes: row.votes,
            attendance: row.attendance,
            attend_mode: row.attend_mode,
            appointment_id: row.appointment_id,
            person_id: row.person_id,
            person_name: person_name.map(|name| platform::text::mask_name(&name)),
            proxy_document: row.proxy_document,
            attended_at: row.attended_at,
        }
    }
}

/// 签到
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckInIn {
    /// 签到码, as it is shown at the meeting
    #[validate(length(equal = 6))]
    #[schema(example = "042816", min_length = 6, max_length = 6)]
    pub code: String,
    pub mode: Mode,
}

/// 登记出席: by the convener, for who does not check in by the code
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceIn {
    pub attendance: AttendanceAs,
    /// 出席方式; for who is there
    #[schema(nullable = false)]
    pub mode: Option<Mode>,
    /// 出席人的任职; for `present`
    #[schema(nullable = false)]
    pub appointment_id: Option<AppointmentId>,
    /// 代理人; for `proxy`
    #[schema(nullable = false)]
    pub proxy_person_id: Option<PersonId>,
    /// 授权委托书; for `proxy`
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    pub proxy_document: Option<String>,
    /// 请假事由; for `excused`
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "出差", min_length = 1, max_length = 200)]
    pub excuse: Option<String>,
}

/// 签到码
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckInCodeOut {
    #[schema(example = "042816", max_length = 6)]
    pub code: String,
}
