//! 身份与授权: who may log in, from where, and what they may do where.
//!
//! Owns accounts, their sessions and refresh tokens, role grants, the clients of integrators and the keys that sign
//! access tokens. Tables: `accounts`, `sessions`, `refresh_tokens`, `role_grants`, `granted_organisations`,
//! `organisation_areas`, `api_clients`, `signing_keys`, `login_attempts`.
//!
//! Tokens are minutes old at the most; what hands out power (accounts, grants, clients, keys) reads the caller's own
//! grants again inside its transaction. An initial password opens nothing but the change of itself. The routes that
//! show a secret once take no `Idempotency-Key`: a stored answer would be a stored secret. Their retries are safe
//! because the name is unique (409) or the version is named (412).

mod api;
pub mod dto;
mod keyring;
pub mod passwords;
mod rules;
mod store;

use platform::auth::ScopeInfo;
use platform::http::Mount;
use platform::{handler, scopes};

pub use keyring::{Ring, load_or_create, reload};
pub use rules::{PROBLEMS, check_password, check_username};
pub use store::{
    AccountId, ApiClientId, GrantId, NewAccountSpec, NewClientSpec, NewGrantSpec, SessionId, account_area,
    account_exists, create_account, create_client, end_grant_by_id, end_organisation, find_account_id, grant_period,
    grant_role, home_of, live_account, may_act, may_hand_on, open_session, organisation_leaves, organisation_serves,
    rebase_grants, register_organisation, standing_grant, still_stand, subject_of, sweep,
};

scopes! {
    /// 查看本人账号
    MeRead = "me:read": everyone,
    /// 管理本人密码与会话
    MeWrite = "me:write": everyone,
    /// 查看账号
    AccountsRead = "accounts:read":
        [PlatformAdmin, DistrictCoord, StreetOfficer, CommunitySecretary, CompanyAdmin, Auditor],
    /// 管理账号
    AccountsWrite = "accounts:write":
        [PlatformAdmin, DistrictCoord, StreetOfficer, CommunitySecretary, CompanyAdmin],
    /// 查看授权
    GrantsRead = "grants:read":
        [PlatformAdmin, DistrictCoord, StreetOfficer, CommunitySecretary, CompanyAdmin, Auditor],
    /// 授予与终止角色
    GrantsWrite = "grants:write":
        [PlatformAdmin, DistrictCoord, StreetOfficer, CommunitySecretary, CompanyAdmin],
    /// 查看接入方
    ApiClientsRead = "api_clients:read": [PlatformAdmin, DistrictCoord],
    /// 管理接入方
    ApiClientsWrite = "api_clients:write": [PlatformAdmin, DistrictCoord],
    /// 查看签名密钥
    SigningKeysRead = "signing_keys:read": [PlatformAdmin],
    /// 轮换签名密钥
    SigningKeysWrite = "signing_keys:write": [PlatformAdmin],
}

/// Every scope of the product, which only the root knows; handed in as `Data<Catalogue>`.
pub struct Catalogue(pub Vec<ScopeInfo>);

/// The routes below `/v1`.
pub fn routes(mount: &mut Mount) {
    use api::{accounts, auth, clients, grants, keys, me};
    mount
        .service(handler!(auth::log_in))
        .service(handler!(auth::refresh_tokens))
        .service(handler!(auth::issue_client_token));
    mount.service(handler!(me::get_me)).service(handler!(me::log_out)).service(handler!(me::change_my_password));
    mount.service(handler!(me::list_my_sessions)).service(handler!(me::revoke_my_session));
    mount
        .service(handler!(accounts::list_accounts))
        .service(handler!(accounts::create_account))
        .service(handler!(accounts::get_account));
    mount
        .service(handler!(accounts::update_account))
        .service(handler!(accounts::disable_account))
        .service(handler!(accounts::enable_account));
    mount.service(handler!(accounts::reset_password));
    mount
        .service(handler!(grants::list_grants))
        .service(handler!(grants::create_grant))
        .service(handler!(grants::get_grant));
    mount.service(handler!(grants::end_grant));
    mount
        .service(handler!(clients::list_api_clients))
        .service(handler!(clients::create_api_client))
        .service(handler!(clients::get_api_client));
    mount.service(handler!(clients::rotate_client_secret)).service(handler!(clients::disable_api_client));
    mount.service(handler!(keys::list_signing_keys)).service(handler!(keys::rotate_signing_key));
}

/// The routes that have their place outside `/v1`.
pub fn well_known(mount: &mut Mount) {
    mount.service(handler!(api::keys::get_jwks));
}
