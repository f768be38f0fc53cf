use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::{id, page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::{OpenFilter, OrganisationId};
use crate::organisations::store::partnerships::PartnershipRow;

id!(
    /// 共建编号
    PartnershipId
);

/// 党建共建: parties, topics, a period
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnershipIn {
    pub area_code: AreaCode,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 120, example = "同德巷社区党建共建 2024")]
    pub title: String,
    /// 共建单位
    #[validate(length(min = 2, max = 50))]
    #[schema(min_items = 2, max_items = 50,
        example = json!(["019b0000-0000-7000-8000-000000000001", "019b0000-0000-7000-8000-000000000002"]))]
    pub parties: Vec<OrganisationId>,
    /// 共建事项
    #[validate(length(min = 1, max = 20), custom(function = check_topics))]
    #[schema(min_items = 1, max_items = 20, example = json!(["共享停车", "志愿服务"]))]
    pub topics: Vec<Topic>,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-01")]
    pub starts_on: NaiveDate,
    /// 末日
    #[validate(custom(function = check_date))]
    #[schema(nullable = false, example = "2024-12-31")]
    pub ends_on: Option<NaiveDate>,
}

/// 共建事项
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(min_length = 1, max_length = 100, example = "共享停车")]
pub struct Topic(pub String);

fn check_topics(topics: &[Topic]) -> Result<(), ValidationError> {
    let fits = |topic: &Topic| !topic.0.trim().is_empty() && topic.0.chars().count() <= 100;
    if topics.iter().all(fits) { Ok(()) } else { Err(ValidationError::new("topic")) }
}

/// 共建
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartnershipOut {
    pub id: PartnershipId,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 120)]
    pub title: String,
    #[schema(max_items = 50)]
    pub parties: Vec<OrganisationId>,
    #[schema(max_items = 20)]
    pub topics: Vec<Topic>,
    pub starts_on: NaiveDate,
    #[schema(required = true)]
    pub ends_on: Option<NaiveDate>,
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 200)]
    pub end_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<(PartnershipRow, Vec<OrganisationId>)> for PartnershipOut {
    fn from((row, parties): (PartnershipRow, Vec<OrganisationId>)) -> Self {
        let PartnershipRow {
            id,
            area_code,
            title,
            topics,
            starts_on,
            ends_on,
            ended_on,
            end_reason,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            area_code,
            title,
            parties,
            topics: serde_json::from_value(topics.0).unwrap_or_default(),
            starts_on,
            ends_on,
            ended_on,
            end_reason,
            version,
            updated_at,
        }
    }
}

page!(
    /// 共建页
    PartnershipPage, PartnershipOut
);

/// 共建筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartnershipQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    /// 某单位参与的
    #[param(nullable = false)]
    pub organisation_id: Option<OrganisationId>,
    #[param(inline, nullable = false)]
    pub status: Option<OpenFilter>,
}
