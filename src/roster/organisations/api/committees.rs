use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Once, PageParams, Paged, Valid, Versioned, Whole};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use super::{after_id, roles_over};
use crate::organisations::dto::{CommitteeTermId, FilingIn, OrganisationId, TermIn, TermOut, TermPage, TermQuery};
use crate::organisations::rules::lifecycle;
use crate::organisations::store::{By, committees as store, organisations, reading};
use crate::organisations::{CommitteesFile, OrganisationsRead, OrganisationsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_committee_terms))
        .service(handler!(begin_committee_term))
        .service(handler!(get_committee_term))
        .service(handler!(file_committee_term));
}

/// 届期列表 · The terms of committees, oldest first; what runs out and what is not filed
#[utoipa::path(get, path = "/committee-terms", tag = "organisations", security(("bearer" = ["organisations:read"])),
    params(PageParams, TermQuery),
    responses((status = 200, description = "一页届期 · One page", body = TermPage)))]
pub async fn list_committee_terms(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<TermQuery>,
) -> Result<TermPage> {
    let visible = reading(&who.visible()).narrow(filter.area.as_ref())?;
    let (asked, today) = (page.clone(), app.clock.today());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), CommitteeTermId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter, today)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter, today)?) } else { None };
            Ok((rows.into_iter().map(|row| TermOut::of(row, today)).collect::<Vec<_>>(), total))
        })
        .await?;
    Ok(TermPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 换届 · Begin the next term of a committee; the one that runs ends with it
#[utoipa::path(post, path = "/organisations/{id}/terms", tag = "organisations",
    security(("bearer" = ["organisations:write"])), request_body = TermIn,
    params(("id" = OrganisationId, Path)),
    responses((status = 201, description = "已开始 · Begun", body = TermOut)))]
pub async fn begin_committee_term(
    who: Actor<OrganisationsWrite>,
    app: Data<App>,
    id: Path<OrganisationId>,
    once: Once,
    Valid(body): Valid<TermIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = organisations::find(c, &reading(&who.visible()), *id)?;
        who.visible().check(&row.area_code)?;
        lifecycle::may_register(&roles_over(&who, &row.area_code), row.kind, row.party_kind)?;
        let term = store::begin_next(c, &row, &body, &by)?;
        let path = format!("/v1/committee-terms/{}", term.id);
        Ok(Versioned::created(path, term.version, TermOut::of(term, by.today)))
    })
    .await
}

/// 届期详情 · One term of a committee
#[utoipa::path(get, path = "/committee-terms/{id}", tag = "organisations",
    security(("bearer" = ["organisations:read"])),
    params(("id" = CommitteeTermId, Path)),
    responses((status = 200, description = "届期 · The term", body = TermOut)))]
pub async fn get_committee_term(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    id: Path<CommitteeTermId>,
) -> Result<Whole<TermOut>> {
    let (visible, today) = (reading(&who.visible()), app.clock.today());
    let row = app.db.glance(move |c| store::find(c, &visible, *id)).await?;
    Ok(Whole { version: row.version, body: TermOut::of(row, today) })
}

/// 届期备案 · Put a term on file; a new committee takes office with it, and a late filing is flagged
#[utoipa::path(post, path = "/committee-terms/{id}/file", tag = "organisations",
    security(("bearer" = ["committees:file"])), request_body = FilingIn,
    params(("id" = CommitteeTermId, Path), IfMatch, Once),
    responses((status = 200, description = "已备案 · Filed", body = TermOut)))]
pub async fn file_committee_term(
    who: Actor<CommitteesFile>,
    app: Data<App>,
    id: Path<CommitteeTermId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<FilingIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        version.check(row.version)?;
        let row = store::file(c, &row, &body, &by)?;
        Ok(Versioned::ok(row.version, TermOut::of(row, by.today)))
    })
    .await
}
