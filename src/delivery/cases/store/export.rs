//! Cases for an export, with the words of the dictionary and the names of who has them in hand.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use roster::organisations::OrganisationId;

use super::By;
use super::lists::{Asked, Listed, list};
use super::prescribed::rules_at;
use super::sight::Sight;
use crate::cases::dto::{CaseFilter, CaseId, CaseRecord};
use crate::cases::rules::params::categories::{CATEGORIES, Categories};
use crate::names::organisation_names;

/// One run of an export behind a case. Two statements, and one for each community among the rows.
pub fn records(
    c: &mut Conn,
    sight: &Sight,
    (after, fetch): (Option<&str>, i64),
    filter: &CaseFilter,
    by: &By,
) -> Result<Vec<(CaseId, CaseRecord)>> {
    let asked = Asked { after: after.map(str::to_owned), fetch, now: by.at };
    let rows = list(c, sight, filter, &asked)?;
    let handlers = handlers(c, &rows)?;
    let mut dictionaries: HashMap<String, Categories> = HashMap::new();
    for (row, _) in &rows {
        if !dictionaries.contains_key(&row.community_code) {
            let (_, dictionary) = rules_at(c, &row.community_code, by)?.get::<Categories>(&CATEGORIES)?;
            dictionaries.insert(row.community_code.clone(), dictionary);
        }
    }
    let record = |listed: Listed| {
        let row = &listed.0;
        let dictionary = dictionaries.get(&row.community_code);
        let category = dictionary.and_then(|known| known.find(row.kind, &row.category).ok());
        let handler = row.handler_org_id.and_then(|id| handlers.get(&id).cloned());
        (row.id, CaseRecord::of(listed, category, handler))
    };
    Ok(rows.into_iter().map(record).collect())
}

fn handlers(c: &mut Conn, rows: &[Listed]) -> Result<HashMap<OrganisationId, String>> {
    let mut ids: Vec<OrganisationId> = rows.iter().filter_map(|(row, _)| row.handler_org_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let named = organisation_names::table.filter(organisation_names::id.eq_any(ids));
    let named: Vec<(OrganisationId, String)> =
        named.select((organisation_names::id, organisation_names::name)).load(c)?;
    Ok(named.into_iter().collect())
}
