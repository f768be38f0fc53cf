//! 党建共建.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Json, Ts};
use platform::history::record_first;
use serde_json::json;

use super::{By, register};
use crate::organisations::dto::{OrganisationId, PartnershipId, PartnershipIn, PartnershipQuery};
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

register!(partnerships: PartnershipRow, PartnershipId, PartnershipQuery, since starts_on, as "partnership");

fn filtered(visible: &Visible, filter: &PartnershipQuery) -> partnerships::BoxedQuery<'static, Backend> {
    let query = standing(visible, filter);
    let Some(party) = filter.organisation_id else { return query };
    let takes_part = parties_table::table
        .filter(parties_table::partnership_id.eq(partnerships::id))
        .filter(parties_table::organisation_id.eq(party));
    query.filter(diesel::dsl::exists(takes_part))
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
