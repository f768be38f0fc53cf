//! What of the registers below is read together with this wing's tables: the columns that a list shows, declared here because
//! a join is declared where both tables are in sight. The tables themselves are those of the lower wings' schemas.

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `organisations`, as far as their names.
    #[sql_name = "organisations"]
    organisation_names (id) {
        id -> IdSql,
        name -> Text,
        kind -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `persons`, as far as their names.
    #[sql_name = "persons"]
    person_names (id) {
        id -> IdSql,
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `posts`, as far as their titles.
    #[sql_name = "posts"]
    post_titles (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        title -> Text,
        closed_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `appointments`, as far as their posts.
    #[sql_name = "appointments"]
    appointment_posts (id) {
        id -> IdSql,
        post_id -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `accounts`, as far as their names, which leave this wing masked only.
    #[sql_name = "accounts"]
    account_names (id) {
        id -> IdSql,
        display_name -> Text,
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

    /// `organisation_areas`: what is held for an organisation counts wherever that serves.
    #[sql_name = "organisation_areas"]
    served_areas (organisation_id, area_code) {
        organisation_id -> IdSql,
        area_code -> Text,
    }
}
