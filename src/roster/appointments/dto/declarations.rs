use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::page;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{DeclarationId, InterestRelation, PostListing};
use crate::appointments::store::declarations::DeclarationRow;
use crate::organisations::OrganisationId;
use crate::people::PersonId;

/// 利害关系申报: a kinsman is never named
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeclarationOut {
    pub id: DeclarationId,
    pub person_id: PersonId,
    pub organisation_id: OrganisationId,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    pub relation: InterestRelation,
    pub declared_on: NaiveDate,
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 200)]
    pub end_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<DeclarationRow> for DeclarationOut {
    fn from(row: DeclarationRow) -> Self {
        let DeclarationRow {
            id,
            person_id,
            organisation_id,
            area_code,
            relation,
            declared_on,
            ended_on,
            end_reason,
            recorded_by: _,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            person_id,
            organisation_id,
            area_code,
            relation,
            declared_on,
            ended_on,
            end_reason,
            version,
            updated_at,
        }
    }
}

page!(
    /// 利害关系申报页
    DeclarationPage, DeclarationOut
);

/// 新申报
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclarationIn {
    pub person_id: PersonId,
    pub organisation_id: OrganisationId,
    pub relation: InterestRelation,
    /// 申报日, today at the latest
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub declared_on: NaiveDate,
}

/// 解除申报
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclarationEndIn {
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-15")]
    pub on: NaiveDate,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "已离职")]
    pub reason: String,
}

/// 申报筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeclarationQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub person_id: Option<PersonId>,
    #[param(nullable = false)]
    pub organisation_id: Option<OrganisationId>,
    /// 状态; `open` where absent
    #[param(inline, nullable = false)]
    pub status: Option<PostListing>,
}
