//! 回避: what binds an account to the companies and compounds that it would score, in a fixed number of statements however
//! many projects there are.

use std::collections::{HashMap, HashSet};
use std::iter::successors;

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::{AreaCode, Role};
use platform::db::Conn;
use registry::identity::AccountId;
use registry::territory::dto::CompoundId;
use roster::appointments::bound_to;
use roster::organisations::{OrgKind, OrganisationId};
use roster::people::person_of_account;

use super::rows::ProjectRow;
use crate::names::{company_parents, held_roles, homes};
use crate::ratings::rules::conflicts::RatingConflict;

/// A company and its owners upwards, as many as are looked at: a group has a holding, and that one another.
const LEVELS: usize = 6;

/// Roles by which one belongs to a compound.
const AT_HOME: &[Role] =
    &[Role::Owner, Role::Resident, Role::OcChair, Role::OcMember, Role::BuildingHead, Role::UnitHead];

/// What an account holds on a day, and whom it is bound to.
#[derive(Debug)]
pub struct Ties {
    /// Where the account is an assessor.
    assesses: Vec<AreaCode>,
    acts_for: HashSet<OrganisationId>,
    lives_at: Vec<AreaCode>,
    bound: HashSet<OrganisationId>,
    homes: HashSet<CompoundId>,
    /// Whom each company belongs to, and whom that belongs to.
    parents: HashMap<OrganisationId, OrganisationId>,
}

impl Ties {
    pub fn of(c: &mut Conn, account: AccountId, projects: &[&ProjectRow], on: NaiveDate) -> Result<Self> {
        let companies: Vec<OrganisationId> = projects.iter().filter_map(|project| project.company_id).collect();
        let parents = parents_of(c, &companies)?;
        let concerned: Vec<OrganisationId> = companies.iter().chain(parents.values()).copied().collect();
        let (mut bound, mut homes) = (HashSet::new(), HashSet::new());
        if let Some(person) = person_of_account(c, account.0)? {
            bound = bound_to(c, &[person], &concerned, on)?.into_iter().map(|(_, company)| company).collect();
            homes = homes::table
                .filter(homes::person_id.eq(person))
                .filter(homes::status.eq_any(["verified", "ended"]))
                .filter(homes::valid_from.le(on))
                .filter(homes::ended_on.is_null().or(homes::ended_on.assume_not_null().gt(on)))
                .select(homes::compound_id)
                .load(c)?
                .into_iter()
                .collect();
        }
        let mut ties =
            Self { assesses: Vec::new(), acts_for: HashSet::new(), lives_at: Vec::new(), bound, homes, parents };
        for (role, area, organisation) in roles_of(c, account, on)? {
            let area: AreaCode = area.parse().map_err(|e: String| platform::Error::internal(e))?;
            ties.acts_for.extend(organisation);
            if role == Role::Assessor {
                ties.assesses.push(area);
            } else if AT_HOME.contains(&role) {
                ties.lives_at.push(area);
            }
        }
        Ok(ties)
    }

    /// Whether the account is an assessor where the project lies.
    pub fn may_assess(&self, project: &ProjectRow) -> bool {
        self.assesses.iter().any(|area| area.covers(&project.area_code))
    }

    /// Why the account may not score a project; nothing where it may.
    pub fn to(&self, project: &ProjectRow) -> Option<RatingConflict> {
        let above = |of: &OrganisationId| self.parents.get(of).copied();
        let chain: Vec<OrganisationId> = successors(project.company_id, above).take(LEVELS).collect();
        let either = |held: &HashSet<OrganisationId>| chain.iter().any(|of| held.contains(of));
        let inside = |area: &AreaCode| area.as_str().starts_with(&project.area_code);
        if either(&self.acts_for) {
            Some(RatingConflict::Role)
        } else if either(&self.bound) {
            Some(RatingConflict::Interest)
        } else if self.homes.contains(&project.compound_id) || self.lives_at.iter().any(inside) {
            Some(RatingConflict::Home)
        } else {
            None
        }
    }
}

/// The roles that an account holds on a day.
fn roles_of(c: &mut Conn, account: AccountId, on: NaiveDate) -> Result<Vec<(Role, String, Option<OrganisationId>)>> {
    Ok(held_roles::table
        .filter(held_roles::account_id.eq(account).and(held_roles::ended_at.is_null()))
        .filter(held_roles::valid_from.le(on))
        .filter(held_roles::valid_to.is_null().or(held_roles::valid_to.assume_not_null().ge(on)))
        .select((held_roles::role, held_roles::area_code, held_roles::organisation_id))
        .load(c)?)
}

/// The companies that own these, and those that own them, as far as the register knows.
fn parents_of(c: &mut Conn, companies: &[OrganisationId]) -> Result<HashMap<OrganisationId, OrganisationId>> {
    let (mut all, mut level) = (HashMap::new(), companies.to_vec());
    for _ in 1..LEVELS {
        let found = owners_of(c, &level)?;
        level = found.values().copied().filter(|owner| !all.contains_key(owner)).collect();
        all.extend(found);
        if level.is_empty() {
            break;
        }
    }
    Ok(all)
}

/// The company that owns a company, where the register knows of one.
fn owners_of(c: &mut Conn, companies: &[OrganisationId]) -> Result<HashMap<OrganisationId, OrganisationId>> {
    let parent = company_parents::parent_id;
    let pairs: Vec<(OrganisationId, OrganisationId)> = company_parents::table
        .filter(company_parents::id.eq_any(companies).and(parent.is_not_null()))
        .select((company_parents::id, parent.assume_not_null()))
        .load(c)?;
    let above: Vec<OrganisationId> = pairs.iter().map(|(_, parent)| *parent).collect();
    let companies: HashSet<OrganisationId> = company_parents::table
        .filter(company_parents::id.eq_any(above).and(company_parents::kind.eq(OrgKind::PropertyCompany)))
        .select(company_parents::id)
        .load(c)?
        .into_iter()
        .collect();
    Ok(pairs.into_iter().filter(|(_, parent)| companies.contains(parent)).collect())
}
