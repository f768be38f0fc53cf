//! Files on their way out: whoever has the bytes already is not sent them again.

use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::conditional::names;
use crate::error::Error;

/// The tags of what the caller has, asked before anything is fetched.
#[derive(Debug, Clone)]
pub struct IfNoneMatch(Option<String>);

impl IfNoneMatch {
    /// Whether the caller has anything at hand.
    pub fn asks(&self) -> bool {
        self.0.is_some()
    }

    pub fn has(&self, tag: &str) -> bool {
        self.0.as_deref().is_some_and(|list| names(list, &quoted(tag)))
    }
}

impl FromRequest for IfNoneMatch {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let value = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        ready(Ok(Self(value.map(str::to_owned))))
    }
}

/// For `params(IfNoneMatch)`; what carries a version has it in any case.
impl utoipa::IntoParams for IfNoneMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(200));
        let parameter = ParameterBuilder::new()
            .name("If-None-Match")
            .parameter_in(ParameterIn::Header)
            .description(Some("已有的内容 · What is at hand, by its SHA-256"))
            .schema(Some(text));
        vec![parameter.build()]
    }
}

pub(super) fn quoted(tag: &str) -> String {
    format!("\"{tag}\"")
}

/// The bytes of a file; without them where the caller has them.
pub struct Download {
    pub bytes: Option<Vec<u8>>,
    pub content_type: &'static str,
    /// Of these bytes and no others.
    pub tag: String,
    /// The name that it is saved under: of our making.
    pub name: String,
}

impl Responder for Download {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let status = if self.bytes.is_some() { StatusCode::OK } else { StatusCode::NOT_MODIFIED };
        let mut response = HttpResponse::build(status);
        response.insert_header((header::ETAG, quoted(&self.tag)));
        let Some(bytes) = self.bytes else { return response.finish() };
        // A picture is shown; anything else, which may hold scripts, is saved.
        let shown = if self.content_type.starts_with("image/") { "inline" } else { "attachment" };
        response
            .insert_header((header::CONTENT_TYPE, self.content_type))
            .insert_header((header::CONTENT_DISPOSITION, format!("{shown}; filename=\"{}\"", self.name)))
            .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
            .body(bytes)
    }
}
