use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::{id, page};
use registry::territory::dto::{GridId, Lifecycle};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::PersonId;
use crate::people::store::checkins::CheckinRow;

id!(
    /// 报到编号
    CheckinId
);

/// 在职党员报到: one member, or the headcount of an employer's unit
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckinOut {
    pub id: CheckinId,
    /// 社区或网格
    #[schema(example = "620902005003001", max_length = 15)]
    pub area_code: String,
    /// `null` where a unit's members are counted together
    #[schema(required = true)]
    pub person_id: Option<PersonId>,
    /// 工作单位
    #[schema(example = "测试·区水务局", max_length = 80)]
    pub employer_unit: String,
    #[schema(example = 12, minimum = 1, maximum = 100_000)]
    pub headcount: i32,
    pub since: NaiveDate,
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<CheckinRow> for CheckinOut {
    fn from(row: CheckinRow) -> Self {
        let CheckinRow {
            id,
            area_code,
            person_id,
            employer_unit,
            headcount,
            since,
            ended_on,
            recorded_by: _,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self { id, area_code, person_id, employer_unit, headcount, since, ended_on, version, updated_at }
    }
}

page!(
    /// 报到页
    CheckinPage, CheckinOut
);

/// 新报到
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckinIn {
    #[validate(length(min = 12, max = 12))]
    #[schema(example = "620902005003", min_length = 12, max_length = 12, pattern = "^[0-9]{12}$")]
    pub community_code: String,
    /// 驻网格, one of the community's
    #[schema(nullable = false, value_type = Option<Uuid>)]
    pub grid_id: Option<GridId>,
    #[schema(nullable = false)]
    pub person_id: Option<PersonId>,
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(example = "测试·区水务局", min_length = 1, max_length = 80)]
    pub employer_unit: String,
    #[validate(range(min = 1, max = 100_000))]
    #[schema(example = 12, minimum = 1, maximum = 100_000)]
    pub headcount: i32,
    #[validate(custom(function = check_date))]
    #[schema(example = "2023-03-01")]
    pub since: NaiveDate,
}

/// 结束报到
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckinEndIn {
    /// The first day on which it counts no more
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub on: NaiveDate,
}

/// 报到筛选
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckinQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub status: Option<Lifecycle>,
}

/// As of when
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// 截至, today where absent
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
}

/// 报到人数, counted from the rows
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckinCountOut {
    #[schema(example = "620902", max_length = 29)]
    pub area: String,
    pub as_of: NaiveDate,
    /// 人数: members by name and those of units together
    #[schema(example = 3800, minimum = 0)]
    pub headcount: i64,
    /// 其中逐人登记
    #[schema(example = 60, minimum = 0)]
    pub by_name: i64,
    /// 其中按单位汇总
    #[schema(example = 3740, minimum = 0)]
    pub by_unit: i64,
    /// 报到单位数
    #[schema(example = 42, minimum = 0)]
    pub units: i64,
}
