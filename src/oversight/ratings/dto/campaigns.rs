use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::page;
use platform::publicity::PublicityId;
use platform::publicity::dto::{Place, check_places};
use registry::identity::AccountId;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    RatingAssessorId, RatingCampaignId, RatingCampaignStatus, RatingProjectId, RatingRound, RatingSchemeId,
    RatingScorer, RatingSheetId, RatingSheetStatus,
};
use crate::ratings::store::assessors::{Assigned, Task};
use crate::ratings::store::projects::Named;
use crate::ratings::store::rows::CampaignRow;

/// 新评定批次: a draft
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingCampaignIn {
    /// 所依评定办法, published
    pub scheme_id: RatingSchemeId,
    /// 范围: a district or a street
    #[schema(value_type = String, example = "620902", max_length = 29)]
    pub area_code: AreaCode,
    #[validate(range(min = 2000, max = 2100))]
    #[schema(example = 2024, minimum = 2000, maximum = 2100)]
    pub year: i32,
    #[validate(range(min = 1, max = 4))]
    #[schema(example = 1, minimum = 1, maximum = 4)]
    pub quarter: i16,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(example = "2024年第一季度星级评定", min_length = 1, max_length = 120)]
    pub title: String,
}

/// 评定批次
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingCampaignOut {
    pub id: RatingCampaignId,
    pub scheme_id: RatingSchemeId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: i32,
    #[schema(minimum = 1, maximum = 4)]
    pub quarter: i16,
    #[schema(max_length = 120)]
    pub title: String,
    pub status: RatingCampaignStatus,
    /// 是否为补录: taken over with its results, not rated here
    pub recorded: bool,
    /// 公示天数
    #[schema(minimum = 7)]
    pub publicity_days: i32,
    /// 申诉天数
    #[schema(minimum = 1)]
    pub appeal_days: i32,
    #[schema(required = true)]
    pub publicity_id: Option<PublicityId>,
    /// 公示中成立的异议数
    #[schema(minimum = 0)]
    pub objections_upheld: i32,
    /// 申诉期末日
    #[schema(required = true)]
    pub appeals_until: Option<NaiveDate>,
    #[schema(required = true)]
    pub opened_at: Option<Ts>,
    #[schema(required = true)]
    pub collated_at: Option<Ts>,
    /// 定星时间
    #[schema(required = true)]
    pub confirmed_at: Option<Ts>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<CampaignRow> for RatingCampaignOut {
    fn from(row: CampaignRow) -> Self {
        let CampaignRow {
            id,
            scheme_id,
            area_code,
            year,
            quarter,
            title,
            status,
            recorded,
            rule_set_id: _,
            publicity_days,
            appeal_days,
            publicity_id,
            objections_upheld,
            appeals_until,
            opened_at,
            collated_at,
            confirmed_at,
            confirmed_by: _,
            created_by: _,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            scheme_id,
            area_code,
            year,
            quarter,
            title,
            status,
            recorded,
            publicity_days,
            appeal_days,
            publicity_id,
            objections_upheld,
            appeals_until,
            opened_at,
            collated_at,
            confirmed_at,
            version,
            updated_at,
        }
    }
}

page!(
    /// 评定批次页
    RatingCampaignPage, RatingCampaignOut
);

/// 评定批次筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RatingCampaignQuery {
    #[validate(range(min = 2000, max = 2100))]
    #[param(nullable = false, minimum = 2000, maximum = 2100)]
    pub year: Option<i32>,
    #[validate(range(min = 1, max = 4))]
    #[param(nullable = false, minimum = 1, maximum = 4)]
    pub quarter: Option<i16>,
    #[param(inline, nullable = false)]
    pub status: Option<RatingCampaignStatus>,
}

/// 公示安排
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostRatingsIn {
    /// 张贴处
    #[validate(length(min = 1, max = 20), custom(function = check_places))]
    #[schema(min_items = 1, max_items = 20, example = json!(["区政府网站", "街道公示栏"]))]
    pub places: Vec<Place>,
    /// 凭证编号
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub evidence: Option<String>,
    /// 末日; the rule's own where absent
    #[validate(custom(function = check_date))]
    #[schema(nullable = false)]
    pub closes_on: Option<NaiveDate>,
}

/// 参评项目
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingProjectOut {
    pub id: RatingProjectId,
    pub campaign_id: RatingCampaignId,
    pub compound_id: CompoundId,
    #[schema(example = "康盛花园", max_length = 80)]
    pub compound_name: String,
    /// 参评时的物业企业
    #[schema(required = true)]
    pub company_id: Option<OrganisationId>,
    #[schema(required = true, max_length = 120)]
    pub company_name: Option<String>,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
}

impl From<Named> for RatingProjectOut {
    fn from(Named { row, compound_name, company_name }: Named) -> Self {
        Self {
            id: row.id,
            campaign_id: row.campaign_id,
            compound_id: row.compound_id,
            compound_name,
            company_id: row.company_id,
            company_name,
            area_code: row.area_code,
        }
    }
}

page!(
    /// 参评项目页
    RatingProjectPage, RatingProjectOut
);

/// 评分任务: a project that the caller scores
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingTaskOut {
    pub project: RatingProjectOut,
    pub panel: RatingScorer,
    pub round: RatingRound,
    /// 本人的评分表; `null` while there is none
    #[schema(required = true)]
    pub sheet_id: Option<RatingSheetId>,
    #[schema(required = true)]
    pub sheet_status: Option<RatingSheetStatus>,
}

impl From<Task> for RatingTaskOut {
    fn from(Task { project, panel, round, sheet }: Task) -> Self {
        let (sheet_id, sheet_status) = sheet.unzip();
        Self { project: project.into(), panel, round, sheet_id, sheet_status }
    }
}

page!(
    /// 评分任务页
    RatingTaskPage, RatingTaskOut
);

/// 分配评分人
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingAssessorIn {
    /// 账号, which is an assessor where the projects lie
    #[schema(value_type = Uuid)]
    pub account_id: AccountId,
    pub panel: RatingScorer,
    /// 所评项目, besides those that it has already
    #[validate(length(min = 1, max = 500))]
    #[schema(min_items = 1, max_items = 500)]
    pub project_ids: Vec<RatingProjectId>,
}

/// 解除分配
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRatingAssessorIn {
    pub assessor_id: RatingAssessorId,
    /// 不再由其评分的项目; all that they have not scored yet where empty
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_items = 500, example = json!([]))]
    pub project_ids: Vec<RatingProjectId>,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "因病不能继续评分", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 评分人
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingAssessorOut {
    pub id: RatingAssessorId,
    pub campaign_id: RatingCampaignId,
    #[schema(value_type = Uuid)]
    pub account_id: AccountId,
    pub panel: RatingScorer,
    /// 所评项目
    #[schema(max_items = 2000)]
    pub project_ids: Vec<RatingProjectId>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<Assigned> for RatingAssessorOut {
    fn from(Assigned { row, projects }: Assigned) -> Self {
        Self {
            id: row.id,
            campaign_id: row.campaign_id,
            account_id: row.account_id,
            panel: row.panel,
            project_ids: projects,
            version: row.version,
            updated_at: row.updated_at,
        }
    }
}

page!(
    /// 评分人页
    RatingAssessorPage, RatingAssessorOut
);
