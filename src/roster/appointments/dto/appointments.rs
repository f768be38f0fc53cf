use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::page;
use platform::publicity::PublicityId;
use platform::publicity::dto::{Place, check_places};
use platform::rule_sets::RuleSetId;
use registry::identity::GrantId;
use registry::territory::dto::TableFormat;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{AppointmentEndReason, AppointmentId, AppointmentRoute, AppointmentState, PostId, SeatKind};
use crate::appointments::rules::states::state_on;
use crate::appointments::store::queries::Listed;
use crate::organisations::OrganisationId;
use crate::people::PersonId;

/// 任职: who holds or is to hold which post. The name is masked; the register of persons has it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AppointmentOut {
    pub id: AppointmentId,
    pub person_id: PersonId,
    /// 姓名, masked
    #[schema(example = "张*", max_length = 40)]
    pub person_name: String,
    pub post_id: PostId,
    pub organisation_id: OrganisationId,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    pub seat_kind: SeatKind,
    #[schema(example = 1, minimum = 1, maximum = 999)]
    pub seat_no: i32,
    #[schema(example = "业委会委员", max_length = 60)]
    pub title: String,
    pub route: AppointmentRoute,
    /// 交叉任职
    pub cross: bool,
    /// 交叉任职方向
    #[schema(required = true, example = "community_to_committee", max_length = 60)]
    pub direction: Option<String>,
    /// 原任职务
    #[schema(required = true)]
    pub home_appointment_id: Option<AppointmentId>,
    #[schema(required = true)]
    pub home_organisation_id: Option<OrganisationId>,
    /// 所续任的任职
    #[schema(required = true)]
    pub renews_id: Option<AppointmentId>,
    #[schema(max_length = 500)]
    pub legal_basis: String,
    pub term_from: NaiveDate,
    /// 任期末日
    #[schema(required = true)]
    pub term_to: Option<NaiveDate>,
    /// 在任末日: of the term, or of the base post if that comes first
    #[schema(required = true)]
    pub last_day: Option<NaiveDate>,
    /// 届满后留任至继任者到任
    pub carry_over: bool,
    /// 状态, as of today
    pub state: AppointmentState,
    #[schema(required = true)]
    pub publicity_id: Option<PublicityId>,
    /// 所依规则集; `null` where the default holds
    #[schema(required = true)]
    pub rule_set_id: Option<RuleSetId>,
    #[schema(value_type = Uuid)]
    pub proposed_by: Uuid,
    pub proposed_at: Ts,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub consented_by: Option<Uuid>,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub decided_by: Option<Uuid>,
    #[schema(required = true)]
    pub decided_at: Option<Ts>,
    /// 意见
    #[schema(required = true, max_length = 500)]
    pub note: Option<String>,
    /// 终止日, the first day on which the post is not held any more
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(required = true)]
    pub end_reason: Option<AppointmentEndReason>,
    /// 随任职授予的角色
    #[schema(required = true)]
    pub grant_id: Option<GrantId>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl AppointmentOut {
    pub fn of(listed: Listed, today: NaiveDate) -> Self {
        let Listed { row, post, name } = listed;
        Self {
            id: row.id,
            person_id: row.person_id,
            person_name: name,
            post_id: row.post_id,
            organisation_id: post.organisation_id,
            area_code: row.area_code,
            seat_kind: post.seat_kind,
            seat_no: post.seat_no,
            title: post.title,
            route: row.route,
            cross: row.home_appointment_id.is_some(),
            direction: row.direction,
            home_appointment_id: row.home_appointment_id,
            home_organisation_id: row.home_organisation_id,
            renews_id: row.renews_id,
            legal_basis: row.legal_basis,
            term_from: row.term_from,
            term_to: row.term_to,
            last_day: row.last_day,
            carry_over: row.carry_over,
            state: state_on(row.status, row.term_from, row.last_day, row.carry_over, today),
            publicity_id: row.publicity_id,
            rule_set_id: row.rule_set_id,
            proposed_by: row.proposed_by.0,
            proposed_at: row.created_at,
            consented_by: row.consented_by.map(|id| id.0),
            decided_by: row.decided_by.map(|id| id.0),
            decided_at: row.decided_at,
            note: row.note,
            ended_on: row.ended_on,
            end_reason: row.end_reason,
            grant_id: row.grant_id,
            version: row.version,
            updated_at: row.updated_at,
        }
    }
}

page!(
    /// 任职页
    AppointmentPage, AppointmentOut
);

/// 任职登记 (非交叉): building heads, elected committees, hired staff
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointmentIn {
    pub person_id: PersonId,
    pub post_id: PostId,
    pub route: AppointmentRoute,
    /// 依据
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "居民会议推选 2024-01-08")]
    pub legal_basis: String,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-15")]
    pub term_from: NaiveDate,
    /// 任期末日; an employment may have none
    #[validate(custom(function = check_date))]
    #[schema(nullable = false, example = "2026-12-31")]
    pub term_to: Option<NaiveDate>,
    /// 届满后留任至继任者到任
    #[serde(default)]
    pub carry_over: bool,
}

/// 交叉任职提名: the same with the base post that the person holds elsewhere
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossAppointmentIn {
    pub person_id: PersonId,
    pub post_id: PostId,
    /// 原任职务
    pub home_appointment_id: AppointmentId,
    pub route: AppointmentRoute,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "社区党委关于双向进入的决定 2024-3")]
    pub legal_basis: String,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-02-01")]
    pub term_from: NaiveDate,
    #[validate(custom(function = check_date))]
    #[schema(example = "2026-12-31")]
    pub term_to: NaiveDate,
    #[serde(default)]
    pub carry_over: bool,
}

/// 续任: the next term begins on the day after this one's last
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewalIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "连选连任 2024-01-10")]
    pub legal_basis: String,
    #[validate(custom(function = check_date))]
    #[schema(example = "2027-12-31")]
    pub term_to: NaiveDate,
    #[serde(default)]
    pub carry_over: bool,
}

/// 原单位意见
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HomeConsentIn {
    /// 同意与否; without it the proposal is rejected
    pub consents: bool,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "经班子研究同意")]
    pub note: String,
}

/// 公示安排
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostingIn {
    /// 张贴处
    #[validate(length(min = 1, max = 20), custom(function = check_places))]
    #[schema(min_items = 1, max_items = 20, example = json!(["社区公告栏", "小区北门"]))]
    pub places: Vec<Place>,
    /// 现场照片等凭证的编号
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub evidence: Option<String>,
    /// 末日; the rule's own where absent
    #[validate(custom(function = check_date))]
    #[schema(nullable = false)]
    pub closes_on: Option<NaiveDate>,
    /// 更正原因, where what is posted already is posted anew
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub correction: Option<String>,
}

/// 意见
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "材料齐全,程序合规")]
    pub note: String,
}

platform::text_enum! {
    /// 人为终止的原因
    AppointmentEndCause {
        /// 辞职
        Resigned = "resigned",
        /// 免职、罢免
        Removed = "removed",
        /// 失去任职资格
        LostEligibility = "lost_eligibility",
    }
}

impl From<AppointmentEndCause> for AppointmentEndReason {
    fn from(cause: AppointmentEndCause) -> Self {
        match cause {
            AppointmentEndCause::Resigned => AppointmentEndReason::Resigned,
            AppointmentEndCause::Removed => AppointmentEndReason::Removed,
            AppointmentEndCause::LostEligibility => AppointmentEndReason::LostEligibility,
        }
    }
}

/// 终止任职
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointmentEndIn {
    /// 终止日, the first day on which the post is not held any more; today at the latest
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-15")]
    pub on: NaiveDate,
    pub cause: AppointmentEndCause,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "本人申请辞职")]
    pub note: String,
}

platform::text_enum! {
    /// 任职筛选
    AppointmentListing {
        /// 在任
        InOffice = "in_office",
        /// 程序中
        Pending = "pending",
        /// 已结束
        Over = "over",
        /// 全部
        All = "all",
    }
}

/// 任职筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AppointmentQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub organisation_id: Option<OrganisationId>,
    #[param(nullable = false)]
    pub person_id: Option<PersonId>,
    #[param(nullable = false)]
    pub post_id: Option<PostId>,
    #[param(inline, nullable = false)]
    pub kind: Option<SeatKind>,
    #[param(inline, nullable = false)]
    pub route: Option<AppointmentRoute>,
    /// 只看交叉任职
    #[param(nullable = false)]
    pub cross: Option<bool>,
    #[validate(length(min = 1, max = 60))]
    #[param(nullable = false, min_length = 1, max_length = 60)]
    pub direction: Option<String>,
    /// 状态; `in_office` where absent
    #[param(inline, nullable = false)]
    pub status: Option<AppointmentListing>,
    /// 导出格式
    #[param(inline, nullable = false)]
    pub format: Option<TableFormat>,
    /// 将于若干日内届满的在任
    #[validate(range(min = 0, max = 3650))]
    #[param(nullable = false, minimum = 0, maximum = 3650)]
    pub expiring_within: Option<i64>,
}
