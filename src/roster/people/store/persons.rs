//! 人员 rows. Phones are sealed here and opened by `accesses` and for their owner only.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::{AreaCode, Visible};
use platform::db::{Backend, Conn, Json, Range, Ts};
use platform::error::OrConflict;
use platform::history::{record, record_first};
use platform::secrets::Secrets;
use platform::{Error, Result, in_ranges, text};
use registry::identity::{self, AccountId};
use registry::territory::dto::Lifecycle;
use serde_json::{Value, json};

use super::phones::{SealedPhone, seal_phone};
use super::{By, grants, places, residencies, stages, took_effect};
use crate::people::dto::{Gender, PartyStatus, PersonCloseReason, PersonId, PersonIn, PersonPatch, PersonQuery, Skill};
use crate::people::rules;
use crate::schema::{persons, residencies as homes};

/// What stands in the place of an erased name.
pub const ERASED: &str = "已删除";

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = persons, treat_none_as_default_value = false)]
pub struct PersonRow {
    pub id: PersonId,
    pub area_code: String,
    pub name: String,
    pub search_name: String,
    pub gender: Option<Gender>,
    pub birth_year: Option<i32>,
    pub phone_sealed: Option<Vec<u8>>,
    pub phone_masked: Option<String>,
    pub phone_mark: Option<String>,
    pub account_id: Option<AccountId>,
    pub party_status: PartyStatus,
    pub veteran: bool,
    pub retired: bool,
    pub cadre: bool,
    pub skills: Json,
    pub skill_index: String,
    pub self_registered: bool,
    pub synthetic: bool,
    pub closed_on: Option<NaiveDate>,
    pub close_reason: Option<PersonCloseReason>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl PersonRow {
    /// Somebody who is registered in a place, with nothing known but a name.
    pub fn fresh(id: PersonId, area_code: &str, name: &str, by: &By) -> Self {
        Self {
            id,
            area_code: area_code.to_owned(),
            name: name.trim().to_owned(),
            search_name: text::for_search(name),
            gender: None,
            birth_year: None,
            phone_sealed: None,
            phone_masked: None,
            phone_mark: None,
            account_id: None,
            party_status: PartyStatus::None,
            veteran: false,
            retired: false,
            cadre: false,
            skills: Json(json!([])),
            skill_index: String::new(),
            self_registered: false,
            synthetic: false,
            closed_on: None,
            close_reason: None,
            version: 1,
            created_at: by.at,
            updated_at: by.at,
        }
    }

    pub fn set_phone(&mut self, phone: SealedPhone) {
        (self.phone_sealed, self.phone_masked, self.phone_mark) = (phone.sealed, phone.masked, phone.mark);
    }

    pub fn set_skills(&mut self, skills: &[Skill]) {
        (self.skills, self.skill_index) = (Json(json!(skills)), rules::skill_index(skills));
    }

    pub fn refuse_closed(&self) -> Result<()> {
        if self.closed_on.is_some() { Err((&rules::CLOSED).into()) } else { Ok(()) }
    }
}

/// A person of one of the caller's areas.
pub fn find(c: &mut Conn, visible: &Visible, id: PersonId) -> Result<PersonRow> {
    let row = get(c, id)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// A person of one of the caller's areas, or one who lives or owns there.
pub fn find_seen(c: &mut Conn, visible: &Visible, id: PersonId) -> Result<PersonRow> {
    let row = get(c, id)?;
    if visible.covers(&row.area_code) {
        return Ok(row);
    }
    let here = homes::table
        .into_boxed::<Backend>()
        .filter(homes::person_id.eq(id))
        .filter(residencies::is_open())
        .filter(in_ranges!(visible.ranges(), homes::area_code));
    if here.count().get_result::<i64>(c)? > 0 { Ok(row) } else { Err(Error::NotFound) }
}

/// For the rules of other contexts and one's own record; every other reader names what they see.
pub(super) fn get(c: &mut Conn, id: PersonId) -> Result<PersonRow> {
    Ok(persons::table.find(id).select(PersonRow::as_select()).first(c)?)
}

/// The record of an account: the open one, or the last that was closed.
pub fn of_account(c: &mut Conn, account: AccountId) -> Result<Option<PersonRow>> {
    let rows: Vec<PersonRow> = persons::table
        .filter(persons::account_id.eq(account))
        .order(persons::id.desc())
        .select(PersonRow::as_select())
        .load(c)?;
    let open = rows.iter().position(|row| row.closed_on.is_none()).unwrap_or(0);
    Ok(rows.into_iter().nth(open))
}

/// Persons by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<PersonId>, i64),
    filter: &PersonQuery,
) -> Result<Vec<PersonRow>> {
    let mut query = filtered(visible.ranges(), filter);
    if let Some(after) = after {
        query = query.filter(persons::id.gt(after));
    }
    Ok(query.order(persons::id.asc()).limit(fetch).select(PersonRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &PersonQuery) -> Result<i64> {
    Ok(filtered(visible.ranges(), filter).count().get_result(c)?)
}

fn filtered(ranges: Vec<Range>, filter: &PersonQuery) -> persons::BoxedQuery<'static, Backend> {
    let mut query = persons::table.into_boxed::<Backend>().filter(in_ranges!(ranges, persons::area_code));
    if let Some(q) = &filter.q {
        query = query.filter(persons::search_name.like(text::pattern(q)).escape('\\'));
    }
    if let Some(skill) = &filter.skill {
        query = query.filter(persons::skill_index.like(skill_pattern(skill)).escape('\\'));
    }
    if let Some(status) = filter.party_status {
        query = query.filter(persons::party_status.eq(status));
    }
    if let Some(veteran) = filter.veteran {
        query = query.filter(persons::veteran.eq(veteran));
    }
    match filter.status.unwrap_or(Lifecycle::Open) {
        Lifecycle::Open => query.filter(persons::closed_on.is_null()),
        Lifecycle::Closed => query.filter(persons::closed_on.is_not_null()),
        Lifecycle::All => query,
    }
}

/// Finds one whole skill in the index.
pub(super) fn skill_pattern(skill: &str) -> String {
    text::pattern(&format!("|{}|", rules::skill_key(skill)))
}

pub fn insert(c: &mut Conn, visible: &Visible, new: &PersonIn, secrets: &Secrets, by: &By) -> Result<PersonRow> {
    places::hold(c, visible, &new.area_code, &rules::AREA_UNKNOWN)?;
    rules::check_birth_year(new.birth_year, by.today)?;
    let mut row = PersonRow::fresh(PersonId::fresh(), new.area_code.as_str(), &new.name, by);
    row.set_phone(seal_phone(secrets, row.id, new.phone.as_deref())?);
    row.set_skills(&new.skills);
    (row.gender, row.birth_year) = (new.gender, new.birth_year);
    row.party_status = new.party_status.unwrap_or(PartyStatus::None);
    row.veteran = new.veteran.unwrap_or(false);
    row.retired = new.retired.unwrap_or(false);
    row.cadre = new.cadre.unwrap_or(false);
    row.account_id = checked_account(c, visible, new.account_id, by)?;
    refuse_twin(c, &row)?;
    insert_row(c, &row, by)?;
    Ok(row)
}

/// The same name and number twice in one place is one person written down twice. Not an index: who registered themselves
/// may stand beside it, and a place that is taken over by another must not be refused for it.
fn refuse_twin(c: &mut Conn, row: &PersonRow) -> Result<()> {
    let twins = persons::table
        .filter(persons::phone_mark.eq(row.phone_mark.as_deref()))
        .filter(persons::area_code.eq(&row.area_code).and(persons::search_name.eq(&row.search_name)))
        .filter(persons::closed_on.is_null().and(persons::self_registered.eq(false)).and(persons::id.ne(row.id)));
    if twins.count().get_result::<i64>(c)? > 0 { Err((&rules::ALREADY_REGISTERED).into()) } else { Ok(()) }
}

/// An account that the caller sees and that nobody else has; never their own.
fn checked_account(c: &mut Conn, visible: &Visible, account: Option<AccountId>, by: &By) -> Result<Option<AccountId>> {
    let Some(account) = account else { return Ok(None) };
    if by.actor == Some(account.0) {
        return Err((&rules::OWN_RECORD).into());
    }
    let area = identity::account_area(c, account)?;
    if !area.is_some_and(|area| visible.covers(&area)) {
        return Err(rules::ACCOUNT_UNKNOWN.at("/account_id"));
    }
    let taken = persons::table.filter(persons::account_id.eq(account)).filter(persons::closed_on.is_null());
    if taken.count().get_result::<i64>(c)? > 0 {
        return Err((&rules::ACCOUNT_TAKEN).into());
    }
    Ok(Some(account))
}

/// Writes a person down as they are: what the register, a claim of one's own and the demo have in common.
pub fn insert_row(c: &mut Conn, row: &PersonRow, by: &By) -> Result<()> {
    diesel::insert_into(persons::table).values(row).execute(c).or_conflict(&rules::ACCOUNT_TAKEN)?;
    // No name, phone or attribute: history outlives what a person may ask to have removed.
    let data = json!({ "self_registered": row.self_registered, "has_phone": row.phone_sealed.is_some(),
        "has_account": row.account_id.is_some() });
    record_first(c, by.event("person", row.id, 1, "person.created", &row.area_code, data))
}

#[derive(Default, AsChangeset)]
#[diesel(table_name = persons)]
pub(super) struct PersonChanges {
    pub area_code: Option<String>,
    pub name: Option<String>,
    pub search_name: Option<String>,
    pub gender: Option<Option<Gender>>,
    pub birth_year: Option<Option<i32>>,
    pub phone_sealed: Option<Option<Vec<u8>>>,
    pub phone_masked: Option<Option<String>>,
    pub phone_mark: Option<Option<String>>,
    pub account_id: Option<Option<AccountId>>,
    pub party_status: Option<PartyStatus>,
    pub veteran: Option<bool>,
    pub retired: Option<bool>,
    pub cadre: Option<bool>,
    pub skills: Option<Json>,
    pub skill_index: Option<String>,
    pub closed_on: Option<Option<NaiveDate>>,
    pub close_reason: Option<Option<PersonCloseReason>>,
}

/// Compare-and-set, and the event.
pub(super) fn change(
    c: &mut Conn,
    row: &PersonRow,
    changes: PersonChanges,
    (event, data): (&'static str, Value),
    by: &By,
) -> Result<PersonRow> {
    let version = row.version + 1;
    let target = diesel::update(persons::table).filter(persons::id.eq(row.id).and(persons::version.eq(row.version)));
    let set = (changes, persons::version.eq(version), persons::updated_at.eq(by.at));
    took_effect(target.set(set).execute(c).or_conflict(&rules::ACCOUNT_TAKEN)?, row.version)?;
    let after = get(c, row.id)?;
    record(c, by.event("person", row.id, version, event, &after.area_code, data))?;
    Ok(after)
}

pub fn update(
    c: &mut Conn,
    visible: &Visible,
    row: &PersonRow,
    patch: &PersonPatch,
    secrets: &Secrets,
    by: &By,
) -> Result<PersonRow> {
    row.refuse_closed()?;
    rules::check_birth_year(patch.birth_year.flatten(), by.today)?;
    let area = patch.area_code.as_ref().filter(|area| area.as_str() != row.area_code);
    if let Some(area) = area {
        places::hold(c, visible, area, &rules::AREA_UNKNOWN)?;
    }
    if patch.party_status.is_some_and(|status| status != row.party_status) && stages::any(c, row.id)? {
        return Err((&rules::STATUS_BY_STAGES).into());
    }
    let account = match patch.account_id {
        Some(account) if account != row.account_id => Some(checked_account(c, visible, account, by)?),
        _ => None,
    };
    let fields = changed_fields(row, patch, area, secrets)?;
    if fields.is_empty() {
        return Ok(row.clone());
    }
    let mut changes = PersonChanges {
        area_code: area.map(AreaCode::to_string),
        name: patch.name.as_deref().map(|name| name.trim().to_owned()),
        search_name: patch.name.as_deref().map(text::for_search),
        gender: patch.gender,
        birth_year: patch.birth_year,
        account_id: account,
        party_status: patch.party_status,
        veteran: patch.veteran,
        retired: patch.retired,
        cadre: patch.cadre,
        skills: patch.skills.as_ref().map(|skills| Json(json!(skills))),
        skill_index: patch.skills.as_deref().map(rules::skill_index),
        ..PersonChanges::default()
    };
    if let Some(phone) = &patch.phone {
        let phone = seal_phone(secrets, row.id, phone.as_deref())?;
        changes.phone_sealed = Some(phone.sealed);
        changes.phone_masked = Some(phone.masked);
        changes.phone_mark = Some(phone.mark);
    }
    let after = change(c, row, changes, ("person.changed", json!({ "fields": fields })), by)?;
    if fields.iter().any(|field| matches!(*field, "name" | "phone" | "area_code")) {
        refuse_twin(c, &after)?;
    }
    if account.is_some() {
        grants::follow_account(c, row.account_id, &after, by)?;
    }
    Ok(after)
}

/// The names of the members that a patch really changes. The restricted ones go by one name: which of them it was would
/// say more than a history may.
fn changed_fields(
    row: &PersonRow,
    patch: &PersonPatch,
    area: Option<&AreaCode>,
    secrets: &Secrets,
) -> Result<Vec<&'static str>> {
    let phone = match &patch.phone {
        None => false,
        Some(phone) => seal_phone(secrets, row.id, phone.as_deref())?.mark != row.phone_mark,
    };
    let differs = |new: Option<bool>, old: bool| new.is_some_and(|new| new != old);
    let attributes = patch.party_status.is_some_and(|status| status != row.party_status)
        || differs(patch.veteran, row.veteran)
        || differs(patch.retired, row.retired)
        || differs(patch.cadre, row.cadre);
    let changed = [
        ("area_code", area.is_some()),
        ("name", patch.name.as_ref().is_some_and(|name| name.trim() != row.name)),
        ("gender", patch.gender.is_some_and(|gender| gender != row.gender)),
        ("birth_year", patch.birth_year.is_some_and(|year| year != row.birth_year)),
        ("phone", phone),
        ("skills", patch.skills.as_ref().is_some_and(|skills| json!(skills) != row.skills.0)),
        ("attributes", attributes),
        ("account_id", patch.account_id.is_some_and(|account| account != row.account_id)),
    ];
    Ok(changed.into_iter().filter_map(|(name, changed)| changed.then_some(name)).collect())
}

/// Puts the status in force that a stage brought, and counts the stage as a version of the person.
pub(super) fn set_status(c: &mut Conn, row: &PersonRow, status: Option<PartyStatus>, by: &By) -> Result<PersonRow> {
    let changes = PersonChanges { party_status: status, ..PersonChanges::default() };
    change(c, row, changes, ("person.changed", json!({ "fields": ["attributes"] })), by)
}
