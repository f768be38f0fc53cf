//! 评优资格事实: what is known, with where it is from. Whether an honour is given is decided elsewhere.

use chrono::NaiveDate;
use platform::http::check_date;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{CreditBalanceOut, ListKind, ListingId, ListingStatus, RankingId, StarCount};

/// 资格事实筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HonourFactsQuery {
    /// 所据之日; today where absent
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
    /// 最近几个季度
    #[validate(range(min = 1, max = 12))]
    #[param(minimum = 1, maximum = 12, default = 4, nullable = false)]
    pub quarters: Option<u32>,
}

/// 名单情况
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ListedFact {
    pub listing_id: ListingId,
    pub list: ListKind,
    #[schema(max_length = 40)]
    pub ground_code: String,
    /// 当日状态
    pub status: ListingStatus,
    /// 当日是否有效
    pub in_force: bool,
    pub published_on: NaiveDate,
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
}

/// 一个项目一个季度的星级
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StarFact {
    #[schema(example = 2023, minimum = 2000, maximum = 2199)]
    pub year: i32,
    #[schema(example = 4, minimum = 1, maximum = 4)]
    pub quarter: i32,
    #[schema(example = 5, minimum = 0, maximum = 5)]
    pub star: i32,
    #[schema(example = 9150, minimum = 0, maximum = 10000)]
    pub score: i32,
    #[schema(example = 1, minimum = 1)]
    pub rank: i32,
    /// 出处: the ranking, and the result that it rests on
    pub ranking_id: RankingId,
    pub result_id: Uuid,
}

/// 一家企业一个季度的星级
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuarterStars {
    #[schema(example = 2023, minimum = 2000, maximum = 2199)]
    pub year: i32,
    #[schema(example = 4, minimum = 1, maximum = 4)]
    pub quarter: i32,
    /// 出处
    pub ranking_id: RankingId,
    #[schema(example = 3, minimum = 1)]
    pub projects: i64,
    #[schema(max_items = 6)]
    pub stars: Vec<StarCount>,
}

/// 组织的资格事实
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrganisationFactsOut {
    pub organisation_id: OrganisationId,
    pub as_of: NaiveDate,
    /// 当日是否在黑名单: while it is, no honour is given
    pub blacklisted: bool,
    /// 名单情况, the latest first
    #[schema(max_items = 100)]
    pub listings: Vec<ListedFact>,
    /// 最近季度的星级, the latest first
    #[schema(max_items = 100)]
    pub quarters: Vec<QuarterStars>,
    /// 信用分; `null` for what is neither company nor station
    #[schema(required = true)]
    pub credit: Option<CreditBalanceOut>,
}

/// 小区的资格事实
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CompoundFactsOut {
    pub compound_id: CompoundId,
    pub as_of: NaiveDate,
    /// 最近季度的星级, the latest first
    #[schema(max_items = 100)]
    pub quarters: Vec<StarFact>,
    /// 当日服务企业的资格事实; `null` where none serves it
    #[schema(required = true)]
    pub company: Option<OrganisationFactsOut>,
}
