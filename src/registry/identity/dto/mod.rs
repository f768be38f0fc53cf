//! What identity takes and gives on the wire.

mod accounts;
mod auth;
mod clients;
mod grants;
mod keys;

use serde::Deserialize;
use validator::Validate;

pub use accounts::{
    AccountCreated, AccountIn, AccountOut, AccountPage, AccountPatch, AccountQuery, AccountStatus, PasswordReset,
    ReasonIn,
};
pub use auth::{
    ClientTokenIn, ClientTokenOut, LoginIn, MeOut, PasswordIn, RefreshIn, RevokeReason, SessionOut, SessionPage,
    TokenType, TokensOut,
};
pub use clients::{ApiClientIn, ApiClientOut, ApiClientPage, ApiClientSecret, ScopeName};
pub use grants::{GrantIn, GrantListing, GrantOut, GrantPage, GrantQuery};
pub use keys::{JwkOut, JwksOut, KeyStatus, SigningKeyOut, SigningKeysOut};

/// For lists that have no filters: any parameter but those of the page is unknown.
#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct NoQuery {}
