//! 通知: rows, and how they are read.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use platform::auth::{Role, Visible};
use platform::db::{Backend, Conn, Range, Ts};
use platform::history::ActorId;
use platform::publicity::PublicityId;
use platform::{Error, Result};
use registry::identity::AccountId;

use super::sight::Sight;
use crate::notices::dto::{NoticeClass, NoticeId, NoticeQuery, NoticeStanding, NoticeStatus};
use crate::notices::rules::notices::{Posted, status_at};
use crate::schema::{notice_reads as reads, notice_roles as roles_table, notices};

/// The entity of a notice's events.
pub const ENTITY: &str = "notice";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = notices, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct NoticeRow {
    pub id: NoticeId,
    pub class: NoticeClass,
    pub area_code: String,
    pub title: String,
    pub body: String,
    pub for_everybody: bool,
    pub pinned: bool,
    pub status: NoticeStanding,
    pub published_at: Ts,
    pub published_by: Option<ActorId>,
    pub expires_at: Option<Ts>,
    pub publicity_id: Option<PublicityId>,
    pub period_ends_on: Option<NaiveDate>,
    pub posting_ended_at: Option<Ts>,
    pub supersedes: Option<NoticeId>,
    pub ended_at: Option<Ts>,
    pub ended_by: Option<ActorId>,
    pub end_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl NoticeRow {
    pub fn posted(&self) -> Posted {
        Posted { period_ends_on: self.period_ends_on, ended: self.posting_ended_at.is_some() }
    }
}

/// Of a notice what a list tells: the words are in the notice itself.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = notices)]
pub struct ListedRow {
    pub id: NoticeId,
    pub class: NoticeClass,
    pub area_code: String,
    pub title: String,
    pub for_everybody: bool,
    pub pinned: bool,
    pub status: NoticeStanding,
    pub published_at: Ts,
    pub expires_at: Option<Ts>,
    pub period_ends_on: Option<NaiveDate>,
    pub version: i32,
}

/// One of a list, as its reader has it.
#[derive(Debug)]
pub struct Listed {
    pub row: ListedRow,
    pub status: NoticeStatus,
    pub read: bool,
}

/// One with whom it is for.
#[derive(Debug)]
pub struct Whole {
    pub row: NoticeRow,
    pub roles: Vec<Role>,
    pub status: NoticeStatus,
}

/// A notice, whoever asks.
pub fn get(c: &mut Conn, id: NoticeId) -> Result<NoticeRow> {
    Ok(notices::table.find(id).select(NoticeRow::as_select()).first(c)?)
}

/// One that the caller reads.
pub fn find(c: &mut Conn, sight: &Sight, id: NoticeId) -> Result<(NoticeRow, Vec<Role>)> {
    let row = get(c, id)?;
    let roles = roles_of(c, &row)?;
    if sight.sees(&row.area_code, row.for_everybody, &roles) { Ok((row, roles)) } else { Err(Error::NotFound) }
}

/// One that lies in the caller's own area, for who publishes there.
pub fn find_own(c: &mut Conn, visible: &Visible, id: NoticeId) -> Result<NoticeRow> {
    let row = get(c, id)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// Whom a notice is for; nobody in particular where it is for everybody.
pub fn roles_of(c: &mut Conn, row: &NoticeRow) -> Result<Vec<Role>> {
    if row.for_everybody {
        return Ok(Vec::new());
    }
    let of_this = roles_table::table.filter(roles_table::notice_id.eq(row.id));
    let mut roles: Vec<Role> = of_this.select(roles_table::role).load(c)?;
    roles.sort_unstable();
    Ok(roles)
}

/// The roles of each of these that is not for everybody, in one statement.
pub fn all_roles(c: &mut Conn, ids: &[NoticeId]) -> Result<HashMap<NoticeId, Vec<Role>>> {
    let pairs: Vec<(NoticeId, Role)> = roles_table::table
        .filter(roles_table::notice_id.eq_any(ids))
        .select((roles_table::notice_id, roles_table::role))
        .load(c)?;
    let mut of: HashMap<NoticeId, Vec<Role>> = HashMap::new();
    pairs.into_iter().for_each(|(id, role)| of.entry(id).or_default().push(role));
    Ok(of)
}

impl Whole {
    pub fn of((row, roles): (NoticeRow, Vec<Role>), now: Ts) -> Self {
        Self { status: status_at(row.status, row.expires_at, now), row, roles }
    }
}

/// One as it stands after a step.
pub fn whole(c: &mut Conn, row: NoticeRow, now: Ts) -> Result<Whole> {
    let roles = roles_of(c, &row)?;
    Ok(Whole::of((row, roles), now))
}

/// What the caller reads, the newest first: ids are in the order of publication. Two statements.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (before, fetch): (Option<NoticeId>, i64),
    filter: &NoticeQuery,
    now: Ts,
) -> Result<Vec<Listed>> {
    let mut query = filtered(sight, filter, now);
    if let Some(before) = before {
        query = query.filter(notices::id.lt(before));
    }
    let rows: Vec<ListedRow> = query.order(notices::id.desc()).limit(fetch).select(ListedRow::as_select()).load(c)?;
    let ids: Vec<NoticeId> = rows.iter().map(|row| row.id).collect();
    let read = read_of(c, sight.account, &ids)?;
    let listed = |row: ListedRow| Listed {
        status: status_at(row.status, row.expires_at, now),
        read: read.contains(&row.id),
        row,
    };
    Ok(rows.into_iter().map(listed).collect())
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &NoticeQuery, now: Ts) -> Result<i64> {
    Ok(filtered(sight, filter, now).count().get_result(c)?)
}

fn read_of(c: &mut Conn, account: AccountId, ids: &[NoticeId]) -> Result<HashSet<NoticeId>> {
    let mine = reads::table.filter(reads::account_id.eq(account).and(reads::notice_id.eq_any(ids)));
    Ok(mine.select(reads::notice_id).load(c)?.into_iter().collect())
}

fn filtered(sight: &Sight, filter: &NoticeQuery, now: Ts) -> notices::BoxedQuery<'static, Backend> {
    let mut query = notices::table.into_boxed::<Backend>();
    if filter.unread == Some(true) {
        let mine = reads::table.filter(reads::notice_id.eq(notices::id).and(reads::account_id.eq(sight.account)));
        query = query.filter(sight.addressed()).filter(not(exists(mine)));
    } else {
        query = query.filter(sight.seen());
    }
    let (standing, expired) = match filter.status.unwrap_or(NoticeStatus::Published) {
        NoticeStatus::Published => (NoticeStanding::Published, false),
        NoticeStatus::Expired => (NoticeStanding::Published, true),
        NoticeStatus::Withdrawn => (NoticeStanding::Withdrawn, false),
        NoticeStatus::Superseded => (NoticeStanding::Superseded, false),
    };
    query = query.filter(notices::status.eq(standing));
    if expired {
        query = query.filter(notices::expires_at.is_not_null().and(notices::expires_at.assume_not_null().le(now)));
    } else if standing == NoticeStanding::Published {
        query = query.filter(notices::expires_at.is_null().or(notices::expires_at.assume_not_null().gt(now)));
    }
    if let Some(area) = &filter.area {
        let Range { from, to } = Range::under(area.as_str());
        query = query.filter(notices::area_code.ge(from).and(notices::area_code.lt(to)));
    }
    if let Some(class) = filter.class {
        query = query.filter(notices::class.eq(class));
    }
    if let Some(pinned) = filter.pinned {
        query = query.filter(notices::pinned.eq(pinned));
    }
    query
}
