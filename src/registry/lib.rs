//! 底数: who and where. Contexts in the order in which they may name one another: each only those above it.

pub mod identity;
pub mod schema;
pub mod territory;
