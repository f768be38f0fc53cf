//! Tokens that are not ours, or no longer good: each is a 401, and none a 500.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use platform::auth::Role;
use registry::identity::dto::JwksOut;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{COMMUNITY, PASSWORD, log_in, settled_account};
use crate::support::TestApp;

/// PKCS#8 (RFC 8410) of an Ed25519 key that is not ours: sixteen fixed bytes and the seed.
fn strangers_key() -> EncodingKey {
    let head = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    EncodingKey::from_ed_der(&[head.as_slice(), &[7; 32]].concat())
}

/// A good token of an account without roles.
async fn good_token(app: &TestApp) -> String {
    let admin = app.actor(Role::PlatformAdmin, "").await;
    settled_account(app, &admin, "wang.wu", COMMUNITY).await;
    log_in(app, "wang.wu", PASSWORD).await.access_token
}

fn claims_of(token: &str) -> Value {
    let body = token.split('.').nth(1).expect("claims");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).expect("base64")).expect("JSON")
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

async fn refused(app: &TestApp, token: &str) {
    let reply = app.with_token(token).get("/v1/me").await;
    assert_eq!((reply.status(), reply.problem().code.as_str()), (401, "invalid_token"), "{token}");
    assert!(reply.header("www-authenticate").is_some_and(|value| value.contains("invalid_token")));
}

#[actix_web::test]
async fn forged_tokens_are_refused() {
    let app = TestApp::spawn().await;
    let good = good_token(&app).await;
    assert_eq!(app.with_token(&good).get("/v1/me").await.status(), 200);
    let mut claims = claims_of(&good);
    claims["grants"] = json!([{ "role": "platform_admin", "area": "" }]);
    let kid = jsonwebtoken::decode_header(&good).expect("a header").kid;
    let signature = good.rsplit('.').next().expect("a signature");
    let header = good.split('.').next().expect("a header");

    refused(&app, &format!("{header}.{}.{signature}", part(&claims))).await;
    let none = part(&json!({ "alg": "none", "typ": "JWT", "kid": kid }));
    refused(&app, &format!("{none}.{}.", part(&claims))).await;
    refused(&app, &format!("{none}.{}.{signature}", part(&claims))).await;

    // The public key as an HMAC secret: the old confusion of algorithms.
    let jwks: JwksOut = app.anonymous().get("/.well-known/jwks.json").await.json();
    let public = URL_SAFE_NO_PAD.decode(&jwks.keys[0].x).expect("base64");
    for secret in [public.as_slice(), jwks.keys[0].x.as_bytes()] {
        let header = part(&json!({ "alg": "HS256", "typ": "JWT", "kid": kid }));
        let signed = format!("{header}.{}", part(&claims));
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret).expect("a key of any length");
        mac.update(signed.as_bytes());
        refused(&app, &format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))).await;
    }
    // A stranger's key under our kid, under its own, and under none.
    for kid in [kid, Some("stranger".to_owned()), None] {
        let header = Header { kid, ..Header::new(Algorithm::EdDSA) };
        refused(&app, &jsonwebtoken::encode(&header, &claims, &strangers_key()).expect("signed")).await;
    }
    for rubbish in ["", "x", "a.b.c", "....", &"x".repeat(5000)] {
        refused(&app, rubbish).await;
    }
}

#[actix_web::test]
async fn a_token_ends_after_a_quarter_of_an_hour() {
    let app = TestApp::spawn().await;
    let good = good_token(&app).await;
    app.clock.advance(Duration::seconds(899));
    assert_eq!(app.with_token(&good).get("/v1/me").await.status(), 200);
    app.clock.advance(Duration::seconds(1));
    refused(&app, &good).await;
}

#[actix_web::test]
async fn without_a_token_one_is_asked_to_log_in() {
    let app = TestApp::spawn().await;
    for path in ["/v1/me", "/v1/me/sessions", "/v1/accounts", "/v1/grants", "/v1/api-clients", "/v1/signing-keys"] {
        assert_eq!(app.anonymous().get(path).await.problem().code, "unauthenticated", "{path}");
    }
}
