//! Who sees what of the lists and of credit: those who oversee an area, and the people of the organisation itself.

use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use platform::auth::{Actor, Principal, Role, Scope, Visible};
use platform::db::Backend;
use platform::{Error, Result, in_ranges};
use roster::organisations::OrganisationId;

use super::listings::ListingRow;
use crate::schema::{credit_events, listings};

/// Who sees what is kept of the organisations of their area.
const OVERSEERS: &[Role] = &[
    Role::DistrictCoord,
    Role::PropertyAuthority,
    Role::IndustryParty,
    Role::StreetOfficer,
    Role::CommunitySecretary,
    Role::Auditor,
];

/// Who speaks for a company or a station.
const SPEAKERS: &[Role] = &[Role::CompanyAdmin, Role::ProjectManager, Role::StationHead];

#[derive(Debug, Clone)]
pub struct Sight {
    areas: Visible,
    own: Vec<OrganisationId>,
}

type ListingCondition = Box<dyn BoxableExpression<listings::table, Backend, SqlType = Bool>>;
type CreditCondition = Box<dyn BoxableExpression<credit_events::table, Backend, SqlType = Bool>>;

impl Sight {
    pub fn of<S: Scope>(who: &Actor<S>) -> Self {
        Self::of_principal(who.principal(), S::NAME)
    }

    pub fn of_principal(who: &Principal, scope: &str) -> Self {
        let own = who.organisations(SPEAKERS).into_iter().map(OrganisationId).collect();
        Self { areas: who.visible_as(OVERSEERS, scope), own }
    }

    /// Whether the caller sees what is kept of this organisation in this area.
    pub fn sees(&self, area_code: &str, organisation: OrganisationId) -> bool {
        self.areas.covers(area_code) || self.own.contains(&organisation)
    }

    /// An organisation knows of an entry from the notice on, or from the publication of praise.
    pub fn sees_listing(&self, row: &ListingRow) -> bool {
        self.areas.covers(&row.area_code) || (self.own.contains(&row.organisation_id) && row.is_known())
    }

    pub fn check_own(&self, organisation: OrganisationId) -> Result<()> {
        if self.own.contains(&organisation) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Where the caller oversees.
    pub fn areas(&self) -> &Visible {
        &self.areas
    }

    pub fn listings(&self) -> ListingCondition {
        let known = listings::notified_on.is_not_null().or(listings::published_on.is_not_null());
        let own = listings::organisation_id.eq_any(self.own.clone()).and(known);
        Box::new(in_ranges!(self.areas.ranges(), listings::area_code).or(own))
    }

    pub fn credit(&self) -> CreditCondition {
        let own = credit_events::organisation_id.eq_any(self.own.clone());
        Box::new(in_ranges!(self.areas.ranges(), credit_events::area_code).or(own))
    }
}
