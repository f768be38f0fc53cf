use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::{id, page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{OpenFilter, OrganisationId};
use crate::organisations::store::post_areas::PostAreaRow;

id!(
    /// 三岗编号
    PostAreaId
);

text_enum! {
    /// 三岗种类. Three kinds of thing that are never added up
    PostAreaKind {
        /// 党员示范岗
        DemonstrationPost = "demonstration_post",
        /// 党员先锋岗
        PioneerPost = "pioneer_post",
        /// 党员责任区
        ResponsibilityArea = "responsibility_area",
    }
}

/// 新岗区
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostAreaIn {
    #[schema(example = "pioneer_post")]
    pub kind: PostAreaKind,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 120, example = "康盛花园保洁先锋岗")]
    pub name: String,
    pub area_code: AreaCode,
    /// 设岗单位
    #[schema(nullable = false)]
    pub organisation_id: Option<OrganisationId>,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-01")]
    pub opened_on: NaiveDate,
}

/// 岗区
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostAreaOut {
    pub id: PostAreaId,
    pub kind: PostAreaKind,
    #[schema(max_length = 120)]
    pub name: String,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(required = true)]
    pub organisation_id: Option<OrganisationId>,
    pub opened_on: NaiveDate,
    /// 末日
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 200)]
    pub end_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<PostAreaRow> for PostAreaOut {
    fn from(row: PostAreaRow) -> Self {
        let PostAreaRow {
            id,
            kind,
            name,
            area_code,
            organisation_id,
            opened_on,
            ended_on,
            end_reason,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self { id, kind, name, area_code, organisation_id, opened_on, ended_on, end_reason, version, updated_at }
    }
}

page!(
    /// 岗区页
    PostAreaPage, PostAreaOut
);

/// 岗区筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PostAreaQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<PostAreaKind>,
    #[param(inline, nullable = false)]
    pub status: Option<OpenFilter>,
}

/// 三岗数量, side by side and without a sum
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostAreaCounts {
    #[schema(example = "620902", max_length = 29)]
    pub area: String,
    pub as_of: NaiveDate,
    /// 示范岗
    #[schema(minimum = 0, example = 35)]
    pub demonstration_posts: i64,
    /// 先锋岗
    #[schema(minimum = 0, example = 47)]
    pub pioneer_posts: i64,
    /// 责任区
    #[schema(minimum = 0, example = 82)]
    pub responsibility_areas: i64,
}
