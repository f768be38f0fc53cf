use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::quantity::CentiSquareMetres;
use platform::{http, id, page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{CompoundId, Lifecycle};
use crate::territory::store::buildings::{BuildingRow, RoomRow, UnitRow};

id!(
    /// 楼栋编号
    BuildingId
);
id!(
    /// 单元编号
    UnitId
);
id!(
    /// 房屋编号
    RoomId
);

text_enum! {
    /// 房屋用途
    RoomUse {
        /// 住宅
        Residential = "residential",
        /// 商业
        Commercial = "commercial",
        /// 办公
        Office = "office",
        /// 储藏
        Storage = "storage",
        /// 车位
        Parking = "parking",
    }
}

/// 楼栋
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BuildingOut {
    pub id: BuildingId,
    #[schema(example = "620902005003-0001-001", max_length = 21)]
    pub area_code: String,
    pub compound_id: CompoundId,
    /// 所属网格: a building belongs to one grid
    #[schema(required = true, example = "620902005003001", max_length = 15)]
    pub grid_code: Option<String>,
    /// 楼号
    #[schema(example = "1", max_length = 20)]
    pub no: String,
    /// 层数
    #[schema(example = 6, minimum = 1, maximum = 200)]
    pub floors: i32,
    /// 有无电梯
    pub has_elevator: bool,
    #[schema(required = true)]
    pub closed_on: Option<NaiveDate>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<BuildingRow> for BuildingOut {
    fn from(row: BuildingRow) -> Self {
        let BuildingRow {
            id,
            area_code,
            compound_id,
            grid_code,
            no,
            floors,
            has_elevator,
            closed_on,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self { id, area_code, compound_id, grid_code, no, floors, has_elevator, closed_on, version, updated_at }
    }
}

page!(
    /// 楼栋页
    BuildingPage, BuildingOut
);

/// 新楼栋
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildingIn {
    #[validate(length(min = 1, max = 20), custom(function = check_not_blank))]
    #[schema(example = "11", min_length = 1, max_length = 20)]
    pub no: String,
    #[validate(range(min = 1, max = 200))]
    #[schema(example = 6, minimum = 1, maximum = 200)]
    pub floors: i32,
    pub has_elevator: bool,
    #[validate(length(min = 15, max = 15))]
    #[schema(nullable = false, min_length = 15, max_length = 15, pattern = "^[0-9]{15}$")]
    pub grid_code: Option<String>,
}

/// 修改楼栋
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildingPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "11", min_length = 1, max_length = 20)]
    pub no: Option<String>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 200))]
    #[schema(nullable = false, minimum = 1, maximum = 200)]
    pub floors: Option<i32>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub has_elevator: Option<bool>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 15, max = 15))]
    #[schema(value_type = Option<String>, min_length = 15, max_length = 15, pattern = "^[0-9]{15}$")]
    pub grid_code: Option<Option<String>>,
}

/// 单元
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UnitOut {
    pub id: UnitId,
    #[schema(example = "620902005003-0001-001-01", max_length = 24)]
    pub area_code: String,
    pub building_id: BuildingId,
    pub compound_id: CompoundId,
    /// 单元号
    #[schema(example = "1", max_length = 20)]
    pub no: String,
    #[schema(required = true)]
    pub closed_on: Option<NaiveDate>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<UnitRow> for UnitOut {
    fn from(row: UnitRow) -> Self {
        let UnitRow { id, area_code, compound_id, building_id, no, closed_on, version, created_at: _, updated_at } =
            row;
        Self { id, area_code, compound_id, building_id, no, closed_on, version, updated_at }
    }
}

page!(
    /// 单元页
    UnitPage, UnitOut
);

/// 新单元
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitIn {
    #[validate(length(min = 1, max = 20), custom(function = check_not_blank))]
    #[schema(example = "5", min_length = 1, max_length = 20)]
    pub no: String,
}

/// 修改单元
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "5", min_length = 1, max_length = 20)]
    pub no: Option<String>,
}

/// 房屋
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RoomOut {
    pub id: RoomId,
    #[schema(example = "620902005003-0001-001-01-0001", max_length = 29)]
    pub area_code: String,
    pub unit_id: UnitId,
    pub compound_id: CompoundId,
    /// 房号
    #[schema(example = "301", max_length = 20)]
    pub no: String,
    /// 专有部分面积, in 0.01 m²: the base of owners' votes (Civil Code 278)
    #[schema(value_type = CentiSquareMetres, example = 10_000)]
    pub exclusive_area: i64,
    pub use_kind: RoomUse,
    #[schema(required = true)]
    pub closed_on: Option<NaiveDate>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<RoomRow> for RoomOut {
    fn from(row: RoomRow) -> Self {
        let RoomRow {
            id,
            area_code,
            compound_id,
            unit_id,
            no,
            exclusive_area,
            use_kind,
            closed_on,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self { id, area_code, unit_id, compound_id, no, exclusive_area, use_kind, closed_on, version, updated_at }
    }
}

page!(
    /// 房屋页
    RoomPage, RoomOut
);

/// 新房屋
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomIn {
    #[validate(length(min = 1, max = 20), custom(function = check_not_blank))]
    #[schema(example = "1301", min_length = 1, max_length = 20)]
    pub no: String,
    /// In 0.01 m²
    #[validate(range(min = 1, max = 100_000_000))]
    #[schema(example = 10_000, minimum = 1, maximum = 100_000_000)]
    pub exclusive_area: i64,
    pub use_kind: RoomUse,
}

/// 修改房屋
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "1301", min_length = 1, max_length = 20)]
    pub no: Option<String>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 100_000_000))]
    #[schema(nullable = false, minimum = 1, maximum = 100_000_000)]
    pub exclusive_area: Option<i64>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub use_kind: Option<RoomUse>,
}

/// 楼栋、单元、房屋筛选
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InsideQuery {
    /// 范围: what lies in this community, grid, compound, building or unit
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub status: Option<Lifecycle>,
}
