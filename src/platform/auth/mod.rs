//! Who is calling ([`Actor`], [`Visitor`]), what they may do (scopes over roles) and which rows they see ([`Visible`]).

mod actor;
mod area;
mod eddsa;
mod role;
mod scope;
mod token;
mod visible;

pub use actor::{Actor, Visitor, authenticate, principal_of};
pub use area::{AreaCode, AreaLevel};
pub use role::{Family, Role};
pub use scope::{Holders, Scope, ScopeInfo};
pub use token::{Claims, Grant, Issued, Keys, Principal, SigningKey, Subject, Tokens};
pub use visible::Visible;
