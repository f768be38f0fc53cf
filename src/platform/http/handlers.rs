//! Handlers by route and method. The edge has found a request's route in the radix tree of all of them ([`super::routes`]); here
//! it is handed over. actix's own router would try one path after the other, each by a regular expression.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::body::BoxBody;
use actix_web::dev::{Payload, Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::{FromRequest, Handler, HttpMessage, HttpRequest, HttpResponse, Responder};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use utoipa::openapi::path::HttpMethod;

use super::routes::{Found, Routes};

/// A handler whose types are forgotten. actix forgets them only after several layers, each compiled for each handler.
pub type Endpoint = Rc<dyn Fn(HttpRequest, Payload) -> LocalBoxFuture<'static, HttpResponse>>;

/// Takes from a request what `handler` asks for, and answers with what it says, or with why that could not be taken.
pub fn endpoint<F, A>(handler: F) -> Endpoint
where
    F: Handler<A>,
    F::Output: Responder + 'static,
    A: FromRequest + 'static,
{
    Rc::new(move |request, mut payload| {
        let handler = handler.clone();
        async move {
            match A::from_request(&request, &mut payload).await {
                Ok(arguments) => handler.call(arguments).await.respond_to(&request).map_into_boxed_body(),
                Err(error) => HttpResponse::from_error(error.into()),
            }
        }
        .boxed_local()
    })
}

/// What a worker answers with. To be its default service, behind the edge.
#[derive(Clone)]
pub struct Handlers {
    routes: &'static Routes,
    /// By [`Route::place`](super::Route::place).
    placed: Vec<Vec<(Method, Endpoint)>>,
    otherwise: Endpoint,
}

impl Handlers {
    pub(super) fn of(routes: &'static Routes) -> Self {
        let placed = std::iter::repeat_with(Vec::new).take(routes.count()).collect();
        Self { routes, placed, otherwise: endpoint(HttpResponse::NotFound) }
    }

    /// What answers where no handler is.
    pub fn or_else(mut self, otherwise: Endpoint) -> Self {
        self.otherwise = otherwise;
        self
    }

    /// The routes are those of the committed document, which is made from the same list; what it does not have yet nobody
    /// finds. A path that only looks like another's is not put there.
    pub(super) fn put(&mut self, pattern: &str, methods: Vec<HttpMethod>, handler: Endpoint) {
        let route = self.routes.at(pattern).map(|found| found.value).filter(|route| route.pattern == pattern);
        match route.and_then(|route| self.placed.get_mut(route.place)) {
            Some(at) => at.extend(methods.iter().map(|of| (method(of), handler.clone()))),
            None => {
                log::error!("{pattern} is not in the committed document: run openapi --out openapi and build again")
            }
        }
    }

    fn handler(&self, request: &ServiceRequest) -> Option<&Endpoint> {
        let place = request.extensions().get::<Found>()?.route.place;
        let (_, handler) = self.placed.get(place)?.iter().find(|(method, _)| method == request.method())?;
        Some(handler)
    }
}

fn method(of: &HttpMethod) -> Method {
    match of {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Delete => Method::DELETE,
        HttpMethod::Options => Method::OPTIONS,
        HttpMethod::Head => Method::HEAD,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Trace => Method::TRACE,
    }
}

impl ServiceFactory<ServiceRequest> for Handlers {
    type Response = ServiceResponse;
    type Error = actix_web::Error;
    type Config = ();
    type Service = Self;
    type InitError = ();
    type Future = Ready<Result<Self, ()>>;

    fn new_service(&self, (): ()) -> Self::Future {
        ready(Ok(self.clone()))
    }
}

impl Service<ServiceRequest> for Handlers {
    type Response = ServiceResponse<BoxBody>;
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<ServiceResponse, actix_web::Error>>;

    actix_web::dev::always_ready!();

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let handler = self.handler(&request).unwrap_or(&self.otherwise);
        let (request, payload) = request.into_parts();
        handler(request.clone(), payload).map(|answer| Ok(ServiceResponse::new(request, answer))).boxed_local()
    }
}
