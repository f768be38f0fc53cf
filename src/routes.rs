//! What is answered where no handler matches: a page of the screen, 405 with `Allow` on a known path, 404 on an unknown one.

use actix_web::http::{Method, header};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use platform::Error;
use platform::error::wire;
use platform::http::{Found, IfNoneMatch};

use crate::screen;

pub async fn no_such_route(request: HttpRequest, known: IfNoneMatch) -> HttpResponse {
    let extensions = request.extensions();
    let Some(Found { route, .. }) = extensions.get() else {
        return screen::answer(&request, &known).unwrap_or_else(|| Error::NotFound.error_response());
    };
    let mut response = match *request.method() {
        Method::OPTIONS => HttpResponse::NoContent().finish(),
        _ => Error::from(&wire::METHOD_NOT_ALLOWED).error_response(),
    };
    response.headers_mut().insert(header::ALLOW, route.allow.clone());
    response
}
