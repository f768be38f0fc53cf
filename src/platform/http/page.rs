//! Keyset pages with signed cursors.

use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::app::App;
use crate::error::{At, Error, FieldError, Result, wire};
use crate::secrets::{CURSOR, Secrets, same};

pub(super) const DEFAULT_LIMIT: i64 = 20;
/// The longest page; exports read in pages of their own.
pub const MAX_LIMIT: i64 = 100;
/// Twenty rows of half a kilobyte.
const PAGE_BYTES: usize = 12 << 10;
const MARK_BYTES: usize = 16;

/// Which page is asked for, and what is needed to point at the next.
#[derive(Clone)]
pub struct PageRequest {
    pub limit: i64,
    /// The sort key of the last row that the caller has.
    pub after: Option<String>,
    /// Whether the whole list is to be counted as well.
    pub with_total: bool,
    path: String,
    filters: Vec<(String, String)>,
    public_base: String,
    secrets: Secrets,
}

/// The rows of one page and the way on.
pub struct Cut<R> {
    pub rows: Vec<R>,
    pub next_cursor: Option<String>,
    pub link: Option<String>,
}

impl PageRequest {
    pub(super) fn new(
        app: &App,
        path: &str,
        mut filters: Vec<(String, String)>,
        cursor: Option<&str>,
        limit: i64,
        with_total: bool,
    ) -> Result<Self> {
        filters.sort();
        let mut page = Self {
            limit,
            after: None,
            with_total,
            path: path.to_owned(),
            filters,
            public_base: app.public_base.clone(),
            secrets: app.secrets.clone(),
        };
        if let Some(cursor) = cursor {
            page.after = Some(page.read_cursor(cursor).ok_or_else(invalid_cursor)?);
        }
        Ok(page)
    }

    /// Rows to ask the database for: one more than the page, to know whether there is a next.
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// Cuts the extra row off; `key` is the sort key of a row.
    pub fn cut<R>(&self, mut rows: Vec<R>, key: impl Fn(&R) -> String) -> Cut<R> {
        let wanted = usize::try_from(self.limit).unwrap_or(0);
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let next_cursor = rows.last().filter(|_| more).map(|last| self.write_cursor(&key(last)));
        let link = self.links(next_cursor.as_deref());
        Cut { rows, next_cursor, link }
    }

    /// The way on and the way back to the start; a list that fits on one page needs neither.
    fn links(&self, next: Option<&str>) -> Option<String> {
        if next.is_none() && self.after.is_none() {
            return None;
        }
        let start = format!("{}{}?{}", self.public_base, self.path, self.query());
        let first = format!("<{start}>; rel=\"first\"");
        // A cursor needs no escaping: its letters are those of base64 for URLs.
        Some(next.map_or_else(|| first.clone(), |cursor| format!("<{start}&cursor={cursor}>; rel=\"next\", {first}")))
    }

    /// What was asked, but for the cursor.
    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.filters).append_pair("limit", &self.limit.to_string());
        if self.with_total {
            query.append_pair("include", "total");
        }
        query.finish()
    }

    fn mark(&self, key: &str) -> Vec<u8> {
        // Quoted by JSON, so that no two filter sets read alike.
        let bound = serde_json::to_string(&(&self.path, &self.filters, key)).unwrap_or_default();
        self.secrets.mark(CURSOR, bound.as_bytes()).into_iter().take(MARK_BYTES).collect()
    }

    fn write_cursor(&self, key: &str) -> String {
        URL_SAFE_NO_PAD.encode([self.mark(key).as_slice(), key.as_bytes()].concat())
    }

    fn read_cursor(&self, cursor: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (mark, key) = bytes.split_at_checked(MARK_BYTES)?;
        let key = std::str::from_utf8(key).ok()?;
        same(mark, &self.mark(key)).then(|| key.to_owned())
    }
}

fn invalid_cursor() -> Error {
    let place = FieldError::new(At::Parameter("cursor".into()), "invalid_cursor", "游标无效", "is not a valid cursor");
    Error::Malformed(&wire::INVALID_CURSOR, vec![place])
}

/// The response of a list: the page as JSON, and the way on as `Link`.
pub fn list_response(page: &impl Serialize, link: Option<&str>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(link) = link {
        response.insert_header((header::LINK, link));
    }
    // Large enough for most pages, so that the text is not moved each time it outgrows its place.
    let mut body = Vec::with_capacity(PAGE_BYTES);
    match serde_json::to_writer(&mut body, page) {
        Ok(()) => response.content_type("application/json").body(body),
        Err(error) => Error::internal(error).error_response(),
    }
}

/// Declares the concrete page of an item, so that generated SDKs get a type with a name:
/// `page!(/// 网格页 GridPage, GridOut)`.
#[macro_export]
macro_rules! page {
    ($(#[$doc:meta])* $page:ident, $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub struct $page {
            #[schema(max_items = 100)]
            pub items: Vec<$item>,
            /// 下一页游标; `null` on the last page
            #[schema(required = true, max_length = 512)]
            pub next_cursor: Option<String>,
            /// 是否还有下一页
            pub has_more: bool,
            /// 总数; only with `include=total`
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(minimum = 0)]
            pub total: Option<i64>,
            #[serde(skip)]
            #[schema(ignore)]
            link: Option<String>,
        }

        impl $page {
            pub fn of<R: Into<$item>>(cut: $crate::http::Cut<R>, total: Option<i64>) -> Self {
                Self {
                    items: cut.rows.into_iter().map(Into::into).collect(),
                    has_more: cut.next_cursor.is_some(),
                    next_cursor: cut.next_cursor,
                    total,
                    link: cut.link,
                }
            }
        }

        impl actix_web::Responder for $page {
            type Body = actix_web::body::BoxBody;
            fn respond_to(self, _: &actix_web::HttpRequest) -> actix_web::HttpResponse {
                $crate::http::list_response(&self, self.link.as_deref())
            }
        }
    };
}
