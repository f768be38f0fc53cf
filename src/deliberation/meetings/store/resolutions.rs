//! 决议: proposed on an item, decided once the meeting has closed, in force with the minutes, carried out by action items.

use chrono::{Datelike, NaiveDate};
use delivery::cases;
use delivery::cases::dto::CaseId;
use diesel::prelude::*;
use platform::db::{Backend, Conn, Json, Range, Ts};
use platform::error::OrConflict;
use platform::history::{record, record_first};
use platform::{Error, Result, in_ranges, on_each};
use roster::organisations;
use serde_json::{Value, json};

use super::rows::{ItemRow, ItemSourceId, MeetingRow};
use super::sight::{Sight, find as find_meeting, get as get_meeting};
use super::{By, action_steps, actions, agenda, board, figures, minutes, no_longer, seats};
use crate::meetings::dto::{
    AgendaItemId, ItemStatus, MeetingId, MeetingStatus, Method, MinutesStatus, ResolutionDecisionIn, ResolutionId,
    ResolutionIn, ResolutionQuery, ResolutionStatus, SettlementIn, SourceKind, TallyOut,
};
use crate::meetings::rules::quorum::Tally;
use crate::meetings::rules::resolutions::{Decision, is_resolved, may_adopt, may_become, may_take_effect};
use crate::meetings::rules::{
    ACTIONS_OPEN, ITEM_CLOSED, MEETING_OPEN, NO_BINDING, NO_CASE, NOT_PUBLISHED, RESOLUTION_EXISTS, RESOLUTION_LATE,
    SUPERSEDER,
};
use crate::schema::{meeting_seats, resolution_numbers as numbers, resolutions};

/// The entity of a resolution's events.
pub const ENTITY: &str = "resolution";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = resolutions, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ResolutionRow {
    pub id: ResolutionId,
    pub meeting_id: MeetingId,
    pub item_id: AgendaItemId,
    pub area_code: String,
    pub year: i32,
    pub serial: i32,
    pub title: String,
    pub words: String,
    pub method: Method,
    pub status: ResolutionStatus,
    pub status_reason: Option<String>,
    pub binding_on: Json,
    pub tally: Option<Json>,
    pub requires_owner_vote: bool,
    /// Of the context of votes, which fills it in once there is one.
    pub owner_vote_id: Option<ItemSourceId>,
    pub superseded_by: Option<ResolutionId>,
    pub case_id: Option<CaseId>,
    pub satisfied: Option<bool>,
    pub decided_at: Option<Ts>,
    pub effective_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl ResolutionRow {
    /// 编号: the area, the year and a serial of three digits or more.
    pub fn number(&self) -> String {
        format!("{}-{}-{:03}", self.area_code, self.year, self.serial)
    }
}

/// The next serial of an area and year, given to nobody else.
fn next_serial(c: &mut Conn, area: &str, year: i32) -> Result<i32> {
    let first = (numbers::area_code.eq(area), numbers::year.eq(year), numbers::last.eq(1));
    Ok(on_each!(c => diesel::insert_into(numbers::table)
        .values(first)
        .on_conflict((numbers::area_code, numbers::year))
        .do_update()
        .set(numbers::last.eq(numbers::last + 1))
        .returning(numbers::last)
        .get_result(c))?)
}

/// 提出: on an item of the agenda, while the meeting lasts and until its minutes are published.
pub fn propose(c: &mut Conn, meeting: &MeetingRow, new: &ResolutionIn, by: &By) -> Result<ResolutionRow> {
    if !matches!(meeting.status, MeetingStatus::InSession | MeetingStatus::Closed) {
        return Err((&MEETING_OPEN).into());
    }
    if is_published(c, meeting.id)? {
        return Err((&RESOLUTION_LATE).into());
    }
    let item = agenda::get(c, new.item_id).ok().filter(|item| item.meeting_id == meeting.id);
    let item = item.filter(|item| item.status == ItemStatus::Listed).ok_or_else(|| ITEM_CLOSED.at("/item_id"))?;
    for (at, id) in new.binding_on.iter().enumerate() {
        if organisations::get(c, *id)?.is_none() {
            return Err(NO_BINDING.at(format!("/binding_on/{at}")));
        }
    }
    let year = by.today.year();
    let ResolutionIn { item_id, title, words, method, binding_on, requires_owner_vote } = new.clone();
    let row = ResolutionRow {
        id: ResolutionId::fresh(),
        meeting_id: meeting.id,
        item_id,
        area_code: meeting.area_code.clone(),
        year,
        serial: next_serial(c, &meeting.area_code, year)?,
        title,
        words,
        method,
        status: ResolutionStatus::Proposed,
        status_reason: None,
        binding_on: Json(json!(binding_on)),
        tally: None,
        requires_owner_vote: requires_owner_vote || method == Method::DualMajority,
        owner_vote_id: None,
        superseded_by: None,
        case_id: case_of(&item),
        satisfied: None,
        decided_at: None,
        effective_on: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &ResolutionRow, by: &By) -> Result<()> {
    diesel::insert_into(resolutions::table).values(row).execute(c).or_conflict(&RESOLUTION_EXISTS)?;
    let data = json!({ "meeting_id": row.meeting_id, "item_id": row.item_id, "number": row.number(),
        "method": row.method });
    record_first(c, by.event(ENTITY, row.id, 1, "resolution.proposed", &row.area_code, data))
}

fn case_of(item: &ItemRow) -> Option<CaseId> {
    let is_case = matches!(item.source_kind, Some(SourceKind::Case | SourceKind::Finding));
    item.source_id.filter(|_| is_case).map(|id| CaseId(id.0))
}

fn is_published(c: &mut Conn, meeting: MeetingId) -> Result<bool> {
    let versions = minutes::of_meeting(c, meeting)?;
    Ok(versions.iter().any(|row| row.status == MinutesStatus::Published))
}

/// 作出决定: carried as its method asks, by the seats that were there.
pub fn decide(c: &mut Conn, row: &ResolutionRow, body: &ResolutionDecisionIn, by: &By) -> Result<ResolutionRow> {
    let to = ResolutionStatus::from(body.outcome);
    may_become(row.status, to)?;
    let meeting = get_meeting(c, row.meeting_id)?;
    let Some(standing) = meeting.standing else { return Err((&MEETING_OPEN).into()) };
    let item = agenda::get(c, row.item_id)?;
    let seated = seats::of_meeting(c, meeting.id)?;
    let recused = agenda::recused_from(c, &meeting, &item, &seated)?;
    let tally = agenda::tally(&agenda::counts_of(c, item.id)?, &seated, &recused);
    if to == ResolutionStatus::Adopted {
        let majority = meeting.terms()?.rule.majority;
        let (method, kind, objections) = (row.method, item.kind, body.objections);
        may_adopt(&Decision { method, standing, kind, majority, tally, objections })?;
    }
    let after = ResolutionRow {
        status: to,
        status_reason: body.reason.clone(),
        tally: Some(to_json(tally)),
        decided_at: Some(by.at),
        ..row.clone()
    };
    let event = match to {
        ResolutionStatus::Adopted => "resolution.adopted",
        ResolutionStatus::Rejected => "resolution.rejected",
        _ => "resolution.deferred",
    };
    save(c, row, after, event, json!({ "objections": body.objections }), by)
}

fn to_json(tally: Tally) -> Json {
    let Tally { agree, against, abstain, present, all } = tally;
    Json(json!(TallyOut { agree, against, abstain, present, all }))
}

/// Writes a step of a resolution down.
pub fn save(
    c: &mut Conn,
    before: &ResolutionRow,
    mut after: ResolutionRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<ResolutionRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = resolutions::table.filter(resolutions::id.eq(before.id).and(resolutions::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    count_resolved(c, before, &after)?;
    Ok(after)
}

/// The resolutions of a meeting, by their numbers.
pub fn of_meeting(c: &mut Conn, id: MeetingId) -> Result<Vec<ResolutionRow>> {
    let of = resolutions::table.filter(resolutions::meeting_id.eq(id));
    let order = (resolutions::year, resolutions::serial);
    Ok(of.order(order).select(ResolutionRow::as_select()).load(c)?)
}

/// With the minutes, what was adopted is in force; what the owners have to decide waits for them.
pub fn take_effect(c: &mut Conn, meeting: &MeetingRow, by: &By) -> Result<()> {
    for row in of_meeting(c, meeting.id)? {
        let ready = may_take_effect(row.requires_owner_vote, row.owner_vote_id.is_some()).is_ok();
        if row.status == ResolutionStatus::Adopted && ready {
            put_in_force(c, meeting, &row, by)?;
        }
    }
    Ok(())
}

/// 生效 of one resolution, for what waited: refused without the vote that it needs, and before the minutes are published.
pub fn take_effect_now(c: &mut Conn, row: &ResolutionRow, by: &By) -> Result<ResolutionRow> {
    may_become(row.status, ResolutionStatus::Effective)?;
    if !is_published(c, row.meeting_id)? {
        return Err((&NOT_PUBLISHED).into());
    }
    may_take_effect(row.requires_owner_vote, row.owner_vote_id.is_some())?;
    let meeting = get_meeting(c, row.meeting_id)?;
    put_in_force(c, &meeting, row, by)
}

fn put_in_force(c: &mut Conn, meeting: &MeetingRow, row: &ResolutionRow, by: &By) -> Result<ResolutionRow> {
    let after = ResolutionRow { status: ResolutionStatus::Effective, effective_on: Some(by.today), ..row.clone() };
    let after = save(c, row, after, "resolution.effective", json!({}), by)?;
    if let Some(case) = after.case_id {
        let said: String = format!("联席会议决议 {}: {}", after.number(), after.words).chars().take(2000).collect();
        cases::say_resolved(c, case, &said, by)?;
    }
    board::show(c, meeting, "resolution.effective", by)?;
    Ok(after)
}

/// A resolution, whoever asks.
pub fn get(c: &mut Conn, id: ResolutionId) -> Result<ResolutionRow> {
    Ok(resolutions::table.find(id).select(ResolutionRow::as_select()).first(c)?)
}

/// A resolution that the caller sees: of a meeting that they see, or with something for an organisation of theirs to do.
pub fn find(c: &mut Conn, sight: &Sight, id: ResolutionId) -> Result<ResolutionRow> {
    let row = get(c, id)?;
    match find_meeting(c, sight, row.meeting_id) {
        Ok(_) => Ok(row),
        Err(Error::NotFound) if actions::has_something_for(c, sight, id)? => Ok(row),
        Err(error) => Err(error),
    }
}

/// Resolutions by id, the latest first.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (after, fetch): (Option<ResolutionId>, i64),
    filter: &ResolutionQuery,
) -> Result<Vec<ResolutionRow>> {
    let mut query = filtered(c, sight, filter)?;
    if let Some(after) = after {
        query = query.filter(resolutions::id.lt(after));
    }
    Ok(query.order(resolutions::id.desc()).limit(fetch).select(ResolutionRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &ResolutionQuery) -> Result<i64> {
    Ok(filtered(c, sight, filter)?.count().get_result(c)?)
}

fn filtered(
    c: &mut Conn,
    sight: &Sight,
    filter: &ResolutionQuery,
) -> Result<resolutions::BoxedQuery<'static, Backend>> {
    let acted_for = sight.organisations(c)?;
    let seated =
        meeting_seats::table.filter(meeting_seats::organisation_id.eq_any(acted_for)).select(meeting_seats::meeting_id);
    let seen = in_ranges!(sight.areas.ranges(), resolutions::area_code).or(resolutions::meeting_id.eq_any(seated));
    let mut query = resolutions::table.into_boxed::<Backend>().filter(seen);
    if let Some(area) = &filter.area {
        query = query.filter(in_ranges!([Range::under(area.as_str())], resolutions::area_code));
    }
    if let Some(meeting) = filter.meeting_id {
        query = query.filter(resolutions::meeting_id.eq(meeting));
    }
    if let Some(case) = filter.case_id {
        query = query.filter(resolutions::case_id.eq(case));
    }
    if let Some(status) = filter.status {
        query = query.filter(resolutions::status.eq(status));
    }
    Ok(query)
}

/// 完成: everything that it asked for has been verified.
pub fn complete(c: &mut Conn, row: &ResolutionRow, by: &By) -> Result<ResolutionRow> {
    may_become(row.status, ResolutionStatus::Done)?;
    if actions::open_of(c, row.id)? > 0 {
        return Err((&ACTIONS_OPEN).into());
    }
    let after = ResolutionRow { status: ResolutionStatus::Done, ..row.clone() };
    save(c, row, after, "resolution.done", json!({}), by)
}

/// What a change of its state means for what counts as resolved.
fn count_resolved(c: &mut Conn, before: &ResolutionRow, after: &ResolutionRow) -> Result<()> {
    let n = i64::from(is_resolved(after.status)) - i64::from(is_resolved(before.status));
    if n == 0 {
        return Ok(());
    }
    let (meeting, item) = (get_meeting(c, after.meeting_id)?, agenda::get(c, after.item_id)?);
    figures::count_resolved(c, &meeting, &item, n)
}

/// 评议: satisfied, or it goes on.
pub fn review(c: &mut Conn, row: &ResolutionRow, satisfied: bool, note: &str, by: &By) -> Result<ResolutionRow> {
    let to = if satisfied { ResolutionStatus::Reviewed } else { ResolutionStatus::InExecution };
    may_become(row.status, to)?;
    let after =
        ResolutionRow { status: to, satisfied: Some(satisfied), status_reason: Some(note.to_owned()), ..row.clone() };
    save(c, row, after, "resolution.reviewed", json!({ "satisfied": satisfied }), by)
}

/// 取代: by another resolution of the same place that was adopted.
pub fn supersede(c: &mut Conn, row: &ResolutionRow, new: ResolutionId, why: &str, by: &By) -> Result<ResolutionRow> {
    may_become(row.status, ResolutionStatus::Superseded)?;
    let unfit = || SUPERSEDER.at("/by_resolution_id");
    let other = get(c, new).map_err(|_| unfit())?;
    let stands = matches!(
        other.status,
        ResolutionStatus::Adopted
            | ResolutionStatus::Effective
            | ResolutionStatus::InExecution
            | ResolutionStatus::Done
    );
    if !stands || other.area_code != row.area_code || other.id == row.id {
        return Err(unfit());
    }
    let after = ResolutionRow {
        status: ResolutionStatus::Superseded,
        superseded_by: Some(new),
        status_reason: Some(why.to_owned()),
        ..row.clone()
    };
    action_steps::cancel_all(c, row.id, why, by)?;
    save(c, row, after, "resolution.superseded", json!({ "by": new }), by)
}

/// 撤销 (物业管理条例 art. 19), by the street or the district.
pub fn revoke(c: &mut Conn, row: &ResolutionRow, why: &str, by: &By) -> Result<ResolutionRow> {
    may_become(row.status, ResolutionStatus::Revoked)?;
    let after = ResolutionRow { status: ResolutionStatus::Revoked, status_reason: Some(why.to_owned()), ..row.clone() };
    action_steps::cancel_all(c, row.id, why, by)?;
    save(c, row, after, "resolution.revoked", json!({}), by)
}

/// 依决议办结事件: what it asked for is verified, and the case that it is about is done; the visit is next.
pub fn settle_case(c: &mut Conn, row: &ResolutionRow, body: &SettlementIn, by: &By) -> Result<ResolutionRow> {
    let case = row.case_id.ok_or_else(|| Error::from(&NO_CASE))?;
    if !matches!(row.status, ResolutionStatus::Effective | ResolutionStatus::InExecution | ResolutionStatus::Done) {
        return Err((&NOT_PUBLISHED).into());
    }
    if actions::unverified_of(c, row.id)? > 0 {
        return Err((&ACTIONS_OPEN).into());
    }
    cases::finish_by_resolution(c, case, (body.outcome, &body.resolution, &row.number()), by)?;
    let data = json!({ "case_id": case, "outcome": body.outcome });
    save(c, row, row.clone(), "resolution.settled_case", data, by)
}
