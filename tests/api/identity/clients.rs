//! 接入方

use chrono::Duration;
use platform::auth::Role;
use registry::identity::dto::{ApiClientPage, ApiClientSecret, ClientTokenOut};
use serde_json::{Value, json};

use crate::support::{Client, Reply, TestApp};

const DISTRICT: &str = "620902";
/// A scope of the register that the district carries and that is for programs.
const SCOPE: &str = "grids:read";

async fn make_client(by: &Client, scopes: &[&str], area: &str) -> Reply {
    by.post("/v1/api-clients", json!({ "name": "区智慧城管平台", "area_code": area, "scopes": scopes })).await
}

async fn exchange(app: &TestApp, client: &ApiClientSecret, secret: &str, scopes: Value) -> Reply {
    let body = match scopes {
        Value::Null => json!({ "client_id": client.client.id, "client_secret": secret }),
        scopes => json!({ "client_id": client.client.id, "client_secret": secret, "scopes": scopes }),
    };
    app.anonymous().post("/v1/auth/client-token", body).await
}

#[actix_web::test]
async fn a_client_gets_its_scopes_and_nothing_else() {
    let app = TestApp::spawn().await;
    let district = app.actor(Role::DistrictCoord, DISTRICT).await;
    let reply = make_client(&district, &[SCOPE], DISTRICT).await;
    assert_eq!(reply.status(), 201);
    let client: ApiClientSecret = reply.json();
    let token: ClientTokenOut = exchange(&app, &client, &client.client_secret, Value::Null).await.json();
    let program = app.with_token(&token.access_token);
    assert_eq!(program.get("/v1/me").await.problem().required_scope.as_deref(), Some("me:read"));
    assert_eq!(program.get("/v1/accounts").await.status(), 403);
    let not_given = exchange(&app, &client, &client.client_secret, json!(["grids:write"])).await;
    assert_eq!(not_given.problem().code, "identity.scope_not_given");
    assert_eq!(exchange(&app, &client, &client.client_secret, json!([SCOPE])).await.status(), 200);
    let wrong = exchange(&app, &client, "wrong", Value::Null).await;
    assert_eq!((wrong.status(), wrong.problem().code.as_str()), (401, "identity.wrong_credentials"));
    let text = district.get(&format!("/v1/api-clients/{}", client.client.id)).await.value().to_string();
    assert!(!text.contains("secret_hash") && !text.contains(&client.client_secret));
}

#[actix_web::test]
async fn a_client_gets_only_what_its_maker_carries() {
    let app = TestApp::spawn().await;
    let district = app.actor(Role::DistrictCoord, DISTRICT).await;
    for scope in ["accounts:read", "grants:write", "api_clients:write", "signing_keys:read", "me:read"] {
        let reply = make_client(&district, &[SCOPE, scope], DISTRICT).await;
        assert_eq!(reply.problem().code, "identity.scope_not_delegable", "{scope}");
        assert_eq!(reply.problem().errors[0].pointer.as_deref(), Some("#/scopes/1"));
    }
    assert_eq!(make_client(&district, &["no:such"], DISTRICT).await.problem().code, "identity.scope_unknown");
    let outside = make_client(&district, &[SCOPE], "130402").await;
    assert_eq!((outside.status(), outside.problem().code.as_str()), (403, "identity.outside_own_area"));
    assert_eq!(make_client(&district, &[], DISTRICT).await.status(), 422);
    assert_eq!(make_client(&district, &[SCOPE, SCOPE], DISTRICT).await.status(), 422);
    assert_eq!(make_client(&district, &[SCOPE], DISTRICT).await.status(), 201);
    assert_eq!(make_client(&district, &[SCOPE], DISTRICT).await.problem().code, "identity.client_name_taken");
}

#[actix_web::test]
async fn the_old_secret_opens_for_one_more_day() {
    let app = TestApp::spawn().await;
    let district = app.actor(Role::DistrictCoord, DISTRICT).await;
    let old: ApiClientSecret = make_client(&district, &[SCOPE], DISTRICT).await.json();
    let rotate = format!("/v1/api-clients/{}/rotate-secret", old.client.id);
    assert_eq!(district.post(&rotate, json!({})).await.status(), 428);
    let v1 = [("If-Match", "\"v1\"")];
    let new: ApiClientSecret = district.post_with(&rotate, &v1, json!({})).await.json();
    assert_eq!(district.post_with(&rotate, &v1, json!({})).await.status(), 412);
    for secret in [&old.client_secret, &new.client_secret] {
        assert_eq!(exchange(&app, &old, secret, Value::Null).await.status(), 200);
    }
    app.clock.advance(Duration::hours(24));
    assert_eq!(exchange(&app, &old, &old.client_secret, Value::Null).await.status(), 401);
    assert_eq!(exchange(&app, &old, &new.client_secret, Value::Null).await.status(), 200);
}

#[actix_web::test]
async fn a_disabled_client_is_shut_out() {
    let app = TestApp::spawn().await;
    let district = app.actor(Role::DistrictCoord, DISTRICT).await;
    let client: ApiClientSecret = make_client(&district, &[SCOPE], DISTRICT).await.json();
    let path = format!("/v1/api-clients/{}", client.client.id);
    let disable = format!("{path}/disable");
    let reason = || json!({ "reason": "合同到期" });
    let reply = district.post_with(&disable, &[("If-Match", "\"v1\"")], reason()).await;
    assert_eq!(reply.value()["status"], "disabled");
    assert_eq!(exchange(&app, &client, &client.client_secret, Value::Null).await.status(), 401);
    let v2 = [("If-Match", "\"v2\"")];
    assert_eq!(district.post_with(&disable, &v2, reason()).await.problem().code, "identity.client_disabled");
    let rotate = format!("{path}/rotate-secret");
    assert_eq!(district.post_with(&rotate, &v2, json!({})).await.problem().code, "identity.client_disabled");
}

#[actix_web::test]
async fn another_districts_client_is_out_of_sight() {
    let app = TestApp::spawn().await;
    let district = app.actor(Role::DistrictCoord, DISTRICT).await;
    let other = app.actor(Role::DistrictCoord, "130402").await;
    let client: ApiClientSecret = make_client(&district, &[SCOPE], DISTRICT).await.json();
    let path = format!("/v1/api-clients/{}", client.client.id);
    let v1 = [("If-Match", "\"v1\"")];
    assert_eq!(other.get(&path).await.status(), 404);
    assert_eq!(other.post_with(&format!("{path}/rotate-secret"), &v1, json!({})).await.status(), 404);
    let disable = other.post_with(&format!("{path}/disable"), &v1, json!({ "reason": "试试" })).await;
    assert_eq!(disable.status(), 404);
    assert!(other.get("/v1/api-clients").await.json::<ApiClientPage>().items.is_empty());
    let own: ApiClientPage = district.get("/v1/api-clients?include=total").await.json();
    assert_eq!((own.items.len(), own.total), (1, Some(1)));
}
