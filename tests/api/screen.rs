//! 大屏页: a page and its parts, for a browser; and that what it asks of the API is there for a dashboard's token.

use actix_web::http::Method;
use platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{Client, Reply, TestApp, plant_divisions};

async fn any(client: &Client, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    client.send(method, path, headers, None).await
}

/// What the page names of its own: `screen/main.js`.
fn parts_of(page: &str) -> Vec<String> {
    let named = page.split('"').filter(|word| word.starts_with("screen/"));
    named.map(|name| format!("/{name}")).collect()
}

#[actix_web::test]
async fn the_page_and_all_that_it_names_are_served_with_a_strict_policy() {
    let app = TestApp::spawn().await;
    let page = app.anonymous().get("/screen").await.expect(200);
    assert_eq!(page.header("content-type").as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control").as_deref(), Some("public, no-cache"));
    assert_eq!(page.header("x-content-type-options").as_deref(), Some("nosniff"));
    let policy = page.header("content-security-policy").expect("a policy");
    let directives: Vec<&str> = policy.split(';').map(str::trim).collect();
    for directive in ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "form-action 'none'"] {
        assert!(directives.contains(&directive), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains('*'), "{policy}");
    let parts = parts_of(&page.text());
    assert!(parts.len() >= 8, "{parts:?}");
    for part in parts {
        let reply = app.anonymous().get(&part).await.expect(200);
        let kind = match part.rsplit('.').next() {
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(reply.header("content-type").as_deref(), Some(kind), "{part}");
        assert!(reply.header("content-security-policy").is_some_and(|policy| policy.contains("default-src 'none'")));
    }
    // What it stands on is passed on with its licence.
    let licence = app.anonymous().get("/screen/uplot-1.6.32-license.txt").await.expect(200).text();
    assert!(licence.contains("Permission is hereby granted"));
}

#[actix_web::test]
async fn what_a_browser_has_is_not_sent_again_and_a_version_in_a_name_is_for_good() {
    let app = TestApp::spawn().await;
    for (path, caching) in [
        ("/screen", "public, no-cache"),
        ("/screen/main.js", "public, no-cache"),
        ("/screen/uplot-1.6.32.min.js", "public, max-age=31536000, immutable"),
    ] {
        let first = app.anonymous().get(path).await.expect(200);
        assert_eq!(first.header("cache-control").as_deref(), Some(caching), "{path}");
        let tag = first.header("etag").expect("a tag");
        let again = app.anonymous().get_with(path, &[("if-none-match", tag.as_str())]).await.expect(304);
        assert!(again.body.is_empty());
        assert_eq!(again.header("etag").as_deref(), Some(tag.as_str()));
        assert_eq!(again.header("cache-control").as_deref(), Some(caching), "{path}");
        app.anonymous().get_with(path, &[("if-none-match", "\"another\"")]).await.expect(200);
        let head = any(&app.anonymous(), Method::HEAD, path, &[]).await.expect(200);
        assert!(head.body.is_empty());
        assert_eq!(head.header("content-length"), Some(first.body.len().to_string()), "{path}");
    }
}

#[actix_web::test]
async fn the_page_reads_and_what_it_does_not_have_is_not_found() {
    let app = TestApp::spawn().await;
    for path in ["/screen", "/screen/main.js", "/screen/"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let reply = any(&app.anonymous(), method.clone(), path, &[]).await;
            assert_eq!(reply.header("allow").as_deref(), Some("GET, HEAD, OPTIONS"), "{method} {path}");
            reply.refused(405, "method_not_allowed");
        }
        let options = any(&app.anonymous(), Method::OPTIONS, path, &[]).await.expect(204);
        assert_eq!(options.header("allow").as_deref(), Some("GET, HEAD, OPTIONS"));
    }
    // The page has one address, and the source beside its parts has none.
    for path in
        ["/screen/none.js", "/screen/mod.rs", "/screen/index.html", "/screen/main.js/", "/screen/a/b", "/screens"]
    {
        app.anonymous().get(path).await.refused(404, "not_found");
    }
    app.anonymous().get("/screen/..%2fCargo.toml").await.refused(404, "not_found");
}

#[actix_web::test]
async fn the_address_tells_the_page_what_to_show_and_a_slash_too_many_is_mended() {
    let app = TestApp::spawn().await;
    app.anonymous().get("/screen?area=620902&lang=en").await.expect(200);
    let moved = app.anonymous().get("/screen/?area=620902").await;
    // The client of the tests follows where it is sent.
    assert_eq!(moved.status(), 200);
    assert!(moved.text().contains("screen/main.js"));
}

/// A dashboard's token: the scopes that the page asks for, and nothing that the page does not read.
#[actix_web::test]
async fn a_clients_token_with_the_pages_scopes_opens_all_that_the_page_reads() {
    let app = TestApp::spawn().await;
    plant_divisions(&app).await;
    let scopes = scopes_of(&app.anonymous().get("/screen/session.js").await.expect(200).text());
    assert_eq!(scopes, ["statistics:read", "grids:read", "divisions:read"]);
    let coordinator = app.actor(Role::DistrictCoord, "620902").await;
    let asked = json!({ "name": "大屏", "area_code": "620902", "scopes": scopes });
    let made = coordinator.post("/v1/api-clients", asked).await.expect(201).value();
    let secret = json!({ "client_id": made["client"]["id"], "client_secret": made["client_secret"], "scopes": scopes });
    let token = app.anonymous().post("/v1/auth/client-token", secret).await.expect(200).value();
    let dashboard = app.with_token(token["access_token"].as_str().expect("a token"));
    let divisions = dashboard.get("/v1/divisions?status=open&limit=100").await.expect(200).value();
    assert_eq!(divisions["items"][0]["code"], "620902", "the first one is the client's own");
    let overview = dashboard.get("/v1/areas/620902/overview").await.expect(200);
    assert!(overview.header("etag").is_some() && overview.header("x-poll-interval").is_some());
    dashboard.get("/v1/areas/620902005/overview?fields=children").await.expect(200);
    dashboard.get("/v1/grids?format=geojson&area=620902").await.expect(200);
    app.anonymous().get("/v1/screens/620902005003/events?limit=10").await.expect(200);
    for closed in ["/v1/cases", "/v1/persons", "/v1/areas/130402/overview"] {
        assert!([403, 404].contains(&dashboard.get(closed).await.status()), "{closed}");
    }
}

fn scopes_of(script: &str) -> Vec<String> {
    let list = script.split_once("const SCOPES = [").and_then(|(_, rest)| rest.split_once(']')).expect("the scopes").0;
    list.split(',').map(|scope| scope.trim().trim_matches('\'').to_owned()).collect()
}

/// The page calls categories by the dictionary that places have where they set none of their own.
#[actix_web::test]
async fn the_page_has_a_word_for_every_category_state_and_clock() {
    let app = TestApp::spawn().await;
    plant_divisions(&app).await;
    let words = app.anonymous().get("/screen/codes.js").await.expect(200).text();
    let worker = app.community_worker("620902005003").await;
    let dictionary = worker.get("/v1/areas/620902005003/case-categories").await.expect(200).value();
    let categories = dictionary["items"].as_array().expect("categories");
    assert!(categories.len() > 20);
    for category in categories {
        let member = |name: &str| category[name].as_str().unwrap_or_default().to_owned();
        let line = format!("{}: ['{}', '{}']", member("code"), member("zh"), member("en"));
        assert!(words.contains(&line), "{line}");
    }
    let document = app.anonymous().get("/openapi.json").await.expect(200).value();
    for schema in ["Status", "CaseKind", "ClockKind"] {
        let codes = document["components"]["schemas"][schema]["enum"].as_array().cloned().expect("codes");
        for code in codes.iter().filter_map(Value::as_str) {
            assert!(words.contains(&format!(" {code}: ['")), "{schema} {code}");
        }
    }
}
