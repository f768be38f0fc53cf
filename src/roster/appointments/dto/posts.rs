use chrono::NaiveDate;
use platform::auth::{AreaCode, Role};
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::{page, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{AppointmentRoute, PostDuty, PostId, SeatKind};
use crate::appointments::store::posts::PostRow;
use crate::organisations::OrganisationId;

/// 岗位: one seat of one organisation in one area
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PostOut {
    pub id: PostId,
    pub organisation_id: OrganisationId,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    pub seat_kind: SeatKind,
    /// 席位号
    #[schema(example = 1, minimum = 1, maximum = 999)]
    pub seat_no: i32,
    #[schema(example = "业委会委员", max_length = 60)]
    pub title: String,
    /// 有表决权
    pub voting: bool,
    /// 单人席位
    pub single_holder: bool,
    /// 须为党员
    pub needs_party: bool,
    /// 须为本小区业主
    pub needs_owner: bool,
    /// 须居住在此
    pub needs_residence: bool,
    /// 允许的任职方式
    #[schema(value_type = Vec<AppointmentRoute>, max_items = 4)]
    pub routes: Value,
    /// 任期上限, years
    #[schema(example = 5, minimum = 1, maximum = 5)]
    pub max_term_years: i32,
    /// 附带角色: held while in office
    #[schema(required = true)]
    pub role: Option<Role>,
    pub duty: PostDuty,
    /// 所监督或考评的企业
    #[schema(required = true)]
    pub regarding_id: Option<OrganisationId>,
    pub opened_on: NaiveDate,
    #[schema(required = true)]
    pub closed_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 200)]
    pub close_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<PostRow> for PostOut {
    fn from(row: PostRow) -> Self {
        let PostRow {
            id,
            organisation_id,
            area_code,
            seat_kind,
            seat_no,
            title,
            voting,
            single_holder,
            needs_party,
            needs_owner,
            needs_residence,
            routes,
            max_term_years,
            role,
            duty,
            regarding_id,
            opened_on,
            closed_on,
            close_reason,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            organisation_id,
            area_code,
            seat_kind,
            seat_no,
            title,
            voting,
            single_holder,
            needs_party,
            needs_owner,
            needs_residence,
            routes: routes.0,
            max_term_years,
            role,
            duty,
            regarding_id,
            opened_on,
            closed_on,
            close_reason,
            version,
            updated_at,
        }
    }
}

page!(
    /// 岗位页
    PostPage, PostOut
);

/// 新岗位: what is absent is as the kind of seat has it
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostIn {
    pub organisation_id: OrganisationId,
    /// 区域; the organisation's own where absent
    #[schema(nullable = false)]
    pub area_code: Option<AreaCode>,
    pub seat_kind: SeatKind,
    #[validate(range(min = 1, max = 999))]
    #[schema(minimum = 1, maximum = 999, example = 1)]
    pub seat_no: i32,
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 60, example = "业委会委员")]
    pub title: String,
    #[schema(nullable = false)]
    pub voting: Option<bool>,
    /// 单人席位: a seat that has one holder by its nature stays so
    #[schema(nullable = false)]
    pub single_holder: Option<bool>,
    #[schema(nullable = false)]
    pub needs_party: Option<bool>,
    #[schema(nullable = false)]
    pub needs_owner: Option<bool>,
    #[schema(nullable = false)]
    pub needs_residence: Option<bool>,
    /// 允许的任职方式: of those that the kind of seat takes
    #[validate(length(min = 1, max = 4))]
    #[schema(nullable = false, min_items = 1, max_items = 4)]
    pub routes: Option<Vec<AppointmentRoute>>,
    #[validate(range(min = 1, max = 5))]
    #[schema(nullable = false, minimum = 1, maximum = 5)]
    pub max_term_years: Option<i32>,
    #[schema(nullable = false)]
    pub duty: Option<PostDuty>,
    #[schema(nullable = false)]
    pub regarding_id: Option<OrganisationId>,
    /// 设岗日, today at the latest
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub opened_on: NaiveDate,
}

/// 撤岗: whoever holds the post leaves it on that day
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostCloseIn {
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-15")]
    pub on: NaiveDate,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "机构调整")]
    pub reason: String,
}

text_enum! {
    /// 岗位筛选
    PostListing {
        Open = "open",
        Closed = "closed",
        All = "all",
    }
}

/// 岗位筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PostQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub organisation_id: Option<OrganisationId>,
    #[param(inline, nullable = false)]
    pub kind: Option<SeatKind>,
    /// 状态; `open` where absent
    #[param(inline, nullable = false)]
    pub status: Option<PostListing>,
}
