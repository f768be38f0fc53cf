use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::history::ActorId;
use platform::http::{self, check_date, check_not_blank};
use platform::{id, page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{CompoundId, GridId, Lifecycle};
use crate::territory::store::contacts::AssignmentRow;

id!(
    /// 包联编号
    AssignmentId
);

text_enum! {
    /// 包联种类
    AssignmentKind {
        /// 领导包抓
        Leader = "leader",
        /// 干部包联
        Cadre = "cadre",
        /// 部门包联
        Department = "department",
        /// 党建指导员
        Instructor = "instructor",
    }
}

/// 包抓/包联: who answers for a grid or a compound
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AssignmentOut {
    pub id: AssignmentId,
    pub kind: AssignmentKind,
    #[schema(required = true)]
    pub grid_id: Option<GridId>,
    #[schema(required = true)]
    pub compound_id: Option<CompoundId>,
    #[schema(example = "620902005003001", max_length = 17)]
    pub area_code: String,
    /// 责任人或部门, in their office
    #[schema(example = "测试·包抓领导001", max_length = 40)]
    pub assignee: String,
    /// 职务
    #[schema(required = true, example = "区级领导", max_length = 60)]
    pub title: Option<String>,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub account_id: Option<ActorId>,
    /// 难点区域
    pub hard_spot: bool,
    pub valid_from: NaiveDate,
    /// 末日, the last day of the period
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<AssignmentRow> for AssignmentOut {
    fn from(row: AssignmentRow) -> Self {
        let AssignmentRow {
            id,
            kind,
            grid_id,
            compound_id,
            area_code,
            assignee,
            title,
            account_id,
            hard_spot,
            valid_from,
            valid_to,
            ended_on,
            end_reason: _,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            kind,
            grid_id,
            compound_id,
            area_code,
            assignee,
            title,
            account_id,
            hard_spot,
            valid_from,
            valid_to,
            ended_on,
            version,
            updated_at,
        }
    }
}

/// 修改包联: a slip of the pen, a title, a hard spot, another last day. Somebody else is another assignment.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 40), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "测试·包抓领导002", min_length = 1, max_length = 40)]
    pub assignee: Option<String>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 60))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 60)]
    pub title: Option<Option<String>>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hard_spot: Option<bool>,
    /// 末日
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<chrono::NaiveDate>)]
    pub valid_to: Option<Option<NaiveDate>>,
}

page!(
    /// 包联页
    AssignmentPage, AssignmentOut
);

/// 新包联: names a grid or a compound, not both
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentIn {
    pub kind: AssignmentKind,
    #[schema(nullable = false)]
    pub grid_id: Option<GridId>,
    #[schema(nullable = false)]
    pub compound_id: Option<CompoundId>,
    #[validate(length(min = 1, max = 40), custom(function = check_not_blank))]
    #[schema(example = "测试·包联干部", min_length = 1, max_length = 40)]
    pub assignee: String,
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "社区干部", min_length = 1, max_length = 60)]
    pub title: Option<String>,
    /// The assignee's account, where they have one
    #[schema(nullable = false)]
    pub account_id: Option<Uuid>,
    #[serde(default)]
    pub hard_spot: bool,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-01")]
    pub valid_from: NaiveDate,
    #[validate(custom(function = check_date))]
    #[schema(nullable = false)]
    pub valid_to: Option<NaiveDate>,
}

/// 包联筛选; `open` is what has not been ended and whose period has not run out
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AssignmentQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<AssignmentKind>,
    /// 只看难点区域
    #[param(nullable = false)]
    pub hard_spot: Option<bool>,
    #[param(inline, nullable = false)]
    pub status: Option<Lifecycle>,
}
