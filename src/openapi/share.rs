//! Parameters that several operations take are written down once and named where they are taken: the document is a sixth
//! shorter, and a client that is made of it has one description of each.

#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value answers null where there is nothing, and makes what is missing where it is assigned to"
)]

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::finish::{for_each_operation, operations, parameters};

pub fn share_parameters(document: &mut Value) {
    let shared = shared(document);
    for_each_operation(document, |_, operation| {
        // Not by index: that would give a null to who takes none.
        let taken = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in taken.into_iter().flatten() {
            let name = name_of(parameter);
            if shared.get(&name) == Some(&*parameter) {
                *parameter = json!({ "$ref": format!("#/components/parameters/{name}") });
            }
        }
    });
    document["components"]["parameters"] = Value::Object(shared);
}

/// What more than one operation takes. Of those that would bear one name the commonest does, and the others stay where they
/// are: what `status` may be is another list for each register.
fn shared(document: &Value) -> Map<String, Value> {
    let mut counts: BTreeMap<String, (usize, &Value)> = BTreeMap::new();
    for parameter in operations(document).flat_map(|(_, _, operation)| parameters(operation)) {
        counts.entry(parameter.to_string()).or_insert((0, parameter)).0 += 1;
    }
    let mut commonest: BTreeMap<String, (usize, &Value)> = BTreeMap::new();
    for (count, parameter) in counts.into_values().filter(|(count, _)| *count > 1) {
        let held = commonest.entry(name_of(parameter)).or_insert((count, parameter));
        if count > held.0 {
            *held = (count, parameter);
        }
    }
    commonest.into_iter().map(|(name, (_, parameter))| (name, parameter.clone())).collect()
}

/// `IfMatch`, `QueryLimit`, `PathCaseId`: an `id` in a path is called as what it is the id of.
fn name_of(parameter: &Value) -> String {
    let name = parameter["name"].as_str().unwrap_or_default();
    let model = parameter["schema"]["$ref"].as_str().and_then(|target| target.rsplit('/').next());
    match (parameter["in"].as_str(), model) {
        (Some("path"), Some(model)) if name == "id" => format!("Path{model}"),
        (Some("path"), _) => format!("Path{}", pascal(name)),
        (Some("query"), _) => format!("Query{}", pascal(name)),
        _ => pascal(name),
    }
}

fn pascal(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    name.split(|c: char| !c.is_alphanumeric()).map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        let limit = json!({ "name": "limit", "in": "query", "schema": { "type": "integer" } });
        let status = |word| json!({ "name": "status", "in": "query", "schema": { "enum": [word] } });
        let id = json!({ "name": "id", "in": "path", "schema": { "$ref": "#/components/schemas/CaseId" } });
        json!({ "components": {}, "paths": {
            "/a": { "get": { "parameters": [limit, status("open")] } },
            "/b": { "get": { "parameters": [limit, status("open")] } },
            "/c": { "get": { "parameters": [limit, status("draft")] }, "post": {} },
            "/c/{id}": { "get": { "parameters": [id] }, "patch": { "parameters": [id,
                { "name": "If-Match", "in": "header", "schema": { "type": "string" } }] } }
        } })
    }

    #[test]
    fn what_is_taken_twice_is_written_once() {
        let mut shared = document();
        share_parameters(&mut shared);
        let names: Vec<&String> =
            shared["components"]["parameters"].as_object().into_iter().flat_map(Map::keys).collect();
        assert_eq!(names, ["PathCaseId", "QueryLimit", "QueryStatus"], "what one operation takes stays there");
        assert_eq!(shared["paths"]["/c"]["get"]["parameters"][0]["$ref"], "#/components/parameters/QueryLimit");
        assert_eq!(shared["paths"]["/c"]["get"]["parameters"][1]["schema"]["enum"][0], "draft");
        assert_eq!(shared["paths"]["/c/{id}"]["patch"]["parameters"][1]["name"], "If-Match");
        assert_eq!(shared["paths"]["/c"]["post"], json!({}), "who takes none takes none");
    }

    #[test]
    fn each_operation_takes_what_it_took() {
        let (before, mut after) = (document(), document());
        share_parameters(&mut after);
        for (path, method, operation) in operations(&before) {
            let named = after["paths"][path][method]["parameters"].as_array().into_iter().flatten();
            let resolved: Vec<&Value> = named
                .map(|parameter| match parameter["$ref"].as_str() {
                    Some(target) => &after["components"]["parameters"][target.rsplit('/').next().unwrap_or_default()],
                    None => parameter,
                })
                .collect();
            assert_eq!(resolved, parameters(operation).collect::<Vec<_>>(), "{method} {path}");
        }
    }
}
