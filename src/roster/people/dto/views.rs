use chrono::NaiveDate;
use platform::db::Ts;
use platform::{page, text_enum};
use registry::identity::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::persons::{Gender, PartyStatus, PersonCloseReason, PersonId, Skill, skills_of};
use crate::people::store::persons::PersonRow;

text_enum! {
    /// 视图
    PersonGeneralView {
        /// 一般
        General = "general",
    }
}

text_enum! {
    /// 视图
    PersonStaffView {
        /// 工作人员
        Staff = "staff",
    }
}

/// 人员, as readers see it who have no need of restricted attributes
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonOut {
    /// 视图: tells the two apart
    pub view: PersonGeneralView,
    pub id: PersonId,
    /// 登记地
    #[schema(example = "620902005003", max_length = 17)]
    pub area_code: String,
    #[schema(example = "测试·张明", max_length = 40)]
    pub name: String,
    /// 电话, masked; nobody gets it in clear but by `unmask_phone`
    #[schema(required = true, example = "199****1234", max_length = 20)]
    pub phone_masked: Option<String>,
    #[schema(max_items = 20)]
    pub skills: Vec<Skill>,
    /// 演示数据
    pub synthetic: bool,
    #[schema(required = true)]
    pub closed_on: Option<NaiveDate>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

/// 人员及受限信息, for the staff of the person's own area (domain B20; PIPL 28)
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonStaffOut {
    /// 视图: tells the two apart
    pub view: PersonStaffView,
    pub id: PersonId,
    /// 登记地
    #[schema(example = "620902005003", max_length = 17)]
    pub area_code: String,
    #[schema(example = "测试·张明", max_length = 40)]
    pub name: String,
    /// 电话, masked; nobody gets it in clear but by `unmask_phone`
    #[schema(required = true, example = "199****1234", max_length = 20)]
    pub phone_masked: Option<String>,
    #[schema(max_items = 20)]
    pub skills: Vec<Skill>,
    #[schema(required = true)]
    pub gender: Option<Gender>,
    #[schema(required = true, example = 1968, minimum = 1900, maximum = 2100)]
    pub birth_year: Option<i32>,
    pub party_status: PartyStatus,
    /// 退役军人
    pub veteran: bool,
    /// 退休
    pub retired: bool,
    /// 机关企事业单位干部
    pub cadre: bool,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub account_id: Option<AccountId>,
    /// 本人自行登记, not yet seen by the community
    pub self_registered: bool,
    /// 演示数据
    pub synthetic: bool,
    #[schema(required = true)]
    pub closed_on: Option<NaiveDate>,
    #[schema(required = true)]
    pub close_reason: Option<PersonCloseReason>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

/// 人员, in the view that the reader's roles open over the person's area
// Each carries its `view` itself: of a tag that serde adds, utoipa makes nameless models that generators stumble over.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "view", mapping(
    ("general" = "#/components/schemas/PersonOut"),
    ("staff" = "#/components/schemas/PersonStaffOut"),
)))]
pub enum PersonView {
    General(PersonOut),
    Staff(PersonStaffOut),
}

impl From<PersonRow> for PersonOut {
    fn from(row: PersonRow) -> Self {
        let skills = skills_of(&row);
        let PersonRow { id, area_code, name, phone_masked, synthetic, closed_on, version, updated_at, .. } = row;
        let view = PersonGeneralView::General;
        Self { view, id, area_code, name, phone_masked, skills, synthetic, closed_on, version, updated_at }
    }
}

impl From<PersonRow> for PersonStaffOut {
    fn from(row: PersonRow) -> Self {
        let skills = skills_of(&row);
        let PersonRow {
            id,
            area_code,
            name,
            search_name: _,
            gender,
            birth_year,
            phone_sealed: _,
            phone_masked,
            phone_mark: _,
            account_id,
            party_status,
            veteran,
            retired,
            cadre,
            skills: _,
            skill_index: _,
            self_registered,
            synthetic,
            closed_on,
            close_reason,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            view: PersonStaffView::Staff,
            id,
            area_code,
            name,
            phone_masked,
            skills,
            gender,
            birth_year,
            party_status,
            veteran,
            retired,
            cadre,
            account_id,
            self_registered,
            synthetic,
            closed_on,
            close_reason,
            version,
            updated_at,
        }
    }
}

page!(
    /// 人员页
    PersonPage, PersonView
);
