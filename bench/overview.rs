//! What a dashboard asks, as a first version would answer it: the rows of thirty days, counted at every request.

use serde::Serialize;

/// Cases of one kind and category.
#[derive(Debug, Serialize)]
pub struct Group {
    pub kind: String,
    pub category: String,
    pub reported: i64,
    pub closed: i64,
    pub on_time: i64,
}

pub const DAYS: i64 = 30;

/// From an area, to behind it, since when.
pub fn sql() -> &'static str {
    "SELECT kind, category, COUNT(*), COUNT(closed_at), COUNT(CASE WHEN closed_at <= due_at THEN 1 END) FROM cases \
     WHERE community_code >= $1 AND community_code < $2 AND reported_at >= $3 GROUP BY kind, category ORDER BY kind, category"
}
