//! A case that is worked out and not written yet: its rows, its clocks, its first event, and its line for the screen. Most
//! of the work of a report, and none of it needs the transaction.

use platform::db::{Conn, Json};
use platform::history::{ActorId, By, Chained};
use platform::secrets::Secrets;
use platform::{App, Result, text};
use roster::people;
use serde_json::{Value, json};

use super::board::Line;
use super::change::ENTITY;
use super::clocks::{self, ClockRow};
use super::phones::PHONES;
use super::places::{self, Found, Place};
use super::prescribed::{Prescribed, policy_for};
use super::rows::{CaseRow, DetailsRow, ReporterRow, difference, number_of};
use crate::cases::dto::{CaseId, ClockKind, Identity, NewCase, NewReporter, Status, Tier, Visibility};
use crate::cases::rules::params::categories::Category;
use crate::cases::rules::params::deadlines::Policy;

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

/// Made by [`Draft::of`].
#[derive(Debug)]
pub struct Draft {
    pub place: Place,
    pub row: CaseRow,
    pub details: DetailsRow,
    /// `None` where it is anonymous, or nobody is known.
    pub reporter: Option<ReporterRow>,
    pub clocks: [ClockRow; 2],
    pub reported: Chained,
    /// `None` where it is shown nowhere.
    pub line: Option<Line>,
}

impl Draft {
    pub fn of(new: &NewCase, found: &Found, prescribed: &Prescribed, secrets: &Secrets, by: &By) -> Result<Self> {
        let category = prescribed.categories.find(new.kind, &new.category)?;
        category.check_fields(&new.fields)?;
        let mut row = fresh(new, &found.place, category, by);
        let (policy, calendar) = (policy_for(&prescribed.deadlines, &row)?, &prescribed.calendar);
        row.due_at = Some(clocks::due(calendar, policy.budget(ClockKind::Resolve, 1), row.reported_at)?);
        let known = new.reporter.as_ref().filter(|_| row.identity != Identity::Anonymous);
        let reported = by.event(ENTITY, row.id, 1, REPORTED, row.told_at(), first_data(&row)?);
        Ok(Self {
            place: found.place.clone(),
            clocks: clocks::first(&row, calendar, policy)?,
            details: details_of(new, row.id, prescribed, policy),
            reporter: known.map(|reporter| reporter_of(secrets, &row, reporter, by)).transpose()?,
            reported: Chained::first(reported),
            line: Line::of(&row, category, found.name.clone(), by)?,
            row,
        })
    }

    /// The same with what is in force at the place now.
    pub fn at(c: &mut Conn, new: &NewCase, found: &Found, secrets: &Secrets, by: &By) -> Result<Self> {
        let prescribed = Prescribed::at(c, &found.place.area_code, new.reported_at.unwrap_or(by.at), by)?;
        Self::of(new, found, &prescribed, secrets, by)
    }

    /// Works a case out before its transaction, where that helps ([`platform::db::Db::beforehand`]). The transaction finds
    /// the place once more, and works the case out anew if it is another by then.
    pub fn beforehand(app: &App, new: &NewCase, by: &By) -> Option<Self> {
        app.db.beforehand(|c| {
            let found = places::meant_by(c, new)?;
            Self::at(c, new, &found, &app.secrets, by)
        })
    }
}

fn details_of(new: &NewCase, case_id: CaseId, prescribed: &Prescribed, policy: &Policy) -> DetailsRow {
    DetailsRow {
        case_id,
        body: new.body.clone(),
        search_text: text::for_search(&format!("{}{}", new.title, new.body)),
        fields: Json(json!(new.fields)),
        place: new.place.clone(),
        lat_e6: new.point.map(|(lat, _)| micro(lat)),
        lon_e6: new.point.map(|(_, lon)| micro(lon)),
        asset: new.asset.clone(),
        category_set_id: prescribed.category_set_id,
        policy_set_id: prescribed.policy_set_id,
        policy: Json(json!(policy)),
        resolution: None,
        evidence_waiver: None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a degree in millionths fits, and its range was checked")]
fn micro(degrees: f64) -> i32 {
    (degrees * 1e6).round() as i32
}

fn reporter_of(secrets: &Secrets, row: &CaseRow, new: &NewReporter, by: &By) -> Result<ReporterRow> {
    let phone = new.phone.as_deref().and_then(people::parse_phone);
    let seal = |phone: &String| secrets.seal(PHONES, row.id.0.as_bytes(), phone.as_bytes());
    Ok(ReporterRow {
        case_id: row.id,
        account_id: new.account.map(|account| ActorId(account.0)),
        name: new.name.clone(),
        phone_sealed: phone.as_ref().map(seal).transpose()?,
        phone_masked: phone.as_deref().map(people::mask),
        created_at: by.at,
    })
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
