use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::http::check_date;
use platform::{page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{AppointmentId, PostId, SeatKind};
use crate::organisations::{OrgKind, OrganisationId};
use crate::people::PersonId;

/// 空缺岗位
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VacancyOut {
    pub post_id: PostId,
    pub organisation_id: OrganisationId,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    pub seat_kind: SeatKind,
    #[schema(minimum = 1, maximum = 999)]
    pub seat_no: i32,
    #[schema(max_length = 60)]
    pub title: String,
    /// 空缺起始日
    pub vacant_since: NaiveDate,
    /// 空缺天数
    #[schema(example = 12, minimum = 0)]
    pub days_vacant: i64,
}

page!(
    /// 空缺页
    VacancyPage, VacancyOut
);

/// 空缺筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VacancyQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub organisation_id: Option<OrganisationId>,
    #[param(inline, nullable = false)]
    pub kind: Option<SeatKind>,
}

text_enum! {
    /// 回避缘由
    RecusalCause {
        /// 原任职务在该组织
        HomePost = "home_post",
        /// 在该组织任职
        Post = "post",
        /// 申报的利害关系
        Declared = "declared",
    }
}

/// 应回避的人
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RecusalOut {
    pub person_id: PersonId,
    #[schema(example = "张*", max_length = 40)]
    pub person_name: String,
    pub cause: RecusalCause,
    /// 所据任职
    #[schema(required = true)]
    pub appointment_id: Option<AppointmentId>,
}

/// 回避名单: who may not vote where the organisation is the object
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RecusalsOut {
    pub organisation_id: OrganisationId,
    pub as_of: NaiveDate,
    #[schema(max_items = 2000)]
    pub items: Vec<RecusalOut>,
}

#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecusalQuery {
    /// 所议事项涉及的组织
    #[param(nullable = false)]
    pub organisation: Option<OrganisationId>,
}

/// 节点: an organisation
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({ "id": "019b0000-0000-7000-8000-000000000001", "kind": "owners_committee",
    "name": "康盛花园业委会", "area_code": "620902005003-0001" }))]
pub struct NodeOut {
    pub id: OrganisationId,
    pub kind: OrgKind,
    #[schema(max_length = 120)]
    pub name: String,
    #[schema(max_length = 29)]
    pub area_code: String,
}

/// 边: somebody of `from` sits in `to`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CrossingOut {
    pub appointment_id: AppointmentId,
    pub from: OrganisationId,
    pub to: OrganisationId,
    #[schema(example = "community_to_committee", max_length = 60)]
    pub direction: String,
    pub seat_kind: SeatKind,
    #[schema(max_length = 29)]
    pub area_code: String,
}

/// 双向图: the organisations of an area, and the cross-appointments in office between them
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GraphOut {
    #[schema(max_length = 29)]
    pub area: String,
    pub as_of: NaiveDate,
    #[schema(max_items = 20000)]
    pub nodes: Vec<NodeOut>,
    #[schema(max_items = 20000)]
    pub edges: Vec<CrossingOut>,
    /// 有来有往的组织对数: pairs with an edge in each direction
    #[schema(example = 3, minimum = 0)]
    pub two_way_pairs: i64,
}

#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// 截至日; today where absent
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
}
