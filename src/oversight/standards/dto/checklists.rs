use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{self, check_not_blank};
use platform::page;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::{ChecklistId, ChecklistKind, ChecklistStatus};
use crate::standards::store::checklists::{ChecklistRow, ItemRow, Whole};

/// 清单编号: latin letters, digits, hyphens and points.
fn check_code(code: &str) -> Result<(), ValidationError> {
    let fits = code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    if fits { Ok(()) } else { Err(ValidationError::new("pattern")) }
}

/// 清单项
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItemIn {
    #[validate(length(min = 1, max = 20), custom(function = check_code))]
    #[schema(example = "S01", min_length = 1, max_length = 20, pattern = "^[A-Za-z0-9.-]+$")]
    pub code: String,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "生活垃圾日产日清", min_length = 1, max_length = 500)]
    pub words: String,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "Household waste is removed every day", min_length = 1, max_length = 500)]
    pub words_en: Option<String>,
    /// 权重
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000, example = 1)]
    pub weight: i32,
    /// 是否须有佐证才能判定符合
    pub evidence_required: bool,
    /// 是否为来源列明的原文; otherwise it is the place's own or demo text
    pub official: bool,
}

/// 起草清单: the first version of a checklist, or the next one
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistIn {
    pub kind: ChecklistKind,
    /// 清单编号: the same for all its versions
    #[validate(length(min = 1, max = 40), custom(function = check_code))]
    #[schema(example = "service15", min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9.-]+$")]
    pub code: String,
    /// 适用区域
    #[schema(value_type = String, example = "620902", max_length = 29)]
    pub area_code: AreaCode,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(example = "物业管理和服务标准15项", min_length = 1, max_length = 120)]
    pub title: String,
    /// 来源: the document that the words are from, or that they are the place's own
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "本地试行文本", min_length = 1, max_length = 500)]
    pub source: String,
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    pub items: Vec<ChecklistItemIn>,
}

/// 修改草稿: absent leaves as it is; items are replaced as a whole
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 120)]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub source: Option<String>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100), nested)]
    #[schema(nullable = false, max_items = 100)]
    pub items: Option<Vec<ChecklistItemIn>>,
}

/// 清单项, as a version has it
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChecklistItemOut {
    #[schema(minimum = 1, maximum = 100)]
    pub position: i32,
    #[schema(max_length = 20)]
    pub code: String,
    #[schema(max_length = 500)]
    pub words: String,
    #[schema(required = true, max_length = 500)]
    pub words_en: Option<String>,
    #[schema(minimum = 1, maximum = 1000)]
    pub weight: i32,
    pub evidence_required: bool,
    /// 是否为来源列明的原文
    pub official: bool,
}

impl From<ItemRow> for ChecklistItemOut {
    fn from(row: ItemRow) -> Self {
        let ItemRow { id: _, checklist_id: _, position, code, words, words_en, weight, evidence_required, official } =
            row;
        Self { position, code, words, words_en, weight, evidence_required, official }
    }
}

/// 清单版本, as a list tells it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChecklistItem {
    pub id: ChecklistId,
    pub kind: ChecklistKind,
    #[schema(max_length = 40)]
    pub code: String,
    /// 第几版
    #[schema(minimum = 1, example = 1)]
    pub number: i32,
    #[schema(max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 120)]
    pub title: String,
    #[schema(max_length = 500)]
    pub source: String,
    pub status: ChecklistStatus,
    #[schema(required = true)]
    pub published_at: Option<Ts>,
    #[schema(required = true)]
    pub superseded_at: Option<Ts>,
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
}

impl From<ChecklistRow> for ChecklistItem {
    fn from(row: ChecklistRow) -> Self {
        let ChecklistRow {
            id,
            kind,
            code,
            number,
            area_code,
            title,
            source,
            status,
            published_at,
            published_by: _,
            superseded_at,
            version,
            created_at: _,
            updated_at: _,
        } = row;
        Self { id, kind, code, number, area_code, title, source, status, published_at, superseded_at, version }
    }
}

page!(
    /// 清单版本页
    ChecklistPage, ChecklistItem
);

/// 清单版本 with its items
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChecklistOut {
    pub id: ChecklistId,
    pub kind: ChecklistKind,
    #[schema(max_length = 40)]
    pub code: String,
    /// 第几版
    #[schema(minimum = 1, example = 1)]
    pub number: i32,
    #[schema(max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 120)]
    pub title: String,
    #[schema(max_length = 500)]
    pub source: String,
    pub status: ChecklistStatus,
    #[schema(required = true)]
    pub published_at: Option<Ts>,
    #[schema(required = true)]
    pub superseded_at: Option<Ts>,
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
    #[schema(max_items = 100)]
    pub items: Vec<ChecklistItemOut>,
}

impl From<Whole> for ChecklistOut {
    fn from(Whole { row, items }: Whole) -> Self {
        let ChecklistItem {
            id,
            kind,
            code,
            number,
            area_code,
            title,
            source,
            status,
            published_at,
            superseded_at,
            version,
        } = row.into();
        let items = items.into_iter().map(Into::into).collect();
        Self { id, kind, code, number, area_code, title, source, status, published_at, superseded_at, version, items }
    }
}

/// 清单筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChecklistQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<ChecklistKind>,
    #[param(inline, nullable = false)]
    pub status: Option<ChecklistStatus>,
    /// 清单编号
    #[validate(length(min = 1, max = 40))]
    #[param(nullable = false, min_length = 1, max_length = 40)]
    pub code: Option<String>,
}
