//! Handlers by route and method. The edge has found a request's route in the radix tree of all of them ([`super::routes`]); here
//! it is handed over. actix's own router would try one path after the other, each by a regular expression.

use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::{HttpMessage, Route as Endpoint};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, try_join_all};

use super::routes::{Found, Routes};

/// What a worker answers with. To be its default service, behind the edge.
pub struct Handlers {
    routes: &'static Routes,
    /// By [`Route::place`](super::Route::place).
    placed: Vec<Vec<(Method, Endpoint)>>,
    otherwise: Endpoint,
}

impl Handlers {
    pub(super) fn of(routes: &'static Routes) -> Self {
        let placed = std::iter::repeat_with(Vec::new).take(routes.count()).collect();
        Self { routes, placed, otherwise: Endpoint::new() }
    }

    /// What answers where no handler is.
    pub fn or_else(mut self, otherwise: Endpoint) -> Self {
        self.otherwise = otherwise;
        self
    }

    /// The routes are those of the committed document, which is made from the same list; what it does not have yet nobody
    /// finds. A path that only looks like another's is not put there.
    pub(super) fn put(&mut self, pattern: &str, method: Method, handler: Endpoint) {
        let route = self.routes.at(pattern).map(|found| found.value).filter(|route| route.pattern == pattern);
        match route.and_then(|route| self.placed.get_mut(route.place)) {
            Some(at) => at.push((method, handler)),
            None => {
                log::error!("{pattern} is not in the committed document: run openapi --out openapi and build again")
            }
        }
    }
}

type Made<S> = <S as ServiceFactory<ServiceRequest>>::Service;

impl ServiceFactory<ServiceRequest> for Handlers {
    type Response = ServiceResponse;
    type Error = actix_web::Error;
    type Config = ();
    type Service = Dispatch;
    type InitError = ();
    type Future = LocalBoxFuture<'static, Result<Dispatch, ()>>;

    fn new_service(&self, (): ()) -> Self::Future {
        let made = |(method, endpoint): &(Method, Endpoint)| {
            let method = method.clone();
            endpoint.new_service(()).map(|made| Ok((method, made?)))
        };
        let placed: Vec<_> = self.placed.iter().map(|at| try_join_all(at.iter().map(made))).collect();
        let otherwise = self.otherwise.new_service(());
        async { Ok(Dispatch { placed: try_join_all(placed).await?, otherwise: otherwise.await? }) }.boxed_local()
    }
}

/// The handlers of one worker.
pub struct Dispatch {
    placed: Vec<Vec<(Method, Made<Endpoint>)>>,
    otherwise: Made<Endpoint>,
}

impl Dispatch {
    fn handler(&self, request: &ServiceRequest) -> Option<&Made<Endpoint>> {
        let place = request.extensions().get::<Found>()?.route.place;
        let (_, handler) = self.placed.get(place)?.iter().find(|(method, _)| method == request.method())?;
        Some(handler)
    }
}

impl Service<ServiceRequest> for Dispatch {
    type Response = ServiceResponse;
    type Error = actix_web::Error;
    type Future = <Made<Endpoint> as Service<ServiceRequest>>::Future;

    actix_web::dev::always_ready!();

    fn call(&self, request: ServiceRequest) -> Self::Future {
        self.handler(&request).unwrap_or(&self.otherwise).call(request)
    }
}
