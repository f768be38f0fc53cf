//! 检查指标.

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::http::{Mount, Path, ValidQuery};
use platform::{App, Result, handler};
use registry::territory::dto::CompoundId;
use registry::territory::store::compounds;

use crate::standards::CheckFiguresRead;
use crate::standards::dto::{AreaCheckFiguresOut, AreaCheckFiguresQuery, AsOfQuery, CompoundCheckFiguresOut};
use crate::standards::store::figures;

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(get_area_check_figures)).service(handler!(get_compound_check_figures));
}

/// 区域检查指标 · Pass rates and scores of an area, of the last submitted check of each compound and kind
#[utoipa::path(get, path = "/check-figures", tag = "standards", security(("bearer" = ["check_figures:read"])),
    params(AreaCheckFiguresQuery),
    responses((status = 200, description = "检查指标 · The figures", body = AreaCheckFiguresOut)))]
pub async fn get_area_check_figures(
    who: Actor<CheckFiguresRead>,
    app: Data<App>,
    ValidQuery(query): ValidQuery<AreaCheckFiguresQuery>,
) -> Result<Json<AreaCheckFiguresOut>> {
    let as_of = query.as_of.unwrap_or(app.clock.today());
    let read = app.db.read(move |c| {
        who.visible().to_compounds().check(query.area.as_str())?;
        figures::of_area(c, &query.area, as_of)
    });
    Ok(Json(read.await?))
}

/// 小区检查指标 · Pass rates and scores of a compound, kind by kind, as of a day
#[utoipa::path(get, path = "/compounds/{id}/check-figures", tag = "standards",
    security(("bearer" = ["check_figures:read"])),
    params(("id" = CompoundId, Path), AsOfQuery),
    responses((status = 200, description = "检查指标 · The figures", body = CompoundCheckFiguresOut)))]
pub async fn get_compound_check_figures(
    who: Actor<CheckFiguresRead>,
    app: Data<App>,
    id: Path<CompoundId>,
    ValidQuery(query): ValidQuery<AsOfQuery>,
) -> Result<Json<CompoundCheckFiguresOut>> {
    let as_of = query.as_of.unwrap_or(app.clock.today());
    let read = app.db.read(move |c| {
        let compound = compounds::find(c, &who.visible().to_compounds(), *id)?;
        figures::of_compound(c, &compound, as_of)
    });
    Ok(Json(read.await?))
}
