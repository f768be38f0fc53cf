//! What was said in words: for the community, in no order that means anything.

use diesel::prelude::*;
use platform::Result;
use platform::db::{Backend, Conn};

use super::rows::{CommentRow, RoundRow};
use crate::schema::survey_comments as comments;
use crate::surveys::dto::SurveyCommentId;

fn of(row: &RoundRow) -> comments::BoxedQuery<'static, Backend> {
    comments::table.into_boxed::<Backend>().filter(comments::round_id.eq(row.id))
}

pub fn list(c: &mut Conn, row: &RoundRow, (after, fetch): (Option<SurveyCommentId>, i64)) -> Result<Vec<CommentRow>> {
    let mut query = of(row);
    if let Some(after) = after {
        query = query.filter(comments::id.gt(after));
    }
    Ok(query.order(comments::id.asc()).limit(fetch).select(CommentRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, row: &RoundRow) -> Result<i64> {
    Ok(of(row).count().get_result(c)?)
}
