//! The tables of `standards`.
