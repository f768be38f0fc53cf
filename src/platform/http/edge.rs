//! The edge: what happens to every request before and after its handler, in two middlewares.
//!
//! [`guard`] is the outermost: request id, method twins, panics, problem bodies, security headers, log and metrics.
//! [`admit`] is inside it: it reads the token once and takes from the caller's rate budget.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use futures_util::FutureExt;
use ipnet::IpNet;
use uuid::Uuid;

use super::fresh::{Fresh, Poll, Unchanged};
use super::limiter::{Caller, Limiter, Standing};
use super::metrics::Metrics;
use super::problems::{Lang, Occasion, render};
use super::routes::{Found, Routes};
use crate::app::App;
use crate::auth::{authenticate, principal_of};
use crate::error::{Error, wire};

/// What the edge needs beside [`App`].
pub struct Edge {
    pub limiter: Limiter,
    pub metrics: Metrics,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    pub routes: &'static Routes,
    /// Patterns of routes under which the log names no caller: a line with a time and an account would tell whose the row is
    /// that appeared then.
    pub unnamed: &'static [&'static [&'static str]],
    pub fresh: Fresh,
}

impl Edge {
    fn names_no_caller_at(&self, route: &str) -> bool {
        let below = |root: &&str| route.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.unnamed.iter().copied().flatten().any(below)
    }

    /// A parameter of an operation that takes none is refused by its name, as those that do take some refuse what they do
    /// not know. What has no route, as the documentation's own pages, is for others to answer.
    fn check_query(&self, request: &ServiceRequest) -> Result<(), Error> {
        let extensions = request.extensions();
        let Some(Found { route, .. }) = extensions.get() else { return Ok(()) };
        if route.takes_query(request.method()) {
            return Ok(());
        }
        let query = request.query_string();
        let name = form_urlencoded::parse(query.as_bytes()).next().map(|(name, _)| name.into_owned());
        Err(Error::parameter(&name.unwrap_or_default(), "unknown_parameter", "未知的参数", "is not known"))
    }
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const METHOD_OVERRIDE: &str = "x-http-method-override";
const MAX_REQUEST_ID: usize = 128;

/// What is known of a request before its handler takes it.
struct Arrival {
    request_id: String,
    method: Method,
    path: String,
    lang: Lang,
    since: Instant,
}

impl Arrival {
    fn of(request: &ServiceRequest) -> Self {
        Self {
            request_id: request_id(request.headers()),
            method: request.method().clone(),
            path: request.path().to_owned(),
            lang: Lang::of(request.headers()),
            since: Instant::now(),
        }
    }
}

/// The caller's own id where it is well-formed, else a fresh one; never anything that could break a header or a log.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let plain = |id: &&str| {
        (1..=MAX_REQUEST_ID).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    given.filter(plain).map_or_else(|| Uuid::now_v7().simple().to_string(), str::to_owned)
}

/// Marks a HEAD, which handlers see as a GET.
struct HeadOnly;

/// Whether nobody will read the body: for a handler whose body would go on for ever.
pub fn is_head(request: &HttpRequest) -> bool {
    request.extensions().contains::<HeadOnly>()
}

/// HEAD is GET without the body (the connection drops it); POST may stand in for PATCH, which WeChat cannot send.
fn settle_method(request: &mut ServiceRequest) -> Result<(), Error> {
    if *request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
        request.extensions_mut().insert(HeadOnly);
    }
    let Some(wanted) = request.headers().get(METHOD_OVERRIDE) else { return Ok(()) };
    if *request.method() == Method::POST && wanted.as_bytes() == b"PATCH" {
        request.head_mut().method = Method::PATCH;
        return Ok(());
    }
    Err(Error::Malformed(&wire::BAD_METHOD_OVERRIDE, Vec::new()))
}

pub async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let arrival = Arrival::of(&request);
    let (app, edge) = (request.app_data::<Data<App>>().cloned(), request.app_data::<Data<Edge>>().cloned());
    let (app, edge) = (app.as_deref().map(AsRef::as_ref), edge.as_deref().map(AsRef::as_ref));
    // The route's pattern and not the path: ids and search words stay out of metrics and log.
    let found = edge.and_then(|edge| edge.routes.at(&arrival.path));
    let route = found.as_ref().map(|found| found.value.pattern.as_str());
    let finish = |response: HttpResponse<BoxBody>, caller: Option<Uuid>| {
        let occasion = Occasion {
            public_base: app.map(|app: &App| app.public_base.as_str()).unwrap_or_default(),
            path: &arrival.path,
            request_id: &arrival.request_id,
            lang: arrival.lang,
        };
        let mut response = render(response, &occasion);
        set_headers(&mut response, &arrival);
        report(&arrival, edge, response.status(), route, caller);
        response
    };
    if let Err(refusal) = settle_method(&mut request) {
        return Ok(request.into_response(finish(refusal.error_response(), None)));
    }
    let polled = app.zip(edge).and_then(|(app, edge)| Some((Poll::of(&request, app)?, app, edge)));
    if let Some((poll, app, edge)) = &polled
        && let Some(Unchanged { response, caller }) = edge.fresh.answer(poll, app)
    {
        return Ok(request.into_response(finish(response, caller)));
    }
    if let Some(found) = &found {
        request.extensions_mut().insert(Found::of(found));
    }
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => {
            let (request, response) = response.map_into_boxed_body().into_parts();
            if let Some((poll, app, edge)) = polled {
                edge.fresh.remember(poll, &request, &response, app);
            }
            let caller = principal_of(&request).map(|principal| principal.id);
            Ok(ServiceResponse::new(request, finish(response, caller)))
        }
        Ok(Err(error)) => Err(already_answered(finish(error.error_response(), None))),
        Err(panic) => {
            let error = Error::internal(format!("a handler panicked: {}", words_of(panic.as_ref())));
            Err(already_answered(finish(error.error_response(), None)))
        }
    }
}

/// The request is gone with the panic or the error, so the finished answer travels as an error.
fn already_answered(response: HttpResponse) -> actix_web::Error {
    InternalError::from_response("answered", response).into()
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}

fn set_headers(response: &mut HttpResponse<BoxBody>, arrival: &Arrival) {
    let (status, failed) = (response.status(), !response.status().is_success());
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&arrival.request_id) {
        headers.insert(REQUEST_ID, id);
    }
    let reading = arrival.method == Method::GET || arrival.method == Method::HEAD;
    let caching =
        if reading && (!failed || status == StatusCode::NOT_MODIFIED) { "private, no-cache" } else { "no-store" };
    // CORS has named what it looked at; what the token and the language decide goes beside it.
    let vary = match headers.get(header::VARY).and_then(|value| value.to_str().ok()) {
        None => HeaderValue::from_static("Authorization, Accept-Language, Origin"),
        Some(seen) => HeaderValue::from_str(&format!("Authorization, Accept-Language, {seen}"))
            .unwrap_or(HeaderValue::from_static("*")),
    };
    headers.insert(header::VARY, vary);
    let fixed = [
        (header::CACHE_CONTROL, caching),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    ];
    for (name, value) in fixed {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

fn report(arrival: &Arrival, edge: Option<&Edge>, status: StatusCode, route: Option<&str>, caller: Option<Uuid>) {
    let took = arrival.since.elapsed();
    let route = route.unwrap_or("-");
    if let Some(edge) = edge {
        edge.metrics.observe(arrival.method.as_str(), route, status.as_u16(), took);
    }
    if !log::log_enabled!(target: "access", log::Level::Info) {
        return;
    }
    let caller = caller.filter(|_| !edge.is_some_and(|edge| edge.names_no_caller_at(route)));
    log::info!(target: "access",
        request_id = arrival.request_id.as_str(), method = arrival.method.as_str(), route = route,
        status = status.as_u16(), micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        caller = caller.map(|id| id.to_string()).unwrap_or_default().as_str();
        "{} {} {}", arrival.method, route, status.as_u16());
}

pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let (app, edge) = (request.app_data::<Data<App>>().cloned(), request.app_data::<Data<Edge>>().cloned());
    let (Some(app), Some(edge)) = (app, edge) else {
        return Err(Error::internal("no App or Edge").into());
    };
    if !request.query_string().is_empty()
        && let Err(refusal) = edge.check_query(&request)
    {
        return Ok(request.into_response(refusal.error_response()));
    }
    authenticate(&request, &app.tokens);
    let address = client_address(&request, &edge.trusted_proxies);
    let principal = principal_of(&request);
    let caller = principal.map_or(Caller::Address(address), |principal| Caller::Principal(principal.id));
    request.extensions_mut().insert(Peer(address));
    let standing = edge.limiter.take(request.path(), &caller);
    let mut response = if let Some(seconds) = standing.wait_seconds {
        let refusal = Error::Wait { problem: &wire::RATE_LIMITED, seconds };
        request.into_response(refusal.error_response())
    } else {
        next.call(request).await?.map_into_boxed_body()
    };
    set_rate_headers(response.headers_mut(), standing);
    Ok(response)
}

fn set_rate_headers(headers: &mut HeaderMap, standing: Standing) {
    headers.insert(HeaderName::from_static("ratelimit-policy"), standing.policy);
    if let Ok(left) = HeaderValue::try_from(standing.left) {
        headers.insert(HeaderName::from_static("ratelimit"), left);
    }
}

/// The client's address, as [`admit`] found it.
#[derive(Debug, Clone, Copy)]
struct Peer(Option<IpAddr>);

/// The client's address, as text; empty where there is none.
#[derive(Debug, Clone, Default)]
pub struct ClientAddress(pub String);

impl FromRequest for ClientAddress {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let peer = request.extensions().get::<Peer>().and_then(|peer| peer.0);
        ready(Ok(Self(peer.map(|ip| ip.to_string()).unwrap_or_default())))
    }
}

/// The address of the client itself: the last hop that is not one of our own proxies. A spoofed header in front of
/// them changes nothing.
fn client_address(request: &ServiceRequest, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let ours = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    if !ours(&peer) {
        return Some(peer);
    }
    let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let hops: Vec<IpAddr> = forwarded.flat_map(|v| v.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
    Some(hops.into_iter().rev().find(|hop| !ours(hop)).unwrap_or(peer))
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::{App, test, web};

    use super::*;
    use crate::http::ProblemBody;

    async fn answer(path: &str) -> (u16, ProblemBody) {
        let fail = || async { Err::<HttpResponse, Error>(Error::internal("relation \"grids\" does not exist")) };
        async fn panics() -> HttpResponse {
            panic!("src/secret/path.rs")
        }
        let app = App::new().route("/panics", web::get().to(panics)).route("/fails", web::get().to(fail));
        let service = test::init_service(app.wrap(from_fn(guard))).await;
        let request = test::TestRequest::get().uri(path).to_request();
        let response = match test::try_call_service(&service, request).await {
            Ok(response) => response.into_parts().1,
            Err(error) => error.error_response(),
        };
        assert!(response.headers().contains_key("x-request-id"));
        let status = response.status().as_u16();
        let bytes = actix_web::body::to_bytes(response.into_body()).await.unwrap_or_default();
        (status, serde_json::from_slice(&bytes).expect("a problem"))
    }

    #[actix_web::test]
    async fn a_panic_and_a_failure_are_problems_that_tell_nothing_of_the_inside() {
        for path in ["/panics", "/fails"] {
            let (status, problem) = answer(path).await;
            assert_eq!((status, problem.code.as_str()), (500, "internal"));
            let said = serde_json::to_string(&problem).expect("JSON");
            assert!(!said.contains("secret") && !said.contains("relation"), "{said}");
        }
    }

    #[actix_web::test]
    async fn a_bare_404_gets_its_body() {
        let (status, problem) = answer("/nowhere").await;
        assert_eq!((status, problem.code.as_str(), problem.instance.as_str()), (404, "not_found", "/nowhere"));
    }
}
