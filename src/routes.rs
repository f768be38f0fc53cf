//! What is answered where no handler matches: 405 with `Allow` on a known path, 404 on an unknown one.

use actix_web::http::{Method, header};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use platform::Error;
use platform::error::wire;
use platform::http::Found;

pub async fn no_such_route(request: HttpRequest) -> HttpResponse {
    let extensions = request.extensions();
    let Some(Found { route, .. }) = extensions.get() else { return Error::NotFound.error_response() };
    let mut response = match *request.method() {
        Method::OPTIONS => HttpResponse::NoContent().finish(),
        _ => Error::from(&wire::METHOD_NOT_ALLOWED).error_response(),
    };
    response.headers_mut().insert(header::ALLOW, route.allow.clone());
    response
}
