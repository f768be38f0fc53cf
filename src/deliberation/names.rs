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
