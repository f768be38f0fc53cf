use actix_web::web::{Data, Json};
use platform::auth::{Actor, Role, Scope};
use platform::db::Conn;
use platform::history::{self, EventPage};
use platform::http::{Answer, IfMatch, NoFilter, Once, PageParams, Paged, Valid, Versioned, Whole};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};
use registry::territory::dto::RoomId;
use registry::territory::store::buildings::find_room;

use crate::people::dto::{
    GivenAs, HouseholdOut, ProofIn, ResidencyConfirmIn, ResidencyEndIn, ResidencyId, ResidencyIn, ResidencyOut,
    ResidencyPage, ResidencyQuery, ResidencyRejectIn,
};
use crate::people::store::persons::{self, PersonRow};
use crate::people::store::residencies::{self as store, Claim, ResidencyRow};
use crate::people::store::{By, after_id, places};
use crate::people::{ResidenciesConfirm, ResidenciesRead, ResidenciesWrite};

/// The longest household that is answered.
const HOUSEHOLD: i64 = 100;

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_residencies))
        .service(handler!(register_residency))
        .service(handler!(get_residency))
        .service(handler!(check_residency_document))
        .service(handler!(confirm_residency))
        .service(handler!(reject_residency))
        .service(handler!(end_residency))
        .service(handler!(list_residency_history))
        .service(handler!(get_household));
}

/// A residency as it stands after a change.
fn answered(c: &mut Conn, row: &ResidencyRow) -> Result<Versioned<ResidencyOut>> {
    Ok(Versioned::ok(row.version, store::resident(c, row.id)?.into()))
}

/// 居住关系列表 · Residencies and claims in the caller's areas, oldest first, masked
#[utoipa::path(get, path = "/residencies", tag = "people", security(("bearer" = ["residencies:read"])),
    params(PageParams, ResidencyQuery),
    responses((status = 200, description = "一页居住关系 · One page", body = ResidencyPage)))]
pub async fn list_residencies(
    who: Actor<ResidenciesRead>,
    app: Data<App>,
    Paged(filter, page): Paged<ResidencyQuery>,
) -> Result<ResidencyPage> {
    let visible = who.visible().narrow(filter.area.as_ref())?;
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref())?.map(ResidencyId);
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(ResidencyPage::of(page.cut(rows, |(row, _, _)| row.id.to_string()), total))
}

/// 登记居住关系 · Register who lives in or owns a room; it waits to be verified
#[utoipa::path(post, path = "/residencies", tag = "people", security(("bearer" = ["residencies:write"])),
    request_body = ResidencyIn,
    responses((status = 201, description = "已登记 · Registered", body = ResidencyOut)))]
pub async fn register_residency(
    who: Actor<ResidenciesWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<ResidencyIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let person = persons::find_seen(c, &who.visible(), body.person_id)?;
        let room = places::hold_room(c, &who.visible(), body.room_id)?;
        let claim = Claim { kind: body.kind, since: body.since, document: body.document.as_ref(), self_claimed: false };
        let row = store::file(c, &person, &room, &claim, &by)?;
        let location = format!("/v1/residencies/{}", row.id);
        Ok(Versioned::created(location, row.version, ResidencyOut::from(store::resident(c, row.id)?)))
    })
    .await
}

/// 居住关系详情 · One residency or claim
#[utoipa::path(get, path = "/residencies/{id}", tag = "people", security(("bearer" = ["residencies:read"])),
    params(("id" = ResidencyId, Path)),
    responses((status = 200, description = "居住关系 · The residency", body = ResidencyOut)))]
pub async fn get_residency(
    who: Actor<ResidenciesRead>,
    app: Data<App>,
    id: Path<ResidencyId>,
) -> Result<Whole<ResidencyOut>> {
    app.db
        .read(move |c| {
            let row = store::find(c, &who.visible(), *id)?;
            Ok(Whole { version: row.version, body: store::resident(c, row.id)?.into() })
        })
        .await
}

/// For whom the caller stands, where they give an evidence.
fn stands_for(who: &Actor<ResidenciesConfirm>, code: &str) -> GivenAs {
    let community = who.holds(&[Role::CommunitySecretary, Role::CommunityWorker], code);
    if community { GivenAs::Community } else { GivenAs::OwnersCommittee }
}

fn claim<S: Scope>(c: &mut Conn, who: &Actor<S>, id: ResidencyId) -> Result<(ResidencyRow, PersonRow)> {
    let row = store::find(c, &who.visible(), id)?;
    let person = persons::find_seen(c, &platform::auth::Visible::everything(), row.person_id)?;
    Ok((row, person))
}

/// 查验材料 · Record that a document of a claim was seen; an owner is verified by this and a confirmation, by two people
#[utoipa::path(post, path = "/residencies/{id}/check-document", tag = "people",
    security(("bearer" = ["residencies:confirm"])), request_body = ProofIn,
    params(("id" = ResidencyId, Path), IfMatch, Once),
    responses((status = 200, description = "已查验 · Checked", body = ResidencyOut)))]
pub async fn check_residency_document(
    who: Actor<ResidenciesConfirm>,
    app: Data<App>,
    id: Path<ResidencyId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ProofIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (row, person) = claim(c, &who, *id)?;
        version.check(row.version)?;
        let given_as = stands_for(&who, &row.area_code);
        let row = store::check(c, (&row, &person), given_as, &body, &by)?;
        answered(c, &row)
    })
    .await
}

/// 确认居住关系 · Confirm a claim, as the community or the owners' committee; never one's own
#[utoipa::path(post, path = "/residencies/{id}/confirm", tag = "people",
    security(("bearer" = ["residencies:confirm"])), request_body = ResidencyConfirmIn,
    params(("id" = ResidencyId, Path), IfMatch, Once),
    responses((status = 200, description = "已确认 · Confirmed", body = ResidencyOut)))]
pub async fn confirm_residency(
    who: Actor<ResidenciesConfirm>,
    app: Data<App>,
    id: Path<ResidencyId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ResidencyConfirmIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (row, person) = claim(c, &who, *id)?;
        version.check(row.version)?;
        let given_as = stands_for(&who, &row.area_code);
        let row = store::confirm(c, (&row, &person), given_as, &body.note, &by)?;
        answered(c, &row)
    })
    .await
}

/// 驳回申报 · Reject a claim, with the reason that the claimant reads
#[utoipa::path(post, path = "/residencies/{id}/reject", tag = "people", security(("bearer" = ["residencies:confirm"])),
    request_body = ResidencyRejectIn,
    params(("id" = ResidencyId, Path), IfMatch, Once),
    responses((status = 200, description = "已驳回 · Rejected", body = ResidencyOut)))]
pub async fn reject_residency(
    who: Actor<ResidenciesConfirm>,
    app: Data<App>,
    id: Path<ResidencyId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ResidencyRejectIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (row, person) = claim(c, &who, *id)?;
        version.check(row.version)?;
        let row = store::reject(c, (&row, &person), &body.reason, &by)?;
        answered(c, &row)
    })
    .await
}

/// 终止居住关系 · End a residency; the role that it brought ends in the same transaction
#[utoipa::path(post, path = "/residencies/{id}/end", tag = "people", security(("bearer" = ["residencies:write"])),
    request_body = ResidencyEndIn,
    params(("id" = ResidencyId, Path), IfMatch, Once),
    responses((status = 200, description = "已终止 · Ended", body = ResidencyOut)))]
pub async fn end_residency(
    who: Actor<ResidenciesWrite>,
    app: Data<App>,
    id: Path<ResidencyId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ResidencyEndIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        version.check(row.version)?;
        let row = store::end(c, &row, body.on, body.reason, &by)?;
        answered(c, &row)
    })
    .await
}

/// 居住关系历史 · What happened to a residency, oldest first, hash-chained
#[utoipa::path(get, path = "/residencies/{id}/history", tag = "people", security(("bearer" = ["residencies:read"])),
    params(("id" = ResidencyId, Path), PageParams),
    responses((status = 200, description = "历史 · The history", body = EventPage)))]
pub async fn list_residency_history(
    who: Actor<ResidenciesRead>,
    app: Data<App>,
    id: Path<ResidencyId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = store::find(c, &who.visible(), *id)?;
            history::page(c, "residency", &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

/// 户内成员 · Whose residency of a room is verified, owners first, masked
#[utoipa::path(get, path = "/rooms/{id}/household", tag = "people", security(("bearer" = ["residencies:read"])),
    params(("id" = RoomId, Path)),
    responses((status = 200, description = "户 · The household", body = HouseholdOut)))]
pub async fn get_household(
    who: Actor<ResidenciesRead>,
    app: Data<App>,
    id: Path<RoomId>,
) -> Result<Json<HouseholdOut>> {
    let out = app
        .db
        .read(move |c| {
            let room = find_room(c, &who.visible(), *id)?;
            let members = store::household(c, room.id, HOUSEHOLD)?.into_iter().map(Into::into).collect();
            Ok(HouseholdOut { room_id: room.id, area_code: room.area_code, members })
        })
        .await?;
    Ok(Json(out))
}
