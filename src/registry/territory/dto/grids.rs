use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::{Json, Ts};
use platform::http::{check_date, check_not_blank};
use platform::{http, id, page, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::Lifecycle;
use crate::territory::params::GridSize;
use crate::territory::rules;
use crate::territory::store::grids::GridRow;

id!(
    /// 网格编号
    GridId
);

text_enum! {
    /// 网格类型
    GridKind {
        /// 基础网格
        Basic = "basic",
        /// 专属网格
        Exclusive = "exclusive",
    }
}

text_enum! {
    /// 网格规模提示: outside the size that the place wants grids to have (rule `territory.grid_size`)
    GridSizeWarning {
        /// 户数偏少
        TooSmall = "too_small",
        /// 户数偏多
        TooLarge = "too_large",
    }
}

/// 网格
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GridOut {
    pub id: GridId,
    /// 代码: the community's 12 digits and 3 more
    #[schema(example = "620902005003001", max_length = 15, pattern = "^[0-9]{15}$")]
    pub code: String,
    #[schema(example = "620902005003", max_length = 12)]
    pub community_code: String,
    /// 上级网格
    #[schema(required = true)]
    pub parent_id: Option<GridId>,
    /// 级别 1–5: level 3 patrols and supervises, 4 and 5 act per building or yard
    #[schema(example = 3, minimum = 1, maximum = 5)]
    pub level: i32,
    pub kind: GridKind,
    #[schema(example = "同德巷第一网格", max_length = 80)]
    pub name: String,
    /// 上报户数
    #[schema(required = true, example = 173, minimum = 0, maximum = 1_000_000)]
    pub households: Option<i32>,
    /// 规模提示: a hint about the reported households, by the rule in force where the grid lies; `null` where there is none
    #[schema(required = true)]
    pub size_warning: Option<GridSizeWarning>,
    /// 上报人口
    #[schema(required = true, example = 617, minimum = 0, maximum = 10_000_000)]
    pub residents: Option<i32>,
    /// 公务值班电话: an official line, published; never a person's own number
    #[schema(required = true, example = "0937-2600001", max_length = 20)]
    pub duty_phone: Option<String>,
    /// 边界, a GeoJSON Polygon in WGS 84
    #[schema(required = true, value_type = Option<Object>)]
    pub polygon: Option<Value>,
    pub valid_from: NaiveDate,
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl GridOut {
    /// The grid, held against the size that its place wants grids to have.
    pub fn of(row: GridRow, size: &GridSize) -> Self {
        let GridRow {
            id,
            code,
            community_code,
            parent_id,
            level,
            kind,
            name,
            search_name: _,
            households,
            residents,
            duty_phone,
            polygon,
            min_lon: _,
            min_lat: _,
            max_lon: _,
            max_lat: _,
            valid_from,
            valid_to,
            close_reason: _,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            code,
            community_code,
            parent_id,
            level,
            kind,
            name,
            size_warning: rules::size_warning(size, (kind, level), households),
            households,
            residents,
            duty_phone,
            polygon: polygon.map(|Json(value)| value),
            valid_from,
            valid_to,
            version,
            updated_at,
        }
    }
}

page!(
    /// 网格页
    GridPage, GridOut
);

/// 新网格
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GridIn {
    #[validate(length(min = 12, max = 12))]
    #[schema(example = "620902005003", min_length = 12, max_length = 12, pattern = "^[0-9]{12}$")]
    pub community_code: String,
    /// 序号: the last three digits of the code; the next free one unless given
    #[validate(range(min = 1, max = 999))]
    #[schema(nullable = false, minimum = 1, maximum = 999)]
    pub serial: Option<i32>,
    /// 上级网格代码
    #[validate(length(min = 15, max = 15))]
    #[schema(nullable = false, min_length = 15, max_length = 15, pattern = "^[0-9]{15}$")]
    pub parent_code: Option<String>,
    #[validate(range(min = 1, max = 5))]
    #[schema(example = 3, minimum = 1, maximum = 5)]
    pub level: i32,
    pub kind: GridKind,
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(example = "同德巷第三十一网格", min_length = 1, max_length = 80)]
    pub name: String,
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(nullable = false, example = 180, minimum = 0, maximum = 1_000_000)]
    pub households: Option<i32>,
    #[validate(range(min = 0, max = 10_000_000))]
    #[schema(nullable = false, example = 640, minimum = 0, maximum = 10_000_000)]
    pub residents: Option<i32>,
    #[validate(length(min = 3, max = 20))]
    #[schema(nullable = false, example = "0937-2600031", min_length = 3, max_length = 20)]
    pub duty_phone: Option<String>,
    /// 边界: a GeoJSON Polygon of at most 2000 positions, WGS 84, overlapping no grid of its tier and
    /// none of another community
    #[schema(nullable = false, value_type = Option<Object>)]
    pub polygon: Option<Value>,
    #[validate(custom(function = check_date))]
    #[schema(nullable = false, example = "2024-01-01")]
    pub valid_from: Option<NaiveDate>,
}

/// 修改网格: absent leaves as it is, `null` clears.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GridPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "同德巷第一网格", min_length = 1, max_length = 80)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<GridKind>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 1_000_000)]
    pub households: Option<Option<i32>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 10_000_000))]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 10_000_000)]
    pub residents: Option<Option<i32>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 3, max = 20))]
    #[schema(value_type = Option<String>, min_length = 3, max_length = 20)]
    pub duty_phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub polygon: Option<Option<Value>>,
}

text_enum! {
    /// 返回格式
    GridFormat {
        Json = "json",
        /// 导出表格: every row of the filter, streamed; `import grids` reads it back (docs/imports.md)
        Csv = "csv",
        /// 地图: a GeoJSON FeatureCollection of every grid of the filter that has a polygon, streamed
        Geojson = "geojson",
    }
}

/// 网格筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GridQuery {
    /// 范围: grids in this area
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[validate(range(min = 1, max = 5))]
    #[param(nullable = false, minimum = 1, maximum = 5)]
    pub level: Option<i32>,
    #[param(inline, nullable = false)]
    pub kind: Option<GridKind>,
    /// 是否有包抓领导: whether an active leader assignment exists
    #[param(nullable = false)]
    pub has_leader: Option<bool>,
    /// 名称包含
    #[validate(length(min = 1, max = 40), custom(function = check_not_blank))]
    #[param(nullable = false, min_length = 1, max_length = 40)]
    pub q: Option<String>,
    #[param(inline, nullable = false)]
    pub status: Option<Lifecycle>,
    #[param(inline, nullable = false)]
    pub format: Option<GridFormat>,
}

/// 定位: a point in WGS 84
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LocateQuery {
    /// 纬度
    #[validate(range(min = -90.0, max = 90.0), custom(function = is_number))]
    #[param(minimum = -90, maximum = 90, example = 39.732)]
    pub lat: f64,
    /// 经度
    #[validate(range(min = -180.0, max = 180.0), custom(function = is_number))]
    #[param(minimum = -180, maximum = 180, example = 98.494)]
    pub lon: f64,
}

/// `NaN` lies outside no range.
fn is_number(degrees: f64) -> Result<(), validator::ValidationError> {
    if degrees.is_nan() { Err(validator::ValidationError::new("range")) } else { Ok(()) }
}
