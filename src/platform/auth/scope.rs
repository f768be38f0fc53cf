//! Scopes: what may be asked for. Each is a type declared at its context's door with [`scopes!`](crate::scopes).

use super::Role;

/// Who carries a scope.
#[derive(Debug, Clone, Copy)]
pub enum Holders {
    /// Everybody who is logged in, whatever their roles: one's own account and sessions.
    Everyone,
    Roles(&'static [Role]),
}

impl Holders {
    pub fn include(self, role: Role) -> bool {
        match self {
            Holders::Everyone => true,
            Holders::Roles(roles) => roles.contains(&role),
        }
    }
}

/// A scope as a type, so that [`Actor`](super::Actor) can name it.
pub trait Scope: 'static {
    const NAME: &'static str;
    const HOLDERS: Holders;
}

/// A scope as a value, for the lists: `openapi/roles.txt`, API clients, tests.
#[derive(Debug, Clone, Copy)]
pub struct ScopeInfo {
    pub name: &'static str,
    pub holders: Holders,
}

/// `scopes! { GridsRead = "grids:read": [CommunityWorker, StreetOfficer], MeRead = "me:read": everyone }`
#[macro_export]
macro_rules! scopes {
    (@holders everyone) => { $crate::auth::Holders::Everyone };
    (@holders [$($role:ident),+ $(,)?]) => { $crate::auth::Holders::Roles(&[$($crate::auth::Role::$role),+]) };
    ($($(#[$doc:meta])* $name:ident = $text:literal : $holders:tt),+ $(,)?) => {
        $(
            $(#[$doc])*
            pub struct $name;
            impl $crate::auth::Scope for $name {
                const NAME: &'static str = $text;
                const HOLDERS: $crate::auth::Holders = $crate::scopes!(@holders $holders);
            }
        )+
        /// Every scope of this context.
        pub const SCOPES: &[$crate::auth::ScopeInfo] = &[$($crate::auth::ScopeInfo {
            name: <$name as $crate::auth::Scope>::NAME,
            holders: <$name as $crate::auth::Scope>::HOLDERS,
        }),+];
    };
}
