//! 跨域: which pages of other origins may call, and what the others are told.

use actix_cors::{Cors, CorsError};
use actix_web::ResponseError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName};
use actix_web::middleware::Next;
use platform::Error;
use platform::error::wire;

const EXPOSED: [&str; 9] = [
    "link",
    "location",
    "retry-after",
    "ratelimit",
    "ratelimit-policy",
    "x-request-id",
    "idempotency-replayed",
    "etag",
    "x-poll-interval",
];

pub fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD, Method::POST, Method::PATCH])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_MATCH, header::IF_NONE_MATCH])
        .allowed_headers(
            ["idempotency-key", "x-request-id", "x-http-method-override", "last-event-id"].map(HeaderName::from_static),
        )
        .expose_headers(EXPOSED)
        .max_age(600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// Around [`cors`], which answers whatever it refuses with a bare 400: what a browser may not ask is 403 and says why, and
/// without the headers of CORS the browser goes no further.
pub async fn name_refusal(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    match response.response().error().and_then(|error| error.as_error::<CorsError>()) {
        None => Ok(response),
        Some(_) => {
            let refusal = Error::from(&wire::CROSS_ORIGIN).error_response();
            Ok(ServiceResponse::new(response.into_parts().0, refusal))
        }
    }
}
