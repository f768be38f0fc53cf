//! 大屏: that a meeting is called, that its minutes are published, that something was resolved. What it is called comes from a
//! dictionary; no title and no word of anybody.

use chrono::Duration;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::Conn;
use platform::screen::{self, ScreenItem};
use platform::{Error, Result};
use registry::territory::store::{compounds, divisions};

use super::By;
use super::meetings::ENTITY;
use super::rows::MeetingRow;
use crate::meetings::rules::labels;

const DAYS: i64 = 7;

/// Shows a step of a meeting where its kind is public and its place no wider than a community.
pub fn show(c: &mut Conn, meeting: &MeetingRow, kind: &'static str, by: &By) -> Result<()> {
    let area: AreaCode = meeting.area_code.parse().map_err(Error::internal)?;
    if !meeting.terms()?.rule.public || area.level() < AreaLevel::Community {
        return Ok(());
    }
    let Some(place) = name_of(c, &area)? else { return Ok(()) };
    let id = meeting.id.to_string();
    let item = ScreenItem {
        area_code: &area,
        at: by.at,
        kind,
        label: labels::of(meeting.kind),
        place: &place,
        status: meeting.status.as_str(),
        source: (ENTITY, &id),
        expires_at: by.at.plus(Duration::days(DAYS)),
    };
    screen::post(c, &[item])
}

/// The name of a community or a compound; none where the register has none that stands.
fn name_of(c: &mut Conn, area: &AreaCode) -> Result<Option<String>> {
    if area.level() == AreaLevel::Community {
        return match divisions::find(c, &Visible::everything(), area.as_str()) {
            Ok(row) => Ok(Some(row.name)),
            Err(Error::NotFound) => Ok(None),
            Err(other) => Err(other),
        };
    }
    Ok(compounds::known(c, Some(area.compound().as_str()), "", "")?.map(|row| row.name))
}
