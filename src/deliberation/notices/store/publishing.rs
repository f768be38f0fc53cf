//! What is done to a notice: published, withdrawn, corrected, its posting ended. Each in one transaction with what is posted.

use std::collections::BTreeSet;

use diesel::prelude::*;
use platform::auth::{AreaCode, Role};
use platform::db::Conn;
use platform::history::{ActorId, By, record, record_first};
use platform::publicity::{self, PublicityRow};
use platform::{Error, Result, insert_rows};
use registry::territory::store::lock_community;
use roster::organisations::store::hold_place;
use serde_json::{Value, json};

use super::area_of;
use super::notices::{ENTITY, NoticeRow};
use super::posting::{posting_of, show};
use crate::notices::dto::{CorrectNoticeIn, NoticeClass, NoticeId, NoticeStanding, PublishNoticeIn, WithdrawNoticeIn};
use crate::notices::rules::notices::{
    check_expiry, check_level, check_parts, may_act_on, may_end_posting, may_publish, may_withdraw,
};
use crate::notices::rules::{OBJECTION_UPHELD, ONLY_LEGAL};
use crate::schema::{notice_roles as roles_table, notices};

const COMMUNITY_DIGITS: usize = 12;

#[derive(Insertable)]
#[diesel(table_name = roles_table, treat_none_as_default_value = false)]
struct RoleRow {
    notice_id: NoticeId,
    role: Role,
}

/// Publishes a notice; the caller has looked whether its area is their own. `roles` are those that they publish by there.
pub fn publish(c: &mut Conn, new: &PublishNoticeIn, roles: &[Role], by: &By) -> Result<NoticeRow> {
    let audience: BTreeSet<Role> = new.roles.iter().flatten().copied().collect();
    check_level(&new.area_code)?;
    may_publish(new.class, &new.area_code, roles)?;
    check_parts(new.class, audience.is_empty(), new.posting.is_some())?;
    check_expiry(new.expires_at, None, by.at)?;
    hold_place(c, &new.area_code, "/area_code")?;
    let id = NoticeId::fresh();
    let words = (new.title.as_str(), new.body.as_str());
    let posted = match &new.posting {
        Some(asked) => {
            let posting = posting_of(c, (id, new.area_code.as_str()), words, asked, by)?;
            Some(publicity::open(c, posting, by)?)
        }
        None => None,
    };
    let row = NoticeRow {
        class: new.class,
        for_everybody: audience.is_empty(),
        pinned: new.pinned.unwrap_or(false),
        expires_at: new.expires_at,
        ..fresh(id, new.area_code.as_str(), words, by)
    };
    insert(c, posted_as(row, posted), &audience, by)
}

/// Tells the holders of some roles of an area something that nobody there wrote: what a clock has found.
pub fn tell(c: &mut Conn, area: &AreaCode, roles: &[Role], words: (&str, &str), by: &By) -> Result<NoticeRow> {
    let row = NoticeRow { for_everybody: false, ..fresh(NoticeId::fresh(), area.as_str(), words, by) };
    insert(c, row, &roles.iter().copied().collect(), by)
}

/// Whether who acts, by these roles over the notice's area, may do something to it.
pub fn check_right(row: &NoticeRow, roles: &[Role], by: &By) -> Result<()> {
    let own = row.published_by.is_some() && row.published_by == by.actor.map(ActorId);
    may_act_on(row.class, &area_of(&row.area_code)?, roles, own)
}

/// A general notice of this moment, for everybody.
pub fn fresh(id: NoticeId, area_code: &str, (title, body): (&str, &str), by: &By) -> NoticeRow {
    NoticeRow {
        id,
        class: NoticeClass::General,
        area_code: area_code.to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
        for_everybody: true,
        pinned: false,
        status: NoticeStanding::Published,
        published_at: by.at,
        published_by: by.actor.map(ActorId),
        expires_at: None,
        publicity_id: None,
        period_ends_on: None,
        posting_ended_at: None,
        supersedes: None,
        ended_at: None,
        ended_by: None,
        end_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

pub fn posted_as(row: NoticeRow, posted: Option<PublicityRow>) -> NoticeRow {
    NoticeRow {
        publicity_id: posted.as_ref().map(|posted| posted.id),
        period_ends_on: posted.map(|posted| posted.closes_on),
        ..row
    }
}

/// Writes a new notice, tells of it and shows it. Its period is known only now: it does not expire within that.
pub fn insert(c: &mut Conn, row: NoticeRow, audience: &BTreeSet<Role>, by: &By) -> Result<NoticeRow> {
    check_expiry(row.expires_at, row.period_ends_on, by.at)?;
    diesel::insert_into(notices::table).values(&row).execute(c)?;
    let roles: Vec<RoleRow> = audience.iter().map(|role| RoleRow { notice_id: row.id, role: *role }).collect();
    insert_rows!(c, roles_table::table, roles.iter().collect())?;
    let data = json!({ "class": row.class, "roles": audience, "pinned": row.pinned, "expires_at": row.expires_at,
        "publicity_id": row.publicity_id, "period_ends_on": row.period_ends_on, "supersedes": row.supersedes });
    record_first(c, by.event(ENTITY, row.id, 1, "notice.published", &row.area_code, data))?;
    show(c, &row, by)?;
    Ok(row)
}

/// 撤回: of a legal notice only when its period is over and every objection decided, which ends its posting as well.
pub fn withdraw(c: &mut Conn, row: &NoticeRow, body: &WithdrawNoticeIn, by: &By) -> Result<NoticeRow> {
    may_withdraw(row.status, row.posted(), by.today)?;
    let mut after = ended(row, NoticeStanding::Withdrawn, &body.reason, by);
    if let Some(id) = row.publicity_id.filter(|_| row.posting_ended_at.is_none()) {
        let posting = publicity::get(c, id)?;
        publicity::close(c, &posting, by)?;
        after.posting_ended_at = Some(by.at);
    }
    save(c, row, after, "notice.withdrawn", json!({}), by)
}

/// 结束公示: the notice goes on without it. What an objection was upheld against does not: it is corrected, or withdrawn.
pub fn end_posting(c: &mut Conn, row: &NoticeRow, by: &By) -> Result<NoticeRow> {
    may_end_posting(row.status, row.posted())?;
    let posting = publicity::get(c, row.publicity_id.ok_or(&ONLY_LEGAL)?)?;
    if publicity::close(c, &posting, by)?.upheld > 0 {
        return Err((&OBJECTION_UPHELD).into());
    }
    let after = NoticeRow { posting_ended_at: Some(by.at), ..row.clone() };
    save(c, row, after, "notice.posting_ended", json!({}), by)
}

/// 更正重发: a new notice in the place of the old one, which stays as it was; its days begin again.
pub fn correct(c: &mut Conn, row: &NoticeRow, body: &CorrectNoticeIn, by: &By) -> Result<NoticeRow> {
    may_end_posting(row.status, row.posted())?;
    // The new notice gets the old one's place, which must not move in between.
    if let Some(community) = row.area_code.get(..COMMUNITY_DIGITS) {
        lock_community(c, community)?;
    }
    let (id, words) = (NoticeId::fresh(), (body.title.as_str(), body.body.as_str()));
    let posting = publicity::get(c, row.publicity_id.ok_or(&ONLY_LEGAL)?)?;
    let next = posting_of(c, (id, &row.area_code), words, &body.posting, by)?;
    let posted = publicity::supersede(c, &posting, next, &body.reason, by)?;
    let old = NoticeRow { posting_ended_at: Some(by.at), ..ended(row, NoticeStanding::Superseded, &body.reason, by) };
    save(c, row, old, "notice.superseded", json!({ "by": id }), by)?;
    let new = NoticeRow {
        class: row.class,
        pinned: row.pinned,
        expires_at: body.expires_at,
        supersedes: Some(row.id),
        ..fresh(id, &row.area_code, words, by)
    };
    insert(c, posted_as(new, Some(posted)), &BTreeSet::new(), by)
}

fn ended(row: &NoticeRow, to: NoticeStanding, reason: &str, by: &By) -> NoticeRow {
    NoticeRow {
        status: to,
        ended_at: Some(by.at),
        ended_by: by.actor.map(ActorId),
        end_reason: Some(reason.to_owned()),
        ..row.clone()
    }
}

/// Compare-and-set on the version, and the event. Reasons are words of somebody's, and stay out of the history.
fn save(
    c: &mut Conn,
    before: &NoticeRow,
    mut after: NoticeRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<NoticeRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = notices::table.filter(notices::id.eq(before.id).and(notices::version.eq(before.version)));
    if diesel::update(target).set(&after).execute(c)? != 1 {
        return Err(Error::Stale { current: before.version + 1 });
    }
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}
