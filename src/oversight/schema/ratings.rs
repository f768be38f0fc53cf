//! The tables of `ratings`.
