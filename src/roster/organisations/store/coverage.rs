//! 党的覆盖: one open record per company or committee, the earlier ones behind it with their dates.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::error::OrConflict;
use platform::history::{record as record_event, record_first};
use serde_json::json;

use super::organisations::OrganisationRow;
use super::{By, check_seen, in_force, instructors, no_longer, organisations, seen, tree};
use crate::organisations::dto::{Coverage, CoverageId, CoverageIn, CoverageQuery, OpenFilter, OrganisationId};
use crate::organisations::rules::params::JOINT_BRANCHES;
use crate::organisations::rules::{self, BRANCH_MEMBERS, coverage};
use crate::schema::party_coverages as coverages;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = coverages, treat_none_as_default_value = false)]
pub struct CoverageRow {
    pub id: CoverageId,
    pub organisation_id: OrganisationId,
    pub area_code: String,
    pub formal_members: i32,
    pub coverage: Coverage,
    pub party_org_id: Option<OrganisationId>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub note: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

pub fn find(c: &mut Conn, visible: &Visible, id: CoverageId) -> Result<CoverageRow> {
    let row: CoverageRow = coverages::table.find(id).select(CoverageRow::as_select()).first(c)?;
    check_seen(visible, &row.area_code)?;
    Ok(row)
}

/// Records by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<CoverageId>, i64),
    filter: &CoverageQuery,
) -> Result<Vec<CoverageRow>> {
    let mut query = filtered(visible, filter);
    if let Some(after) = after {
        query = query.filter(coverages::id.gt(after));
    }
    Ok(query.order(coverages::id.asc()).limit(fetch).select(CoverageRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &CoverageQuery) -> Result<i64> {
    Ok(filtered(visible, filter).count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &CoverageQuery) -> coverages::BoxedQuery<'static, Backend> {
    let mut query = coverages::table.into_boxed::<Backend>().filter(seen!(visible, coverages::area_code));
    if let Some(area) = &filter.area {
        let range = platform::db::Range::under(area.as_str());
        query = query.filter(coverages::area_code.ge(range.from)).filter(coverages::area_code.lt(range.to));
    }
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(coverages::organisation_id.eq(organisation));
    }
    if let Some(party_org) = filter.party_org_id {
        query = query.filter(coverages::party_org_id.eq(party_org));
    }
    if let Some(kind) = filter.coverage {
        query = query.filter(coverages::coverage.eq(kind));
    }
    if let Some(due) = filter.due {
        let is_due = coverages::formal_members.ge(BRANCH_MEMBERS).and(coverages::coverage.ne(Coverage::Own));
        query = if due { query.filter(is_due) } else { query.filter(diesel::dsl::not(is_due)) };
    }
    match filter.status.unwrap_or(OpenFilter::Open) {
        OpenFilter::Open => query.filter(coverages::valid_to.is_null()),
        OpenFilter::Ended => query.filter(coverages::valid_to.is_not_null()),
        OpenFilter::All => query,
    }
}

/// Records how the Party reaches an organisation from a day on.
pub fn record(c: &mut Conn, of: &OrganisationRow, new: &CoverageIn, by: &By) -> Result<CoverageRow> {
    coverage::may_be_covered(of.kind)?;
    if of.status.is_over() {
        return Err((&rules::ENDED).into());
    }
    rules::may_begin(new.valid_from, by.today, "/valid_from")?;
    tree::lock(c, of.id)?;
    let party_kind = match new.party_org_id {
        Some(id) => {
            let Some(party_org) = tree::lock(c, id)?.filter(|row| !row.status.is_over()) else {
                return Err(rules::NOT_A_PARTY_ORG.at("/party_org_id"));
            };
            party_org
                .party_kind
                .map_or_else(|| Err(rules::NOT_A_PARTY_ORG.at("/party_org_id")), |kind| Ok(Some(kind)))?
        }
        None => None,
    };
    let instructor = instructors::has_open(c, of.id)?;
    coverage::check(new.coverage, new.formal_members, party_kind, instructor)?;
    if let (Coverage::Joint, Some(branch)) = (new.coverage, new.party_org_id) {
        let (bounds, _) = in_force(c, &JOINT_BRANCHES, &of.area_code, new.valid_from)?;
        coverage::check_joint(others_of(c, branch, of.id)?, &bounds)?;
    }
    end_open(c, of.id, new.valid_from, by)?;
    let CoverageIn { formal_members, coverage, party_org_id, valid_from, note } = new.clone();
    let row = CoverageRow {
        id: CoverageId::fresh(),
        organisation_id: of.id,
        area_code: of.area_code.clone(),
        formal_members,
        coverage,
        party_org_id,
        valid_from,
        valid_to: None,
        note,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &CoverageRow, by: &By) -> Result<()> {
    diesel::insert_into(coverages::table).values(row).execute(c).or_conflict(&rules::COVERAGE_TAKEN)?;
    let data = json!({ "organisation_id": row.organisation_id, "formal_members": row.formal_members,
        "coverage": row.coverage, "party_org_id": row.party_org_id, "valid_from": row.valid_from });
    record_first(c, by.event("party_coverage", row.id, 1, "party_coverage.recorded", &row.area_code, data))
}

/// The units that a joint branch reaches beside this one.
fn others_of(c: &mut Conn, branch: OrganisationId, beside: OrganisationId) -> Result<i64> {
    Ok(coverages::table
        .filter(coverages::party_org_id.eq(branch).and(coverages::valid_to.is_null()))
        .filter(coverages::organisation_id.ne(beside))
        .count()
        .get_result(c)?)
}

/// Ends the open record on the first day of the next.
fn end_open(c: &mut Conn, of: OrganisationId, on: NaiveDate, by: &By) -> Result<()> {
    let open = coverages::organisation_id.eq(of).and(coverages::valid_to.is_null());
    let row: Option<CoverageRow> =
        coverages::table.filter(open).select(CoverageRow::as_select()).first(c).optional()?;
    let Some(row) = row else { return Ok(()) };
    if on <= row.valid_from {
        return Err((&rules::COVERAGE_TAKEN).into());
    }
    let target =
        diesel::update(coverages::table).filter(coverages::id.eq(row.id).and(coverages::version.eq(row.version)));
    let set =
        (coverages::valid_to.eq(Some(on)), coverages::version.eq(row.version + 1), coverages::updated_at.eq(by.at));
    no_longer(target.set(set).execute(c)?, row.version + 1)?;
    let data = json!({ "on": on });
    record_event(c, by.event("party_coverage", row.id, row.version + 1, "party_coverage.ended", &row.area_code, data))
}

/// With the organisation itself; a record of the same day stands for that one day.
pub fn end_of(c: &mut Conn, of: OrganisationId, on: NaiveDate, by: &By) -> Result<()> {
    let open = coverages::organisation_id.eq(of).and(coverages::valid_to.is_null());
    let since: Option<NaiveDate> = coverages::table.filter(open).select(coverages::valid_from).first(c).optional()?;
    match since {
        None => Ok(()),
        Some(since) => end_open(c, of, on.max(since.succ_opt().unwrap_or(since)), by),
    }
}

/// The organisation that a record is to be made for, as the caller sees it.
pub fn subject(c: &mut Conn, visible: &Visible, id: OrganisationId) -> Result<OrganisationRow> {
    let row = organisations::find(c, visible, id)?;
    visible.check(&row.area_code)?;
    Ok(row)
}
