use platform::http::check_not_blank;
use platform::text_enum;
use registry::identity::AccountId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{CaseId, CaseKind, Outcome, Status, Tier, Urgency, Visibility};
use crate::cases::rules::Step;
use crate::cases::rules::machine::{EDGES, Need, Party, To};

text_enum! {
    /// 不予受理的原因
    RejectReason {
        /// 警情、火情、急救,请拨打 110、119、120
        EmergencyLine = "emergency_line",
        /// 已进入诉讼、仲裁或信访程序
        InProceedings = "in_proceedings",
        /// 不在职责范围
        OutOfScope = "out_of_scope",
        /// 内容不清且无法联系
        Unclear = "unclear",
        /// 恶意或虚假
        Abuse = "abuse",
    }
}

text_enum! {
    /// 退单原因
    ReturnReason {
        /// 非本单位职责
        NotOurs = "not_ours",
        /// 地点不符
        WrongPlace = "wrong_place",
        /// 需其他部门办理
        NeedsOtherDepartment = "needs_other_department",
        /// 信息不足
        Insufficient = "insufficient",
    }
}

/// 步骤表的一行
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EdgeOut {
    pub step: Step,
    /// 起始状态
    #[schema(max_items = 20)]
    pub from: Vec<Status>,
    /// 到达状态; `null` where the state stays, or where an undone merge brings back the one before
    #[schema(required = true)]
    pub to: Option<Status>,
    /// 可由谁执行: any of these
    #[schema(max_items = 5)]
    pub by: Vec<Party>,
    pub need: Need,
}

/// 步骤表
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StepsOut {
    #[schema(max_items = 50)]
    pub edges: Vec<EdgeOut>,
}

impl StepsOut {
    /// The table that the server goes by.
    pub fn table() -> Self {
        let edges = EDGES.iter().map(|edge| EdgeOut {
            step: edge.step,
            from: edge.from.to_vec(),
            to: if let To::State(status) = edge.to { Some(status) } else { None },
            by: edge.by.to_vec(),
            need: edge.need,
        });
        Self { edges: edges.collect() }
    }
}

/// 不予受理
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectIn {
    pub reason: RejectReason,
    /// 给报事人的说明
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "请直接拨打 119。", min_length = 1, max_length = 500)]
    pub explanation: String,
}

/// 派单: to one organisation or one person; to whom the rules name where both are left out
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "organisation_id": "019b0000-0000-7000-8000-000000000001", "note": "请两日内上门查看" }))]
pub struct DispatchIn {
    #[schema(nullable = false, value_type = Option<Uuid>)]
    pub organisation_id: Option<OrganisationId>,
    #[schema(nullable = false, value_type = Option<Uuid>)]
    pub account_id: Option<AccountId>,
    /// 交办说明
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

/// 转办: another handler; the one before answers for the case until the new one signs
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferIn {
    #[schema(nullable = false, value_type = Option<Uuid>)]
    pub organisation_id: Option<OrganisationId>,
    #[schema(nullable = false, value_type = Option<Uuid>)]
    pub account_id: Option<AccountId>,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "涉及电力设施,转供电所", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 退单
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnIn {
    pub reason: ReturnReason,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "该处管道属供热公司产权", min_length = 1, max_length = 500)]
    pub note: String,
}

/// 首次联系报事人并开始处理
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartIn {
    /// 联系情况
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "已到现场与住户确认漏点", min_length = 1, max_length = 500)]
    pub contact_note: String,
}

/// 办结
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishIn {
    pub outcome: Outcome,
    /// 处理情况, which the reporter reads
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(example = "已更换三通接头并清理积水。", min_length = 1, max_length = 2000)]
    pub resolution: String,
    /// 没有处理后照片的原因
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "户内维修,住户不同意拍照", min_length = 1, max_length = 200)]
    pub evidence_waiver: Option<String>,
}

/// 重开
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "第二天又漏了", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 升级
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalateIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "需多部门协调", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 交回下级
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedelegateIn {
    pub tier: Tier,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "协调已完成,由社区继续跟办", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 改分类: what the desk makes of the report; the time limits follow
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "repair", "urgency": "urgent" }))]
pub struct ReclassifyIn {
    #[schema(nullable = false)]
    pub kind: Option<CaseKind>,
    #[validate(length(min = 1, max = 40))]
    #[schema(nullable = false, min_length = 1, max_length = 40)]
    pub category: Option<String>,
    #[schema(nullable = false)]
    pub urgency: Option<Urgency>,
    #[schema(nullable = false)]
    pub visibility: Option<Visibility>,
}

/// 并案
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "target_id": "019b0000-0000-7000-8000-000000000001" }))]
pub struct MergeIn {
    /// 并入的事件
    #[schema(value_type = Uuid)]
    pub target_id: CaseId,
}
