//! Handlers: extract, one door to the rows, a DTO.

mod badge;
mod boards;
mod credit;
mod facts;
mod listings;
mod photos;
mod public;
mod rankings;
mod steps;

use platform::Result;
use platform::db::Conn;
use platform::http::{Document, IfNoneMatch, Mount};

pub(super) fn routes(mount: &mut Mount) {
    listings::routes(mount);
    steps::routes(mount);
    photos::routes(mount);
    public::routes(mount);
    credit::routes(mount);
    rankings::routes(mount);
    boards::routes(mount);
    badge::routes(mount);
    facts::routes(mount);
}

/// What was frozen, in one read: the hash alone where the caller may have the document.
fn frozen<I: Copy>(
    c: &mut Conn,
    id: I,
    seen: &IfNoneMatch,
    hash: impl Fn(&mut Conn, I) -> Result<String>,
    whole: impl Fn(&mut Conn, I) -> Result<(String, String)>,
) -> Result<Document> {
    if seen.asks() {
        let hash = hash(c, id)?;
        if seen.has(&hash) {
            return Ok(Document::frozen(None, hash));
        }
    }
    let (hash, document) = whole(c, id)?;
    Ok(Document::frozen(Some(document), hash))
}
