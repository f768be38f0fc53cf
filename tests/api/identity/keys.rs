//! 签名密钥

use chrono::Duration;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use platform::auth::Role;
use registry::identity::dto::{JwksOut, KeyStatus, SigningKeysOut};
use serde_json::{Value, json};

use super::{COMMUNITY, PASSWORD, log_in, settled_account};
use crate::support::TestApp;

#[actix_web::test]
async fn third_parties_can_verify_a_token_by_the_published_key() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let token = log_in(&app, "wang.wu", PASSWORD).await.access_token;

    let reply = app.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!(reply.header("cache-control").as_deref(), Some("public, max-age=300"));
    let jwks: JwksOut = reply.json();
    let kid = jsonwebtoken::decode_header(&token).expect("a header").kid.expect("a kid");
    let jwk = jwks.keys.iter().find(|key| key.kid == kid).expect("the key is published");
    assert_eq!((jwk.kty.as_str(), jwk.crv.as_str(), jwk.alg.as_str()), ("OKP", "Ed25519", "EdDSA"));
    let key = DecodingKey::from_ed_components(&jwk.x).expect("a key");
    let mut validation = Validation::new(Algorithm::EdDSA);
    // The test's clock stands still at another time than ours.
    validation.validate_exp = false;
    validation.validate_aud = false;
    let claims = jsonwebtoken::decode::<Value>(&token, &key, &validation).expect("it verifies").claims;
    assert_eq!(claims["kind"], "account");
    assert_eq!(claims["exp"].as_i64().zip(claims["iat"].as_i64()).map(|(exp, iat)| exp - iat), Some(900));
}

#[actix_web::test]
async fn a_rotation_publishes_the_new_key_and_keeps_old_tokens() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let before: SigningKeysOut = admin.get("/v1/signing-keys").await.json();
    assert_eq!(before.items.iter().map(|key| key.status).collect::<Vec<_>>(), [KeyStatus::Signing]);

    let reply = admin.post("/v1/signing-keys/rotate", json!({})).await;
    assert_eq!(reply.status(), 201);
    assert!(!reply.value().to_string().contains("seed"));
    let rotated: SigningKeysOut = reply.json();
    let states = rotated.items.iter().map(|key| key.status).collect::<Vec<_>>();
    assert_eq!(states, [KeyStatus::Published, KeyStatus::Signing]);
    let jwks: JwksOut = app.anonymous().get("/.well-known/jwks.json").await.json();
    assert_eq!(jwks.keys.len(), 2);
    assert_eq!(admin.get("/v1/me").await.status(), 200, "a token of the old key still opens");
    assert_eq!(admin.post("/v1/signing-keys/rotate", json!({})).await.problem().code, "identity.key_pending");

    app.clock.advance(Duration::minutes(11));
    let later: SigningKeysOut = admin.get("/v1/signing-keys").await.json();
    let states = later.items.iter().map(|key| key.status).collect::<Vec<_>>();
    assert_eq!(states, [KeyStatus::Signing, KeyStatus::Verifying]);
}

#[actix_web::test]
async fn keys_are_for_the_platform_administrator() {
    let app = TestApp::spawn().await;
    let district = app.actor(Role::DistrictCoord, "620902").await;
    assert_eq!(district.get("/v1/signing-keys").await.status(), 403);
    let refused = district.post("/v1/signing-keys/rotate", json!({})).await;
    assert_eq!(refused.problem().required_scope.as_deref(), Some("signing_keys:write"));
}
