//! 挂载: where handlers are put. One list of them makes either a worker's handlers or the OpenAPI document, so that the two
//! cannot differ and a worker does not build a document that it never shows.

use actix_web::{FromRequest, Handler, Responder};
use utoipa::openapi::OpenApi;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa_actix_web::OpenApiFactory;

use super::handlers::{Handlers, endpoint};
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
                handlers.put(&format!("{}{}", self.prefix, D::path()), D::methods(), endpoint(handler));
            }
            Made::Document(document) => describe(document, self.prefix, &described, is_whole::<F::Output>()),
        }
        self
    }
}

/// Says of an operation that its answer is sent whole each time ([`Whole`](super::Whole)), so that the document promises no
/// 304. Only for who finishes the document, who takes it away.
pub const WHOLE: &str = "x-whole";

/// Of the type there is nothing but its name to go by here. That is enough for a document which is committed, and held
/// against the live answers by the contract tests.
fn is_whole<T>() -> bool {
    std::any::type_name::<T>().contains("::conditional::Whole<")
}

fn describe(document: &mut OpenApi, prefix: &str, described: &dyn OpenApiFactory, whole: bool) {
    let (mut paths, mut models) = (described.paths(), Vec::new());
    described.schemas(&mut models);
    let mut items = std::mem::take(&mut paths.paths);
    if whole {
        let mark = || ExtensionsBuilder::new().add(WHOLE, true).build();
        items.values_mut().filter_map(|item| item.get.as_mut()).for_each(|get| get.extensions = Some(mark()));
    }
    paths.paths = items.into_iter().map(|(path, item)| (format!("{prefix}{path}"), item)).collect();
    document.paths.merge(paths);
    document.components.get_or_insert_default().schemas.extend(models);
}
