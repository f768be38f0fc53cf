//! What is in force at a case's place: the rules of this context and the calendar.

use platform::auth::AreaCode;
use platform::calendar::Calendar;
use platform::db::{Conn, Ts};
use platform::history::By;
use platform::rule_sets::{self, RuleSetId, Rules};
use platform::{Error, Result};

use super::clocks;
use super::rows::CaseRow;
use crate::cases::rules::params::categories::{CATEGORIES, Categories};
use crate::cases::rules::params::deadlines::{DEADLINES, Deadlines, Facts, Policy};
use crate::cases::rules::params::{RULES, routing};

/// The rules of this context that are in force at a place today.
pub fn rules_at(c: &mut Conn, area_code: &str, by: &By) -> Result<Rules> {
    let area: AreaCode = area_code.parse().map_err(|e: String| Error::internal(e))?;
    rule_sets::in_force(c, RULES, &area, by.today)
}

/// 派单规则 in force at a case's place.
pub fn routing_at(c: &mut Conn, row: &CaseRow, by: &By) -> Result<routing::Routing> {
    Ok(rules_at(c, &row.area_code, by)?.get(&routing::ROUTING)?.1)
}

/// The policy for a case as it is classified.
pub fn policy_for<'a>(deadlines: &'a Deadlines, row: &CaseRow) -> Result<&'a Policy> {
    let facts = Facts { kind: row.kind, category: &row.category, urgency: row.urgency, tier: row.tier };
    deadlines.of(&facts).map(|(_, policy)| policy).ok_or_else(|| Error::internal("no policy matches"))
}

/// What the rules and the calendar of a place say of what is reported there.
#[derive(Debug)]
pub struct Prescribed {
    pub category_set_id: Option<RuleSetId>,
    pub categories: Categories,
    pub policy_set_id: Option<RuleSetId>,
    pub deadlines: Deadlines,
    pub calendar: Calendar,
}

impl Prescribed {
    pub fn of(rules: &Rules, calendar: Calendar) -> Result<Self> {
        let (category_set_id, categories) = rules.get(&CATEGORIES)?;
        let (policy_set_id, deadlines) = rules.get(&DEADLINES)?;
        Ok(Self { category_set_id, categories, policy_set_id, deadlines, calendar })
    }

    pub fn at(c: &mut Conn, area_code: &str, reported_at: Ts, by: &By) -> Result<Self> {
        let rules = rules_at(c, area_code, by)?;
        Self::of(&rules, clocks::calendar_at(c, area_code, reported_at)?)
    }
}
