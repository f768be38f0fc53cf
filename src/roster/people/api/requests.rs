use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use crate::people::dto::{DataAnswerIn, DataRequestId, DataRequestOut, DataRequestPage, DataRequestQuery};
use crate::people::store::{By, after_id, requests as store};
use crate::people::{DataRequestsAnswer, DataRequestsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_data_requests))
        .service(handler!(get_data_request))
        .service(handler!(answer_data_request));
}

/// 个人信息请求列表 · Requests to copy, correct or delete, oldest first
#[utoipa::path(get, path = "/data-requests", tag = "people", security(("bearer" = ["data_requests:read"])),
    params(PageParams, DataRequestQuery),
    responses((status = 200, description = "一页请求 · One page", body = DataRequestPage)))]
pub async fn list_data_requests(
    who: Actor<DataRequestsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<DataRequestQuery>,
) -> Result<DataRequestPage> {
    let visible = who.visible().narrow(filter.area.as_ref())?;
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref())?.map(DataRequestId);
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(DataRequestPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 个人信息请求详情 · One request
#[utoipa::path(get, path = "/data-requests/{id}", tag = "people", security(("bearer" = ["data_requests:read"])),
    params(("id" = DataRequestId, Path)),
    responses((status = 200, description = "请求 · The request", body = DataRequestOut)))]
pub async fn get_data_request(
    who: Actor<DataRequestsRead>,
    app: Data<App>,
    id: Path<DataRequestId>,
) -> Result<Versioned<DataRequestOut>> {
    let row = app.db.glance(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 答复个人信息请求 · Answer a request with a reason; granting a deletion erases the record
///
/// 自提出之日起十五日内答复。同意删除时,姓名、电话及其他信息即行清除;仍为业主的,名册依法保留,应说明理由予以拒绝。
/// Due fifteen days after it was made. A granted deletion clears name, phone and all else at once; while somebody owns,
/// the register of owners is kept by law, and the refusal says so.
#[utoipa::path(post, path = "/data-requests/{id}/answer", tag = "people",
    security(("bearer" = ["data_requests:answer"])), request_body = DataAnswerIn,
    params(("id" = DataRequestId, Path), IfMatch, Once),
    responses((status = 200, description = "已答复 · Answered", body = DataRequestOut)))]
pub async fn answer_data_request(
    who: Actor<DataRequestsAnswer>,
    app: Data<App>,
    id: Path<DataRequestId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<DataAnswerIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        version.check(row.version)?;
        let row = store::answer(c, &row, &body, &by)?;
        Ok(Versioned::ok(row.version, DataRequestOut::from(row)))
    })
    .await
}
