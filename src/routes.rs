//! What is answered where no handler matches: 405 with `Allow` on a known path, 404 on an unknown one. The paths come
//! from the OpenAPI document, so the two cannot drift apart.

use std::collections::HashSet;

use actix_router::ResourceDef;
use actix_web::http::{Method, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use platform::Error;
use platform::error::wire;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::{OpenApi, RefOr};

/// Each path's pattern and the `Allow` value that belongs to it.
pub struct Routes(Vec<(ResourceDef, String)>);

impl Routes {
    pub fn of(document: &OpenApi) -> Self {
        Self(document.paths.paths.iter().map(|(path, item)| (ResourceDef::new(path.as_str()), allow(item))).collect())
    }

    fn allowed(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|(pattern, _)| pattern.is_match(path)).map(|(_, allow)| allow.as_str())
    }
}

fn allow(item: &PathItem) -> String {
    let methods = [
        ("GET, HEAD", item.get.is_some()),
        // A PATCH can be sent as a POST that says so.
        ("POST", item.post.is_some() || item.patch.is_some()),
        ("PATCH", item.patch.is_some()),
        ("PUT", item.put.is_some()),
        ("DELETE", item.delete.is_some()),
        ("OPTIONS", true),
    ];
    let served: Vec<&str> = methods.into_iter().filter(|(_, served)| *served).map(|(name, _)| name).collect();
    served.join(", ")
}

pub async fn no_such_route(request: HttpRequest, routes: Data<Routes>) -> HttpResponse {
    let Some(allow) = routes.allowed(request.path()) else { return Error::NotFound.error_response() };
    let allow = header::HeaderValue::from_str(allow).ok();
    let mut response = match *request.method() {
        Method::OPTIONS => HttpResponse::NoContent().finish(),
        _ => Error::from(&wire::METHOD_NOT_ALLOWED).error_response(),
    };
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// The operations that the document gives query parameters.
pub fn taking_queries(document: &OpenApi) -> HashSet<(Method, String)> {
    let mut found = HashSet::new();
    for (path, item) in &document.paths.paths {
        let methods = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PATCH, &item.patch),
            (Method::PUT, &item.put),
            (Method::DELETE, &item.delete),
        ];
        let takes = |operation: &Operation| {
            operation.parameters.iter().flatten().any(|parameter| match parameter {
                RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
                RefOr::Ref(_) => false,
            })
        };
        let taking = methods.into_iter().filter(|(_, operation)| operation.as_ref().is_some_and(takes));
        found.extend(taking.map(|(method, _)| (method, path.clone())));
    }
    found
}
