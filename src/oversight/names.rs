//! What of the registers below is read together with this wing's tables: the columns that a list shows, declared here because
//! a join is declared where both tables are in sight. The tables themselves are those of the lower wings' schemas.

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `compounds`, as far as their names, and which contract serves them.
    #[sql_name = "compounds"]
    compound_names (id) {
        id -> IdSql,
        area_code -> Text,
        name -> Text,
        kind -> Text,
        closed_on -> Nullable<Date>,
        serving_contract_id -> Nullable<IdSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `organisations`, as far as their names.
    #[sql_name = "organisations"]
    organisation_names (id) {
        id -> IdSql,
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `service_contracts`, as far as whose they are.
    #[sql_name = "service_contracts"]
    serving_contracts (id) {
        id -> IdSql,
        company_id -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    /// `role_grants`, as far as who holds what where, and until when.
    #[sql_name = "role_grants"]
    held_roles (id) {
        id -> IdSql,
        account_id -> IdSql,
        role -> Text,
        area_code -> Text,
        organisation_id -> Nullable<IdSql>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        ended_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `residencies`, as far as who lives or owns where.
    #[sql_name = "residencies"]
    homes (id) {
        id -> IdSql,
        person_id -> IdSql,
        compound_id -> IdSql,
        status -> Text,
        valid_from -> Date,
        ended_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `organisations`, as far as what they belong to.
    #[sql_name = "organisations"]
    company_parents (id) {
        id -> IdSql,
        kind -> Text,
        parent_id -> Nullable<IdSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    /// `accounts`, as far as whether they may log in.
    #[sql_name = "accounts"]
    live_accounts (id) {
        id -> IdSql,
        disabled_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `compounds`, as far as which result their star stands on.
    #[sql_name = "compounds"]
    compound_stars (id) {
        id -> IdSql,
        star_result_id -> Nullable<IdSql>,
    }
}

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

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `compound_placements`, as far as which compound lay where, and when.
    #[sql_name = "compound_placements"]
    placed_compounds (id) {
        id -> IdSql,
        compound_id -> IdSql,
        area_code -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
    }
}
