//! The tables of organisations.
