//! The steps of an entry, by those who keep the list, those who decide, and the organisation itself.

use actix_web::web::Data;
use platform::auth::{Actor, Scope};
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, Once, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::standings::dto::{
    DecideListingIn, DecideObjectionIn, DeclineRepairIn, ExtendObjectionIn, HearingIn, ListingId, ListingOut,
    ListingReasonIn, NotifyListingIn, ObjectListingIn, PublishListingIn, RepairListingIn, StatementIn,
};
use crate::standings::store::listings::{self as store, ListingRow};
use crate::standings::store::sight::Sight;
use crate::standings::store::{By, objections, repairs, statements, steps};
use crate::standings::{ListingsAnswer, ListingsDecide, ListingsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(notify_listing))
        .service(handler!(state_to_listing))
        .service(handler!(record_listing_hearing))
        .service(handler!(decide_listing))
        .service(handler!(publish_listing))
        .service(handler!(object_to_listing))
        .service(handler!(extend_listing_objection))
        .service(handler!(decide_listing_objection))
        .service(handler!(request_listing_repair))
        .service(handler!(decline_listing_repair))
        .service(handler!(repair_listing))
        .service(handler!(revoke_listing))
        .service(handler!(withdraw_listing));
}

/// Which entry, by which version, and once.
type Of = (Path<ListingId>, IfMatch, Once);

/// A step by those who keep the list in an area of theirs.
async fn kept<S: Scope>(
    who: Actor<S>,
    app: Data<App>,
    of: Of,
    take: impl Fn(&mut Conn, &ListingRow, &By) -> Result<ListingRow> + Send + 'static,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    let find = move |c: &mut Conn, id| store::find_kept(c, &who.visible(), id);
    step(&app, of, by, find, take).await
}

/// A step by the organisation that the entry is about.
async fn own(
    who: Actor<ListingsAnswer>,
    app: Data<App>,
    of: Of,
    take: impl Fn(&mut Conn, &ListingRow, &By) -> Result<ListingRow> + Send + 'static,
) -> Result<Answer> {
    let (by, sight) = (By::new(&app, who.id()), Sight::of(&who));
    let find = move |c: &mut Conn, id| store::find_own(c, &sight, id);
    step(&app, of, by, find, take).await
}

async fn step(
    app: &App,
    (id, version, once): Of,
    by: By,
    find: impl Fn(&mut Conn, ListingId) -> Result<ListingRow> + Send + 'static,
    take: impl Fn(&mut Conn, &ListingRow, &By) -> Result<ListingRow> + Send + 'static,
) -> Result<Answer> {
    once.write(app, move |c| {
        let row = find(c, *id)?;
        version.check(row.version)?;
        let row = take(c, &row, &by)?;
        let whole = store::whole(c, row)?;
        Ok(Versioned::ok(whole.row.version, ListingOut::of(whole, by.today)))
    })
    .await
}

/// 书面告知 · Tell the organisation in writing what it is to be listed for; from here on it has its time to be heard
#[utoipa::path(post, path = "/listings/{id}/notify", tag = "standings", security(("bearer" = ["listings:write"])),
    request_body = NotifyListingIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已告知 · Told", body = ListingOut)))]
pub async fn notify_listing(
    who: Actor<ListingsWrite>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<NotifyListingIn>,
) -> Result<Answer> {
    kept(who, app, (id, version, once), move |c, row, by| steps::notify(c, row, &body, by)).await
}

/// 陈述申辩 · State one's case, by the organisation itself, within its time
#[utoipa::path(post, path = "/listings/{id}/statements", tag = "standings", security(("bearer" = ["listings:answer"])),
    request_body = StatementIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已陈述 · Stated", body = ListingOut)))]
pub async fn state_to_listing(
    who: Actor<ListingsAnswer>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<StatementIn>,
) -> Result<Answer> {
    own(who, app, (id, version, once), move |c, row, by| statements::state(c, row, &body, by)).await
}

/// 听证记录 · Write down that a hearing was held
#[utoipa::path(post, path = "/listings/{id}/hearings", tag = "standings", security(("bearer" = ["listings:write"])),
    request_body = HearingIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已记录 · Recorded", body = ListingOut)))]
pub async fn record_listing_hearing(
    who: Actor<ListingsWrite>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<HearingIn>,
) -> Result<Answer> {
    kept(who, app, (id, version, once), move |c, row, by| statements::hear(c, row, &body, by)).await
}

/// 决定 · Decide whether it is listed: never by who proposed it, and not before its time to be heard is over
#[utoipa::path(post, path = "/listings/{id}/decide", tag = "standings", security(("bearer" = ["listings:decide"])),
    request_body = DecideListingIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已决定 · Decided", body = ListingOut)))]
pub async fn decide_listing(
    who: Actor<ListingsDecide>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<DecideListingIn>,
) -> Result<Answer> {
    kept(who, app, (id, version, once), move |c, row, by| steps::decide(c, row, &body, by)).await
}

/// 公布 · Publish what was decided, as a frozen snapshot with its hash
#[utoipa::path(post, path = "/listings/{id}/publish", tag = "standings", security(("bearer" = ["listings:write"])),
    request_body = PublishListingIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已公布 · Published", body = ListingOut)))]
pub async fn publish_listing(
    who: Actor<ListingsWrite>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<PublishListingIn>,
) -> Result<Answer> {
    kept(who, app, (id, version, once), move |c, row, by| steps::publish(c, row, &body, by)).await
}

/// 提出异议 · Object to the publication, by the organisation itself; the entry does not take effect before that is decided
#[utoipa::path(post, path = "/listings/{id}/object", tag = "standings", security(("bearer" = ["listings:answer"])),
    request_body = ObjectListingIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已提出异议 · Objected", body = ListingOut)))]
pub async fn object_to_listing(
    who: Actor<ListingsAnswer>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ObjectListingIn>,
) -> Result<Answer> {
    own(who, app, (id, version, once), move |c, row, by| objections::object(c, row, &body, by)).await
}

/// 延长异议办理 · Take longer over an objection that has to be verified, once
#[utoipa::path(post, path = "/listings/{id}/extend-objection", tag = "standings", security(("bearer" = ["listings:decide"])),
    request_body = ExtendObjectionIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已延长 · Extended", body = ListingOut)))]
pub async fn extend_listing_objection(
    who: Actor<ListingsDecide>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ExtendObjectionIn>,
) -> Result<Answer> {
    kept(who, app, (id, version, once), move |c, row, by| objections::extend(c, row, &body, by)).await
}

/// 异议办结 · Decide on an objection: upheld, the entry is revoked; dismissed, it takes effect
#[utoipa::path(post, path = "/listings/{id}/decide-objection", tag = "standings", security(("bearer" = ["listings:decide"])),
    request_body = DecideObjectionIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已办结 · Decided", body = ListingOut)))]
pub async fn decide_listing_objection(
    who: Actor<ListingsDecide>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<DecideObjectionIn>,
) -> Result<Answer> {
    kept(who, app, (id, version, once), move |c, row, by| objections::decide(c, row, &body, by)).await
}

/// 申请修复 · Ask to be taken off the list, by the organisation itself, once it has corrected what it was listed for
#[utoipa::path(post, path = "/listings/{id}/request-repair", tag = "standings", security(("bearer" = ["listings:answer"])),
    request_body = RepairListingIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已申请 · Requested", body = ListingOut)))]
pub async fn request_listing_repair(
    who: Actor<ListingsAnswer>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<RepairListingIn>,
) -> Result<Answer> {
    own(who, app, (id, version, once), move |c, row, by| repairs::request(c, row, &body, by)).await
}

/// 不予修复 · Decline a request for repair, with the reason; it may be made again
#[utoipa::path(post, path = "/listings/{id}/decline-repair", tag = "standings", security(("bearer" = ["listings:write"])),
    request_body = DeclineRepairIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已答复 · Answered", body = ListingOut)))]
pub async fn decline_listing_repair(
    who: Actor<ListingsWrite>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<DeclineRepairIn>,
) -> Result<Answer> {
    kept(who, app, (id, version, once), move |c, row, by| repairs::decline(c, row, &body, by)).await
}

/// 信用修复 · Take an organisation off the list that has corrected what it was listed for, long enough after the publication
#[utoipa::path(post, path = "/listings/{id}/repair", tag = "standings", security(("bearer" = ["listings:write"])),
    request_body = RepairListingIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已修复 · Repaired", body = ListingOut)))]
pub async fn repair_listing(
    who: Actor<ListingsWrite>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<RepairListingIn>,
) -> Result<Answer> {
    kept(who, app, (id, version, once), move |c, row, by| steps::repair(c, row, &body, by)).await
}

/// 撤销 · Revoke what should not have been published
#[utoipa::path(post, path = "/listings/{id}/revoke", tag = "standings", security(("bearer" = ["listings:decide"])),
    request_body = ListingReasonIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤销 · Revoked", body = ListingOut)))]
pub async fn revoke_listing(
    who: Actor<ListingsDecide>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ListingReasonIn>,
) -> Result<Answer> {
    kept(who, app, (id, version, once), move |c, row, by| steps::revoke(c, row, &body, by)).await
}

/// 撤回 · Take a proposal back, by who made it, before it is decided
#[utoipa::path(post, path = "/listings/{id}/withdraw", tag = "standings", security(("bearer" = ["listings:write"])),
    request_body = ListingReasonIn,
    params(("id" = ListingId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤回 · Withdrawn", body = ListingOut)))]
pub async fn withdraw_listing(
    who: Actor<ListingsWrite>,
    app: Data<App>,
    id: Path<ListingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ListingReasonIn>,
) -> Result<Answer> {
    kept(who, app, (id, version, once), move |c, row, by| steps::withdraw(c, row, &body, by)).await
}
