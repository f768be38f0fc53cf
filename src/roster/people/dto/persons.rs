use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::http::{check_date, check_not_blank};
use platform::{http, id, text_enum};
use registry::identity::AccountId;
use registry::territory::dto::Lifecycle;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use crate::people::rules::check_phone;
use crate::people::store::persons::PersonRow;

id!(
    /// 人员编号
    PersonId
);

text_enum! {
    /// 性别
    Gender {
        /// 男
        Male = "male",
        /// 女
        Female = "female",
    }
}

text_enum! {
    /// 政治面貌
    PartyStatus {
        /// 非党员
        None = "none",
        /// 预备党员
        Probationary = "probationary",
        /// 正式党员
        Formal = "formal",
    }
}

text_enum! {
    /// 关闭原因
    PersonCloseReason {
        /// 迁出
        MovedAway = "moved_away",
        /// 去世
        Deceased = "deceased",
        /// 重复登记
        Duplicate = "duplicate",
        /// 登记有误
        Mistaken = "mistaken",
        /// 依本人请求删除
        Erased = "erased",
    }
}

text_enum! {
    /// 关闭原因; erasure is the answer to a deletion request
    StaffCloseReason {
        /// 迁出
        MovedAway = "moved_away",
        /// 去世
        Deceased = "deceased",
        /// 重复登记
        Duplicate = "duplicate",
        /// 登记有误
        Mistaken = "mistaken",
    }
}

impl From<StaffCloseReason> for PersonCloseReason {
    fn from(reason: StaffCloseReason) -> Self {
        match reason {
            StaffCloseReason::MovedAway => Self::MovedAway,
            StaffCloseReason::Deceased => Self::Deceased,
            StaffCloseReason::Duplicate => Self::Duplicate,
            StaffCloseReason::Mistaken => Self::Mistaken,
        }
    }
}

/// 技能
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(min_length = 1, max_length = 20, pattern = r"\S", example = "水电维修")]
pub struct Skill(pub String);

const SKILL_LENGTH: usize = 20;

fn check_skills(skills: &[Skill]) -> Result<(), ValidationError> {
    let fits = |skill: &Skill| {
        let written = skill.0.trim();
        !written.is_empty() && skill.0.chars().count() <= SKILL_LENGTH
    };
    let repeated = skills.iter().enumerate().any(|(i, skill)| skills.iter().skip(i + 1).any(|other| other == skill));
    if repeated {
        Err(ValidationError::new("repeated"))
    } else if skills.iter().all(fits) {
        Ok(())
    } else {
        Err(ValidationError::new("length"))
    }
}

pub(in crate::people) fn skills_of(row: &PersonRow) -> Vec<Skill> {
    serde_json::from_value(row.skills.0.clone()).unwrap_or_default()
}

/// 新增人员
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonIn {
    /// 登记地: a district, street, community or compound
    #[schema(value_type = String, example = "620902005003", max_length = 17)]
    pub area_code: AreaCode,
    #[validate(length(min = 1, max = 40), custom(function = check_not_blank))]
    #[schema(example = "测试·张明", min_length = 1, max_length = 40)]
    pub name: String,
    #[schema(nullable = false)]
    pub gender: Option<Gender>,
    #[validate(range(min = 1900, max = 2100))]
    #[schema(nullable = false, minimum = 1900, maximum = 2100, example = 1968)]
    pub birth_year: Option<i32>,
    /// 电话: a mobile or landline number of the mainland; sealed at rest
    #[validate(length(min = 1, max = 30), custom(function = check_phone))]
    #[schema(nullable = false, example = "19909371234", min_length = 1, max_length = 30)]
    pub phone: Option<String>,
    #[serde(default)]
    #[validate(length(max = 20), custom(function = check_skills))]
    #[schema(max_items = 20)]
    pub skills: Vec<Skill>,
    /// 政治面貌, restricted
    #[schema(nullable = false)]
    pub party_status: Option<PartyStatus>,
    /// 退役军人, restricted
    #[schema(nullable = false)]
    pub veteran: Option<bool>,
    /// 退休, restricted
    #[schema(nullable = false)]
    pub retired: Option<bool>,
    /// 机关企事业单位干部, restricted
    #[schema(nullable = false)]
    pub cadre: Option<bool>,
    /// The person's account, where they have one
    #[schema(nullable = false, value_type = Option<Uuid>)]
    pub account_id: Option<AccountId>,
}

/// 修改人员; `null` takes an optional member away
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonPatch {
    #[serde(default, deserialize_with = "http::not_null")]
    #[schema(nullable = false, value_type = Option<String>, example = "620902005003", max_length = 17)]
    pub area_code: Option<AreaCode>,
    #[serde(default, deserialize_with = "http::not_null")]
    #[validate(length(min = 1, max = 40), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "测试·张明", min_length = 1, max_length = 40)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "http::present")]
    #[schema(value_type = Option<Gender>)]
    pub gender: Option<Option<Gender>>,
    #[serde(default, deserialize_with = "http::present")]
    #[validate(range(min = 1900, max = 2100))]
    #[schema(value_type = Option<i32>, minimum = 1900, maximum = 2100)]
    pub birth_year: Option<Option<i32>>,
    #[serde(default, deserialize_with = "http::present")]
    #[validate(length(min = 1, max = 30), custom(function = check_phone))]
    #[schema(value_type = Option<String>, example = "19909371234", min_length = 1, max_length = 30)]
    pub phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "http::not_null")]
    #[validate(length(max = 20), custom(function = check_skills))]
    #[schema(nullable = false, max_items = 20)]
    pub skills: Option<Vec<Skill>>,
    /// 政治面貌, restricted; once stages are recorded, they decide it
    #[serde(default, deserialize_with = "http::not_null")]
    #[schema(nullable = false)]
    pub party_status: Option<PartyStatus>,
    #[serde(default, deserialize_with = "http::not_null")]
    #[schema(nullable = false)]
    pub veteran: Option<bool>,
    #[serde(default, deserialize_with = "http::not_null")]
    #[schema(nullable = false)]
    pub retired: Option<bool>,
    #[serde(default, deserialize_with = "http::not_null")]
    #[schema(nullable = false)]
    pub cadre: Option<bool>,
    /// 关联账号: brings the roles of the person's home and offices; an office's, by who could grant them by hand
    #[serde(default, deserialize_with = "http::present")]
    #[schema(value_type = Option<Uuid>)]
    pub account_id: Option<Option<AccountId>>,
}

impl PersonPatch {
    /// Whether it says what only the staff of the area may: an account brings roles to whoever holds it.
    pub(in crate::people) fn is_restricted(&self) -> bool {
        let attributes = self.party_status.is_some() || self.veteran.is_some();
        attributes || self.retired.is_some() || self.cadre.is_some() || self.account_id.is_some()
    }
}

impl PersonIn {
    /// The same of a new person.
    pub(in crate::people) fn is_restricted(&self) -> bool {
        let attributes = self.party_status.is_some() || self.veteran.is_some();
        attributes || self.retired.is_some() || self.cadre.is_some() || self.account_id.is_some()
    }
}

/// 关闭人员记录: residencies, consents and check-ins end with it
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonCloseIn {
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub on: NaiveDate,
    pub reason: StaffCloseReason,
}

/// 人员筛选; the filters by restricted attributes need a role that may read them, and find only where it counts
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PersonQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    /// 姓名包含
    #[validate(length(min = 1, max = 40))]
    #[param(nullable = false, min_length = 1, max_length = 40)]
    pub q: Option<String>,
    /// 技能, whole
    #[validate(length(min = 1, max = 20))]
    #[param(nullable = false, min_length = 1, max_length = 20)]
    pub skill: Option<String>,
    #[param(inline, nullable = false)]
    pub party_status: Option<PartyStatus>,
    #[param(nullable = false)]
    pub veteran: Option<bool>,
    #[param(inline, nullable = false)]
    pub status: Option<Lifecycle>,
}

impl PersonQuery {
    pub(in crate::people) fn is_restricted(&self) -> bool {
        self.party_status.is_some() || self.veteran.is_some()
    }
}
