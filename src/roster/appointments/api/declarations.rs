use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};

use crate::appointments::dto::{
    DeclarationEndIn, DeclarationId, DeclarationIn, DeclarationOut, DeclarationPage, DeclarationQuery,
};
use crate::appointments::store::{By, declarations as store};
use crate::appointments::{InterestsRead, InterestsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_interests))
        .service(handler!(declare_interest))
        .service(handler!(get_interest))
        .service(handler!(end_interest));
}

/// 利害关系申报列表 · Declared interests, oldest first
#[utoipa::path(get, path = "/interest-declarations", tag = "appointments", security(("bearer" = ["interests:read"])),
    params(PageParams, DeclarationQuery),
    responses((status = 200, description = "一页申报 · One page", body = DeclarationPage)))]
pub async fn list_interests(
    who: Actor<InterestsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<DeclarationQuery>,
) -> Result<DeclarationPage> {
    let (visible, asked) = (who.visible(), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = asked.after.as_deref().map(str::parse).transpose().map_err(Error::internal)?.map(DeclarationId);
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(DeclarationPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 申报利害关系 · Declare what somebody has to do with a company or its supplier
#[utoipa::path(post, path = "/interest-declarations", tag = "appointments", security(("bearer" = ["interests:write"])),
    request_body = DeclarationIn,
    responses((status = 201, description = "已申报 · Declared", body = DeclarationOut)))]
pub async fn declare_interest(
    who: Actor<InterestsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<DeclarationIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::insert(c, &who.visible(), &body, &by)?;
        Ok(Versioned::created(format!("/v1/interest-declarations/{}", row.id), row.version, DeclarationOut::from(row)))
    })
    .await
}

/// 申报详情 · One declaration
#[utoipa::path(get, path = "/interest-declarations/{id}", tag = "appointments",
    security(("bearer" = ["interests:read"])), params(("id" = DeclarationId, Path)),
    responses((status = 200, description = "申报 · The declaration", body = DeclarationOut)))]
pub async fn get_interest(
    who: Actor<InterestsRead>,
    app: Data<App>,
    id: Path<DeclarationId>,
) -> Result<Versioned<DeclarationOut>> {
    let row = app.db.glance(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 解除申报 · End a declaration whose ground is gone
#[utoipa::path(post, path = "/interest-declarations/{id}/end", tag = "appointments",
    security(("bearer" = ["interests:write"])), request_body = DeclarationEndIn,
    params(("id" = DeclarationId, Path)),
    responses((status = 200, description = "已解除 · Ended", body = DeclarationOut)))]
pub async fn end_interest(
    who: Actor<InterestsWrite>,
    app: Data<App>,
    id: Path<DeclarationId>,
    once: Once,
    Valid(body): Valid<DeclarationEndIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        let row = store::end(c, &row, body.on, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, DeclarationOut::from(row)))
    })
    .await
}
