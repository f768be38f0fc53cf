//! 大屏: what a public screen shows of a case: what it is about, the building, and how far it is.

use chrono::Duration;
use platform::auth::AreaCode;
use platform::db::Conn;
use platform::history::By;
use platform::screen::{self, ScreenItem};
use platform::{Error, Result};

use super::change::ENTITY;
use super::places::{Place, building_of, public_name};
use super::rows::CaseRow;
use crate::cases::dto::Visibility;
use crate::cases::rules::params::categories::Category;

const DAYS: i64 = 3;

/// Shows a public case as it stands now; others are shown nowhere.
pub fn show(c: &mut Conn, row: &CaseRow, category: &Category, by: &By) -> Result<()> {
    if row.visibility != Visibility::Public {
        return Ok(());
    }
    let area: AreaCode = building_of(&row.area_code).unwrap_or(&row.area_code).parse().map_err(Error::internal)?;
    let place = public_name(c, &Place::of(row))?;
    let id = row.id.to_string();
    let item = ScreenItem {
        area_code: &area,
        at: by.at,
        kind: "case",
        label: (&category.zh, &category.en),
        place: &place,
        status: row.status.as_str(),
        source: (ENTITY, &id),
        expires_at: by.at.plus(Duration::days(DAYS)),
    };
    screen::post(c, &item)
}
