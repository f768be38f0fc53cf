//! 月评比、季通报、年考核: each frozen with its hash as it is made. A wrong one is withdrawn, and its period assessed anew.

use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Json, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::publicity::{self, DAYS, Days, NewPublicity, PublicityId, content_hash};
use platform::{Error, Result, in_ranges, rule_sets};
use registry::territory::dto::CompoundId;
use registry::territory::store::compounds::CompoundRow;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::caller::{Caller, check_serves};
use super::{By, area_of, no_longer, red_lines, take_turn, weekly};
use crate::schema::assessments;
use crate::standards::dto::{
    AssessmentId, AssessmentIn, AssessmentKind, AssessmentPartOut, AssessmentQuery, AssessmentStatus, DeductionOut,
};
use crate::standards::rules::periods::{Term, after_deductions, check_given, mean};
use crate::standards::rules::{
    ALREADY_ASSESSED, ITEMS_UNANSWERED, NOT_POSTED, OBJECTION_UPHELD, RESTS_ON_IT, WITHDRAWN,
};

/// The entity of a result's events.
pub const ENTITY: &str = "assessment";
/// The kind of a circular's posting, as rules of days name it.
const CIRCULAR: &str = "quarterly_circular";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = assessments, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct AssessmentRow {
    pub id: AssessmentId,
    pub kind: AssessmentKind,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    pub area_code: String,
    pub year: i32,
    pub period: i32,
    pub score: i32,
    pub snapshot: Json,
    pub content_hash: String,
    pub status: AssessmentStatus,
    pub status_reason: Option<String>,
    pub publicity_id: Option<PublicityId>,
    pub posting_ended_at: Option<Ts>,
    pub made_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// What a result is frozen with: all that its score can be computed again from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    pub parts: Vec<AssessmentPartOut>,
    pub mean: Option<i32>,
    pub deductions: Vec<DeductionOut>,
    pub note: Option<String>,
}

impl AssessmentRow {
    pub fn term(&self) -> Term {
        Term { kind: self.kind, year: self.year, period: self.period }
    }

    pub fn frozen(&self) -> Frozen {
        self.snapshot.0.get("basis").cloned().and_then(|basis| serde_json::from_value(basis).ok()).unwrap_or_default()
    }

    /// Whether the content is still what was frozen, and the score is that of the content.
    pub fn is_intact(&self) -> bool {
        content_hash(&self.snapshot.0) == self.content_hash && self.snapshot.0.get("score") == Some(&json!(self.score))
    }
}

/// One in the caller's area.
pub fn find(c: &mut Conn, visible: &Visible, id: AssessmentId) -> Result<AssessmentRow> {
    let row: AssessmentRow = assessments::table.find(id).select(AssessmentRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// By id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<AssessmentId>, i64),
    filter: &AssessmentQuery,
) -> Result<Vec<AssessmentRow>> {
    let mut query = filtered(visible, filter)?;
    if let Some(after) = after {
        query = query.filter(assessments::id.gt(after));
    }
    Ok(query.order(assessments::id.asc()).limit(fetch).select(AssessmentRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &AssessmentQuery) -> Result<i64> {
    Ok(filtered(visible, filter)?.count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &AssessmentQuery) -> Result<assessments::BoxedQuery<'static, Backend>> {
    let visible = visible.narrow(filter.area.as_ref())?;
    let mut query =
        assessments::table.into_boxed::<Backend>().filter(in_ranges!(visible.ranges(), assessments::area_code));
    query = query.filter(assessments::status.eq(filter.status.unwrap_or(AssessmentStatus::Standing)));
    if let Some(kind) = filter.kind {
        query = query.filter(assessments::kind.eq(kind));
    }
    if let Some(compound) = filter.compound_id {
        query = query.filter(assessments::compound_id.eq(compound));
    }
    if let Some(company) = filter.company_id {
        query = query.filter(assessments::company_id.eq(company));
    }
    if let Some(year) = filter.year {
        query = query.filter(assessments::year.eq(year));
    }
    Ok(query)
}

/// The result of a term that stands, where there is one.
pub fn standing(
    c: &mut Conn,
    (compound, company): (CompoundId, OrganisationId),
    term: Term,
) -> Result<Option<AssessmentRow>> {
    let of_both = assessments::compound_id.eq(compound).and(assessments::company_id.eq(company));
    let of_term =
        assessments::kind.eq(term.kind).and(assessments::year.eq(term.year)).and(assessments::period.eq(term.period));
    let found = assessments::table.filter(of_both).filter(of_term);
    let standing = found.filter(assessments::status.eq(AssessmentStatus::Standing));
    Ok(standing.select(AssessmentRow::as_select()).first(c).optional()?)
}

/// Judges a period that is over: a month by the score given, a quarter and a year by what they are made of.
pub fn make(c: &mut Conn, caller: &Caller, new: &AssessmentIn) -> Result<AssessmentRow> {
    let by = &caller.by;
    let term = Term::new(new.kind, new.year, new.period)?;
    let compound = caller.compound(c, new.compound_id)?;
    caller.check_apart(new.company_id)?;
    check_given(new.kind, new.score)?;
    term.check_over(by.today)?;
    let (first, behind) = term.days();
    check_serves(c, (new.company_id, "/company_id"), compound.id, &[first, behind.pred_opt().unwrap_or(first)])?;
    let whose = (compound.id, new.company_id);
    let (score, basis) = match new.score {
        Some(score) => (score, rated(c, whose, term)?),
        None => rolled_up(c, whose, term)?,
    };
    let row = frozen(
        AssessmentId::fresh(),
        &compound,
        (new.company_id, term),
        score,
        Frozen { note: new.note.clone(), ..basis },
        by,
    );
    insert(c, &compound, row, by)
}

/// A month is rated once every weekly item of it has its answer.
fn rated(c: &mut Conn, whose: (CompoundId, OrganisationId), term: Term) -> Result<Frozen> {
    if weekly::unanswered(c, whose, term)? > 0 { Err((&ITEMS_UNANSWERED).into()) } else { Ok(Frozen::default()) }
}

fn rolled_up(c: &mut Conn, whose: (CompoundId, OrganisationId), term: Term) -> Result<(i32, Frozen)> {
    let (mut parts, mut scores) = (Vec::new(), Vec::new());
    for part in term.parts() {
        let row = standing(c, whose, part)?;
        scores.push((part, row.as_ref().map(|row| row.score)));
        parts.extend(row.map(|row| AssessmentPartOut { assessment_id: row.id, period: row.period, score: row.score }));
    }
    let mean = mean(&scores)?;
    let deductions = match term.kind {
        AssessmentKind::AnnualAssessment => red_lines::of_year(c, whose, term)?,
        _ => Vec::new(),
    };
    let points: Vec<i32> = deductions.iter().map(|deduction| deduction.points).collect();
    Ok((after_deductions(mean, &points), Frozen { parts, mean: Some(mean), deductions, note: None }))
}

fn frozen(
    id: AssessmentId,
    compound: &CompoundRow,
    (company, term): (OrganisationId, Term),
    score: i32,
    basis: Frozen,
    by: &By,
) -> AssessmentRow {
    let snapshot = json!({ "kind": term.kind, "compound_id": compound.id, "compound": compound.name,
        "company_id": company, "year": term.year, "period": term.period, "score": score, "basis": basis });
    AssessmentRow {
        id,
        kind: term.kind,
        compound_id: compound.id,
        company_id: company,
        area_code: compound.area_code.clone(),
        year: term.year,
        period: term.period,
        score,
        content_hash: content_hash(&snapshot),
        snapshot: Json(snapshot),
        status: AssessmentStatus::Standing,
        status_reason: None,
        publicity_id: None,
        posting_ended_at: None,
        made_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

/// A quarter is posted in the same step.
fn insert(c: &mut Conn, compound: &CompoundRow, mut row: AssessmentRow, by: &By) -> Result<AssessmentRow> {
    if row.kind == AssessmentKind::QuarterlyCircular {
        let posted = posting(c, compound, &row, by)?;
        row.publicity_id = Some(publicity::open(c, posted, by)?.id);
    }
    diesel::insert_into(assessments::table).values(&row).execute(c).or_conflict(&ALREADY_ASSESSED)?;
    let data = json!({ "kind": row.kind, "compound_id": row.compound_id, "company_id": row.company_id,
        "year": row.year, "period": row.period, "score": row.score, "content_hash": row.content_hash });
    record_first(c, by.event(ENTITY, row.id, 1, "assessment.made", &row.area_code, data))?;
    Ok(row)
}

fn posting(c: &mut Conn, compound: &CompoundRow, row: &AssessmentRow, by: &By) -> Result<NewPublicity> {
    let area = area_of(&row.area_code)?;
    let (rule_set_id, days): (_, Days) = rule_sets::in_force(c, &[&DAYS], &area, by.today)?.get(&DAYS)?;
    Ok(NewPublicity {
        kind: CIRCULAR,
        entity: ENTITY,
        entity_id: row.id.to_string(),
        area_code: row.area_code.clone(),
        title: format!("{}{}年第{}季度物业服务通报", compound.name, row.year, row.period),
        snapshot: row.snapshot.0.clone(),
        places: vec!["小区公告栏".to_owned()],
        evidence: None,
        closes_on: None,
        rule_set_id,
        min_days: days.of(CIRCULAR),
    })
}

fn check_standing(row: &AssessmentRow) -> Result<()> {
    if row.status == AssessmentStatus::Standing { Ok(()) } else { Err((&WITHDRAWN).into()) }
}

/// 撤回: nothing that rests on it stands. Its posting is taken back with it.
pub fn withdraw(c: &mut Conn, row: &AssessmentRow, reason: &str, by: &By) -> Result<AssessmentRow> {
    check_standing(row)?;
    take_turn(c, &row.area_code)?;
    if let Some(whole) = row.term().whole() {
        let rests = standing(c, (row.compound_id, row.company_id), whole)?;
        if rests.is_some() {
            return Err((&RESTS_ON_IT).into());
        }
    }
    if let Some(id) = row.publicity_id.filter(|_| row.posting_ended_at.is_none()) {
        let posted = publicity::get(c, id)?;
        publicity::withdraw(c, &posted, reason, by)?;
    }
    let after =
        AssessmentRow { status: AssessmentStatus::Withdrawn, status_reason: Some(reason.to_owned()), ..row.clone() };
    save(c, row, after, "assessment.withdrawn", json!({}), by)
}

/// 结束公示: its days are over and every objection decided. What an objection was upheld against is withdrawn instead.
pub fn end_posting(c: &mut Conn, row: &AssessmentRow, by: &By) -> Result<AssessmentRow> {
    check_standing(row)?;
    let id = row.publicity_id.filter(|_| row.posting_ended_at.is_none()).ok_or_else(|| Error::from(&NOT_POSTED))?;
    let posted = publicity::get(c, id)?;
    if publicity::close(c, &posted, by)?.upheld > 0 {
        return Err((&OBJECTION_UPHELD).into());
    }
    let after = AssessmentRow { posting_ended_at: Some(by.at), ..row.clone() };
    save(c, row, after, "assessment.posting_ended", json!({}), by)
}

fn save(
    c: &mut Conn,
    before: &AssessmentRow,
    mut after: AssessmentRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<AssessmentRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = assessments::table.filter(assessments::id.eq(before.id).and(assessments::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}
