use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::{id, page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{OpenFilter, OrganisationId};
use crate::organisations::store::instructors::InstructorRow;
use crate::organisations::store::suppliers::SupplierRow;
use crate::people::PersonId;

id!(
    /// 指导员安排编号
    InstructorLinkId
);
id!(
    /// 供应关系编号
    SupplierLinkId
);

/// 党建指导员 ↔ 企业
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InstructorLinkIn {
    pub person_id: PersonId,
    pub company_id: OrganisationId,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-01")]
    pub valid_from: NaiveDate,
}

/// 党建指导员安排
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstructorLinkOut {
    pub id: InstructorLinkId,
    pub person_id: PersonId,
    pub company_id: OrganisationId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    pub valid_from: NaiveDate,
    /// 末日
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 200)]
    pub end_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<InstructorRow> for InstructorLinkOut {
    fn from(row: InstructorRow) -> Self {
        let InstructorRow {
            id,
            person_id,
            company_id,
            area_code,
            valid_from,
            ended_on,
            end_reason,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self { id, person_id, company_id, area_code, valid_from, ended_on, end_reason, version, updated_at }
    }
}

page!(
    /// 指导员安排页
    InstructorLinkPage, InstructorLinkOut
);

/// 供应商 ↔ 企业
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierLinkIn {
    pub company_id: OrganisationId,
    pub supplier_id: OrganisationId,
    /// 供应内容
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "电梯维保")]
    pub services: String,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-01")]
    pub valid_from: NaiveDate,
}

/// 供应关系
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SupplierLinkOut {
    pub id: SupplierLinkId,
    pub company_id: OrganisationId,
    pub supplier_id: OrganisationId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 200)]
    pub services: String,
    pub valid_from: NaiveDate,
    /// 末日
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 200)]
    pub end_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<SupplierRow> for SupplierLinkOut {
    fn from(row: SupplierRow) -> Self {
        let SupplierRow {
            id,
            company_id,
            supplier_id,
            area_code,
            services,
            valid_from,
            ended_on,
            end_reason,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self { id, company_id, supplier_id, area_code, services, valid_from, ended_on, end_reason, version, updated_at }
    }
}

page!(
    /// 供应关系页
    SupplierLinkPage, SupplierLinkOut
);

/// 筛选: by company, and what stands
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LinkQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub company_id: Option<OrganisationId>,
    #[param(inline, nullable = false)]
    pub status: Option<OpenFilter>,
}
