//! The rows of identity.

pub mod accounts;
pub mod attempts;
pub mod clients;
pub mod grants;
pub mod keys;
pub mod organisations;
pub mod sessions;
pub mod standing;

mod sweeper;

use platform::db::Ts;
use serde_json::Value;
use uuid::Uuid;

pub use accounts::{NewAccountSpec, account_area, account_exists, create_account, find_account_id};
pub use clients::{NewClientSpec, insert_client as create_client};
pub use grants::{
    NewGrantSpec, end_grant_by_id, grant_period, grant_role, may_act, may_hand_on, rebase_grants, standing_grant,
};
pub use organisations::{end_organisation, home_of, organisation_leaves, organisation_serves, register_organisation};
pub use sessions::{live_account, open_session, subject_of};
pub use standing::still_stand;
pub use sweeper::sweep;

platform::id!(
    /// 账号
    AccountId
);
platform::id!(
    /// 会话
    SessionId
);
platform::id!(
    /// 授权
    GrantId
);
platform::id!(
    /// 接入方
    ApiClientId
);

/// What is done to a row, by whom and when, for its history.
pub struct Act {
    pub name: &'static str,
    pub actor: Uuid,
    pub at: Ts,
    /// Never names: history is kept when a person leaves.
    pub data: Value,
}

diesel::define_sql_function! {
    /// Case folding as the engine does it; SQLite folds ASCII only.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `text` anywhere, whatever it holds.
fn anywhere(text: &str) -> String {
    let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// A cursor's sort key back as an id. Cursors are signed, so another text is one that we never wrote.
fn after_id(after: Option<&str>) -> platform::Result<Option<Uuid>> {
    after.map(|key| key.parse().map_err(platform::Error::internal)).transpose()
}
