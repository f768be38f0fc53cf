use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_not_blank, not_null};
use platform::{Error, Result, page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::{SurveyFormId, SurveyKind, SurveyQuestionKind};
use crate::surveys::store::rows::FormRow;

/// A code as a form has them: it stands in stored answers, and in files that others read.
fn check_code(code: &str) -> std::result::Result<(), ValidationError> {
    let plain = code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain { Ok(()) } else { Err(ValidationError::new("pattern")) }
}

/// 选项
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyChoice {
    #[validate(length(min = 1, max = 20), custom(function = check_code))]
    #[schema(min_length = 1, max_length = 20, pattern = "^[a-z0-9_]+$", example = "canteen")]
    pub code: String,
    #[validate(length(min = 1, max = 100), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 100, example = "老年食堂")]
    pub text: String,
}

/// 题目
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyQuestion {
    #[validate(length(min = 1, max = 20), custom(function = check_code))]
    #[schema(min_length = 1, max_length = 20, pattern = "^[a-z0-9_]+$", example = "q1")]
    pub code: String,
    /// 维度: of the four senses `gain`, `happiness`, `safety`, `liveability`
    #[validate(length(min = 1, max = 30), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 30, example = "保洁")]
    pub dimension: String,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "您对楼道与院落保洁是否满意?")]
    pub text: String,
    pub kind: SurveyQuestionKind,
    #[validate(length(max = 20), nested)]
    #[serde(default)]
    #[schema(max_items = 20, example = json!([]))]
    pub choices: Vec<SurveyChoice>,
}

/// 新问卷
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyFormIn {
    pub area_code: AreaCode,
    #[validate(length(min = 1, max = 40), custom(function = check_code))]
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9_]+$", example = "property_satisfaction")]
    pub code: String,
    pub kind: SurveyKind,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 120, example = "物业服务满意度问卷")]
    pub title: String,
    #[validate(length(min = 1, max = 40), nested)]
    #[schema(min_items = 1, max_items = 40)]
    pub questions: Vec<SurveyQuestion>,
}

/// 新版: of the same code, kind and place
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyFormVersionIn {
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 120, example = "物业服务满意度问卷")]
    pub title: String,
    #[validate(length(min = 1, max = 40), nested)]
    #[schema(min_items = 1, max_items = 40)]
    pub questions: Vec<SurveyQuestion>,
}

/// 修改问卷: until the first answer to it
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyFormPatch {
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, min_length = 1, max_length = 120)]
    pub title: Option<String>,
    #[validate(length(min = 1, max = 40), nested)]
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, min_items = 1, max_items = 40)]
    pub questions: Option<Vec<SurveyQuestion>>,
}

/// 问卷的一版
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SurveyFormOut {
    pub id: SurveyFormId,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 40)]
    pub code: String,
    /// 第几版
    #[schema(example = 1, minimum = 1)]
    pub number: i32,
    pub kind: SurveyKind,
    #[schema(max_length = 120)]
    pub title: String,
    #[schema(max_items = 40)]
    pub questions: Vec<SurveyQuestion>,
    /// 首份答卷的时间所定; from then on the version is never changed
    pub frozen: bool,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl SurveyFormOut {
    pub fn of(row: FormRow) -> Result<Self> {
        let FormRow {
            id,
            area_code,
            code,
            number,
            kind,
            title,
            questions,
            frozen_at,
            version,
            created_at: _,
            updated_at,
        } = row;
        let questions = serde_json::from_value(questions.0).map_err(Error::internal)?;
        let frozen = frozen_at.is_some();
        Ok(Self { id, area_code, code, number, kind, title, questions, frozen, version, updated_at })
    }
}

page!(
    /// 问卷页
    SurveyFormPage, SurveyFormOut
);

/// 问卷筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SurveyFormQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<SurveyKind>,
    #[validate(length(min = 1, max = 40))]
    #[param(nullable = false, min_length = 1, max_length = 40)]
    pub code: Option<String>,
}
