//! The tables of `standing`.
