use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::page;
use platform::quantity::Ratio;
use platform::{Error, Result};
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{RatingCampaignId, RatingCampaignStatus, RatingProjectId, RatingResultId, RedLineGround};
use crate::ratings::rules::score::RatingCap;
use crate::ratings::store::results::Named;

/// 评定结果. Scores are basis points: 9300 is 93.00.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingResultOut {
    pub id: RatingResultId,
    pub project_id: RatingProjectId,
    pub campaign_id: RatingCampaignId,
    /// 所属批次的状态
    pub campaign_status: RatingCampaignStatus,
    pub compound_id: CompoundId,
    #[schema(example = "康盛花园", max_length = 80)]
    pub compound_name: String,
    #[schema(required = true)]
    pub company_id: Option<OrganisationId>,
    #[schema(required = true, max_length = 120)]
    pub company_name: Option<String>,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: i32,
    #[schema(minimum = 1, maximum = 4)]
    pub quarter: i16,
    /// 是否为补录: the panels' scores by the document of the time, without sheets
    pub recorded: bool,
    /// 行业主管部门得分
    #[schema(required = true, minimum = 0, maximum = 10_000)]
    pub authority_score: Option<i32>,
    /// 行业协会得分
    #[schema(required = true, minimum = 0, maximum = 10_000)]
    pub association_score: Option<i32>,
    /// 同行企业得分
    #[schema(required = true, minimum = 0, maximum = 10_000)]
    pub peer_score: Option<i32>,
    /// 业主满意度
    #[schema(required = true, minimum = 0, maximum = 10_000)]
    pub satisfaction_score: Option<i32>,
    /// 总分
    #[schema(example = 9300, minimum = 0, maximum = 10_000)]
    pub score: i32,
    /// 按分数线应得的星级
    #[schema(example = 5, minimum = 0, maximum = 5)]
    pub earned_star: i16,
    /// 封顶
    #[schema(max_items = 4)]
    pub caps: Vec<RatingCap>,
    /// 星级
    #[schema(example = 1, minimum = 0, maximum = 5)]
    pub star: i16,
    /// 改判时间
    #[schema(required = true)]
    pub revised_at: Option<Ts>,
    /// 定星时间
    #[schema(required = true)]
    pub confirmed_at: Option<Ts>,
    /// 降星时间
    #[schema(required = true)]
    pub downgraded_at: Option<Ts>,
    #[schema(required = true, max_length = 500)]
    pub downgrade_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl TryFrom<Named> for RatingResultOut {
    type Error = Error;

    fn try_from(Named { row, status, compound_name, company_name }: Named) -> Result<Self> {
        Ok(Self {
            caps: row.caps()?,
            id: row.id,
            project_id: row.project_id,
            campaign_id: row.campaign_id,
            campaign_status: status,
            compound_id: row.compound_id,
            compound_name,
            company_id: row.company_id,
            company_name,
            area_code: row.area_code,
            year: row.year,
            quarter: row.quarter,
            recorded: row.recorded,
            authority_score: row.authority_score,
            association_score: row.association_score,
            peer_score: row.peer_score,
            satisfaction_score: row.satisfaction_score,
            score: row.score,
            earned_star: row.earned_star,
            star: row.star,
            revised_at: row.revised_at,
            confirmed_at: row.confirmed_at,
            downgraded_at: row.downgraded_at,
            downgrade_reason: row.downgrade_reason,
            version: row.version,
            updated_at: row.updated_at,
        })
    }
}

page!(
    /// 评定结果页
    RatingResultPage, RatingResultOut
);

/// 评定结果筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RatingResultQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub campaign_id: Option<RatingCampaignId>,
    #[param(nullable = false)]
    pub compound_id: Option<CompoundId>,
    #[validate(range(min = 2000, max = 2100))]
    #[param(nullable = false, minimum = 2000, maximum = 2100)]
    pub year: Option<i32>,
    #[validate(range(min = 1, max = 4))]
    #[param(nullable = false, minimum = 1, maximum = 4)]
    pub quarter: Option<i16>,
    #[validate(range(min = 0, max = 5))]
    #[param(nullable = false, minimum = 0, maximum = 5)]
    pub star: Option<i16>,
}

/// 降星: a red-line event after the star was confirmed
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VetoRatingIn {
    pub ground: RedLineGround,
    /// 发生日
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub occurred_on: NaiveDate,
    /// 来源: the document that it stands on
    #[validate(length(min = 1, max = 300), custom(function = check_not_blank))]
    #[schema(example = "消防救援大队认定书 2024-03", min_length = 1, max_length = 300)]
    pub source: String,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "发生消防安全事故", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 星级分布的范围
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StarFiguresQuery {
    /// 区域
    #[param(example = "620902")]
    pub area: AreaCode,
    #[validate(range(min = 2000, max = 2100))]
    #[param(example = 2023, minimum = 2000, maximum = 2100)]
    pub year: i32,
    #[validate(range(min = 1, max = 4))]
    #[param(example = 4, minimum = 1, maximum = 4)]
    pub quarter: i16,
}

/// 一个星级的项目数
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StarShare {
    #[schema(minimum = 0, maximum = 5)]
    pub star: i16,
    /// 项目数, of those that were rated
    pub projects: Ratio,
}

/// 星级分布 (F12), of confirmed results
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StarFiguresOut {
    #[schema(max_length = 29)]
    pub area: String,
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: i32,
    #[schema(minimum = 1, maximum = 4)]
    pub quarter: i16,
    /// 已评项目数
    #[schema(minimum = 0)]
    pub rated: i64,
    /// 各星级, from five stars to none
    #[schema(max_items = 6)]
    pub stars: Vec<StarShare>,
    /// 三星级以上
    pub three_and_above: Ratio,
}
