//! 试算: which rules would decide about a case, without one.

use platform::auth::AreaCode;
use platform::db::Conn;
use platform::{Error, Result};
use serde_json::Map;

use super::By;
use super::clocks::{calendar_at, due};
use super::draft::fresh;
use super::places;
use super::prescribed::rules_at;
use super::targets::{self, Handler};
use crate::cases::dto::{
    CategoriesOut, ClockKind, DueOut, NewCase, PolicyMatchIn, PolicyMatchOut, RoutingMatchIn, RoutingMatchOut, Tier,
};
use crate::cases::rules::params::categories::{CATEGORIES, Categories};
use crate::cases::rules::params::deadlines::{DEADLINES, Deadlines, Facts};
use crate::cases::rules::params::routing::{ROUTING, Routing};

pub fn categories(c: &mut Conn, area: &AreaCode, by: &By) -> Result<CategoriesOut> {
    let rules = rules_at(c, area.as_str(), by)?;
    let (_, dictionary) = rules.get::<Categories>(&CATEGORIES)?;
    Ok(CategoriesOut { rule: rules.applied(&CATEGORIES), items: dictionary.categories })
}

/// Which policy facts would get here, and by when each of its clocks would be due.
pub fn policy(c: &mut Conn, area: &AreaCode, asked: &PolicyMatchIn, by: &By) -> Result<PolicyMatchOut> {
    let rules = rules_at(c, area.as_str(), by)?;
    let (_, dictionary) = rules.get::<Categories>(&CATEGORIES)?;
    let category = dictionary.find(asked.kind, &asked.category)?;
    let urgency = asked.urgency.unwrap_or(category.urgency);
    let tier = asked.tier.unwrap_or(Tier::Branch);
    let (_, deadlines) = rules.get::<Deadlines>(&DEADLINES)?;
    let facts = Facts { kind: asked.kind, category: &asked.category, urgency, tier };
    let (index, policy) = deadlines.of(&facts).ok_or_else(|| Error::internal("no policy matches"))?;
    let start_at = asked.start_at.unwrap_or(by.at);
    let calendar = calendar_at(c, area.as_str(), start_at)?;
    let dues = ClockKind::ALL.iter().map(|clock| {
        let budget = policy.budget(*clock, 1);
        let budget_minutes = budget.minutes(calendar.day_minutes());
        Ok(DueOut { clock: *clock, mode: budget.mode(), budget_minutes, due_at: due(&calendar, budget, start_at)? })
    });
    let dues = dues.collect::<Result<_>>()?;
    Ok(PolicyMatchOut { rule: rules.applied(&DEADLINES), index, policy: policy.clone(), urgency, start_at, dues })
}

/// Who would get a case that is reported here.
pub fn routing(c: &mut Conn, area: &AreaCode, asked: &RoutingMatchIn, by: &By) -> Result<RoutingMatchOut> {
    let place = places::find(c, Some(area), None)?.place;
    let rules = rules_at(c, area.as_str(), by)?;
    let (_, dictionary) = rules.get::<Categories>(&CATEGORIES)?;
    let category = dictionary.find(asked.kind, &asked.category)?;
    let row = fresh(&supposed(asked), &place, category, by);
    let (_, routing) = rules.get::<Routing>(&ROUTING)?;
    let found = targets::by_rules(c, &routing, &row.routing_facts(), &row, by)?;
    let handler_org_id = match found {
        Some((_, Handler::Organisation(id))) => Some(id),
        Some((_, Handler::Person(_))) | None => None,
    };
    let index = found.map(|(index, _)| index);
    Ok(RoutingMatchOut {
        rule: rules.applied(&ROUTING),
        index,
        matched: index.and_then(|index| routing.rules.get(index).cloned()),
        handler_org_id,
        automatic: routing.automatic,
    })
}

/// A case of which only what the rules look at is said.
fn supposed(asked: &RoutingMatchIn) -> NewCase {
    NewCase {
        area_code: None,
        point: None,
        kind: asked.kind,
        category: asked.category.clone(),
        channel: asked.channel,
        urgency: asked.urgency,
        title: String::new(),
        body: String::new(),
        fields: Map::new(),
        place: None,
        asset: None,
        identity: None,
        visibility: None,
        reporter: None,
        reported_at: None,
    }
}
