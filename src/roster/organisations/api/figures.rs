use actix_web::web::{Data, Json};
use platform::auth::{Actor, AreaCode, AreaLevel, Visible};
use platform::db::Conn;
use platform::http::ValidQuery;
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};
use registry::territory::store::{divisions, profile};

use crate::organisations::dto::{AreaCoverageOut, AsOfQuery, OrganisationFiguresOut, PostAreaCounts};
use crate::organisations::store::figures as store;
use crate::organisations::{OrganisationsRead, PartyCoverageRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(get_area_party_coverage))
        .service(handler!(get_area_post_areas))
        .service(handler!(get_area_organisations));
}

/// The area is one of the caller's, and there is such an area.
fn check_area(c: &mut Conn, visible: &Visible, code: &AreaCode) -> Result<()> {
    visible.check(code.as_str())?;
    let known = match code.level() {
        AreaLevel::Country | AreaLevel::Grid => false,
        level if level <= AreaLevel::Community => divisions::find(c, visible, code.as_str()).map(|_| true)?,
        _ => profile::is_known(c, code)?,
    };
    if known { Ok(()) } else { Err(Error::NotFound) }
}

/// 党的覆盖率 F4 · Organisation coverage and work coverage of companies and of committees, as of a day
#[utoipa::path(get, path = "/areas/{code}/party-coverage", tag = "organisations",
    security(("bearer" = ["party_coverage:read"])),
    params(("code" = AreaCode, Path, description = "区划、小区的区域代码"), AsOfQuery),
    responses((status = 200, description = "覆盖率 · The figures", body = AreaCoverageOut)))]
pub async fn get_area_party_coverage(
    who: Actor<PartyCoverageRead>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(asked): ValidQuery<AsOfQuery>,
) -> Result<Json<AreaCoverageOut>> {
    let as_of = asked.as_of.unwrap_or(app.clock.today());
    let out = app
        .db
        .read(move |c| {
            check_area(c, &who.visible(), &code)?;
            let (companies, committees) = store::count_coverage(c, &code, as_of)?;
            Ok(AreaCoverageOut { area: code.to_string(), as_of, companies, committees })
        })
        .await?;
    Ok(Json(out))
}

/// 三岗数量 · Demonstration posts, pioneer posts and responsibility areas side by side, never as one sum
#[utoipa::path(get, path = "/areas/{code}/post-areas", tag = "organisations",
    security(("bearer" = ["organisations:read"])),
    params(("code" = AreaCode, Path, description = "区划、小区的区域代码"), AsOfQuery),
    responses((status = 200, description = "三岗 · The counts", body = PostAreaCounts)))]
pub async fn get_area_post_areas(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(asked): ValidQuery<AsOfQuery>,
) -> Result<Json<PostAreaCounts>> {
    let as_of = asked.as_of.unwrap_or(app.clock.today());
    let out = app
        .db
        .read(move |c| {
            check_area(c, &who.visible(), &code)?;
            store::count_post_areas(c, &code, as_of)
        })
        .await?;
    Ok(Json(out))
}

/// 组织概况 F3 · Compounds with a committee in office, compounds under contract, companies, as of a day
#[utoipa::path(get, path = "/areas/{code}/organisations", tag = "organisations",
    security(("bearer" = ["organisations:read"])),
    params(("code" = AreaCode, Path, description = "区划、小区的区域代码"), AsOfQuery),
    responses((status = 200, description = "概况 · The figures", body = OrganisationFiguresOut)))]
pub async fn get_area_organisations(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(asked): ValidQuery<AsOfQuery>,
) -> Result<Json<OrganisationFiguresOut>> {
    let as_of = asked.as_of.unwrap_or(app.clock.today());
    let out = app
        .db
        .read(move |c| {
            check_area(c, &who.visible(), &code)?;
            Ok(OrganisationFiguresOut {
                area: code.to_string(),
                as_of,
                committee_coverage: store::count_committees(c, &code, as_of)?,
                contracted_compounds: store::count_active_contracts(c, &code, as_of)?,
                companies: store::count_companies(c, &code, as_of)?,
            })
        })
        .await?;
    Ok(Json(out))
}
