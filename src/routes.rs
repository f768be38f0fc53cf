//! What is answered where no handler matches: 405 with `Allow` on a known path, 404 on an unknown one.

use actix_web::http::{Method, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use platform::Error;
use platform::error::wire;
use platform::http::Edge;

pub async fn no_such_route(request: HttpRequest, edge: Data<Edge>) -> HttpResponse {
    let Some(route) = edge.routes.at(request.path()) else { return Error::NotFound.error_response() };
    let mut response = match *request.method() {
        Method::OPTIONS => HttpResponse::NoContent().finish(),
        _ => Error::from(&wire::METHOD_NOT_ALLOWED).error_response(),
    };
    response.headers_mut().insert(header::ALLOW, route.allow.clone());
    response
}
