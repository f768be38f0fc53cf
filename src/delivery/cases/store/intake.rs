//! 受理登记: a case as it is first written, with the time limits that it will be held to.

use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::Conn;
use platform::error::OrConflict;
use platform::history::{self, By, Chained};
use platform::secrets::Secrets;
use platform::{Result, insert_rows};
use registry::identity::{AccountId, account_area};

use super::draft::Draft;
use super::places::{Found, Place, district_of};
use super::rows::{CaseRow, DetailsRow};
use super::{board, clocks, counts};
use crate::cases::dto::NewCase;
use crate::cases::rules::{NUMBER_TAKEN, PLACE_UNKNOWN};
use crate::schema::{case_details, case_reporters, cases};

/// Whether somebody may report at this place: in a district where they hold a role, or where their account is at home.
pub fn may_report_at(c: &mut Conn, visible: &Visible, account: AccountId, place: &Place) -> Result<()> {
    if is_near(c, visible, account, &place.area_code)? { Ok(()) } else { Err(PLACE_UNKNOWN.at("/area_code")) }
}

/// Whether a place lies in a district where the caller holds a role, or is at home.
pub fn is_near(c: &mut Conn, visible: &Visible, account: AccountId, area_code: &str) -> Result<bool> {
    if is_near_a_role(visible, area_code) {
        return Ok(true);
    }
    Ok(account_area(c, account)?.is_some_and(|home| are_near(&home, area_code)))
}

pub fn is_near_a_role(visible: &Visible, area_code: &str) -> bool {
    visible.areas().iter().any(|area| are_near(area.as_str(), area_code))
}

fn are_near(code: &str, area_code: &str) -> bool {
    area_code.starts_with(code) || district_of(code) == district_of(area_code)
}

/// Whether somebody may write down what was reported of this place: where they see, or in a grid of theirs.
pub fn may_write_down_at(visible: &Visible, place: &Place) -> Result<()> {
    let in_grid = place.grid_code.as_deref().is_some_and(|grid| visible.covers(grid));
    if in_grid { Ok(()) } else { visible.check(&place.area_code) }
}

/// Writes a case down, with its clocks running. The reporter's acts leave no actor in the history.
pub fn insert(
    c: &mut Conn,
    secrets: &Secrets,
    (new, drafted): (&NewCase, Option<&Draft>),
    found: &Found,
    by: &By,
) -> Result<(CaseRow, DetailsRow)> {
    let anew;
    let draft = match drafted {
        Some(drafted) if drafted.place == found.place => drafted,
        _ => {
            anew = Draft::at(c, new, found, secrets, by)?;
            &anew
        }
    };
    write(c, &[draft])?;
    Ok((draft.row.clone(), draft.details.clone()))
}

/// Writes cases down that are worked out, each table's rows together.
pub fn write(c: &mut Conn, drafts: &[&Draft]) -> Result<()> {
    insert_rows!(c, cases::table, drafts.iter().map(|draft| &draft.row).collect()).or_conflict(&NUMBER_TAKEN)?;
    insert_rows!(c, case_details::table, drafts.iter().map(|draft| &draft.details).collect())?;
    insert_rows!(c, case_reporters::table, drafts.iter().filter_map(|draft| draft.reporter.as_ref()).collect())?;
    clocks::open(c, drafts.iter().flat_map(|draft| &draft.clocks))?;
    counts::reported(c, drafts.iter().map(|draft| &draft.row))?;
    let events: Vec<&Chained> = drafts.iter().map(|draft| &draft.reported).collect();
    history::write(c, &events)?;
    board::show_all(c, drafts.iter().filter_map(|draft| draft.line.as_ref()))
}
