//! 本人

use platform::auth::Role;
use registry::identity::dto::{MeOut, RevokeReason, SessionPage};
use serde_json::json;

use super::{COMMUNITY, PASSWORD, log_in, settled_account};
use crate::support::TestApp;

#[actix_web::test]
async fn me_shows_roles_scopes_and_session() {
    let app = TestApp::spawn().await;
    let secretary = app.actor(Role::CommunitySecretary, COMMUNITY).await;
    let me: MeOut = secretary.get("/v1/me").await.json();
    assert_eq!(me.grants.len(), 1);
    assert_eq!((me.grants[0].role, me.grants[0].area_code.as_str()), (Role::CommunitySecretary, COMMUNITY));
    let scopes: Vec<&str> = me.scopes.iter().map(|scope| scope.0.as_str()).collect();
    assert!(scopes.contains(&"me:read") && scopes.contains(&"grants:write"));
    assert!(!scopes.contains(&"signing_keys:read"));
    assert_eq!(me.session.revoked_at, None);
}

#[actix_web::test]
async fn logging_out_ends_the_session_at_once() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let tokens = log_in(&app, "wang.wu", PASSWORD).await;
    let me = app.with_token(&tokens.access_token);
    assert_eq!(me.post("/v1/me/logout", json!({})).await.status(), 204);
    assert_eq!(me.get("/v1/me").await.problem().code, "invalid_token");
    assert_eq!(me.post("/v1/me/logout", json!({})).await.status(), 401);
    let reply = app.anonymous().post("/v1/auth/refresh", json!({ "refresh_token": tokens.refresh_token })).await;
    assert_eq!(reply.problem().code, "identity.refresh_invalid");
}

#[actix_web::test]
async fn sessions_are_listed_newest_first_and_revoked_one_by_one() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let phone = app.with_token(&log_in(&app, "wang.wu", PASSWORD).await.access_token);
    let desk = app.with_token(&log_in(&app, "wang.wu", PASSWORD).await.access_token);
    let phone_id = phone.get("/v1/me").await.json::<MeOut>().session.id;
    let desk_id = desk.get("/v1/me").await.json::<MeOut>().session.id;

    let page: SessionPage = desk.get("/v1/me/sessions?limit=2&include=total").await.json();
    let ids: Vec<_> = page.items.iter().map(|session| session.id).collect();
    assert_eq!(ids, [desk_id, phone_id]);
    assert_eq!((page.has_more, page.total), (true, Some(3)));
    let cursor = page.next_cursor.expect("a cursor");
    let rest: SessionPage = desk.get(&format!("/v1/me/sessions?limit=2&cursor={cursor}")).await.json();
    assert_eq!((rest.items.len(), rest.has_more), (1, false));

    let reply = desk.post(&format!("/v1/me/sessions/{phone_id}/revoke"), json!({})).await;
    assert_eq!(reply.value()["revoked_reason"], json!(RevokeReason::Revoked));
    assert_eq!(phone.get("/v1/me").await.status(), 401);
    assert_eq!(desk.get("/v1/me").await.status(), 200);
    let again = desk.post(&format!("/v1/me/sessions/{phone_id}/revoke"), json!({})).await;
    assert_eq!(again.value(), reply.value(), "revoking again changes nothing");
    let of_others = admin.post(&format!("/v1/me/sessions/{desk_id}/revoke"), json!({})).await;
    assert_eq!(of_others.status(), 404);
    assert_eq!(desk.get("/v1/me/sessions?status=x").await.status(), 400);
}

#[actix_web::test]
async fn changing_the_password_ends_the_other_sessions() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let phone = app.with_token(&log_in(&app, "wang.wu", PASSWORD).await.access_token);
    let desk = app.with_token(&log_in(&app, "wang.wu", PASSWORD).await.access_token);
    let change = json!({ "current_password": PASSWORD, "new_password": "correct horse battery" });
    assert_eq!(desk.post("/v1/me/password", change).await.status(), 204);
    assert_eq!(desk.get("/v1/me").await.status(), 200);
    assert_eq!(phone.get("/v1/me").await.status(), 401);
    log_in(&app, "wang.wu", "correct horse battery").await;
}

#[actix_web::test]
async fn weak_passwords_are_refused_and_guesses_locked() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let me = app.with_token(&log_in(&app, "wang.wu", PASSWORD).await.access_token);
    let weak = [
        ("short", "invalid"),
        ("aaaaaaaabbbb", "identity.password_monotonous"),
        ("my-wang.wu-2024", "identity.password_holds_name"),
        ("PassWord123", "identity.password_common"),
        ("passwordpassword", "identity.password_common"),
        ("123456789012", "identity.password_common"),
        ("qwertyuiop12", "identity.password_common"),
        (PASSWORD, "identity.password_unchanged"),
    ];
    for (new, code) in weak {
        let reply = me.post("/v1/me/password", json!({ "current_password": PASSWORD, "new_password": new })).await;
        assert_eq!((reply.status(), reply.problem().code.as_str()), (422, code));
        assert_eq!(reply.problem().errors[0].pointer.as_deref(), Some("#/new_password"));
    }
    let guess = || json!({ "current_password": "not the password", "new_password": "correct horse battery" });
    for _ in 0..5 {
        assert_eq!(me.post("/v1/me/password", guess()).await.problem().code, "identity.wrong_password");
    }
    assert_eq!(me.post("/v1/me/password", guess()).await.problem().code, "identity.locked_out");
}
