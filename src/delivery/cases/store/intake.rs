//! 受理登记: a case as it is first written, with the time limits that it will be held to.

use diesel::prelude::*;
use platform::auth::{AreaCode, Visible};
use platform::db::{Conn, Json, fixed};
use platform::error::OrConflict;
use platform::history::{self, ActorId, By, Chained};
use platform::rule_sets::{self, RuleSetId, Rules};
use platform::secrets::Secrets;
use platform::{App, Error, Result, on_each, text};
use registry::identity::{AccountId, account_area};
use roster::people;
use serde_json::{Value, json};

use super::change::ENTITY;
use super::clocks::ClockRow;
use super::places::{self, Place, district_of};
use super::rows::{CaseRow, DetailsRow, ReporterRow, difference, number_of};
use super::{board, clocks, counts};
use crate::cases::dto::{CaseId, ClockKind, Identity, NewCase, NewReporter, Status, Tier, Visibility};
use crate::cases::rules::params::categories::{CATEGORIES, Categories, Category};
use crate::cases::rules::params::deadlines::{DEADLINES, Deadlines, Facts, Policy};
use crate::cases::rules::params::{RULES, routing};
use crate::cases::rules::{NUMBER_TAKEN, PLACE_UNKNOWN};
use crate::schema::{case_details, case_reporters, cases};

/// What the phones of reporters are sealed for.
pub const PHONES: &str = "case_reporters";

/// The rules of this context that are in force at a place today.
pub fn rules_at(c: &mut Conn, area_code: &str, by: &By) -> Result<Rules> {
    let area: AreaCode = area_code.parse().map_err(|e: String| Error::internal(e))?;
    rule_sets::in_force(c, RULES, &area, by.today)
}

/// Whether somebody may report at this place: in a district where they hold a role, or where their account is at home.
pub fn may_report_at(c: &mut Conn, visible: &Visible, account: AccountId, place: &Place) -> Result<()> {
    if is_near(c, visible, account, &place.area_code)? { Ok(()) } else { Err(PLACE_UNKNOWN.at("/area_code")) }
}

/// Whether a place lies in a district where the caller holds a role, or is at home.
pub fn is_near(c: &mut Conn, visible: &Visible, account: AccountId, area_code: &str) -> Result<bool> {
    let district = district_of(area_code);
    let near = |code: &str| area_code.starts_with(code) || district_of(code) == district;
    if visible.areas().iter().any(|area| near(area.as_str())) {
        return Ok(true);
    }
    Ok(account_area(c, account)?.is_some_and(|home| near(&home)))
}

/// Small matters end at the branch: what lies in a compound begins there, everything else at the community.
fn first_tier(place: &Place) -> Tier {
    if place.compound_id.is_some() { Tier::Branch } else { Tier::Community }
}

/// The row of a case as it is when it is reported, not written yet.
pub fn fresh(new: &NewCase, place: &Place, category: &Category, by: &By) -> CaseRow {
    let id = CaseId::fresh();
    let against = if category.against_company { Identity::Hidden } else { Identity::Open };
    CaseRow {
        id,
        number: number_of(id, by.today),
        area_code: place.area_code.clone(),
        community_code: place.community_code.clone(),
        grid_code: place.grid_code.clone(),
        compound_id: place.compound_id,
        kind: new.kind,
        category: new.category.clone(),
        channel: new.channel,
        urgency: new.urgency.unwrap_or(category.urgency),
        title: new.title.clone(),
        status: Status::Submitted,
        tier: first_tier(place),
        round: 1,
        outcome: None,
        visibility: new.visibility.unwrap_or(Visibility::Public),
        identity: new.identity.unwrap_or(against),
        handler_org_id: None,
        handler_id: None,
        responsible_org_id: None,
        responsible_id: None,
        due_at: None,
        returns: 0,
        merged_into: None,
        reported_at: new.reported_at.unwrap_or(by.at),
        accepted_at: None,
        signed_at: None,
        done_at: None,
        closed_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

/// The policy for a case as it is classified.
pub fn policy_for<'a>(deadlines: &'a Deadlines, row: &CaseRow) -> Result<&'a Policy> {
    let facts = Facts { kind: row.kind, category: &row.category, urgency: row.urgency, tier: row.tier };
    deadlines.of(&facts).map(|(_, policy)| policy).ok_or_else(|| Error::internal("no policy matches"))
}

/// A case that is worked out and not written yet: most of the work, and all of the reading of rules.
#[derive(Debug)]
pub struct Draft {
    place: Place,
    row: CaseRow,
    details: DetailsRow,
    category: Category,
    clocks: [ClockRow; 2],
    reported: Chained,
}

impl Draft {
    fn of(c: &mut Conn, new: &NewCase, place: &Place, by: &By) -> Result<Self> {
        let rules = rules_at(c, &place.area_code, by)?;
        let (category_set_id, dictionary) = rules.get::<Categories>(&CATEGORIES)?;
        let category = dictionary.find(new.kind, &new.category)?.clone();
        category.check_fields(&new.fields)?;
        let (policy_set_id, deadlines) = rules.get::<Deadlines>(&DEADLINES)?;
        let mut row = fresh(new, place, &category, by);
        let policy = policy_for(&deadlines, &row)?;
        let calendar = clocks::calendar_at(c, &row.area_code, row.reported_at)?;
        row.due_at = Some(clocks::due(&calendar, policy.budget(ClockKind::Resolve, 1), row.reported_at)?);
        let clocks = clocks::first(&row, &calendar, policy)?;
        let details = details_of(new, row.id, (category_set_id, policy_set_id), policy);
        let reported = by.event(ENTITY, row.id, 1, REPORTED, &row.area_code, first_data(&row)?);
        Ok(Self { place: place.clone(), row, details, category, clocks, reported: Chained::first(reported) })
    }

    /// Works a case out before its transaction, where that helps ([`platform::db::Db::beforehand`]). The transaction finds
    /// the place once more, and works the case out anew if it is another by then.
    pub fn beforehand(app: &App, new: &NewCase, by: &By) -> Option<Self> {
        app.db.beforehand(|c| {
            let place = place_of(c, new)?;
            Self::of(c, new, &place, by)
        })
    }
}

fn details_of(
    new: &NewCase,
    case_id: CaseId,
    (category_set_id, policy_set_id): (Option<RuleSetId>, Option<RuleSetId>),
    policy: &Policy,
) -> DetailsRow {
    DetailsRow {
        case_id,
        body: new.body.clone(),
        search_text: text::for_search(&format!("{}{}", new.title, new.body)),
        fields: Json(json!(new.fields)),
        place: new.place.clone(),
        lat_e6: new.point.map(|(lat, _)| micro(lat)),
        lon_e6: new.point.map(|(_, lon)| micro(lon)),
        asset: new.asset.clone(),
        category_set_id,
        policy_set_id,
        policy: Json(json!(policy)),
        resolution: None,
        evidence_waiver: None,
    }
}

/// Writes a case down, with its clocks running. The reporter's acts leave no actor in the history.
pub fn insert(
    c: &mut Conn,
    secrets: &Secrets,
    (new, drafted): (&NewCase, Option<&Draft>),
    place: &Place,
    by: &By,
) -> Result<(CaseRow, DetailsRow)> {
    let anew;
    let draft = match drafted {
        Some(drafted) if drafted.place == *place => drafted,
        _ => {
            anew = Draft::of(c, new, place, by)?;
            &anew
        }
    };
    let Draft { row, details, category, clocks, reported, .. } = draft;
    on_each!(c => fixed(diesel::insert_into(cases::table).values(row)).execute(c)).or_conflict(&NUMBER_TAKEN)?;
    on_each!(c => fixed(diesel::insert_into(case_details::table).values(details)).execute(c))?;
    if let Some(reporter) = new.reporter.as_ref().filter(|_| row.identity != Identity::Anonymous) {
        keep_reporter(c, secrets, row, reporter, by)?;
    }
    clocks::open(c, clocks)?;
    counts::reported(c, row)?;
    history::write(c, reported)?;
    board::show(c, row, category, by)?;
    Ok((row.clone(), details.clone()))
}

#[expect(clippy::cast_possible_truncation, reason = "a degree in millionths fits, and its range was checked")]
fn micro(degrees: f64) -> i32 {
    (degrees * 1e6).round() as i32
}

fn keep_reporter(c: &mut Conn, secrets: &Secrets, row: &CaseRow, new: &NewReporter, by: &By) -> Result<()> {
    let phone = new.phone.as_deref().and_then(people::parse_phone);
    let sealed = match &phone {
        Some(phone) => Some(secrets.seal(PHONES, row.id.0.as_bytes(), phone.as_bytes())?),
        None => None,
    };
    let reporter = ReporterRow {
        case_id: row.id,
        account_id: new.account.map(|account| ActorId(account.0)),
        name: new.name.clone(),
        phone_sealed: sealed,
        phone_masked: phone.as_deref().map(people::mask),
        created_at: by.at,
    };
    on_each!(c => fixed(diesel::insert_into(case_reporters::table).values(&reporter)).execute(c))?;
    Ok(())
}

/// The name of the first event.
pub const REPORTED: &str = "case.reported";

/// What the first event says: all of the state, and where and how it was reported; no words and nobody's name.
pub fn first_data(row: &CaseRow) -> Result<Value> {
    Ok(json!({
        "set": difference(None, row)?,
        "number": row.number,
        "channel": row.channel,
        "identity": row.identity,
        "reported_at": row.reported_at,
    }))
}

/// The place that somebody means, and that it may be reported at.
pub fn place_of(c: &mut Conn, new: &NewCase) -> Result<Place> {
    places::find(c, new.area_code.as_ref(), new.point)
}

/// 派单规则 in force at a case's place.
pub fn routing_at(c: &mut Conn, row: &CaseRow, by: &By) -> Result<routing::Routing> {
    Ok(rules_at(c, &row.area_code, by)?.get(&routing::ROUTING)?.1)
}
