use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::rule_sets::RuleSetId;
use platform::{id, page};
use registry::territory::dto::CompoundId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::OrganisationId;
use crate::organisations::rules::committee;
use crate::organisations::store::committees::TermRow;

id!(
    /// 届期编号
    CommitteeTermId
);

/// 业委会/自管委的一届: odd sizes 5–11 (建房〔2009〕274号 art. 31), five years at most (art. 32)
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitteeIn {
    pub compound_id: CompoundId,
    /// 席位
    #[validate(range(min = 1, max = 99))]
    #[schema(minimum = 1, maximum = 99, example = 7)]
    pub seats: i32,
    /// 选举日
    #[validate(custom(function = check_date))]
    #[schema(example = "2023-12-20")]
    pub elected_on: NaiveDate,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-01")]
    pub term_from: NaiveDate,
    /// 届满日
    #[validate(custom(function = check_date))]
    #[schema(example = "2028-12-31")]
    pub term_to: NaiveDate,
}

impl CommitteeIn {
    pub fn term(&self) -> TermIn {
        let Self { compound_id: _, seats, elected_on, term_from, term_to } = *self;
        TermIn { seats, elected_on, term_from, term_to }
    }
}

/// 换届: the next term of a committee
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermIn {
    #[validate(range(min = 1, max = 99))]
    #[schema(minimum = 1, maximum = 99, example = 7)]
    pub seats: i32,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-05")]
    pub elected_on: NaiveDate,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub term_from: NaiveDate,
    #[validate(custom(function = check_date))]
    #[schema(example = "2029-01-09")]
    pub term_to: NaiveDate,
}

/// 备案: within 30 days of the election (物业管理条例 art. 16); later is flagged
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FilingIn {
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-12")]
    pub on: NaiveDate,
    /// 备案号
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 60, example = "肃房备〔2024〕12号")]
    pub filing_no: String,
}

/// 届期
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TermOut {
    pub id: CommitteeTermId,
    pub organisation_id: OrganisationId,
    pub compound_id: CompoundId,
    #[schema(example = "620902005003-0001", max_length = 17)]
    pub area_code: String,
    #[schema(example = 7, minimum = 1, maximum = 99)]
    pub seats: i32,
    pub elected_on: NaiveDate,
    pub term_from: NaiveDate,
    pub term_to: NaiveDate,
    #[schema(required = true)]
    pub filed_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 60)]
    pub filing_no: Option<String>,
    /// 人数、任期与备案所依规则集: that of the day of the election; `null` where the national default holds
    #[schema(required = true)]
    pub rule_set_id: Option<RuleSetId>,
    /// 备案截止日
    pub filing_due: NaiveDate,
    /// 逾期备案, or past the day and not filed
    pub filed_late: bool,
    /// 换届或撤销之日
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl TermOut {
    pub fn of(row: TermRow, today: NaiveDate) -> Self {
        let TermRow {
            id,
            organisation_id,
            compound_id,
            area_code,
            seats,
            elected_on,
            term_from,
            term_to,
            rule_set_id,
            filing_due,
            filed_on,
            filing_no,
            filed_by: _,
            ended_on,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            organisation_id,
            compound_id,
            area_code,
            seats,
            elected_on,
            term_from,
            term_to,
            filed_on,
            filing_no,
            rule_set_id,
            filing_due,
            filed_late: committee::is_late(filing_due, filed_on, ended_on.unwrap_or(today)),
            ended_on,
            version,
            updated_at,
        }
    }
}

page!(
    /// 届期页
    TermPage, TermOut
);

/// 届期筛选
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TermQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub organisation_id: Option<OrganisationId>,
    #[param(nullable = false)]
    pub compound_id: Option<CompoundId>,
    /// 是否已备案
    #[param(nullable = false)]
    pub filed: Option<bool>,
    /// 在任届期将于若干日内届满
    #[validate(range(min = 0, max = 3650))]
    #[param(nullable = false, minimum = 0, maximum = 3650)]
    pub expiring_within: Option<i64>,
    #[param(inline, nullable = false)]
    pub status: Option<super::OpenFilter>,
}
