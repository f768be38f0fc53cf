//! 挂载: where handlers are put. One list of them makes either a worker's handlers or the OpenAPI document, so that the two
//! cannot differ and a worker does not build a document that it never shows.

use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder};
use utoipa::openapi::path::{HttpMethod, Paths};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{OpenApi, RefOr};
use utoipa_actix_web::OpenApiFactory;

use super::handlers::Handlers;
use super::routes::Routes;

/// A handler with what `#[utoipa::path]` has written down of it, for [`Mount::service`].
#[macro_export]
macro_rules! handler {
    ($name:ident) => {
        $crate::pastey::paste! { ([<__path_ $name>], $name) }
    };
    ($module:ident::$name:ident) => {
        $crate::pastey::paste! { ($module::[<__path_ $name>], $module::$name) }
    };
    ($outer:ident::$module:ident::$name:ident) => {
        $crate::pastey::paste! { ($outer::$module::[<__path_ $name>], $outer::$module::$name) }
    };
}

/// Takes the handlers of the contexts.
pub struct Mount {
    prefix: &'static str,
    made: Made,
}

enum Made {
    Handlers(Handlers),
    Document(Box<OpenApi>),
}

impl Mount {
    /// The handlers that `fill` mounts, each at its place among the routes.
    pub fn handlers(routes: &'static Routes, fill: impl FnOnce(&mut Self)) -> Handlers {
        let mut mount = Self { prefix: "", made: Made::Handlers(Handlers::of(routes)) };
        fill(&mut mount);
        match mount.made {
            Made::Handlers(handlers) => handlers,
            Made::Document(_) => Handlers::of(routes),
        }
    }

    /// `base` with the operations and models that `fill` mounts.
    pub fn document(base: OpenApi, fill: impl FnOnce(&mut Self)) -> OpenApi {
        let mut mount = Self { prefix: "", made: Made::Document(Box::new(base.clone())) };
        fill(&mut mount);
        match mount.made {
            Made::Document(document) => *document,
            Made::Handlers(_) => base,
        }
    }

    /// Mounts what `fill` does below `prefix`.
    pub fn under(&mut self, prefix: &'static str, fill: impl FnOnce(&mut Self)) -> &mut Self {
        let outer = std::mem::replace(&mut self.prefix, prefix);
        fill(self);
        self.prefix = outer;
        self
    }

    pub fn service<D, F, A>(&mut self, (described, handler): (D, F)) -> &mut Self
    where
        D: OpenApiFactory + utoipa::Path,
        F: Handler<A>,
        F::Output: Responder + 'static,
        A: FromRequest + 'static,
    {
        match &mut self.made {
            Made::Handlers(handlers) => {
                let pattern = format!("{}{}", self.prefix, D::path());
                for of in D::methods() {
                    handlers.put(&pattern, method(&of), actix_web::Route::new().to(handler.clone()));
                }
            }
            Made::Document(document) => {
                let mut models = Vec::new();
                described.schemas(&mut models);
                describe(document, self.prefix, described.paths(), models);
            }
        }
        self
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

fn describe(document: &mut OpenApi, prefix: &str, mut paths: Paths, models: Vec<(String, RefOr<Schema>)>) {
    let items = std::mem::take(&mut paths.paths);
    paths.paths = items.into_iter().map(|(path, item)| (format!("{prefix}{path}"), item)).collect();
    document.paths.merge(paths);
    document.components.get_or_insert_default().schemas.extend(models);
}
