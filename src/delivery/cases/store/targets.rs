//! Who can be given a case: by the rules, in their order, or by name.

use platform::auth::Role;
use platform::db::Conn;
use platform::history::By;
use platform::{Error, Result};
use registry::identity::{AccountId, may_act};
use roster::organisations::{self as bodies, OrgKind, OrgStatus, OrganisationId};

use super::places::district_of;
use super::rows::CaseRow;
use crate::cases::rules::params::routing::{Facts, Routing, Rule, Target};
use crate::cases::rules::parties::PERSONS;
use crate::cases::rules::{NO_TARGET, ONE_TARGET, TARGET_INVALID};

/// Who has a case in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handler {
    Organisation(OrganisationId),
    Person(AccountId),
}

impl CaseRow {
    pub fn handler(&self) -> Option<Handler> {
        self.handler_org_id.map(Handler::Organisation).or(self.handler_id.map(Handler::Person))
    }

    pub fn routing_facts(&self) -> Facts<'_> {
        Facts { kind: self.kind, category: &self.category, urgency: self.urgency, channel: self.channel }
    }

    /// The same row with another handler.
    pub fn given_to(mut self, handler: Handler) -> Self {
        (self.handler_org_id, self.handler_id) = match handler {
            Handler::Organisation(id) => (Some(id), None),
            Handler::Person(id) => (None, Some(id)),
        };
        self
    }
}

/// The handler that the rules name for a case at this place, and which rule did.
pub fn by_rules(
    c: &mut Conn,
    routing: &Routing,
    facts: &Facts<'_>,
    row: &CaseRow,
    by: &By,
) -> Result<Option<(usize, Handler)>> {
    for (at, rule) in routing.matching(facts) {
        // The first match decides, but a match that names nobody here (no company serves the place) leaves it to the next.
        if let Some(id) = meant(c, rule, row, by)? {
            return Ok(Some((at, Handler::Organisation(id))));
        }
    }
    Ok(None)
}

fn meant(c: &mut Conn, rule: &Rule, row: &CaseRow, by: &By) -> Result<Option<OrganisationId>> {
    match rule.to {
        Target::ServingCompany => match row.compound_id {
            Some(compound) => bodies::serving(c, compound, by.today),
            None => Ok(None),
        },
        Target::ServiceStation => bodies::nearest(c, OrgKind::RedServiceStation, &row.area_code),
        Target::Community => bodies::nearest(c, OrgKind::ResidentsCommittee, &row.community_code),
        Target::Organisation => {
            let Some(id) = rule.organisation_id.map(OrganisationId) else { return Ok(None) };
            Ok(if serves(c, id, row, by)? { Some(id) } else { None })
        }
    }
}

/// The handler that somebody names, checked; by the rules where they name nobody.
pub fn chosen(
    c: &mut Conn,
    (organisation, person): (Option<OrganisationId>, Option<AccountId>),
    routing: &Routing,
    row: &CaseRow,
    by: &By,
) -> Result<Handler> {
    match (organisation, person) {
        (Some(_), Some(_)) => Err(ONE_TARGET.at("/account_id")),
        (Some(id), None) if serves(c, id, row, by)? => Ok(Handler::Organisation(id)),
        (Some(_), None) => Err(TARGET_INVALID.at("/organisation_id")),
        (None, Some(id)) if acts(c, id, row, by)? => Ok(Handler::Person(id)),
        (None, Some(_)) => Err(TARGET_INVALID.at("/account_id")),
        (None, None) => {
            let found = by_rules(c, routing, &row.routing_facts(), row, by)?;
            found.map(|(_, handler)| handler).ok_or_else(|| NO_TARGET.at("/organisation_id"))
        }
    }
}

/// A company serves where its contract runs; any other body where its area is, or anywhere in its own district.
fn serves(c: &mut Conn, id: OrganisationId, row: &CaseRow, by: &By) -> Result<bool> {
    let Some(body) = bodies::get(c, id)? else { return Ok(false) };
    if !matches!(body.status, OrgStatus::Active | OrgStatus::Founded | OrgStatus::Registered) {
        return Ok(false);
    }
    match (body.kind, row.compound_id) {
        (OrgKind::PropertyCompany, Some(compound)) => Ok(bodies::serving(c, compound, by.today)? == Some(id)),
        (OrgKind::PropertyCompany, None) => Ok(false),
        _ => {
            Ok(row.area_code.starts_with(&body.area_code)
                || district_of(&body.area_code) == district_of(&row.area_code))
        }
    }
}

fn acts(c: &mut Conn, id: AccountId, row: &CaseRow, by: &By) -> Result<bool> {
    let mut codes = vec![row.area_code.as_str()];
    codes.extend(row.grid_code.as_deref());
    let roles: &[Role] = PERSONS;
    match may_act(c, id, roles, &codes, by.today) {
        Err(Error::NotFound) => Ok(false),
        other => other,
    }
}
