//! 群内管理: posts hidden and shown again, each with its line in the log. The words of why stay in the log; the history has
//! their code.

use diesel::prelude::*;
use platform::Result;
use platform::db::{Backend, Conn, Ts};
use platform::history::{ActorId, By};
use serde_json::json;

use super::posts::{self, PostRow};
use crate::notices::dto::{
    AllianceGroupId, AlliancePostId, HidePostIn, HideReason, ModerationAction, ModerationId, UnhidePostIn,
};
use crate::notices::rules::alliance::may_moderate;
use crate::schema::alliance_moderations as moderations;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = moderations, treat_none_as_default_value = false)]
pub struct ModerationRow {
    pub id: ModerationId,
    pub group_id: AllianceGroupId,
    pub post_id: AlliancePostId,
    pub action: ModerationAction,
    pub reason: Option<HideReason>,
    pub note: String,
    pub moderator_id: Option<ActorId>,
    pub at: Ts,
}

pub fn hide(c: &mut Conn, row: &PostRow, body: &HidePostIn, by: &By) -> Result<PostRow> {
    may_moderate(row.hidden_at.is_some(), true)?;
    let after = PostRow { hidden_at: Some(by.at), hide_reason: Some(body.reason), ..row.clone() };
    let data = json!({ "reason": body.reason });
    let after = posts::save(c, row, after, "alliance_post.hidden", data, by)?;
    log(c, row, (ModerationAction::Hide, Some(body.reason)), &body.note, by)?;
    Ok(after)
}

pub fn unhide(c: &mut Conn, row: &PostRow, body: &UnhidePostIn, by: &By) -> Result<PostRow> {
    may_moderate(row.hidden_at.is_some(), false)?;
    let after = PostRow { hidden_at: None, hide_reason: None, ..row.clone() };
    let after = posts::save(c, row, after, "alliance_post.unhidden", json!({}), by)?;
    log(c, row, (ModerationAction::Unhide, None), &body.note, by)?;
    Ok(after)
}

fn log(
    c: &mut Conn,
    row: &PostRow,
    (action, reason): (ModerationAction, Option<HideReason>),
    note: &str,
    by: &By,
) -> Result<()> {
    let line = ModerationRow {
        id: ModerationId::fresh(),
        group_id: row.group_id,
        post_id: row.id,
        action,
        reason,
        note: note.to_owned(),
        moderator_id: by.actor.map(ActorId),
        at: by.at,
    };
    diesel::insert_into(moderations::table).values(&line).execute(c)?;
    Ok(())
}

/// The log of a group, the newest first.
pub fn list(
    c: &mut Conn,
    group: AllianceGroupId,
    (before, fetch): (Option<ModerationId>, i64),
) -> Result<Vec<ModerationRow>> {
    let mut query = moderations::table.into_boxed::<Backend>().filter(moderations::group_id.eq(group));
    if let Some(before) = before {
        query = query.filter(moderations::id.lt(before));
    }
    Ok(query.order(moderations::id.desc()).limit(fetch).select(ModerationRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, group: AllianceGroupId) -> Result<i64> {
    Ok(moderations::table.filter(moderations::group_id.eq(group)).count().get_result(c)?)
}
