//! 补录: rounds that were held before the register was kept, with what was answered by the paper of the time. Their results are
//! computed here as in service; their histories are no news for the outbox. Who answered is on record nowhere.

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Json, Ts};
use platform::history::{self, Event, EventRow};
use platform::secrets::fingerprint;
use platform::{Result, on_each};
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde_json::{Value, json};
use uuid::Builder;

use super::rounds::blank;
use super::rows::{AnswerId, AnswerRow, ConsequenceRow, FormRow, Frame, RoundRow};
use super::steps::with_result;
use super::{By, consequences, forms, rounds};
use crate::schema::{survey_answers, survey_consequences, survey_forms, survey_rounds};
use crate::surveys::dto::{
    SurveyChannel, SurveyConsequenceId, SurveyConsequenceStatus, SurveyFormId, SurveyKind, SurveyOutcome, SurveyParty,
    SurveyQuestion, SurveyRespondents, SurveyRoundId, SurveyStatus,
};
use crate::surveys::rules::consequences::concluded;
use crate::surveys::rules::params::SurveyRules;
use crate::surveys::rules::scores::{Answer, Asked, result};

/// Rows of one statement.
const BATCH: usize = 1000;

macro_rules! insert {
    ($c:expr, $table:ident, $rows:expr) => {{
        let rows = $rows;
        for batch in rows.chunks(BATCH) {
            let c: &mut Conn = $c;
            on_each!(c => diesel::insert_into($table::table).values(batch.to_vec()).execute(c))?;
        }
    }};
}

/// A version of a form that was used.
#[derive(Debug, Clone)]
pub struct PastForm {
    pub id: SurveyFormId,
    pub area_code: String,
    pub code: String,
    pub kind: SurveyKind,
    pub title: String,
    pub questions: Vec<SurveyQuestion>,
    pub made_at: Ts,
    /// Since the first answer.
    pub frozen_at: Option<Ts>,
}

/// Some answers that were alike: of a party, in a stratum, so many marks for each question.
#[derive(Debug, Clone)]
pub struct PastAnswers {
    pub party: SurveyParty,
    pub stratum: String,
    pub channel: SurveyChannel,
    /// A mark for each question of the form.
    pub marks: Vec<i64>,
    pub count: usize,
}

/// A round that was held.
#[derive(Debug, Clone)]
pub struct PastRound {
    pub id: SurveyRoundId,
    pub respondents: SurveyRespondents,
    pub title: String,
    pub area_code: String,
    pub compound: Option<CompoundId>,
    pub company: Option<OrganisationId>,
    pub opens_at: Ts,
    pub closes_at: Ts,
    pub households: i64,
    pub strata: Vec<(String, i64)>,
    pub recheck_of: Option<SurveyRoundId>,
    pub answers: Vec<PastAnswers>,
}

/// What a round that failed led to, and when.
#[derive(Debug, Clone)]
pub struct PastConsequence {
    pub id: SurveyConsequenceId,
    pub round: SurveyRoundId,
    pub area_code: String,
    pub compound: CompoundId,
    pub company: OrganisationId,
    pub proposed_at: Ts,
    /// Where the street has confirmed it.
    pub confirmed: Option<PastRectification>,
}

/// A notice, what the company said, and what was found when it was asked again.
#[derive(Debug, Clone)]
pub struct PastRectification {
    pub notice: String,
    pub notified_at: Ts,
    pub due_on: NaiveDate,
    pub report: String,
    pub reported_at: Ts,
    pub recheck: SurveyRoundId,
    pub recheck_outcome: SurveyOutcome,
    pub concluded_at: Ts,
}

/// The system, at a moment of the past.
fn at(moment: Ts) -> By {
    By { actor: None, at: moment, today: date_in_shanghai(moment) }
}

fn event(entity: &'static str, id: &impl ToString, area: &str, (seq, name, when): (i32, &'static str, Ts)) -> Event {
    at(when).event(entity, id.to_string(), seq, name, area, json!({}))
}

pub fn form(c: &mut Conn, past: &PastForm) -> Result<()> {
    let row = FormRow {
        id: past.id,
        area_code: past.area_code.clone(),
        code: past.code.clone(),
        number: 1,
        kind: past.kind,
        title: past.title.clone(),
        questions: Json(json!(past.questions)),
        frozen_at: past.frozen_at,
        version: 1 + i32::from(past.frozen_at.is_some()),
        created_at: past.made_at,
        updated_at: past.frozen_at.unwrap_or(past.made_at),
    };
    let steps = [Some(("survey_form.made", past.made_at)), past.frozen_at.map(|when| ("survey_form.frozen", when))];
    let events = steps.into_iter().flatten().zip(1..);
    let events = events.map(|((name, when), seq)| event(forms::ENTITY, &row.id, &row.area_code, (seq, name, when)));
    history::take_over(c, &history::chained(events.collect()))?;
    insert!(c, survey_forms, [&row]);
    Ok(())
}

/// Rounds that have all used one form; what was found of each, in their order.
pub fn take_over(c: &mut Conn, form: &PastForm, past: &[PastRound]) -> Result<Vec<Option<SurveyOutcome>>> {
    let (mut rows, mut answers, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for round in past {
        let given = answers_of(form, round);
        let row = row_of(form, round, &given)?;
        answers.extend(stored(round.id, given, answers.len()));
        events.extend(history_of(&row));
        rows.push(row);
    }
    insert!(c, survey_rounds, rows.iter().collect::<Vec<_>>());
    insert!(c, survey_answers, answers.iter().collect::<Vec<_>>());
    history::take_over(c, &events)?;
    Ok(rows.into_iter().map(|row| row.outcome).collect())
}

fn answers_of(form: &PastForm, round: &PastRound) -> Vec<Answer> {
    let answer = |alike: &PastAnswers| {
        let marks = form.questions.iter().zip(&alike.marks);
        let answers: serde_json::Map<String, Value> =
            marks.map(|(question, mark)| (question.code.clone(), json!(mark))).collect();
        let one = Answer {
            party: alike.party,
            stratum: alike.stratum.clone(),
            channel: alike.channel,
            answers: Value::Object(answers),
        };
        std::iter::repeat_n(one, alike.count)
    };
    round.answers.iter().flat_map(answer).collect()
}

/// With ids that are the same in every load; as scattered as those that are drawn, they tell as little.
fn stored(round: SurveyRoundId, given: Vec<Answer>, before: usize) -> impl Iterator<Item = AnswerRow> {
    given.into_iter().zip(before..).map(move |(answer, number)| {
        let Answer { party, stratum, channel, answers } = answer;
        let print = fingerprint(format!("{round}/{number}").as_bytes());
        let bytes: [u8; 16] = std::array::from_fn(|at| print.as_bytes().get(at).copied().unwrap_or_default());
        let id = AnswerId(Builder::from_random_bytes(bytes).into_uuid());
        AnswerRow { round_id: round, id, party, stratum, channel, answers: Json(answers) }
    })
}

fn row_of(form: &PastForm, round: &PastRound, given: &[Answer]) -> Result<RoundRow> {
    let rules = SurveyRules::default();
    let asked = Asked {
        kind: form.kind,
        respondents: round.respondents,
        questions: &form.questions,
        rules: &rules,
        strata: &round.strata,
        households: round.households,
    };
    let found = result(&asked, given);
    let enough = found.outcome != SurveyOutcome::Insufficient;
    let drafted = round.opens_at.plus(-Duration::days(7));
    let computed = round.closes_at.plus(Duration::days(1));
    let finalised = enough.then(|| round.closes_at.plus(Duration::days(10)));
    let frame = Frame { households: round.households, strata: round.strata.clone() };
    let row = RoundRow {
        id: round.id,
        form_id: form.id,
        kind: form.kind,
        area_code: round.area_code.clone(),
        compound_id: round.compound,
        company_id: round.company,
        respondents: round.respondents,
        title: round.title.clone(),
        opens_at: round.opens_at,
        closes_at: round.closes_at,
        status: if enough { SurveyStatus::Final } else { SurveyStatus::Invalid },
        terms: Some(Json(json!(rules))),
        frame: Some(Json(json!(frame))),
        recheck_of: round.recheck_of,
        computed_at: Some(computed),
        finalised_at: finalised,
        version: if enough { 7 } else { 5 },
        updated_at: finalised.unwrap_or(computed),
        ..blank(&at(drafted))
    };
    with_result(row, &found)
}

fn history_of(row: &RoundRow) -> Vec<EventRow> {
    let drafted = row.created_at;
    let computed = row.computed_at.unwrap_or(row.closes_at);
    let counted = if row.finalised_at.is_some() { "survey_round.computed" } else { "survey_round.insufficient" };
    let mut steps = vec![
        ("survey_round.drafted", drafted),
        ("survey_round.published", drafted.plus(Duration::days(1))),
        ("survey_round.opened", row.opens_at),
        ("survey_round.closed", row.closes_at),
        (counted, computed),
    ];
    if let Some(finalised) = row.finalised_at {
        steps.push(("survey_round.publicised", computed.plus(Duration::days(1))));
        steps.push(("survey_round.finalised", finalised));
    }
    let events = steps.into_iter().zip(1..);
    let events = events.map(|((name, when), seq)| event(rounds::ENTITY, &row.id, &row.area_code, (seq, name, when)));
    history::chained(events.collect())
}

/// A round that is published, and open while its window runs.
pub fn publish(c: &mut Conn, form: &PastForm, round: &PastRound) -> Result<()> {
    let drafted = round.opens_at.plus(-Duration::days(7));
    let frame = Frame { households: round.households, strata: round.strata.clone() };
    let row = RoundRow {
        id: round.id,
        form_id: form.id,
        kind: form.kind,
        area_code: round.area_code.clone(),
        compound_id: round.compound,
        company_id: round.company,
        respondents: round.respondents,
        title: round.title.clone(),
        opens_at: round.opens_at,
        closes_at: round.closes_at,
        status: SurveyStatus::Published,
        terms: Some(Json(json!(SurveyRules::default()))),
        frame: Some(Json(json!(frame))),
        version: 2,
        ..blank(&at(drafted))
    };
    let steps = [("survey_round.drafted", 1, drafted), ("survey_round.published", 2, drafted)];
    let events = steps.map(|(name, seq, when)| event(rounds::ENTITY, &row.id, &row.area_code, (seq, name, when)));
    insert!(c, survey_rounds, [&row]);
    history::take_over(c, &history::chained(events.to_vec()))
}

pub fn consequence(c: &mut Conn, past: &PastConsequence) -> Result<()> {
    let mut row = proposed(past);
    let mut steps = vec![("survey_consequence.proposed", past.proposed_at)];
    if let Some(done) = &past.confirmed {
        let status = concluded(done.recheck_outcome);
        let last = match status {
            SurveyConsequenceStatus::Passed => "survey_consequence.passed",
            _ => "survey_consequence.motion_eligible",
        };
        steps.extend([
            ("survey_consequence.notified", done.notified_at),
            ("survey_consequence.reported", done.reported_at),
            ("survey_consequence.recheck_begun", done.reported_at),
            ("survey_consequence.rechecked", done.concluded_at),
            (last, done.concluded_at),
        ]);
        row = ConsequenceRow {
            status,
            notice_hash: Some(fingerprint(done.notice.as_bytes())),
            notice: Some(done.notice.clone()),
            notified_on: Some(date_in_shanghai(done.notified_at)),
            due_on: Some(done.due_on),
            report: Some(done.report.clone()),
            reported_at: Some(done.reported_at),
            recheck_round_id: Some(done.recheck),
            recheck_outcome: Some(done.recheck_outcome),
            note: Some("复测结论属实".to_owned()),
            version: 6,
            updated_at: done.concluded_at,
            ..row
        };
    }
    let events = steps
        .into_iter()
        .zip(1..)
        .map(|((name, when), seq)| event(consequences::ENTITY, &row.id, &row.area_code, (seq, name, when)));
    history::take_over(c, &history::chained(events.collect()))?;
    insert!(c, survey_consequences, [&row]);
    Ok(())
}

fn proposed(past: &PastConsequence) -> ConsequenceRow {
    ConsequenceRow {
        id: past.id,
        round_id: past.round,
        area_code: past.area_code.clone(),
        compound_id: past.compound,
        company_id: past.company,
        status: SurveyConsequenceStatus::Proposed,
        proposed_by: None,
        notice: None,
        notice_hash: None,
        notice_id: None,
        notified_on: None,
        due_on: None,
        report: None,
        reported_at: None,
        recheck_round_id: None,
        recheck_outcome: None,
        confirmed_by: None,
        concluded_by: None,
        note: None,
        version: 1,
        created_at: past.proposed_at,
        updated_at: past.proposed_at,
    }
}
