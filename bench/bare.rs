//! The bare server: actix, a token check, a prepared statement on a blocking thread, JSON. Nothing else.

use std::net::SocketAddr;

use actix_web::http::header;
use actix_web::web::{self, Data, Path, Query};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use platform::auth::Tokens;
use platform::clock::Clock;
use platform::db::Range;
use red_steward::config::Config;
use red_steward::start;
use serde::Deserialize;

use crate::case_row::Items;
use crate::graph::Graph;
use crate::meetings::{MeetingSource, Meetings};
use crate::overview::DAYS;
use crate::pg::{self, Postgres};
use crate::row::{CaseSource, NewCase, Page, Source};
use crate::sqlite::{self, Sqlite};

pub fn serve(bind: SocketAddr, config: &Config) -> Result<(), String> {
    let (shared, _) = start::shared(config, crate::open(config)?, Clock::System)?;
    let tokens = shared.app.tokens.clone();
    drop(shared);
    if let Some(path) = config.database_url.strip_prefix("sqlite://") {
        sqlite::PATH.set(path.to_owned()).map_err(|_| "set twice")?;
        run::<Sqlite>(bind, config, tokens)
    } else {
        pg::URL.set(config.database_url.clone()).map_err(|_| "set twice")?;
        run::<Postgres>(bind, config, tokens)
    }
}

fn run<S: Source + CaseSource + MeetingSource>(
    bind: SocketAddr,
    config: &Config,
    tokens: Tokens,
) -> Result<(), String> {
    let workers = config.worker_count();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(tokens.clone()))
            .route("/static", web::get().to(fixed))
            .route("/v1/compounds", web::get().to(list::<S>))
            .route("/v1/compounds/{id}", web::get().to(by_id::<S>))
            .route("/v1/cases", web::get().to(cases::<S>))
            .route("/v1/cases", web::post().to(insert::<S>))
            .route("/v1/cases/{id}", web::get().to(case::<S>))
            .route("/v1/desk/to_dispatch", web::get().to(desk::<S>))
            .route("/v1/meetings", web::get().to(meetings::<S>))
            .route("/bare/minutes", web::post().to(keep::<S>))
            .route("/v1/survey-invitations/{token}/answers", web::post().to(answer::<S>))
            .route("/v1/areas/{code}/cross-appointments", web::get().to(graph::<S>))
            .route("/v1/areas/{code}/overview", web::get().to(overview::<S>))
            .route("/v1/public/rankings/{id}", web::get().to(ranking::<S>))
    });
    let server = server
        .workers(workers)
        .worker_max_blocking_threads((config.database_pool as usize).div_ceil(workers))
        .bind(bind)
        .map_err(|e| e.to_string())?;
    actix_web::rt::System::new().block_on(server.run()).map_err(|e| e.to_string())
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
}

fn admitted(request: &HttpRequest) -> bool {
    let tokens = request.app_data::<Data<Tokens>>();
    bearer(request).zip(tokens).is_some_and(|(token, tokens)| tokens.verify(token).is_ok())
}

/// As many bytes as a 304 saves.
const FIXED: &str = r#"{"id":"019b0000-0000-7000-8000-000000000000","name":"幸福花园1期","version":1}"#;

/// Whether the bench script may be asked is what the launch probe wants to know, so no token is no error here.
async fn fixed(request: HttpRequest) -> HttpResponse {
    let checked = admitted(&request);
    HttpResponse::Ok()
        .insert_header(("x-admitted", if checked { "1" } else { "0" }))
        .content_type("application/json")
        .body(FIXED)
}

#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::read is measured against")]
async fn by_id<S: Source>(request: HttpRequest, id: Path<uuid::Uuid>) -> HttpResponse {
    if !admitted(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    match web::block(move || S::by_id(*id)).await {
        Ok(Ok(Some(compound))) => HttpResponse::Ok().json(compound),
        Ok(Ok(None)) => HttpResponse::NotFound().finish(),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

#[derive(Deserialize)]
struct Area {
    area: String,
}

#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::read is measured against")]
async fn list<S: Source>(request: HttpRequest, query: Query<Area>) -> HttpResponse {
    if !admitted(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    let Range { from, to } = Range::under(&query.area);
    match web::block(move || S::list(&from, &to)).await {
        Ok(Ok(rows)) => HttpResponse::Ok().json(Page::of(rows)),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

#[derive(Deserialize)]
struct Day {
    as_of: NaiveDate,
}

#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::read is measured against")]
async fn graph<S: Source>(request: HttpRequest, area: Path<String>, day: Query<Day>) -> HttpResponse {
    if !admitted(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    let (Range { from, to }, on) = (Range::under(&area), day.as_of);
    match web::block(move || S::graph(&from, &to, on)).await {
        Ok(Ok((nodes, edges))) => HttpResponse::Ok().json(Graph::of(area.into_inner(), on.to_string(), nodes, edges)),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

/// Counted anew for everybody who asks.
#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::read is measured against")]
async fn overview<S: CaseSource>(request: HttpRequest, area: Path<String>) -> HttpResponse {
    if !admitted(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    let (Range { from, to }, since) = (Range::under(&area), Utc::now() - Duration::days(DAYS));
    match web::block(move || S::counted((&from, &to), since)).await {
        Ok(Ok(groups)) => HttpResponse::Ok().json(groups),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

/// For anybody, as it was frozen.
#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::read is measured against")]
async fn ranking<S: Source>(id: Path<uuid::Uuid>) -> HttpResponse {
    match web::block(move || S::ranking(*id)).await {
        Ok(Ok(Some((hash, document)))) => HttpResponse::Ok()
            .insert_header((header::ETAG, format!("\"{hash}\"")))
            .content_type("application/json")
            .body(document),
        Ok(Ok(None)) => HttpResponse::NotFound().finish(),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::read is measured against")]
async fn case<S: CaseSource>(request: HttpRequest, id: Path<uuid::Uuid>) -> HttpResponse {
    if !admitted(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    match web::block(move || S::case(*id)).await {
        Ok(Ok(Some(case))) => HttpResponse::Ok().json(case),
        Ok(Ok(None)) => HttpResponse::NotFound().finish(),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::read is measured against")]
async fn cases<S: CaseSource>(request: HttpRequest, query: Query<Area>) -> HttpResponse {
    if !admitted(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    match web::block(move || S::cases(&query.area)).await {
        Ok(Ok(items)) => HttpResponse::Ok().json(Items::of(items)),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

/// Of the community that the token is for: what is accepted or was returned, as two runs, as the server reads them.
#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::read is measured against")]
async fn desk<S: CaseSource>(request: HttpRequest) -> HttpResponse {
    let Some(community) = community(&request) else { return HttpResponse::Unauthorized().finish() };
    match web::block(move || Ok::<_, String>((S::desk(&community, "accepted")?, S::desk(&community, "returned")?)))
        .await
    {
        Ok(Ok((accepted, returned))) => HttpResponse::Ok().json(Items::of_both(accepted, returned)),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

fn community(request: &HttpRequest) -> Option<String> {
    let principal = request.app_data::<Data<Tokens>>()?.verify(bearer(request)?).ok()?;
    principal.grants().first().map(|grant| grant.area.to_string())
}

#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::write is measured against")]
async fn insert<S: CaseSource>(request: HttpRequest, new: web::Json<NewCase>) -> HttpResponse {
    if !admitted(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    match web::block(move || S::insert(&new)).await {
        Ok(Ok(id)) => HttpResponse::Created().json(serde_json::json!({ "id": id })),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

#[derive(Deserialize)]
struct Span {
    area: String,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::read is measured against")]
async fn meetings<S: MeetingSource>(request: HttpRequest, query: Query<Span>) -> HttpResponse {
    if !admitted(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    let Range { from, to } = Range::under(&query.area);
    match web::block(move || S::meetings((&from, &to), (query.from, query.to))).await {
        Ok(Ok(rows)) => HttpResponse::Ok().json(Meetings::of(rows)),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::write is measured against")]
async fn keep<S: MeetingSource>(request: HttpRequest, document: web::Bytes) -> HttpResponse {
    if !admitted(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    let kept = web::block(move || S::keep(std::str::from_utf8(&document).map_err(|e| e.to_string())?)).await;
    match kept {
        Ok(Ok(())) => HttpResponse::Ok().finish(),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

/// Nobody is asked who they are: a token is what the server looks up, and this one does not.
#[expect(clippy::disallowed_methods, reason = "the bare handler is what Db::write is measured against")]
async fn answer<S: CaseSource>(sheet: web::Json<serde_json::Value>) -> HttpResponse {
    match web::block(move || S::answer(&sheet)).await {
        Ok(Ok(())) => HttpResponse::NoContent().finish(),
        _ => HttpResponse::InternalServerError().finish(),
    }
}
