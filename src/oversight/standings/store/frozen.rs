//! What is frozen: a snapshot with its hash, put together once as the very bytes that go out, and proved by the history.

use platform::db::Conn;
use platform::history::{self, EventRow};
use platform::publicity::content_hash;
use platform::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::standings::dto::StandingProofOut;

/// Events read of one entity at a time: more than it ever has.
const EVENTS: i64 = 10_000;

#[derive(Debug, Clone)]
pub struct Frozen {
    /// `{ content_hash, proof, snapshot }`, as it goes out.
    pub document: String,
    pub content_hash: String,
}

pub fn freeze<T: Serialize>(proof: &str, snapshot: &T) -> Result<Frozen> {
    let snapshot = serde_json::to_value(snapshot).map_err(Error::internal)?;
    let content_hash = content_hash(&snapshot);
    let document = json!({ "content_hash": content_hash, "proof": proof, "snapshot": snapshot }).to_string();
    Ok(Frozen { document, content_hash })
}

/// What a document has frozen; `None` where it is no longer one.
pub fn snapshot_of(document: &str) -> Option<Value> {
    let mut document: Value = serde_json::from_str(document).ok()?;
    document.get_mut("snapshot").map(Value::take)
}

/// A document, as its type reads it.
pub fn read<T: DeserializeOwned>(document: &str) -> Result<T> {
    serde_json::from_str(document).map_err(Error::internal)
}

/// What is proved: of whom, by which event, and the document as it is now.
#[derive(Debug, Clone, Copy)]
pub struct Proved<'a> {
    pub entity: &'a str,
    pub id: &'a str,
    pub event: &'a str,
    pub document: &'a str,
    pub content_hash: &'a str,
    /// Whether the rows beside the document say what it says.
    pub rows_intact: bool,
}

/// The proof of a frozen document by the hash-chained history of what it belongs to.
pub fn prove(c: &mut Conn, proved: Proved<'_>) -> Result<StandingProofOut> {
    let events = history::list(c, proved.entity, proved.id, 0, EVENTS)?;
    let published = events.iter().find(|event| event.event == proved.event);
    let chain_intact = published.is_some() && history::is_unbroken("", &events);
    let recorded_hash = published.and_then(recorded);
    let content_hash = snapshot_of(proved.document).map(|snapshot| content_hash(&snapshot));
    let told = serde_json::from_str::<Value>(proved.document).ok();
    let told = told.as_ref().and_then(|document| document.get("content_hash")).and_then(Value::as_str);
    let same = content_hash.is_some()
        && recorded_hash == content_hash
        && told == content_hash.as_deref()
        && Some(proved.content_hash) == content_hash.as_deref();
    let published_at = published.map(|event| event.at);
    let intact = chain_intact && same && proved.rows_intact;
    Ok(StandingProofOut {
        published_at,
        recorded_hash,
        content_hash,
        chain_intact,
        rows_intact: proved.rows_intact,
        intact,
    })
}

/// What the event of the publication says of the hash.
fn recorded(event: &EventRow) -> Option<String> {
    event.data.0.get("content_hash").and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_frozen_has_the_hash_of_what_it_holds() {
        let frozen = freeze("/v1/public/rankings/1/proof", &json!({ "b": 1, "a": [2, 3] })).expect("frozen");
        let snapshot = snapshot_of(&frozen.document).expect("a snapshot");
        assert_eq!(content_hash(&snapshot), frozen.content_hash);
        assert!(frozen.document.contains(r#""snapshot":{"a":[2,3],"b":1}"#), "{}", frozen.document);
        assert_eq!(snapshot_of("no JSON any more"), None);
    }
}
