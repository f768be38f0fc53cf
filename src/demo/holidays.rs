//! 节假日: the arrangements of two years, as the State Council's notices have them; each file names its notice.

use platform::auth::AreaCode;
use platform::calendar::{self, CalendarDayId, HolidayFile};
use platform::db::Conn;
use platform::history::By;
use platform::{Error, Result};

use super::ids::{Kind, id};

const FILES: [&str; 2] = [include_str!("holidays/2023.json"), include_str!("holidays/2024.json")];

pub fn load(c: &mut Conn, by: &By) -> Result<()> {
    let mut number = 0;
    let mut next = || {
        number += 1;
        CalendarDayId(id(Kind::CalendarDay, number))
    };
    FILES.iter().try_for_each(|text| {
        let file: HolidayFile = serde_json::from_str(text).map_err(Error::internal)?;
        calendar::import(c, &AreaCode::country(), &file, &mut next, by).map(drop)
    })
}
