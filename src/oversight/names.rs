//! What of the registers below is read together with this wing's tables: the columns that a list shows, declared here because
//! a join is declared where both tables are in sight. The tables themselves are those of the lower wings' schemas.

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `rooms`, as far as where they are.
    #[sql_name = "rooms"]
    room_places (id) {
        id -> IdSql,
        area_code -> Text,
        closed_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `compounds`, as far as how many households they are said to have.
    #[sql_name = "compounds"]
    compound_sizes (id) {
        id -> IdSql,
        area_code -> Text,
        households -> Nullable<Integer>,
        closed_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `residencies`, as far as who lives where and as what.
    #[sql_name = "residencies"]
    dwellings (id) {
        id -> IdSql,
        person_id -> IdSql,
        room_id -> IdSql,
        area_code -> Text,
        kind -> Text,
        status -> Text,
        ended_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `persons`, as far as whose account is theirs.
    #[sql_name = "persons"]
    person_accounts (id) {
        id -> IdSql,
        account_id -> Nullable<IdSql>,
        closed_on -> Nullable<Date>,
    }
}

diesel::joinable!(dwellings -> person_accounts (person_id));
diesel::allow_tables_to_appear_in_same_query!(dwellings, person_accounts);
