//! 评分表: a draft that its assessor fills in, frozen once it is submitted.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn};
use platform::error::OrConflict;
use platform::history::{By, record, record_first};
use platform::{Error, Result, in_ranges, insert_rows};
use registry::identity::AccountId;
use serde_json::json;

use super::rows::{AssessorRow, CampaignRow, IndicatorRow, PointRow, ProjectRow, SheetRow};
use super::{appeals, assessors, campaigns, indicators, projects, saved, schemes};
use crate::ratings::dto::{
    PointIn, RatingCampaignId, RatingCampaignStatus, RatingIndicatorId, RatingProjectId, RatingRound, RatingSheetId,
    RatingSheetStatus,
};
use crate::ratings::rules::sheets::{Given, check_answers, check_whole};
use crate::ratings::rules::{NOT_ASSESSING, NOT_ASSIGNED, SHEET_EXISTS, SHEET_FROZEN};
use crate::schema::{
    rating_assessors as assessors_table, rating_points as points, rating_projects as projects_table,
    rating_sheets as sheets,
};

/// The entity of a sheet's events.
pub const ENTITY: &str = "rating_sheet";

/// A sheet with its answers, in the order of the indicators.
#[derive(Debug, Clone)]
pub struct Whole {
    pub row: SheetRow,
    pub points: Vec<(IndicatorRow, PointRow)>,
}

/// Begins a sheet of one's own.
pub fn begin(c: &mut Conn, account: AccountId, project: &ProjectRow, given: &[PointIn], by: &By) -> Result<SheetRow> {
    let campaign = campaigns::hold(c, project.campaign_id)?;
    let assessor = assessors::of_account(c, campaign.id, account)?.ok_or(&NOT_ASSIGNED)?;
    let round = assessors::task(c, assessor.id, project.id)?.ok_or(&NOT_ASSIGNED)?;
    check_open(c, &campaign, project.id, round)?;
    assessors::check_again(c, account, project, by)?;
    let row = SheetRow {
        id: RatingSheetId::fresh(),
        project_id: project.id,
        campaign_id: campaign.id,
        assessor_id: assessor.id,
        panel: assessor.panel,
        round,
        status: RatingSheetStatus::Draft,
        submitted_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(sheets::table).values(&row).execute(c).or_conflict(&SHEET_EXISTS)?;
    fill(c, &row, &campaign, given)?;
    let data = json!({ "project_id": row.project_id, "panel": row.panel, "round": row.round });
    record_first(c, by.event(ENTITY, row.id, 1, "rating_sheet.begun", &project.area_code, data))?;
    Ok(row)
}

/// The first round is scored while the campaign is assessing, a review while its appeal waits.
fn check_open(c: &mut Conn, campaign: &CampaignRow, project: RatingProjectId, round: RatingRound) -> Result<()> {
    let open = match round {
        RatingRound::First => campaign.status == RatingCampaignStatus::Assessing,
        RatingRound::Review => appeals::is_waiting(c, project)?,
    };
    if open { Ok(()) } else { Err((&NOT_ASSESSING).into()) }
}

/// Puts these answers in the place of those that a draft had.
fn fill(c: &mut Conn, row: &SheetRow, campaign: &CampaignRow, given: &[PointIn]) -> Result<()> {
    let all = indicators::of_scheme(c, campaign.scheme_id)?;
    let (of, asked) = indicators::asked_of(&all, row.panel);
    let answers: Vec<Given<'_>> = given.iter().map(PointIn::given).collect();
    check_answers(&asked, &answers, "/points")?;
    let ids: HashMap<&str, RatingIndicatorId> =
        of.iter().map(|indicator| (indicator.code.as_str(), indicator.id)).collect();
    let fresh = |new: &PointIn| {
        Some(PointRow {
            sheet_id: row.id,
            indicator_id: *ids.get(new.code.as_str())?,
            points: new.points,
            vetoed: new.vetoed.unwrap_or(false),
            note: new.note.clone(),
        })
    };
    let rows: Vec<PointRow> = given.iter().filter_map(fresh).collect();
    diesel::delete(points::table.filter(points::sheet_id.eq(row.id))).execute(c)?;
    Ok(insert_rows!(c, points::table, rows.iter().collect())?)
}

pub fn update(c: &mut Conn, row: &SheetRow, given: &[PointIn], by: &By) -> Result<SheetRow> {
    let (campaign, project, _) = workable(c, row)?;
    fill(c, row, &campaign, given)?;
    save(c, row, row.clone(), "rating_sheet.changed", &project.area_code, by)
}

/// 提交: every indicator that is this scorer's is answered, nobody is bound to whom they score, and nothing is changed any more.
pub fn submit(c: &mut Conn, row: &SheetRow, by: &By) -> Result<SheetRow> {
    let (campaign, project, assessor) = workable(c, row)?;
    assessors::check_again(c, assessor.account_id, &project, by)?;
    let whole = whole(c, row.clone())?;
    let terms = schemes::get(c, campaign.scheme_id)?.terms()?;
    let all = indicators::of_scheme(c, campaign.scheme_id)?;
    let (_, asked) = indicators::asked_of(&all, row.panel);
    let answers: Vec<Given<'_>> = whole.points.iter().map(|(indicator, point)| point.given(indicator)).collect();
    check_whole(&terms.dimensions, &asked, &answers)?;
    let after = SheetRow { status: RatingSheetStatus::Submitted, submitted_at: Some(by.at), ..row.clone() };
    save(c, row, after, "rating_sheet.submitted", &project.area_code, by)
}

impl PointRow {
    pub fn given<'a>(&self, indicator: &'a IndicatorRow) -> Given<'a> {
        Given { code: &indicator.code, points: self.points, vetoed: self.vetoed, noted: self.note.is_some() }
    }
}

fn workable(c: &mut Conn, row: &SheetRow) -> Result<(CampaignRow, ProjectRow, AssessorRow)> {
    if row.status == RatingSheetStatus::Submitted {
        return Err((&SHEET_FROZEN).into());
    }
    let campaign = campaigns::hold(c, row.campaign_id)?;
    check_open(c, &campaign, row.project_id, row.round)?;
    Ok((campaign, projects::get(c, row.project_id)?, assessors::get(c, row.assessor_id)?))
}

fn save(
    c: &mut Conn,
    row: &SheetRow,
    after: SheetRow,
    event: &'static str,
    area_code: &str,
    by: &By,
) -> Result<SheetRow> {
    let after = SheetRow { version: row.version + 1, updated_at: by.at, ..after };
    saved!(c, sheets, row, after)?;
    record(c, by.event(ENTITY, after.id, after.version, event, area_code, json!({ "panel": after.panel })))?;
    Ok(after)
}

pub fn whole(c: &mut Conn, row: SheetRow) -> Result<Whole> {
    let points = of_sheets(c, &[row.id])?.into_iter().map(|(_, indicator, point)| (indicator, point)).collect();
    Ok(Whole { row, points })
}

/// The answers of some sheets, in the order of the indicators. One statement.
pub fn of_sheets(c: &mut Conn, ids: &[RatingSheetId]) -> Result<Vec<(RatingSheetId, IndicatorRow, PointRow)>> {
    use crate::schema::rating_indicators as indicators;
    Ok(points::table
        .inner_join(indicators::table.on(indicators::id.eq(points::indicator_id)))
        .filter(points::sheet_id.eq_any(ids))
        .order((points::sheet_id, indicators::position))
        .select((points::sheet_id, IndicatorRow::as_select(), PointRow::as_select()))
        .load(c)?)
}

/// Those of a project that were submitted, in the order in which they were begun.
pub fn submitted_of(c: &mut Conn, project: RatingProjectId) -> Result<Vec<SheetRow>> {
    let of = sheets::table.filter(sheets::project_id.eq(project));
    let submitted = of.filter(sheets::status.eq(RatingSheetStatus::Submitted)).order(sheets::id);
    Ok(submitted.select(SheetRow::as_select()).load(c)?)
}

/// Who reads sheets: overseers of a rating those of their area, an assessor their own.
#[derive(Debug, Clone)]
pub struct Reader {
    pub overseen: Visible,
    pub account: AccountId,
}

pub fn find(c: &mut Conn, reader: &Reader, id: RatingSheetId) -> Result<SheetRow> {
    let (row, area, account): (SheetRow, String, AccountId) = sheets::table
        .inner_join(projects_table::table.on(projects_table::id.eq(sheets::project_id)))
        .inner_join(assessors_table::table.on(assessors_table::id.eq(sheets::assessor_id)))
        .filter(sheets::id.eq(id))
        .select((SheetRow::as_select(), projects_table::area_code, assessors_table::account_id))
        .first(c)?;
    if reader.overseen.covers(&area) || reader.account == account { Ok(row) } else { Err(Error::NotFound) }
}

/// One's own sheet, to work on.
pub fn find_own(c: &mut Conn, account: AccountId, id: RatingSheetId) -> Result<SheetRow> {
    find(c, &Reader { overseen: Visible::of([]), account }, id)
}

/// The sheets of a campaign that a reader reads.
macro_rules! filtered {
    ($reader:expr, $campaign:expr) => {{
        let overseen = in_ranges!($reader.overseen.ranges(), projects_table::area_code);
        let own = assessors_table::account_id.eq($reader.account);
        sheets::table
            .inner_join(projects_table::table.on(projects_table::id.eq(sheets::project_id)))
            .inner_join(assessors_table::table.on(assessors_table::id.eq(sheets::assessor_id)))
            .filter(sheets::campaign_id.eq($campaign))
            .into_boxed::<Backend>()
            .filter(overseen.or(own))
    }};
}

/// By id, oldest first.
pub fn list(
    c: &mut Conn,
    reader: &Reader,
    campaign: RatingCampaignId,
    (after, fetch): (Option<RatingSheetId>, i64),
) -> Result<Vec<SheetRow>> {
    let mut query = filtered!(reader, campaign);
    if let Some(after) = after {
        query = query.filter(sheets::id.gt(after));
    }
    Ok(query.order(sheets::id.asc()).limit(fetch).select(SheetRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, reader: &Reader, campaign: RatingCampaignId) -> Result<i64> {
    Ok(filtered!(reader, campaign).count().get_result(c)?)
}
