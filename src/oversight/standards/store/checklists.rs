//! 标准清单: versions and their items. A version is written while it is a draft, and never again.

use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, By, record, record_first};
use platform::{Error, Result, in_ranges, insert_rows};
use roster::organisations::store::hold_place;
use serde_json::{Value, json};

use super::no_longer;
use crate::schema::{checklist_items as items, checklists};
use crate::standards::dto::{
    ChecklistId, ChecklistIn, ChecklistItemId, ChecklistItemIn, ChecklistKind, ChecklistPatch, ChecklistQuery,
    ChecklistStatus,
};
use crate::standards::rules::checklists::{check_codes, check_whole};
use crate::standards::rules::{DRAFT_EXISTS, KIND_DIFFERS, NEWER_EXISTS, NOT_DRAFT};

/// The entity of a version's events.
pub const ENTITY: &str = "checklist";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = checklists, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ChecklistRow {
    pub id: ChecklistId,
    pub kind: ChecklistKind,
    pub code: String,
    pub number: i32,
    pub area_code: String,
    pub title: String,
    pub source: String,
    pub status: ChecklistStatus,
    pub published_at: Option<Ts>,
    pub published_by: Option<ActorId>,
    pub superseded_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = items, treat_none_as_default_value = false)]
pub struct ItemRow {
    pub id: ChecklistItemId,
    pub checklist_id: ChecklistId,
    pub position: i32,
    pub code: String,
    pub words: String,
    pub words_en: Option<String>,
    pub weight: i32,
    pub evidence_required: bool,
    pub official: bool,
}

impl ItemRow {
    pub fn of(id: ChecklistItemId, checklist: ChecklistId, at: usize, new: &ChecklistItemIn) -> Result<Self> {
        let ChecklistItemIn { code, words, words_en, weight, evidence_required, official } = new.clone();
        let position = i32::try_from(at + 1).map_err(Error::internal)?;
        Ok(Self { id, checklist_id: checklist, position, code, words, words_en, weight, evidence_required, official })
    }
}

/// A version with its items, in their order.
#[derive(Debug)]
pub struct Whole {
    pub row: ChecklistRow,
    pub items: Vec<ItemRow>,
}

/// A version, whoever asks.
pub fn get(c: &mut Conn, id: ChecklistId) -> Result<ChecklistRow> {
    Ok(checklists::table.find(id).select(ChecklistRow::as_select()).first(c)?)
}

/// A version that binds the caller's area, or one below it. A draft binds nobody, and is for those whose area is its own.
pub fn find(c: &mut Conn, visible: &Visible, id: ChecklistId) -> Result<ChecklistRow> {
    let row = get(c, id)?;
    let binds = row.status != ChecklistStatus::Draft && visible.lies_in(&row.area_code);
    if binds || visible.covers(&row.area_code) { Ok(row) } else { Err(Error::NotFound) }
}

pub fn items_of(c: &mut Conn, id: ChecklistId) -> Result<Vec<ItemRow>> {
    let of_this = items::table.filter(items::checklist_id.eq(id)).order(items::position.asc());
    Ok(of_this.select(ItemRow::as_select()).load(c)?)
}

pub fn whole(c: &mut Conn, row: ChecklistRow) -> Result<Whole> {
    let items = items_of(c, row.id)?;
    Ok(Whole { row, items })
}

/// Versions by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<ChecklistId>, i64),
    filter: &ChecklistQuery,
) -> Result<Vec<ChecklistRow>> {
    let mut query = filtered(visible, filter)?;
    if let Some(after) = after {
        query = query.filter(checklists::id.gt(after));
    }
    Ok(query.order(checklists::id.asc()).limit(fetch).select(ChecklistRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &ChecklistQuery) -> Result<i64> {
    Ok(filtered(visible, filter)?.count().get_result(c)?)
}

/// What binds an area lies above it: asked for one, those above are listed as well.
fn filtered(visible: &Visible, filter: &ChecklistQuery) -> Result<checklists::BoxedQuery<'static, Backend>> {
    let narrowed = visible.narrow(filter.area.as_ref())?;
    let above = narrowed.above();
    let binds = checklists::area_code.eq_any(above).and(checklists::status.ne(ChecklistStatus::Draft));
    let seen = in_ranges!(narrowed.ranges(), checklists::area_code).or(binds);
    let mut query = checklists::table.into_boxed::<Backend>().filter(seen);
    if let Some(kind) = filter.kind {
        query = query.filter(checklists::kind.eq(kind));
    }
    if let Some(status) = filter.status {
        query = query.filter(checklists::status.eq(status));
    }
    if let Some(code) = &filter.code {
        query = query.filter(checklists::code.eq(code.clone()));
    }
    Ok(query)
}

/// Begins the first version of a checklist, or the next one.
pub fn draft(c: &mut Conn, new: &ChecklistIn, by: &By) -> Result<Whole> {
    check_codes(new.items.iter().map(|item| item.code.as_str()))?;
    hold_place(c, &new.area_code, "/area_code")?;
    let before: Option<(ChecklistKind, i32)> = checklists::table
        .filter(checklists::area_code.eq(new.area_code.as_str()).and(checklists::code.eq(&new.code)))
        .order(checklists::number.desc())
        .select((checklists::kind, checklists::number))
        .first(c)
        .optional()?;
    if before.is_some_and(|(kind, _)| kind != new.kind) {
        return Err(KIND_DIFFERS.at("/kind"));
    }
    let number = before.map_or(1, |(_, number)| number + 1);
    let row = fresh(ChecklistId::fresh(), number, new, by);
    let rows = new.items.iter().enumerate();
    let rows: Result<Vec<ItemRow>> =
        rows.map(|(at, item)| ItemRow::of(ChecklistItemId::fresh(), row.id, at, item)).collect();
    insert(c, row, rows?, by)
}

/// A draft that nobody has seen yet.
pub fn fresh(id: ChecklistId, number: i32, new: &ChecklistIn, by: &By) -> ChecklistRow {
    let ChecklistIn { kind, code, area_code, title, source, items: _ } = new.clone();
    ChecklistRow {
        id,
        kind,
        code,
        number,
        area_code: area_code.to_string(),
        title,
        source,
        status: ChecklistStatus::Draft,
        published_at: None,
        published_by: None,
        superseded_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

pub fn insert(c: &mut Conn, row: ChecklistRow, rows: Vec<ItemRow>, by: &By) -> Result<Whole> {
    diesel::insert_into(checklists::table).values(&row).execute(c).or_conflict(&DRAFT_EXISTS)?;
    insert_rows!(c, items::table, rows.iter().collect())?;
    let data = json!({ "kind": row.kind, "code": row.code, "number": row.number });
    record_first(c, by.event(ENTITY, row.id, 1, "checklist.drafted", &row.area_code, data))?;
    Ok(Whole { row, items: rows })
}

fn check_draft(row: &ChecklistRow) -> Result<()> {
    if row.status == ChecklistStatus::Draft { Ok(()) } else { Err((&NOT_DRAFT).into()) }
}

pub fn update(c: &mut Conn, row: &ChecklistRow, patch: &ChecklistPatch, by: &By) -> Result<Whole> {
    check_draft(row)?;
    let ChecklistPatch { title, source, items: new_items } = patch.clone();
    let after = ChecklistRow {
        title: title.unwrap_or_else(|| row.title.clone()),
        source: source.unwrap_or_else(|| row.source.clone()),
        ..row.clone()
    };
    let row = save(c, row, after, "checklist.changed", json!({}), by)?;
    if let Some(new_items) = new_items {
        replace_items(c, row.id, &new_items)?;
    }
    whole(c, row)
}

fn replace_items(c: &mut Conn, id: ChecklistId, new: &[ChecklistItemIn]) -> Result<()> {
    check_codes(new.iter().map(|item| item.code.as_str()))?;
    diesel::delete(items::table.filter(items::checklist_id.eq(id))).execute(c)?;
    let rows: Result<Vec<ItemRow>> =
        new.iter().enumerate().map(|(at, item)| ItemRow::of(ChecklistItemId::fresh(), id, at, item)).collect();
    let rows = rows?;
    insert_rows!(c, items::table, rows.iter().collect())?;
    Ok(())
}

/// 发布: from here on nothing of it changes. The version before it is superseded; checks that were made by it stay.
pub fn publish(c: &mut Conn, row: &ChecklistRow, by: &By) -> Result<Whole> {
    check_draft(row)?;
    let items = items_of(c, row.id)?;
    check_whole(row.kind, items.len())?;
    let same = checklists::area_code.eq(&row.area_code).and(checklists::code.eq(&row.code));
    let standing: Option<ChecklistRow> = checklists::table
        .filter(same.and(checklists::status.eq(ChecklistStatus::Published)))
        .select(ChecklistRow::as_select())
        .first(c)
        .optional()?;
    if let Some(old) = standing {
        let after = ChecklistRow { status: ChecklistStatus::Superseded, superseded_at: Some(by.at), ..old.clone() };
        save(c, &old, after, "checklist.superseded", json!({ "by": row.id }), by)?;
    }
    let after = ChecklistRow {
        status: ChecklistStatus::Published,
        published_at: Some(by.at),
        published_by: by.actor.map(ActorId),
        ..row.clone()
    };
    let row = save(c, row, after, "checklist.published", json!({ "number": row.number }), by)?;
    Ok(Whole { row, items })
}

fn save(
    c: &mut Conn,
    before: &ChecklistRow,
    mut after: ChecklistRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<ChecklistRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = checklists::table.filter(checklists::id.eq(before.id).and(checklists::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c).or_conflict(&NEWER_EXISTS)?, after.version)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}
