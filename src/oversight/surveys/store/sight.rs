//! Which rounds a caller sees, and how closely: overseers by place; a company's people what is about their company, whatever
//! else they are; those of the place what is published there.

use chrono::NaiveDate;
use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use platform::auth::{AreaCode, Family, Principal, Role, Scope, Visible};
use platform::db::{Backend, Conn};
use platform::{Error, Result, in_ranges};
use registry::identity::AccountId;
use roster::appointments::{bound_to, offices_of};
use roster::organisations::OrganisationId;
use roster::people::person_of_account;

use super::rows::{ConsequenceRow, RoundRow};
use crate::schema::{survey_consequences, survey_rounds as rounds};
use crate::surveys::dto::{SurveyConsequenceId, SurveyConsequenceStatus, SurveyRoundId, SurveyStatus};
use crate::surveys::rules::OF_THE_COMPANY;
use crate::surveys::rules::states::is_public;
use crate::surveys::{SurveysRead, SurveysRun};

/// Who sees the surveys of their area as they are made.
const OVERSEERS: &[Role] = &[
    Role::DistrictCoord,
    Role::PropertyAuthority,
    Role::IndustryParty,
    Role::StreetOfficer,
    Role::CommunitySecretary,
    Role::CommunityWorker,
    Role::Auditor,
];

/// How closely somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Overseer,
    /// Of the company that is judged.
    Company,
    Public,
}

/// What a caller may look at.
#[derive(Debug, Clone)]
pub struct Sight {
    overseen: Visible,
    run: Visible,
    /// Everything inside these, and what lies around them.
    near: Vec<AreaCode>,
    /// Those that the caller acts for, by a role or an appointment in office.
    companies: Vec<OrganisationId>,
    pub account: AccountId,
}

impl Sight {
    pub fn of(c: &mut Conn, who: &Principal, today: NaiveDate) -> Result<Self> {
        let mut sight = Self::of_principal(who);
        let offices = offices_of(c, sight.account, today)?;
        sight.companies.extend(offices.into_iter().map(|office| office.organisation_id));
        Ok(sight)
    }

    /// By the roles alone: for the feed, which knows no day and tells nothing but that something happened.
    pub fn of_principal(who: &Principal) -> Self {
        let held: Vec<Role> = Role::ALL.iter().copied().filter(|role| role.family() == Family::Company).collect();
        Self {
            overseen: who.visible_as(OVERSEERS, SurveysRead::NAME),
            run: who.visible_as(&[Role::CommunitySecretary, Role::CommunityWorker], SurveysRun::NAME),
            near: who.grants().iter().map(|grant| grant.area.clone()).collect(),
            companies: who.organisations(&held).into_iter().map(OrganisationId).collect(),
            account: AccountId(who.id),
        }
    }

    fn is_of(&self, company: Option<OrganisationId>) -> bool {
        company.is_some_and(|company| self.companies.contains(&company))
    }

    /// `None` where it is not seen.
    pub fn view(&self, row: &RoundRow) -> Option<View> {
        let near = |area: &AreaCode| area.covers(&row.area_code) || area.as_str().starts_with(&row.area_code);
        if self.is_of(row.company_id) {
            is_public(row.status).then_some(View::Company)
        } else if self.overseen.covers(&row.area_code) {
            Some(View::Overseer)
        } else if is_public(row.status) && self.near.iter().any(near) {
            Some(View::Public)
        } else {
            None
        }
    }

    /// A consequence is for overseers, and for the company once it has been told of it.
    pub fn sees_consequence(&self, row: &ConsequenceRow) -> bool {
        match self.is_of(Some(row.company_id)) {
            true => is_told(row.status),
            false => self.overseen.covers(&row.area_code),
        }
    }

    /// Where the caller oversees, for lists.
    pub fn overseen(&self, area: Option<&AreaCode>) -> Visible {
        self.overseen.narrow(area).unwrap_or_else(|_| Visible::of([]))
    }

    pub fn companies(&self) -> &[OrganisationId] {
        &self.companies
    }

    /// The rounds that are seen, as a condition.
    pub fn seen(&self) -> Condition {
        let overseen = in_ranges!(self.overseen.ranges(), rounds::area_code);
        let near = Visible::of(self.near.iter().cloned());
        let around: Vec<String> = AreaCode::all_and_above(&self.near).into_iter().map(str::to_owned).collect();
        let about = rounds::company_id.is_not_null();
        let about = about.and(rounds::company_id.assume_not_null().eq_any(self.companies.clone()));
        let public = rounds::status.ne_all([SurveyStatus::Draft, SurveyStatus::Cancelled]);
        let reached = in_ranges!(near.ranges(), rounds::area_code).or(rounds::area_code.eq_any(around)).or(about);
        Box::new(overseen.or(public.and(reached)))
    }
}

/// A condition on rounds.
pub type Condition = Box<dyn BoxableExpression<rounds::table, Backend, SqlType = Bool>>;

/// Whether the company has been told that something follows.
pub fn is_told(status: SurveyConsequenceStatus) -> bool {
    !matches!(status, SurveyConsequenceStatus::Proposed | SurveyConsequenceStatus::Dropped)
}

/// A round, whoever asks.
pub fn get(c: &mut Conn, id: SurveyRoundId) -> Result<RoundRow> {
    Ok(rounds::table.find(id).select(RoundRow::as_select()).first(c)?)
}

/// A round that the caller sees, and how closely; 404 otherwise.
pub fn find(c: &mut Conn, sight: &Sight, id: SurveyRoundId) -> Result<(RoundRow, View)> {
    let row = get(c, id)?;
    let view = sight.view(&row).ok_or(Error::NotFound)?;
    Ok((row, view))
}

/// A round of the caller's own community, for those who run it.
pub fn find_run(c: &mut Conn, sight: &Sight, id: SurveyRoundId) -> Result<RoundRow> {
    let (row, view) = find(c, sight, id)?;
    if view == View::Company {
        return Err((&OF_THE_COMPANY).into());
    }
    sight.run.check(&row.area_code)?;
    Ok(row)
}

/// A round that a caller who is not of its company may enter answers of, or read what was said in.
pub fn find_apart(
    c: &mut Conn,
    sight: &Sight,
    visible: &Visible,
    id: SurveyRoundId,
    on: NaiveDate,
) -> Result<RoundRow> {
    let row = get(c, id)?;
    visible.check(&row.area_code)?;
    let Some(company) = row.company_id else { return Ok(row) };
    let person = person_of_account(c, sight.account.0)?;
    let bound = !bound_to(c, person.as_slice(), &[company], on)?.is_empty();
    if bound || sight.is_of(Some(company)) { Err((&OF_THE_COMPANY).into()) } else { Ok(row) }
}

/// A consequence that the caller sees; 404 otherwise.
pub fn find_consequence(c: &mut Conn, sight: &Sight, id: SurveyConsequenceId) -> Result<ConsequenceRow> {
    let row: ConsequenceRow = survey_consequences::table.find(id).select(ConsequenceRow::as_select()).first(c)?;
    if sight.sees_consequence(&row) { Ok(row) } else { Err(Error::NotFound) }
}
