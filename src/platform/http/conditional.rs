//! Strong ETags from row versions: `304` on reads, `428` and `412` on writes.

use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::fresh::OfRows;
use crate::error::{At, Error, FieldError, Result, wire};

/// `"v7"`: the version is also a member of every body, because mini-programs may lose headers.
pub fn etag(version: i32) -> String {
    format!("\"v{version}\"")
}

/// The version that the caller has read. Without it a write is 428, with a stale one 412.
#[derive(Debug, Clone)]
pub struct IfMatch(Option<Vec<String>>);

impl IfMatch {
    /// `Ok` where the row's version is one that the caller named; `*` names any. Strong: `W/"v3"` names none.
    pub fn check(&self, current: i32) -> Result<()> {
        let named = match &self.0 {
            None => true,
            Some(tags) => tags.iter().any(|tag| *tag == etag(current)),
        };
        if named { Ok(()) } else { Err(Error::Stale { current }) }
    }
}

/// For `params(IfMatch)` on the operations that are not PATCH; PATCH has it in any case.
impl utoipa::IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(200));
        let parameter = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("读到的版本 · The version that was read, `\"v7\"`"))
            .schema(Some(text));
        vec![parameter.build()]
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let value = request.headers().get(header::IF_MATCH).map(|v| v.to_str().unwrap_or_default().trim());
        ready(match value {
            None => Err(Error::Malformed(
                &wire::VERSION_REQUIRED,
                vec![FieldError::new(At::Header("If-Match".into()), "missing_header", "缺少请求头", "is required")],
            )),
            Some("*") => Ok(Self(None)),
            Some(list) => Ok(Self(Some(list.split(',').map(|tag| tag.trim().to_owned()).collect()))),
        })
    }
}

/// One resource and its version. On a read the ETag is compared first, and what the caller has is not sent again.
#[derive(Debug)]
pub struct Versioned<T> {
    pub body: T,
    pub version: i32,
    pub status: StatusCode,
    /// Path of a resource that was made, `/v1/grids/…`.
    pub location: Option<String>,
}

impl<T> Versioned<T> {
    pub fn ok(version: i32, body: T) -> Self {
        Self { body, version, status: StatusCode::OK, location: None }
    }

    pub fn created(location: String, version: i32, body: T) -> Self {
        Self { body, version, status: StatusCode::CREATED, location: Some(location) }
    }
}

/// One resource of which a part goes by the calendar or comes from other rows: its ETag is there to change it with, but is
/// never answered with 304, because what the version stands for is not all that is sent.
#[derive(Debug)]
pub struct Whole<T> {
    pub version: i32,
    pub body: T,
}

impl<T: Serialize> Responder for Whole<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::ETAG, etag(self.version))).json(self.body)
    }
}

fn already_has(request: &HttpRequest, tag: &str) -> bool {
    let reading = *request.method() == Method::GET || *request.method() == Method::HEAD;
    let named = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    reading && named.is_some_and(|list| names(list, tag))
}

/// Weak comparison, as RFC 9110 has it for `If-None-Match`.
pub(super) fn names(list: &str, tag: &str) -> bool {
    list.split(',').map(str::trim).any(|given| given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag)
}

impl<T: Serialize> Responder for Versioned<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let tag = etag(self.version);
        let unchanged = already_has(request, &tag);
        let mut response = HttpResponse::build(if unchanged { StatusCode::NOT_MODIFIED } else { self.status });
        response.insert_header((header::ETAG, tag));
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if unchanged {
            let mut response = response.finish();
            OfRows::ALONE.mark(&mut response);
            return response;
        }
        response.json(self.body)
    }
}
