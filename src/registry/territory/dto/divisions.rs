use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::quantity::CentiSquareMetres;
use platform::{http, page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::Lifecycle;
use crate::territory::store::divisions::DivisionRow;

text_enum! {
    /// 区划层级
    DivisionLevel {
        /// 省
        Province = "province",
        /// 市
        City = "city",
        /// 区县
        District = "district",
        /// 街道、乡镇
        Street = "street",
        /// 社区、村
        Community = "community",
    }
}

/// 区划: one node of the administrative tree. Its parent is the prefix of its code.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DivisionOut {
    /// 代码
    #[schema(example = "620902005003", max_length = 12, pattern = "^[0-9]{2,12}$")]
    pub code: String,
    pub level: DivisionLevel,
    /// 名称, as registered
    #[schema(example = "同德巷社区居委会", max_length = 80)]
    pub name: String,
    /// 别名
    #[schema(required = true, max_length = 80)]
    pub alias: Option<String>,
    /// 上级代码
    #[schema(required = true, example = "620902005", max_length = 12)]
    pub parent_code: Option<String>,
    /// 上报户数, as the community reports it; see the profile for the count from the rooms
    #[schema(required = true, example = 5180, minimum = 0, maximum = 100_000_000)]
    pub households: Option<i32>,
    /// 上报人口
    #[schema(required = true, example = 18519, minimum = 0, maximum = 1_000_000_000)]
    pub residents: Option<i32>,
    /// 辖区面积 (土地), in 0.01 m²
    #[schema(required = true, value_type = Option<CentiSquareMetres>, example = 110_000_000)]
    pub land_area: Option<i64>,
    /// 前身代码: the code that this division had before it moved
    #[schema(required = true, max_length = 12)]
    pub predecessor_code: Option<String>,
    /// 后继代码: the code that it has since it moved
    #[schema(required = true, max_length = 12)]
    pub successor_code: Option<String>,
    /// 生效日
    pub valid_from: NaiveDate,
    /// 撤销日
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
    /// 版本, the number in the ETag
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<DivisionRow> for DivisionOut {
    fn from(row: DivisionRow) -> Self {
        let DivisionRow {
            code,
            level,
            name,
            search_name: _,
            alias,
            parent_code,
            households,
            residents,
            land_area,
            predecessor_code,
            successor_code,
            valid_from,
            valid_to,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            code,
            level,
            name,
            alias,
            parent_code,
            households,
            residents,
            land_area,
            predecessor_code,
            successor_code,
            valid_from,
            valid_to,
            version,
            updated_at,
        }
    }
}

page!(
    /// 区划页
    DivisionPage, DivisionOut
);

/// 上级区划, from the province down to the parent
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AncestorsOut {
    #[schema(max_items = 4)]
    pub items: Vec<DivisionOut>,
}

/// 新区划
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DivisionIn {
    /// 代码: 2, 4, 6, 9 or 12 digits, the parent's first
    #[validate(length(min = 2, max = 12))]
    #[schema(example = "620902005009", min_length = 2, max_length = 12, pattern = "^[0-9]{2,12}$")]
    pub code: String,
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(example = "新园社区居委会", min_length = 1, max_length = 80)]
    pub name: String,
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 80)]
    pub alias: Option<String>,
    /// 生效日; today unless given
    #[validate(custom(function = check_date))]
    #[schema(nullable = false, example = "2024-01-01")]
    pub valid_from: Option<NaiveDate>,
}

/// 修改区划: absent leaves as it is, `null` clears.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DivisionPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "同德巷社区居委会", min_length = 1, max_length = 80)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 80)]
    pub alias: Option<Option<String>>,
    /// 上报户数
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 100_000_000))]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 100_000_000)]
    pub households: Option<Option<i32>>,
    /// 上报人口
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 1_000_000_000)]
    pub residents: Option<Option<i32>>,
    /// 辖区面积 (土地), in 0.01 m²
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 9_007_199_254_740_991i64))]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 9_007_199_254_740_991i64)]
    pub land_area: Option<Option<i64>>,
}

/// 社区划转: moves a community to another street under a new code; its grids and compounds go with it.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DivisionMoveIn {
    /// 新代码, 12 digits, beginning with the new street's code
    #[validate(length(min = 12, max = 12))]
    #[schema(example = "620902001005", min_length = 12, max_length = 12, pattern = "^[0-9]{12}$")]
    pub new_code: String,
    /// 划转日
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub on: NaiveDate,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "街道区划调整", min_length = 1, max_length = 200)]
    pub reason: String,
}

/// 区划筛选
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DivisionQuery {
    /// 范围: this area and all in it
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub level: Option<DivisionLevel>,
    /// 名称包含
    #[validate(length(min = 1, max = 40), custom(function = check_not_blank))]
    #[param(nullable = false, min_length = 1, max_length = 40)]
    pub q: Option<String>,
    #[param(inline, nullable = false)]
    pub status: Option<Lifecycle>,
    /// 截至日: as the register stood on that day
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
}
