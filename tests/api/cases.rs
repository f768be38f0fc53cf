//! cases over HTTP: from the report to the return visit, by whom each step may be taken and what each needs.

mod at_once;
mod clocks;
mod crash;
mod desk;
mod dictionaries;
mod export;
mod extensions;
mod figures;
mod files;
mod files_sent;
mod files_stored;
mod holds;
mod intake;
mod merged;
mod privacy;
mod retries;
mod search;
mod steps;
mod story;
pub mod support;
mod table;
mod timeline;
mod unswept;
mod veil;
mod visits_queue;
mod walk;
