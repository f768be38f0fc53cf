//! Rankings: a frozen snapshot of a quarter's confirmed results.

use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::page;
use platform::quantity::Ratio;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::steps::check_public;
use super::{RankingId, SnapshotStatus};
use crate::standings::store::rankings::RankedRow;

/// 生成排名快照
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RankingIn {
    /// 区域: a district or a street
    #[schema(value_type = String, example = "620902", max_length = 29)]
    pub area_code: AreaCode,
    #[validate(range(min = 2000, max = 2199))]
    #[schema(example = 2023, minimum = 2000, maximum = 2199)]
    pub year: i32,
    #[validate(range(min = 1, max = 4))]
    #[schema(example = 4, minimum = 1, maximum = 4)]
    pub quarter: i32,
}

/// 更正排名快照: another in its place, from the results as they stand now
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupersedeRankingIn {
    /// 更正原因; published
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank), custom(function = check_public))]
    #[schema(example = "一个项目的星级经复核降级", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 各星级项目数
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StarCount {
    #[schema(example = 5, minimum = 0, maximum = 5)]
    pub star: i32,
    #[schema(example = 12, minimum = 0)]
    pub projects: i64,
}

/// 排名中的一个项目
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RankingRowOut {
    /// 名次; equals share one
    #[schema(example = 1, minimum = 1)]
    pub rank: i32,
    /// 较上季度上升的名次; negative is down, `null` where it was not ranked
    #[schema(required = true, example = 3)]
    pub movement: Option<i32>,
    pub compound_id: CompoundId,
    #[schema(max_length = 120)]
    pub compound_name: String,
    #[schema(required = true)]
    pub company_id: Option<OrganisationId>,
    #[schema(required = true, max_length = 120)]
    pub company_name: Option<String>,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    /// 得分, basis points
    #[schema(example = 9150, minimum = 0, maximum = 10000)]
    pub score: i32,
    #[schema(example = 5, minimum = 0, maximum = 5)]
    pub star: i32,
    /// 所依评定结果
    pub result_id: Uuid,
}

impl From<&RankedRow> for RankingRowOut {
    fn from(row: &RankedRow) -> Self {
        let RankedRow {
            ranking_id: _,
            position: _,
            place,
            movement,
            result_id,
            compound_id,
            compound_name,
            company_id,
            company_name,
            area_code,
            score,
            stars,
        } = row.clone();
        Self {
            rank: place,
            movement,
            compound_id,
            compound_name,
            company_id,
            company_name,
            area_code,
            score,
            star: stars,
            result_id: result_id.0,
        }
    }
}

/// 排名快照的内容
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RankingSnapshot {
    pub ranking_id: RankingId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    #[schema(example = 2023, minimum = 2000, maximum = 2199)]
    pub year: i32,
    #[schema(example = 4, minimum = 1, maximum = 4)]
    pub quarter: i32,
    pub frozen_at: Ts,
    /// 所更正的快照
    #[schema(required = true)]
    pub supersedes: Option<RankingId>,
    #[schema(required = true, max_length = 500)]
    pub reason: Option<String>,
    #[schema(example = 225, minimum = 1)]
    pub projects: i64,
    /// 星级分布, from five stars down
    #[schema(max_items = 6)]
    pub stars: Vec<StarCount>,
    /// 三星及以上占比
    pub three_stars_and_more: Ratio,
    #[schema(max_items = 20_000)]
    pub rows: Vec<RankingRowOut>,
}

/// 公布的排名: what is frozen, with its hash and where it is proved
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RankingOut {
    /// 快照的 SHA-256
    #[schema(max_length = 64)]
    pub content_hash: String,
    #[schema(example = "/v1/public/rankings/019b0000-0000-7000-8000-000000000001/proof", max_length = 200)]
    pub proof: String,
    pub snapshot: RankingSnapshot,
}

/// 排名快照, as a list tells it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RankingItem {
    pub id: RankingId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    #[schema(example = 2023, minimum = 2000, maximum = 2199)]
    pub year: i32,
    #[schema(example = 4, minimum = 1, maximum = 4)]
    pub quarter: i32,
    pub status: SnapshotStatus,
    #[schema(example = 225, minimum = 1)]
    pub projects: i32,
    #[schema(max_length = 64)]
    pub content_hash: String,
    #[schema(required = true)]
    pub supersedes: Option<RankingId>,
    pub frozen_at: Ts,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

page!(
    /// 排名快照页
    RankingPage, RankingItem
);

/// 公布排名与榜单筛选
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublicRankingsQuery {
    /// 区域: that of the snapshot itself
    #[param(example = "620902")]
    pub area: AreaCode,
}
