use chrono::{Datelike, NaiveDate};
use platform::auth::AreaCode;
use platform::http::{check_date, check_not_blank};
use platform::page;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::WeeklyItemId;
use crate::standards::store::weekly::WeeklyRow;

/// 周反馈: what the company that serves the compound is asked
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeeklyItemIn {
    pub compound_id: CompoundId,
    /// 反馈日; its week and its month are those of this day
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-12")]
    pub raised_on: NaiveDate,
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(example = "本周3号楼电梯停运两次", min_length = 1, max_length = 1000)]
    pub words: String,
}

/// 答复
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeeklyAnswerIn {
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(example = "已更换门机皮带,维保单另附", min_length = 1, max_length = 1000)]
    pub answer: String,
}

/// 周反馈
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WeeklyItemOut {
    pub id: WeeklyItemId,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    #[schema(max_length = 29)]
    pub area_code: String,
    pub raised_on: NaiveDate,
    /// 周次, by ISO 8601
    #[schema(minimum = 1, maximum = 53)]
    pub week: u32,
    #[schema(max_length = 1000)]
    pub words: String,
    #[schema(required = true, max_length = 1000)]
    pub answer: Option<String>,
    #[schema(required = true)]
    pub answered_on: Option<NaiveDate>,
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
}

impl From<WeeklyRow> for WeeklyItemOut {
    fn from(row: WeeklyRow) -> Self {
        let WeeklyRow {
            id,
            compound_id,
            company_id,
            area_code,
            raised_on,
            words,
            raised_by: _,
            answer,
            answered_on,
            answered_by: _,
            version,
            created_at: _,
            updated_at: _,
        } = row;
        let week = raised_on.iso_week().week();
        Self { id, compound_id, company_id, area_code, raised_on, week, words, answer, answered_on, version }
    }
}

page!(
    /// 周反馈页
    WeeklyItemPage, WeeklyItemOut
);

/// 周反馈筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WeeklyItemQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub compound_id: Option<CompoundId>,
    /// `true`: 只看已答复的, `false`: 未答复的
    #[param(nullable = false)]
    pub answered: Option<bool>,
    /// 反馈日不早于
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub from: Option<NaiveDate>,
    /// 反馈日不晚于
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub to: Option<NaiveDate>,
}
