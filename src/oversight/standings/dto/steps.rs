//! What the steps of an entry take.

use chrono::NaiveDate;
use platform::http::{check_date, check_not_blank};
use platform::text::holds_long_number;
use platform::text_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{ListingObjectionOutcome, Measure};

/// For what everybody reads: nothing that may be a telephone or an identity number.
pub(super) fn check_public(words: &str) -> Result<(), ValidationError> {
    if holds_long_number(words) { Err(ValidationError::new("personal_data")) } else { Ok(()) }
}

/// 书面告知
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotifyListingIn {
    /// 告知书文号
    #[validate(length(min = 1, max = 100), custom(function = check_not_blank))]
    #[schema(example = "肃住建告〔2024〕3号", min_length = 1, max_length = 100)]
    pub notice_no: String,
    /// 陈述申辩期末日; the rule's own where absent, which is the least
    #[validate(custom(function = check_date))]
    #[schema(nullable = false)]
    pub hear_until: Option<NaiveDate>,
}

/// 陈述申辩
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementIn {
    #[validate(length(min = 1, max = 9000), custom(function = check_not_blank))]
    #[schema(example = "资料已于1月10日移交, 附移交清单。", min_length = 1, max_length = 9000)]
    pub words: String,
}

/// 听证记录
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HearingIn {
    /// 举行日
    #[validate(custom(function = check_date))]
    pub held_on: NaiveDate,
    #[validate(length(min = 1, max = 9000), custom(function = check_not_blank))]
    #[schema(example = "企业到会陈述, 对事实无异议。", min_length = 1, max_length = 9000)]
    pub words: String,
}

text_enum! {
    /// 决定
    ListingOutcome {
        /// 列入
        Listed = "listed",
        /// 不列入
        Rejected = "rejected",
    }
}

/// 决定
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideListingIn {
    pub outcome: ListingOutcome,
    /// 理由, with what became of the statements
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(example = "事实清楚, 陈述意见不成立。", min_length = 1, max_length = 2000)]
    pub note: String,
    /// 措施; all that are published for the list where absent
    #[validate(length(max = 10))]
    #[schema(nullable = false, max_items = 10)]
    pub measures: Option<Vec<Measure>>,
    /// 有效期末日; the rule's own where absent
    #[validate(custom(function = check_date))]
    #[schema(nullable = false)]
    pub valid_to: Option<NaiveDate>,
}

/// 公布
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishListingIn {
    /// 公布的事由: without anybody's name, number or address
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank), custom(function = check_public))]
    #[schema(example = "物业服务合同终止后拒不移交资料。", min_length = 1, max_length = 500)]
    pub public_reason: String,
    /// 决定书文号
    #[validate(length(min = 1, max = 100), custom(function = check_not_blank), custom(function = check_public))]
    #[schema(example = "肃住建决〔2024〕3号", min_length = 1, max_length = 100)]
    pub decision_no: String,
}

/// 提出异议
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectListingIn {
    #[validate(length(min = 1, max = 9000), custom(function = check_not_blank))]
    #[schema(example = "移交清单已由街道签收, 请复核。", min_length = 1, max_length = 9000)]
    pub words: String,
}

/// 延长办理
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendObjectionIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "需向街道核查签收记录", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 异议办结
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideObjectionIn {
    pub outcome: ListingObjectionOutcome,
    /// 答复
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(example = "经核查, 移交清单不完整, 异议不成立。", min_length = 1, max_length = 2000)]
    pub reply: String,
}

/// 信用修复
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairListingIn {
    /// 整改完成日
    #[validate(custom(function = check_date))]
    pub corrected_on: NaiveDate,
    /// 整改情况
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(example = "资料已全部移交, 街道验收。", min_length = 1, max_length = 2000)]
    pub correction: String,
}

/// 不予修复
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineRepairIn {
    /// 理由
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(example = "移交清单仍缺两项, 补齐后可再次申请。", min_length = 1, max_length = 2000)]
    pub reply: String,
}

/// 撤回或撤销的理由
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListingReasonIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "提出时引用的情形有误", min_length = 1, max_length = 500)]
    pub reason: String,
}
