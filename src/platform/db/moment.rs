//! A moment as both engines keep it.

use chrono::{DateTime, Datelike, Timelike, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types;
use diesel::sqlite::{Sqlite, SqliteValue};
use serde::{Deserialize, Serialize, Serializer};

use super::day::{four, two};
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
        match self.write(&mut [0; LONGEST]) {
            Some(written) => serializer.serialize_str(written),
            None => serializer.serialize_str(&self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
        }
    }
}

const LONGEST: usize = "2024-01-15T08:30:00.000000Z".len();
const TO_THE_MILLISECOND: usize = "2024-01-15T08:30:00.000Z".len();
const TO_THE_SECOND: usize = "2024-01-15T08:30:00Z".len();

impl Ts {
    /// By hand: chrono's formatter would take longer than reading the whole row does. `None` for years of other lengths.
    fn write(self, place: &mut [u8; LONGEST]) -> Option<&str> {
        let (date, time) = (self.0.naive_utc().date(), self.0.naive_utc().time());
        let year @ ..=9999 = u32::try_from(date.year()).ok()? else { return None };
        let micros = time.nanosecond() / 1000;
        let ([y, e, a, r], [m, o], [d, t]) = (four(year), two(date.month()), two(date.day()));
        let ([h, u], [i, n], [s, c]) = (two(time.hour()), two(time.minute()), two(time.second()));
        let ([p, q], [v, w, x, z]) = (two(micros / 10_000), four(micros));
        *place = [y, e, a, r, b'-', m, o, b'-', d, t, b'T', h, u, b':', i, n, b':', s, c, b'.', p, q, v, w, x, z, b'Z'];
        let length = match micros {
            0 => TO_THE_SECOND,
            _ if micros % 1000 == 0 => TO_THE_MILLISECOND,
            _ => LONGEST,
        };
        let text = place.get_mut(..length)?;
        *text.last_mut()? = b'Z';
        std::str::from_utf8(text).ok()
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
