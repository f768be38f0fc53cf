use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::{id, page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{PersonId, Skill};
use crate::people::store::consents::ConsentRow;

id!(
    /// 公开同意编号
    ConsentId
);

text_enum! {
    /// 同意公开的内容
    ConsentField {
        /// 姓名
        Name = "name",
        /// 电话
        Phone = "phone",
        /// 门牌号
        DoorNo = "door_no",
        /// 技能
        Skills = "skills",
    }
}

text_enum! {
    /// 公开范围
    ConsentAudience {
        /// 本小区
        Compound = "compound",
        /// 本社区
        Community = "community",
    }
}

/// 公开同意: one field, one audience, until withdrawn (PIPL 14, 15, 25)
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ConsentOut {
    pub id: ConsentId,
    pub person_id: PersonId,
    /// 小区或社区代码
    #[schema(example = "620902005003", max_length = 17)]
    pub area_code: String,
    pub audience: ConsentAudience,
    pub field: ConsentField,
    /// 用途
    #[schema(example = "便民志愿服务联系", max_length = 200)]
    pub purpose: String,
    /// 纸质同意书编号, where staff recorded it
    #[schema(required = true, max_length = 100)]
    pub paper_ref: Option<String>,
    pub given_at: Ts,
    #[schema(required = true)]
    pub withdrawn_at: Option<Ts>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl From<ConsentRow> for ConsentOut {
    fn from(row: ConsentRow) -> Self {
        let ConsentRow {
            id,
            person_id,
            area_code,
            audience,
            field,
            purpose,
            paper_ref,
            recorded_by: _,
            given_at,
            withdrawn_at,
            withdrawn_by: _,
            version,
        } = row;
        Self { id, person_id, area_code, audience, field, purpose, paper_ref, given_at, withdrawn_at, version }
    }
}

page!(
    /// 公开同意页
    ConsentPage, ConsentOut
);

/// 本人同意公开
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MyConsentIn {
    /// 小区或社区代码: its residents are the audience
    #[schema(value_type = String, example = "620902005003", max_length = 17)]
    pub area_code: AreaCode,
    pub field: ConsentField,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "便民志愿服务联系", min_length = 1, max_length = 200)]
    pub purpose: String,
}

/// 登记纸质同意
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentIn {
    /// 小区或社区代码: its residents are the audience
    #[schema(value_type = String, example = "620902005003", max_length = 17)]
    pub area_code: AreaCode,
    pub field: ConsentField,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "便民志愿服务联系", min_length = 1, max_length = 200)]
    pub purpose: String,
    /// 纸质同意书编号
    #[validate(length(min = 1, max = 100), custom(function = check_not_blank))]
    #[schema(example = "同意书 2024-003", min_length = 1, max_length = 100)]
    pub paper_ref: String,
}

/// 公示名录条目: what its subject has consented to publish here, and nothing else
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DirectoryEntry {
    #[schema(required = true, example = "测试·张明", max_length = 40)]
    pub name: Option<String>,
    #[schema(required = true, example = "19909371234", max_length = 30)]
    pub phone: Option<String>,
    /// 楼栋-单元-房号
    #[schema(required = true, example = "1-1-101", max_length = 62)]
    pub door_no: Option<String>,
    /// `null` where there is no consent
    #[schema(required = true, max_items = 20)]
    pub skills: Option<Vec<Skill>>,
}

page!(
    /// 公示名录页
    DirectoryPage, DirectoryEntry
);

/// 名录筛选
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DirectoryQuery {
    /// 技能, whole; only of those who publish their skills
    #[validate(length(min = 1, max = 20))]
    #[param(nullable = false, min_length = 1, max_length = 20)]
    pub skill: Option<String>,
}
