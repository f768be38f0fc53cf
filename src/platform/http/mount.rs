//! 挂载: where handlers are put. One list of them makes either a worker's routes or the OpenAPI document, so that the two
//! cannot differ and a worker does not build a document that it never shows.
//!
//! actix tries its routes one after the other, each with a regular expression. So the handlers of a collection (the first
//! segment of their paths) share a scope, in which those of a path share another. The path is known before, from the radix
//! tree of all of them, and a request passes the other scopes by with one comparison each.

use actix_web::dev::HttpServiceFactory;
use actix_web::guard::{Guard, GuardContext};
use actix_web::{Scope, web};
use utoipa::openapi::path::Paths;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{OpenApi, RefOr};
use utoipa_actix_web::OpenApiFactory;

use super::routes::Found;

/// Takes the handlers of the contexts, in the order in which they are tried within a collection.
pub struct Mount {
    prefix: &'static str,
    made: Made,
}

enum Made {
    Routes(Vec<(Collection, Vec<(Pattern, Scope)>)>),
    Document(Box<OpenApi>),
}

/// A handler that says where it belongs, by `#[utoipa::path]` and actix's own attribute.
pub trait Handler: HttpServiceFactory + OpenApiFactory + utoipa::Path + 'static {}

impl<T: HttpServiceFactory + OpenApiFactory + utoipa::Path + 'static> Handler for T {}

/// `/v1/compounds`, and what lies below it.
#[derive(Clone, PartialEq, Eq)]
struct Collection(String);

impl Collection {
    fn of(prefix: &str, path: &str) -> Self {
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        Self(format!("{prefix}/{first}"))
    }
}

impl Guard for Collection {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        let rest = context.head().uri.path().strip_prefix(self.0.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// `/v1/compounds/{id}`: the one path that the tree of routes found for the request.
#[derive(Clone, PartialEq, Eq)]
struct Pattern(String);

impl Guard for Pattern {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        context.req_data().get::<Found>().is_some_and(|found| found.0.pattern == self.0)
    }
}

impl Mount {
    /// The routes that `fill` mounts, a scope per collection.
    pub fn routes(fill: impl FnOnce(&mut Self)) -> impl Iterator<Item = Scope> {
        let mut mount = Self { prefix: "", made: Made::Routes(Vec::new()) };
        fill(&mut mount);
        let scopes = match mount.made {
            Made::Routes(scopes) => scopes,
            Made::Document(_) => Vec::new(),
        };
        scopes.into_iter().map(|(collection, paths)| {
            let inner = paths.into_iter().map(|(pattern, scope)| scope.guard(pattern));
            inner.fold(web::scope("").guard(collection), Scope::service)
        })
    }

    /// `base` with the operations and models that `fill` mounts.
    pub fn document(base: OpenApi, fill: impl FnOnce(&mut Self)) -> OpenApi {
        let mut mount = Self { prefix: "", made: Made::Document(Box::new(base.clone())) };
        fill(&mut mount);
        match mount.made {
            Made::Document(document) => *document,
            Made::Routes(_) => base,
        }
    }

    /// Mounts what `fill` does below `prefix`.
    pub fn under(&mut self, prefix: &'static str, fill: impl FnOnce(&mut Self)) -> &mut Self {
        let outer = std::mem::replace(&mut self.prefix, prefix);
        fill(self);
        self.prefix = outer;
        self
    }

    pub fn service<H: Handler>(&mut self, handler: H) -> &mut Self {
        match &mut self.made {
            Made::Routes(scopes) => {
                let path = H::path();
                let (collection, pattern) =
                    (Collection::of(self.prefix, &path), Pattern(format!("{}{path}", self.prefix)));
                let mut paths = take(scopes, &collection).unwrap_or_default();
                let scope = take(&mut paths, &pattern).unwrap_or_else(|| web::scope(self.prefix));
                paths.push((pattern, scope.service(handler)));
                scopes.push((collection, paths));
            }
            Made::Document(document) => {
                let mut models = Vec::new();
                handler.schemas(&mut models);
                describe(document, self.prefix, handler.paths(), models);
            }
        }
        self
    }
}

fn take<K: PartialEq, V>(entries: &mut Vec<(K, V)>, key: &K) -> Option<V> {
    let at = entries.iter().position(|(other, _)| other == key)?;
    Some(entries.remove(at).1)
}

fn describe(document: &mut OpenApi, prefix: &str, mut paths: Paths, models: Vec<(String, RefOr<Schema>)>) {
    let items = std::mem::take(&mut paths.paths);
    paths.paths = items.into_iter().map(|(path, item)| (format!("{prefix}{path}"), item)).collect();
    document.paths.merge(paths);
    document.components.get_or_insert_default().schemas.extend(models);
}
