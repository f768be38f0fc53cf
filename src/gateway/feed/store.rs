//! The outbox as the feed reads it: in the order of the commits, and only what no running transaction can still come before
//! (docs/adr/0007).

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use platform::Result;
use platform::db::{Conn, Either, Ts, TsSql};
use platform::schema::outbox;

use super::rules::{Place, Position, Thin};

/// Rows that are forgotten in one transaction.
const PER_RUN: i64 = 2_000;

/// The snapshot that judges is the one that reads, so no row is judged by another moment. SQLite has one writer: what can be
/// read is settled.
const POSTGRES_PAGE: &str = "SELECT position, commit_group, event, entity, entity_id, area_code, at, \
        (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint) AS horizon \
    FROM outbox WHERE (commit_group, position) > ($1, $2) ORDER BY commit_group, position LIMIT $3";
const SQLITE_PAGE: &str = "SELECT position, commit_group, event, entity, entity_id, area_code, at, \
        9223372036854775807 AS horizon \
    FROM outbox WHERE ? = commit_group AND position > ? ORDER BY position LIMIT ?";

const POSTGRES_HEAD: &str = "SELECT commit_group, position FROM outbox \
    WHERE commit_group < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
    ORDER BY commit_group DESC, position DESC LIMIT 1";
const SQLITE_HEAD: &str = "SELECT commit_group, position FROM outbox ORDER BY position DESC LIMIT 1";

/// Groups that this cluster has not drawn yet are those of another one, from which the rows were restored.
const POSTGRES_ADOPT: &str = "UPDATE outbox SET commit_group = 0 WHERE commit_group > 0 AND EXISTS ( \
    SELECT 1 FROM outbox WHERE commit_group >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)";

#[derive(QueryableByName)]
struct FeedRow {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = BigInt)]
    commit_group: i64,
    #[diesel(sql_type = Text)]
    event: String,
    #[diesel(sql_type = Text)]
    entity: String,
    #[diesel(sql_type = Text)]
    entity_id: String,
    #[diesel(sql_type = Text)]
    area_code: String,
    #[diesel(sql_type = TsSql)]
    at: Ts,
    #[diesel(sql_type = BigInt)]
    horizon: i64,
}

#[derive(QueryableByName)]
struct HeadRow {
    #[diesel(sql_type = BigInt)]
    commit_group: i64,
    #[diesel(sql_type = BigInt)]
    position: i64,
}

/// A run of the feed.
#[derive(Debug, Default)]
pub struct Page {
    pub events: Vec<Thin>,
    /// Whether there may be more that is settled.
    pub more: bool,
    /// Where committed events wait for a transaction that is still running: that one, or an older.
    pub held_by: Option<i64>,
}

impl From<FeedRow> for Thin {
    fn from(row: FeedRow) -> Self {
        let FeedRow { position, commit_group, event, entity, entity_id, area_code, at, horizon: _ } = row;
        let position = Position { group: commit_group, number: position };
        Self { position, event, entity, entity_id, area_code, at }
    }
}

/// Up to `limit` settled events behind `after`.
pub fn page(c: &mut Conn, after: Position, limit: i64) -> Result<Page> {
    let rows: Vec<FeedRow> = match c.either() {
        Either::Postgres(c) => diesel::sql_query(POSTGRES_PAGE)
            .bind::<BigInt, _>(after.group)
            .bind::<BigInt, _>(after.number)
            .bind::<BigInt, _>(limit)
            .load(c)?,
        Either::Sqlite(c) => diesel::sql_query(SQLITE_PAGE)
            .bind::<BigInt, _>(after.group)
            .bind::<BigInt, _>(after.number)
            .bind::<BigInt, _>(limit)
            .load(c)?,
    };
    let full = i64::try_from(rows.len()).is_ok_and(|read| read >= limit);
    let held_by = rows.iter().find(|row| row.commit_group >= row.horizon).map(|row| row.horizon);
    let settled = rows.into_iter().take_while(|row| row.commit_group < row.horizon);
    Ok(Page { events: settled.map(Thin::from).collect(), more: full && held_by.is_none(), held_by })
}

/// The newest settled event.
pub fn head(c: &mut Conn) -> Result<Position> {
    let row: Option<HeadRow> = match c.either() {
        Either::Postgres(c) => diesel::sql_query(POSTGRES_HEAD).get_result(c).optional()?,
        Either::Sqlite(c) => diesel::sql_query(SQLITE_HEAD).get_result(c).optional()?,
    };
    Ok(row.map_or(Position::START, |row| Position { group: row.commit_group, number: row.position }))
}

/// What is known of the place that a reader names.
pub fn place(c: &mut Conn, named: Position) -> Result<Place> {
    let group = outbox::table.find(named.number).select(outbox::commit_group).first(c).optional()?;
    let newest: Option<i64> = outbox::table.select(diesel::dsl::max(outbox::position)).first(c)?;
    Ok(Place { group, newest: newest.unwrap_or(0) })
}

/// Takes over what was written in another cluster and restored here: all of it comes before what is written here, and whoever
/// holds a position of it begins anew. To be called once before the feed is read.
pub fn adopt(c: &mut Conn) -> Result<usize> {
    match c.either() {
        Either::Postgres(c) => Ok(diesel::sql_query(POSTGRES_ADOPT).execute(c)?),
        Either::Sqlite(_) => Ok(0),
    }
}

/// Forgets the oldest events, up to the first that happened at `before` or later, and never the newest: how many, a full
/// run where there may be more. Always a beginning of the feed, so that a reader whose last event is kept has missed none.
/// Two processes at once delete the same rows.
pub fn sweep(c: &mut Conn, before: Ts) -> Result<usize> {
    let columns = (outbox::position, outbox::at);
    let oldest: Vec<(i64, Ts)> = match c.either() {
        Either::Postgres(c) => {
            outbox::table.order((outbox::commit_group, outbox::position)).limit(PER_RUN + 1).select(columns).load(c)?
        }
        Either::Sqlite(c) => outbox::table.order(outbox::position).limit(PER_RUN + 1).select(columns).load(c)?,
    };
    let Some((_, but_the_last)) = oldest.split_last() else { return Ok(0) };
    let over = but_the_last.iter().take_while(|(_, at)| *at < before).map(|(position, _)| *position);
    let over: Vec<i64> = over.collect();
    if over.is_empty() {
        return Ok(0);
    }
    Ok(diesel::delete(outbox::table.filter(outbox::position.eq_any(over))).execute(c)?)
}
