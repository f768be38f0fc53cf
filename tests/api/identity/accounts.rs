//! 账号管理

use platform::auth::Role;
use registry::identity::dto::{AccountOut, AccountPage, PasswordReset};
use serde_json::json;

use super::{COMMUNITY, OTHER_COMMUNITY, PASSWORD, log_in, make_account, own_id, settled_account};
use crate::support::TestApp;

#[actix_web::test]
async fn an_account_is_made_read_and_renamed() {
    let app = TestApp::spawn().await;
    let secretary = app.actor(Role::CommunitySecretary, COMMUNITY).await;
    let made = make_account(&secretary, "wang.wu", COMMUNITY).await;
    assert!(made.account.must_change_password);
    let path = format!("/v1/accounts/{}", made.account.id);

    let reply = secretary.get(&path).await;
    assert_eq!(reply.header("etag").as_deref(), Some("\"v1\""));
    let text = reply.value().to_string();
    assert!(!text.contains("argon2") && !text.contains(&made.initial_password));

    let renamed: AccountOut = secretary.patch(&path, "\"v1\"", json!({ "display_name": "赵六" })).await.json();
    assert_eq!((renamed.display_name.as_str(), renamed.version), ("赵六", 2));
    let stale = secretary.patch(&path, "\"v1\"", json!({ "display_name": "钱七" })).await;
    assert_eq!((stale.status(), stale.header("etag").as_deref()), (412, Some("\"v2\"")));
    let same = secretary.patch(&path, "\"v2\"", json!({})).await;
    assert_eq!(same.json::<AccountOut>().version, 2, "a patch that changes nothing makes no version");
    for body in [json!({ "display_name": null }), json!({ "display_name": "" }), json!({ "username": "x" })] {
        assert_eq!(secretary.patch(&path, "\"v2\"", body).await.status(), 422);
    }
}

#[actix_web::test]
async fn user_names_are_unique_and_plain() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    make_account(&admin, "wang.wu", COMMUNITY).await;
    let body = |name: &str| json!({ "username": name, "display_name": "王五", "area_code": COMMUNITY });
    let key = [("Idempotency-Key", "\"one\"")];
    let taken = admin.post_with("/v1/accounts", &key, body("wang.wu")).await;
    assert_eq!((taken.status(), taken.problem().code.as_str()), (409, "identity.username_taken"));
    for bad in ["", "ab", "Wang.Wu", "王五王五", "a b c"] {
        assert_eq!(admin.post("/v1/accounts", body(bad)).await.status(), 422, "{bad}");
    }
    let blank = json!({ "username": "wang.liu", "display_name": "  ", "area_code": COMMUNITY });
    assert_eq!(admin.post("/v1/accounts", blank).await.status(), 422);
}

#[actix_web::test]
async fn a_repeated_creation_never_shows_a_password_again() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let body = json!({ "username": "wang.wu", "display_name": "王五", "area_code": COMMUNITY });
    let key = [("Idempotency-Key", "\"one\"")];
    assert_eq!(admin.post_with("/v1/accounts", &key, body.clone()).await.status(), 201);
    let again = admin.post_with("/v1/accounts", &key, body).await;
    assert_eq!(again.problem().code, "identity.username_taken");
}

#[actix_web::test]
async fn another_area_is_out_of_sight() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let secretary = app.actor(Role::CommunitySecretary, COMMUNITY).await;
    let there = make_account(&admin, "li.si", OTHER_COMMUNITY).await;
    let path = format!("/v1/accounts/{}", there.account.id);
    let reason = json!({ "reason": "试试" });
    assert_eq!(secretary.get(&path).await.status(), 404);
    assert_eq!(secretary.patch(&path, "\"v1\"", json!({ "display_name": "x" })).await.status(), 404);
    for action in ["disable", "enable", "password-reset"] {
        assert_eq!(secretary.post(&format!("{path}/{action}"), reason.clone()).await.status(), 404, "{action}");
    }
    let body = json!({ "username": "zhao.liu", "display_name": "赵六", "area_code": OTHER_COMMUNITY });
    let refused = secretary.post("/v1/accounts", body).await;
    assert_eq!((refused.status(), refused.problem().code.as_str()), (403, "identity.outside_own_area"));
    let list = format!("/v1/accounts?area={OTHER_COMMUNITY}");
    assert_eq!(secretary.get(&list).await.status(), 404);
    assert_eq!(admin.get(&path).await.json::<AccountOut>().version, 1);
}

#[actix_web::test]
async fn accounts_are_listed_by_name_and_found_by_part_of_it() {
    let app = TestApp::spawn().await;
    let secretary = app.actor(Role::CommunitySecretary, COMMUNITY).await;
    for name in ["c_ccc", "aaaa", "bbbb"] {
        make_account(&secretary, name, COMMUNITY).await;
    }
    let names = |page: &AccountPage| page.items.iter().map(|row| row.username.clone()).collect::<Vec<_>>();
    let first: AccountPage = secretary.get("/v1/accounts?q=王&limit=2&include=total").await.json();
    assert_eq!(names(&first), ["aaaa", "bbbb"]);
    assert_eq!(first.total, Some(3));
    let cursor = first.next_cursor.expect("a cursor");
    let rest: AccountPage = secretary.get(&format!("/v1/accounts?q=王&limit=2&cursor={cursor}")).await.json();
    assert_eq!(names(&rest), ["c_ccc"]);
    assert_eq!(secretary.get(&format!("/v1/accounts?q=x&cursor={cursor}")).await.problem().code, "invalid_cursor");
    let by_mark: AccountPage = secretary.get("/v1/accounts?q=_").await.json();
    assert_eq!(names(&by_mark), ["c_ccc"], "an underscore is a character and not a pattern");
    assert!(secretary.get("/v1/accounts?q=%25").await.json::<AccountPage>().items.is_empty());
    assert_eq!(secretary.get("/v1/accounts?status=gone").await.status(), 400);
}

#[actix_web::test]
async fn a_disabled_account_is_shut_out_until_it_is_enabled() {
    let app = TestApp::spawn().await;
    let secretary = app.actor(Role::CommunitySecretary, COMMUNITY).await;
    let made = settled_account(&app, &secretary, "wang.wu", COMMUNITY).await;
    let tokens = log_in(&app, "wang.wu", PASSWORD).await;
    let path = |action: &str| format!("/v1/accounts/{}/{action}", made.account.id);
    let reason = || json!({ "reason": "调离本社区" });
    assert_eq!(secretary.post(&path("enable"), reason()).await.problem().code, "identity.account_enabled");
    assert_eq!(secretary.post(&path("disable"), reason()).await.value()["status"], "disabled");
    assert_eq!(secretary.post(&path("disable"), reason()).await.problem().code, "identity.account_disabled");
    assert_eq!(app.with_token(&tokens.access_token).get("/v1/me").await.status(), 401);
    let reply = app.anonymous().post("/v1/auth/refresh", json!({ "refresh_token": tokens.refresh_token })).await;
    assert_eq!(reply.status(), 401);
    let listed: AccountPage = secretary.get("/v1/accounts?status=disabled").await.json();
    assert_eq!(listed.items.len(), 1);
    assert_eq!(secretary.post(&path("enable"), reason()).await.value()["status"], "active");
    log_in(&app, "wang.wu", PASSWORD).await;
}

#[actix_web::test]
async fn a_reset_password_is_new_ends_sessions_and_lifts_a_lock() {
    let app = TestApp::spawn().await;
    let secretary = app.actor(Role::CommunitySecretary, COMMUNITY).await;
    let made = settled_account(&app, &secretary, "wang.wu", COMMUNITY).await;
    let before = app.with_token(&log_in(&app, "wang.wu", PASSWORD).await.access_token);
    let wrong = || json!({ "username": "wang.wu", "password": "not the password" });
    for _ in 0..5 {
        app.anonymous().post("/v1/auth/login", wrong()).await;
    }
    assert_eq!(app.anonymous().post("/v1/auth/login", wrong()).await.status(), 429);
    let reply = secretary.post(&format!("/v1/accounts/{}/password-reset", made.account.id), json!({})).await;
    let reset: PasswordReset = reply.json();
    assert_ne!(reset.initial_password, made.initial_password);
    assert_eq!(before.get("/v1/me").await.status(), 401);
    assert!(log_in(&app, "wang.wu", &reset.initial_password).await.must_change_password);
}

#[actix_web::test]
async fn nobody_touches_their_own_account_or_one_above_them() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let secretary = app.actor(Role::CommunitySecretary, COMMUNITY).await;
    let own = own_id(&secretary).await;
    let reason = || json!({ "reason": "试试" });
    let reply = secretary.post(&format!("/v1/accounts/{own}/disable"), reason()).await;
    assert_eq!((reply.status(), reply.problem().code.as_str()), (403, "identity.account_is_own"));

    // An account of this community whose holder has also become a street officer.
    let made = make_account(&secretary, "wang.wu", COMMUNITY).await;
    let grant = json!({ "account_id": made.account.id, "role": "street_officer", "area_code": "620902005",
        "valid_from": "2020-01-01", "reason": "任职" });
    assert_eq!(admin.post("/v1/grants", grant).await.status(), 201);
    for action in ["disable", "password-reset"] {
        let reply = secretary.post(&format!("/v1/accounts/{}/{action}", made.account.id), reason()).await;
        assert_eq!((reply.status(), reply.problem().code.as_str()), (403, "identity.account_beyond_own"), "{action}");
    }
    assert_eq!(admin.post(&format!("/v1/accounts/{}/disable", made.account.id), reason()).await.status(), 200);
}
