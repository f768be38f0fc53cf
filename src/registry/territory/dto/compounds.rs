use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::AreaCode;
use platform::db::{Day, Ts};
use platform::http::{check_date, check_not_blank};
use platform::quantity::CentiSquareMetres;
use platform::{http, id, page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::pilots::Pilots;
use super::{EvidenceIn, Lifecycle, ManagementMode, Pilot};
use crate::schema::compounds;
use crate::territory::store::compounds::CompoundRow;

id!(
    /// 小区编号
    CompoundId
);

id!(
    /// 物业服务合同编号, which the context of organisations gives out
    ContractRef
);

id!(
    /// 评定结果编号, which the context of ratings gives out
    StarResultRef
);

text_enum! {
    /// 小区类型
    CompoundKind {
        /// 物管小区
        Managed = "managed",
        /// 散居楼院
        ScatteredYard = "scattered_yard",
        /// 单体楼
        SingleBuilding = "single_building",
    }
}

/// 小区/楼院. A list reads it straight from the table: its columns are those that are sent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = compounds)]
pub struct CompoundOut {
    pub id: CompoundId,
    /// 区域代码: the community's 12 digits, a hyphen and 4 digits; a new one after a move
    #[schema(example = "620902005003-0001", max_length = 17)]
    pub area_code: String,
    #[schema(example = "620902005003", max_length = 12)]
    pub community_code: String,
    /// 所属网格, where one grid covers the whole compound
    #[schema(required = true, example = "620902005003001", max_length = 15)]
    pub grid_code: Option<String>,
    #[schema(example = "康盛花园", max_length = 80)]
    pub name: String,
    pub kind: CompoundKind,
    #[schema(example = "西环北路 1 号", max_length = 200)]
    pub address: String,
    /// 建成年份
    #[schema(required = true, example = 2008, minimum = 1900, maximum = 2100)]
    pub built_year: Option<i32>,
    /// 建筑面积, in 0.01 m²
    #[schema(required = true, value_type = Option<CentiSquareMetres>, example = 4_800_000)]
    pub floor_area: Option<i64>,
    /// 上报户数; see the profile for the count from the rooms
    #[schema(required = true, example = 480, minimum = 0, maximum = 1_000_000)]
    pub households: Option<i32>,
    /// 上报人口
    #[schema(required = true, example = 1716, minimum = 0, maximum = 10_000_000)]
    pub residents: Option<i32>,
    /// 现行管理模式
    pub management_mode: ManagementMode,
    #[schema(max_items = 10)]
    #[diesel(deserialize_as = Pilots)]
    pub pilots: Vec<Pilot>,
    /// 一区一策: the compound's own plan
    #[schema(required = true, max_length = 4000)]
    pub plan: Option<String>,
    /// 品牌
    #[schema(required = true, example = "德治", max_length = 80)]
    pub brand: Option<String>,
    #[serde(serialize_with = "platform::db::write_day")]
    #[diesel(deserialize_as = Day)]
    pub opened_on: NaiveDate,
    #[schema(required = true)]
    pub closed_on: Option<NaiveDate>,
    /// 有效物业服务合同; `null` where none is in force
    #[schema(required = true)]
    pub serving_contract_id: Option<ContractRef>,
    /// 确认星级, 0 to 5; `null` where it was never rated
    #[schema(required = true, example = 4, minimum = 0, maximum = 5)]
    pub confirmed_star: Option<i16>,
    /// 星级确认日
    #[schema(required = true)]
    pub star_as_of: Option<NaiveDate>,
    /// 所依评定结果
    #[schema(required = true)]
    pub star_result_id: Option<StarResultRef>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<CompoundRow> for CompoundOut {
    fn from(row: CompoundRow) -> Self {
        let CompoundRow {
            id,
            area_code,
            community_code,
            grid_code,
            name,
            search_name: _,
            kind,
            address,
            built_year,
            floor_area,
            households,
            residents,
            management_mode,
            pilots,
            plan,
            brand,
            opened_on,
            closed_on,
            close_reason: _,
            version,
            created_at: _,
            updated_at,
            serving_contract_id,
            confirmed_star,
            star_as_of,
            star_result_id,
        } = row;
        Self {
            id,
            area_code,
            community_code,
            grid_code,
            name,
            kind,
            address,
            built_year,
            floor_area,
            households,
            residents,
            management_mode,
            pilots: Pilots::from(pilots).into(),
            plan,
            brand,
            opened_on,
            closed_on,
            serving_contract_id,
            confirmed_star,
            star_as_of,
            star_result_id,
            version,
            updated_at,
        }
    }
}

/// 小区 (列表项): with the name of its community
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CompoundItem {
    #[serde(flatten)]
    pub compound: CompoundOut,
    /// 社区名称
    #[schema(example = "同德巷社区居委会", max_length = 80)]
    pub community_name: String,
}

impl From<(CompoundOut, String)> for CompoundItem {
    fn from((compound, community_name): (CompoundOut, String)) -> Self {
        Self { compound, community_name }
    }
}

page!(
    /// 小区页
    CompoundPage, CompoundItem
);

/// 新小区
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompoundIn {
    #[validate(length(min = 12, max = 12))]
    #[schema(example = "620902005003", min_length = 12, max_length = 12, pattern = "^[0-9]{12}$")]
    pub community_code: String,
    #[validate(length(min = 15, max = 15))]
    #[schema(nullable = false, min_length = 15, max_length = 15, pattern = "^[0-9]{15}$")]
    pub grid_code: Option<String>,
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(example = "西环北路 40 号", min_length = 1, max_length = 80)]
    pub name: String,
    pub kind: CompoundKind,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "西环北路 40 号", min_length = 1, max_length = 200)]
    pub address: String,
    #[validate(range(min = 1900, max = 2100))]
    #[schema(nullable = false, example = 1996, minimum = 1900, maximum = 2100)]
    pub built_year: Option<i32>,
    #[validate(range(min = 0, max = 9_007_199_254_740_991i64))]
    #[schema(nullable = false, example = 1_250_000, minimum = 0, maximum = 9_007_199_254_740_991i64)]
    pub floor_area: Option<i64>,
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(nullable = false, example = 120, minimum = 0, maximum = 1_000_000)]
    pub households: Option<i32>,
    #[validate(range(min = 0, max = 10_000_000))]
    #[schema(nullable = false, example = 430, minimum = 0, maximum = 10_000_000)]
    pub residents: Option<i32>,
    pub management_mode: ManagementMode,
    /// 依据; required for every mode but `none`
    #[validate(nested)]
    #[schema(nullable = false)]
    pub evidence: Option<EvidenceIn>,
    #[serde(default)]
    #[validate(length(max = 10))]
    #[schema(max_items = 10)]
    pub pilots: Vec<Pilot>,
    #[validate(length(min = 1, max = 4000), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 4000)]
    pub plan: Option<String>,
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 80)]
    pub brand: Option<String>,
    /// 登记日: from when on it lies there and is managed so; today unless given
    #[validate(custom(function = check_date))]
    #[schema(nullable = false, example = "2024-01-01")]
    pub opened_on: Option<NaiveDate>,
}

/// 修改小区: absent leaves as it is, `null` clears. The management mode and the community have operations of their own.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompoundPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "康盛花园", min_length = 1, max_length = 80)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<CompoundKind>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    pub address: Option<String>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 15, max = 15))]
    #[schema(value_type = Option<String>, min_length = 15, max_length = 15, pattern = "^[0-9]{15}$")]
    pub grid_code: Option<Option<String>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1900, max = 2100))]
    #[schema(value_type = Option<i32>, minimum = 1900, maximum = 2100)]
    pub built_year: Option<Option<i32>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 9_007_199_254_740_991i64))]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 9_007_199_254_740_991i64)]
    pub floor_area: Option<Option<i64>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 1_000_000)]
    pub households: Option<Option<i32>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 10_000_000))]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 10_000_000)]
    pub residents: Option<Option<i32>>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 10))]
    #[schema(nullable = false, max_items = 10)]
    pub pilots: Option<Vec<Pilot>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 4000), custom(function = check_not_blank))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub plan: Option<Option<String>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 80)]
    pub brand: Option<Option<String>>,
}

impl CompoundPatch {
    /// Whether the patch says nothing at all.
    pub fn is_empty(&self) -> bool {
        let Self { name, kind, address, grid_code, built_year, floor_area, households, residents, pilots, plan, brand } =
            self;
        let words = name.is_none() && kind.is_none() && address.is_none() && grid_code.is_none() && pilots.is_none();
        let numbers = built_year.is_none() && floor_area.is_none() && households.is_none() && residents.is_none();
        words && numbers && plan.is_none() && brand.is_none()
    }
}

/// 小区划转: moves a compound, with its buildings, units and rooms, to another community.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompoundMoveIn {
    #[validate(length(min = 12, max = 12))]
    #[schema(example = "620902005004", min_length = 12, max_length = 12, pattern = "^[0-9]{12}$")]
    pub community_code: String,
    /// 划转日: the first day in the new community
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub on: NaiveDate,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "社区边界调整", min_length = 1, max_length = 200)]
    pub reason: String,
}

/// 归属: where a compound lay from one day to another
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PlacementOut {
    #[schema(example = "620902005003", max_length = 12)]
    pub community_code: String,
    #[schema(example = "620902005003-0001", max_length = 17)]
    pub area_code: String,
    pub valid_from: NaiveDate,
    /// The first day elsewhere; `null` for where it lies now
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
    #[schema(required = true, max_length = 200)]
    pub reason: Option<String>,
}

/// 归属历史, oldest first
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PlacementsOut {
    #[schema(max_items = 1000)]
    pub items: Vec<PlacementOut>,
}

text_enum! {
    /// 新旧: `old` is built before 2000
    Age {
        /// 老旧小区
        Old = "old",
        /// 新建小区
        New = "new",
    }
}

text_enum! {
    /// 返回格式
    TableFormat {
        Json = "json",
        /// 导出表格: every row of the filter, streamed; `import compounds` reads it back (docs/imports.md)
        Csv = "csv",
    }
}

text_enum! {
    /// 合同筛选
    ContractFilter {
        /// 有有效合同
        Active = "active",
        /// 专业物业但无有效合同
        Missing = "missing",
    }
}

/// 小区筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompoundQuery {
    /// 范围: compounds in this area
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<CompoundKind>,
    /// 管理模式
    #[param(inline, nullable = false)]
    pub mode: Option<ManagementMode>,
    #[param(inline, nullable = false)]
    pub age: Option<Age>,
    /// 物业服务合同: `missing` lists the professional compounds without one in force: theirs has ended, and nobody has decided
    /// yet how they go on
    #[param(inline, nullable = false)]
    pub contract: Option<ContractFilter>,
    /// 是否有包抓领导
    #[param(nullable = false)]
    pub has_leader: Option<bool>,
    /// 名称或地址包含
    #[validate(length(min = 1, max = 40), custom(function = check_not_blank))]
    #[param(nullable = false, min_length = 1, max_length = 40)]
    pub q: Option<String>,
    #[param(inline, nullable = false)]
    pub status: Option<Lifecycle>,
    #[param(inline, nullable = false)]
    pub format: Option<TableFormat>,
}
