use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{self, check_date, check_not_blank};
use platform::page;
use platform::quantity::Ratio;
use registry::territory::dto::CompoundId;
use roster::organisations::{ContractId, OrganisationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{CommitmentId, CommitmentStatus};
use crate::standards::store::commitments::{CommitmentRow, Listed};

/// 起草承诺: of the company that serves the compound
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentIn {
    pub company_id: OrganisationId,
    pub compound_id: CompoundId,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "公共照明损坏二十四小时内修复", min_length = 1, max_length = 500)]
    pub words: String,
    /// 是否可衡量
    #[schema(example = true)]
    pub measurable: bool,
    /// 衡量标准, of what is measurable
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "按报修单时间计", min_length = 1, max_length = 200)]
    pub measure: Option<String>,
    /// 完成期限
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-06-30")]
    pub due_on: NaiveDate,
}

/// 修改承诺草稿: absent leaves as it is, `null` clears
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub words: Option<String>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub measurable: Option<bool>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub measure: Option<Option<String>>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = check_date))]
    #[schema(nullable = false, example = "2024-06-30")]
    pub due_on: Option<NaiveDate>,
}

/// 报告完成
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentReportIn {
    /// 完成情况与凭证
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(example = "一至三月报修单 42 张,均在二十四小时内修复", min_length = 1, max_length = 1000)]
    pub evidence: String,
}

/// 确认完成, or sent back
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentConfirmIn {
    /// 是否属实; otherwise it goes on
    pub fulfilled: bool,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "抽查报修单属实", min_length = 1, max_length = 500)]
    pub note: String,
}

/// 承诺
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CommitmentOut {
    pub id: CommitmentId,
    pub company_id: OrganisationId,
    #[schema(max_length = 120)]
    pub company_name: String,
    pub compound_id: CompoundId,
    #[schema(max_length = 120)]
    pub compound_name: String,
    #[schema(max_length = 29)]
    pub area_code: String,
    /// 所属物业服务合同 (民法典第938条); `null` where none was in force
    #[schema(required = true)]
    pub contract_id: Option<ContractId>,
    #[schema(max_length = 500)]
    pub words: String,
    pub measurable: bool,
    #[schema(required = true, max_length = 200)]
    pub measure: Option<String>,
    pub due_on: NaiveDate,
    pub status: CommitmentStatus,
    #[schema(required = true)]
    pub published_at: Option<Ts>,
    #[schema(required = true, max_length = 1000)]
    pub evidence: Option<String>,
    #[schema(required = true)]
    pub reported_on: Option<NaiveDate>,
    /// 确认或退回的意见
    #[schema(required = true, max_length = 500)]
    pub confirm_note: Option<String>,
    #[schema(required = true)]
    pub confirmed_at: Option<Ts>,
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
}

impl From<Listed> for CommitmentOut {
    fn from((row, company_name, compound_name): Listed) -> Self {
        let CommitmentRow {
            id,
            company_id,
            compound_id,
            area_code,
            contract_id,
            words,
            measurable,
            measure,
            due_on,
            status,
            published_at,
            evidence,
            reported_on,
            reported_by: _,
            confirm_note,
            confirmed_by: _,
            confirmed_at,
            version,
            created_at: _,
            updated_at: _,
        } = row;
        Self {
            id,
            company_id,
            company_name,
            compound_id,
            compound_name,
            area_code,
            contract_id,
            words,
            measurable,
            measure,
            due_on,
            status,
            published_at,
            evidence,
            reported_on,
            confirm_note,
            confirmed_at,
            version,
        }
    }
}

page!(
    /// 承诺页
    CommitmentPage, CommitmentOut
);

/// 承诺筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommitmentQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub status: Option<CommitmentStatus>,
    #[param(nullable = false)]
    pub company_id: Option<OrganisationId>,
    #[param(nullable = false)]
    pub compound_id: Option<CompoundId>,
}

/// 履诺率的范围
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommitmentFiguresQuery {
    /// 区域
    #[param(example = "620902005003")]
    pub area: AreaCode,
    /// 期限首日
    #[validate(custom(function = check_date))]
    #[param(example = "2024-01-01")]
    pub from: NaiveDate,
    /// 期限末日
    #[validate(custom(function = check_date))]
    #[param(example = "2024-12-31")]
    pub to: NaiveDate,
    #[param(nullable = false)]
    pub company_id: Option<OrganisationId>,
}

/// 履诺率 (F18)
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CommitmentFiguresOut {
    #[schema(max_length = 29)]
    pub area: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// 按期兑现: done on time of those due
    pub fulfilment: Ratio,
}
