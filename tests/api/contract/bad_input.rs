//! Bad input, field by field, for every body and every list of the document: a precise problem, never a 500, never a
//! changed row.

use actix_web::http::Method;
use diesel::prelude::*;
use platform::auth::Role;
use platform::schema::history;
use serde_json::{Map, Value, json};

use super::sample::{Operation, document, is, members, operations, resolve, sample};
use crate::support::{Client, Reply, TestApp};

const NOBODY: &str = "019b0000-0000-7000-8000-00000000dead";

async fn send(client: &Client, operation: &Operation, body: Vec<u8>) -> Reply {
    let method: Method = operation.method.to_uppercase().parse().expect("a method");
    let reply = client.send(method, &operation.path_for(NOBODY), &operation.headers(), Some(body)).await;
    operation.allows(&reply);
    reply
}

/// Somebody who may do everything everywhere, so that only the body can be at fault.
async fn everybody(app: &TestApp) -> Client {
    let roles: Vec<(Role, &str)> = Role::ALL.iter().map(|role| (*role, "")).collect();
    app.actor_with(&roles).await
}

fn with_bodies(document: &Value) -> Vec<Operation> {
    operations(document).into_iter().filter(|operation| operation.body_schema().is_some()).collect()
}

async fn events(app: &TestApp) -> i64 {
    app.app.db.read(|c| Ok(history::table.count().get_result(c)?)).await.expect("a count")
}

/// A format that not every text has; `password` says only how a form shows it.
fn has_form(schema: &Value) -> bool {
    matches!(schema["format"].as_str(), Some("uuid" | "date" | "date-time"))
}

/// What a property must refuse, by its schema.
fn bad_values(document: &Value, property: &Value) -> Vec<Value> {
    let schema = resolve(document, property);
    let mut bad = Vec::new();
    if is(schema, "string") {
        bad.extend([json!(7), json!(true), json!(["x"]), json!({ "x": 1 }), json!("a\u{0}b")]);
        if let Some(max) = schema["maxLength"].as_u64().filter(|max| *max < 10_000) {
            bad.push(json!("长".repeat(usize::try_from(max).expect("a length") + 1)));
        }
        if schema["minLength"].as_u64().is_some_and(|min| min > 0) || has_form(schema) || schema["enum"].is_array() {
            bad.push(json!(""));
        }
        if schema["enum"].is_array() || has_form(schema) {
            bad.push(json!("no such value"));
        }
    }
    if is(schema, "integer") {
        bad.extend([json!("1"), json!(1.5), json!(true), json!(9.9e30), json!([1])]);
        bad.extend(schema["minimum"].as_i64().map(|min| json!(min - 1)));
        bad.extend(schema["maximum"].as_i64().map(|max| json!(max + 1)));
    }
    if is(schema, "boolean") {
        bad.extend([json!("true"), json!(1)]);
    }
    if is(schema, "array") {
        bad.extend([json!({}), json!("x"), json!([{ "no": "such" }])]);
    }
    if is(schema, "object") && schema["properties"].is_object() {
        bad.extend([json!("x"), json!([1]), json!({ "no_such_member": 1 })]);
    }
    bad
}

#[actix_web::test]
async fn every_bad_field_is_named_and_nothing_is_written() {
    let app = TestApp::spawn().await;
    let client = everybody(&app).await;
    let document = document();
    let before = events(&app).await;
    let mut tried = 0;
    for operation in with_bodies(&document) {
        let schema = resolve(&document, operation.body_schema().expect("a body"));
        let good = members(&document, schema, true);
        for (name, property) in schema["properties"].as_object().expect("properties") {
            for bad in bad_values(&document, property) {
                let mut body = good.clone();
                body.insert(name.clone(), bad.clone());
                let reply = send(&client, &operation, Value::Object(body).to_string().into_bytes()).await;
                assert_eq!(reply.status(), 422, "{} {name} = {bad}: {}", operation.id, reply.text());
                let problem = reply.refused(422, "invalid");
                let place = format!("#/{name}");
                let named = problem.errors.iter().any(|e| e.pointer.as_deref().is_some_and(|p| p.starts_with(&place)));
                assert!(named, "{} {name} = {bad}: {}", operation.id, reply.text());
                tried += 1;
            }
        }
        for missing in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let mut body = good.clone();
            body.remove(missing);
            let problem =
                send(&client, &operation, Value::Object(body).to_string().into_bytes()).await.refused(422, "invalid");
            assert_eq!(problem.errors[0].pointer, Some(format!("#/{missing}")), "{}", operation.id);
        }
        let mut body = good.clone();
        body.insert("no_such_member".into(), json!(1));
        let problem =
            send(&client, &operation, Value::Object(body).to_string().into_bytes()).await.refused(422, "invalid");
        assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/no_such_member"), "{}", operation.id);
    }
    assert!(tried > 300, "only {tried} bad values were tried");
    assert_eq!(events(&app).await, before, "a refused request left an event behind");
}

/// The samples themselves pass the checks: otherwise the test above would prove nothing.
#[actix_web::test]
async fn the_samples_are_well_formed() {
    let app = TestApp::spawn().await;
    let document = document();
    for operation in with_bodies(&document) {
        let client = everybody(&app).await;
        let body = sample(&document, resolve(&document, operation.body_schema().expect("a body")));
        let reply = send(&client, &operation, body.to_string().into_bytes()).await;
        let refused_by_shape =
            reply.status() >= 400 && matches!(reply.problem().code.as_str(), "invalid" | "malformed_json");
        assert!(!refused_by_shape && reply.status() < 500, "{}: {body} -> {}", operation.id, reply.text());
    }
}

#[actix_web::test]
async fn bodies_that_are_no_json_are_named() {
    let app = TestApp::spawn().await;
    let client = everybody(&app).await;
    let document = document();
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_member = format!("{{\"name\":{deep}}}");
    for operation in with_bodies(&document) {
        for text in [&b""[..], b"{", b"{\"a\":1,}", b"nul", b"{\"name\":\"\xff\xfe\"}", b"\xef\xbb\xbf{}"] {
            send(&client, &operation, text.to_vec()).await.refused(400, "malformed_json");
        }
        for text in [deep.as_str(), deep_member.as_str(), "[]", "1", "\"x\"", "null"] {
            let reply = send(&client, &operation, text.as_bytes().to_vec()).await;
            assert!(matches!(reply.status(), 400 | 422), "{}: {}", operation.id, reply.text());
            reply.problem();
        }
    }
}

#[actix_web::test]
async fn bodies_of_ten_megabytes_and_of_other_kinds_are_refused() {
    let app = TestApp::spawn().await;
    let client = everybody(&app).await;
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(10 << 20)).into_bytes();
    let reply = client.send(Method::POST, "/v1/grids", &[("content-type", "application/json")], Some(large)).await;
    reply.refused(413, "too_large");
    for kind in ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""] {
        let reply = client.send(Method::POST, "/v1/grids", &[("content-type", kind)], Some(b"{}".to_vec())).await;
        reply.refused(415, "unsupported_media_type");
    }
}

fn query_parameters(operation: &Operation) -> Map<String, Value> {
    let all = operation.spec["parameters"].as_array().cloned().unwrap_or_default();
    let in_query = all.into_iter().filter(|p| p["in"] == "query");
    in_query.map(|p| (p["name"].as_str().expect("a name").to_owned(), p["schema"].clone())).collect()
}

#[actix_web::test]
async fn bad_query_parameters_are_named() {
    let app = TestApp::spawn().await;
    let client = everybody(&app).await;
    let document = document();
    let lists = operations(&document).into_iter().filter(|o| o.method == "get" && !query_parameters(o).is_empty());
    for operation in lists.collect::<Vec<_>>() {
        let path = operation.path_for("620902");
        // A row that is not there would be a 404 before its query is looked at only where the path is at fault.
        let path =
            if path.contains("620902") && operation.path.contains("{id}") { operation.path_for(NOBODY) } else { path };
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut bad = vec![("no_such_parameter", "1".to_owned())];
        for (name, schema) in query_parameters(&operation) {
            let schema = resolve(&document, &schema).clone();
            if schema["enum"].is_array() || is(&schema, "integer") || is(&schema, "boolean") || has_form(&schema) {
                bad.push((Box::leak(name.into_boxed_str()), "no-such-value".to_owned()));
            }
        }
        if query_parameters(&operation).contains_key("limit") {
            bad.extend(
                ["0", "101", "-1", "1e9", "9999999999999999999999", ""].map(|limit| ("limit", limit.to_owned())),
            );
            bad.extend(["x", "AAAA", &"A".repeat(400), "%00"].map(|cursor| ("cursor", cursor.to_owned())));
            bad.push(("include", "everything".to_owned()));
        }
        for (name, value) in bad {
            let reply = client.get(&format!("{path}{joint}{name}={value}")).await;
            assert_eq!(reply.status(), 400, "{} {name}={value}: {}", operation.id, reply.text());
            assert_eq!(reply.problem().errors[0].parameter.as_deref(), Some(name), "{}", operation.id);
        }
        if query_parameters(&operation).contains_key("limit") {
            let twice = client.get(&format!("{path}{joint}limit=5&limit=6")).await;
            assert_eq!(twice.refused(400, "bad_parameter").errors[0].code, "duplicate_parameter", "{}", operation.id);
        }
    }
}

#[actix_web::test]
async fn ids_that_are_none_are_not_found() {
    let app = TestApp::spawn().await;
    let client = everybody(&app).await;
    let document = document();
    for operation in operations(&document).into_iter().filter(|o| o.path.contains('{') && o.method == "get") {
        for id in
            ["x", "1", "%00", "..%2f..%2fetc", "019b0000-0000-7000-8000-00000000000g", &"9".repeat(300), "'%20or%201=1"]
        {
            let reply = client.get(&operation.path_for(id)).await;
            assert_eq!(reply.status(), 404, "{} {id}: {}", operation.id, reply.text());
            reply.problem();
        }
    }
}
