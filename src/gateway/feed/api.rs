//! Handlers.

use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::http::header::{self, EntityTag, Header, IfNoneMatch};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder};
use platform::auth::{Actor, AreaCode, AreaLevel, Visible, Visitor, principal_of};
use platform::error::{At, FieldError, wire};
use platform::http::{Path, ValidQuery, is_head};
use platform::{App, Error, Result, screen};
use registry::territory::store::divisions;
use tokio::time::{Instant, timeout_at};

use super::EventsRead;
use super::dto::{FeedEventOut, FeedPage, FeedQuery, ScreenItemOut, ScreenOut, ScreenQuery, StreamQuery};
use super::hub::Feed;
use super::rules::Position;

const LAST_EVENT_ID: &str = "last-event-id";
/// What one answer of a poll may read through, so that a reader who sees little is not kept waiting.
const READ_THROUGH: usize = 5_000;
const MOST_ITEMS: u32 = 100;
const SCREEN_ITEMS: u32 = 20;
/// Seconds between two polls of a screen.
const SCREEN_EVERY: &str = "10";

fn position(text: &str, at: At) -> Result<Position> {
    let fault = FieldError::new(at, "invalid_value", "不是有效的位置", "is no position");
    text.trim().parse().map_err(|_| Error::Malformed(&wire::BAD_PARAMETER, vec![fault]))
}

/// 事件 · What has happened since
///
/// 供不能保持事件流的客户端使用; 没有事件时最多等待 `wait` 秒。For clients that cannot hold a stream; where nothing has happened it
/// waits for up to `wait` seconds.
#[utoipa::path(get, path = "/events", tag = "feed", security(("bearer" = ["events:read"])), params(FeedQuery),
    responses((status = 200, description = "一段事件 · What came behind", body = FeedPage)))]
pub async fn list_events(
    _: Actor<EventsRead>,
    app: Data<App>,
    feed: Data<Feed>,
    request: HttpRequest,
    ValidQuery(query): ValidQuery<FeedQuery>,
) -> Result<HttpResponse> {
    let until = Instant::now() + Duration::from_secs(query.wait.unwrap_or(0).into());
    let named = query.after.as_deref().map(|text| position(text, At::Parameter("after".into()))).transpose()?;
    let limit = usize::try_from(query.limit.unwrap_or(MOST_ITEMS)).unwrap_or(1);
    let page = page(&request, (&app, &feed), named, (limit, until)).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(page))
}

async fn page(
    request: &HttpRequest,
    (app, feed): (&App, &Feed),
    named: Option<Position>,
    (limit, until): (usize, Instant),
) -> Result<FeedPage> {
    let principal = principal_of(request).ok_or(Error::Unauthenticated)?;
    let lens = feed.lens(&principal);
    let answer = |items: Vec<FeedEventOut>, next: Position, has_more| {
        Ok(FeedPage { items, next: next.to_string(), has_more, reset: false })
    };
    let Some(mut at) = feed.begin(app, named).await? else {
        let next = feed.end().to_string();
        return Ok(FeedPage { items: Vec::new(), next, has_more: false, reset: true });
    };
    let mut slot = None;
    let (mut news, mut read) = (feed.news(), 0);
    loop {
        news.mark_unchanged();
        let run = feed.run_behind(app, at).await?;
        read += run.events.len();
        let mut seen = feed.seen(app, &principal, &lens, run.events).await?;
        let cut = seen.len() > limit;
        seen.truncate(limit);
        at = match seen.last() {
            Some(last) if cut => last.position,
            _ => run.next,
        };
        let more = cut || run.more;
        if !seen.is_empty() || (more && read >= READ_THROUGH) {
            return answer(seen.iter().map(|thin| FeedEventOut::from(thin.as_ref())).collect(), at, more);
        }
        if more {
            continue;
        }
        if Instant::now() >= until || feed.is_closing() {
            return answer(Vec::new(), at, false);
        }
        if slot.is_none() {
            slot = Some(feed.slot(&principal)?);
        }
        // News or the end of the wait: either way it is looked once more.
        let _ = timeout_at(until, news.changed()).await;
    }
}

/// 事件流 · The same as server-sent events
///
/// `id` is the position, `event` the name, `data` the event. A first event `reset` says that what came behind the named
/// position is no longer kept: read anew what you show. The stream ends with the access token, the session, or a change of
/// the caller's roles; come again with a new token and `Last-Event-ID`. 令牌、会话或角色变更后事件流会结束, 请换新令牌并带上
/// `Last-Event-ID` 重新连接。
#[utoipa::path(get, path = "/events/stream", tag = "feed", security(("bearer" = ["events:read"])),
    params(StreamQuery, ("Last-Event-ID" = Option<String>, Header, description = "上次收到的位置 · The last position received", max_length = 33)),
    responses((status = 200, description = "事件流 · The stream", body = FeedEventOut, content_type = "text/event-stream")))]
pub async fn stream_events(
    _: Actor<EventsRead>,
    app: Data<App>,
    feed: Data<Feed>,
    request: HttpRequest,
    ValidQuery(query): ValidQuery<StreamQuery>,
) -> Result<HttpResponse> {
    let named = last_event(&request, query.last_event_id.as_deref())?;
    let principal = principal_of(&request).ok_or(Error::Unauthenticated)?;
    let expires_at = token_of(&request).and_then(|token| app.tokens.expiry_of(token)).ok_or(Error::InvalidToken)?;
    let stream = feed.listen(&app, (principal, expires_at), named).await?;
    let mut response = HttpResponse::Ok();
    response
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"));
    Ok(if is_head(&request) { response.finish() } else { response.streaming(Box::pin(stream)) })
}

/// The header comes first: a browser that comes again sends it beside the address that it was given at the beginning.
fn last_event(request: &HttpRequest, asked: Option<&str>) -> Result<Option<Position>> {
    let sent = request.headers().get(LAST_EVENT_ID).map(|value| value.to_str().unwrap_or_default());
    match sent.filter(|text| !text.is_empty()) {
        Some(text) => position(text, At::Header("Last-Event-ID".into())).map(Some),
        None => asked.map(|text| position(text, At::Parameter("last_event_id".into()))).transpose(),
    }
}

fn token_of(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?;
    let (_, token) = std::str::from_utf8(value.as_bytes()).ok()?.split_once(' ')?;
    Some(token.trim())
}

/// A screen's lines and what they are known by: the newest and the oldest, and how many, for they run out with time.
pub struct Screen {
    body: ScreenOut,
    tag: EntityTag,
}

impl Screen {
    fn of(rows: Vec<screen::ScreenRow>) -> Self {
        let at = |row: Option<&screen::ScreenRow>| row.map_or(0, |row| row.position);
        let tag = EntityTag::new_strong(format!("s{}.{}.{}", at(rows.first()), at(rows.last()), rows.len()));
        Self { body: ScreenOut { items: rows.into_iter().map(ScreenItemOut::from).collect() }, tag }
    }
}

impl Responder for Screen {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let has = match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&self.tag)),
            Err(_) => false,
        };
        let mut response = if has { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header(header::ETag(self.tag)).insert_header(("x-poll-interval", SCREEN_EVERY));
        if has { response.finish() } else { response.json(self.body) }
    }
}

/// 社区大屏 · What a community's public screens show, the newest first
///
/// 不含任何个人信息。请按 `X-Poll-Interval` 的秒数轮询, 并带上 `ETag`。Nothing of a person; poll it every `X-Poll-Interval` seconds
/// with the `ETag` at hand.
#[utoipa::path(get, path = "/screens/{community}/events", tag = "feed", security(()),
    params(("community" = String, Path, description = "社区代码 · The community's code", max_length = 12), ScreenQuery,
        ("If-None-Match" = Option<String>, Header, description = "已有的版本 · The version at hand", max_length = 200)),
    responses((status = 200, description = "大屏 · The screen", body = ScreenOut)))]
pub async fn list_screen_events(
    _: Visitor,
    app: Data<App>,
    community: Path<String>,
    ValidQuery(query): ValidQuery<ScreenQuery>,
) -> Result<Screen> {
    let community: AreaCode = community.parse().map_err(|_| Error::NotFound)?;
    if community.level() != AreaLevel::Community {
        return Err(Error::NotFound);
    }
    let (now, limit) = (app.clock.now(), query.limit.unwrap_or(SCREEN_ITEMS));
    let rows = app.db.read(move |c| {
        divisions::find(c, &Visible::everything(), community.as_str())?;
        screen::list(c, &community, now, limit.into())
    });
    Ok(Screen::of(rows.await?))
}
