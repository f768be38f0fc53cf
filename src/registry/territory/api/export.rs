//! Exports: every row of a filter, as a table or a map layer.

use actix_web::HttpResponse;
use actix_web::web::Data;
use platform::auth::Visible;
use platform::table::{CHUNK, chunks, csv_download, csv_rows, download};
use platform::{App, Error, Result};
use serde_json::json;

use crate::territory::dto::{CompoundOut, CompoundQuery, GridOut, GridQuery};
use crate::territory::import::{CompoundRecord, GridRecord};
use crate::territory::store::{Listing, compound_lists, compounds, grids, sizes};

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
    csv_download("grids.csv", body)
}

pub(super) fn compounds_as_csv(app: Data<App>, visible: Visible, filter: CompoundQuery) -> HttpResponse {
    let body = chunks(
        app.clone(),
        move |c, after| {
            let rows = compound_lists::list(c, &visible, (after, CHUNK), &filter, app.clock.today())?;
            let evidence = compounds::evidence_of(c, &rows)?;
            let record = |(row, _): (CompoundOut, String)| (row.area_code.clone(), CompoundRecord::of(row, &evidence));
            Ok(rows.into_iter().map(record).collect())
        },
        |first, rows| csv_rows(first, CompoundRecord::HEADER, rows.iter().map(|(_, record)| record)),
        "",
    );
    csv_download("compounds.csv", body)
}

pub(super) fn grids_as_geojson(app: Data<App>, visible: Visible, filter: GridQuery) -> HttpResponse {
    let body = chunks(
        app.clone(),
        move |c, after| {
            let rows = grids::list_mapped(c, Listing::behind(&visible, after, CHUNK), &filter, app.clock.today())?;
            let rows = sizes::judge_all(c, rows, app.clock.today())?;
            Ok(rows.into_iter().map(|row| (row.code.clone(), row)).collect())
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
