//! 工作日历: which hours of which days count towards a deadline.
//!
//! A [`Calendar`] is a week of windows and dated exceptions that replace their day: holidays, make-up workdays (调休), half
//! days. It is a value: whoever has one computes with it and needs no connection.
//!
//! An area may set its own week, and days of its own; what is in force at a place is the week of the nearest area that has
//! one and, day by day, the exception of the nearest. Those of the country (area "") come from the yearly notices of the
//! State Council, imported as a file. Tables: `calendars`, `calendar_days`.

mod api;
pub mod dto;
mod file;
mod hours;
mod problems;
mod rules;
#[cfg(test)]
mod rules_tests;
mod store;

use crate::http::Mount;

pub use file::{HolidayDay, HolidayFile};
pub use hours::{Hours, TimeOfDay, Week};
pub use problems::PROBLEMS;
pub use rules::{Calendar, Window};
pub use store::{Calendars, Imported, import, of_area};

crate::id!(
    /// 工作周编号
    CalendarId
);
crate::id!(
    /// 特殊日编号
    CalendarDayId
);

crate::scopes! {
    /// 查看工作日历: a deadline is reckoned in the open
    CalendarsRead = "calendars:read": everyone,
    /// 设置工作周与特殊日
    CalendarsWrite = "calendars:write": [DistrictCoord],
    /// 导入节假日安排: a file that the State Council's notice decides, so the technical role may bring it in
    CalendarsImport = "calendars:import": [DistrictCoord, PlatformAdmin],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}
