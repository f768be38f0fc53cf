//! Who calls, as far as the two sides of a compound's service go: of a company, or not.

use chrono::NaiveDate;
use platform::auth::{Actor, Role, Scope, Visible};
use platform::db::Conn;
use platform::history::By;
use platform::{Error, Result};
use registry::territory::dto::CompoundId;
use registry::territory::store::compounds::{self, CompoundRow};
use roster::organisations::store::hold_code;
use roster::organisations::{OrganisationId, serving};

use crate::standards::rules::parties::check_apart;
use crate::standards::rules::{COMPOUND_UNKNOWN, NO_COMPANY, NOT_COMPANY, NOT_SERVING};

/// Whoever holds one of these for a company is of it.
const OF_COMPANY: &[Role] = &[Role::CompanyAdmin, Role::ProjectManager, Role::CompanyStaff];
/// Whoever holds one of these for a company answers for it.
const FOR_COMPANY: &[Role] = &[Role::CompanyAdmin, Role::ProjectManager];

#[derive(Debug, Clone)]
pub struct Caller {
    pub visible: Visible,
    pub by: By,
    of: Vec<OrganisationId>,
    answers_for: Vec<OrganisationId>,
}

impl Caller {
    pub fn of<S: Scope>(who: &Actor<S>, by: By) -> Self {
        let held = |roles| who.principal().organisations(roles).into_iter().map(OrganisationId).collect();
        Self { visible: who.visible(), by, of: held(OF_COMPANY), answers_for: held(FOR_COMPANY) }
    }

    pub fn is_of(&self, company: OrganisationId) -> bool {
        self.of.contains(&company)
    }

    pub fn answers_for(&self, company: OrganisationId) -> bool {
        self.answers_for.contains(&company)
    }

    /// Nobody judges the company that they work for.
    pub fn check_apart(&self, company: OrganisationId) -> Result<()> {
        check_apart(self.is_of(company))
    }

    /// What a company does is done by those who answer for it.
    pub fn check_company(&self, company: OrganisationId) -> Result<()> {
        if self.answers_for(company) { Ok(()) } else { Err((&NOT_COMPANY).into()) }
    }

    /// An open compound of the caller's, held where it is until the transaction ends.
    pub fn compound(&self, c: &mut Conn, id: CompoundId) -> Result<CompoundRow> {
        let row = match compounds::find(c, &self.visible, id) {
            Err(Error::NotFound) => return Err(COMPOUND_UNKNOWN.at("/compound_id")),
            found => found?,
        };
        hold_code(c, &row.area_code, "/compound_id")?;
        // Its code is that of before it was held.
        compounds::find(c, &self.visible, id)
    }
}

/// The company with the contract that runs in the compound on the day.
pub fn company_at(c: &mut Conn, compound: CompoundId, on: NaiveDate) -> Result<OrganisationId> {
    serving(c, compound, on)?.ok_or_else(|| NO_COMPANY.at("/compound_id"))
}

/// Whether it is this company that serves the compound on one of the days.
pub fn check_serves(
    c: &mut Conn,
    (company, pointer): (OrganisationId, &str),
    compound: CompoundId,
    days: &[NaiveDate],
) -> Result<()> {
    for day in days {
        if serving(c, compound, *day)? == Some(company) {
            return Ok(());
        }
    }
    Err(NOT_SERVING.at(pointer))
}
