use platform::db::Ts;
use platform::page;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{CaseId, CaseKind, Identity, Outcome, Status, Tier};
use crate::cases::store::mine::{FollowedRow, Mine};
use crate::cases::store::places::building_of;

/// 并入的事件: how the case stands that one's own goes on in
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FollowedCaseOut {
    #[schema(example = "230901-7KQ2MXA", max_length = 20)]
    pub number: String,
    pub status: Status,
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub round: i32,
    #[schema(required = true)]
    pub outcome: Option<Outcome>,
    /// 办结期限
    #[schema(required = true)]
    pub due_at: Option<Ts>,
    #[schema(required = true)]
    pub done_at: Option<Ts>,
    #[schema(required = true)]
    pub closed_at: Option<Ts>,
    /// 处理情况
    #[schema(required = true, max_length = 2000)]
    pub resolution: Option<String>,
}

impl From<FollowedRow> for FollowedCaseOut {
    fn from(row: FollowedRow) -> Self {
        let FollowedRow { id: _, number, status, round, outcome, due_at, done_at, closed_at, resolution } = row;
        Self { number, status, round, outcome, due_at, done_at, closed_at, resolution }
    }
}

/// 我的事件: as the reporter sees it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MyCaseOut {
    pub id: CaseId,
    #[schema(example = "230901-7KQ2MXA", max_length = 20)]
    pub number: String,
    #[schema(example = "620902005003-0001-001", max_length = 29)]
    pub area_code: String,
    pub kind: CaseKind,
    #[schema(example = "pipe_leak", max_length = 40)]
    pub category: String,
    /// 一同报事: joined, not reported by the caller; the words of who reported are then left out
    pub joined: bool,
    #[schema(required = true, example = "管道漏水", max_length = 60)]
    pub title: Option<String>,
    #[schema(required = true, example = "二楼与三楼之间的管道漏水。", max_length = 4000)]
    pub body: Option<String>,
    #[schema(required = true, value_type = Option<Object>)]
    pub fields: Option<Value>,
    #[schema(required = true, max_length = 200)]
    pub place: Option<String>,
    pub status: Status,
    pub tier: Tier,
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub round: i32,
    #[schema(required = true)]
    pub outcome: Option<Outcome>,
    /// 我的身份对承办方
    pub identity: Identity,
    /// 承办组织名称
    #[schema(required = true, example = "测试·新东名都物业", max_length = 80)]
    pub handler_name: Option<String>,
    /// 办结期限
    #[schema(required = true)]
    pub due_at: Option<Ts>,
    /// 并入的事件
    #[schema(required = true)]
    pub merged_into: Option<CaseId>,
    /// 并入的事件的进展: `null` where it was not merged
    #[schema(required = true)]
    pub followed: Option<FollowedCaseOut>,
    pub reported_at: Ts,
    #[schema(required = true)]
    pub accepted_at: Option<Ts>,
    #[schema(required = true)]
    pub done_at: Option<Ts>,
    #[schema(required = true)]
    pub closed_at: Option<Ts>,
    /// 处理情况
    #[schema(required = true, max_length = 2000)]
    pub resolution: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl From<Mine> for MyCaseOut {
    fn from(mine: Mine) -> Self {
        let Mine { row, details, handler: handler_name, own, followed } = mine;
        let nearest = || building_of(&row.area_code).unwrap_or(&row.community_code).to_owned();
        let area_code = if own { row.area_code.clone() } else { nearest() };
        Self {
            joined: !own,
            id: row.id,
            number: row.number,
            area_code,
            kind: row.kind,
            category: row.category,
            title: own.then_some(row.title),
            body: own.then_some(details.body),
            fields: own.then_some(details.fields.0),
            place: details.place.filter(|_| own),
            status: row.status,
            tier: row.tier,
            round: row.round,
            outcome: row.outcome,
            identity: row.identity,
            handler_name,
            due_at: row.due_at,
            merged_into: row.merged_into,
            followed: followed.map(Into::into),
            reported_at: row.reported_at,
            accepted_at: row.accepted_at,
            done_at: row.done_at,
            closed_at: row.closed_at,
            resolution: details.resolution,
            version: row.version,
        }
    }
}

page!(
    /// 我的事件页
    MyCasePage, MyCaseOut
);
