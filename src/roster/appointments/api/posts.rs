use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};

use super::{reaches, speaks_for, standing};
use crate::appointments::dto::{
    AppointmentEndReason, PostCloseIn, PostId, PostIn, PostOut, PostPage, PostQuery, VacancyPage, VacancyQuery,
};
use crate::appointments::store::{By, posts as store, queries};
use crate::appointments::{AppointmentsRead, PostsRead, PostsWrite, rules};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_posts))
        .service(handler!(create_post))
        .service(handler!(get_post))
        .service(handler!(close_post))
        .service(handler!(list_vacancies));
}

/// 岗位列表 · The seats of one's areas and of the bodies above them, oldest first
#[utoipa::path(get, path = "/posts", tag = "appointments", security(("bearer" = ["posts:read"])),
    params(PageParams, PostQuery),
    responses((status = 200, description = "一页岗位 · One page", body = PostPage)))]
pub async fn list_posts(
    who: Actor<PostsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<PostQuery>,
) -> Result<PostPage> {
    let (visible, asked) = (who.visible().to_compounds(), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = asked.after.as_deref().map(str::parse).transpose().map_err(Error::internal)?.map(PostId);
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(PostPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 设岗 · Open a seat of an organisation
#[utoipa::path(post, path = "/posts", tag = "appointments", security(("bearer" = ["posts:write"])),
    request_body = PostIn,
    responses((status = 201, description = "已设岗 · Opened", body = PostOut)))]
pub async fn create_post(
    who: Actor<PostsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<PostIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let mut grants = standing(c, &who, &by)?;
        let row = store::draft(c, &who.visible(), &body, &by)?;
        if !speaks_for(&who, row.organisation_id, &row.area_code) {
            return Err((&rules::NOT_YOUR_ORGANISATION).into());
        }
        grants.retain(|grant| reaches(grant, row.organisation_id, &row.area_code));
        let row = store::open(c, row, &grants, &by)?;
        Ok(Versioned::created(format!("/v1/posts/{}", row.id), row.version, PostOut::from(row)))
    })
    .await
}

/// 岗位详情 · One seat
#[utoipa::path(get, path = "/posts/{id}", tag = "appointments", security(("bearer" = ["posts:read"])),
    params(("id" = PostId, Path)),
    responses((status = 200, description = "岗位 · The seat", body = PostOut)))]
pub async fn get_post(who: Actor<PostsRead>, app: Data<App>, id: Path<PostId>) -> Result<Versioned<PostOut>> {
    let row = app.db.glance(move |c| store::find(c, &who.visible().to_compounds(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 撤岗 · Close a seat: whoever holds it leaves it the same day
#[utoipa::path(post, path = "/posts/{id}/close", tag = "appointments", security(("bearer" = ["posts:write"])),
    request_body = PostCloseIn,
    params(("id" = PostId, Path)),
    responses((status = 200, description = "已撤岗 · Closed", body = PostOut)))]
pub async fn close_post(
    who: Actor<PostsWrite>,
    app: Data<App>,
    id: Path<PostId>,
    once: Once,
    Valid(body): Valid<PostCloseIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        super::may_act_at(c, &who, *id)?;
        let row = store::get(c, *id)?;
        let row = store::close(c, &row, body.on, &body.reason, AppointmentEndReason::PostClosed, &by)?;
        Ok(Versioned::ok(row.version, PostOut::from(row)))
    })
    .await
}

/// 空缺岗位 · Seats that nobody holds, and for how long
#[utoipa::path(get, path = "/vacancies", tag = "appointments", security(("bearer" = ["appointments:read"])),
    params(PageParams, VacancyQuery),
    responses((status = 200, description = "一页空缺 · One page", body = VacancyPage)))]
pub async fn list_vacancies(
    who: Actor<AppointmentsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<VacancyQuery>,
) -> Result<VacancyPage> {
    let (visible, asked, today) = (who.visible(), page.clone(), app.clock.today());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = asked.after.as_deref().map(str::parse).transpose().map_err(Error::internal)?.map(PostId);
            let rows = queries::vacancies(c, &visible, (after, asked.fetch()), &filter, today)?;
            let total =
                if asked.with_total { Some(queries::count_vacancies(c, &visible, &filter, today)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(VacancyPage::of(page.cut(rows, |row| row.post_id.to_string()), total))
}
