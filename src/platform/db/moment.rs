//! A moment as both engines keep it.

use chrono::{DateTime, Datelike, Timelike, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types;
use diesel::sqlite::{Sqlite, SqliteValue};
use serde::{Deserialize, Serialize, Serializer};

use super::day::{push_four, push_two};
use super::types::TsSql;
use crate::multi_type;

/// A moment, to the microsecond: what both engines keep, so a value survives the round trip unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, AsExpression, FromSqlRow)]
#[serde(transparent)]
#[diesel(sql_type = TsSql)]
pub struct Ts(DateTime<Utc>);

impl Ts {
    pub fn from_micros(micros: i64) -> Self {
        Self(DateTime::from_timestamp_micros(micros).unwrap_or_default())
    }

    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// Whole seconds since the epoch, as tokens count.
    pub fn seconds(self) -> i64 {
        self.0.timestamp()
    }

    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    pub fn plus(self, span: chrono::Duration) -> Self {
        Self(self.0 + span)
    }
}

impl From<DateTime<Utc>> for Ts {
    fn from(at: DateTime<Utc>) -> Self {
        Self::from_micros(at.timestamp_micros())
    }
}

/// RFC 3339 in UTC with as many places of the second as it has: none, three or six.
impl Serialize for Ts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written())
    }
}

impl Ts {
    /// By hand: chrono's formatter would take longer than reading the whole row does.
    fn written(self) -> String {
        let (date, time) = (self.0.date_naive(), self.0.time());
        let Ok(year @ ..=9999) = u32::try_from(date.year()) else {
            return self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
        };
        let mut text = String::with_capacity(27);
        push_four(&mut text, year);
        for (before, number) in [('-', date.month()), ('-', date.day()), ('T', time.hour())] {
            text.push(before);
            push_two(&mut text, number);
        }
        for number in [time.minute(), time.second()] {
            text.push(':');
            push_two(&mut text, number);
        }
        let micros = time.nanosecond() / 1000;
        if micros > 0 {
            text.push('.');
            push_two(&mut text, micros / 10_000);
            push_four(&mut text, micros);
        }
        if micros > 0 && micros % 1000 == 0 {
            text.truncate("2024-01-15T08:30:00.000".len());
        }
        text.push('Z');
        text
    }
}

impl std::fmt::Display for Ts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
    }
}

impl utoipa::PartialSchema for Ts {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::schema!(#[inline] DateTime<Utc>).into()
    }
}
impl utoipa::ToSchema for Ts {}

impl ToSql<TsSql, Pg> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<sql_types::Timestamptz, Pg>::to_sql(&self.0, out)
    }
}
impl FromSql<TsSql, Pg> for Ts {
    fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
        FromSql::<sql_types::Timestamptz, Pg>::from_sql(raw).map(Self)
    }
}
impl ToSql<TsSql, Sqlite> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}
impl FromSql<TsSql, Sqlite> for Ts {
    fn from_sql(raw: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        <i64 as FromSql<sql_types::BigInt, Sqlite>>::from_sql(raw).map(Self::from_micros)
    }
}
multi_type!(TsSql, Ts);

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_moment_is_written_as_chrono_writes_it(micros in -70_000_000_000_000_000i64..300_000_000_000_000_000, round in 0u32..3) {
            let unit = [1, 1000, 1_000_000][round as usize];
            let at = Ts::from_micros(micros / unit * unit);
            proptest::prop_assert_eq!(serde_json::to_string(&at).ok(), serde_json::to_string(&at.utc()).ok());
            let back: Option<Ts> = serde_json::to_string(&at).ok().and_then(|text| serde_json::from_str(&text).ok());
            proptest::prop_assert_eq!(back, Some(at));
        }
    }
}
