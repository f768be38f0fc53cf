//! The rows of the surveys' tables.

use chrono::NaiveDate;
use deliberation::notices::dto::NoticeId;
use diesel::prelude::*;
use platform::db::{Json, Ts};
use platform::history::ActorId;
use platform::publicity::PublicityId;
use platform::rule_sets::RuleSetId;
use platform::{Error, Result, id};
use registry::identity::AccountId;
use registry::territory::dto::{CompoundId, ContractRef};
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};

use crate::schema::{
    survey_answers, survey_calls, survey_claims, survey_comments, survey_consequences, survey_forms,
    survey_invitations, survey_rounds,
};
use crate::surveys::dto::{
    SurveyChannel, SurveyCommentId, SurveyConsequenceId, SurveyConsequenceStatus, SurveyFormId, SurveyInvitationId,
    SurveyInvitationWay, SurveyKind, SurveyOutcome, SurveyParty, SurveyQuestion, SurveyRespondents, SurveyResult,
    SurveyRoundId, SurveyStatus,
};
use crate::surveys::rules::params::SurveyRules;
use crate::surveys::rules::states::standing;

id!(
    /// 答卷的户或人: a room, or a person
    SubjectId
);
id!(
    /// 答卷编号, drawn at random: one that tells its time would tell whose it is
    AnswerId
);

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = survey_forms, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct FormRow {
    pub id: SurveyFormId,
    pub area_code: String,
    pub code: String,
    pub number: i32,
    pub kind: SurveyKind,
    pub title: String,
    pub questions: Json,
    pub frozen_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl FormRow {
    pub fn asked(&self) -> Result<Vec<SurveyQuestion>> {
        serde_json::from_value(self.questions.0.clone()).map_err(Error::internal)
    }
}

/// Those who are asked, when a round was published: households by stratum.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub households: i64,
    pub strata: Vec<(String, i64)>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = survey_rounds, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct RoundRow {
    pub id: SurveyRoundId,
    pub form_id: SurveyFormId,
    pub kind: SurveyKind,
    pub area_code: String,
    pub compound_id: Option<CompoundId>,
    pub contract_id: Option<ContractRef>,
    pub company_id: Option<OrganisationId>,
    pub respondents: SurveyRespondents,
    pub title: String,
    pub opens_at: Ts,
    pub closes_at: Ts,
    /// As it was written down; [`RoundRow::standing`] is what it is.
    pub status: SurveyStatus,
    pub status_reason: Option<String>,
    pub terms: Option<Json>,
    pub rule_set_id: Option<RuleSetId>,
    pub frame: Option<Json>,
    pub recheck_of: Option<SurveyRoundId>,
    pub n: Option<i32>,
    pub score_bp: Option<i32>,
    pub outcome: Option<SurveyOutcome>,
    pub result: Option<Json>,
    pub result_hash: Option<String>,
    pub computed_at: Option<Ts>,
    pub publicity_id: Option<PublicityId>,
    pub finalised_at: Option<Ts>,
    pub finalised_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl RoundRow {
    pub fn standing(&self, now: Ts) -> SurveyStatus {
        standing(self.status, self.opens_at, self.closes_at, now)
    }

    /// The rules that it was published under; those that hold by themselves before.
    pub fn rules(&self) -> Result<SurveyRules> {
        let Some(terms) = &self.terms else { return Ok(SurveyRules::default()) };
        serde_json::from_value(terms.0.clone()).map_err(Error::internal)
    }

    pub fn frame(&self) -> Result<Frame> {
        let Some(frame) = &self.frame else { return Ok(Frame::default()) };
        serde_json::from_value(frame.0.clone()).map_err(Error::internal)
    }

    pub fn result(&self) -> Result<Option<SurveyResult>> {
        let read = |json: &Json| serde_json::from_value(json.0.clone()).map_err(Error::internal);
        self.result.as_ref().map(read).transpose()
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = survey_invitations, treat_none_as_default_value = false)]
pub struct InvitationRow {
    pub id: SurveyInvitationId,
    pub round_id: SurveyRoundId,
    pub party: SurveyParty,
    pub subject_id: SubjectId,
    pub stratum: String,
    pub channel: SurveyInvitationWay,
    pub token_hash: String,
    pub created_by: Option<ActorId>,
    pub created_at: Ts,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = survey_claims, treat_none_as_default_value = false)]
pub struct ClaimRow {
    pub round_id: SurveyRoundId,
    pub party: SurveyParty,
    pub subject_id: SubjectId,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = survey_answers, treat_none_as_default_value = false)]
pub struct AnswerRow {
    pub round_id: SurveyRoundId,
    pub id: AnswerId,
    pub party: SurveyParty,
    pub stratum: String,
    pub channel: SurveyChannel,
    pub answers: Json,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = survey_comments, treat_none_as_default_value = false)]
pub struct CommentRow {
    pub round_id: SurveyRoundId,
    pub id: SurveyCommentId,
    /// `None` where it was said to the whole.
    pub question: Option<String>,
    pub words: String,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = survey_calls, treat_none_as_default_value = false)]
pub struct CallsRow {
    pub round_id: SurveyRoundId,
    pub account_id: AccountId,
    pub entered: i32,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = survey_consequences, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ConsequenceRow {
    pub id: SurveyConsequenceId,
    pub round_id: SurveyRoundId,
    pub area_code: String,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    pub status: SurveyConsequenceStatus,
    pub proposed_by: Option<ActorId>,
    pub notice: Option<String>,
    pub notice_hash: Option<String>,
    pub notice_id: Option<NoticeId>,
    pub notified_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub report: Option<String>,
    pub reported_at: Option<Ts>,
    pub recheck_round_id: Option<SurveyRoundId>,
    pub recheck_outcome: Option<SurveyOutcome>,
    pub confirmed_by: Option<ActorId>,
    pub concluded_by: Option<ActorId>,
    pub note: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}
