//! Exports: every row of a filter, streamed in keyset pages, so that memory stays the same however long the list.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use futures_util::{Stream, stream};
use platform::auth::Visible;
use platform::db::Conn;
use platform::{App, Error, Result};
use serde::Serialize;
use serde_json::json;

use crate::territory::dto::{CompoundQuery, GridOut, GridQuery};
use crate::territory::import::{CompoundRecord, GridRecord};
use crate::territory::store::{Listing, compound_lists, compounds, grids};

/// Rows read at a time.
const CHUNK: i64 = 500;

/// What has been sent so far.
enum At {
    Start,
    Behind(String),
    End,
}

/// A stream of chunks: `read` fetches the rows behind a key, `write` turns them into bytes (the flag marks the first
/// chunk), and `last` follows the last row.
fn chunks<R, F, W>(app: Data<App>, read: F, write: W, last: &'static str) -> impl Stream<Item = Result<Bytes>>
where
    R: Send + 'static,
    F: Fn(&mut Conn, Option<&str>) -> Result<Vec<(String, R)>> + Clone + Send + 'static,
    W: Fn(bool, &[(String, R)]) -> Result<Vec<u8>> + Clone + 'static,
{
    stream::try_unfold(At::Start, move |at| {
        let (app, read, write) = (app.clone(), read.clone(), write.clone());
        async move {
            let (first, after) = match at {
                At::Start => (true, None),
                At::Behind(key) => (false, Some(key)),
                At::End => return Ok(None),
            };
            let rows = app.db.read(move |c| read(c, after.as_deref())).await?;
            let mut bytes = write(first, &rows)?;
            let next = match rows.into_iter().next_back() {
                Some((key, _)) => At::Behind(key),
                None => {
                    bytes.extend_from_slice(last.as_bytes());
                    At::End
                }
            };
            Ok(Some((Bytes::from(bytes), next)))
        }
    })
}

fn download(kind: &str, name: &str, body: impl Stream<Item = Result<Bytes>> + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind.to_owned()))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(body)
}

/// CSV rows, with the header in front of the first.
fn csv_rows<T: Serialize>(first: bool, header: &[&str], rows: impl Iterator<Item = T>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    if first {
        writer.write_record(header).map_err(Error::internal)?;
    }
    for row in rows {
        writer.serialize(row).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|e| Error::internal(e.to_string()))
}

pub(super) fn grids_as_csv(app: Data<App>, visible: Visible, filter: GridQuery) -> HttpResponse {
    let body = chunks(
        app.clone(),
        move |c, after| {
            // By tier, so that an import finds each grid's parent before it.
            let after = after.and_then(|key| key.split_once(' ')).map(|(level, code)| Ok((level.parse()?, code)));
            let after = after.transpose().map_err(|e: std::num::ParseIntError| Error::internal(e))?;
            let rows = grids::list_by_tier(c, &visible, after, CHUNK, (&filter, app.clock.today()))?;
            let parents = grids::parent_codes(c, &rows)?;
            let record = |row: grids::GridRow| (format!("{} {}", row.level, row.code), GridRecord::of(row, &parents));
            Ok(rows.into_iter().map(record).collect())
        },
        |first, rows| csv_rows(first, GridRecord::HEADER, rows.iter().map(|(_, record)| record)),
        "",
    );
    download("text/csv; charset=utf-8", "grids.csv", body)
}

pub(super) fn compounds_as_csv(app: Data<App>, visible: Visible, filter: CompoundQuery) -> HttpResponse {
    let body = chunks(
        app.clone(),
        move |c, after| {
            let rows = compound_lists::list(c, &visible, (after, CHUNK), &filter, app.clock.today())?;
            let evidence = compounds::evidence_of(c, &rows)?;
            let record = |(row, _): (compounds::CompoundRow, String)| {
                (row.area_code.clone(), CompoundRecord::of(row, &evidence))
            };
            Ok(rows.into_iter().map(record).collect())
        },
        |first, rows| csv_rows(first, CompoundRecord::HEADER, rows.iter().map(|(_, record)| record)),
        "",
    );
    download("text/csv; charset=utf-8", "compounds.csv", body)
}

pub(super) fn grids_as_geojson(app: Data<App>, visible: Visible, filter: GridQuery) -> HttpResponse {
    let body = chunks(
        app.clone(),
        move |c, after| {
            let rows = grids::list_mapped(c, Listing::behind(&visible, after, CHUNK), &filter, app.clock.today())?;
            Ok(rows.into_iter().map(|row| (row.code.clone(), GridOut::from(row))).collect())
        },
        feature_bytes,
        "]}",
    );
    download("application/geo+json", "grids.geojson", body)
}

/// Features with the grid's members as properties; a comma goes before each but the very first.
fn feature_bytes(first: bool, rows: &[(String, GridOut)]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if first {
        bytes.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
    }
    for (i, (_, grid)) in rows.iter().enumerate() {
        if !(first && i == 0) {
            bytes.push(b',');
        }
        let mut properties = serde_json::to_value(grid).map_err(Error::internal)?;
        let polygon = properties.as_object_mut().and_then(|members| members.remove("polygon"));
        let feature = json!({ "type": "Feature", "id": grid.code, "geometry": polygon, "properties": properties });
        serde_json::to_writer(&mut bytes, &feature).map_err(Error::internal)?;
    }
    Ok(bytes)
}
