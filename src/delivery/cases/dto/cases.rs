use platform::db::Ts;
use platform::page;
use registry::identity::AccountId;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{CaseId, CaseKind, Channel, Identity, Outcome, Status, Tier, Urgency, Visibility};
use crate::cases::rules::{Step, next_steps};
use crate::cases::store::lists::Listed;
use crate::cases::store::rows::{CaseRow, ListedRow, ReporterRow, SaidRow};

/// 事件: as the desk and the handler see it; who reported is not in it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseOut {
    pub id: CaseId,
    /// 工单号
    #[schema(example = "230901-7KQ2MXA", max_length = 20)]
    pub number: String,
    /// 地点
    #[schema(example = "620902005003-0001-001", max_length = 29)]
    pub area_code: String,
    #[schema(example = "620902005003", max_length = 12)]
    pub community_code: String,
    #[schema(required = true, example = "620902005003001", max_length = 15)]
    pub grid_code: Option<String>,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub compound_id: Option<CompoundId>,
    pub kind: CaseKind,
    #[schema(example = "pipe_leak", max_length = 40)]
    pub category: String,
    pub channel: Channel,
    pub urgency: Urgency,
    #[schema(example = "管道漏水", max_length = 60)]
    pub title: String,
    #[schema(example = "二楼与三楼之间的管道漏水。", max_length = 4000)]
    pub body: String,
    #[schema(value_type = Object)]
    pub fields: Value,
    #[schema(required = true, max_length = 200)]
    pub place: Option<String>,
    #[schema(required = true, example = 39.7416, minimum = -90, maximum = 90)]
    pub lat: Option<f64>,
    #[schema(required = true, example = 98.4963, minimum = -180, maximum = 180)]
    pub lon: Option<f64>,
    #[schema(required = true, max_length = 60)]
    pub asset: Option<String>,
    pub status: Status,
    pub tier: Tier,
    /// 第几轮: each reopening begins another
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub round: i32,
    #[schema(required = true)]
    pub outcome: Option<Outcome>,
    pub visibility: Visibility,
    pub identity: Identity,
    /// 承办组织
    #[schema(required = true, value_type = Option<Uuid>)]
    pub handler_org_id: Option<OrganisationId>,
    /// 承办人
    #[schema(required = true, value_type = Option<Uuid>)]
    pub handler_id: Option<AccountId>,
    /// 首接负责的组织: answers for the case until a new handler signs
    #[schema(required = true, value_type = Option<Uuid>)]
    pub responsible_org_id: Option<OrganisationId>,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub responsible_id: Option<AccountId>,
    /// 办结期限
    #[schema(required = true)]
    pub due_at: Option<Ts>,
    /// 退单次数
    #[schema(example = 0, minimum = 0, maximum = 2)]
    pub returns: i32,
    #[schema(required = true)]
    pub merged_into: Option<CaseId>,
    /// 报事时间
    pub reported_at: Ts,
    #[schema(required = true)]
    pub accepted_at: Option<Ts>,
    #[schema(required = true)]
    pub signed_at: Option<Ts>,
    #[schema(required = true)]
    pub done_at: Option<Ts>,
    #[schema(required = true)]
    pub closed_at: Option<Ts>,
    /// 处理情况
    #[schema(required = true, max_length = 2000)]
    pub resolution: Option<String>,
    #[schema(required = true, max_length = 200)]
    pub evidence_waiver: Option<String>,
    /// 下一步可执行的步骤, whoever takes them
    #[schema(max_items = 20)]
    pub next_steps: Vec<Step>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

fn degrees(micro: Option<i32>) -> Option<f64> {
    micro.map(|micro| f64::from(micro) / 1e6)
}

impl From<(CaseRow, SaidRow)> for CaseOut {
    fn from((row, said): (CaseRow, SaidRow)) -> Self {
        let SaidRow { body, fields, place, lat_e6, lon_e6, asset, resolution, evidence_waiver } = said;
        let CaseRow {
            id,
            number,
            area_code,
            community_code,
            grid_code,
            compound_id,
            kind,
            category,
            channel,
            urgency,
            title,
            status,
            tier,
            round,
            outcome,
            visibility,
            identity,
            handler_org_id,
            handler_id,
            responsible_org_id,
            responsible_id,
            due_at,
            returns,
            merged_into,
            reported_at,
            accepted_at,
            signed_at,
            done_at,
            closed_at,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            number,
            area_code,
            community_code,
            grid_code,
            compound_id,
            kind,
            category,
            channel,
            urgency,
            title,
            body,
            fields: fields.0,
            place,
            lat: degrees(lat_e6),
            lon: degrees(lon_e6),
            asset,
            status,
            tier,
            round,
            outcome,
            visibility,
            identity,
            handler_org_id,
            handler_id,
            responsible_org_id,
            responsible_id,
            due_at,
            returns,
            merged_into,
            reported_at,
            accepted_at,
            signed_at,
            done_at,
            closed_at,
            resolution,
            evidence_waiver,
            next_steps: next_steps(status).collect(),
            version,
            updated_at,
        }
    }
}

/// 事件 (列表项)
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseItem {
    pub id: CaseId,
    #[schema(example = "230901-7KQ2MXA", max_length = 20)]
    pub number: String,
    #[schema(example = "620902005003-0001-001", max_length = 29)]
    pub area_code: String,
    /// 小区名称; `null` where it lies in no compound
    #[schema(required = true, example = "康盛花园", max_length = 80)]
    pub compound_name: Option<String>,
    pub kind: CaseKind,
    #[schema(example = "pipe_leak", max_length = 40)]
    pub category: String,
    pub channel: Channel,
    pub urgency: Urgency,
    #[schema(example = "管道漏水", max_length = 60)]
    pub title: String,
    pub status: Status,
    pub tier: Tier,
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub round: i32,
    #[schema(required = true)]
    pub outcome: Option<Outcome>,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub handler_org_id: Option<OrganisationId>,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub handler_id: Option<AccountId>,
    #[schema(required = true)]
    pub due_at: Option<Ts>,
    pub reported_at: Ts,
    #[schema(required = true)]
    pub done_at: Option<Ts>,
    #[schema(required = true)]
    pub closed_at: Option<Ts>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl From<Listed> for CaseItem {
    fn from((row, compound_name): Listed) -> Self {
        Self::of(row, compound_name)
    }
}

impl CaseItem {
    pub fn of(row: ListedRow, compound_name: Option<String>) -> Self {
        Self {
            id: row.id,
            number: row.number,
            area_code: row.area_code,
            compound_name,
            kind: row.kind,
            category: row.category,
            channel: row.channel,
            urgency: row.urgency,
            title: row.title,
            status: row.status,
            tier: row.tier,
            round: row.round,
            outcome: row.outcome,
            handler_org_id: row.handler_org_id,
            handler_id: row.handler_id,
            due_at: row.due_at,
            reported_at: row.reported_at,
            done_at: row.done_at,
            closed_at: row.closed_at,
            version: row.version,
        }
    }
}

page!(
    /// 事件页
    CasePage, CaseItem
);

/// 报事人: for the desk only
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReporterOut {
    pub identity: Identity,
    /// 有账号
    pub has_account: bool,
    #[schema(required = true, example = "测试·王芳", max_length = 40)]
    pub name: Option<String>,
    #[schema(required = true, example = "199****1234", max_length = 20)]
    pub phone_masked: Option<String>,
    /// 一同报事的人数
    #[schema(example = 3, minimum = 0, maximum = 1_000_000)]
    pub joined: i64,
}

impl ReporterOut {
    pub fn of(identity: Identity, row: Option<ReporterRow>, joined: i64) -> Self {
        let has_account = row.as_ref().is_some_and(|row| row.account_id.is_some());
        let (name, phone_masked) = row.map_or((None, None), |row| (row.name, row.phone_masked));
        Self { identity, has_account, name, phone_masked, joined }
    }
}
