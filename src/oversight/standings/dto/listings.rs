//! Entries of the lists, as those who keep them and the organisation itself read them.

use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::page;
use platform::rule_sets::RuleSetId;
use roster::organisations::{OrgKind, OrganisationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    ListKind, ListingId, ListingObjectionOutcome, ListingStatus, Measure, RepairOutcome, RepairRequestId, StatementId,
    StatementKind,
};
use crate::standings::rules::states::{ListingStep, next_steps};
use crate::standings::store::listings::{ListedRow, ListingRow, Whole};
use crate::standings::store::objections::ObjectionRow;
use crate::standings::store::repairs::RepairRow;
use crate::standings::store::statements::StatementRow;

/// 提出列入名单
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeListingIn {
    /// 办理名单的区域: a district or a street
    #[schema(value_type = String, example = "620902", max_length = 29)]
    pub area_code: AreaCode,
    /// 物业服务企业或红色物业服务站
    pub organisation_id: OrganisationId,
    pub list: ListKind,
    /// 列入情形: a code of the rule `standings.lists`
    #[validate(length(min = 1, max = 40))]
    #[schema(example = "handover_refused", min_length = 1, max_length = 40)]
    pub ground_code: String,
    /// 事实与证据; never published
    #[validate(length(min = 1, max = 9000), custom(function = check_not_blank))]
    #[schema(example = "合同终止后三十日仍未移交资料, 见街道催告记录。", min_length = 1, max_length = 9000)]
    pub evidence: String,
}

/// 名单条目, as a list tells it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ListingItem {
    pub id: ListingId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    pub organisation_id: OrganisationId,
    #[schema(max_length = 120)]
    pub organisation_name: String,
    pub list: ListKind,
    #[schema(example = "handover_refused", max_length = 40)]
    pub ground_code: String,
    pub status: ListingStatus,
    #[schema(required = true)]
    pub hear_until: Option<NaiveDate>,
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
    /// 异议办理期限末日, while one waits
    #[schema(required = true)]
    pub objection_due_on: Option<NaiveDate>,
    /// 异议是否逾期未办
    pub objection_overdue: bool,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl ListingItem {
    pub fn of(ListedRow { row, due_on }: ListedRow, today: NaiveDate) -> Self {
        // What was revoked meanwhile waits for nobody.
        let due_on = due_on.filter(|_| row.status == ListingStatus::Objected);
        Self {
            status: row.days().status_on(today),
            id: row.id,
            area_code: row.area_code,
            organisation_id: row.organisation_id,
            organisation_name: row.organisation_name,
            list: row.list,
            ground_code: row.ground_code,
            hear_until: row.hear_until,
            valid_to: row.valid_to,
            objection_due_on: due_on,
            objection_overdue: due_on.is_some_and(|due| due < today),
            version: row.version,
        }
    }
}

page!(
    /// 名单条目页
    ListingPage, ListingItem
);

/// 名单条目筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListingQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub list: Option<ListKind>,
    /// 状态, as it is today
    #[param(inline, nullable = false)]
    pub status: Option<ListingStatus>,
    #[param(nullable = false, value_type = Option<String>, format = Uuid)]
    pub organisation_id: Option<OrganisationId>,
}

/// 陈述或听证记录
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StatementOut {
    pub id: StatementId,
    pub kind: StatementKind,
    #[schema(max_length = 9000)]
    pub words: String,
    pub held_on: NaiveDate,
    pub created_at: Ts,
}

impl From<StatementRow> for StatementOut {
    fn from(row: StatementRow) -> Self {
        let StatementRow { id, listing_id: _, kind, words, held_on, stated_by: _, created_at } = row;
        Self { id, kind, words, held_on, created_at }
    }
}

/// 异议
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ListingObjectionOut {
    #[schema(max_length = 9000)]
    pub words: String,
    pub objected_on: NaiveDate,
    /// 办理期限末日
    pub due_on: NaiveDate,
    /// 延长理由
    #[schema(required = true, max_length = 500)]
    pub extended_for: Option<String>,
    #[schema(required = true)]
    pub outcome: Option<ListingObjectionOutcome>,
    #[schema(required = true, max_length = 9000)]
    pub reply: Option<String>,
    #[schema(required = true)]
    pub decided_on: Option<NaiveDate>,
    /// 是否逾期: decided late, or not yet
    pub overdue: bool,
}

impl ListingObjectionOut {
    fn of(row: ObjectionRow, today: NaiveDate) -> Self {
        let ObjectionRow {
            listing_id: _,
            words,
            objected_by: _,
            objected_on,
            due_on,
            extended_for,
            outcome,
            reply,
            decided_by: _,
            decided_on,
            alarmed: _,
        } = row;
        let overdue = decided_on.unwrap_or(today) > due_on;
        Self { words, objected_on, due_on, extended_for, outcome, reply, decided_on, overdue }
    }
}

/// 修复申请
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RepairRequestOut {
    pub id: RepairRequestId,
    #[schema(max_length = 2000)]
    pub words: String,
    /// 整改完成日
    pub corrected_on: NaiveDate,
    pub asked_on: NaiveDate,
    #[schema(required = true)]
    pub outcome: Option<RepairOutcome>,
    #[schema(required = true, max_length = 2000)]
    pub reply: Option<String>,
    #[schema(required = true)]
    pub decided_on: Option<NaiveDate>,
}

impl From<RepairRow> for RepairRequestOut {
    fn from(row: RepairRow) -> Self {
        let RepairRow {
            id,
            listing_id: _,
            words,
            corrected_on,
            asked_by: _,
            asked_on,
            outcome,
            reply,
            decided_by: _,
            decided_on,
        } = row;
        Self { id, words, corrected_on, asked_on, outcome, reply, decided_on }
    }
}

/// 名单条目
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ListingOut {
    pub id: ListingId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    pub organisation_id: OrganisationId,
    #[schema(max_length = 120)]
    pub organisation_name: String,
    pub organisation_kind: OrgKind,
    pub list: ListKind,
    #[schema(example = "handover_refused", max_length = 40)]
    pub ground_code: String,
    #[schema(max_length = 9000)]
    pub evidence: String,
    /// 适用的规则版本; `null` for the product's own
    #[schema(required = true)]
    pub rule_set_id: Option<RuleSetId>,
    /// 状态, as it is today
    pub status: ListingStatus,
    /// 可以执行的步骤
    #[schema(max_items = 10)]
    pub next_steps: Vec<ListingStep>,
    /// 告知书文号
    #[schema(required = true, max_length = 100)]
    pub notice_no: Option<String>,
    #[schema(required = true)]
    pub notified_on: Option<NaiveDate>,
    /// 陈述申辩期末日
    #[schema(required = true)]
    pub hear_until: Option<NaiveDate>,
    #[schema(max_items = 50)]
    pub statements: Vec<StatementOut>,
    /// 措施, once it is decided
    #[schema(max_items = 10)]
    pub measures: Vec<Measure>,
    #[schema(required = true)]
    pub decided_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 2000)]
    pub decision_note: Option<String>,
    #[schema(required = true)]
    pub published_on: Option<NaiveDate>,
    /// 异议期末日
    #[schema(required = true)]
    pub object_until: Option<NaiveDate>,
    #[schema(required = true)]
    pub objection: Option<ListingObjectionOut>,
    /// 最近一次修复申请
    #[schema(required = true)]
    pub repair_request: Option<RepairRequestOut>,
    /// 生效日
    #[schema(required = true)]
    pub active_from: Option<NaiveDate>,
    /// 有效期末日
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 2000)]
    pub end_reason: Option<String>,
    /// 公布快照的 SHA-256
    #[schema(required = true, max_length = 64)]
    pub content_hash: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl ListingOut {
    pub fn of(Whole { row, statements, objection, repair }: Whole, today: NaiveDate) -> Self {
        let status = row.days().status_on(today);
        let measures = row.measures();
        let ListingRow {
            id,
            area_code,
            organisation_id,
            organisation_name,
            organisation_kind,
            list,
            ground_code,
            evidence,
            rule_set_id,
            status: _,
            proposed_by: _,
            notice_no,
            notified_on,
            hear_until,
            measures: _,
            decided_by: _,
            decided_on,
            decision_note,
            valid_to,
            published_on,
            object_until,
            active_from,
            document: _,
            content_hash,
            ended_on,
            end_reason,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            area_code,
            organisation_id,
            organisation_name,
            organisation_kind,
            list,
            ground_code,
            evidence,
            rule_set_id,
            status,
            next_steps: next_steps(status).collect(),
            notice_no,
            notified_on,
            hear_until,
            statements: statements.into_iter().map(Into::into).collect(),
            measures,
            decided_on,
            decision_note,
            published_on,
            object_until,
            objection: objection.map(|row| ListingObjectionOut::of(row, today)),
            repair_request: repair.map(Into::into),
            active_from,
            valid_to,
            ended_on,
            end_reason,
            content_hash,
            version,
            updated_at,
        }
    }
}
