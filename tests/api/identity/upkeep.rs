//! What the root calls now and then: the sweep, and the keys read again.

use chrono::Duration;
use platform::auth::Role;
use registry::identity::dto::{GrantOut, SessionPage};
use registry::identity::{self, Ring};
use serde_json::json;

use super::{COMMUNITY, PASSWORD, log_in, settled_account};
use crate::support::TestApp;

async fn sweep(app: &TestApp) -> usize {
    let now = app.clock.now();
    app.app.db.write(move |c| identity::sweep(c, now)).await.expect("swept")
}

async fn reload(app: &TestApp, known: &str) -> Option<Ring> {
    let (now, secrets, known) = (app.clock.now(), app.app.secrets.clone(), known.to_owned());
    app.app.db.read(move |c| identity::reload(c, &secrets, now, &known)).await.expect("read")
}

#[actix_web::test]
async fn what_is_over_is_forgotten_and_what_has_lapsed_is_ended() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let made = settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let grant = json!({ "account_id": made.account.id, "role": "volunteer", "area_code": COMMUNITY,
        "valid_from": "2020-01-01", "valid_to": (app.clock.today() + Duration::days(1)).to_string(), "reason": "报名" });
    let grant: GrantOut = admin.post("/v1/grants", grant).await.json();
    app.anonymous().post("/v1/auth/login", json!({ "username": "nobody", "password": "not the password" })).await;
    assert_eq!(sweep(&app).await, 0, "nothing is over yet");

    app.clock.advance(Duration::days(61));
    assert!(sweep(&app).await > 0);
    assert_eq!(sweep(&app).await, 0, "a second sweep finds nothing");
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let lapsed: GrantOut = admin.get(&format!("/v1/grants/{}", grant.id)).await.json();
    assert_eq!((lapsed.version, lapsed.ended_by, lapsed.ended_at.is_some()), (2, None, true));
    let me = app.with_token(&log_in(&app, "wang.wu", PASSWORD).await.access_token);
    assert_eq!(me.get("/v1/me/sessions").await.json::<SessionPage>().items.len(), 1);
}

#[actix_web::test]
async fn a_new_key_takes_over_and_the_old_one_leaves() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let first = reload(&app, "").await.expect("a ring").fingerprint;
    assert!(reload(&app, &first).await.is_none(), "unchanged");
    assert_eq!(admin.post("/v1/signing-keys/rotate", json!({})).await.status(), 201);
    let published = reload(&app, &first).await.expect("another key is published").fingerprint;

    app.clock.advance(Duration::minutes(11));
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let taken_over = reload(&app, &published).await.expect("the new key signs");
    let fingerprint = taken_over.fingerprint.clone();
    app.app.tokens.set_keys(taken_over.keys);
    assert_eq!(admin.get("/v1/me").await.status(), 200, "the old key signed this token");
    let later = app.actor(Role::PlatformAdmin, "").await;
    assert_eq!(later.get("/v1/me").await.status(), 200);

    app.clock.advance(Duration::minutes(20));
    let alone = reload(&app, &fingerprint).await.expect("the old key has left");
    assert!(!alone.fingerprint.contains(&first[..32]));
    // A start in between makes no further key.
    let (now, secrets) = (app.clock.now(), app.app.secrets.clone());
    let started = app.app.db.write(move |c| identity::load_or_create(c, &secrets, now)).await.expect("a ring");
    assert_eq!(started.fingerprint, alone.fingerprint);

    // A month later its row goes too.
    app.clock.advance(Duration::days(31));
    assert!(sweep(&app).await > 0);
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let keys = admin.get("/v1/signing-keys").await.expect(200).value();
    assert_eq!(keys["items"].as_array().map(Vec::len), Some(1));
}
