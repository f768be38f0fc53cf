//! Rounds: drafted, looked up, listed.

use diesel::prelude::*;
use platform::auth::AreaCode;
use platform::db::{Backend, Conn, Range, Ts};
use platform::history::{record, record_first};
use platform::{Error, Result, in_ranges};
use serde_json::{Value, json};

use super::rows::RoundRow;
use super::sight::Sight;
use super::{By, forms, frame, no_longer};
use crate::schema::survey_rounds as rounds;
use crate::surveys::dto::{
    SurveyKind, SurveyRespondents, SurveyRoundId, SurveyRoundIn, SurveyRoundPatch, SurveyRoundQuery, SurveyStatus,
};
use crate::surveys::rules::params::{ROUNDS, SurveyRules};
use crate::surveys::rules::states::{check_window, is_draft};
use crate::surveys::rules::{FORM_UNKNOWN, THREE_PARTY};

/// The entity of a round's events.
pub const ENTITY: &str = "survey_round";

/// The rules of a place today, and which version says so.
pub fn rules_at(c: &mut Conn, area: &str, by: &By) -> Result<(Option<platform::rule_sets::RuleSetId>, SurveyRules)> {
    let area: AreaCode = area.parse().map_err(|e: String| Error::internal(e))?;
    platform::rule_sets::in_force(c, &[&ROUNDS], &area, by.today)?.get(&ROUNDS)
}

/// Drafts a round; the caller has looked whether its place is their own.
pub fn insert(c: &mut Conn, new: &SurveyRoundIn, by: &By) -> Result<RoundRow> {
    let unknown = || FORM_UNKNOWN.at("/form_id");
    let form = forms::get(c, new.form_id).map_err(|_| unknown())?;
    if !new.area_code.as_str().starts_with(&form.area_code) {
        return Err(unknown());
    }
    if form.kind != SurveyKind::Satisfaction && new.respondents == SurveyRespondents::ThreeParty {
        return Err(THREE_PARTY.at("/respondents"));
    }
    let object = frame::object(c, &new.area_code, form.kind, by.today)?;
    let (_, rules) = rules_at(c, new.area_code.as_str(), by)?;
    check_window(new.opens_at, new.closes_at, rules.window_days, by.at)?;
    let row = RoundRow {
        id: SurveyRoundId::fresh(),
        form_id: form.id,
        kind: form.kind,
        area_code: new.area_code.to_string(),
        compound_id: object.compound,
        contract_id: object.contract,
        company_id: object.company,
        respondents: new.respondents,
        title: new.title.clone(),
        opens_at: new.opens_at,
        closes_at: new.closes_at,
        ..blank(by)
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

/// A draft of this moment that asks nobody anything yet.
pub fn blank(by: &By) -> RoundRow {
    RoundRow {
        id: SurveyRoundId::fresh(),
        form_id: crate::surveys::dto::SurveyFormId(uuid::Uuid::nil()),
        kind: SurveyKind::Satisfaction,
        area_code: String::new(),
        compound_id: None,
        contract_id: None,
        company_id: None,
        respondents: SurveyRespondents::Owners,
        title: String::new(),
        opens_at: by.at,
        closes_at: by.at,
        status: SurveyStatus::Draft,
        status_reason: None,
        terms: None,
        rule_set_id: None,
        frame: None,
        recheck_of: None,
        n: None,
        score_bp: None,
        outcome: None,
        result: None,
        result_hash: None,
        computed_at: None,
        publicity_id: None,
        finalised_at: None,
        finalised_by: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

pub fn insert_row(c: &mut Conn, row: &RoundRow, by: &By) -> Result<()> {
    diesel::insert_into(rounds::table).values(row).execute(c)?;
    let data = json!({ "form_id": row.form_id, "kind": row.kind, "respondents": row.respondents,
        "company_id": row.company_id, "opens_at": row.opens_at, "closes_at": row.closes_at,
        "recheck_of": row.recheck_of });
    record_first(c, by.event(ENTITY, row.id, 1, "survey_round.drafted", &row.area_code, data))
}

/// Changes a draft.
pub fn update(c: &mut Conn, row: &RoundRow, patch: &SurveyRoundPatch, by: &By) -> Result<RoundRow> {
    is_draft(row.status)?;
    let SurveyRoundPatch { title, opens_at, closes_at } = patch.clone();
    let after = RoundRow {
        title: title.unwrap_or_else(|| row.title.clone()),
        opens_at: opens_at.unwrap_or(row.opens_at),
        closes_at: closes_at.unwrap_or(row.closes_at),
        ..row.clone()
    };
    let (_, rules) = rules_at(c, &row.area_code, by)?;
    check_window(after.opens_at, after.closes_at, rules.window_days, by.at)?;
    let data = json!({ "opens_at": after.opens_at, "closes_at": after.closes_at });
    save(c, row, after, "survey_round.changed", data, by)
}

/// Writes a step of a round down.
pub fn save(
    c: &mut Conn,
    before: &RoundRow,
    mut after: RoundRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<RoundRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = rounds::table.filter(rounds::id.eq(before.id).and(rounds::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

/// Rounds, the newest first.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (before, fetch): (Option<SurveyRoundId>, i64),
    filter: &SurveyRoundQuery,
    now: Ts,
) -> Result<Vec<RoundRow>> {
    let mut query = filtered(sight, filter, now);
    if let Some(before) = before {
        query = query.filter(rounds::id.lt(before));
    }
    Ok(query.order(rounds::id.desc()).limit(fetch).select(RoundRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &SurveyRoundQuery, now: Ts) -> Result<i64> {
    Ok(filtered(sight, filter, now).count().get_result(c)?)
}

fn filtered(sight: &Sight, filter: &SurveyRoundQuery, now: Ts) -> rounds::BoxedQuery<'static, Backend> {
    let mut query = rounds::table.into_boxed::<Backend>().filter(sight.seen());
    if let Some(area) = &filter.area {
        query = query.filter(in_ranges!([Range::under(area.as_str())], rounds::area_code));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(rounds::kind.eq(kind));
    }
    if let Some(compound) = filter.compound_id {
        query = query.filter(rounds::compound_id.eq(compound));
    }
    if let Some(company) = filter.company_id {
        query = query.filter(rounds::company_id.eq(company));
    }
    if let Some(outcome) = filter.outcome {
        // What is not told yet is not found by it either.
        let told = [SurveyStatus::Publicised, SurveyStatus::Final, SurveyStatus::Invalid];
        let overseen = in_ranges!(sight.overseen(None).ranges(), rounds::area_code);
        query = query.filter(rounds::outcome.eq(outcome)).filter(overseen.or(rounds::status.eq_any(told)));
    }
    match filter.status {
        Some(status) => standing(query, status, now),
        None => query,
    }
}

/// Those that stand in a state, as the clock has left them.
fn standing(
    query: rounds::BoxedQuery<'static, Backend>,
    status: SurveyStatus,
    now: Ts,
) -> rounds::BoxedQuery<'static, Backend> {
    let timed = rounds::status.eq_any([SurveyStatus::Published, SurveyStatus::Open]);
    match status {
        SurveyStatus::Published => {
            query.filter(rounds::status.eq(SurveyStatus::Published)).filter(rounds::opens_at.gt(now))
        }
        SurveyStatus::Open => query.filter(timed).filter(rounds::opens_at.le(now)).filter(rounds::closes_at.gt(now)),
        SurveyStatus::Closed => {
            query.filter(rounds::status.eq(SurveyStatus::Closed).or(timed.and(rounds::closes_at.le(now))))
        }
        other => query.filter(rounds::status.eq(other)),
    }
}

/// Rounds that are open now at a place around one of these.
pub fn open_around(c: &mut Conn, homes: &[AreaCode], now: Ts) -> Result<Vec<RoundRow>> {
    const MOST: i64 = 50;
    let around: Vec<String> = AreaCode::all_and_above(homes).into_iter().map(str::to_owned).collect();
    let query = rounds::table.into_boxed::<Backend>().filter(rounds::area_code.eq_any(around));
    let open = standing(query, SurveyStatus::Open, now);
    Ok(open.order(rounds::id.desc()).limit(MOST).select(RoundRow::as_select()).load(c)?)
}

/// Rounds that are open now at a place below one of these.
pub fn open_below<'a>(c: &mut Conn, areas: impl Iterator<Item = &'a str>, now: Ts) -> Result<Vec<RoundRow>> {
    const MOST: i64 = 200;
    let inside = in_ranges!(areas.map(Range::under), rounds::area_code);
    let query = rounds::table.into_boxed::<Backend>().filter(inside);
    let open = standing(query, SurveyStatus::Open, now);
    Ok(open.order(rounds::id.desc()).limit(MOST).select(RoundRow::as_select()).load(c)?)
}
