//! 党建共建.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Json, Ts};
use platform::history::{record, record_first};
use serde_json::json;

use super::{By, check_seen, no_longer, seen};
use crate::organisations::dto::{OpenFilter, OrganisationId, PartnershipId, PartnershipIn, PartnershipQuery};
use crate::organisations::rules;
use crate::schema::{partnership_parties as parties_table, partnerships};

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = partnerships, treat_none_as_default_value = false)]
pub struct PartnershipRow {
    pub id: PartnershipId,
    pub area_code: String,
    pub title: String,
    pub topics: Json,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

pub fn find(c: &mut Conn, visible: &Visible, id: PartnershipId) -> Result<PartnershipRow> {
    let row: PartnershipRow = partnerships::table.find(id).select(PartnershipRow::as_select()).first(c)?;
    check_seen(visible, &row.area_code)?;
    Ok(row)
}

/// Rows by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<PartnershipId>, i64),
    filter: &PartnershipQuery,
) -> Result<Vec<PartnershipRow>> {
    let mut query = filtered(visible, filter);
    if let Some(after) = after {
        query = query.filter(partnerships::id.gt(after));
    }
    Ok(query.order(partnerships::id.asc()).limit(fetch).select(PartnershipRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &PartnershipQuery) -> Result<i64> {
    Ok(filtered(visible, filter).count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &PartnershipQuery) -> partnerships::BoxedQuery<'static, Backend> {
    let mut query = partnerships::table.into_boxed::<Backend>().filter(seen!(visible, partnerships::area_code));
    if let Some(area) = &filter.area {
        let range = platform::db::Range::under(area.as_str());
        query = query.filter(partnerships::area_code.ge(range.from)).filter(partnerships::area_code.lt(range.to));
    }
    if let Some(party) = filter.organisation_id {
        let takes_part = parties_table::table
            .filter(parties_table::partnership_id.eq(partnerships::id))
            .filter(parties_table::organisation_id.eq(party));
        query = query.filter(diesel::dsl::exists(takes_part));
    }
    match filter.status.unwrap_or(OpenFilter::Open) {
        OpenFilter::Open => query.filter(partnerships::ended_on.is_null()),
        OpenFilter::Ended => query.filter(partnerships::ended_on.is_not_null()),
        OpenFilter::All => query,
    }
}

/// Begins a partnership; the caller has found the parties.
pub fn insert(c: &mut Conn, new: &PartnershipIn, by: &By) -> Result<PartnershipRow> {
    let distinct: HashSet<OrganisationId> = new.parties.iter().copied().collect();
    if distinct.len() < 2 || distinct.len() != new.parties.len() {
        return Err(rules::PARTIES_FEW.at("/parties"));
    }
    if new.ends_on.is_some_and(|end| end < new.starts_on) {
        return Err(rules::PERIOD.at("/ends_on"));
    }
    super::hold_place(c, &new.area_code, "/area_code")?;
    let PartnershipIn { area_code, title, parties: _, topics, starts_on, ends_on } = new.clone();
    let row = PartnershipRow {
        id: PartnershipId::fresh(),
        area_code: area_code.to_string(),
        title,
        topics: Json(json!(topics)),
        starts_on,
        ends_on,
        ended_on: None,
        end_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, &new.parties, by)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &PartnershipRow, parties: &[OrganisationId], by: &By) -> Result<()> {
    diesel::insert_into(partnerships::table).values(row).execute(c)?;
    for party in parties {
        let pair = (parties_table::partnership_id.eq(row.id), parties_table::organisation_id.eq(*party));
        diesel::insert_into(parties_table::table).values(pair).execute(c)?;
    }
    let data = json!({ "parties": parties, "topics": row.topics, "starts_on": row.starts_on, "ends_on": row.ends_on });
    record_first(c, by.event("partnership", row.id, 1, "partnership.begun", &row.area_code, data))
}

pub fn end(c: &mut Conn, row: &PartnershipRow, on: NaiveDate, reason: &str, by: &By) -> Result<PartnershipRow> {
    rules::may_end(row.starts_on, row.ended_on, on, by.today)?;
    let after = PartnershipRow {
        ended_on: Some(on),
        end_reason: Some(reason.to_owned()),
        version: row.version + 1,
        updated_at: by.at,
        ..row.clone()
    };
    let target = diesel::update(partnerships::table)
        .filter(partnerships::id.eq(row.id).and(partnerships::version.eq(row.version)));
    let set = (
        partnerships::ended_on.eq(after.ended_on),
        partnerships::end_reason.eq(&after.end_reason),
        partnerships::version.eq(after.version),
        partnerships::updated_at.eq(after.updated_at),
    );
    no_longer(target.set(set).execute(c)?, after.version)?;
    let data = json!({ "on": on, "reason": reason });
    record(c, by.event("partnership", row.id, after.version, "partnership.ended", &row.area_code, data))?;
    Ok(after)
}

/// The parties of each of these, in one query.
pub fn parties_of(c: &mut Conn, rows: &[PartnershipRow]) -> Result<HashMap<PartnershipId, Vec<OrganisationId>>> {
    let ids: Vec<PartnershipId> = rows.iter().map(|row| row.id).collect();
    let pairs: Vec<(PartnershipId, OrganisationId)> = parties_table::table
        .filter(parties_table::partnership_id.eq_any(ids))
        .order((parties_table::partnership_id, parties_table::organisation_id))
        .select((parties_table::partnership_id, parties_table::organisation_id))
        .load(c)?;
    let mut of: HashMap<PartnershipId, Vec<OrganisationId>> = HashMap::new();
    pairs.into_iter().for_each(|(id, party)| of.entry(id).or_default().push(party));
    Ok(of)
}

/// One with its parties.
pub fn with_parties(c: &mut Conn, row: PartnershipRow) -> Result<(PartnershipRow, Vec<OrganisationId>)> {
    let parties = parties_of(c, std::slice::from_ref(&row))?.remove(&row.id).unwrap_or_default();
    Ok((row, parties))
}
