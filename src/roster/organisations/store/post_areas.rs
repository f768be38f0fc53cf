//! 三岗. Each kind is counted by itself.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::history::{record, record_first};
use serde_json::json;

use super::{By, check_seen, no_longer, seen};
use crate::organisations::dto::{OpenFilter, OrganisationId, PostAreaId, PostAreaIn, PostAreaKind, PostAreaQuery};
use crate::organisations::rules;
use crate::schema::post_areas;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = post_areas, treat_none_as_default_value = false)]
pub struct PostAreaRow {
    pub id: PostAreaId,
    pub kind: PostAreaKind,
    pub name: String,
    pub area_code: String,
    pub organisation_id: Option<OrganisationId>,
    pub opened_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

pub fn find(c: &mut Conn, visible: &Visible, id: PostAreaId) -> Result<PostAreaRow> {
    let row: PostAreaRow = post_areas::table.find(id).select(PostAreaRow::as_select()).first(c)?;
    check_seen(visible, &row.area_code)?;
    Ok(row)
}

/// Rows by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<PostAreaId>, i64),
    filter: &PostAreaQuery,
) -> Result<Vec<PostAreaRow>> {
    let mut query = filtered(visible, filter);
    if let Some(after) = after {
        query = query.filter(post_areas::id.gt(after));
    }
    Ok(query.order(post_areas::id.asc()).limit(fetch).select(PostAreaRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &PostAreaQuery) -> Result<i64> {
    Ok(filtered(visible, filter).count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &PostAreaQuery) -> post_areas::BoxedQuery<'static, Backend> {
    let mut query = post_areas::table.into_boxed::<Backend>().filter(seen!(visible, post_areas::area_code));
    if let Some(area) = &filter.area {
        let range = platform::db::Range::under(area.as_str());
        query = query.filter(post_areas::area_code.ge(range.from)).filter(post_areas::area_code.lt(range.to));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(post_areas::kind.eq(kind));
    }
    match filter.status.unwrap_or(OpenFilter::Open) {
        OpenFilter::Open => query.filter(post_areas::ended_on.is_null()),
        OpenFilter::Ended => query.filter(post_areas::ended_on.is_not_null()),
        OpenFilter::All => query,
    }
}

/// Sets one up; the caller has found the organisation, where one is named.
pub fn insert(c: &mut Conn, new: &PostAreaIn, by: &By) -> Result<PostAreaRow> {
    rules::may_begin(new.opened_on, by.today, "/opened_on")?;
    super::hold_place(c, &new.area_code, "/area_code")?;
    let PostAreaIn { kind, name, area_code, organisation_id, opened_on } = new.clone();
    let row = PostAreaRow {
        id: PostAreaId::fresh(),
        kind,
        name,
        area_code: area_code.to_string(),
        organisation_id,
        opened_on,
        ended_on: None,
        end_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &PostAreaRow, by: &By) -> Result<()> {
    diesel::insert_into(post_areas::table).values(row).execute(c)?;
    let data = json!({ "kind": row.kind, "organisation_id": row.organisation_id, "opened_on": row.opened_on });
    record_first(c, by.event("post_area", row.id, 1, "post_area.begun", &row.area_code, data))
}

pub fn end(c: &mut Conn, row: &PostAreaRow, on: NaiveDate, reason: &str, by: &By) -> Result<PostAreaRow> {
    rules::may_end(row.opened_on, row.ended_on, on, by.today)?;
    let after = PostAreaRow {
        ended_on: Some(on),
        end_reason: Some(reason.to_owned()),
        version: row.version + 1,
        updated_at: by.at,
        ..row.clone()
    };
    let target =
        diesel::update(post_areas::table).filter(post_areas::id.eq(row.id).and(post_areas::version.eq(row.version)));
    let set = (
        post_areas::ended_on.eq(after.ended_on),
        post_areas::end_reason.eq(&after.end_reason),
        post_areas::version.eq(after.version),
        post_areas::updated_at.eq(after.updated_at),
    );
    no_longer(target.set(set).execute(c)?, after.version)?;
    let data = json!({ "on": on, "reason": reason });
    record(c, by.event("post_area", row.id, after.version, "post_area.ended", &row.area_code, data))?;
    Ok(after)
}
