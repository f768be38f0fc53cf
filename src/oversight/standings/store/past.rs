//! 补录: what was listed, ranked and scored elsewhere, taken over with ids that are known beforehand. Each step is the
//! step itself, on the day on which it was taken, so that nothing comes in that could not have come about here.

use platform::Result;
use platform::auth::Visible;
use platform::db::Conn;
use platform::history::By;
use platform::rule_sets;
use roster::organisations::OrganisationId;

use super::listings::{self, ListingRow};
use super::rankings::{self, Ranked, RankingRow};
use super::{area_of, boards, credit, objections, repairs, statements, steps};
use crate::ratings::FinalResult;
use crate::standings::dto::{
    BoardId, CreditEventId, CreditEventIn, DecideListingIn, ListKind, ListingId, NotifyListingIn, ObjectListingIn,
    PublishListingIn, RankingId, RepairListingIn, RepairRequestId, StatementIn,
};
use crate::standings::rules::listing::check_ground;
use crate::standings::rules::params::{LISTS, ListRules};
use crate::standings::rules::ranking::Quarter;

/// An entry as it was proposed.
#[derive(Debug, Clone, Copy)]
pub struct PastListing<'a> {
    pub id: ListingId,
    pub area_code: &'a str,
    pub organisation: OrganisationId,
    pub list: ListKind,
    pub ground_code: &'a str,
    pub evidence: &'a str,
}

pub fn propose(c: &mut Conn, past: &PastListing<'_>, by: &By) -> Result<ListingRow> {
    let area = area_of(past.area_code)?;
    let organisation = listings::subject(c, &Visible::everything(), past.organisation)?;
    let (rule_set_id, rules): (_, ListRules) = rule_sets::in_force(c, &[&LISTS], &area, by.today)?.get(&LISTS)?;
    check_ground(past.list, past.ground_code, &rules)?;
    let kind = (past.list, past.ground_code);
    let row = listings::fresh((past.id, past.area_code), &organisation, kind, past.evidence, by);
    listings::insert(c, ListingRow { rule_set_id, ..row }, by)
}

/// What was done to an entry then.
#[derive(Debug)]
pub enum PastStep {
    Notify(NotifyListingIn),
    State(StatementIn),
    Decide(DecideListingIn),
    Publish(PublishListingIn),
    Object(ObjectListingIn),
    RequestRepair(RepairRequestId, RepairListingIn),
    Repair(RepairListingIn),
}

pub fn take(c: &mut Conn, row: &ListingRow, step: &PastStep, by: &By) -> Result<ListingRow> {
    match step {
        PastStep::Notify(body) => steps::notify(c, row, body, by),
        PastStep::State(body) => statements::state(c, row, body, by),
        PastStep::Decide(body) => steps::decide(c, row, body, by),
        PastStep::Publish(body) => steps::publish(c, row, body, by),
        PastStep::Object(body) => objections::object(c, row, body, by),
        PastStep::RequestRepair(id, body) => repairs::request_as(c, *id, row, body, by),
        PastStep::Repair(body) => steps::repair(c, row, body, by),
    }
}

pub fn record_event(c: &mut Conn, id: CreditEventId, new: &CreditEventIn, by: &By) -> Result<()> {
    let organisation = listings::subject(c, &Visible::everything(), new.organisation_id)?;
    credit::insert(c, id, (new, organisation.id), by).map(drop)
}

/// The results of a quarter, ranked as they were.
pub fn freeze(
    c: &mut Conn,
    (id, area_code): (RankingId, &str),
    (year, quarter): (i32, i32),
    results: Vec<FinalResult>,
    by: &By,
) -> Result<RankingRow> {
    rankings::freeze(c, Ranked { id, area_code, quarter: Quarter { year, quarter }, results }, None, by)
}

pub fn publish_board(c: &mut Conn, id: BoardId, ranking: &RankingRow, by: &By) -> Result<()> {
    boards::publish_as(c, id, ranking, by).map(drop)
}
