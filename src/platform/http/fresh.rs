//! 未修改: a poll that is answered 304 without a look at the rows, while nothing has been committed since the last one.
//!
//! Dashboards ask for the same thing every few seconds with the ETag that they have. Once such a poll has been answered by
//! its handler, the same caller's same question has the same answer until somebody commits something
//! ([`Db::changes`](crate::db::Db::changes)) or the token runs out. Only what a [`Versioned`](super::Versioned) or a
//! [`Document`](super::Document) answered is remembered, and what says until when the clock leaves it
//! alone ([`OfRows::until`]). Those who come without a
//! token are one caller, whom nothing but public routes answer.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::body::BoxBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use lru::LruCache;
use uuid::Uuid;

use crate::app::App;
use crate::auth::principal_of;
use crate::db::Ts;

/// Questions that are remembered, of all callers; the least asked are forgotten.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

const AT_MOST_SECONDS: i64 = 60;

/// Marks the answer of a handler that depends on nothing but rows; or on the clock as well, but not before a moment.
#[derive(Debug, Clone, Copy)]
pub struct OfRows {
    until: Option<Ts>,
}

impl OfRows {
    pub(super) const ALONE: Self = Self { until: None };

    /// What the clock changes at `moment` at the earliest.
    pub fn until(moment: Ts) -> Self {
        Self { until: Some(moment) }
    }

    pub fn mark(self, response: &mut HttpResponse) {
        response.extensions_mut().insert(self);
    }
}

/// What a remembered answer says as the first did: its tag, what CORS added, what is said of caches and of the next poll.
const KEPT: [HeaderName; 4] =
    [header::ETAG, header::VARY, header::CACHE_CONTROL, HeaderName::from_static("x-poll-interval")];

/// The polls that were answered, each with what its answer rested on.
pub struct Fresh(Mutex<LruCache<String, Known>>);

#[derive(Clone)]
struct Known {
    said: Arc<[(HeaderName, HeaderValue)]>,
    changes: u64,
    /// Seconds since the epoch: when the token ends, and in a minute at the latest, for what goes by the calendar.
    good_until: i64,
    /// Nobody, of what is public and was asked for without a token.
    caller: Option<Uuid>,
}

/// A question with the answer that the caller has: what a poll is known by.
pub(super) struct Poll {
    question: String,
    changes: u64,
}

/// What a remembered poll is answered with, and for whom.
pub(super) struct Unchanged {
    pub response: HttpResponse<BoxBody>,
    pub caller: Option<Uuid>,
}

impl Default for Fresh {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
}

impl Poll {
    /// `None` where it is none, or nobody watches the rows. A browser's question is CORS's to answer.
    pub fn of(request: &ServiceRequest, app: &App) -> Option<Self> {
        let headers = request.headers();
        let tags = text(headers, &header::IF_NONE_MATCH)?;
        let token = match headers.contains_key(header::AUTHORIZATION) {
            true => text(headers, &header::AUTHORIZATION).filter(|value| !value.is_empty())?,
            false => "",
        };
        if *request.method() != Method::GET || headers.contains_key(header::ORIGIN) {
            return None;
        }
        let changes = app.db.changes()?;
        let (path, query) = (request.path(), request.query_string());
        let mut question = String::with_capacity(token.len() + path.len() + query.len() + tags.len() + 3);
        // None of the four can hold a line end.
        for part in [token, path, query, tags] {
            question.push_str(part);
            question.push('\n');
        }
        Some(Self { question, changes })
    }
}

impl Fresh {
    /// The answer, where it is known to be still true.
    pub(super) fn answer(&self, poll: &Poll, app: &App) -> Option<Unchanged> {
        let known = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.get(&poll.question).filter(|known| known.changes == poll.changes)?.clone()
        };
        if known.good_until <= app.clock.now().seconds() {
            return None;
        }
        let mut response = HttpResponse::with_body(StatusCode::NOT_MODIFIED, BoxBody::new(()));
        for (name, value) in known.said.iter() {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        Some(Unchanged { response, caller: known.caller })
    }

    /// Remembers that the handler answered a poll "not modified".
    pub(super) fn remember(&self, poll: Poll, request: &HttpRequest, response: &HttpResponse<BoxBody>, app: &App) {
        let of_rows = response.extensions().get::<OfRows>().copied();
        let Some(OfRows { until }) = of_rows.filter(|_| response.status() == StatusCode::NOT_MODIFIED) else { return };
        let in_a_minute = app.clock.now().seconds() + AT_MOST_SECONDS;
        let later = until.map_or(in_a_minute, |until| until.seconds().min(in_a_minute));
        let Some((caller, expires_at)) = whose(&poll, request, app, later) else { return };
        let said = |name: &HeaderName| Some((name.clone(), response.headers().get(name)?.clone()));
        let known = Known {
            said: KEPT.iter().filter_map(said).collect(),
            changes: poll.changes,
            good_until: expires_at.min(later),
            caller,
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(poll.question, known);
    }
}

/// Who asked, and until when their token is good; without a token it is nobody, for whom the answer does not end by itself.
fn whose(poll: &Poll, request: &HttpRequest, app: &App, later: i64) -> Option<(Option<Uuid>, i64)> {
    let value = poll.question.split('\n').next().filter(|value| !value.is_empty());
    let Some(value) = value else { return Some((None, later)) };
    let (_, token) = value.split_once(' ')?;
    let expires_at = app.tokens.expiry_of(token.trim())?;
    Some((Some(principal_of(request)?.id), expires_at))
}
