//! 待回访: whom the community calls next. Complaints, reopened and hidden cases are always called about, of the others the
//! share that the place has set; by when the visit is due.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::db::{Backend, Conn, Engine, Ts};
use platform::history::{ActorId, By};
use platform::{Error, Result, text};
use registry::identity::AccountId;
use roster::people;

use super::desk::visited_tiers;
use super::prescribed::rules_at;
use super::rows::{CaseRow, ReporterRow};
use super::sight::Sight;
use super::ways::{Condition, within};
use crate::cases::dto::{CaseId, ClockKind, Identity};
use crate::cases::rules::machine::Party;
use crate::cases::rules::params::{HANDLING, Handling};
use crate::cases::rules::visits::is_sampled;
use crate::names::compound_names;
use crate::schema::{case_clocks, case_reporters, case_visits, cases};

/// A case that waits for a visit, the compound's name, and when the visit is due.
type Waiting = (CaseRow, Option<String>, Ts);

/// The same, with what a caller needs to know; the reporter masked.
pub struct Call {
    pub case: CaseRow,
    pub compound_name: Option<String>,
    pub due_at: Ts,
    pub attempts: i64,
    pub name: Option<String>,
    pub phone: Option<String>,
}

/// Where a page goes on.
pub type Behind = (Ts, CaseId);

/// Read at a time: those that are not called about are passed over, so a page may take several runs.
const RUN: i64 = 500;

/// The share that each community has set, read once each.
struct Shares<'a> {
    by: &'a By,
    known: HashMap<String, i32>,
}

impl<'a> Shares<'a> {
    fn new(by: &'a By) -> Self {
        Self { by, known: HashMap::new() }
    }

    fn includes(&mut self, c: &mut Conn, row: &CaseRow) -> Result<bool> {
        let share = match self.known.get(&row.community_code) {
            Some(share) => *share,
            None => {
                let share = share_at(c, &row.community_code, self.by)?;
                *self.known.entry(row.community_code.clone()).or_insert(share)
            }
        };
        Ok(is_sampled(row.id.0, (row.kind, row.round, row.identity), share))
    }
}

fn share_at(c: &mut Conn, community: &str, by: &By) -> Result<i32> {
    Ok(rules_at(c, community, by)?.get::<Handling>(&HANDLING)?.1.visit_sample)
}

/// Whether a case is among those that are called about, by the rule in force where it lies.
pub fn is_called_about(c: &mut Conn, row: &CaseRow, by: &By) -> Result<bool> {
    Shares::new(by).includes(c, row)
}

/// One page. Two statements where everybody is called about, and three more for what a caller needs to know.
pub fn list(c: &mut Conn, sight: &Sight, (after, fetch): (Option<Behind>, i64), by: &By) -> Result<Vec<Call>> {
    let wanted = usize::try_from(fetch).unwrap_or_default();
    let rows = select(c, sight, after, wanted, by)?;
    calls(c, rows)
}

/// How many there are: every one that waits is looked at.
pub fn count(c: &mut Conn, sight: &Sight, by: &By) -> Result<i64> {
    i64::try_from(select(c, sight, None, usize::MAX, by)?.len()).map_err(Error::internal)
}

fn select(c: &mut Conn, sight: &Sight, mut after: Option<Behind>, wanted: usize, by: &By) -> Result<Vec<Waiting>> {
    let mut shares = Shares::new(by);
    let mut found = Vec::new();
    // Mostly everybody is called about, and the first run is the page.
    let mut length = i64::try_from(wanted).unwrap_or(RUN).min(RUN);
    loop {
        let run = waiting(c, sight, after, length)?;
        let Some((row, _, due)) = run.last() else { return Ok(found) };
        after = Some((*due, row.id));
        let last = i64::try_from(run.len()).is_ok_and(|n| n < length);
        length = RUN;
        for waits in run {
            if sight.stands(Party::Visitor, &waits.0).is_ok() && shares.includes(c, &waits.0)? {
                found.push(waits);
            }
            if found.len() == wanted {
                return Ok(found);
            }
        }
        if last {
            return Ok(found);
        }
    }
}

/// What waits at the caller's desks, by when the visit is due.
fn waiting(c: &mut Conn, sight: &Sight, after: Option<Behind>, length: i64) -> Result<Vec<Waiting>> {
    let sqlite = c.engine() == Engine::Sqlite;
    // None beside one another where there is one: an index is not looked for among alternatives.
    let places = sight.desks_for(visited_tiers).into_iter().map(|(area, _)| {
        let here: Condition<_, _> = within!(area, sqlite);
        here
    });
    let Some(seen) = places.reduce(|seen, here| Box::new(seen.or(here))) else { return Ok(Vec::new()) };
    let visit = case_clocks::clock.eq(ClockKind::Visit).and(case_clocks::ended_at.is_null());
    let mut query = cases::table
        .inner_join(case_clocks::table)
        .left_join(compound_names::table)
        .into_boxed::<Backend>()
        .filter(cases::closed_at.is_null().and(cases::done_at.is_not_null()))
        .filter(visit)
        .filter(seen);
    if let Some((due, id)) = after {
        let behind = case_clocks::due_at.gt(due).or(case_clocks::due_at.eq(due).and(cases::id.gt(id)));
        query = query.filter(behind);
    }
    let page = query.order((case_clocks::due_at.asc(), cases::id.asc())).limit(length);
    Ok(page.select((CaseRow::as_select(), compound_names::name.nullable(), case_clocks::due_at)).load(c)?)
}

fn calls(c: &mut Conn, rows: Vec<Waiting>) -> Result<Vec<Call>> {
    let ids: Vec<CaseId> = rows.iter().map(|(row, ..)| row.id).collect();
    let tried: Vec<(CaseId, i32, i64)> = case_visits::table
        .filter(case_visits::case_id.eq_any(&ids))
        .group_by((case_visits::case_id, case_visits::round))
        .select((case_visits::case_id, case_visits::round, diesel::dsl::count_star()))
        .load(c)?;
    let known: Vec<ReporterRow> =
        case_reporters::table.filter(case_reporters::case_id.eq_any(&ids)).select(ReporterRow::as_select()).load(c)?;
    let accounts: Vec<AccountId> =
        known.iter().filter_map(|row| row.account_id).map(|ActorId(id)| AccountId(id)).collect();
    let contacts = people::contacts_of(c, &accounts)?;
    let call = |(case, compound_name, due_at): Waiting| {
        let tried = tried.iter().find(|(of, round, _)| *of == case.id && *round == case.round);
        let named = case.identity != Identity::Anonymous;
        let reporter = known.iter().find(|row| row.case_id == case.id).filter(|_| named);
        let contact = reporter.and_then(|row| contacts.get(&row.account_id?.0));
        let name = reporter.and_then(|row| row.name.as_deref()).or(contact.map(|contact| contact.name.as_str()));
        let phone = reporter.and_then(|row| row.phone_masked.clone());
        Call {
            attempts: tried.map_or(0, |(.., n)| *n),
            name: name.map(text::mask_name),
            phone: phone.or_else(|| contact.and_then(|contact| contact.phone_masked.clone())),
            case,
            compound_name,
            due_at,
        }
    };
    Ok(rows.into_iter().map(call).collect())
}

/// The sort key of a row, for the cursor.
pub fn key(call: &Call) -> String {
    format!("{}.{}", call.due_at.micros(), call.case.id)
}
