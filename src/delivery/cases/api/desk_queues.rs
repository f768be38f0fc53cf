use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::clock::midnight_in_shanghai;
use platform::db::Conn;
use platform::http::{Mount, NoFilter, PageParams, Paged, Path};
use platform::{App, Error, Result, handler};

use crate::cases::CasesRead;
use crate::cases::dto::{CasePage, DeskOut};
use crate::cases::store::desk::{self, Now, Queue};
use crate::cases::store::lists;
use crate::cases::store::sight::Sight;

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(get_desk)).service(handler!(list_desk_queue));
}

fn now(app: &App) -> Now {
    let tomorrow = app.clock.today() + chrono::Duration::days(1);
    Now { at: app.clock.now(), day_ends: midnight_in_shanghai(tomorrow) }
}

/// 我的工作台 · How much waits for the caller in each queue
#[utoipa::path(get, path = "/desk", tag = "cases", security(("bearer" = ["cases:read"])),
    responses((status = 200, description = "工作台 · The desk", body = DeskOut)))]
pub async fn get_desk(who: Actor<CasesRead>, app: Data<App>) -> Result<Json<DeskOut>> {
    let (sight, now) = (Sight::of(&who), now(&app));
    let counts = app.db.read(move |c| desk::counts(c, &sight, now)).await?;
    Ok(Json(DeskOut::of(now.at, counts)))
}

/// 工作队列 · One queue of the caller's desk, by due date
#[utoipa::path(get, path = "/desk/{queue}", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("queue" = Queue, Path), PageParams),
    responses((status = 200, description = "一页事件 · One page", body = CasePage)))]
pub async fn list_desk_queue(
    who: Actor<CasesRead>,
    app: Data<App>,
    queue: Path<String>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<CasePage> {
    let queue: Queue = queue.parse().map_err(|_| Error::NotFound)?;
    let (sight, now) = (Sight::of(&who), now(&app));
    let asked = page.clone();
    let read = move |c: &mut Conn| {
        let after = lists::read_key(asked.after.as_deref())?;
        let rows = desk::list(c, &sight, (after, asked.fetch()), queue, now)?;
        let total = if asked.with_total { Some(desk::length(c, &sight, queue, now)?) } else { None };
        Ok((rows, total))
    };
    // A count looks at all that is open; a page is straight off an index.
    let (rows, total) = if page.with_total { app.db.read(read).await? } else { app.db.glance(read).await? };
    Ok(CasePage::of(page.cut(rows, |(row, _)| lists::due_key(row)), total))
}
