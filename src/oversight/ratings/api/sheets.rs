//! 评分表.

use actix_web::web::Data;
use platform::auth::{Actor, Role, Scope, Visible};
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};
use registry::identity::AccountId;

use crate::ratings::dto::{
    RatingCampaignId, RatingProjectId, RatingSheetId, RatingSheetIn, RatingSheetOut, RatingSheetPage,
};
use crate::ratings::store::rows::SheetRow;
use crate::ratings::store::sheets::{self as store, Reader};
use crate::ratings::store::sight::Sight;
use crate::ratings::store::{By, after_id, campaigns, projects};
use crate::ratings::{RatingSheetsRead, RatingsScore};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_rating_sheets))
        .service(handler!(begin_rating_sheet))
        .service(handler!(get_rating_sheet))
        .service(handler!(update_rating_sheet))
        .service(handler!(submit_rating_sheet));
}

/// Who reads sheets whoever filled them in: all but the assessors among the scope's holders.
fn reader(who: &Actor<RatingSheetsRead>) -> Reader {
    let holds = |role: &Role| RatingSheetsRead::HOLDERS.include(*role) && *role != Role::Assessor;
    let overseers: Vec<Role> = Role::ALL.iter().copied().filter(holds).collect();
    let overseen: Visible = who.principal().visible_as(&overseers, RatingSheetsRead::NAME);
    Reader { overseen, account: AccountId(who.id()) }
}

fn whole(c: &mut Conn, row: SheetRow) -> Result<RatingSheetOut> {
    Ok(store::whole(c, row)?.into())
}

/// 评分表列表 · The sheets of a campaign; an assessor reads their own
#[utoipa::path(get, path = "/rating-campaigns/{id}/sheets", tag = "ratings",
    security(("bearer" = ["rating_sheets:read"])),
    params(("id" = RatingCampaignId, Path), PageParams),
    responses((status = 200, description = "一页评分表 · One page", body = RatingSheetPage)))]
pub async fn list_rating_sheets(
    who: Actor<RatingSheetsRead>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<RatingSheetPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let (campaign, reader) = (campaigns::find(c, &who.visible(), *id)?, reader(&who));
            let after = after_id(asked.after.as_deref(), RatingSheetId)?;
            let rows = store::list(c, &reader, campaign.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(store::count(c, &reader, campaign.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RatingSheetPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 开始评分 · Begin a sheet for a project that one is to score
#[utoipa::path(post, path = "/rating-projects/{id}/sheets", tag = "ratings", security(("bearer" = ["ratings:score"])),
    request_body = RatingSheetIn,
    params(("id" = RatingProjectId, Path), Once),
    responses((status = 201, description = "草稿 · A draft", body = RatingSheetOut)))]
pub async fn begin_rating_sheet(
    who: Actor<RatingsScore>,
    app: Data<App>,
    id: Path<RatingProjectId>,
    once: Once,
    Valid(body): Valid<RatingSheetIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (project, _) = projects::find(c, &Sight::of(who.principal()), *id)?;
        let row = store::begin(c, AccountId(who.id()), &project, &body.points, &by)?;
        let (path, version) = (format!("/v1/rating-sheets/{}", row.id), row.version);
        Ok(Versioned::created(path, version, whole(c, row)?))
    })
    .await
}

/// 评分表详情 · One sheet
#[utoipa::path(get, path = "/rating-sheets/{id}", tag = "ratings", security(("bearer" = ["rating_sheets:read"])),
    params(("id" = RatingSheetId, Path)),
    responses((status = 200, description = "评分表 · The sheet", body = RatingSheetOut)))]
pub async fn get_rating_sheet(
    who: Actor<RatingSheetsRead>,
    app: Data<App>,
    id: Path<RatingSheetId>,
) -> Result<Versioned<RatingSheetOut>> {
    app.db
        .read(move |c| {
            let row = store::find(c, &reader(&who), *id)?;
            Ok(Versioned::ok(row.version, whole(c, row)?))
        })
        .await
}

/// 修改评分表 · Put other points in the place of a draft's
#[utoipa::path(patch, path = "/rating-sheets/{id}", tag = "ratings", security(("bearer" = ["ratings:score"])),
    request_body = RatingSheetIn,
    params(("id" = RatingSheetId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = RatingSheetOut)))]
pub async fn update_rating_sheet(
    who: Actor<RatingsScore>,
    app: Data<App>,
    id: Path<RatingSheetId>,
    version: IfMatch,
    Valid(body): Valid<RatingSheetIn>,
) -> Result<Versioned<RatingSheetOut>> {
    let by = By::new(&app, who.id());
    app.db
        .write(move |c| {
            let row = store::find_own(c, AccountId(who.id()), *id)?;
            version.check(row.version)?;
            let row = store::update(c, &row, &body.points, &by)?;
            Ok(Versioned::ok(row.version, whole(c, row)?))
        })
        .await
}

/// 提交评分表 · Submit a sheet: every indicator is answered, and nothing is changed any more
#[utoipa::path(post, path = "/rating-sheets/{id}/submit", tag = "ratings", security(("bearer" = ["ratings:score"])),
    params(("id" = RatingSheetId, Path), IfMatch, Once),
    responses((status = 200, description = "已提交 · Submitted", body = RatingSheetOut)))]
pub async fn submit_rating_sheet(
    who: Actor<RatingsScore>,
    app: Data<App>,
    id: Path<RatingSheetId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_own(c, AccountId(who.id()), *id)?;
        version.check(row.version)?;
        let row = store::submit(c, &row, &by)?;
        Ok(Versioned::ok(row.version, whole(c, row)?))
    })
    .await
}
