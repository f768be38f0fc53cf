//! 公布值: recorded once, read by whoever reads statistics.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::history::By;
use platform::http::{Answer, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::statistics::dto::{
    ReportedFigureId, ReportedFigureIn, ReportedFigureOut, ReportedFigurePage, ReportedFigureQuery,
};
use crate::statistics::store::{after_id, reported as store};
use crate::statistics::{ReportedFiguresRecord, StatisticsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(record_reported_figure))
        .service(handler!(list_reported_figures))
        .service(handler!(get_reported_figure));
}

/// 登记公布值 · Record what was published of an area, with its source; a correction is another record
#[utoipa::path(post, path = "/reported-figures", tag = "statistics", security(("bearer" = ["reported_figures:record"])),
    request_body = ReportedFigureIn,
    responses((status = 201, description = "已登记 · Recorded", body = ReportedFigureOut)))]
pub async fn record_reported_figure(
    who: Actor<ReportedFiguresRecord>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<ReportedFigureIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::insert(c, &who.visible(), &body, &by)?;
        let location = format!("/v1/reported-figures/{}", row.id);
        Ok(Versioned::created(location, row.version, ReportedFigureOut::from(row)))
    })
    .await
}

/// 公布值列表 · What was published of the caller's areas, the newest record first
#[utoipa::path(get, path = "/reported-figures", tag = "statistics", security(("bearer" = ["statistics:read"])),
    params(PageParams, ReportedFigureQuery),
    responses((status = 200, description = "一页公布值 · One page", body = ReportedFigurePage)))]
pub async fn list_reported_figures(
    who: Actor<StatisticsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<ReportedFigureQuery>,
) -> Result<ReportedFigurePage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let (before, visible) = (after_id(asked.after.as_deref(), ReportedFigureId)?, who.visible());
            let rows = store::list(c, &visible, (before, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(ReportedFigurePage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 公布值详情 · One record
#[utoipa::path(get, path = "/reported-figures/{id}", tag = "statistics", security(("bearer" = ["statistics:read"])),
    params(("id" = ReportedFigureId, Path)),
    responses((status = 200, description = "公布值 · The record", body = ReportedFigureOut)))]
pub async fn get_reported_figure(
    who: Actor<StatisticsRead>,
    app: Data<App>,
    id: Path<ReportedFigureId>,
) -> Result<Versioned<ReportedFigureOut>> {
    let row = app.db.glance(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}
