use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::db::Ts;
use platform::history::{self, EventPage};
use platform::http::{Answer, IfMatch, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Error, Result, handler};

use super::answered;
use crate::meetings::dto::{
    ChainOut, CheckInCodeOut, MeetingId, MeetingIn, MeetingItem, MeetingOut, MeetingPage, MeetingPatch, MeetingQuery,
    MyMeetingsOut,
};
use crate::meetings::rules::WRONG_STATE;
use crate::meetings::store::By;
use crate::meetings::store::meetings::{self as store, ENTITY};
use crate::meetings::store::rows::MeetingLine;
use crate::meetings::store::sight::{self, Sight};
use crate::meetings::{MeetingsConvene, MeetingsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_meetings))
        .service(handler!(create_meeting))
        .service(handler!(get_meeting))
        .service(handler!(update_meeting))
        .service(handler!(list_my_meetings))
        .service(handler!(get_meeting_chain))
        .service(handler!(get_check_in_code))
        .service(handler!(list_meeting_history));
}

/// Where a page goes on: the moment in microseconds, and the id.
fn key(line: &MeetingLine) -> String {
    format!("{}.{}", line.starts_at.micros(), line.id)
}

fn read_key(key: Option<&str>) -> Result<store::After> {
    let Some(key) = key else { return Ok(None) };
    let (at, id) = key.split_once('.').ok_or_else(|| Error::internal("a cursor of meetings"))?;
    let at = Ts::from_micros(at.parse().map_err(Error::internal)?);
    Ok(Some((at, MeetingId(id.parse().map_err(Error::internal)?))))
}

/// 会议列表 · Meetings that the caller oversees or has a seat at, the latest first
#[utoipa::path(get, path = "/meetings", tag = "meetings", security(("bearer" = ["meetings:read"])),
    params(PageParams, MeetingQuery),
    responses((status = 200, description = "一页会议 · One page", body = MeetingPage)))]
pub async fn list_meetings(
    who: Actor<MeetingsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<MeetingQuery>,
) -> Result<MeetingPage> {
    let (asked, sight) = (page.clone(), Sight::of(&who, app.clock.today()));
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = read_key(asked.after.as_deref())?;
            let rows = store::list(c, &sight, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &sight, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(MeetingPage::of(page.cut(rows, |(line, _)| key(line)), total))
}

/// 筹备会议 · Plan a meeting, with its seats; the rule of its kind is pinned
#[utoipa::path(post, path = "/meetings", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    request_body = MeetingIn,
    responses((status = 201, description = "已筹备 · Planned", body = MeetingOut)))]
pub async fn create_meeting(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<MeetingIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::insert(c, &Sight::of(&who, by.today), &body, &by)?;
        let path = format!("/v1/meetings/{}", row.id);
        Ok(Versioned::created(path, row.version, MeetingOut::from(store::whole(c, row)?)))
    })
    .await
}

/// 会议详情 · One meeting with its seats, its agenda, who is there and who keeps out of what
#[utoipa::path(get, path = "/meetings/{id}", tag = "meetings", security(("bearer" = ["meetings:read"])),
    params(("id" = MeetingId, Path)),
    responses((status = 200, description = "会议 · The meeting", body = MeetingOut)))]
pub async fn get_meeting(
    who: Actor<MeetingsRead>,
    app: Data<App>,
    id: Path<MeetingId>,
) -> Result<Versioned<MeetingOut>> {
    let sight = Sight::of(&who, app.clock.today());
    app.db
        .read(move |c| {
            let row = sight::find(c, &sight, *id)?;
            Ok(Versioned::ok(row.version, store::whole(c, row)?.into()))
        })
        .await
}

/// 修改会议 · Change a meeting that is being planned
#[utoipa::path(patch, path = "/meetings/{id}", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    request_body = MeetingPatch,
    params(("id" = MeetingId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = MeetingOut)))]
pub async fn update_meeting(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<MeetingId>,
    version: IfMatch,
    Valid(body): Valid<MeetingPatch>,
) -> Result<Versioned<MeetingOut>> {
    let by = By::new(&app, who.id());
    app.db
        .write(move |c| {
            let row = sight::find_convened(c, &Sight::of(&who, by.today), *id)?;
            version.check(row.version)?;
            store::update(c, &row, &body, &by)?;
            answered(c, row.id)
        })
        .await
}

/// How far back one's own meetings reach, days.
pub(super) const DAYS_BACK: i64 = 90;
/// As many as anybody is called to.
pub(super) const MOST_MINE: i64 = 500;

/// 我的会议 · The meetings of the last ninety days and to come at which the caller has a seat, by an appointment or a role,
/// earliest first
#[utoipa::path(get, path = "/me/meetings", tag = "meetings", security(("bearer" = ["meetings:read"])),
    responses((status = 200, description = "我的会议 · The meetings", body = MyMeetingsOut)))]
pub async fn list_my_meetings(who: Actor<MeetingsRead>, app: Data<App>) -> Result<Json<MyMeetingsOut>> {
    let (sight, from) = (Sight::of(&who, app.clock.today()), app.clock.now().plus(chrono::Duration::days(-DAYS_BACK)));
    let rows = app.db.read(move |c| store::list_mine(c, &sight, from, MOST_MINE)).await?;
    Ok(Json(MyMeetingsOut { items: rows.into_iter().map(MeetingItem::from).collect() }))
}

/// 会议链 · The opinion meeting, the coordination and the appraisal on one issue
#[utoipa::path(get, path = "/meetings/{id}/chain", tag = "meetings", security(("bearer" = ["meetings:read"])),
    params(("id" = MeetingId, Path)),
    responses((status = 200, description = "会议链 · The chain", body = ChainOut)))]
pub async fn get_meeting_chain(
    who: Actor<MeetingsRead>,
    app: Data<App>,
    id: Path<MeetingId>,
) -> Result<Json<ChainOut>> {
    let sight = Sight::of(&who, app.clock.today());
    let rows = app
        .db
        .read(move |c| {
            let row = sight::find(c, &sight, *id)?;
            store::chain(c, row)
        })
        .await?;
    let complete = store::is_complete(&rows);
    Ok(Json(ChainOut { items: rows.into_iter().map(MeetingItem::from).collect(), complete }))
}

/// 签到码 · The code that is shown at the meeting, for the convener
#[utoipa::path(get, path = "/meetings/{id}/check-in-code", tag = "meetings",
    security(("bearer" = ["meetings:convene"])),
    params(("id" = MeetingId, Path)),
    responses((status = 200, description = "签到码 · The code", body = CheckInCodeOut)))]
pub async fn get_check_in_code(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<MeetingId>,
) -> Result<Json<CheckInCodeOut>> {
    let sight = Sight::of(&who, app.clock.today());
    let row = app.db.read(move |c| sight::find_convened(c, &sight, *id)).await?;
    let code = row.check_in_code.ok_or_else(|| Error::from(&WRONG_STATE))?;
    Ok(Json(CheckInCodeOut { code }))
}

/// 会议历史 · The hash-chained history of a meeting
#[utoipa::path(get, path = "/meetings/{id}/history", tag = "meetings", security(("bearer" = ["meetings:read"])),
    params(("id" = MeetingId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_meeting_history(
    who: Actor<MeetingsRead>,
    app: Data<App>,
    id: Path<MeetingId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let (asked, sight) = (page.clone(), Sight::of(&who, app.clock.today()));
    let found = app
        .db
        .read(move |c| {
            let row = sight::find(c, &sight, *id)?;
            history::page(c, ENTITY, &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}
