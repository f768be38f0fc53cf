use actix_web::web::Data;
use platform::auth::{Actor, Role, Visible};
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Once, Valid};
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};

use super::{made, may_act_at, roles_at, speaks_for, standing_at, stepped};
use crate::appointments::dto::{
    AppointmentEndIn, AppointmentId, AppointmentOut, HomeConsentIn, NoteIn, PostingIn, RenewalIn, Status,
};
use crate::appointments::store::appointments::{self as rows, AppointmentRow};
use crate::appointments::store::{By, steps, terms};
use crate::appointments::{
    AppointmentsActivate, AppointmentsApprove, AppointmentsConsent, AppointmentsEnd, AppointmentsPropose,
    AppointmentsRecord, AppointmentsReject, AppointmentsVet, AppointmentsWithdraw, rules,
};
use crate::organisations::{self, OrgKind};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(consent_to_appointment))
        .service(handler!(confirm_check))
        .service(handler!(post_appointment))
        .service(handler!(approve_appointment))
        .service(handler!(activate_appointment))
        .service(handler!(reject_appointment))
        .service(handler!(withdraw_appointment))
        .service(handler!(end_appointment))
        .service(handler!(renew_appointment))
        .service(handler!(renew_cross_appointment));
}

/// 原单位意见 · The home organisation consents, or does not
#[utoipa::path(post, path = "/appointments/{id}/consent", tag = "appointments",
    security(("bearer" = ["appointments:consent"])), request_body = HomeConsentIn,
    params(("id" = AppointmentId, Path)),
    responses((status = 200, description = "已表态 · Said", body = AppointmentOut)))]
pub async fn consent_to_appointment(
    who: Actor<AppointmentsConsent>,
    app: Data<App>,
    id: Path<AppointmentId>,
    once: Once,
    Valid(body): Valid<HomeConsentIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = for_home(c, &who, *id)?;
        steps::consent(c, &row, &body, &by)?;
        stepped(c, row.id, &by)
    })
    .await
}

/// The appointment as the home organisation sees it, which need not see the post; and whether the caller speaks for it.
fn for_home(c: &mut Conn, who: &Actor<AppointmentsConsent>, id: AppointmentId) -> Result<AppointmentRow> {
    let row = rows::get(c, id)?;
    let (Some(base), Some(home)) = (row.home_appointment_id, row.home_organisation_id) else {
        who.visible().check(&row.area_code)?;
        return Err((&rules::CROSS_ONLY).into());
    };
    let base = rows::get(c, base)?;
    let organisation = organisations::get(c, home)?.ok_or(Error::NotFound)?;
    let company = organisation.kind == OrgKind::PropertyCompany;
    let of_company = who.holds_for(&[Role::CompanyAdmin], home.0);
    let (post_seen, base_seen) = (who.visible().covers(&row.area_code), who.visible().covers(&base.area_code));
    if !of_company && !post_seen && !base_seen {
        return Err(Error::NotFound);
    }
    let speaks = if company { of_company } else { speaks_for(who, home, &base.area_code) };
    if speaks { Ok(row) } else { Err((&rules::NOT_YOUR_ORGANISATION).into()) }
}

/// 审查通过 · Put a cross-appointment to every guard, and keep the answers
#[utoipa::path(post, path = "/appointments/{id}/check", tag = "appointments",
    security(("bearer" = ["appointments:vet"])), params(("id" = AppointmentId, Path)),
    responses((status = 200, description = "已审查 · Checked", body = AppointmentOut)))]
pub async fn confirm_check(
    who: Actor<AppointmentsVet>,
    app: Data<App>,
    id: Path<AppointmentId>,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = rows::find(c, &who.visible(), *id)?;
        let roles = roles_at(c, &who, &row)?;
        steps::check(c, &row, &roles, &by)?;
        stepped(c, row.id, &by)
    })
    .await
}

/// 公示 · Post a checked cross-appointment for the days that the rule asks for, or post it anew with a correction
#[utoipa::path(post, path = "/appointments/{id}/publicity", tag = "appointments",
    security(("bearer" = ["appointments:vet"])), request_body = PostingIn,
    params(("id" = AppointmentId, Path)),
    responses((status = 200, description = "公示中 · Posted", body = AppointmentOut)))]
pub async fn post_appointment(
    who: Actor<AppointmentsVet>,
    app: Data<App>,
    id: Path<AppointmentId>,
    once: Once,
    Valid(body): Valid<PostingIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = rows::find(c, &who.visible(), *id)?;
        let roles = roles_at(c, &who, &row)?;
        steps::post(c, &row, &roles, &body, &by)?;
        stepped(c, row.id, &by)
    })
    .await
}

/// 批准 · Approve a cross-appointment whose posting is over; every guard is asked once more
#[utoipa::path(post, path = "/appointments/{id}/approve", tag = "appointments",
    security(("bearer" = ["appointments:approve"])), request_body = NoteIn,
    params(("id" = AppointmentId, Path), IfMatch, Once),
    responses((status = 200, description = "已批准 · Approved", body = AppointmentOut)))]
pub async fn approve_appointment(
    who: Actor<AppointmentsApprove>,
    app: Data<App>,
    id: Path<AppointmentId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<NoteIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = rows::find(c, &who.visible(), *id)?;
        version.check(row.version)?;
        let own = standing_at(c, &who, &row, &by)?;
        steps::decide(c, &row, true, &own, &body.note, &by)?;
        stepped(c, row.id, &by)
    })
    .await
}

/// 生效 · Put an ordinary appointment in force
#[utoipa::path(post, path = "/appointments/{id}/activate", tag = "appointments",
    security(("bearer" = ["appointments:activate"])), request_body = NoteIn,
    params(("id" = AppointmentId, Path), IfMatch, Once),
    responses((status = 200, description = "已生效 · In force", body = AppointmentOut)))]
pub async fn activate_appointment(
    who: Actor<AppointmentsActivate>,
    app: Data<App>,
    id: Path<AppointmentId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<NoteIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = rows::find(c, &who.visible(), *id)?;
        may_act_at(c, &who, row.post_id)?;
        version.check(row.version)?;
        let own = standing_at(c, &who, &row, &by)?;
        steps::decide(c, &row, false, &own, &body.note, &by)?;
        stepped(c, row.id, &by)
    })
    .await
}

/// 驳回 · Reject what is on the way
#[utoipa::path(post, path = "/appointments/{id}/reject", tag = "appointments",
    security(("bearer" = ["appointments:reject"])), request_body = NoteIn,
    params(("id" = AppointmentId, Path)),
    responses((status = 200, description = "已驳回 · Rejected", body = AppointmentOut)))]
pub async fn reject_appointment(
    who: Actor<AppointmentsReject>,
    app: Data<App>,
    id: Path<AppointmentId>,
    once: Once,
    Valid(body): Valid<NoteIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = rows::find(c, &who.visible(), *id)?;
        let roles = roles_at(c, &who, &row)?;
        steps::give_up(c, &row, Status::Rejected, &roles, &body.note, &by)?;
        stepped(c, row.id, &by)
    })
    .await
}

/// 撤回 · Withdraw one's own proposal
#[utoipa::path(post, path = "/appointments/{id}/withdraw", tag = "appointments",
    security(("bearer" = ["appointments:withdraw"])), request_body = NoteIn,
    params(("id" = AppointmentId, Path)),
    responses((status = 200, description = "已撤回 · Withdrawn", body = AppointmentOut)))]
pub async fn withdraw_appointment(
    who: Actor<AppointmentsWithdraw>,
    app: Data<App>,
    id: Path<AppointmentId>,
    once: Once,
    Valid(body): Valid<NoteIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = rows::find(c, &who.visible(), *id)?;
        steps::give_up(c, &row, Status::Withdrawn, &[], &body.note, &by)?;
        stepped(c, row.id, &by)
    })
    .await
}

/// 终止任职 · End an appointment, the role that came with it, and what rested on it, the same day
#[utoipa::path(post, path = "/appointments/{id}/end", tag = "appointments",
    security(("bearer" = ["appointments:end"])), request_body = AppointmentEndIn,
    params(("id" = AppointmentId, Path), IfMatch, Once),
    responses((status = 200, description = "已终止 · Ended", body = AppointmentOut)))]
pub async fn end_appointment(
    who: Actor<AppointmentsEnd>,
    app: Data<App>,
    id: Path<AppointmentId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<AppointmentEndIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = rows::find(c, &who.visible(), *id)?;
        may_act_at(c, &who, row.post_id)?;
        version.check(row.version)?;
        // What has run out by itself is written down first, and is not ended a second time.
        terms::settle_post(c, row.post_id, &by)?;
        let row = rows::get(c, row.id)?;
        let roles = roles_at(c, &who, &row)?;
        steps::end(c, &row, &roles, (body.on, body.cause.into(), &body.note), &by)?;
        stepped(c, row.id, &by)
    })
    .await
}

/// 续任 · Record the next term of an ordinary appointment that is about to run out
#[utoipa::path(post, path = "/appointments/{id}/renew", tag = "appointments",
    security(("bearer" = ["appointments:record"])), request_body = RenewalIn,
    params(("id" = AppointmentId, Path)),
    responses((status = 201, description = "已登记 · Recorded", body = AppointmentOut)))]
pub async fn renew_appointment(
    who: Actor<AppointmentsRecord>,
    app: Data<App>,
    id: Path<AppointmentId>,
    once: Once,
    Valid(body): Valid<RenewalIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = rows::find(c, &who.visible(), *id)?;
        may_act_at(c, &who, row.post_id)?;
        if row.is_cross() {
            return Err((&rules::ORDINARY_ONLY).into());
        }
        renewed(c, &row, &who.visible(), &body, &by)
    })
    .await
}

/// 续任提名 · Propose the next term of a cross-appointment that is about to run out; it goes the whole way again
#[utoipa::path(post, path = "/cross-appointments/{id}/renew", tag = "appointments",
    security(("bearer" = ["appointments:propose"])), request_body = RenewalIn,
    params(("id" = AppointmentId, Path)),
    responses((status = 201, description = "已提名 · Proposed", body = AppointmentOut)))]
pub async fn renew_cross_appointment(
    who: Actor<AppointmentsPropose>,
    app: Data<App>,
    id: Path<AppointmentId>,
    once: Once,
    Valid(body): Valid<RenewalIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = rows::find(c, &who.visible(), *id)?;
        if !row.is_cross() {
            return Err((&rules::CROSS_ONLY).into());
        }
        renewed(c, &row, &who.visible(), &body, &by)
    })
    .await
}

fn renewed(
    c: &mut Conn,
    row: &AppointmentRow,
    visible: &Visible,
    body: &RenewalIn,
    by: &By,
) -> Result<platform::http::Versioned<AppointmentOut>> {
    let next = steps::renew(c, row, visible, body, by)?;
    made(c, next.id, by)
}
