use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_not_blank, not_null};
use platform::page;
use platform::rule_sets::RuleSetId;
use roster::appointments::PostId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    AgendaItemOut, MeetingId, MeetingKind, MeetingParty, MeetingStatus, Mode, SeatIn, SeatOut, SeriesId, Standing,
};
use crate::meetings::rules::params::KindRule;
use crate::meetings::rules::states::{MeetingStep, next_steps};
use crate::meetings::store::meetings::Whole;
use crate::meetings::store::rows::{MeetingLine, MeetingRow};

/// 筹备会议
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingIn {
    pub kind: MeetingKind,
    pub area_code: AreaCode,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 120, example = "同德巷社区一月份四方联席会议")]
    pub title: String,
    /// 召集组织; its seat comes with the meeting
    pub convener_org_id: OrganisationId,
    /// 召集人的岗位; in a body's own meeting, where each seat is that of a post
    #[schema(nullable = false)]
    pub convener_post_id: Option<PostId>,
    /// 所属系列
    #[schema(nullable = false)]
    pub series_id: Option<SeriesId>,
    /// 承接的会议: opinion meeting → coordination → appraisal
    #[schema(nullable = false)]
    pub follows_id: Option<MeetingId>,
    pub mode: Mode,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "社区党群服务中心二楼会议室")]
    pub place: String,
    #[schema(example = "2024-02-20T01:00:00Z")]
    pub starts_at: Ts,
    /// 预计时长, minutes
    #[validate(range(min = 1, max = 1440))]
    #[schema(minimum = 1, maximum = 1440, example = 90)]
    pub minutes: i32,
    /// 席位, beside that of the convener
    #[validate(length(max = 199), nested)]
    #[serde(default)]
    #[schema(max_items = 199, example = json!([]))]
    pub seats: Vec<SeatIn>,
}

/// 修改筹备中的会议
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingPatch {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 120, example = "同德巷社区二月份四方联席会议")]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mode: Option<Mode>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    pub place: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub starts_at: Option<Ts>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 1440))]
    #[schema(nullable = false, minimum = 1, maximum = 1440)]
    pub minutes: Option<i32>,
}

/// 取消会议
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepReasonIn {
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "与街道会议冲突", min_length = 1, max_length = 200)]
    pub reason: String,
}

/// 会议延期: called anew once it has another time
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostponeIn {
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "强降雪", min_length = 1, max_length = 200)]
    pub reason: String,
    /// 新的时间
    #[schema(example = "2024-03-05T01:00:00Z")]
    pub starts_at: Ts,
}

/// 到会情况: whether who has to be there is
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuorumOut {
    /// 表决席位数
    #[schema(example = 4, minimum = 0)]
    pub voting: i64,
    /// 到会的表决席位数
    #[schema(example = 4, minimum = 0)]
    pub present: i64,
    /// 必到而未到的各方
    #[schema(max_items = 8)]
    pub missing: Vec<MeetingParty>,
    pub met: bool,
}

/// 会议: with its seats, its agenda and who is there
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingOut {
    pub id: MeetingId,
    #[schema(required = true)]
    pub series_id: Option<SeriesId>,
    #[schema(required = true)]
    pub follows_id: Option<MeetingId>,
    pub kind: MeetingKind,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 120)]
    pub title: String,
    pub convener_org_id: OrganisationId,
    pub mode: Mode,
    #[schema(max_length = 200)]
    pub place: String,
    pub starts_at: Ts,
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: i32,
    pub status: MeetingStatus,
    #[schema(required = true, max_length = 200)]
    pub status_reason: Option<String>,
    /// 会议性质; once it has closed
    #[schema(required = true)]
    pub standing: Option<Standing>,
    /// 适用的规则, pinned when it was planned
    pub rule: KindRule,
    /// 必到方
    #[schema(max_items = 8)]
    pub required_parties: Vec<MeetingParty>,
    /// 所依规则集; `null` where the default holds
    #[schema(required = true)]
    pub rule_set_id: Option<RuleSetId>,
    pub quorum: QuorumOut,
    #[schema(max_items = 200)]
    pub seats: Vec<SeatOut>,
    #[schema(max_items = 200)]
    pub agenda: Vec<AgendaItemOut>,
    #[schema(required = true)]
    pub notified_at: Option<Ts>,
    #[schema(required = true)]
    pub opened_at: Option<Ts>,
    #[schema(required = true)]
    pub closed_at: Option<Ts>,
    /// 下一步可执行的步骤
    #[schema(max_items = 5)]
    pub next_steps: Vec<MeetingStep>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<Whole> for MeetingOut {
    fn from(whole: Whole) -> Self {
        let Whole { row, terms, count, seats, agenda } = whole;
        let MeetingRow {
            id,
            series_id,
            follows_id,
            kind,
            area_code,
            title,
            convener_org_id,
            mode,
            place,
            starts_at,
            minutes,
            status,
            status_reason,
            standing,
            terms: _,
            rule_set_id,
            check_in_code: _,
            notified_at,
            opened_at,
            closed_at,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            series_id,
            follows_id,
            kind,
            area_code,
            title,
            convener_org_id,
            mode,
            place,
            starts_at,
            minutes,
            status,
            status_reason,
            standing,
            rule: terms.rule,
            required_parties: terms.required_parties,
            rule_set_id,
            quorum: QuorumOut { voting: count.voting, present: count.present, missing: count.missing, met: count.met },
            seats: seats.into_iter().map(Into::into).collect(),
            agenda: agenda.into_iter().map(Into::into).collect(),
            notified_at,
            opened_at,
            closed_at,
            next_steps: next_steps(status).collect(),
            version,
            updated_at,
        }
    }
}

/// 会议, as a list tells of it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingItem {
    pub id: MeetingId,
    #[schema(required = true)]
    pub series_id: Option<SeriesId>,
    pub kind: MeetingKind,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 120)]
    pub title: String,
    /// 召集组织
    #[schema(max_length = 120)]
    pub convener_name: String,
    pub mode: Mode,
    #[schema(max_length = 200)]
    pub place: String,
    pub starts_at: Ts,
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: i32,
    pub status: MeetingStatus,
    #[schema(required = true)]
    pub standing: Option<Standing>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl From<(MeetingLine, String)> for MeetingItem {
    fn from((line, convener_name): (MeetingLine, String)) -> Self {
        let MeetingLine {
            id,
            series_id,
            kind,
            area_code,
            title,
            mode,
            place,
            starts_at,
            minutes,
            status,
            standing,
            version,
            ..
        } = line;
        Self {
            id,
            series_id,
            kind,
            area_code,
            title,
            convener_name,
            mode,
            place,
            starts_at,
            minutes,
            status,
            standing,
            version,
        }
    }
}

page!(
    /// 会议页
    MeetingPage, MeetingItem
);

/// 我的会议: every meeting at which the caller has a seat
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MyMeetingsOut {
    #[schema(max_items = 500)]
    pub items: Vec<MeetingItem>,
}

/// 会议筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MeetingQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<MeetingKind>,
    #[param(inline, nullable = false)]
    pub status: Option<MeetingStatus>,
    #[param(nullable = false)]
    pub series_id: Option<SeriesId>,
    /// 不早于
    #[param(nullable = false)]
    pub from: Option<Ts>,
    /// 早于
    #[param(nullable = false)]
    pub to: Option<Ts>,
}

/// 会议链: the meetings on one issue, in the order in which they followed one another
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChainOut {
    #[schema(max_items = 3)]
    pub items: Vec<MeetingItem>,
    /// 事前、事中、事后三会俱全且均已结束
    pub complete: bool,
}
