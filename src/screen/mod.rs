//! 大屏: a page for those who would rather look than read, an area at a glance for an office or a lobby. It reads nothing but
//! the public API, with a token of an API client that is typed in there; nothing of it comes from anywhere but this binary.
//!
//! The page is no part of the API: it is in no document and answers where no operation is found, so that operations pay
//! nothing for it.

use std::sync::LazyLock;

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use platform::Error;
use platform::error::wire;
use platform::http::IfNoneMatch;
use platform::secrets::fingerprint;

const PAGE: &str = "/screen";
const ALLOW: &str = "GET, HEAD, OPTIONS";

/// What the page may load and where it may send something: here. Its form is sent by its script, or not at all, and no text
/// is ever made markup.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const PART_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Ours are asked for again each time, and answered 304 where nothing has changed.
const ASKED_AGAIN: &str = "public, no-cache";
/// What has its version in its name is never another one.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PICTURE: &str = "image/svg+xml";
const TEXT: &str = "text/plain; charset=utf-8";

/// A file of the page.
struct Part {
    name: &'static str,
    content_type: &'static str,
    caching: &'static str,
    bytes: &'static [u8],
    tag: String,
}

macro_rules! parts {
    ($($name:literal: $content_type:ident, $caching:ident;)*) => {
        vec![$(Part::of($name, $content_type, $caching, include_bytes!($name))),*]
    };
}

static PARTS: LazyLock<Vec<Part>> = LazyLock::new(|| {
    parts! {
        "index.html": HTML, ASKED_AGAIN;
        "icon.svg": PICTURE, ASKED_AGAIN;
        "style.css": CSS, ASKED_AGAIN;
        "layout.css": CSS, ASKED_AGAIN;
        "panels.css": CSS, ASKED_AGAIN;
        "tables.css": CSS, ASKED_AGAIN;
        "api.js": SCRIPT, ASKED_AGAIN;
        "boards.js": SCRIPT, ASKED_AGAIN;
        "clocks.js": SCRIPT, ASKED_AGAIN;
        "codes.js": SCRIPT, ASKED_AGAIN;
        "dom.js": SCRIPT, ASKED_AGAIN;
        "feed.js": SCRIPT, ASKED_AGAIN;
        "format.js": SCRIPT, ASKED_AGAIN;
        "geometry.js": SCRIPT, ASKED_AGAIN;
        "main.js": SCRIPT, ASKED_AGAIN;
        "map.js": SCRIPT, ASKED_AGAIN;
        "series.js": SCRIPT, ASKED_AGAIN;
        "session.js": SCRIPT, ASKED_AGAIN;
        "tiles.js": SCRIPT, ASKED_AGAIN;
        "words.js": SCRIPT, ASKED_AGAIN;
        "uplot-1.6.32.min.js": SCRIPT, FOR_GOOD;
        "uplot-1.6.32.min.css": CSS, FOR_GOOD;
        "uplot-1.6.32-license.txt": TEXT, FOR_GOOD;
    }
});

impl Part {
    fn of(name: &'static str, content_type: &'static str, caching: &'static str, bytes: &'static [u8]) -> Self {
        Self { name, content_type, caching, bytes, tag: fingerprint(bytes) }
    }

    fn is_page(&self) -> bool {
        self.content_type == HTML
    }

    fn response(&self, known: &IfNoneMatch) -> HttpResponse {
        let unchanged = known.has(&self.tag);
        let mut response = if unchanged { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header((header::ETAG, format!("\"{}\"", self.tag)))
            .insert_header((header::CACHE_CONTROL, self.caching));
        if unchanged {
            return response.finish();
        }
        let policy = if self.is_page() { PAGE_POLICY } else { PART_POLICY };
        response
            .insert_header((header::CONTENT_SECURITY_POLICY, policy))
            .content_type(self.content_type)
            .body(self.bytes)
    }
}

/// The answer to a request for the page or a part of it; `None` where it asks for something else.
pub fn answer(request: &HttpRequest, known: &IfNoneMatch) -> Option<HttpResponse> {
    let rest = request.path().strip_prefix(PAGE)?;
    let part = match rest {
        "" => PARTS.iter().find(|part| part.is_page()),
        // The page's own addresses are relative to the one without the slash.
        "/" => return Some(allowed(request).unwrap_or_else(|| without_slash(request.query_string()))),
        _ => {
            let name = rest.strip_prefix('/')?;
            PARTS.iter().find(|part| part.name == name && !part.is_page())
        }
    };
    let Some(part) = part else { return Some(Error::NotFound.error_response()) };
    Some(allowed(request).unwrap_or_else(|| part.response(known)))
}

/// What is answered to a method that reads nothing.
fn allowed(request: &HttpRequest) -> Option<HttpResponse> {
    let mut response = match *request.method() {
        Method::GET => return None,
        Method::OPTIONS => HttpResponse::NoContent().finish(),
        _ => Error::from(&wire::METHOD_NOT_ALLOWED).error_response(),
    };
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(ALLOW));
    Some(response)
}

fn without_slash(query: &str) -> HttpResponse {
    let mark = if query.is_empty() { "" } else { "?" };
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, format!("/screen{mark}{query}"))).finish()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_is_served_and_every_part_that_is_named_is_there() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/screen");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .filter(|name| name != "mod.rs")
            .collect();
        let served: BTreeSet<String> = PARTS.iter().map(|part| part.name.to_owned()).collect();
        assert_eq!(files, served);
        for part in PARTS.iter().filter(|part| part.name == "index.html" || part.name.ends_with(".js")) {
            let text = String::from_utf8_lossy(part.bytes);
            let named =
                text.split(['"', '\'']).filter_map(|word| word.strip_prefix("screen/").or(word.strip_prefix("./")));
            for name in named.filter(|name| name.ends_with(".js") || name.ends_with(".css") || name.ends_with(".svg")) {
                assert!(served.contains(name), "{} names {name}", part.name);
            }
        }
    }

    #[test]
    fn our_own_files_are_short_and_hold_nothing_inline_and_no_address() {
        for part in PARTS.iter().filter(|part| !part.name.starts_with("uplot")) {
            let text = std::str::from_utf8(part.bytes).expect("text");
            assert!(text.lines().count() <= 400, "{}", part.name);
            for forbidden in ["<script>", " style=\"", " onclick", "innerHTML", "https://", "//cdn"] {
                assert!(!text.contains(forbidden), "{}: {forbidden}", part.name);
            }
        }
    }
}
