//! What anybody reads and checks of the lists.

use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use platform::auth::Visitor;
use platform::http::{Document, IfNoneMatch, Mount, Path, ValidQuery};
use platform::secrets::fingerprint;
use platform::table::csv_rows;
use platform::{App, Error, Result, handler};
use serde::Serialize;

use crate::standings::dto::{
    ListKind, ListingId, ListingStatus, PublicListingOut, PublicListingsOut, PublicListingsQuery, StandingProofOut,
};
use crate::standings::store::public as store;

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_public_listings))
        .service(handler!(export_public_listings))
        .service(handler!(get_public_listing))
        .service(handler!(prove_listing));
}

/// How an entry stands goes by the day, so nothing of it is known to be still true without a look.
fn by_the_day(bytes: String, content_type: &'static str, seen: &IfNoneMatch) -> Document {
    let tag = fingerprint(bytes.as_bytes());
    let bytes = (!seen.has(&tag)).then_some(bytes);
    Document { bytes, content_type, tag, of_rows: false }
}

fn json(told: &impl Serialize, seen: &IfNoneMatch) -> Result<Document> {
    let bytes = serde_json::to_string(told).map_err(Error::internal)?;
    Ok(by_the_day(bytes, "application/json", seen))
}

async fn all(app: &App, query: PublicListingsQuery) -> Result<PublicListingsOut> {
    let today = app.clock.today();
    app.db.read(move |c| store::list(c, &query, today)).await
}

/// 公布的名单 · All that is published below an area, as frozen, with how each entry stands today
#[utoipa::path(get, path = "/public/listings", tag = "standings", security(()),
    params(PublicListingsQuery, IfNoneMatch),
    responses((status = 200, description = "公布的名单 · The lists", body = PublicListingsOut)))]
pub async fn list_public_listings(
    _: Visitor,
    app: Data<App>,
    ValidQuery(query): ValidQuery<PublicListingsQuery>,
    seen: IfNoneMatch,
) -> Result<Document> {
    json(&all(&app, query).await?, &seen)
}

const COLUMNS: &[&str] = &[
    "list",
    "organisation_name",
    "status",
    "ground_code",
    "ground",
    "reason",
    "decision_no",
    "published_on",
    "valid_to",
    "ended_on",
    "content_hash",
];

#[derive(Serialize)]
struct Line<'a> {
    list: ListKind,
    organisation_name: &'a str,
    status: ListingStatus,
    ground_code: &'a str,
    ground: &'a str,
    reason: &'a str,
    decision_no: &'a str,
    published_on: NaiveDate,
    valid_to: NaiveDate,
    ended_on: Option<NaiveDate>,
    content_hash: &'a str,
}

impl<'a> Line<'a> {
    fn of(told: &'a PublicListingOut) -> Self {
        let PublicListingOut { status, ended_on, content_hash, proof: _, snapshot } = told;
        Self {
            list: snapshot.list,
            organisation_name: &snapshot.organisation_name,
            status: *status,
            ground_code: &snapshot.ground.code,
            ground: &snapshot.ground.zh,
            reason: &snapshot.reason,
            decision_no: &snapshot.decision_no,
            published_on: snapshot.published_on,
            valid_to: snapshot.valid_to,
            ended_on: *ended_on,
            content_hash,
        }
    }
}

/// 导出公布的名单 · The same as a table
#[utoipa::path(get, path = "/public/listings/export", tag = "standings", security(()),
    params(PublicListingsQuery, IfNoneMatch),
    responses((status = 200, description = "名单表 · The table", body = String, content_type = "text/csv")))]
pub async fn export_public_listings(
    _: Visitor,
    app: Data<App>,
    ValidQuery(query): ValidQuery<PublicListingsQuery>,
    seen: IfNoneMatch,
) -> Result<Document> {
    let told = all(&app, query).await?;
    let table = csv_rows(true, COLUMNS, told.listings.iter().map(Line::of))?;
    let table = String::from_utf8(table).map_err(Error::internal)?;
    Ok(by_the_day(table, "text/csv; charset=utf-8", &seen))
}

/// 公布的名单条目 · One published entry
#[utoipa::path(get, path = "/public/listings/{id}", tag = "standings", security(()),
    params(("id" = ListingId, Path), IfNoneMatch),
    responses((status = 200, description = "条目 · The entry", body = PublicListingOut)))]
pub async fn get_public_listing(
    _: Visitor,
    app: Data<App>,
    id: Path<ListingId>,
    seen: IfNoneMatch,
) -> Result<Document> {
    let today = app.clock.today();
    let told = app.db.read(move |c| store::find(c, *id, today)).await?;
    json(&told, &seen)
}

/// 名单存证 · Whether a published entry is still what was published, by its hash in the hash-chained history
#[utoipa::path(get, path = "/public/listings/{id}/proof", tag = "standings", security(()),
    params(("id" = ListingId, Path)),
    responses((status = 200, description = "存证 · The proof", body = StandingProofOut)))]
pub async fn prove_listing(_: Visitor, app: Data<App>, id: Path<ListingId>) -> Result<Json<StandingProofOut>> {
    Ok(Json(app.db.read(move |c| store::prove(c, *id)).await?))
}
