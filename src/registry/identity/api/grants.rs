//! 授权管理: which account holds which role where.

use actix_web::web::Data;
use platform::auth::{Actor, Grant};
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Ts};
use platform::http::{Answer, IfMatch, Once, PageParams, Paged, Path, Valid, Versioned, Whole};
use platform::{App, Result};

use crate::identity::dto::{GrantIn, GrantOut, GrantPage, GrantQuery, ReasonIn};
use crate::identity::store::grants::{self, GrantRow, NewGrantSpec};
use crate::identity::store::{GrantId, accounts, organisations, sessions};
use crate::identity::{GrantsRead, GrantsWrite, rules};

/// 授权列表 · List grants
///
/// 最早的在前。The oldest first.
#[utoipa::path(get, path = "/grants", tag = "identity", security(("bearer" = ["grants:read"])),
    params(GrantQuery, PageParams),
    responses((status = 200, body = GrantPage, description = "授权 Grants")))]
pub async fn list_grants(
    who: Actor<GrantsRead>,
    app: Data<App>,
    Paged(query, page): Paged<GrantQuery>,
) -> Result<GrantPage> {
    let visible = who.visible().narrow(query.area.as_ref())?;
    let today = app.clock.today();
    let request = page.clone();
    let (rows, total) = app.db.read(move |c| grants::list_grants(c, &visible, &query, &request, today)).await?;
    let rows: Vec<GrantOut> = rows.into_iter().map(|row| GrantOut::of(row, today)).collect();
    Ok(GrantPage::of(page.cut(rows, |grant| grant.id.to_string()), total))
}

/// 授予角色 · Grant a role
///
/// 不得授予本人,不得超出本人级别或辖区。最迟在对方下次刷新令牌时生效。
/// Not to oneself, and neither above one's own rank nor outside one's own area. In force when the holder refreshes their
/// tokens, which is within minutes.
#[utoipa::path(post, path = "/grants", tag = "identity", security(("bearer" = ["grants:write"])),
    request_body = GrantIn,
    responses((status = 201, body = GrantOut, description = "已授予 Granted")))]
pub async fn create_grant(
    who: Actor<GrantsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<GrantIn>,
) -> Result<Answer> {
    let now = app.clock.now();
    once.write(&app, move |c| {
        let row = make_grant(c, &who, &body, now)?;
        let location = format!("/v1/grants/{}", row.id);
        Ok(Versioned::created(location, row.version, GrantOut::of(row, date_in_shanghai(now))))
    })
    .await
}

fn make_grant(c: &mut Conn, who: &Actor<GrantsWrite>, body: &GrantIn, now: Ts) -> Result<GrantRow> {
    let today = date_in_shanghai(now);
    let acting = sessions::standing(c, who, now)?.acting::<GrantsWrite>()?;
    let target = target_of(c, body)?;
    rules::may_hand_on(&acting, body.account_id.0, &target)?;
    rules::check_period(body.valid_from, body.valid_to, today)?;
    let account = accounts::find_account(c, &acting.visible(), body.account_id)?;
    if account.disabled_at.is_some() {
        return Err((&rules::ACCOUNT_DISABLED).into());
    }
    grants::end_lapsed(c, Some(account.id), today, now)?;
    let spec = NewGrantSpec {
        id: GrantId::fresh(),
        account: account.id,
        role: body.role,
        area: target.area,
        organisation: target.organisation,
        valid_from: body.valid_from,
        valid_to: body.valid_to,
        reason: body.reason.clone(),
        actor: Some(who.id()),
        at: now,
    };
    grants::insert_grant(c, spec)
}

/// What is to be held: a role in an area or, at its home, for an organisation.
fn target_of(c: &mut Conn, body: &GrantIn) -> Result<Grant> {
    match (&body.area_code, body.organisation_id) {
        (Some(area), None) => Ok(Grant::over(body.role, area.clone())),
        (None, Some(id)) => {
            rules::check_for_organisation(body.role)?;
            let home =
                organisations::home_of(c, id)?.ok_or_else(|| rules::ORGANISATION_UNKNOWN.at("/organisation_id"))?;
            Ok(Grant { role: body.role, area: home, organisation: Some(id) })
        }
        _ => Err(rules::GRANT_TARGET.at("/area_code")),
    }
}

/// 查看授权 · Get a grant
///
/// 状态随日期变化,因此总是返回全文。Its status moves with the calendar, so it is never answered with 304.
#[utoipa::path(get, path = "/grants/{id}", tag = "identity", security(("bearer" = ["grants:read"])),
    params(("id" = GrantId, Path, description = "授权编号")),
    responses((status = 200, body = GrantOut, description = "授权 The grant")))]
pub async fn get_grant(who: Actor<GrantsRead>, app: Data<App>, id: Path<GrantId>) -> Result<Whole<GrantOut>> {
    let row = app.db.read(move |c| grants::find_grant(c, &who.visible(), *id)).await?;
    Ok(Whole { version: row.version, body: GrantOut::of(row, app.clock.today()) })
}

/// 终止授权 · End a grant
///
/// 与授予同样的权限规则。最迟在对方下次刷新令牌时生效。
/// By whoever could grant it. In force when the holder refreshes their tokens, which is within minutes.
#[utoipa::path(post, path = "/grants/{id}/end", tag = "identity", security(("bearer" = ["grants:write"])),
    params(("id" = GrantId, Path, description = "授权编号"), IfMatch, Once), request_body = ReasonIn,
    responses((status = 200, body = GrantOut, description = "已终止 Ended")))]
pub async fn end_grant(
    who: Actor<GrantsWrite>,
    app: Data<App>,
    id: Path<GrantId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ReasonIn>,
) -> Result<Answer> {
    let now = app.clock.now();
    once.write(&app, move |c| {
        let acting = sessions::standing(c, &who, now)?.acting::<GrantsWrite>()?;
        let row = grants::find_grant(c, &acting.visible(), *id)?;
        let held = row.held()?;
        rules::may_hand_on(&acting, row.account_id.0, &held)?;
        version.check(row.version)?;
        if row.ended_at.is_some() {
            return Err((&rules::GRANT_ENDED).into());
        }
        let row = grants::end_grant(c, &row, Some(who.id()), &body.reason, now)?;
        Ok(Versioned::ok(row.version, GrantOut::of(row, date_in_shanghai(now))))
    })
    .await
}
