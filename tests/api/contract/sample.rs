//! Requests made from the document: paths with their parameters filled, bodies from the examples.

use red_steward::openapi;
use serde_json::{Map, Value, json};

use crate::support::photos::photo;
use crate::support::{MULTIPART, Reply, SentFile, multipart};

pub const METHODS: [&str; 3] = ["get", "post", "patch"];

/// One operation of the document.
#[derive(Clone)]
pub struct Operation {
    pub id: String,
    pub method: String,
    /// With `{parameters}`.
    pub path: String,
    /// `None` where it is public.
    pub scope: Option<String>,
    pub spec: Value,
}

pub fn document() -> Value {
    openapi::finished(&openapi::document(), openapi::EXAMPLE_BASE)
}

pub fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in METHODS {
            let Some(spec) = item.get(method) else { continue };
            let scope = spec["security"].as_array().expect("security").iter().find_map(|r| r["bearer"][0].as_str());
            found.push(Operation {
                id: spec["operationId"].as_str().expect("an operationId").to_owned(),
                method: method.to_owned(),
                path: path.clone(),
                scope: scope.map(str::to_owned),
                spec: with_parameters(document, spec),
            });
        }
    }
    found
}

/// The operation with its parameters written out, where the document only names them.
fn with_parameters(document: &Value, spec: &Value) -> Value {
    let mut spec = spec.clone();
    for parameter in spec["parameters"].as_array_mut().into_iter().flatten() {
        if let Some(target) = parameter["$ref"].as_str() {
            *parameter = document.pointer(target.trim_start_matches('#')).expect("the $ref resolves").clone();
        }
    }
    spec
}

impl Operation {
    pub fn is_twin(&self) -> bool {
        self.id.ends_with("_by_post")
    }

    pub fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let kind = if self.is_multipart() { MULTIPART } else { "application/json" };
        let mut headers = vec![("content-type", kind)];
        let named =
            |name: &str| self.spec["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["name"] == name));
        if named("If-Match") {
            headers.push(("If-Match", "*"));
        }
        if self.is_twin() {
            headers.push(("X-HTTP-Method-Override", "PATCH"));
        }
        headers
    }

    /// What it answers is in its description: programs that were made from it know of nothing else.
    pub fn allows(&self, reply: &Reply) {
        let status = reply.status().to_string();
        assert!(self.spec["responses"][&status].is_object(), "{} answers {status} unsaid: {}", self.id, reply.text());
    }

    pub fn has_body(&self) -> bool {
        self.spec.get("requestBody").is_some()
    }

    fn is_multipart(&self) -> bool {
        self.spec["requestBody"]["content"]["multipart/form-data"].is_object()
    }

    /// Of a body in JSON; files have tests of their own.
    pub fn body_schema(&self) -> Option<&Value> {
        self.spec["requestBody"]["content"]["application/json"].get("schema")
    }

    /// A body that is well-formed.
    pub fn sample_body(&self, document: &Value) -> Option<Vec<u8>> {
        if !self.is_multipart() {
            return self
                .body_schema()
                .map(|schema| sample(document, resolve(document, schema)).to_string().into_bytes());
        }
        let schema = resolve(document, &self.spec["requestBody"]["content"]["multipart/form-data"]["schema"]);
        let mut words = members(document, schema, true);
        words.remove("file").expect("the part of the file");
        let words: Vec<_> = words.iter().map(|(name, word)| (name.as_str(), word.as_str().expect("a word"))).collect();
        let bytes = photo(1);
        Some(multipart(&[SentFile { part: "file", name: "photo.jpg", kind: "image/jpeg", bytes: &bytes }], &words))
    }

    /// The path with `value` for its parameter, and the required query parameters from their examples.
    pub fn path_for(&self, value: &str) -> String {
        let mut path = String::new();
        let mut rest = self.path.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            path.push_str(before);
            let (name, behind) = after.split_once('}').expect("a closing brace");
            // A version is told by its number, whatever row it is a version of.
            path.push_str(if name == "number" { "1" } else { value });
            rest = behind;
        }
        path.push_str(rest);
        let parameters = self.spec["parameters"].as_array().cloned().unwrap_or_default();
        let required = parameters.iter().filter(|p| p["in"] == "query" && p["required"] == true);
        let written = |example: &Value| example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        let query: Vec<String> =
            required.map(|p| format!("{}={}", p["name"].as_str().expect("a name"), written(&p["example"]))).collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }
}

/// The schema itself, behind `$ref`, `oneOf` with null and `allOf` of one.
pub fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(target) = schema["$ref"].as_str() {
        let pointer = target.trim_start_matches('#');
        return resolve(document, document.pointer(pointer).expect("the $ref resolves"));
    }
    for combined in ["oneOf", "anyOf", "allOf"] {
        if let Some(options) = schema[combined].as_array() {
            let real = options.iter().find(|option| option["type"] != "null");
            return resolve(document, real.expect("an option"));
        }
    }
    schema
}

pub fn is(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|k| k == kind))
}

/// A valid value: the example, or the smallest thing that the schema allows.
pub fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(example) = schema.get("example").or_else(|| schema["examples"].get(0)) {
        return example.clone();
    }
    let schema = resolve(document, schema);
    if let Some(example) = schema.get("example").or_else(|| schema["examples"].get(0)) {
        return example.clone();
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    if is(schema, "object") {
        return Value::Object(members(document, schema, true));
    }
    if is(schema, "array") {
        let least = schema["minItems"].as_u64().unwrap_or(0);
        return (0..least).map(|_| sample(document, &schema["items"])).collect();
    }
    if is(schema, "boolean") {
        return json!(true);
    }
    if is(schema, "integer") || is(schema, "number") {
        return schema.get("minimum").cloned().unwrap_or(json!(1));
    }
    match schema["format"].as_str() {
        Some("uuid") => json!("019b0000-0000-7000-8000-000000000001"),
        Some("date") => json!("2024-01-10"),
        Some("date-time") => json!("2024-01-10T00:00:00Z"),
        _ => json!("样".repeat(schema["minLength"].as_u64().unwrap_or(1).try_into().expect("a length"))),
    }
}

/// The required members of an object, or all that have an example as well.
pub fn members(document: &Value, schema: &Value, only_required: bool) -> Map<String, Value> {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let wanted = properties.into_iter().filter(|(name, _)| !only_required || required.contains(&name.as_str()));
    wanted
        .map(|(name, property)| {
            let value = sample(document, &property);
            (name, value)
        })
        .collect()
}
