//! 留痕: the append-only, hash-chained history of each entity, and the outbox row that goes with every event.
//!
//! One change of an entity = one history row and one outbox row, written in the change's own transaction. `seq` is the
//! version that the change produced, so two writers cannot both append: the second breaks the unique index. Each hash
//! covers the one before, so a row that is altered or taken out later shows when the chain is checked.
//!
//! What happened in an area also touches it ([`rollups::touch`]): whoever has its overview has an old one.

mod retold;

pub use retold::{Retold, retold};

use std::sync::OnceLock;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::db::{Conn, Json, Ts, new_id};
use crate::error::{Error, Result};
use crate::http::PageRequest;
use crate::schema::{history, outbox};
use crate::secrets::hex;
use crate::{insert_rows, on_each, rollups};

crate::id!(
    /// Who acted: an account or a client.
    ActorId
);
crate::id!(
    /// A history row.
    EventId
);

/// One thing that happened to one entity.
#[derive(Debug, Clone)]
pub struct Event {
    /// The entity's kind, `compound`.
    pub entity: &'static str,
    /// Its id or code.
    pub entity_id: String,
    /// The version that this change produced; 1 for the creation.
    pub seq: i32,
    /// `compound.mode_confirmed`
    pub name: &'static str,
    pub area_code: String,
    /// `None` where the system acted: an import, a sweeper.
    pub actor: Option<Uuid>,
    pub at: Ts,
    /// What changed, new values; never personal data in clear.
    pub data: Value,
}

/// Who changes something, and when: what every change leaves in the history.
#[derive(Debug, Clone, Copy)]
pub struct By {
    /// `None` where the system acts: an import, the demo, a sweeper.
    pub actor: Option<Uuid>,
    pub at: Ts,
    /// The day of `at` in Asia/Shanghai.
    pub today: NaiveDate,
}

impl By {
    pub fn new(app: &App, actor: Uuid) -> Self {
        Self { actor: Some(actor), at: app.clock.now(), today: app.clock.today() }
    }

    pub fn event(
        &self,
        entity: &'static str,
        entity_id: impl ToString,
        seq: i32,
        name: &'static str,
        area_code: &str,
        data: Value,
    ) -> Event {
        let (entity_id, area_code) = (entity_id.to_string(), area_code.to_owned());
        Event { entity, entity_id, seq, name, area_code, actor: self.actor, at: self.at, data }
    }
}

/// What one context does when another records an event, in the same transaction: a higher context follows what a lower
/// one, which cannot name it, has done. It looks at `event.name` and leaves the others alone.
pub type Reaction = fn(&mut Conn, &Event) -> Result<()>;

static REACTIONS: OnceLock<&'static [&'static [Reaction]]> = OnceLock::new();

/// Puts the product's reactions in force, a list per wing, once for the process; the root calls it before anything is written.
pub fn react_with(reactions: &'static [&'static [Reaction]]) {
    REACTIONS.get_or_init(|| reactions);
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = history, treat_none_as_default_value = false)]
pub struct EventRow {
    pub id: EventId,
    pub entity: String,
    pub entity_id: String,
    pub seq: i32,
    pub event: String,
    pub area_code: String,
    pub actor_id: Option<ActorId>,
    pub at: Ts,
    pub data: Json,
    pub prev_hash: String,
    pub hash: String,
}

#[derive(Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
struct NewOutbox<'a> {
    id: EventId,
    event: &'a str,
    entity: &'a str,
    entity_id: &'a str,
    area_code: &'a str,
    at: Ts,
    data: &'a Json,
}

impl<'a> NewOutbox<'a> {
    fn of(row: &'a EventRow) -> Self {
        let EventRow { id, entity, entity_id, event, area_code, at, data, .. } = row;
        Self { id: *id, event, entity, entity_id, area_code, at: *at, data }
    }
}

/// An event as it is hashed: members in the order of their names, as in all canonical JSON.
#[derive(Serialize)]
struct Canonical<'a> {
    actor_id: Option<ActorId>,
    area_code: &'a str,
    at: i64,
    data: &'a Value,
    entity: &'a str,
    entity_id: &'a str,
    event: &'a str,
    seq: i32,
}

/// The hash that the first event of an entity builds on.
const GENESIS: &str = "";

impl EventRow {
    fn of(event: Event, prev_hash: String) -> Self {
        let mut row = Self {
            id: EventId(new_id()),
            entity: event.entity.to_owned(),
            entity_id: event.entity_id,
            seq: event.seq,
            event: event.name.to_owned(),
            area_code: event.area_code,
            actor_id: event.actor.map(ActorId),
            at: event.at,
            data: Json(event.data),
            prev_hash,
            hash: String::new(),
        };
        row.hash = row.digest();
        row
    }

    /// SHA-256 over the previous hash and the event in canonical JSON (keys sorted, no white space), as hex.
    fn digest(&self) -> String {
        let event = Canonical {
            actor_id: self.actor_id,
            area_code: &self.area_code,
            at: self.at.micros(),
            data: &self.data.0,
            entity: &self.entity,
            entity_id: &self.entity_id,
            event: &self.event,
            seq: self.seq,
        };
        let mut hasher = Sha256::new();
        hasher.update(self.prev_hash.as_bytes());
        hasher.update(serde_json::to_string(&event).unwrap_or_default());
        hex(&hasher.finalize())
    }
}

/// Writes the event into history and outbox. Call it after the compare-and-set on the entity's version.
pub fn record(c: &mut Conn, event: Event) -> Result<()> {
    let prev_hash = history::table
        .filter(history::entity.eq(event.entity).and(history::entity_id.eq(&event.entity_id)))
        .order(history::seq.desc())
        .select(history::hash)
        .first::<String>(c)
        .optional()?;
    write(c, &[&Chained::behind(event, prev_hash.unwrap_or_else(|| GENESIS.to_owned()))])
}

/// The same for an entity that was made in this transaction, which has no history to look up.
pub fn record_first(c: &mut Conn, event: Event) -> Result<()> {
    write(c, &[&Chained::first(event)])
}

/// An event with its place in its chain, not written yet.
#[derive(Debug)]
pub struct Chained {
    event: Event,
    row: EventRow,
}

impl Chained {
    /// The first of an entity.
    pub fn first(event: Event) -> Self {
        Self::behind(event, GENESIS.to_owned())
    }

    fn behind(event: Event, prev_hash: String) -> Self {
        let row = EventRow::of(event.clone(), prev_hash);
        Self { event, row }
    }
}

/// Writes them into history and outbox.
pub fn write(c: &mut Conn, events: &[&Chained]) -> Result<()> {
    insert_rows!(c, history::table, events.iter().map(|chained| &chained.row).collect())?;
    let outs: Vec<NewOutbox<'_>> = events.iter().map(|chained| NewOutbox::of(&chained.row)).collect();
    insert_rows!(c, outbox::table, outs.iter().collect())?;
    let reactions = REACTIONS.get().copied().unwrap_or_default();
    for Chained { event, .. } in events {
        rollups::touch(c, &event.area_code);
        reactions.iter().copied().flatten().try_for_each(|reaction| reaction(c, event))?;
    }
    Ok(())
}

/// The rows of one entity's events from its first on, each built on the one before.
pub fn chained(events: Vec<Event>) -> Vec<EventRow> {
    let mut prev_hash = GENESIS.to_owned();
    let row = |event| {
        let row = EventRow::of(event, std::mem::take(&mut prev_hash));
        prev_hash.clone_from(&row.hash);
        row
    };
    events.into_iter().map(row).collect()
}

/// 补录: writes histories that were made elsewhere, whole. They are no news: the outbox does not get them, and nobody
/// reacts to what happened long ago.
pub fn take_over(c: &mut Conn, rows: &[EventRow]) -> Result<()> {
    const BATCH: usize = 1000;
    rows.iter().for_each(|row| rollups::touch(c, &row.area_code));
    for batch in rows.chunks(BATCH) {
        on_each!(c => diesel::insert_into(history::table).values(batch).execute(c))?;
    }
    Ok(())
}

/// Up to `limit` events of one entity behind `seq`, oldest first.
pub fn list(c: &mut Conn, entity: &str, entity_id: &str, behind: i32, limit: i64) -> QueryResult<Vec<EventRow>> {
    history::table
        .filter(history::entity.eq(entity).and(history::entity_id.eq(entity_id)).and(history::seq.gt(behind)))
        .order(history::seq.asc())
        .limit(limit)
        .select(EventRow::as_select())
        .load(c)
}

/// How many events one entity has.
pub fn count(c: &mut Conn, entity: &str, entity_id: &str) -> QueryResult<i64> {
    history::table.filter(history::entity.eq(entity).and(history::entity_id.eq(entity_id))).count().get_result(c)
}

/// One page of an entity's events: those behind the last one that the caller has and, where asked for, how many there are.
pub fn page(c: &mut Conn, entity: &str, id: &str, page: &PageRequest) -> Result<(Vec<EventRow>, Option<i64>)> {
    let behind = page.after.as_deref().map_or(Ok(0), |seq| seq.parse().map_err(Error::internal))?;
    let rows = list(c, entity, id, behind, page.fetch())?;
    let total = if page.with_total { Some(count(c, entity, id)?) } else { None };
    Ok((rows, total))
}

/// The answer to what [`page`] found.
pub fn answer(page: &PageRequest, (rows, total): (Vec<EventRow>, Option<i64>)) -> EventPage {
    EventPage::of(page.cut(rows, |row| row.seq.to_string()), total)
}

/// Whether a run of one entity's events, oldest first, is unbroken. `before` is the hash it must build on.
pub fn is_unbroken(before: &str, events: &[EventRow]) -> bool {
    let mut prev = before;
    events.iter().all(|event| {
        let holds = event.prev_hash == prev && event.hash == event.digest();
        prev = &event.hash;
        holds
    })
}

/// 历史记录: one event of an entity's history. `hash` covers the event and `prev_hash`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EventOut {
    /// 序号: the entity's version after this event
    #[schema(example = 2)]
    pub seq: i32,
    /// 事件
    #[schema(example = "compound.mode_confirmed", max_length = 80)]
    pub event: String,
    /// 发生时的区域代码
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    /// 操作人; `null` where the system acted
    #[schema(required = true, value_type = Option<Uuid>)]
    pub actor_id: Option<ActorId>,
    /// 时间
    pub at: Ts,
    /// 变更内容
    #[schema(value_type = Object)]
    pub data: Value,
    /// 前一条的哈希; empty for the first
    #[schema(max_length = 64)]
    pub prev_hash: String,
    /// 本条的哈希, SHA-256
    #[schema(max_length = 64)]
    pub hash: String,
    /// 校验: whether this row's hash matches its content
    pub intact: bool,
}

impl From<EventRow> for EventOut {
    fn from(row: EventRow) -> Self {
        let intact = row.hash == row.digest();
        let EventRow { id: _, entity: _, entity_id: _, seq, event, area_code, actor_id, at, data, prev_hash, hash } =
            row;
        Self { seq, event, area_code, actor_id, at, data: data.0, prev_hash, hash, intact }
    }
}

crate::page!(
    /// 历史记录页
    EventPage, EventOut
);

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: i32, prev_hash: &str) -> EventRow {
        let mut row = EventRow {
            id: EventId(Uuid::nil()),
            entity: "compound".into(),
            entity_id: "1".into(),
            seq,
            event: "compound.changed".into(),
            area_code: "620902005003-0001".into(),
            actor_id: None,
            at: Ts::from_micros(1_700_000_000_000_000),
            data: Json(serde_json::json!({ "seq": seq })),
            prev_hash: prev_hash.into(),
            hash: String::new(),
        };
        row.hash = row.digest();
        row
    }

    fn chain(length: i32) -> Vec<EventRow> {
        let mut events: Vec<EventRow> = Vec::new();
        for seq in 1..=length {
            let prev = events.last().map_or(GENESIS, |e| e.hash.as_str()).to_owned();
            events.push(event(seq, &prev));
        }
        events
    }

    #[test]
    fn what_is_taken_over_is_chained_like_what_is_recorded() {
        let past = |seq| Event {
            entity: "compound",
            entity_id: "1".into(),
            seq,
            name: "compound.changed",
            area_code: "620902005003-0001".into(),
            actor: None,
            at: Ts::from_micros(1_700_000_000_000_000),
            data: serde_json::json!({ "seq": seq }),
        };
        let rows = chained((1..=3).map(past).collect());
        let hashes = |rows: &[EventRow]| rows.iter().map(|row| row.hash.clone()).collect::<Vec<_>>();
        assert_eq!(hashes(&rows), hashes(&chain(3)));
        assert!(is_unbroken(GENESIS, &rows));
    }

    proptest::proptest! {
        #[test]
        fn any_altered_or_missing_event_breaks_the_chain(length in 2i32..12, at in 0usize..12, drop: bool) {
            let mut events = chain(length);
            proptest::prop_assert!(is_unbroken(GENESIS, &events));
            let at = at % (events.len() - 1);
            if drop { events.remove(at); } else { events[at].data = Json(serde_json::json!({ "seq": -1 })); }
            proptest::prop_assert!(!is_unbroken(GENESIS, &events));
        }
    }
}
