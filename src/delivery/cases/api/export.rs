//! Every case of a filter, as a file.

use actix_web::HttpResponse;
use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Mount, ValidQuery};
use platform::table::{CHUNK, chunks, csv_download, csv_rows, download};
use platform::{App, Error, Result, handler};

use crate::cases::CasesExport;
use crate::cases::dto::{CaseFilter, CaseRecord, ExportFormat, ExportQuery};
use crate::cases::store::sight::Sight;
use crate::cases::store::{By, export};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(export_cases));
}

/// 导出事件 · Every case of a filter, newest first, as a table or as lines of JSON
///
/// 不设上限,逐段读取;不含标题、内容与报事人,地点到楼栋为止。
/// Without a limit, read as it is sent; no titles, no words and no reporters, and no place nearer than the building.
#[utoipa::path(get, path = "/cases/export", tag = "cases", security(("bearer" = ["cases:export"])), params(ExportQuery),
    responses((status = 200, description = "全部导出 · The whole export",
        content((String = "text/csv"), (String = "application/x-ndjson")))))]
pub async fn export_cases(
    who: Actor<CasesExport>,
    app: Data<App>,
    ValidQuery(query): ValidQuery<ExportQuery>,
) -> HttpResponse {
    let format = query.format.unwrap_or(ExportFormat::Csv);
    let (sight, by, filter) = (Sight::by_place(&who), By::new(&app, who.id()), CaseFilter::from(query));
    let read = move |c: &mut platform::db::Conn, after: Option<&str>| {
        let rows = export::records(c, &sight, (after, CHUNK), &filter, &by)?;
        Ok(rows.into_iter().map(|(id, record)| (id.to_string(), record)).collect())
    };
    match format {
        ExportFormat::Csv => {
            let written = |first, rows: &[(String, CaseRecord)]| {
                csv_rows(first, CaseRecord::HEADER, rows.iter().map(|(_, record)| record))
            };
            csv_download("cases.csv", chunks(app, read, written, ""))
        }
        ExportFormat::Ndjson => {
            download("application/x-ndjson", "cases.ndjson", chunks(app, read, |_, rows| lines(rows), ""))
        }
    }
}

fn lines(rows: &[(String, CaseRecord)]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for (_, record) in rows {
        serde_json::to_writer(&mut bytes, record).map_err(Error::internal)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}
