//! The finishing pass over the document, as JSON: bounds that follow from a format, the PATCH twins, the headers and the
//! problem responses that every operation shares.

#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value answers null where there is nothing, and makes what is missing where it is assigned to"
)]

use platform::http::{KEY_DESCRIPTION, WHOLE};
use serde_json::{Map, Value, json};

const METHODS: [&str; 5] = ["get", "post", "patch", "put", "delete"];
/// The largest integer that JavaScript reads exactly.
const SAFE_INTEGER: i64 = 9_007_199_254_740_991;

pub fn finish(document: &mut Value, public_base: &str) {
    document["servers"] =
        json!([{ "url": public_base, "description": "生产环境 · production", "x-internal": "false" }]);
    add_patch_twins(document);
    bound_everything(document);
    let versioned = versioned_schemas(document);
    document["components"]["responses"] = shared_responses();
    document["components"]["headers"] = shared_headers();
    for_each_operation(document, |method, operation| finish_operation(method, operation, &versioned));
}

/// Every operation as (path, method, operation).
pub fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| item.get(*method).map(|op| (path.as_str(), *method, op)))
    })
}

/// The scope that an operation asks for; `None` where it is public.
pub fn scope_of(operation: &Value) -> Option<String> {
    let requirements = operation["security"].as_array()?;
    requirements.iter().find_map(|r| r.get("bearer")?.get(0)?.as_str().map(str::to_owned))
}

pub fn for_each_operation(document: &mut Value, mut change: impl FnMut(&str, &mut Value)) {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for item in paths.map(|(_, item)| item) {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                change(method, operation);
            }
        }
    }
}

/// WeChat cannot send PATCH, so each has a twin by POST, an operation of its own for the SDKs.
fn add_patch_twins(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for item in paths.filter_map(|(_, item)| item.as_object_mut()) {
        let Some(mut twin) = item.get("patch").filter(|_| !item.contains_key("post")).cloned() else { continue };
        let id = twin["operationId"].as_str().unwrap_or_default().to_owned();
        twin["operationId"] = json!(format!("{id}_by_post"));
        twin["description"] =
            json!("与 PATCH 相同, 供不能发送 PATCH 的小程序使用。The same as PATCH, for clients that cannot send it.");
        push_parameter(
            &mut twin,
            json!({ "name": "X-HTTP-Method-Override", "in": "header", "required": true,
            "schema": { "type": "string", "enum": ["PATCH"] } }),
        );
        item.insert("post".into(), twin);
    }
}

fn push_parameter(operation: &mut Value, parameter: Value) {
    match operation["parameters"].as_array_mut() {
        Some(parameters) => parameters.push(parameter),
        None => operation["parameters"] = json!([parameter]),
    }
}

/// Bounds that follow from a value's format: what is declared stays.
fn bound_everything(value: &mut Value) {
    match value {
        Value::Object(members) => {
            bound(members);
            // Examples are data, not schemas.
            members.iter_mut().filter(|(name, _)| *name != "example").for_each(|(_, inner)| bound_everything(inner));
        }
        Value::Array(items) => items.iter_mut().for_each(bound_everything),
        _ => {}
    }
}

fn bound(schema: &mut Map<String, Value>) {
    let is = |schema: &Map<String, Value>, kind: &str| match schema.get("type") {
        Some(Value::String(name)) => name == kind,
        Some(Value::Array(names)) => names.iter().any(|name| name == kind),
        _ => false,
    };
    if is(schema, "string") && !schema.contains_key("enum") {
        let length = match schema.get("format").and_then(Value::as_str) {
            Some("uuid") => 36,
            Some("date-time") => 40,
            Some("date") => 10,
            _ => return,
        };
        schema.entry("maxLength").or_insert(json!(length));
    }
    if is(schema, "integer") {
        let wide = schema.get("format").and_then(Value::as_str) != Some("int32");
        let (low, high) = if wide { (-SAFE_INTEGER, SAFE_INTEGER) } else { (i32::MIN.into(), i32::MAX.into()) };
        schema.entry("format").or_insert(json!("int64"));
        schema.entry("minimum").or_insert(json!(low));
        schema.entry("maximum").or_insert(json!(high));
    }
}

/// The schemas that carry a version, and so are answered with an ETag.
fn versioned_schemas(document: &Value) -> Vec<String> {
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let versioned = schemas.filter(|(_, schema)| carries_version(document, schema));
    versioned.map(|(name, _)| format!("#/components/schemas/{name}")).collect()
}

/// By itself, or as one of the parts that it is put together from, or in each of its kinds.
fn carries_version(document: &Value, schema: &Value) -> bool {
    if let Some(target) = schema["$ref"].as_str() {
        let named = document.pointer(target.trim_start_matches('#'));
        return named.is_some_and(|schema| carries_version(document, schema));
    }
    let parts = |of: &str| schema[of].as_array().map(Vec::as_slice).unwrap_or_default();
    let (parts_of_all, kinds) = (parts("allOf"), parts("oneOf"));
    schema["properties"].get("version").is_some()
        || parts_of_all.iter().any(|part| carries_version(document, part))
        || (!kinds.is_empty() && kinds.iter().all(|kind| carries_version(document, kind)))
}

fn string_header(description: &str, length: u32) -> Value {
    json!({ "description": description, "schema": { "type": "string", "maxLength": length } })
}

fn shared_headers() -> Value {
    json!({
        "RateLimit": string_header("剩余额度 · What is left: `\"policy\";r=remaining;t=seconds`", 100),
        "RateLimit-Policy": string_header("额度 · The budget: `\"policy\";q=requests;w=seconds`", 100),
        "X-Request-Id": string_header("请求编号 · To quote when asking for help", 128),
        "Access-Control-Allow-Origin": string_header("允许的来源 · The origin, where it is allowed", 300),
        "ETag": string_header("版本 · The version, `\"v7\"`; of a file, its SHA-256", 80),
        "Location": string_header("新资源的路径 · The path of what was made", 300),
        "Link": string_header("下一页 · The next page", 2000),
        "Retry-After": string_header("等待秒数 · Seconds to wait", 10),
        "WWW-Authenticate": string_header("认证方式 · How to authenticate", 100),
        "Idempotency-Replayed": string_header("`true` where this is the stored answer", 4),
        "X-Poll-Interval": string_header("轮询间隔秒数 · Seconds until it is worth asking again", 10)
    })
}

fn header_refs(names: &[&str]) -> Value {
    let refs = names.iter().map(|name| ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") })));
    Value::Object(refs.collect())
}

const ALWAYS: [&str; 4] = ["RateLimit", "RateLimit-Policy", "X-Request-Id", "Access-Control-Allow-Origin"];

fn headers_with(more: &[&str]) -> Value {
    header_refs(&[ALWAYS.as_slice(), more].concat())
}

/// Name in the components, status, description, headers beside the common ones.
const PROBLEMS: [(&str, u16, &str, &[&str]); 13] = [
    ("BadRequest", 400, "请求无法解析 · The request cannot be read", &[]),
    ("Unauthenticated", 401, "未登录或令牌无效 · No token, or a bad one", &["WWW-Authenticate"]),
    ("Forbidden", 403, "角色不允许 · The caller's roles do not allow it", &[]),
    ("NotFound", 404, "未找到或不在范围内 · Unknown, or outside the caller's area", &[]),
    ("Conflict", 409, "与当前状态冲突 · In conflict with the current state", &[]),
    ("Stale", 412, "版本已变 · Another version stands", &["ETag"]),
    ("TooLarge", 413, "请求体过大 · The body is too large", &[]),
    ("UnsupportedMediaType", 415, "类型不符 · Not of the type that is asked for", &[]),
    ("Unprocessable", 422, "内容不符合要求, 逐项列出 · The content is not acceptable, fault by fault", &[]),
    ("VersionRequired", 428, "缺少 If-Match · If-Match is missing", &[]),
    ("TooManyRequests", 429, "请求过多 · Too many requests", &["Retry-After"]),
    ("Internal", 500, "服务器错误 · A fault of ours", &[]),
    ("Busy", 503, "系统繁忙 · Busy", &["Retry-After"]),
];

fn shared_responses() -> Value {
    let response = |(name, _, description, headers): &(&str, u16, &str, &[&str])| {
        let body = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
        ((*name).to_owned(), json!({ "description": description, "headers": headers_with(headers), "content": body }))
    };
    Value::Object(PROBLEMS.iter().map(response).collect())
}

/// What is asked for without an id and may not be there: a grid by its place, comments by their round, and what is kept of
/// oneself, where an account belongs to no person.
const FINDS_ONE_OR_NONE: [&str; 7] = [
    "locate_grid",
    "get_my_data",
    "list_my_accesses",
    "list_my_consents",
    "list_my_data_requests",
    "list_my_residencies",
    "list_survey_comments",
];

fn finish_operation(method: &str, operation: &mut Value, versioned: &[String]) {
    let public = scope_of(operation).is_none();
    if public {
        // An empty list: of a list with an empty requirement some generators make a client that wants a token.
        operation["security"] = json!([]);
    }
    let whole = operation.as_object_mut().is_some_and(|members| members.remove(WHOLE).is_some());
    let has_body = operation.get("requestBody").is_some();
    let carries_version = success_schema(operation).is_some_and(|schema| versioned.contains(&schema));
    let has_path_id = has_parameter_in(operation, "path");
    let patches = method == "patch" || has_parameter(operation, "X-HTTP-Method-Override");
    // A file has no version, but is sent again where an answer was lost.
    let uploads = operation["requestBody"]["content"].get("multipart/form-data").is_some();
    let creates = method == "post" && !public && (carries_version || uploads) && !patches;
    // A step says by itself that it takes one.
    let takes_key = has_parameter(operation, "Idempotency-Key") || (creates && !has_parameter(operation, "If-Match"));
    if patches && !has_parameter(operation, "If-Match") {
        let description = "读到的版本 · The version that was read, `\"v7\"`";
        push_parameter(operation, header_parameter("If-Match", true, description, 200));
    }
    if method == "get" && carries_version && !whole {
        push_parameter(operation, header_parameter("If-None-Match", false, "已有的版本 · The version at hand", 200));
    }
    if takes_key && !has_parameter(operation, "Idempotency-Key") {
        push_parameter(operation, header_parameter("Idempotency-Key", false, KEY_DESCRIPTION, 257));
    }
    describe_success(operation, carries_version, takes_key);
    bound_exports(operation);
    let mut statuses = vec![400, 429, 500, 503];
    statuses.extend_from_slice(if public { &[401] } else { &[401, 403] });
    // An area outside the caller's is as unknown as a row outside it; some lists only find nothing there.
    let finds_none = operation["operationId"].as_str().is_some_and(|id| FINDS_ONE_OR_NONE.contains(&id));
    if has_path_id || has_parameter(operation, "area") || finds_none {
        statuses.push(404);
    }
    if has_body {
        statuses.extend_from_slice(&[413, 415, 422]);
    }
    if method != "get" && !public {
        statuses.extend_from_slice(&[404, 409]);
    }
    if has_parameter(operation, "If-Match") {
        statuses.extend_from_slice(&[412, 428]);
    }
    for (name, status, _, _) in PROBLEMS.iter().filter(|(_, status, ..)| statuses.contains(status)) {
        let status = status.to_string();
        if operation["responses"].get(&status).is_none() {
            operation["responses"][status] = json!({ "$ref": format!("#/components/responses/{name}") });
        }
    }
}

/// An export is as long as the register, and a page as long as what was said; tools want a number all the same.
fn bound_exports(operation: &mut Value) {
    for media in ["text~1csv", "application~1x-ndjson", "text~1html", "text~1calendar", "image~1svg+xml"] {
        if let Some(schema) = operation.pointer_mut(&format!("/responses/200/content/{media}/schema")) {
            schema["maxLength"] = json!(i32::MAX);
        }
    }
}

fn header_parameter(name: &str, required: bool, description: &str, length: u32) -> Value {
    json!({ "name": name, "in": "header", "required": required, "description": description,
        "schema": { "type": "string", "maxLength": length } })
}

pub fn parameters(operation: &Value) -> impl Iterator<Item = &Value> {
    operation["parameters"].as_array().into_iter().flatten()
}

fn has_parameter(operation: &Value, name: &str) -> bool {
    parameters(operation).any(|parameter| parameter["name"] == name)
}

fn has_parameter_in(operation: &Value, place: &str) -> bool {
    parameters(operation).any(|parameter| parameter["in"] == place)
}

/// The `$ref` of what a success carries.
fn success_schema(operation: &Value) -> Option<String> {
    ["200", "201"].iter().find_map(|status| {
        let schema = &operation["responses"][*status]["content"]["application/json"]["schema"];
        schema["$ref"].as_str().map(str::to_owned)
    })
}

fn describe_success(operation: &mut Value, carries_version: bool, takes_key: bool) {
    let pages = has_parameter(operation, "cursor");
    let reads = has_parameter(operation, "If-None-Match");
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, response) in responses.iter_mut().filter(|(status, _)| status.starts_with('2')) {
        let mut more: Vec<&str> = Vec::new();
        if carries_version || reads {
            more.push("ETag");
        }
        if status == "201" {
            more.push("Location");
        }
        if takes_key {
            more.push("Idempotency-Replayed");
        }
        if pages {
            more.push("Link");
        }
        // Only what is polled by anybody says how often.
        if reads && !carries_version {
            more.extend(["ETag", "X-Poll-Interval"]);
        }
        response["headers"] = headers_with(&more);
    }
    if reads {
        let headers = headers_with(&["ETag"]);
        responses.insert("304".into(), json!({ "description": "未变化 · Unchanged", "headers": headers }));
    }
}
