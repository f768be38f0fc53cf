//! 事件流: what has happened, told in the order of the commits to those who may see it, and what public screens show.
//!
//! Owns no rows: it reads the outbox that every change writes to, and forgets what is older than the retention. An event
//! tells that something happened to what, where and when, and never what it says: readers ask for that by its own scope.
//! One task of the process reads new rows once for all who wait ([`Feed::run`]); a stream or a long poll holds neither a
//! connection nor a thread. Positions are explained in docs/adr/0007.
//!
//! Which scope opens which kind of entity is a table, [`OPENED_BY`]. A kind whose rows are not opened by area alone is
//! opened by an [`Opener`], which the root hands in.

mod api;
pub mod dto;
mod hub;
mod opening;
mod rules;
mod slots;
mod store;
mod stream;
mod task;

use platform::http::Mount;
use platform::{handler, scopes};

pub use hub::{Feed, Settings};
pub use opening::Opener;
pub use rules::{NEVER_SENT, OPENED_BY, PROBLEMS, Position};
pub use store::{adopt, sweep};

scopes! {
    /// 订阅事件: what is sent is decided kind by kind, by the scopes that open the rows themselves
    EventsRead = "events:read": everyone,
}

pub fn routes(mount: &mut Mount) {
    mount
        .service(handler!(api::stream_events))
        .service(handler!(api::list_events))
        .service(handler!(api::list_screen_events));
}
