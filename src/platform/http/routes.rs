//! 路由表: which operations lie at a path. Read off the OpenAPI document, so the two cannot drift apart.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use matchit::Match;
use serde::Deserialize;

/// All paths, as one radix tree for all workers.
pub struct Routes {
    tree: matchit::Router<Route>,
    count: usize,
}

/// A path of the document, with what the edge has to know of it.
#[derive(Debug, Clone)]
pub struct Route {
    /// As the document writes it: `/v1/grids/{id}`.
    pub pattern: String,
    /// Which of all routes it is.
    pub place: usize,
    /// The `Allow` header.
    pub allow: HeaderValue,
    /// The methods whose operations take a query.
    queries: Vec<Method>,
}

/// The route of a request.
#[derive(Debug, Clone)]
pub struct Found {
    pub route: &'static Route,
    /// What stands where the pattern has its parameters, as it was sent.
    pub parameters: Vec<String>,
}

impl Found {
    pub(super) fn of(found: &Match<'_, '_, &'static Route>) -> Self {
        let parameters = found.params.iter().map(|(_, written)| written.to_owned()).collect();
        Self { route: found.value, parameters }
    }
}

/// What is read of the document.
#[derive(Deserialize)]
struct Document {
    paths: BTreeMap<String, Item>,
    #[serde(default)]
    components: Components,
}

#[derive(Default, Deserialize)]
struct Components {
    #[serde(default)]
    parameters: BTreeMap<String, Parameter>,
}

#[derive(Deserialize)]
struct Item {
    get: Option<Operation>,
    post: Option<Operation>,
    patch: Option<Operation>,
    put: Option<Operation>,
    delete: Option<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    #[serde(default)]
    parameters: Vec<Parameter>,
}

/// Where a parameter stands, or under which name all operations share it.
#[derive(Deserialize)]
struct Parameter {
    #[serde(rename = "in")]
    place: Option<String>,
    #[serde(rename = "$ref")]
    shared: Option<String>,
}

impl Components {
    fn is_in_query(&self, parameter: &Parameter) -> bool {
        let name = parameter.shared.as_deref().and_then(|at| at.strip_prefix("#/components/parameters/"));
        let shared = name.and_then(|name| self.parameters.get(name));
        shared.unwrap_or(parameter).place.as_deref() == Some("query")
    }

    fn takes_query(&self, operation: &Operation) -> bool {
        operation.parameters.iter().any(|parameter| self.is_in_query(parameter))
    }
}

impl Route {
    fn of(place: usize, pattern: String, item: &Item, components: &Components) -> Result<Self, String> {
        let allow = HeaderValue::from_str(&allow(item)).map_err(|e| format!("{pattern}: {e}"))?;
        let operations = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PATCH, &item.patch),
            (Method::PUT, &item.put),
            (Method::DELETE, &item.delete),
        ];
        let takes = |operation: &Operation| components.takes_query(operation);
        let taking = operations.into_iter().filter(|(_, operation)| operation.as_ref().is_some_and(takes));
        Ok(Self { place, pattern, allow, queries: taking.map(|(method, _)| method).collect() })
    }

    pub(super) fn takes_query(&self, method: &Method) -> bool {
        self.queries.contains(method)
    }
}

fn allow(item: &Item) -> String {
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

impl Routes {
    /// The routes of an OpenAPI document in JSON.
    pub fn of(document: &str) -> Result<Self, String> {
        let document: Document = serde_json::from_str(document).map_err(|e| e.to_string())?;
        let Document { paths, components } = document;
        let (mut tree, count) = (matchit::Router::new(), paths.len());
        for (place, (pattern, item)) in paths.into_iter().enumerate() {
            let route = Route::of(place, pattern.clone(), &item, &components)?;
            tree.insert(&pattern, route).map_err(|e| format!("{pattern}: {e}"))?;
        }
        Ok(Self { tree, count })
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The route of a request's path, borrowed from both.
    pub(super) fn at<'p>(&'static self, path: &'p str) -> Option<Match<'static, 'p, &'static Route>> {
        self.tree.at(path).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    const DOCUMENT: &str = r##"{"paths": {
        "/v1/things": {"get": {"parameters": [{"name": "limit", "in": "query"}]}, "post": {}},
        "/v1/things/{id}": {"get": {"parameters": [{"$ref": "#/components/parameters/PathId"}]}, "patch": {}},
        "/v1/things/{id}/parts": {"get": {"parameters": [{"$ref": "#/components/parameters/Limit"}]}},
        "/v1/things/{id}/parts/{part}": {"get": {}},
        "/v1/things/check": {"post": {}}
    }, "components": {"parameters": {
        "Limit": {"name": "limit", "in": "query"},
        "PathId": {"name": "id", "in": "path"}
    }}}"##;

    fn find(path: &str) -> Option<Found> {
        static ROUTES: LazyLock<Routes> = LazyLock::new(|| Routes::of(DOCUMENT).expect("routes"));
        ROUTES.at(path).map(|found| Found::of(&found))
    }

    #[test]
    fn a_path_finds_its_route_and_a_fixed_word_wins() {
        let of = |path| {
            let route = find(path)?.route;
            Some((route.pattern.as_str(), route.allow.to_str().unwrap_or_default()))
        };
        assert_eq!(of("/v1/things"), Some(("/v1/things", "GET, HEAD, POST, OPTIONS")));
        assert_eq!(of("/v1/things/7"), Some(("/v1/things/{id}", "GET, HEAD, POST, PATCH, OPTIONS")));
        assert_eq!(of("/v1/things/check"), Some(("/v1/things/check", "POST, OPTIONS")));
        assert!(of("/v1/things/7/8").is_none() && of("/v1/things/").is_none() && of("/v1").is_none());
    }

    #[test]
    fn parameters_are_found_in_their_order() {
        let of = |path| find(path).map(|found| found.parameters).unwrap_or_default();
        assert_eq!(of("/v1/things/7/parts/%38"), ["7", "%38"]);
        assert!(of("/v1/things/check").is_empty());
    }

    #[test]
    fn only_what_the_document_says_takes_a_query() {
        let takes = |path, method| find(path).is_some_and(|found| found.route.takes_query(&method));
        assert!(takes("/v1/things", Method::GET) && takes("/v1/things/7/parts", Method::GET));
        assert!(!takes("/v1/things", Method::POST) && !takes("/v1/things/7", Method::GET));
    }
}
