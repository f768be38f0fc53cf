//! What goes over the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::store::{ObjectionRow, PublicityRow};
use super::{ObjectionId, PublicityId};
use crate::auth::AreaCode;
use crate::db::Ts;
use crate::history::ActorId;
use crate::http::check_not_blank;
use crate::rule_sets::RuleSetId;
use crate::text_enum;

/// 张贴处, where a posting hangs
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(min_length = 1, max_length = 100, example = "社区公告栏")]
pub struct Place(pub String);

/// For the places of whatever is posted.
pub fn check_places(places: &[Place]) -> Result<(), ValidationError> {
    let good = places.iter().all(|Place(place)| !place.trim().is_empty() && place.chars().count() <= 100);
    if good { Ok(()) } else { Err(ValidationError::new("length")) }
}

text_enum! {
    /// 公示状态
    PublicityStatus {
        /// 公示中
        Open = "open",
        /// 已结束
        Closed = "closed",
        /// 已更正重发
        Superseded = "superseded",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// 异议状态
    ObjectionStatus {
        /// 已收到
        Received = "received",
        /// 已答复
        Replied = "replied",
        /// 成立
        Upheld = "upheld",
        /// 不成立
        Rejected = "rejected",
    }
}

/// 公示: a frozen snapshot, and how long it stands
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PublicityOut {
    pub id: PublicityId,
    /// 公示种类
    #[schema(example = "cross_appointment", max_length = 60)]
    pub kind: String,
    /// 公示对象的种类
    #[schema(example = "appointment", max_length = 60)]
    pub entity: String,
    /// 公示对象的编号
    #[schema(max_length = 36)]
    pub entity_id: String,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 200)]
    pub title: String,
    /// 公示内容, as it was posted
    #[schema(value_type = Object)]
    pub snapshot: Value,
    /// 内容哈希, SHA-256 of the snapshot in canonical JSON
    #[schema(max_length = 64)]
    pub content_hash: String,
    /// Whether the snapshot still has that hash
    pub intact: bool,
    /// 公示日, which is not counted (Civil Code 201)
    #[schema(example = "2024-01-15")]
    pub opens_on: NaiveDate,
    /// 末日, which counts to its end and is never a day off (Civil Code 203)
    #[schema(example = "2024-01-22")]
    pub closes_on: NaiveDate,
    #[schema(example = 5, minimum = 1)]
    pub min_days: i32,
    /// 所依规则集; `null` where the default holds
    #[schema(required = true)]
    pub rule_set_id: Option<RuleSetId>,
    /// 张贴处
    #[schema(value_type = Vec<Place>, max_items = 20)]
    pub places: Value,
    /// 现场照片等凭证的编号
    #[schema(required = true, max_length = 500)]
    pub evidence: Option<String>,
    pub status: PublicityStatus,
    #[schema(required = true, max_length = 500)]
    pub status_reason: Option<String>,
    #[schema(required = true)]
    pub ended_at: Option<Ts>,
    /// 所更正的公示
    #[schema(required = true)]
    pub supersedes: Option<PublicityId>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl From<PublicityRow> for PublicityOut {
    fn from(row: PublicityRow) -> Self {
        let intact = row.is_intact();
        let PublicityRow {
            id,
            kind,
            entity,
            entity_id,
            area_code,
            title,
            snapshot,
            content_hash,
            opens_on,
            closes_on,
            min_days,
            rule_set_id,
            places,
            evidence,
            status,
            status_reason,
            ended_at,
            ended_by: _,
            supersedes,
            opened_by: _,
            version,
            created_at,
            updated_at,
        } = row;
        Self {
            id,
            kind,
            entity,
            entity_id,
            area_code,
            title,
            snapshot: snapshot.0,
            content_hash,
            intact,
            opens_on,
            closes_on,
            min_days,
            rule_set_id,
            places: places.0,
            evidence,
            status,
            status_reason,
            ended_at,
            supersedes,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::page!(
    /// 公示页
    PublicityPage, PublicityOut
);

/// 公示筛选
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublicityQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub status: Option<PublicityStatus>,
    #[validate(length(min = 1, max = 60))]
    #[param(nullable = false, min_length = 1, max_length = 60)]
    pub kind: Option<String>,
    /// 公示对象的编号
    #[param(nullable = false)]
    pub entity_id: Option<Uuid>,
}

/// 异议
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ObjectionOut {
    pub id: ObjectionId,
    pub publicity_id: PublicityId,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(value_type = Uuid)]
    pub raised_by: ActorId,
    #[schema(max_length = 2000)]
    pub content: String,
    pub status: ObjectionStatus,
    #[schema(required = true, max_length = 2000)]
    pub reply: Option<String>,
    #[schema(required = true)]
    pub replied_at: Option<Ts>,
    #[schema(required = true, max_length = 500)]
    pub decision_note: Option<String>,
    #[schema(required = true)]
    pub decided_at: Option<Ts>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl From<ObjectionRow> for ObjectionOut {
    fn from(row: ObjectionRow) -> Self {
        let ObjectionRow {
            id,
            publicity_id,
            area_code,
            raised_by,
            content,
            status,
            reply,
            replied_by: _,
            replied_at,
            decision_note,
            decided_by: _,
            decided_at,
            version,
            created_at,
            updated_at,
        } = row;
        Self {
            id,
            publicity_id,
            area_code,
            raised_by,
            content,
            status,
            reply,
            replied_at,
            decision_note,
            decided_at,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::page!(
    /// 异议页
    ObjectionPage, ObjectionOut
);

/// 新异议
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectionIn {
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(example = "该同志已不在本小区居住", min_length = 1, max_length = 2000)]
    pub content: String,
}

/// 答复
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyIn {
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(example = "经核实,其房屋产权与居住情况均符合要求", min_length = 1, max_length = 2000)]
    pub reply: String,
}

text_enum! {
    /// 异议结论
    ObjectionOutcome {
        /// 成立
        Upheld = "upheld",
        /// 不成立
        Rejected = "rejected",
    }
}

impl From<ObjectionOutcome> for ObjectionStatus {
    fn from(outcome: ObjectionOutcome) -> Self {
        match outcome {
            ObjectionOutcome::Upheld => ObjectionStatus::Upheld,
            ObjectionOutcome::Rejected => ObjectionStatus::Rejected,
        }
    }
}

/// 结论
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeIn {
    pub outcome: ObjectionOutcome,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "与事实不符", min_length = 1, max_length = 500)]
    pub note: String,
}
