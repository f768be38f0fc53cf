//! 红黑榜: who was first and last in a quarter. Of no legal effect, and no list.

use platform::db::Ts;
use platform::page;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{BoardId, BoardReason, BoardSide, RankingId, SnapshotStatus};

/// 发布红黑榜
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoardIn {
    /// 所依排名快照
    pub ranking_id: RankingId,
}

/// 上榜项目
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BoardEntry {
    pub side: BoardSide,
    pub reason: BoardReason,
    /// 理由
    #[schema(example = "2023年第4季度225个项目中排名第1", max_length = 120)]
    pub reason_zh: String,
    #[schema(example = "Place 1 of 225 projects in 2023 Q4", max_length = 120)]
    pub reason_en: String,
    #[schema(example = 1, minimum = 1)]
    pub rank: i32,
    #[schema(example = 9150, minimum = 0, maximum = 10000)]
    pub score: i32,
    #[schema(example = 5, minimum = 0, maximum = 5)]
    pub star: i32,
    pub compound_id: CompoundId,
    #[schema(max_length = 120)]
    pub compound_name: String,
    #[schema(required = true)]
    pub company_id: Option<OrganisationId>,
    #[schema(required = true, max_length = 120)]
    pub company_name: Option<String>,
}

/// 红黑榜的内容
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BoardSnapshot {
    pub board_id: BoardId,
    pub ranking_id: RankingId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    #[schema(example = 2023, minimum = 2000, maximum = 2199)]
    pub year: i32,
    #[schema(example = 4, minimum = 1, maximum = 4)]
    pub quarter: i32,
    pub published_at: Ts,
    /// 效力说明: a board has no legal effect
    #[schema(max_length = 120)]
    pub effect_zh: String,
    #[schema(max_length = 160)]
    pub effect_en: String,
    /// 红榜, the first first
    #[schema(max_items = 20_000)]
    pub red: Vec<BoardEntry>,
    /// 黑榜, the last first
    #[schema(max_items = 20_000)]
    pub black: Vec<BoardEntry>,
}

/// 公布的红黑榜
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BoardOut {
    /// 快照的 SHA-256
    #[schema(max_length = 64)]
    pub content_hash: String,
    #[schema(example = "/v1/public/boards/019b0000-0000-7000-8000-000000000001/proof", max_length = 200)]
    pub proof: String,
    pub snapshot: BoardSnapshot,
}

/// 红黑榜, as a list tells it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BoardItem {
    pub id: BoardId,
    pub ranking_id: RankingId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    #[schema(example = 2023, minimum = 2000, maximum = 2199)]
    pub year: i32,
    #[schema(example = 4, minimum = 1, maximum = 4)]
    pub quarter: i32,
    pub status: SnapshotStatus,
    #[schema(example = 10, minimum = 0)]
    pub red: i32,
    #[schema(example = 5, minimum = 0)]
    pub black: i32,
    #[schema(max_length = 64)]
    pub content_hash: String,
    pub published_at: Ts,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

page!(
    /// 红黑榜页
    BoardPage, BoardItem
);
