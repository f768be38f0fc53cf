//! 三岗. Each kind is counted by itself.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::history::record_first;
use serde_json::json;

use super::{By, register};
use crate::organisations::dto::{OrganisationId, PostAreaId, PostAreaIn, PostAreaKind, PostAreaQuery};
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

register!(post_areas: PostAreaRow, PostAreaId, PostAreaQuery, since opened_on, as "post_area");

fn filtered(visible: &Visible, filter: &PostAreaQuery) -> post_areas::BoxedQuery<'static, Backend> {
    let query = standing(visible, filter);
    match filter.kind {
        Some(kind) => query.filter(post_areas::kind.eq(kind)),
        None => query,
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
