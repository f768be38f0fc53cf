//! The handlers of identity.

pub mod accounts;
pub mod auth;
pub mod clients;
pub mod grants;
pub mod keys;
pub mod me;
