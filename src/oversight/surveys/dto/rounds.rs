use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::publicity::PublicityId;
use platform::publicity::dto::{Place, check_places};
use platform::rule_sets::RuleSetId;
use platform::{Result, page};
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{SurveyFormId, SurveyKind, SurveyOutcome, SurveyRespondents, SurveyRoundId, SurveyStatus};
use crate::surveys::rules::params::SurveyRules;
use crate::surveys::rules::states::{SurveyStep, is_posted, next_steps};
use crate::surveys::store::rows::RoundRow;
use crate::surveys::store::sight::View;

/// 新测评: a draft
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyRoundIn {
    pub form_id: SurveyFormId,
    /// 小区; of a demand or the four senses also a community
    #[schema(example = "620902005003-0001")]
    pub area_code: AreaCode,
    pub respondents: SurveyRespondents,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 120, example = "康盛花园2024年第一季度满意度测评")]
    pub title: String,
    pub opens_at: Ts,
    /// 截止: answers come before this moment
    pub closes_at: Ts,
}

/// 修改草稿
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyRoundPatch {
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[serde(default, deserialize_with = "platform::http::not_null")]
    #[schema(nullable = false, min_length = 1, max_length = 120)]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "platform::http::not_null")]
    #[schema(nullable = false)]
    pub opens_at: Option<Ts>,
    #[serde(default, deserialize_with = "platform::http::not_null")]
    #[schema(nullable = false)]
    pub closes_at: Option<Ts>,
}

/// 取消测评
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyCancelIn {
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "与业主大会会议时间冲突", min_length = 1, max_length = 200)]
    pub reason: String,
}

/// 结果公示安排
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyPostingIn {
    /// 张贴处
    #[validate(length(min = 1, max = 20), custom(function = check_places))]
    #[schema(min_items = 1, max_items = 20)]
    pub places: Vec<Place>,
    /// 现场照片等凭证的编号
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub evidence: Option<String>,
}

/// 测评, as far as the caller may read it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SurveyRoundOut {
    pub id: SurveyRoundId,
    pub form_id: SurveyFormId,
    pub kind: SurveyKind,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    #[schema(required = true)]
    pub compound_id: Option<CompoundId>,
    /// 被测评的物业企业
    #[schema(required = true)]
    pub company_id: Option<OrganisationId>,
    pub respondents: SurveyRespondents,
    #[schema(max_length = 120)]
    pub title: String,
    pub opens_at: Ts,
    pub closes_at: Ts,
    pub status: SurveyStatus,
    /// 可以执行的步骤, for those who run it
    #[schema(max_items = 8)]
    pub next_steps: Vec<SurveyStep>,
    #[schema(required = true, max_length = 200)]
    pub status_reason: Option<String>,
    /// 所依规则, pinned when it was published
    #[schema(required = true)]
    pub rules: Option<SurveyRules>,
    /// 所依规则集; `null` where the default holds
    #[schema(required = true)]
    pub rule_set_id: Option<RuleSetId>,
    /// 户数, when it was published
    #[schema(required = true, minimum = 0)]
    pub households: Option<i64>,
    /// 复测的是哪一次
    #[schema(required = true)]
    pub recheck_of: Option<SurveyRoundId>,
    /// 份数 of owners or residents, once it is told
    #[schema(required = true, minimum = 0)]
    pub n: Option<i32>,
    /// 得分, in basis points, once it is told
    #[schema(required = true, minimum = 0, maximum = 10000, example = 5870)]
    pub score_bp: Option<i32>,
    #[schema(required = true)]
    pub outcome: Option<SurveyOutcome>,
    #[schema(required = true)]
    pub publicity_id: Option<PublicityId>,
    #[schema(required = true)]
    pub finalised_at: Option<Ts>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl SurveyRoundOut {
    pub fn of(row: RoundRow, view: View, now: Ts) -> Result<Self> {
        let (status, rules, frame) = (row.standing(now), row.rules()?, row.frame()?);
        let RoundRow {
            id,
            form_id,
            kind,
            area_code,
            compound_id,
            contract_id: _,
            company_id,
            respondents,
            title,
            opens_at,
            closes_at,
            status: _,
            status_reason,
            terms,
            rule_set_id,
            frame: framed,
            recheck_of,
            n,
            score_bp,
            outcome,
            result: _,
            result_hash: _,
            computed_at: _,
            publicity_id,
            finalised_at,
            finalised_by: _,
            version,
            created_at: _,
            updated_at,
        } = row;
        let close = view == View::Overseer;
        let told = close || is_posted(status);
        let many = close || n.is_some_and(|n| n >= rules.shown_from);
        Ok(Self {
            id,
            form_id,
            kind,
            area_code,
            compound_id,
            company_id,
            respondents,
            title,
            opens_at,
            closes_at,
            status,
            next_steps: if close { next_steps(status).collect() } else { Vec::new() },
            status_reason: status_reason.filter(|_| close),
            rules: terms.map(|_| rules),
            rule_set_id,
            households: framed.map(|_| frame.households),
            recheck_of,
            n: n.filter(|_| told || status == SurveyStatus::Invalid),
            score_bp: score_bp.filter(|_| told && many),
            outcome: outcome.filter(|_| told || status == SurveyStatus::Invalid),
            publicity_id,
            finalised_at,
            version,
            updated_at,
        })
    }
}

page!(
    /// 测评页
    SurveyRoundPage, SurveyRoundOut
);

/// 测评筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SurveyRoundQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<SurveyKind>,
    #[param(inline, nullable = false)]
    pub status: Option<SurveyStatus>,
    #[param(nullable = false)]
    pub compound_id: Option<CompoundId>,
    #[param(nullable = false)]
    pub company_id: Option<OrganisationId>,
    #[param(inline, nullable = false)]
    pub outcome: Option<SurveyOutcome>,
}
