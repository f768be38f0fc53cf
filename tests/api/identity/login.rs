//! 登录与刷新

use chrono::Duration;
use futures_util::future::join;
use platform::auth::Role;
use registry::identity::dto::TokensOut;
use serde_json::json;

use super::{COMMUNITY, PASSWORD, log_in, make_account, settled_account};
use crate::support::{Reply, TestApp};

async fn try_login(app: &TestApp, username: &str, password: &str) -> Reply {
    app.anonymous().post("/v1/auth/login", json!({ "username": username, "password": password })).await
}

async fn refresh(app: &TestApp, token: &str) -> Reply {
    app.anonymous().post("/v1/auth/refresh", json!({ "refresh_token": token })).await
}

#[actix_web::test]
async fn an_initial_password_opens_nothing_but_its_own_change() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let made = make_account(&admin, "wang.wu", COMMUNITY).await;
    let grant = json!({ "account_id": made.account.id, "role": "community_secretary", "area_code": COMMUNITY,
        "valid_from": "2020-01-01", "reason": "任职" });
    assert_eq!(admin.post("/v1/grants", grant).await.status(), 201);

    let tokens = log_in(&app, "Wang.Wu", &made.initial_password).await;
    assert!(tokens.must_change_password);
    assert_eq!((tokens.expires_in, tokens.refresh_expires_in), (900, 30 * 24 * 3600));
    let fresh = app.with_token(&tokens.access_token);
    assert_eq!(fresh.get("/v1/accounts").await.status(), 403);
    let change = json!({ "current_password": made.initial_password, "new_password": PASSWORD });
    assert_eq!(fresh.post("/v1/me/password", change).await.status(), 204);

    let tokens: TokensOut = refresh(&app, &tokens.refresh_token).await.json();
    assert!(!tokens.must_change_password);
    assert_eq!(app.with_token(&tokens.access_token).get("/v1/accounts").await.status(), 200);
    assert_eq!(try_login(&app, "wang.wu", &made.initial_password).await.status(), 401);
    assert_eq!(try_login(&app, "wang.wu", PASSWORD).await.status(), 200);
}

#[actix_web::test]
async fn unknown_wrong_and_disabled_are_answered_alike() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let made = settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let path = format!("/v1/accounts/{}/disable", made.account.id);
    let wrong = try_login(&app, "wang.wu", "not the password").await;
    assert_eq!(wrong.header("www-authenticate").as_deref(), Some("Bearer"));
    let wrong = wrong.problem();
    assert_eq!(admin.post(&path, json!({ "reason": "调离" })).await.status(), 200);
    let disabled = try_login(&app, "wang.wu", PASSWORD).await.problem();
    let unknown = try_login(&app, "nobody.here", PASSWORD).await.problem();
    for problem in [&wrong, &disabled, &unknown] {
        assert_eq!((problem.status, problem.code.as_str()), (401, "identity.wrong_credentials"));
    }
    assert_eq!((wrong.title, &wrong.detail), (unknown.title, &unknown.detail));
}

#[actix_web::test]
async fn five_failures_lock_a_name_known_or_not_until_the_minute_is_over() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    for name in ["wang.wu", "nobody.here"] {
        for _ in 0..5 {
            assert_eq!(try_login(&app, name, "not the password").await.status(), 401);
        }
        let locked = try_login(&app, name, PASSWORD).await;
        assert_eq!(locked.header("retry-after").as_deref(), Some("60"));
        assert_eq!((locked.status(), locked.problem().code.as_str()), (429, "identity.locked_out"));
    }
    app.clock.advance(Duration::seconds(61));
    assert_eq!(try_login(&app, "wang.wu", "not the password").await.status(), 401);
    assert_eq!(try_login(&app, "wang.wu", PASSWORD).await.header("retry-after").as_deref(), Some("120"));
    app.clock.advance(Duration::seconds(121));
    assert_eq!(try_login(&app, "wang.wu", PASSWORD).await.status(), 200);
    // The success starts the count afresh.
    assert_eq!(try_login(&app, "wang.wu", "not the password").await.status(), 401);
    assert_eq!(try_login(&app, "wang.wu", PASSWORD).await.status(), 200);
}

#[actix_web::test]
async fn who_knows_the_password_is_not_kept_waiting_by_those_who_did() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    for name in ["wang.wu", "zhao.liu"] {
        settled_account(&app, &admin, name, COMMUNITY).await;
    }
    // The limit of an address, by names that are not locked themselves.
    for i in 0..20 {
        assert_eq!(try_login(&app, &format!("nobody.{i}"), "not the password").await.status(), 401);
    }
    assert_eq!(try_login(&app, "wang.wu", PASSWORD).await.status(), 429);
    app.clock.advance(Duration::seconds(61));
    for name in ["wang.wu", "zhao.liu", "wang.wu"] {
        assert_eq!(try_login(&app, name, PASSWORD).await.status(), 200, "{name}");
    }
    // One more failure is the twenty-first.
    assert_eq!(try_login(&app, "nobody.20", "not the password").await.status(), 401);
    assert_eq!(try_login(&app, "wang.wu", PASSWORD).await.header("retry-after").as_deref(), Some("120"));
    // A day without failures forgets them, however many have logged in meanwhile.
    for _ in 0..25 {
        app.clock.advance(Duration::hours(1));
        assert_eq!(try_login(&app, "wang.wu", PASSWORD).await.status(), 200);
    }
    assert_eq!(try_login(&app, "nobody.21", "not the password").await.status(), 401);
    assert_eq!(try_login(&app, "wang.wu", PASSWORD).await.status(), 200, "it is the first again");
}

#[actix_web::test]
async fn guesses_made_at_the_same_time_all_count() {
    let app = TestApp::spawn().await;
    let guesses = (0..8).map(|i| {
        let app = &app;
        async move { try_login(app, "nobody.here", &format!("guess number {i}")).await.status() }
    });
    let answers = futures_util::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 5, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 3, "{answers:?}");
}

#[actix_web::test]
async fn a_refresh_token_used_twice_ends_the_session() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let first = log_in(&app, "wang.wu", PASSWORD).await;
    let other = log_in(&app, "wang.wu", PASSWORD).await;
    let second: TokensOut = refresh(&app, &first.refresh_token).await.json();
    assert_ne!(first.refresh_token, second.refresh_token);

    assert_eq!(refresh(&app, &first.refresh_token).await.problem().code, "identity.refresh_reused");
    let after = refresh(&app, &second.refresh_token).await;
    assert_eq!((after.status(), after.problem().code.as_str()), (401, "identity.refresh_invalid"));
    assert_eq!(app.with_token(&second.access_token).get("/v1/me").await.status(), 401);
    assert_eq!(refresh(&app, &other.refresh_token).await.status(), 200, "another session is another family");
}

#[actix_web::test]
async fn of_two_refreshes_at_once_one_succeeds() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let tokens = log_in(&app, "wang.wu", PASSWORD).await;
    let (a, b) = join(refresh(&app, &tokens.refresh_token), refresh(&app, &tokens.refresh_token)).await;
    let mut answers = [a.status(), b.status()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 401]);
}

#[actix_web::test]
async fn refresh_tokens_end() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let tokens = log_in(&app, "wang.wu", PASSWORD).await;
    app.clock.advance(Duration::days(30));
    assert_eq!(refresh(&app, &tokens.refresh_token).await.problem().code, "identity.refresh_invalid");
    assert_eq!(refresh(&app, "never issued").await.problem().code, "identity.refresh_invalid");
}

#[actix_web::test]
async fn an_expired_access_token_does_not_hinder_a_refresh() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let tokens = log_in(&app, "wang.wu", PASSWORD).await;
    app.clock.advance(Duration::minutes(16));
    let stale = app.with_token(&tokens.access_token);
    assert_eq!(stale.get("/v1/me").await.status(), 401);
    let reply = stale.post("/v1/auth/refresh", json!({ "refresh_token": tokens.refresh_token })).await;
    assert_eq!(reply.status(), 200);
}

#[actix_web::test]
async fn bad_bodies_are_named() {
    let app = TestApp::spawn().await;
    let reply = app.anonymous().post("/v1/auth/login", json!({ "username": "", "password": 7, "x": 1 })).await;
    assert_eq!(reply.status(), 422);
    let reply = app.anonymous().post("/v1/auth/login", json!({ "username": "", "password": "" })).await;
    let pointers: Vec<_> = reply.problem().errors.into_iter().filter_map(|fault| fault.pointer).collect();
    assert_eq!(pointers, ["#/password", "#/username"]);
}
