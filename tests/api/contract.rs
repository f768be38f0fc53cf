//! What holds for every operation, read off the OpenAPI document: who may call it, what it refuses, that the document is
//! the one that is committed.

mod bad_input;
mod document;
pub use document::rust_files;
mod roles;
mod sample;
