use actix_web::web::Data;

use super::dto::{
    ObjectionIn, ObjectionOut, ObjectionPage, OutcomeIn, PublicityOut, PublicityPage, PublicityQuery, ReplyIn,
};
use super::store::{self, Of};
use super::{ObjectionId, ObjectionsAnswer, ObjectionsWrite, PublicitiesRead, PublicityId};
use crate::app::App;
use crate::auth::Actor;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::handler;
use crate::history::{ActorId, By};
use crate::http::{Answer, Mount, NoFilter, Once, PageParams, PageRequest, Paged, Path, Valid, Versioned};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_publicities))
        .service(handler!(get_publicity))
        .service(handler!(list_objections))
        .service(handler!(raise_objection))
        .service(handler!(reply_to_objection))
        .service(handler!(decide_objection))
        .service(handler!(list_my_objections));
}

/// 公示列表 · What is posted in one's area, oldest first
#[utoipa::path(get, path = "/publicities", tag = "publicity", security(("bearer" = ["publicities:read"])),
    params(PageParams, PublicityQuery),
    responses((status = 200, description = "一页公示 · One page", body = PublicityPage)))]
pub async fn list_publicities(
    who: Actor<PublicitiesRead>,
    app: Data<App>,
    Paged(filter, page): Paged<PublicityQuery>,
) -> Result<PublicityPage> {
    let (visible, asked) = (who.visible(), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = asked.after.as_deref().map(str::parse).transpose().map_err(Error::internal)?.map(PublicityId);
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(PublicityPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 公示详情 · One posting, as it was posted
#[utoipa::path(get, path = "/publicities/{id}", tag = "publicity", security(("bearer" = ["publicities:read"])),
    params(("id" = PublicityId, Path)),
    responses((status = 200, description = "公示 · The posting", body = PublicityOut)))]
pub async fn get_publicity(
    who: Actor<PublicitiesRead>,
    app: Data<App>,
    id: Path<PublicityId>,
) -> Result<Versioned<PublicityOut>> {
    let row = app.db.glance(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 提出异议 · Object to what is posted in one's area
#[utoipa::path(post, path = "/publicities/{id}/objections", tag = "publicity",
    security(("bearer" = ["objections:write"])), request_body = ObjectionIn,
    params(("id" = PublicityId, Path)),
    responses((status = 201, description = "已收到 · Received", body = ObjectionOut)))]
pub async fn raise_objection(
    who: Actor<ObjectionsWrite>,
    app: Data<App>,
    id: Path<PublicityId>,
    once: Once,
    Valid(body): Valid<ObjectionIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let publicity = store::find(c, &who.visible(), *id)?;
        let row = store::object(c, &publicity, &body.content, &by)?;
        Ok(Versioned::created("/v1/me/objections".to_owned(), row.version, ObjectionOut::from(row)))
    })
    .await
}

/// 异议列表 · The objections to one posting, oldest first
#[utoipa::path(get, path = "/publicities/{id}/objections", tag = "publicity",
    security(("bearer" = ["objections:answer"])),
    params(("id" = PublicityId, Path), PageParams),
    responses((status = 200, description = "一页异议 · One page", body = ObjectionPage)))]
pub async fn list_objections(
    who: Actor<ObjectionsAnswer>,
    app: Data<App>,
    id: Path<PublicityId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<ObjectionPage> {
    let (visible, asked) = (who.visible(), page.clone());
    let found = app
        .db
        .read(move |c| {
            // Objections name who raised them: for those who answer in the whole of the area only.
            let publicity = store::get(c, *id)?;
            visible.check(&publicity.area_code)?;
            objections(c, Of::Publicity(publicity.id), &asked)
        })
        .await?;
    Ok(answer(&page, found))
}

/// 本人异议 · One's own objections, with what was answered
#[utoipa::path(get, path = "/me/objections", tag = "publicity", security(("bearer" = ["objections:write"])),
    params(PageParams),
    responses((status = 200, description = "一页异议 · One page", body = ObjectionPage)))]
pub async fn list_my_objections(
    who: Actor<ObjectionsWrite>,
    app: Data<App>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<ObjectionPage> {
    let asked = page.clone();
    let found = app.db.read(move |c| objections(c, Of::Person(ActorId(who.id())), &asked)).await?;
    Ok(answer(&page, found))
}

type Found = (Vec<store::ObjectionRow>, Option<i64>);

fn objections(c: &mut Conn, of: Of, page: &PageRequest) -> Result<Found> {
    let after = page.after.as_deref().map(str::parse).transpose().map_err(Error::internal)?.map(ObjectionId);
    let rows = store::list_objections(c, of, (after, page.fetch()))?;
    let total = if page.with_total { Some(store::count_objections(c, of)?) } else { None };
    Ok((rows, total))
}

fn answer(page: &PageRequest, (rows, total): Found) -> ObjectionPage {
    ObjectionPage::of(page.cut(rows, |row| row.id.to_string()), total)
}

/// 答复异议 · Reply to an objection
#[utoipa::path(post, path = "/objections/{id}/reply", tag = "publicity", security(("bearer" = ["objections:answer"])),
    request_body = ReplyIn,
    params(("id" = ObjectionId, Path)),
    responses((status = 200, description = "已答复 · Replied", body = ObjectionOut)))]
pub async fn reply_to_objection(
    who: Actor<ObjectionsAnswer>,
    app: Data<App>,
    id: Path<ObjectionId>,
    once: Once,
    Valid(body): Valid<ReplyIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_objection(c, &who.visible(), *id)?;
        let row = store::reply(c, &row, &body.reply, &by)?;
        Ok(Versioned::ok(row.version, ObjectionOut::from(row)))
    })
    .await
}

/// 作出结论 · Decide an objection that has been replied to: upheld or rejected
#[utoipa::path(post, path = "/objections/{id}/decide", tag = "publicity", security(("bearer" = ["objections:answer"])),
    request_body = OutcomeIn,
    params(("id" = ObjectionId, Path)),
    responses((status = 200, description = "已有结论 · Decided", body = ObjectionOut)))]
pub async fn decide_objection(
    who: Actor<ObjectionsAnswer>,
    app: Data<App>,
    id: Path<ObjectionId>,
    once: Once,
    Valid(body): Valid<OutcomeIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_objection(c, &who.visible(), *id)?;
        let row = store::decide(c, &row, body.outcome.into(), &body.note, &by)?;
        Ok(Versioned::ok(row.version, ObjectionOut::from(row)))
    })
    .await
}
