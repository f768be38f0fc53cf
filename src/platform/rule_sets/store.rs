//! The versions, and which of them is in force where on a day.

use std::collections::HashMap;
use std::sync::OnceLock;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::RuleSetId;
use super::dto::{AppliedRule, RuleSetQuery};
use super::rules::{self, Params, RuleKey};
use crate::auth::{AreaCode, Visible};
use crate::db::{Backend, Conn, Json, Ts, fixed, one_of};
use crate::error::{Error, OrConflict, Result};
use crate::history::{ActorId, By, record, record_first};
use crate::http::read_inside;
use crate::schema::rule_sets;
use crate::{in_ranges, on_each};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rule_sets, treat_none_as_default_value = false)]
pub struct RuleSetRow {
    pub id: RuleSetId,
    pub key: String,
    pub area_code: String,
    /// 第几版, within the key and the area
    pub number: i32,
    pub params: Json,
    pub legal_basis: String,
    pub effective_from: NaiveDate,
    /// The first day of the next version.
    pub effective_to: Option<NaiveDate>,
    pub created_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// A version to be made.
#[derive(Debug, Clone)]
pub struct NewRuleSet {
    pub id: RuleSetId,
    pub key: String,
    pub area_code: String,
    pub params: Value,
    pub legal_basis: String,
    pub effective_from: NaiveDate,
}

static DECLARED: OnceLock<&'static [&'static [&'static RuleKey]]> = OnceLock::new();

/// Puts the product's rules in force, a list per context, once for the process; the root calls it before the first request.
pub fn declare(rules: &'static [&'static [&'static RuleKey]]) {
    DECLARED.get_or_init(|| rules);
}

/// Every declared rule, in the order of the contexts.
pub fn known() -> impl Iterator<Item = &'static RuleKey> {
    DECLARED.get().copied().unwrap_or_default().iter().flat_map(|list| list.iter().copied())
}

/// What is in force in one area on one day.
pub struct Rules(HashMap<String, RuleSetRow>);

/// The versions in force for these rules, by one statement: of each, that of the nearest area that has one.
pub fn in_force(c: &mut Conn, keys: &[&RuleKey], area: &AreaCode, on: NaiveDate) -> Result<Rules> {
    Ok(Versions::in_force(c, keys, [area], on)?.at(area))
}

/// What is in force in several areas on one day: the versions of all areas above any of them.
pub struct Versions(Vec<RuleSetRow>);

impl Versions {
    pub fn in_force<'a>(
        c: &mut Conn,
        keys: &[&RuleKey],
        areas: impl IntoIterator<Item = &'a AreaCode>,
        on: NaiveDate,
    ) -> Result<Self> {
        let keys: Vec<&str> = keys.iter().map(|rule| rule.key).collect();
        let areas = AreaCode::all_and_above(areas);
        // Areas above one another are prefixes of one another: the nearest sorts last.
        let rows: Vec<RuleSetRow> = on_each!(c => fixed(rule_sets::table
            .filter(one_of(rule_sets::key, &keys).and(one_of(rule_sets::area_code, &areas)))
            .filter(rule_sets::effective_from.le(on))
            .filter(rule_sets::effective_to.is_null().or(rule_sets::effective_to.gt(on)))
            .order(rule_sets::area_code.asc())
            .select(RuleSetRow::as_select()))
        .load(c))?;
        Ok(Self(rows))
    }

    /// Those that bind an area, the nearest last.
    fn above(&self, area: &AreaCode) -> impl Iterator<Item = &RuleSetRow> {
        let above = area.and_above();
        self.0.iter().filter(move |row| above.contains(&row.area_code.as_str()))
    }

    /// Which versions bind an area: where these are the same, everything is.
    pub fn binding(&self, area: &AreaCode) -> Vec<RuleSetId> {
        self.above(area).map(|row| row.id).collect()
    }

    /// Of each rule the version of the nearest area that has one, which is the one that stays.
    pub fn at(&self, area: &AreaCode) -> Rules {
        Rules(self.above(area).map(|row| (row.key.clone(), row.clone())).collect())
    }
}

impl Rules {
    /// The parameters of one rule, and the version to pin; no version is the default.
    pub fn get<T: Params>(&self, rule: &RuleKey) -> Result<(Option<RuleSetId>, T)> {
        match self.0.get(rule.key) {
            None => Ok((None, T::default())),
            Some(row) => Ok((Some(row.id), read_inside(&row.params.0, "")?)),
        }
    }

    /// Which version of a rule that is, for whoever is told what was decided by it.
    pub fn applied(&self, rule: &RuleKey) -> AppliedRule {
        AppliedRule::of(rule, self.row(rule))
    }

    pub fn row(&self, rule: &RuleKey) -> Option<&RuleSetRow> {
        self.0.get(rule.key)
    }
}

/// The parameters under which something was opened.
pub fn pinned<T: Params>(c: &mut Conn, id: Option<RuleSetId>) -> Result<T> {
    let Some(id) = id else { return Ok(T::default()) };
    let params: Json = rule_sets::table.find(id).select(rule_sets::params).first(c)?;
    read_inside(&params.0, "")
}

/// A version that binds the caller, or one of an area inside theirs.
pub fn find(c: &mut Conn, visible: &Visible, id: RuleSetId) -> Result<RuleSetRow> {
    let row: RuleSetRow = rule_sets::table.find(id).select(RuleSetRow::as_select()).first(c)?;
    if visible.covers(&row.area_code) || visible.lies_in(&row.area_code) { Ok(row) } else { Err(Error::NotFound) }
}

/// Versions by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<RuleSetId>, i64),
    filter: &RuleSetQuery,
) -> Result<Vec<RuleSetRow>> {
    let mut query = filtered(visible, filter);
    if let Some(after) = after {
        query = query.filter(rule_sets::id.gt(after));
    }
    Ok(query.order(rule_sets::id.asc()).limit(fetch).select(RuleSetRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &RuleSetQuery) -> Result<i64> {
    Ok(filtered(visible, filter).count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &RuleSetQuery) -> rule_sets::BoxedQuery<'static, Backend> {
    let inside = in_ranges!(visible.ranges(), rule_sets::area_code);
    let mut query =
        rule_sets::table.into_boxed::<Backend>().filter(inside.or(rule_sets::area_code.eq_any(visible.above())));
    if let Some(key) = &filter.key {
        query = query.filter(rule_sets::key.eq(key.clone()));
    }
    if let Some(area) = &filter.area {
        query = query.filter(rule_sets::area_code.eq(area.as_str().to_owned()));
    }
    if let Some(on) = filter.on {
        query = query
            .filter(rule_sets::effective_from.le(on))
            .filter(rule_sets::effective_to.is_null().or(rule_sets::effective_to.gt(on)));
    }
    query
}

/// Makes a version and ends the one before it. Whoever calls has checked that the caller may rule in the area.
pub fn create(c: &mut Conn, new: NewRuleSet, by: &By) -> Result<RuleSetRow> {
    let rule = known().find(|rule| rule.key == new.key).ok_or_else(|| rules::UNKNOWN_KEY.at("/key"))?;
    rule.check(&new.params)?;
    let before: Option<RuleSetRow> = rule_sets::table
        .filter(rule_sets::key.eq(&new.key).and(rule_sets::area_code.eq(&new.area_code)))
        .filter(rule_sets::effective_to.is_null())
        .select(RuleSetRow::as_select())
        .first(c)
        .optional()?;
    rules::may_follow(before.as_ref().map(|row| row.effective_from), new.effective_from, by.today)?;
    if let Some(before) = &before {
        end(c, before, new.effective_from, by)?;
    }
    let row = RuleSetRow {
        id: new.id,
        key: new.key,
        area_code: new.area_code,
        number: before.map_or(1, |row| row.number + 1),
        params: Json(new.params),
        legal_basis: new.legal_basis,
        effective_from: new.effective_from,
        effective_to: None,
        created_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(rule_sets::table).values(&row).execute(c).or_conflict(&rules::LATER_EXISTS)?;
    let data = json!({ "key": row.key, "number": row.number, "params": row.params, "legal_basis": row.legal_basis,
        "effective_from": row.effective_from });
    record_first(c, by.event("rule_set", row.id, 1, "rule_set.created", &row.area_code, data))?;
    Ok(row)
}

fn end(c: &mut Conn, row: &RuleSetRow, on: NaiveDate, by: &By) -> Result<()> {
    let target = rule_sets::table.filter(rule_sets::id.eq(row.id).and(rule_sets::version.eq(row.version)));
    let set =
        (rule_sets::effective_to.eq(Some(on)), rule_sets::version.eq(row.version + 1), rule_sets::updated_at.eq(by.at));
    if diesel::update(target).set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let event =
        by.event("rule_set", row.id, row.version + 1, "rule_set.superseded", &row.area_code, json!({ "on": on }));
    record(c, event)
}
