//! Which meetings a caller sees: an overseer by the place, everybody else those at which an organisation has a seat that they
//! act for, by a role or by an appointment in office.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::{Actor, AreaCode, Family, Role, Scope, Visible};
use platform::db::Conn;
use platform::{Error, Result};
use registry::identity::AccountId;
use roster::appointments::{Office, offices_of};
use roster::organisations::OrganisationId;

use super::rows::MeetingRow;
use crate::meetings::dto::MeetingId;
use crate::meetings::rules::NOT_CONVENER;
use crate::meetings::{MeetingsConvene, MeetingsRead};
use crate::schema::{meeting_seats as seats, meetings};

/// Who sees the meetings of their area.
const OVERSEERS: &[Role] = &[
    Role::DistrictCoord,
    Role::PropertyAuthority,
    Role::IndustryParty,
    Role::StreetOfficer,
    Role::CommunitySecretary,
    Role::CommunityWorker,
    Role::ContactLeader,
    Role::Instructor,
    Role::Auditor,
];

/// What a caller may look at.
#[derive(Debug, Clone)]
pub struct Sight {
    pub areas: Visible,
    /// Of the caller's roles.
    organisations: Vec<OrganisationId>,
    pub account: AccountId,
    today: NaiveDate,
    /// Where the caller convenes: areas governed, and organisations acted for.
    governed: Visible,
    acted_for: Vec<OrganisationId>,
}

impl Sight {
    /// What the caller sees, and what they convene.
    pub fn of<S: Scope>(who: &Actor<S>, today: NaiveDate) -> Self {
        let principal = who.principal();
        let held: Vec<Role> = Role::ALL.iter().copied().filter(|role| role.acts_for_organisation()).collect();
        let organisations = principal.organisations(&held).into_iter().map(OrganisationId).collect();
        // By the roles that convene, whatever the call's own scope: who may only read or propose convenes nothing.
        let convening: Vec<Role> =
            Role::ALL.iter().copied().filter(|role| MeetingsConvene::HOLDERS.include(*role)).collect();
        let governing: Vec<Role> =
            convening.iter().copied().filter(|role| role.family() == Family::Government).collect();
        let governed = principal.visible_as(&governing, MeetingsConvene::NAME);
        let acted_for = principal.organisations(&convening).into_iter().map(OrganisationId).collect();
        let areas = principal.visible_as(OVERSEERS, MeetingsRead::NAME);
        Self { areas, organisations, account: AccountId(who.id()), today, governed, acted_for }
    }

    /// Whether the caller sees every meeting in this area, or all of them where none is named: a seat adds nothing then.
    pub fn oversees(&self, area: Option<&AreaCode>) -> bool {
        self.areas.covers(area.map_or("", AreaCode::as_str))
    }

    /// The organisations that the caller acts for, by a role or by an appointment in office.
    pub fn organisations(&self, c: &mut Conn) -> Result<Vec<OrganisationId>> {
        let mut all = self.organisations.clone();
        all.extend(self.offices(c)?.into_iter().map(|office| office.organisation_id));
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    /// What the caller holds today.
    pub fn offices(&self, c: &mut Conn) -> Result<Vec<Office>> {
        offices_of(c, self.account, self.today)
    }

    /// Whether the caller convenes for this organisation at this place: who governs the area, or acts for the organisation.
    pub fn convenes_at(&self, area_code: &str, convener: OrganisationId) -> bool {
        self.governed.covers(area_code) || self.acted_for.contains(&convener)
    }

    pub fn convenes(&self, row: &MeetingRow) -> bool {
        self.convenes_at(&row.area_code, row.convener_org_id)
    }
}

/// A meeting, whoever asks.
pub fn get(c: &mut Conn, id: MeetingId) -> Result<MeetingRow> {
    Ok(meetings::table.find(id).select(MeetingRow::as_select()).first(c)?)
}

/// A meeting that the caller sees; 404 otherwise.
pub fn find(c: &mut Conn, sight: &Sight, id: MeetingId) -> Result<MeetingRow> {
    let row = get(c, id)?;
    if sight.areas.covers(&row.area_code) || sight.convenes(&row) {
        return Ok(row);
    }
    if is_seated(c, sight, id)? { Ok(row) } else { Err(Error::NotFound) }
}

/// Whether an organisation that the caller acts for has a seat.
pub fn is_seated(c: &mut Conn, sight: &Sight, id: MeetingId) -> Result<bool> {
    let acted_for = sight.organisations(c)?;
    let at_the_table = seats::meeting_id.eq(id).and(seats::organisation_id.eq_any(acted_for));
    let seated: i64 = seats::table.filter(at_the_table).count().get_result(c)?;
    Ok(seated > 0)
}

/// A meeting that the caller convenes: 404 where it is not seen, 403 where it is somebody else's.
pub fn find_convened(c: &mut Conn, sight: &Sight, id: MeetingId) -> Result<MeetingRow> {
    let row = find(c, sight, id)?;
    if sight.convenes(&row) { Ok(row) } else { Err((&NOT_CONVENER).into()) }
}
