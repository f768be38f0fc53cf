//! 公开文件: what was written once and is sent as it is, to anybody, with the tag of its bytes.

use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Responder};

use super::download::quoted;
use super::fresh::OfRows;

/// How long a cache on the way may answer by itself. A correction is another document, and known that much later at most.
const CACHED: &str = "public, max-age=60";

/// A public document; without its bytes where the caller has them.
pub struct Document {
    pub bytes: Option<String>,
    pub content_type: &'static str,
    /// Of these bytes and no others.
    pub tag: String,
    /// Whether it depends on nothing but rows, so that polls for it need not touch them (ADR 5).
    pub of_rows: bool,
}

impl Document {
    /// JSON that was frozen in a row.
    pub fn frozen(bytes: Option<String>, tag: String) -> Self {
        Self { bytes, content_type: "application/json", tag, of_rows: true }
    }
}

impl Responder for Document {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let status = if self.bytes.is_some() { StatusCode::OK } else { StatusCode::NOT_MODIFIED };
        let mut response = HttpResponse::build(status);
        response.insert_header((header::ETAG, quoted(&self.tag))).insert_header((header::CACHE_CONTROL, CACHED));
        let Some(bytes) = self.bytes else {
            let mut response = response.finish();
            if self.of_rows {
                OfRows::ALONE.mark(&mut response);
            }
            return response;
        };
        response
            .insert_header((header::CONTENT_TYPE, self.content_type))
            .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
            .body(bytes)
    }
}
