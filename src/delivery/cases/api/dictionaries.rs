//! The dictionary of a place, and what its rules would decide.

use actix_web::web::{Data, Json};
use platform::auth::{Actor, AreaCode, Visible};
use platform::http::{Mount, Path, Valid};
use platform::{App, Error, Result, handler};
use registry::identity::AccountId;

use crate::cases::dto::{CategoriesOut, PolicyMatchIn, PolicyMatchOut, RoutingMatchIn, RoutingMatchOut};
use crate::cases::store::{By, dry_runs, intake};
use crate::cases::{CasesRead, CasesReport};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_case_categories))
        .service(handler!(match_case_policy))
        .service(handler!(match_case_routing));
}

/// Those whom the rules of an area bind, and those whose area holds it.
fn may_read(visible: &Visible, area: &AreaCode) -> Result<()> {
    if visible.covers(area.as_str()) || visible.lies_in(area.as_str()) { Ok(()) } else { Err(Error::NotFound) }
}

/// Read here and not by the extractor: of two faults, the body's is the one to tell.
fn area_of(code: &str) -> Result<AreaCode> {
    code.parse().map_err(|_| Error::NotFound)
}

/// 分类字典 · What may be reported here, and what each category asks for
#[utoipa::path(get, path = "/areas/{code}/case-categories", tag = "cases", security(("bearer" = ["cases:report"])),
    params(("code" = AreaCode, Path)),
    responses((status = 200, description = "分类字典 · The dictionary in force", body = CategoriesOut)))]
pub async fn list_case_categories(
    who: Actor<CasesReport>,
    app: Data<App>,
    code: Path<AreaCode>,
) -> Result<Json<CategoriesOut>> {
    let (area, by) = (code.into_inner(), By::new(&app, who.id()));
    let out = app
        .db
        .read(move |c| {
            // Whoever may report at a place may read what can be reported there.
            if may_read(&who.visible(), &area).is_err()
                && !intake::is_near(c, &who.visible(), AccountId(who.id()), area.as_str())?
            {
                return Err(Error::NotFound);
            }
            dry_runs::categories(c, &area, &by)
        })
        .await?;
    Ok(Json(out))
}

/// 时限试算 · Which policy facts would get here, and when each clock would be due; nothing is written
#[utoipa::path(post, path = "/areas/{code}/case-policies/match", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("code" = AreaCode, Path)),
    request_body = PolicyMatchIn,
    responses((status = 200, description = "适用的政策 · The policy", body = PolicyMatchOut)))]
pub async fn match_case_policy(
    who: Actor<CasesRead>,
    app: Data<App>,
    code: Path<String>,
    Valid(body): Valid<PolicyMatchIn>,
) -> Result<Json<PolicyMatchOut>> {
    let (area, by) = (area_of(&code)?, By::new(&app, who.id()));
    may_read(&who.visible(), &area)?;
    Ok(Json(app.db.read(move |c| dry_runs::policy(c, &area, &body, &by)).await?))
}

/// 派单试算 · Which rule would name the handler of a case here, and whom; nothing is written
#[utoipa::path(post, path = "/areas/{code}/case-routing/match", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("code" = AreaCode, Path)),
    request_body = RoutingMatchIn,
    responses((status = 200, description = "适用的规则 · The rule", body = RoutingMatchOut)))]
pub async fn match_case_routing(
    who: Actor<CasesRead>,
    app: Data<App>,
    code: Path<String>,
    Valid(body): Valid<RoutingMatchIn>,
) -> Result<Json<RoutingMatchOut>> {
    let (area, by) = (area_of(&code)?, By::new(&app, who.id()));
    may_read(&who.visible(), &area)?;
    // From the writer: to look for a place holds its compound until the transaction ends.
    Ok(Json(app.db.write(move |c| dry_runs::routing(c, &area, &body, &by)).await?))
}
