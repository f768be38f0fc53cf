use actix_web::web::Data;
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, Once, Path, Valid, Versioned};
use platform::{App, Result, handler};

use super::answered;
use crate::meetings::dto::{AgendaItemId, AgendaItemIn, AgendaItemPatch, ItemReasonIn, MeetingId, MeetingOut, VoteIn};
use crate::meetings::rules::NOT_CONVENER;
use crate::meetings::store::rows::{ItemRow, MeetingRow};
use crate::meetings::store::sight::{self, Sight};
use crate::meetings::store::{By, agenda as store, votes};
use crate::meetings::{MeetingsAttend, MeetingsConvene, MeetingsPropose};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(add_agenda_item))
        .service(handler!(update_agenda_item))
        .service(handler!(list_agenda_item))
        .service(handler!(decline_agenda_item))
        .service(handler!(withdraw_agenda_item))
        .service(handler!(vote_on_agenda_item));
}

/// An item with its meeting, as the caller sees it.
fn seen(c: &mut Conn, sight: &Sight, id: AgendaItemId) -> Result<(MeetingRow, ItemRow)> {
    let row = store::get(c, id)?;
    Ok((sight::find(c, sight, row.meeting_id)?, row))
}

/// The same of a meeting that the caller convenes.
fn convened(c: &mut Conn, sight: &Sight, id: AgendaItemId) -> Result<(MeetingRow, ItemRow)> {
    let (meeting, row) = seen(c, sight, id)?;
    if sight.convenes(&meeting) { Ok((meeting, row)) } else { Err((&NOT_CONVENER).into()) }
}

/// 提出议题 · Put an item on the agenda, or propose it; after the notice it is an impromptu motion, which is not voted on
#[utoipa::path(post, path = "/meetings/{id}/agenda-items", tag = "meetings",
    security(("bearer" = ["meetings:propose"])), request_body = AgendaItemIn,
    params(("id" = MeetingId, Path)),
    responses((status = 200, description = "已提出 · Raised", body = MeetingOut)))]
pub async fn add_agenda_item(
    who: Actor<MeetingsPropose>,
    app: Data<App>,
    id: Path<MeetingId>,
    once: Once,
    Valid(body): Valid<AgendaItemIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let meeting = sight::find(c, &sight, *id)?;
        store::insert(c, who.principal(), &sight, &meeting, &body, &by)?;
        answered(c, meeting.id)
    })
    .await
}

/// 修改议题 · Change an item before the notice
#[utoipa::path(patch, path = "/agenda-items/{id}", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    request_body = AgendaItemPatch,
    params(("id" = AgendaItemId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = MeetingOut)))]
pub async fn update_agenda_item(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<AgendaItemId>,
    version: IfMatch,
    Valid(body): Valid<AgendaItemPatch>,
) -> Result<Versioned<MeetingOut>> {
    let by = By::new(&app, who.id());
    app.db
        .write(move |c| {
            let (meeting, row) = convened(c, &Sight::of(&who, by.today), *id)?;
            version.check(row.version)?;
            store::update(c, &meeting, &row, &body, &by)?;
            answered(c, meeting.id)
        })
        .await
}

/// 列入议程 · Take a proposal onto the agenda
#[utoipa::path(post, path = "/agenda-items/{id}/list", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    params(("id" = AgendaItemId, Path)),
    responses((status = 200, description = "已列入 · Listed", body = MeetingOut)))]
pub async fn list_agenda_item(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<AgendaItemId>,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (meeting, row) = convened(c, &Sight::of(&who, by.today), *id)?;
        store::accept(c, &meeting, &row, &by)?;
        answered(c, meeting.id)
    })
    .await
}

/// 不列入议程 · Decline a proposal, with the reason
#[utoipa::path(post, path = "/agenda-items/{id}/decline", tag = "meetings",
    security(("bearer" = ["meetings:convene"])), request_body = ItemReasonIn,
    params(("id" = AgendaItemId, Path)),
    responses((status = 200, description = "未采纳 · Declined", body = MeetingOut)))]
pub async fn decline_agenda_item(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<AgendaItemId>,
    once: Once,
    Valid(body): Valid<ItemReasonIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (meeting, row) = convened(c, &Sight::of(&who, by.today), *id)?;
        store::decline(c, &meeting, &row, &body.reason, &by)?;
        answered(c, meeting.id)
    })
    .await
}

/// 撤回议题 · Withdraw what one proposed
#[utoipa::path(post, path = "/agenda-items/{id}/withdraw", tag = "meetings",
    security(("bearer" = ["meetings:propose"])), request_body = ItemReasonIn,
    params(("id" = AgendaItemId, Path)),
    responses((status = 200, description = "已撤回 · Withdrawn", body = MeetingOut)))]
pub async fn withdraw_agenda_item(
    who: Actor<MeetingsPropose>,
    app: Data<App>,
    id: Path<AgendaItemId>,
    once: Once,
    Valid(body): Valid<ItemReasonIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let (meeting, row) = seen(c, &sight, *id)?;
        store::withdraw(c, &sight, &meeting, &row, &body.reason, &by)?;
        answered(c, meeting.id)
    })
    .await
}

/// 表决 · Vote for the seat that one sits on; once, and not where it keeps out
#[utoipa::path(post, path = "/agenda-items/{id}/votes", tag = "meetings", security(("bearer" = ["meetings:attend"])),
    request_body = VoteIn,
    params(("id" = AgendaItemId, Path)),
    responses((status = 200, description = "已表决 · Voted", body = MeetingOut)))]
pub async fn vote_on_agenda_item(
    who: Actor<MeetingsAttend>,
    app: Data<App>,
    id: Path<AgendaItemId>,
    once: Once,
    Valid(body): Valid<VoteIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let (meeting, row) = seen(c, &sight, *id)?;
        votes::cast(c, &sight, &meeting, &row, body.choice, &by)?;
        answered(c, meeting.id)
    })
    .await
}
