//! 试点: what a compound takes part in.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use platform::db::{Json, JsonSql};
use platform::text_enum;

text_enum! {
    /// 试点
    Pilot {
        /// 智慧物业试点
        SmartProperty = "smart_property",
        /// 清单式承诺、契约化运营
        ListedCommitments = "listed_commitments",
    }
}

/// What a compound takes part in, as its column keeps it. What a later version stored and this one does not know is left
/// out, not refused.
#[derive(Debug, FromSqlRow)]
pub struct Pilots(Vec<Pilot>);

impl From<Json> for Pilots {
    fn from(words: Json) -> Self {
        Self(words.0.as_array().into_iter().flatten().filter_map(|word| word.as_str()?.parse().ok()).collect())
    }
}

impl From<Pilots> for Vec<Pilot> {
    fn from(pilots: Pilots) -> Self {
        pilots.0
    }
}

impl<DB: diesel::backend::Backend> FromSql<JsonSql, DB> for Pilots
where
    Json: FromSql<JsonSql, DB>,
{
    fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Json::from_sql(raw).map(Self::from)
    }
}
