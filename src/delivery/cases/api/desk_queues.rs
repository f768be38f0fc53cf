use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{Days, FixedOffset, NaiveTime, TimeZone};
use platform::auth::Actor;
use platform::http::{Mount, NoFilter, PageParams, Paged};
use platform::{App, Error, Result};

use crate::cases::CasesRead;
use crate::cases::dto::{CasePage, DeskOut};
use crate::cases::store::desk::{self, Now, Queue};
use crate::cases::store::sight::Sight;

pub(super) fn routes(mount: &mut Mount) {
    mount.service(get_desk).service(list_desk_queue);
}

fn now(app: &App) -> Now {
    const SHANGHAI_SECONDS: i32 = 8 * 3600;
    let at = app.clock.now();
    let tomorrow = app.clock.today().checked_add_days(Days::new(1)).unwrap_or_default().and_time(NaiveTime::MIN);
    let zone = FixedOffset::east_opt(SHANGHAI_SECONDS);
    let ends = zone.and_then(|zone| zone.from_local_datetime(&tomorrow).single()).map(|at| at.to_utc().into());
    Now { at, day_ends: ends.unwrap_or(at) }
}

/// 我的工作台 · How much waits for the caller in each queue
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:read"])),
    responses((status = 200, description = "工作台 · The desk", body = DeskOut)))]
#[get("/desk")]
pub async fn get_desk(who: Actor<CasesRead>, app: Data<App>) -> Result<Json<DeskOut>> {
    let (sight, now) = (Sight::of(&who), now(&app));
    let counts = app.db.read(move |c| desk::counts(c, &sight, now)).await?;
    Ok(Json(DeskOut::of(now.at, counts)))
}

/// 工作队列 · One queue of the caller's desk, by due date
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:read"])), params(("queue" = Queue, Path), PageParams),
    responses((status = 200, description = "一页事件 · One page", body = CasePage)))]
#[get("/desk/{queue}")]
pub async fn list_desk_queue(
    who: Actor<CasesRead>,
    app: Data<App>,
    queue: Path<String>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<CasePage> {
    let queue: Queue = queue.parse().map_err(|_| Error::NotFound)?;
    let (sight, now) = (Sight::of(&who), now(&app));
    let asked = page.clone();
    let (rows, total) = app
        .db
        .glance(move |c| {
            let after = desk::read_key(asked.after.as_deref())?;
            let rows = desk::list(c, &sight, (after, asked.fetch()), queue, now)?;
            let total = if asked.with_total { Some(desk::count(c, &sight, queue, now)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(CasePage::of(page.cut(rows, |(row, _)| desk::key(row)), total))
}
