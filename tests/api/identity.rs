//! identity over HTTP: logging in, one's own account, and the accounts, grants, clients and keys of others.

mod accounts;
mod clients;
mod grants;
mod keys;
mod login;
mod me;
mod tokens;
mod upkeep;

use registry::identity::dto::{AccountCreated, TokensOut};
use serde_json::json;

use crate::support::{Client, TestApp};

pub const PASSWORD: &str = "春眠不觉晓-处处闻啼鸟";
pub const COMMUNITY: &str = "620902005003";
pub const OTHER_COMMUNITY: &str = "620902001002";

/// An account that `by` makes; its initial password still stands.
pub async fn make_account(by: &Client, username: &str, area: &str) -> AccountCreated {
    let body = json!({ "username": username, "display_name": "王五", "area_code": area });
    let reply = by.post("/v1/accounts", body).await;
    assert_eq!(reply.status(), 201, "{}", reply.value());
    reply.json()
}

pub async fn log_in(app: &TestApp, username: &str, password: &str) -> TokensOut {
    let reply = app.anonymous().post("/v1/auth/login", json!({ "username": username, "password": password })).await;
    assert_eq!(reply.status(), 200, "{}", reply.value());
    reply.json()
}

/// An account that has changed its initial password to [`PASSWORD`].
pub async fn settled_account(app: &TestApp, by: &Client, username: &str, area: &str) -> AccountCreated {
    let made = make_account(by, username, area).await;
    let tokens = log_in(app, username, &made.initial_password).await;
    let change = json!({ "current_password": made.initial_password, "new_password": PASSWORD });
    let reply = app.with_token(&tokens.access_token).post("/v1/me/password", change).await;
    assert_eq!(reply.status(), 204);
    made
}

pub async fn own_id(who: &Client) -> String {
    who.get("/v1/me").await.value()["account"]["id"].as_str().expect("an id").to_owned()
}
