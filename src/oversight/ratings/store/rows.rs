//! The rows of every table of this context.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::db::{Json, Ts};
use platform::history::ActorId;
use platform::publicity::PublicityId;
use platform::rule_sets::RuleSetId;
use platform::{Error, Result};
use registry::identity::AccountId;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::de::DeserializeOwned;

use crate::ratings::dto::{
    IndicatorEvidence, RatingAppealId, RatingAppealStatus, RatingAssessorId, RatingCampaignId, RatingCampaignStatus,
    RatingClaimId, RatingClaimStatus, RatingDimension, RatingFactId, RatingFactKind, RatingIndicatorId,
    RatingProjectId, RatingResultId, RatingRound, RatingSchemeId, RatingSchemeStatus, RatingScorer, RatingSheetId,
    RatingSheetStatus, RedLineGround,
};
use crate::ratings::rules::score::{PanelScores, RatingCap};
use crate::ratings::rules::terms::SchemeTerms;
use crate::schema::{
    rating_appeals, rating_assessors, rating_assignments, rating_campaigns, rating_claims, rating_facts,
    rating_indicators, rating_points, rating_projects, rating_results, rating_schemes, rating_sheets,
};

/// What a column of JSON holds, as it was written by us.
pub fn read<T: DeserializeOwned>(json: &Json) -> Result<T> {
    serde_json::from_value(json.0.clone()).map_err(Error::internal)
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rating_schemes, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct SchemeRow {
    pub id: RatingSchemeId,
    pub area_code: String,
    pub number: i32,
    pub title: String,
    pub source: String,
    pub demo: bool,
    pub terms: Json,
    pub status: RatingSchemeStatus,
    pub created_by: Option<ActorId>,
    pub published_at: Option<Ts>,
    pub published_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl SchemeRow {
    pub fn terms(&self) -> Result<SchemeTerms> {
        read(&self.terms)
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rating_indicators, treat_none_as_default_value = false)]
pub struct IndicatorRow {
    pub id: RatingIndicatorId,
    pub scheme_id: RatingSchemeId,
    pub position: i32,
    pub code: String,
    pub dimension: RatingDimension,
    pub words: String,
    pub max_points: i32,
    pub evidence: IndicatorEvidence,
    pub veto: bool,
    pub by_authority: bool,
    pub by_association: bool,
    pub by_peer: bool,
}

impl IndicatorRow {
    pub fn is_for(&self, scorer: RatingScorer) -> bool {
        match scorer {
            RatingScorer::Authority => self.by_authority,
            RatingScorer::Association => self.by_association,
            RatingScorer::Peer => self.by_peer,
        }
    }

    pub fn scorers(&self) -> Vec<RatingScorer> {
        RatingScorer::ALL.iter().copied().filter(|scorer| self.is_for(*scorer)).collect()
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rating_campaigns, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CampaignRow {
    pub id: RatingCampaignId,
    pub scheme_id: RatingSchemeId,
    pub area_code: String,
    pub year: i32,
    pub quarter: i16,
    pub title: String,
    pub status: RatingCampaignStatus,
    pub recorded: bool,
    pub rule_set_id: Option<RuleSetId>,
    pub publicity_days: i32,
    pub appeal_days: i32,
    pub publicity_id: Option<PublicityId>,
    pub objections_upheld: i32,
    pub appeals_until: Option<NaiveDate>,
    pub opened_at: Option<Ts>,
    pub collated_at: Option<Ts>,
    pub confirmed_at: Option<Ts>,
    pub confirmed_by: Option<ActorId>,
    pub created_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rating_projects, treat_none_as_default_value = false)]
pub struct ProjectRow {
    pub id: RatingProjectId,
    pub campaign_id: RatingCampaignId,
    pub compound_id: CompoundId,
    pub company_id: Option<OrganisationId>,
    pub area_code: String,
    pub year: i32,
    pub quarter: i16,
    pub version: i32,
    pub created_at: Ts,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rating_claims, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ClaimRow {
    pub id: RatingClaimId,
    pub project_id: RatingProjectId,
    pub campaign_id: RatingCampaignId,
    pub company_id: OrganisationId,
    pub area_code: String,
    pub target_star: i16,
    pub charged_fen: i64,
    pub self_points: Json,
    pub self_score: Option<i32>,
    pub evidence: Json,
    pub note: Option<String>,
    pub status: RatingClaimStatus,
    pub withdraw_reason: Option<String>,
    pub claimed_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rating_assessors, treat_none_as_default_value = false)]
pub struct AssessorRow {
    pub id: RatingAssessorId,
    pub campaign_id: RatingCampaignId,
    pub account_id: AccountId,
    pub panel: RatingScorer,
    pub assigned_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rating_assignments, treat_none_as_default_value = false)]
pub struct AssignmentRow {
    pub assessor_id: RatingAssessorId,
    pub project_id: RatingProjectId,
    pub round: RatingRound,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rating_sheets, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct SheetRow {
    pub id: RatingSheetId,
    pub project_id: RatingProjectId,
    pub campaign_id: RatingCampaignId,
    pub assessor_id: RatingAssessorId,
    pub panel: RatingScorer,
    pub round: RatingRound,
    pub status: RatingSheetStatus,
    pub submitted_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rating_points, treat_none_as_default_value = false)]
pub struct PointRow {
    pub sheet_id: RatingSheetId,
    pub indicator_id: RatingIndicatorId,
    pub points: Option<i32>,
    pub vetoed: bool,
    pub note: Option<String>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rating_facts, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct FactRow {
    pub id: RatingFactId,
    pub project_id: RatingProjectId,
    pub area_code: String,
    pub kind: RatingFactKind,
    pub ground: Option<RedLineGround>,
    pub occurred_on: NaiveDate,
    pub score: Option<i32>,
    pub responses: Option<i32>,
    pub source: String,
    pub recorded_by: Option<ActorId>,
    pub struck_at: Option<Ts>,
    pub struck_by: Option<ActorId>,
    pub strike_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rating_results, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ResultRow {
    pub id: RatingResultId,
    pub project_id: RatingProjectId,
    pub campaign_id: RatingCampaignId,
    pub compound_id: CompoundId,
    pub company_id: Option<OrganisationId>,
    pub area_code: String,
    pub year: i32,
    pub quarter: i16,
    pub recorded: bool,
    pub authority_score: Option<i32>,
    pub association_score: Option<i32>,
    pub peer_score: Option<i32>,
    pub satisfaction_score: Option<i32>,
    pub score: i32,
    pub earned_star: i16,
    #[diesel(column_name = stars)]
    pub star: i16,
    pub caps: Json,
    pub revised_at: Option<Ts>,
    pub confirmed_at: Option<Ts>,
    pub downgraded_at: Option<Ts>,
    pub downgrade_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl ResultRow {
    pub fn panels(&self) -> PanelScores {
        PanelScores {
            authority: self.authority_score,
            association: self.association_score,
            peer: self.peer_score,
            satisfaction: self.satisfaction_score,
        }
    }

    pub fn caps(&self) -> Result<Vec<RatingCap>> {
        read(&self.caps)
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rating_appeals, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct AppealRow {
    pub id: RatingAppealId,
    pub result_id: RatingResultId,
    pub project_id: RatingProjectId,
    pub campaign_id: RatingCampaignId,
    pub area_code: String,
    pub grounds: String,
    pub evidence: Option<String>,
    pub ex_officio: bool,
    pub status: RatingAppealStatus,
    pub raised_by: Option<ActorId>,
    pub raised_at: Ts,
    pub contested: Json,
    pub decision: Option<String>,
    pub decided_by: Option<ActorId>,
    pub decided_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}
