use actix_web::web::Data;
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::meetings::dto::ActionOut;
use crate::meetings::dto::{
    ItemReasonIn, MeetingId, ResolutionDecisionIn, ResolutionId, ResolutionIn, ResolutionOut, ResolutionPage,
    ResolutionQuery, ReviewIn, SettlementIn, SupersedeIn,
};
use crate::meetings::rules::NOT_CONVENER;
use crate::meetings::store::resolutions::{self as store, ResolutionRow};
use crate::meetings::store::sight::{self, Sight};
use crate::meetings::store::{By, actions};
use crate::meetings::{ActionsVerify, MeetingsConvene, ResolutionsRead, ResolutionsRevoke, after_id};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_resolutions))
        .service(handler!(propose_resolution))
        .service(handler!(get_resolution))
        .service(handler!(decide_resolution))
        .service(handler!(put_resolution_in_force))
        .service(handler!(complete_resolution))
        .service(handler!(review_resolution))
        .service(handler!(supersede_resolution))
        .service(handler!(revoke_resolution))
        .service(handler!(settle_case_by_resolution));
}

/// A resolution as it stands after a step, with its action items.
fn answered(c: &mut Conn, id: ResolutionId, by: &By) -> Result<Versioned<ResolutionOut>> {
    let row = store::get(c, id)?;
    let version = row.version;
    Ok(Versioned::ok(version, whole(c, vec![row], by.today)?.remove(0)))
}

/// Resolutions with their action items, in one more statement.
fn whole(c: &mut Conn, rows: Vec<ResolutionRow>, today: chrono::NaiveDate) -> Result<Vec<ResolutionOut>> {
    let ids: Vec<ResolutionId> = rows.iter().map(|row| row.id).collect();
    let mut of = actions::of_resolutions(c, &ids)?;
    let told = |row: ResolutionRow| {
        let items = of.remove(&row.id).unwrap_or_default();
        ResolutionOut::of(row, items.into_iter().map(|item| ActionOut::of(item, today)).collect())
    };
    Ok(rows.into_iter().map(told).collect())
}

/// A resolution of a meeting that the caller convenes.
pub(super) fn convened(c: &mut Conn, sight: &Sight, id: ResolutionId) -> Result<ResolutionRow> {
    let row = store::find(c, sight, id)?;
    let meeting = sight::get(c, row.meeting_id)?;
    if sight.convenes(&meeting) { Ok(row) } else { Err((&NOT_CONVENER).into()) }
}

/// 决议列表 · Resolutions of the meetings that the caller sees, the latest first, each with its action items
#[utoipa::path(get, path = "/resolutions", tag = "resolutions", security(("bearer" = ["resolutions:read"])),
    params(PageParams, ResolutionQuery),
    responses((status = 200, description = "一页决议 · One page", body = ResolutionPage)))]
pub async fn list_resolutions(
    who: Actor<ResolutionsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<ResolutionQuery>,
) -> Result<ResolutionPage> {
    let (asked, today) = (page.clone(), app.clock.today());
    let sight = Sight::of(&who, today);
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), ResolutionId)?;
            let rows = store::list(c, &sight, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &sight, &filter)?) } else { None };
            Ok((whole(c, rows, today)?, total))
        })
        .await?;
    Ok(ResolutionPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 提出决议 · Propose a resolution on an item of the agenda, until the minutes are published
#[utoipa::path(post, path = "/meetings/{id}/resolutions", tag = "resolutions",
    security(("bearer" = ["meetings:convene"])), request_body = ResolutionIn,
    params(("id" = MeetingId, Path)),
    responses((status = 201, description = "已提出 · Proposed", body = ResolutionOut)))]
pub async fn propose_resolution(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<MeetingId>,
    once: Once,
    Valid(body): Valid<ResolutionIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let meeting = sight::find_convened(c, &Sight::of(&who, by.today), *id)?;
        let row = store::propose(c, &meeting, &body, &by)?;
        Ok(Versioned::created(format!("/v1/resolutions/{}", row.id), row.version, ResolutionOut::of(row, Vec::new())))
    })
    .await
}

/// 决议详情 · One resolution with its action items
#[utoipa::path(get, path = "/resolutions/{id}", tag = "resolutions", security(("bearer" = ["resolutions:read"])),
    params(("id" = ResolutionId, Path)),
    responses((status = 200, description = "决议 · The resolution", body = ResolutionOut)))]
pub async fn get_resolution(
    who: Actor<ResolutionsRead>,
    app: Data<App>,
    id: Path<ResolutionId>,
) -> Result<Versioned<ResolutionOut>> {
    let by = By::new(&app, who.id());
    app.db
        .read(move |c| {
            let row = store::find(c, &Sight::of(&who, by.today), *id)?;
            answered(c, row.id, &by)
        })
        .await
}

/// 作出决定 · Write down how it was decided, once the meeting has closed: adopted as its method asks, rejected or deferred
#[utoipa::path(post, path = "/resolutions/{id}/decide", tag = "resolutions",
    security(("bearer" = ["meetings:convene"])), request_body = ResolutionDecisionIn,
    params(("id" = ResolutionId, Path), IfMatch, Once),
    responses((status = 200, description = "已决定 · Decided", body = ResolutionOut)))]
pub async fn decide_resolution(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<ResolutionId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ResolutionDecisionIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = convened(c, &Sight::of(&who, by.today), *id)?;
        version.check(row.version)?;
        store::decide(c, &row, &body, &by)?;
        answered(c, row.id, &by)
    })
    .await
}

/// 生效 · Put in force what waited; without the vote of the owners that it needs it is refused
#[utoipa::path(post, path = "/resolutions/{id}/take-effect", tag = "resolutions",
    security(("bearer" = ["meetings:convene"])),
    params(("id" = ResolutionId, Path), IfMatch, Once),
    responses((status = 200, description = "已生效 · In force", body = ResolutionOut)))]
pub async fn put_resolution_in_force(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<ResolutionId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = convened(c, &Sight::of(&who, by.today), *id)?;
        version.check(row.version)?;
        store::take_effect_now(c, &row, &by)?;
        answered(c, row.id, &by)
    })
    .await
}

/// 完成 · Complete a resolution that left nothing to do, or nothing that is not verified
#[utoipa::path(post, path = "/resolutions/{id}/complete", tag = "resolutions",
    security(("bearer" = ["meetings:convene"])),
    params(("id" = ResolutionId, Path), IfMatch, Once),
    responses((status = 200, description = "已完成 · Done", body = ResolutionOut)))]
pub async fn complete_resolution(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<ResolutionId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = convened(c, &Sight::of(&who, by.today), *id)?;
        version.check(row.version)?;
        store::complete(c, &row, &by)?;
        answered(c, row.id, &by)
    })
    .await
}

/// 依决议办结事件 · Finish the case that a resolution is about, once what it asked for is verified; the return visit is next
#[utoipa::path(post, path = "/resolutions/{id}/settle-case", tag = "resolutions",
    security(("bearer" = ["meetings:convene"])), request_body = SettlementIn,
    params(("id" = ResolutionId, Path), IfMatch, Once),
    responses((status = 200, description = "已办结 · Done", body = ResolutionOut)))]
pub async fn settle_case_by_resolution(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<ResolutionId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<SettlementIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = convened(c, &Sight::of(&who, by.today), *id)?;
        version.check(row.version)?;
        store::settle_case(c, &row, &body, &by)?;
        answered(c, row.id, &by)
    })
    .await
}

/// 取代 · Put another resolution in the place of this one
#[utoipa::path(post, path = "/resolutions/{id}/supersede", tag = "resolutions",
    security(("bearer" = ["meetings:convene"])), request_body = SupersedeIn,
    params(("id" = ResolutionId, Path), IfMatch, Once),
    responses((status = 200, description = "已取代 · Superseded", body = ResolutionOut)))]
pub async fn supersede_resolution(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<ResolutionId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<SupersedeIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = convened(c, &Sight::of(&who, by.today), *id)?;
        version.check(row.version)?;
        store::supersede(c, &row, body.by_resolution_id, &body.reason, &by)?;
        answered(c, row.id, &by)
    })
    .await
}

/// A resolution of an area that the caller's scope reaches.
fn overseen<S: platform::auth::Scope>(
    c: &mut Conn,
    who: &Actor<S>,
    id: ResolutionId,
    by: &By,
) -> Result<ResolutionRow> {
    let row = store::find(c, &Sight::of(who, by.today), id)?;
    who.visible().check(&row.area_code)?;
    Ok(row)
}

/// 评议 · Say whether what was done satisfies; otherwise it goes on
#[utoipa::path(post, path = "/resolutions/{id}/review", tag = "resolutions",
    security(("bearer" = ["actions:verify"])), request_body = ReviewIn,
    params(("id" = ResolutionId, Path), IfMatch, Once),
    responses((status = 200, description = "已评议 · Reviewed", body = ResolutionOut)))]
pub async fn review_resolution(
    who: Actor<ActionsVerify>,
    app: Data<App>,
    id: Path<ResolutionId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ReviewIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = overseen(c, &who, *id, &by)?;
        version.check(row.version)?;
        store::review(c, &row, body.satisfied, &body.note, &by)?;
        answered(c, row.id, &by)
    })
    .await
}

/// 撤销 · Revoke an unlawful resolution (物业管理条例 art. 19), by the street or the district
#[utoipa::path(post, path = "/resolutions/{id}/revoke", tag = "resolutions",
    security(("bearer" = ["resolutions:revoke"])), request_body = ItemReasonIn,
    params(("id" = ResolutionId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤销 · Revoked", body = ResolutionOut)))]
pub async fn revoke_resolution(
    who: Actor<ResolutionsRevoke>,
    app: Data<App>,
    id: Path<ResolutionId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ItemReasonIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = overseen(c, &who, *id, &by)?;
        version.check(row.version)?;
        store::revoke(c, &row, &body.reason, &by)?;
        answered(c, row.id, &by)
    })
    .await
}
