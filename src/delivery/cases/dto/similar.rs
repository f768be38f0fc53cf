use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{CaseId, CaseItem, CaseKind, Status};
use crate::cases::store::places::building_of;
use crate::cases::store::similar::Similar;

/// 查重: what somebody is about to report
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimilarIn {
    #[schema(value_type = String, example = "620902005003-0001-001", max_length = 29)]
    pub area_code: AreaCode,
    #[validate(length(min = 1, max = 40))]
    #[schema(example = "pipe_leak", min_length = 1, max_length = 40)]
    pub category: String,
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(example = "管道漏水", min_length = 1, max_length = 60)]
    pub title: String,
    #[validate(length(max = 4000))]
    #[schema(nullable = false, max_length = 4000)]
    pub body: Option<String>,
    #[validate(length(min = 1, max = 60))]
    #[schema(nullable = false, min_length = 1, max_length = 60)]
    pub asset: Option<String>,
}

/// 疑似相同的事件: without anybody's words, and no nearer than the building
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SimilarOut {
    pub id: CaseId,
    #[schema(example = "230901-7KQ2MXA", max_length = 20)]
    pub number: String,
    /// 到楼栋为止的地点
    #[schema(example = "620902005003-0001-001", max_length = 21)]
    pub area_code: String,
    pub kind: CaseKind,
    #[schema(example = "pipe_leak", max_length = 40)]
    pub category: String,
    pub status: Status,
    pub reported_at: Ts,
    #[schema(required = true)]
    pub due_at: Option<Ts>,
    /// 已一同报事的人数
    #[schema(example = 2, minimum = 0, maximum = 1_000_000)]
    pub joined: i64,
    /// 相似度, 0–100
    #[schema(example = 85, minimum = 0, maximum = 100)]
    pub score: u32,
}

impl From<Similar> for SimilarOut {
    fn from(((row, _), score, joined): Similar) -> Self {
        Self {
            id: row.id,
            number: row.number,
            area_code: building_of(&row.area_code).map_or_else(|| row.community_code.clone(), str::to_owned),
            kind: row.kind,
            category: row.category,
            status: row.status,
            reported_at: row.reported_at,
            due_at: row.due_at,
            joined,
            score,
        }
    }
}

/// 疑似相同的事件, the likest first
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SimilarsOut {
    #[schema(max_items = 5)]
    pub items: Vec<SimilarOut>,
}

/// 疑似重复的事件, as the desk sees it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SimilarCaseOut {
    pub case: CaseItem,
    /// 已一同报事的人数
    #[schema(example = 2, minimum = 0, maximum = 1_000_000)]
    pub joined: i64,
    /// 相似度, 0–100
    #[schema(example = 85, minimum = 0, maximum = 100)]
    pub score: u32,
}

/// 疑似重复的事件, the likest first
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SimilarCasesOut {
    #[schema(max_items = 5)]
    pub items: Vec<SimilarCaseOut>,
}

/// 我也遇到
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "case_id": "019b0000-0000-7000-8000-000000000001" }))]
pub struct JoinIn {
    #[schema(value_type = Uuid)]
    pub case_id: CaseId,
}
