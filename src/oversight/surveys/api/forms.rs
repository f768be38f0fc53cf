//! Forms.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::history::By;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::surveys::dto::{
    SurveyFormId, SurveyFormIn, SurveyFormOut, SurveyFormPage, SurveyFormPatch, SurveyFormQuery, SurveyFormVersionIn,
};
use crate::surveys::store::{after_id, forms as store};
use crate::surveys::{SurveyFormsRead, SurveyFormsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_survey_forms))
        .service(handler!(create_survey_form))
        .service(handler!(get_survey_form))
        .service(handler!(update_survey_form))
        .service(handler!(create_survey_form_version));
}

/// 问卷列表 · Forms of one's area and of those above it, oldest first
#[utoipa::path(get, path = "/survey-forms", tag = "surveys", security(("bearer" = ["survey_forms:read"])),
    params(PageParams, SurveyFormQuery),
    responses((status = 200, description = "一页问卷 · One page", body = SurveyFormPage)))]
pub async fn list_survey_forms(
    who: Actor<SurveyFormsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<SurveyFormQuery>,
) -> Result<SurveyFormPage> {
    let (visible, asked) = (who.visible(), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), SurveyFormId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let rows = rows.into_iter().map(SurveyFormOut::of).collect::<Result<Vec<_>>>()?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(SurveyFormPage::of(page.cut(rows, |form| form.id.to_string()), total))
}

/// 编制问卷 · Make the first version of a form
#[utoipa::path(post, path = "/survey-forms", tag = "surveys", security(("bearer" = ["survey_forms:write"])),
    request_body = SurveyFormIn,
    responses((status = 201, description = "已编制 · Made", body = SurveyFormOut)))]
pub async fn create_survey_form(
    who: Actor<SurveyFormsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<SurveyFormIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        let row = store::insert(c, &body, &by)?;
        Ok(Versioned::created(format!("/v1/survey-forms/{}", row.id), row.version, SurveyFormOut::of(row)?))
    })
    .await
}

/// 问卷详情 · One version of a form
#[utoipa::path(get, path = "/survey-forms/{id}", tag = "surveys", security(("bearer" = ["survey_forms:read"])),
    params(("id" = SurveyFormId, Path)),
    responses((status = 200, description = "问卷 · The form", body = SurveyFormOut)))]
pub async fn get_survey_form(
    who: Actor<SurveyFormsRead>,
    app: Data<App>,
    id: Path<SurveyFormId>,
) -> Result<Versioned<SurveyFormOut>> {
    let row = app.db.read(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, SurveyFormOut::of(row)?))
}

/// 修改问卷 · Change a version that nobody has answered
#[utoipa::path(patch, path = "/survey-forms/{id}", tag = "surveys", security(("bearer" = ["survey_forms:write"])),
    request_body = SurveyFormPatch,
    params(("id" = SurveyFormId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = SurveyFormOut)))]
pub async fn update_survey_form(
    who: Actor<SurveyFormsWrite>,
    app: Data<App>,
    id: Path<SurveyFormId>,
    version: IfMatch,
    Valid(body): Valid<SurveyFormPatch>,
) -> Result<Versioned<SurveyFormOut>> {
    let by = By::new(&app, who.id());
    let row = app
        .db
        .write(move |c| {
            let row = store::get(c, *id)?;
            who.visible().check(&row.area_code)?;
            version.check(row.version)?;
            store::update(c, &row, &body, &by)
        })
        .await?;
    Ok(Versioned::ok(row.version, SurveyFormOut::of(row)?))
}

/// 另立新版 · Make the next version of a form, which may be changed until it is answered
#[utoipa::path(post, path = "/survey-forms/{id}/versions", tag = "surveys",
    security(("bearer" = ["survey_forms:write"])), request_body = SurveyFormVersionIn,
    params(("id" = SurveyFormId, Path)),
    responses((status = 201, description = "已另立 · Made", body = SurveyFormOut)))]
pub async fn create_survey_form_version(
    who: Actor<SurveyFormsWrite>,
    app: Data<App>,
    id: Path<SurveyFormId>,
    once: Once,
    Valid(body): Valid<SurveyFormVersionIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let of = store::get(c, *id)?;
        who.visible().check(&of.area_code)?;
        let row = store::insert_next(c, &of, &body, &by)?;
        Ok(Versioned::created(format!("/v1/survey-forms/{}", row.id), row.version, SurveyFormOut::of(row)?))
    })
    .await
}
