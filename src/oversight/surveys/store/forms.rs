//! Forms and their versions.

use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Json};
use platform::error::OrConflict;
use platform::history::{record, record_first};
use platform::{Error, Result, in_ranges};
use serde_json::json;

use super::rows::FormRow;
use super::{By, no_longer};
use crate::schema::survey_forms as forms;
use crate::surveys::dto::{SurveyFormId, SurveyFormIn, SurveyFormPatch, SurveyFormQuery, SurveyFormVersionIn};
use crate::surveys::rules::forms::check_questions;
use crate::surveys::rules::{FORM_EXISTS, FORM_FROZEN};

/// The entity of a form's events.
pub const ENTITY: &str = "survey_form";

/// A form, whoever asks.
pub fn get(c: &mut Conn, id: SurveyFormId) -> Result<FormRow> {
    Ok(forms::table.find(id).select(FormRow::as_select()).first(c)?)
}

/// A form of the caller's area or of one above it: what is asked there is no secret.
pub fn find(c: &mut Conn, visible: &Visible, id: SurveyFormId) -> Result<FormRow> {
    let row = get(c, id)?;
    if visible.covers(&row.area_code) || visible.lies_in(&row.area_code) { Ok(row) } else { Err(Error::NotFound) }
}

/// Forms by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<SurveyFormId>, i64),
    filter: &SurveyFormQuery,
) -> Result<Vec<FormRow>> {
    let mut query = filtered(visible, filter)?;
    if let Some(after) = after {
        query = query.filter(forms::id.gt(after));
    }
    Ok(query.order(forms::id.asc()).limit(fetch).select(FormRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &SurveyFormQuery) -> Result<i64> {
    Ok(filtered(visible, filter)?.count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &SurveyFormQuery) -> Result<forms::BoxedQuery<'static, Backend>> {
    let asked = |code: &String| filter.area.as_ref().is_none_or(|area| area.covers(code));
    let above: Vec<String> = visible.above().into_iter().filter(asked).collect();
    let inside = match visible.narrow(filter.area.as_ref()) {
        Ok(narrowed) => narrowed,
        // Asked for an area above one's own: what lies above is seen, the rest is not.
        Err(_) if !above.is_empty() => Visible::of([]),
        Err(error) => return Err(error),
    };
    let seen = in_ranges!(inside.ranges(), forms::area_code).or(forms::area_code.eq_any(above));
    let mut query = forms::table.into_boxed::<Backend>().filter(seen);
    if let Some(kind) = filter.kind {
        query = query.filter(forms::kind.eq(kind));
    }
    if let Some(code) = &filter.code {
        query = query.filter(forms::code.eq(code.clone()));
    }
    Ok(query)
}

/// The first version of a form; the caller has looked whether its area is their own.
pub fn insert(c: &mut Conn, new: &SurveyFormIn, by: &By) -> Result<FormRow> {
    check_questions(new.kind, &new.questions)?;
    let row = FormRow {
        id: SurveyFormId::fresh(),
        area_code: new.area_code.to_string(),
        code: new.code.clone(),
        number: 1,
        kind: new.kind,
        title: new.title.clone(),
        questions: Json(json!(new.questions)),
        frozen_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

/// The version after the latest of the same code and place.
pub fn insert_next(c: &mut Conn, of: &FormRow, new: &SurveyFormVersionIn, by: &By) -> Result<FormRow> {
    check_questions(of.kind, &new.questions)?;
    let same = forms::area_code.eq(&of.area_code).and(forms::code.eq(&of.code));
    let latest: Option<i32> = forms::table.filter(same).select(diesel::dsl::max(forms::number)).first(c)?;
    let row = FormRow {
        id: SurveyFormId::fresh(),
        number: latest.unwrap_or(of.number) + 1,
        title: new.title.clone(),
        questions: Json(json!(new.questions)),
        frozen_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
        ..of.clone()
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &FormRow, by: &By) -> Result<()> {
    diesel::insert_into(forms::table).values(row).execute(c).or_conflict(&FORM_EXISTS)?;
    let data = json!({ "code": row.code, "number": row.number, "kind": row.kind, "questions": row.questions });
    record_first(c, by.event(ENTITY, row.id, 1, "survey_form.made", &row.area_code, data))
}

/// Changes a version that nobody has answered.
pub fn update(c: &mut Conn, row: &FormRow, patch: &SurveyFormPatch, by: &By) -> Result<FormRow> {
    if row.frozen_at.is_some() {
        return Err((&FORM_FROZEN).into());
    }
    if let Some(questions) = &patch.questions {
        check_questions(row.kind, questions)?;
    }
    let after = FormRow {
        title: patch.title.clone().unwrap_or_else(|| row.title.clone()),
        questions: patch.questions.as_ref().map_or_else(|| row.questions.clone(), |questions| Json(json!(questions))),
        ..row.clone()
    };
    save(c, row, after, "survey_form.changed", by)
}

/// 定版: with the first answer, and to the questions that it was checked against.
pub fn freeze(c: &mut Conn, row: &FormRow, by: &By) -> Result<()> {
    let after = FormRow { frozen_at: Some(by.at), ..row.clone() };
    let system = By { actor: None, ..*by };
    match save(c, row, after, "survey_form.frozen", &system) {
        // Somebody else's answer was the first; any other change asks this one to be checked anew.
        Err(Error::Stale { current }) => match get(c, row.id)? {
            now if now.frozen_at.is_some() && now.questions == row.questions => Ok(()),
            _ => Err(Error::Stale { current }),
        },
        saved => saved.map(drop),
    }
}

fn save(c: &mut Conn, before: &FormRow, mut after: FormRow, event: &'static str, by: &By) -> Result<FormRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = forms::table.filter(forms::id.eq(before.id).and(forms::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    let data = json!({ "title": after.title, "questions": after.questions });
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}
