//! The catalogue, statistics and series.

use actix_web::web::{Data, Json};
use platform::auth::{Actor, AreaCode, Scope as AuthScope};
use platform::db::Ts;
use platform::http::{Mount, Path, ValidQuery};
use platform::rollups::Period;
use platform::{App, Error, Result, handler};

use crate::statistics::dto::{CatalogueOut, FigureSeriesOut, SeriesQuery, StatisticsOut, StatisticsQuery};
use crate::statistics::rules::asked::Asked;
use crate::statistics::rules::catalogue::{self, entry};
use crate::statistics::rules::series::steps;
use crate::statistics::store::{Scope, check_known, series, statistics};
use crate::statistics::{FigureCatalogueRead, StatisticsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(get_figure_catalogue))
        .service(handler!(get_area_statistics))
        .service(handler!(get_area_series));
}

/// 指标目录 · Each figure with its formula, what feeds it, its unit and its source, and how it may be told apart
#[utoipa::path(get, path = "/statistics/catalogue", tag = "statistics", security(("bearer" = ["figure_catalogue:read"])),
    responses((status = 200, description = "目录 · The catalogue", body = CatalogueOut)))]
pub async fn get_figure_catalogue(_: Actor<FigureCatalogueRead>) -> Json<CatalogueOut> {
    Json(catalogue::told())
}

/// What an area is looked at with: everything up to a day.
fn scope(app: &App, area: AreaCode, period: Period, as_of: chrono::NaiveDate) -> Scope {
    let (now, today): (Ts, _) = (app.clock.now(), app.clock.today());
    Scope { area, period, as_of, now, today }
}

/// Statistics of an area that the caller sees.
pub(super) async fn statistics_of<S: AuthScope>(
    who: &Actor<S>,
    app: &App,
    area: &AreaCode,
    query: &StatisticsQuery,
) -> Result<StatisticsOut> {
    who.visible().check(area.as_str())?;
    let asked = Asked::of(query, area, app.clock.today())?;
    let scope = scope(app, area.clone(), asked.period, asked.as_of);
    app.db
        .read(move |c| {
            check_known(c, &scope.area)?;
            statistics::of_area(c, &scope, &asked)
        })
        .await
}

/// A series of an area that the caller sees.
pub(super) async fn series_of<S: AuthScope>(
    who: &Actor<S>,
    app: &App,
    area: &AreaCode,
    query: &SeriesQuery,
) -> Result<FigureSeriesOut> {
    who.visible().check(area.as_str())?;
    let entry = entry(query.figure).ok_or_else(|| Error::internal("a figure without an entry"))?;
    let steps = steps((query.from, query.to), query.step, app.clock.today())?;
    let (scope, query) = (scope(app, area.clone(), Period { from: query.from, to: query.to }, query.to), query.clone());
    app.db
        .read(move |c| {
            check_known(c, &scope.area)?;
            series::of_area(c, &scope, entry, &query, &steps)
        })
        .await
}

/// 区域统计 · Figures of an area as of a day, each with both of its parts; by the areas below, by category or by company where that
/// makes sense; beside the year before and what was published
#[utoipa::path(get, path = "/areas/{code}/statistics", tag = "statistics", security(("bearer" = ["statistics:read"])),
    params(("code" = AreaCode, Path, description = "区划或小区的区域代码"), StatisticsQuery),
    responses((status = 200, description = "统计 · The statistics", body = StatisticsOut)))]
pub async fn get_area_statistics(
    who: Actor<StatisticsRead>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(query): ValidQuery<StatisticsQuery>,
) -> Result<Json<StatisticsOut>> {
    Ok(Json(statistics_of(&who, &app, &code, &query).await?))
}

/// 时间序列 · One figure by day, week, month, quarter or year; year on year where asked
#[utoipa::path(get, path = "/areas/{code}/statistics/series", tag = "statistics",
    security(("bearer" = ["statistics:read"])),
    params(("code" = AreaCode, Path, description = "区划或小区的区域代码"), SeriesQuery),
    responses((status = 200, description = "序列 · The series", body = FigureSeriesOut)))]
pub async fn get_area_series(
    who: Actor<StatisticsRead>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(query): ValidQuery<SeriesQuery>,
) -> Result<Json<FigureSeriesOut>> {
    Ok(Json(series_of(&who, &app, &code, &query).await?))
}
