//! 备注: what is said about a case, kept apart from its history because words may hold what nobody else should read.

use diesel::prelude::*;
use platform::Result;
use platform::db::{Conn, Ts};
use platform::history::{ActorId, By};
use platform::id;

use super::rows::CaseRow;
use crate::cases::dto::CaseId;
pub use crate::cases::dto::{Audience, StandsFor};
use crate::schema::case_comments as comments;

id!(
    /// 备注编号
    CommentId
);

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = comments, treat_none_as_default_value = false)]
pub struct CommentRow {
    pub id: CommentId,
    pub case_id: CaseId,
    /// `None` for the reporter, who is nobody by name here.
    pub author_id: Option<ActorId>,
    pub stands_for: StandsFor,
    pub audience: Audience,
    pub body: String,
    pub at: Ts,
}

/// Adds what somebody says. Nothing of the case changes by it.
pub fn add(
    c: &mut Conn,
    row: &CaseRow,
    (stands_for, audience): (StandsFor, Audience),
    body: &str,
    by: &By,
) -> Result<CommentRow> {
    let said = CommentRow {
        id: CommentId::fresh(),
        case_id: row.id,
        author_id: by.actor.map(ActorId).filter(|_| stands_for != StandsFor::Reporter),
        stands_for,
        audience,
        body: body.to_owned(),
        at: by.at,
    };
    diesel::insert_into(comments::table).values(&said).execute(c)?;
    Ok(said)
}

/// What was said about a case, oldest first; a reader who is no staff gets what is for all parties.
pub fn of_case(
    c: &mut Conn,
    case: CaseId,
    staff: bool,
    (after, fetch): (Option<CommentId>, i64),
) -> Result<Vec<CommentRow>> {
    let mut query = comments::table.into_boxed::<platform::db::Backend>().filter(comments::case_id.eq(case));
    if !staff {
        query = query.filter(comments::audience.eq(Audience::Parties));
    }
    if let Some(after) = after {
        query = query.filter(comments::id.gt(after));
    }
    Ok(query.order(comments::id.asc()).limit(fetch).select(CommentRow::as_select()).load(c)?)
}
