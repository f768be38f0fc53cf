//! The edge: what every request meets, whatever it asks for.

use actix_web::http::Method;
use platform::auth::Role;

use crate::support::{Client, TestApp, TestDatabase};

async fn any(client: &Client, method: Method, path: &str, headers: &[(&str, &str)]) -> crate::support::Reply {
    client.send(method, path, headers, None).await
}

#[actix_web::test]
async fn an_unknown_route_is_a_problem_in_the_readers_language() {
    let app = TestApp::spawn().await;
    let chinese = app.anonymous().get("/v1/nowhere").await.refused(404, "not_found");
    assert_eq!(chinese.title, "未找到,或不在您的管辖范围内");
    assert_eq!(chinese.r#type, "https://red-steward.example/problems/not_found");
    assert_eq!(chinese.instance, "/v1/nowhere");
    let english = app.anonymous().get_with("/v1/nowhere", &[("accept-language", "en")]).await;
    assert_eq!(english.header("content-language").as_deref(), Some("en"));
    assert_eq!(english.refused(404, "not_found").title, "Not found, or outside your area");
    let explained = app.anonymous().get("/problems/not_found").await.expect(200).value();
    assert_eq!(explained["status"], 404);
    app.anonymous().get("/problems/no_such").await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_wrong_method_is_405_with_allow() {
    let app = TestApp::spawn().await;
    for (method, path, allow) in [
        ("DELETE", "/v1/grids", "GET, HEAD, POST, OPTIONS"),
        ("PUT", "/v1/grids/019b0000-0000-7000-8000-000000000001", "GET, HEAD, POST, PATCH, OPTIONS"),
        ("TRACE", "/v1/grids", "GET, HEAD, POST, OPTIONS"),
        ("GET", "/v1/auth/login", "POST, OPTIONS"),
        ("POST", "/health/live", "GET, HEAD, OPTIONS"),
    ] {
        let reply = any(&app.anonymous(), method.parse().expect("a method"), path, &[]).await;
        assert_eq!(reply.header("allow").as_deref(), Some(allow), "{method} {path}");
        reply.refused(405, "method_not_allowed");
    }
    let options = any(&app.anonymous(), Method::OPTIONS, "/v1/grids", &[]).await.expect(204);
    assert_eq!(options.header("allow").as_deref(), Some("GET, HEAD, POST, OPTIONS"));
}

#[actix_web::test]
async fn head_is_get_without_the_body() {
    let app = TestApp::spawn().await;
    let get = app.anonymous().get("/health/live").await.expect(200);
    let head = any(&app.anonymous(), Method::HEAD, "/health/live", &[]).await.expect(200);
    assert!(head.body.is_empty());
    assert_eq!(head.header("content-length"), Some(get.body.len().to_string()));
    let missing = any(&app.anonymous(), Method::HEAD, "/v1/nowhere", &[]).await;
    assert_eq!((missing.status(), missing.body.len()), (404, 0));
}

#[actix_web::test]
async fn post_may_stand_in_for_patch_and_for_nothing_else() {
    let app = TestApp::spawn().await;
    crate::support::plant_divisions(&app).await;
    let district = app.district().await;
    let path = "/v1/divisions/620902005003";
    let body = serde_json::json!({ "alias": "同德巷" });
    let no_version = district.post_with(path, &[("X-HTTP-Method-Override", "PATCH")], body.clone()).await;
    no_version.refused(428, "version_required");
    let headers = [("X-HTTP-Method-Override", "PATCH"), ("If-Match", "\"v1\"")];
    let changed = district.post_with(path, &headers, body.clone()).await.expect(200);
    assert_eq!(changed.value()["alias"], "同德巷");
    let worker = app.community_worker("620902005003").await;
    worker.post_with(path, &headers, body.clone()).await.refused(403, "forbidden");
    for other in ["DELETE", "patch", "GET", ""] {
        let reply = district.post_with(path, &[("X-HTTP-Method-Override", other)], body.clone()).await;
        reply.refused(400, "bad_method_override");
    }
    let reply = any(&district, Method::GET, path, &[("X-HTTP-Method-Override", "PATCH")]).await;
    reply.refused(400, "bad_method_override");
}

#[actix_web::test]
async fn a_request_id_is_echoed_where_it_is_plain_and_replaced_where_it_is_not() {
    let app = TestApp::spawn().await;
    let plain = app.anonymous().get_with("/v1/nowhere", &[("x-request-id", "Abc-1.2_3")]).await;
    assert_eq!(plain.header("x-request-id").as_deref(), Some("Abc-1.2_3"));
    assert_eq!(plain.problem().request_id, "Abc-1.2_3");
    for strange in ["a b", "中文", &"x".repeat(129), "<script>", ""] {
        let reply = app.anonymous().get_with("/health/live", &[("x-request-id", strange)]).await;
        let id = reply.header("x-request-id").expect("an id");
        assert!(id != strange && id.len() == 32, "{strange:?} -> {id}");
    }
}

/// Lists refuse by themselves what they do not know; what takes no query at all refuses any.
#[actix_web::test]
async fn a_parameter_that_nobody_reads_is_refused_by_its_name() {
    let app = TestApp::spawn().await;
    let who = app.district().await;
    let nobody = "019b0000-0000-7000-8000-00000000dead";
    for path in [
        "/v1/me?fields=id",
        &format!("/v1/grids/{nobody}?expand=compounds"),
        "/v1/grids?colour=red",
        "/.well-known/jwks.json?kid=1",
        "/problems/not_found?lang=en",
    ] {
        let problem = who.get(path).await.refused(400, "bad_parameter");
        let named = problem.errors[0].parameter.clone();
        assert!(named.is_some_and(|name| path.contains(&format!("?{name}="))), "{path}");
    }
    let grant = serde_json::json!({});
    who.post("/v1/grants?dry_run=true", grant).await.refused(400, "bad_parameter");
    // The documentation's pages and unknown addresses answer for themselves.
    app.anonymous().get("/docs/?v=1").await.expect(200);
    who.get("/v1/nowhere?x=1").await.refused(404, "not_found");
}

#[actix_web::test]
async fn every_answer_carries_the_security_headers_and_no_server_name() {
    let app = TestApp::spawn().await;
    for path in ["/health/live", "/v1/nowhere", "/v1/grids", "/openapi.json"] {
        let reply = app.anonymous().get(path).await;
        assert_eq!(reply.header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert!(reply.header("strict-transport-security").is_some(), "{path}");
        assert!(reply.header("server").is_none(), "{path}");
        assert!(reply.header("ratelimit").is_some() && reply.header("ratelimit-policy").is_some(), "{path}");
    }
    let refused = app.anonymous().get("/v1/grids").await;
    assert_eq!(refused.header("www-authenticate").as_deref(), Some("Bearer"));
    assert_eq!(refused.header("cache-control").as_deref(), Some("no-store"));
}

#[actix_web::test]
async fn browsers_may_call_from_the_listed_origins_only() {
    let app = TestApp::spawn().await;
    let allowed = "https://dashboard.example";
    let preflight = |origin| {
        [
            ("origin", origin),
            ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", "if-match,authorization"),
        ]
    };
    let reply = any(&app.anonymous(), Method::OPTIONS, "/v1/grids", &preflight(allowed)).await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin").as_deref(), Some(allowed));
    let reply = app.anonymous().get_with("/health/live", &[("origin", allowed)]).await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin").as_deref(), Some(allowed));
    assert!(reply.header("access-control-expose-headers").is_some_and(|h| h.to_lowercase().contains("etag")));
    assert!(reply.header("access-control-allow-credentials").is_none());
    for other in ["https://evil.example", "null", "https://dashboard.example.evil", "http://dashboard.example"] {
        let reply = app.anonymous().get_with("/health/live", &[("origin", other)]).await;
        assert!(reply.header("access-control-allow-origin").is_none(), "{other}");
        let reply = any(&app.anonymous(), Method::OPTIONS, "/v1/grids", &preflight(other)).await;
        for header in ["access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers"] {
            assert!(reply.header(header).is_none(), "{other}: {header}");
        }
        reply.refused(403, "cross_origin");
    }
    // A listed origin that asks for more than anybody may.
    for (name, value) in [("access-control-request-method", "DELETE"), ("access-control-request-headers", "x-other")] {
        let mut asked = preflight(allowed);
        asked.iter_mut().filter(|(header, _)| *header == name).for_each(|header| header.1 = value);
        let reply = any(&app.anonymous(), Method::OPTIONS, "/v1/grids", &asked).await;
        assert!(reply.header("access-control-allow-methods").is_none(), "{value}");
        reply.refused(403, "cross_origin");
    }
}

#[actix_web::test]
async fn callers_have_budgets_and_logins_a_stricter_one() {
    let app = TestApp::spawn_with(TestDatabase::migrated(), |config| {
        config.rate_limit_per_minute = 5.try_into().expect("not zero");
        config.credentials_limit_per_minute = 2.try_into().expect("not zero");
    })
    .await;
    let first = app.anonymous().get("/health/live").await.expect(200);
    assert_eq!(first.header("ratelimit-policy").as_deref(), Some("\"default\";q=5;w=60"));
    assert!(first.header("ratelimit").expect("a budget").starts_with("\"default\";r=4;t="));
    for _ in 0..4 {
        app.anonymous().get("/health/live").await.expect(200);
    }
    let refused = app.anonymous().get("/health/live").await;
    let wait: u64 = refused.header("retry-after").expect("seconds").parse().expect("a number");
    assert!((1..=60).contains(&wait));
    refused.refused(429, "rate_limited");
    // A header that claims another address does not open another budget: no proxy is trusted here.
    app.anonymous().get_with("/health/live", &[("x-forwarded-for", "203.0.113.9")]).await.refused(429, "rate_limited");
    // Each logged-in caller has a budget of their own.
    app.actor(Role::Auditor, "").await.get("/v1/me").await.expect(200);
    let login = serde_json::json!({ "username": "nobody", "password": "wrong password" });
    for _ in 0..2 {
        assert_eq!(app.anonymous().post("/v1/auth/login", login.clone()).await.status(), 401);
    }
    app.anonymous().post("/v1/auth/login", login).await.refused(429, "rate_limited");
}

#[actix_web::test]
async fn a_trusted_proxy_names_the_client() {
    let app = TestApp::spawn_with(TestDatabase::migrated(), |config| {
        config.rate_limit_per_minute = 2.try_into().expect("not zero");
        config.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
    })
    .await;
    let from = |address| [("x-forwarded-for", address)];
    for _ in 0..2 {
        app.anonymous().get_with("/health/live", &from("203.0.113.1")).await.expect(200);
    }
    app.anonymous().get_with("/health/live", &from("203.0.113.1")).await.refused(429, "rate_limited");
    // What the client itself put in front is not believed; the last hop before our proxy is.
    app.anonymous().get_with("/health/live", &from("198.51.100.7, 203.0.113.1")).await.refused(429, "rate_limited");
    app.anonymous().get_with("/health/live", &from("203.0.113.2")).await.expect(200);
}

#[actix_web::test]
async fn metrics_are_read_at_an_address_of_their_own() {
    let app = TestApp::spawn().await;
    app.anonymous().get("/v1/nowhere/620902").await.refused(404, "not_found");
    app.anonymous().get("/health/ready").await.expect(200);
    app.anonymous().get("/metrics").await.refused(404, "not_found");
    let metrics = Client { base: app.metrics.clone(), token: None }.get("/metrics").await.expect(200).text();
    assert!(metrics.contains(r#"http_requests_total{method="GET",route="/health/ready",status="200"} 1"#), "{metrics}");
    assert!(!metrics.contains("620902"), "paths are not series");
    assert!(metrics.contains("db_connections_open"));
}

#[actix_web::test]
async fn the_document_and_its_page_are_served() {
    let app = TestApp::spawn().await;
    let document = app.anonymous().get("/openapi.json").await.expect(200).value();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["license"]["identifier"], "Apache-2.0");
    assert_eq!(document["servers"][0]["url"], "https://red-steward.example");
    let page = app.anonymous().get("/docs/").await.expect(200);
    assert!(page.text().contains("swagger-ui"));
    assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    let start = app.anonymous().get("/docs/swagger-initializer.js").await.expect(200);
    assert!(start.text().contains("/openapi.json"));
}
