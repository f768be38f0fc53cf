//! Statistics and series as tables, for those who go on in a spreadsheet.

use actix_web::HttpResponse;
use actix_web::web::Data;
use platform::auth::{Actor, AreaCode};
use platform::http::{Mount, Path, ValidQuery};
use platform::{App, Result, handler};

use super::figures::{series_of, statistics_of};
use crate::statistics::StatisticsExport;
use crate::statistics::dto::{SeriesExportQuery, StatisticsExportQuery};
use crate::statistics::rules::tables::{of_series, of_statistics};
use crate::statistics::sheets::answer;

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(export_area_statistics)).service(handler!(export_area_series));
}

/// 导出区域统计 · The statistics of an area as a table, CSV or an Excel workbook
#[utoipa::path(get, path = "/areas/{code}/statistics/export", tag = "statistics",
    security(("bearer" = ["statistics:export"])),
    params(("code" = AreaCode, Path, description = "区划或小区的区域代码"), StatisticsExportQuery),
    responses((status = 200, description = "统计表 · The table", body = String, content_type = "text/csv")))]
pub async fn export_area_statistics(
    who: Actor<StatisticsExport>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(query): ValidQuery<StatisticsExportQuery>,
) -> Result<HttpResponse> {
    let (format, query) = query.parts();
    let told = statistics_of(&who, &app, &code, &query).await?;
    answer(format, "statistics", &of_statistics(&told)).await
}

/// 导出时间序列 · A series as a table, CSV or an Excel workbook
#[utoipa::path(get, path = "/areas/{code}/statistics/series/export", tag = "statistics",
    security(("bearer" = ["statistics:export"])),
    params(("code" = AreaCode, Path, description = "区划或小区的区域代码"), SeriesExportQuery),
    responses((status = 200, description = "序列表 · The table", body = String, content_type = "text/csv")))]
pub async fn export_area_series(
    who: Actor<StatisticsExport>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(query): ValidQuery<SeriesExportQuery>,
) -> Result<HttpResponse> {
    let (format, query) = query.parts();
    let told = series_of(&who, &app, &code, &query).await?;
    answer(format, "series", &of_series(&told)).await
}
