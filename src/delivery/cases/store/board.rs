//! 大屏: what a public screen shows of a case: what it is about, the building, and how far it is.

use chrono::Duration;
use platform::auth::AreaCode;
use platform::db::{Conn, Ts};
use platform::history::By;
use platform::screen::{self, ScreenItem};
use platform::{Error, Result};

use super::change::ENTITY;
use super::places::{Place, building_of, public_name};
use super::rows::CaseRow;
use crate::cases::dto::{Status, Visibility};
use crate::cases::rules::params::categories::Category;

const DAYS: i64 = 3;

/// A line about a public case as it stands.
#[derive(Debug, Clone)]
pub struct Line {
    area: AreaCode,
    at: Ts,
    label: (String, String),
    place: String,
    status: Status,
    case: String,
}

impl Line {
    /// `None` for a case that is not public: it is shown nowhere.
    pub fn of(row: &CaseRow, category: &Category, place: String, by: &By) -> Result<Option<Self>> {
        if row.visibility != Visibility::Public {
            return Ok(None);
        }
        let area: AreaCode = building_of(&row.area_code).unwrap_or(&row.area_code).parse().map_err(Error::internal)?;
        let label = (category.zh.clone(), category.en.clone());
        Ok(Some(Self { area, at: by.at, label, place, status: row.status, case: row.id.to_string() }))
    }

    fn item(&self) -> ScreenItem<'_> {
        ScreenItem {
            area_code: &self.area,
            at: self.at,
            kind: "case",
            label: (&self.label.0, &self.label.1),
            place: &self.place,
            status: self.status.as_str(),
            source: (ENTITY, &self.case),
            expires_at: self.at.plus(Duration::days(DAYS)),
        }
    }
}

pub fn show_all<'a>(c: &mut Conn, lines: impl IntoIterator<Item = &'a Line>) -> Result<()> {
    let items: Vec<ScreenItem<'_>> = lines.into_iter().map(Line::item).collect();
    screen::post(c, &items)
}

/// Shows a case as it stands now.
pub fn show(c: &mut Conn, row: &CaseRow, category: &Category, by: &By) -> Result<()> {
    if row.visibility != Visibility::Public {
        return Ok(());
    }
    let place = public_name(c, &Place::of(row))?;
    show_all(c, &Line::of(row, category, place, by)?)
}
