//! Dates where many are read and written: chrono's parser and formatter take longer than all the rest of a row.

use chrono::{Datelike, NaiveDate};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::Date;
use diesel::sqlite::{Sqlite, SqliteValue};
use serde::{Serialize, Serializer};

use super::{Backend, MultiRawValue};

/// For a row of a long list: `#[diesel(deserialize_as = Day)] opened_on: NaiveDate`.
#[derive(Debug, Clone, Copy, FromSqlRow)]
pub struct Day(NaiveDate);

impl From<Day> for NaiveDate {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl FromSql<Date, Pg> for Day {
    fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
        FromSql::<Date, Pg>::from_sql(raw).map(Self)
    }
}

impl FromSql<Date, Sqlite> for Day {
    fn from_sql(mut raw: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = raw.read_text();
        read(text).or_else(|| text.parse().ok()).map(Self).ok_or_else(|| format!("{text} is no date").into())
    }
}

impl FromSql<Date, Backend> for Day {
    fn from_sql(raw: MultiRawValue<'_>) -> deserialize::Result<Self> {
        raw.from_sql::<Self, Date>()
    }
}

/// `2024-01-15`
fn read(text: &str) -> Option<NaiveDate> {
    let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.strip_prefix('-')?.split_once('-')?;
    NaiveDate::from_ymd_opt(i32::try_from(number(year)?).ok()?, number(month)?, number(day)?)
}

/// For a member of a long list: `#[serde(serialize_with = "platform::db::write_day")]`.
pub fn write_day<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    match u32::try_from(day.year()) {
        Ok(year @ ..=9999) => {
            let ([y, e, a, r], [m, o], [d, t]) = (four(year), two(day.month()), two(day.day()));
            let text = [y, e, a, r, b'-', m, o, b'-', d, t];
            serializer.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
        }
        _ => day.serialize(serializer),
    }
}

/// The last four decimal digits of a number, with leading zeros.
pub(super) fn four(number: u32) -> [u8; 4] {
    let ([a, b], [c, d]) = (two(number / 100), two(number));
    [a, b, c, d]
}

/// The last two.
pub(super) fn two(number: u32) -> [u8; 2] {
    [number / 10, number].map(|digit| b"0123456789".get(digit as usize % 10).copied().unwrap_or(b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_day_is_read_and_written_as_chrono_does(days in -800_000i32..3_000_000) {
            let day = NaiveDate::from_num_days_from_ce_opt(days).unwrap_or_default();
            let written = write_day(&day, serde_json::value::Serializer).ok();
            proptest::prop_assert_eq!(&written, &serde_json::to_value(day).ok());
            let text = day.to_string();
            proptest::prop_assert!(text.len() != 10 || read(&text) == Some(day));
        }

        #[test]
        fn what_is_no_day_is_not_read(text in "[0-9+-]{0,12}") {
            let known: Option<NaiveDate> = text.parse().ok();
            proptest::prop_assert!(read(&text).is_none_or(|day| known == Some(day)));
        }
    }
}
