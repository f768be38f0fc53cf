use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::page;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{ElectionId, PostId};
use crate::organisations::OrganisationId;
use crate::people::PersonId;

/// 当选人与其岗位
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "person_id": "019b0000-0000-7000-8000-000000000001",
    "post_id": "019b0000-0000-7000-8000-000000000002" }))]
pub struct Electee {
    pub person_id: PersonId,
    pub post_id: PostId,
}

/// 选举记录: what an elected seat stands on
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ElectionOut {
    pub id: ElectionId,
    pub organisation_id: OrganisationId,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    pub held_on: NaiveDate,
    /// 文号或标题
    #[schema(max_length = 200)]
    pub document: String,
    #[schema(max_items = 50)]
    pub electees: Vec<Electee>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub created_at: Ts,
}

page!(
    /// 选举记录页
    ElectionPage, ElectionOut
);

/// 新选举记录
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ElectionIn {
    pub organisation_id: OrganisationId,
    /// 选举日, today at the latest
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub held_on: NaiveDate,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "业主大会选举结果公告 2024-1")]
    pub document: String,
    #[validate(length(min = 1, max = 50), nested)]
    #[schema(min_items = 1, max_items = 50)]
    pub electees: Vec<Electee>,
}

/// 选举记录筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ElectionQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub organisation_id: Option<OrganisationId>,
}
