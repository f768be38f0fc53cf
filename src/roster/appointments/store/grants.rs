//! The role that comes with a post: granted with the office, ended with it, in the same transaction (governance b2: what
//! somebody may do derives from the appointments in force, and ends with the term). One role for one place is granted
//! once, however many posts bring it; it stands as long as the last of them.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::{AreaCode, Grant, Role};
use platform::db::{Backend, Conn};
use platform::{Error, Result};
use registry::identity::{self, AccountId, GrantId, NewGrantSpec};
use uuid::Uuid;

use super::appointments::{self as rows, AppointmentRow};
use super::posts::PostRow;
use super::{By, lock_person, terms};
use crate::appointments::dto::{AppointmentId, AppointmentState};
use crate::appointments::rules::seats;
use crate::appointments::rules::states::STANDING;
use crate::organisations::OrgKind;
use crate::people::{self, PersonId};
use crate::schema::appointments;

const REASON: &str = "任职";
const CONTINUED: &str = "由任职授权接续";
const OVER: &str = "任职终止";
const RELINKED: &str = "账号关联变更";

/// Where the role of a post is held.
pub struct Seat<'a> {
    pub post: &'a PostRow,
    pub organisation_kind: OrgKind,
    pub organisation_area: &'a str,
}

impl Seat<'_> {
    /// The organisation that the role is held for; `None` where it is held in the area itself.
    fn holder(&self, role: Role) -> Option<Uuid> {
        let (kind, home) = (self.organisation_kind, self.organisation_area);
        seats::held_for_organisation(role, kind, home, &self.post.area_code).then_some(self.post.organisation_id.0)
    }

    fn area(&self) -> Result<AreaCode> {
        self.post.area_code.parse().map_err(|e: String| Error::internal(e))
    }

    /// Whether the actor could grant by hand what the post brings.
    fn check_power(&self, c: &mut Conn, account: Option<Uuid>, by: &By) -> Result<()> {
        let (Some(actor), Some(role)) = (by.actor, self.post.role) else { return Ok(()) };
        let target = Grant { role, area: self.area()?, organisation: self.holder(role) };
        identity::may_hand_on(c, actor, AccountId(account.unwrap_or_default()), &target, by.today)
    }
}

/// Whoever stays on after the term keeps the role until a successor is there, so that grant has no last day of its own.
fn until(last_day: Option<NaiveDate>, carry_over: bool) -> Option<NaiveDate> {
    if carry_over { None } else { last_day }
}

/// The later of two ends; `None` is never.
fn later(left: Option<NaiveDate>, right: Option<NaiveDate>) -> Option<NaiveDate> {
    left.zip(right).map(|(left, right)| left.max(right))
}

fn covers(period: (NaiveDate, Option<NaiveDate>), from: NaiveDate, to: Option<NaiveDate>) -> bool {
    period.0 <= from && period.1.is_none_or(|end| to.is_some_and(|to| to <= end))
}

/// Grants what the post brings, unless it stands already; the grant that the appointment rests on, if it is one of ours.
pub fn grant_for(
    c: &mut Conn,
    row: &AppointmentRow,
    seat: &Seat,
    account: Option<Uuid>,
    by: &By,
) -> Result<Option<GrantId>> {
    let (Some(role), Some(account)) = (seat.post.role, account) else { return Ok(None) };
    let to = until(row.last_day, row.carry_over);
    if to.is_some_and(|to| to < by.today) {
        return Ok(None);
    }
    let organisation = seat.holder(role);
    let area = seat.area()?;
    let mut spec = NewGrantSpec {
        id: GrantId::fresh(),
        account: AccountId(account),
        role,
        area: area.clone(),
        organisation,
        valid_from: row.term_from,
        valid_to: to,
        reason: REASON.to_owned(),
        actor: by.actor,
        at: by.at,
    };
    let Some(standing) = identity::standing_grant(c, spec.account, role, &area, organisation)? else {
        return identity::grant_role(c, spec).map(Some);
    };
    let period = identity::grant_period(c, standing)?;
    let resting = resting_on(c, standing, Some(row.id))?;
    if covers(period, row.term_from, to) {
        // What somebody granted by hand is theirs to end.
        return Ok((!resting.is_empty()).then_some(standing));
    }
    if !resting.is_empty() {
        spec.valid_from = period.0.min(row.term_from);
        spec.valid_to = later(period.1, to);
    }
    identity::end_grant_by_id(c, standing, by.actor, CONTINUED, by.at)?;
    let grant = identity::grant_role(c, spec)?;
    rest_on(c, &ids(&resting), Some(grant))?;
    Ok(Some(grant))
}

/// Ends what an appointment that is over rested on, unless another one needs it; then it is cut to what that one needs.
pub fn release(c: &mut Conn, row: &AppointmentRow, seat: &Seat, account: Option<Uuid>, by: &By) -> Result<()> {
    let Some(grant) = row.grant_id else { return Ok(()) };
    let resting = resting_on(c, grant, Some(row.id))?;
    let (from, until_now) = identity::grant_period(c, grant)?;
    let needed = resting.iter().map(|(_, to)| *to).reduce(later);
    match (needed, account, seat.post.role) {
        (Some(to), Some(account), Some(role)) if to != until_now => {
            identity::end_grant_by_id(c, grant, by.actor, OVER, by.at)?;
            let spec = NewGrantSpec {
                id: GrantId::fresh(),
                account: AccountId(account),
                role,
                area: seat.area()?,
                organisation: seat.holder(role),
                valid_from: from,
                valid_to: to,
                reason: REASON.to_owned(),
                actor: by.actor,
                at: by.at,
            };
            let next = identity::grant_role(c, spec)?;
            rest_on(c, &ids(&resting), Some(next))
        }
        (Some(_), ..) => Ok(()),
        (None, ..) => identity::end_grant_by_id(c, grant, by.actor, OVER, by.at),
    }
}

/// The record of somebody in office has got another account, or none: the roles of the offices go with it. Whoever links
/// it hands them on, or takes them back, so they could have granted each by hand.
pub fn follow_account(c: &mut Conn, person: PersonId, by: &By) -> Result<()> {
    // Of an approval and a link at once, the second sees what the first has done.
    lock_person(c, person)?;
    let account = people::facts(c, person)?.and_then(|person| person.account_id);
    let mut held = rows::open_of_person(c, person)?;
    held.retain(|row| row.status.is_standing());
    for row in held.iter().filter(|row| account.is_some() || row.grant_id.is_some()) {
        terms::with_seat(c, row, |c, seat, _| seat.check_power(c, account, by))?;
    }
    let old: Vec<GrantId> = held.iter().filter_map(|row| row.grant_id).collect();
    rest_on(c, &held.iter().map(|row| row.id).collect::<Vec<_>>(), None)?;
    for grant in old {
        identity::end_grant_by_id(c, grant, by.actor, RELINKED, by.at)?;
    }
    for row in held.iter().filter(|row| row.state(by.today) != AppointmentState::Expired) {
        let grant = terms::with_seat(c, row, |c, seat, account| grant_for(c, row, seat, account, by))?;
        rest_on(c, &[row.id], grant)?;
    }
    Ok(())
}

type Resting = (AppointmentId, Option<NaiveDate>);

/// The standing appointments that rest on a grant, but for one, and until when.
fn resting_on(c: &mut Conn, grant: GrantId, but: Option<AppointmentId>) -> Result<Vec<Resting>> {
    let mut query = appointments::table
        .into_boxed::<Backend>()
        .filter(appointments::grant_id.eq(grant).and(appointments::status.eq_any(STANDING)));
    if let Some(but) = but {
        query = query.filter(appointments::id.ne(but));
    }
    let rows: Vec<(AppointmentId, Option<NaiveDate>, bool)> =
        query.select((appointments::id, appointments::last_day, appointments::carry_over)).load(c)?;
    Ok(rows.into_iter().map(|(id, last_day, carry_over)| (id, until(last_day, carry_over))).collect())
}

/// Not a change of the appointments themselves, so no version and no event: their history tells who held what.
fn rest_on(c: &mut Conn, ids: &[AppointmentId], grant: Option<GrantId>) -> Result<()> {
    diesel::update(appointments::table.filter(appointments::id.eq_any(ids)))
        .set(appointments::grant_id.eq(grant))
        .execute(c)?;
    Ok(())
}

fn ids(resting: &[Resting]) -> Vec<AppointmentId> {
    resting.iter().map(|(id, _)| *id).collect()
}
