//! 底数: who and where.

pub mod schema;

pub mod identity;
