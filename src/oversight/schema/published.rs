//! The table of statistics: what was published elsewhere.

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    reported_figures (id) {
        id -> IdSql,
        area_code -> Text,
        figure -> Text,
        part -> Nullable<Text>,
        period_from -> Date,
        period_to -> Date,
        numerator -> Nullable<BigInt>,
        denominator -> Nullable<BigInt>,
        hundredths -> Nullable<BigInt>,
        source -> Text,
        recorded_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}
