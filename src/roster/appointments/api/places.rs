use actix_web::web::{Data, Json};
use platform::auth::{Actor, AreaCode, AreaLevel, Visible};
use platform::http::ValidQuery;
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};

use crate::appointments::dto::{AsOfQuery, FiguresOut, GraphOut};
use crate::appointments::store::{figures, queries, stands};
use crate::appointments::{AppointmentsRead, FiguresRead, rules};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(get_area_figures)).service(handler!(get_area_graph));
}

/// 区域指标 · The figures of an area on a day, each with its parts: counted, never typed in
#[utoipa::path(get, path = "/areas/{code}/figures", tag = "appointments", security(("bearer" = ["figures:read"])),
    params(("code" = AreaCode, Path, description = "网格除外的任一区域代码"), AsOfQuery),
    responses((status = 200, description = "指标 · The figures", body = FiguresOut)))]
pub async fn get_area_figures(
    who: Actor<FiguresRead>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(asked): ValidQuery<AsOfQuery>,
) -> Result<Json<FiguresOut>> {
    let on = asked.as_of.unwrap_or(app.clock.today());
    let out = app
        .db
        .read(move |c| {
            who.visible().check(code.as_str())?;
            if code.level() == AreaLevel::Grid || code.level() == AreaLevel::Country || !stands(c, &code)? {
                return Err(Error::NotFound);
            }
            figures::figures(c, &code, on)
        })
        .await?;
    Ok(Json(out))
}

/// 双向图 · The organisations of an area and the cross-appointments between them on a day
#[utoipa::path(get, path = "/areas/{code}/cross-appointments", tag = "appointments",
    security(("bearer" = ["appointments:read"])),
    params(("code" = AreaCode, Path, description = "任一区域代码"), AsOfQuery),
    responses((status = 200, description = "双向图 · The graph", body = GraphOut)))]
pub async fn get_area_graph(
    who: Actor<AppointmentsRead>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(asked): ValidQuery<AsOfQuery>,
) -> Result<Json<GraphOut>> {
    let on = asked.as_of.unwrap_or(app.clock.today());
    let out = app
        .db
        .read(move |c| {
            who.visible().check(code.as_str())?;
            let (nodes, edges) = queries::graph(c, &Visible::of([code.clone()]), on)?;
            let ends: Vec<_> = edges.iter().map(|edge| (edge.from, edge.to)).collect();
            let two_way_pairs = rules::two_way_pairs(&ends);
            Ok(GraphOut { area: code.to_string(), as_of: on, nodes, edges, two_way_pairs })
        })
        .await?;
    Ok(Json(out))
}
