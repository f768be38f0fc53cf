//! The tables of `surveys`.
