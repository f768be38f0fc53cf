//! What everybody reads of the lists, and whether it is still what was published.

use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use roster::organisations::{OrgKind, OrganisationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{ListKind, ListingId, ListingStatus, Measure};

/// 列入情形, as it was called when it was published
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GroundTold {
    #[schema(example = "handover_refused", max_length = 40)]
    pub code: String,
    #[schema(example = "合同终止后拒不交接", max_length = 100)]
    pub zh: String,
    #[schema(example = "Refusing the handover after the end", max_length = 160)]
    pub en: String,
}

/// 措施, as it was published
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MeasureTold {
    pub code: Measure,
    #[schema(example = "不予评优评先", max_length = 100)]
    pub zh: String,
    #[schema(example = "No honours", max_length = 160)]
    pub en: String,
}

impl From<Measure> for MeasureTold {
    fn from(code: Measure) -> Self {
        let (zh, en) = code.told();
        Self { code, zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// 公布快照: an organisation, why, what follows and for how long; no person, and no word of the evidence
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PublicSnapshot {
    pub listing_id: ListingId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    pub organisation_id: OrganisationId,
    #[schema(max_length = 120)]
    pub organisation_name: String,
    pub organisation_kind: OrgKind,
    pub list: ListKind,
    pub ground: GroundTold,
    #[schema(max_length = 500)]
    pub reason: String,
    /// 决定书文号
    #[schema(max_length = 100)]
    pub decision_no: String,
    #[schema(max_items = 10)]
    pub measures: Vec<MeasureTold>,
    pub decided_on: NaiveDate,
    pub published_on: NaiveDate,
    /// 异议期末日
    #[schema(required = true)]
    pub object_until: Option<NaiveDate>,
    /// 有效期末日
    pub valid_to: NaiveDate,
}

/// 公布的名单条目: the frozen snapshot with its hash, and how it stands today
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PublicListingOut {
    /// 状态, as it is today
    pub status: ListingStatus,
    /// 修复或撤销之日
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    /// 快照的 SHA-256
    #[schema(max_length = 64)]
    pub content_hash: String,
    /// 存证
    #[schema(example = "/v1/public/listings/019b0000-0000-7000-8000-000000000001/proof", max_length = 200)]
    pub proof: String,
    pub snapshot: PublicSnapshot,
}

/// 公布的名单
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PublicListingsOut {
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    /// 状态所据之日
    pub as_of: NaiveDate,
    #[schema(max_items = 1000)]
    pub listings: Vec<PublicListingOut>,
}

/// 公布名单筛选
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublicListingsQuery {
    /// 区域, with all below it
    #[param(example = "620902")]
    pub area: AreaCode,
    #[param(inline, nullable = false)]
    pub list: Option<ListKind>,
}

/// 存证: whether what is published is still what was published
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StandingProofOut {
    /// 公布时间, by the history; `null` where that no longer tells
    #[schema(required = true)]
    pub published_at: Option<Ts>,
    /// 历史中记录的哈希
    #[schema(required = true, max_length = 64)]
    pub recorded_hash: Option<String>,
    /// 现有快照的哈希; `null` where it can no longer be read
    #[schema(required = true, max_length = 64)]
    pub content_hash: Option<String>,
    /// 历史哈希链是否完整
    pub chain_intact: bool,
    /// 所列各行是否与快照一致
    pub rows_intact: bool,
    /// 是否与公布时完全一致
    pub intact: bool,
}
