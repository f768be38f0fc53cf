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
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    /// `compounds`, as far as their names.
    #[sql_name = "compounds"]
    compound_names (id) {
        id -> IdSql,
        name -> Text,
    }
}
