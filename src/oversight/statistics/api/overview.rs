//! The dashboard.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder};
use platform::auth::{Actor, AreaCode};
use platform::http::{IfNoneMatch, Mount, OfRows, Path, ValidQuery};
use platform::{App, Result, handler};

use crate::statistics::StatisticsRead;
use crate::statistics::dto::{OverviewOut, OverviewQuery};
use crate::statistics::rules::asked::fields;
use crate::statistics::store::boards::{Board, Boards, Question};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(get_area_overview));
}

/// Days that figures are of where nobody says.
const DAYS: u16 = 30;

/// A browser may show what it has for as long as a dashboard waits before it asks again.
const CACHED: &str = "private, max-age=5, stale-while-revalidate=15";
const POLL_INTERVAL: HeaderName = HeaderName::from_static("x-poll-interval");
const POLL_SECONDS: u8 = 15;

/// What is polled; without its bytes where the caller has them.
pub struct Polled {
    board: Arc<Board>,
    unchanged: bool,
}

impl Responder for Polled {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let status = if self.unchanged { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        let mut response = HttpResponse::build(status);
        response
            .insert_header((header::ETAG, format!("\"{}\"", self.board.tag)))
            .insert_header((header::CACHE_CONTROL, CACHED))
            .insert_header((POLL_INTERVAL, POLL_SECONDS.to_string()));
        if self.unchanged {
            let mut response = response.finish();
            OfRows::until(self.board.fresh_until).mark(&mut response);
            return response;
        }
        response.content_type("application/json").body(self.board.body.clone())
    }
}

/// 区域概览 · A whole dashboard in one answer: open cases and clocks, figures, meetings, stars, ranking, the areas below and thirty
/// days. To be polled with the `ETag` that one has: an unchanged area costs one indexed read
#[utoipa::path(get, path = "/areas/{code}/overview", tag = "statistics", security(("bearer" = ["statistics:read"])),
    params(("code" = AreaCode, Path, description = "区划或小区的区域代码"), OverviewQuery, IfNoneMatch),
    responses((status = 200, description = "概览 · The overview", body = OverviewOut,
        headers(("X-Poll-Interval" = i32, description = "建议轮询间隔 (秒) · Seconds to wait before asking again")))))]
pub async fn get_area_overview(
    who: Actor<StatisticsRead>,
    app: Data<App>,
    boards: Data<Boards>,
    code: Path<AreaCode>,
    seen: IfNoneMatch,
    ValidQuery(query): ValidQuery<OverviewQuery>,
) -> Result<Polled> {
    who.visible().check(code.as_str())?;
    let fields = fields(query.fields.as_deref())?;
    let question = Question { area: code.clone(), days: query.days.unwrap_or(DAYS), fields };
    let board = boards.answer(&app, question).await?;
    Ok(Polled { unchanged: seen.has(&board.tag), board })
}
