use chrono::NaiveDate;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::page;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{RatingFactId, RatingFactKind, RatingProjectId, RedLineGround};
use crate::ratings::store::rows::FactRow;

/// 登记事实
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "satisfaction", "occurred_on": "2024-01-10", "score": 8600, "responses": 120, "source": "2024年第一季度满意度测评" }))]
pub struct RatingFactIn {
    pub kind: RatingFactKind,
    /// 红线事件的种类
    #[schema(nullable = false)]
    pub ground: Option<RedLineGround>,
    /// 发生日, or that of the survey
    #[validate(custom(function = check_date))]
    pub occurred_on: NaiveDate,
    /// 满意度, basis points
    #[validate(range(min = 0, max = 10_000))]
    #[schema(nullable = false, minimum = 0, maximum = 10_000)]
    pub score: Option<i32>,
    /// 有效答卷数
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(nullable = false, minimum = 1, maximum = 1_000_000)]
    pub responses: Option<i32>,
    /// 来源: the document or the survey round that it stands on
    #[validate(length(min = 1, max = 300), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 300)]
    pub source: String,
}

/// 撤销事实
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StrikeFactIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "经核实与事实不符", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 事实
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingFactOut {
    pub id: RatingFactId,
    pub project_id: RatingProjectId,
    pub kind: RatingFactKind,
    #[schema(required = true)]
    pub ground: Option<RedLineGround>,
    pub occurred_on: NaiveDate,
    #[schema(required = true, minimum = 0, maximum = 10_000)]
    pub score: Option<i32>,
    #[schema(required = true, minimum = 1)]
    pub responses: Option<i32>,
    #[schema(max_length = 300)]
    pub source: String,
    /// 撤销时间
    #[schema(required = true)]
    pub struck_at: Option<Ts>,
    #[schema(required = true, max_length = 1000)]
    pub strike_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub created_at: Ts,
}

impl From<FactRow> for RatingFactOut {
    fn from(row: FactRow) -> Self {
        let FactRow {
            id,
            project_id,
            area_code: _,
            kind,
            ground,
            occurred_on,
            score,
            responses,
            source,
            recorded_by: _,
            struck_at,
            struck_by: _,
            strike_reason,
            version,
            created_at,
            updated_at: _,
        } = row;
        Self {
            id,
            project_id,
            kind,
            ground,
            occurred_on,
            score,
            responses,
            source,
            struck_at,
            strike_reason,
            version,
            created_at,
        }
    }
}

page!(
    /// 事实页
    RatingFactPage, RatingFactOut
);
