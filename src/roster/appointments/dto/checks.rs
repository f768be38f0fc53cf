use chrono::NaiveDate;
use platform::http::check_date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::{AppointmentId, AppointmentRoute, PostId};
use crate::appointments::rules::guards::Answer;
use crate::people::PersonId;

/// 任职资格审查: asks, and writes nothing
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckIn {
    pub person_id: PersonId,
    pub post_id: PostId,
    /// 原任职务, for a cross-appointment
    #[schema(nullable = false)]
    pub home_appointment_id: Option<AppointmentId>,
    /// 续任的任职
    #[schema(nullable = false)]
    pub renews_id: Option<AppointmentId>,
    pub route: AppointmentRoute,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-02-01")]
    pub term_from: NaiveDate,
    #[validate(custom(function = check_date))]
    #[schema(nullable = false, example = "2026-12-31")]
    pub term_to: Option<NaiveDate>,
}

/// 一项审查
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GuardOut {
    /// What a refusal is answered with
    #[schema(example = "appointments.company_conflict", max_length = 80)]
    pub code: String,
    pub passed: bool,
    /// 是否为硬性要求; a warning never stands in the way
    pub blocking: bool,
    #[schema(max_length = 300)]
    pub zh: String,
    #[schema(max_length = 300)]
    pub en: String,
    /// 依据
    #[schema(max_length = 200)]
    pub source: String,
    /// 所用事实
    #[schema(value_type = Object)]
    pub facts: Value,
}

impl From<&Answer> for GuardOut {
    fn from(answer: &Answer) -> Self {
        Self {
            code: answer.problem.code.to_owned(),
            passed: answer.passed,
            blocking: answer.blocking,
            zh: answer.problem.zh.to_owned(),
            en: answer.problem.en.to_owned(),
            source: answer.source.to_owned(),
            facts: answer.facts.clone(),
        }
    }
}

/// 审查结果: every guard's answer
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckOut {
    /// Whether every blocking guard passes
    pub passed: bool,
    /// 交叉任职方向
    #[schema(required = true, max_length = 60)]
    pub direction: Option<String>,
    #[schema(max_items = 40)]
    pub guards: Vec<GuardOut>,
}

impl CheckOut {
    pub fn of(direction: Option<String>, answers: &[Answer]) -> Self {
        Self {
            passed: answers.iter().all(|answer| answer.passed || !answer.blocking),
            direction,
            guards: answers.iter().map(Into::into).collect(),
        }
    }
}
