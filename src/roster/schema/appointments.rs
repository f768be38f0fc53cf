//! The tables of appointments, and with which of the contexts above they are read together.

use super::bodies::{organisations, service_contracts, supplier_links};
use super::people::{persons, residencies};

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    posts (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        area_code -> Text,
        seat_kind -> Text,
        seat_no -> Integer,
        title -> Text,
        voting -> Bool,
        single_holder -> Bool,
        needs_party -> Bool,
        needs_owner -> Bool,
        needs_residence -> Bool,
        routes -> JsonSql,
        max_term_years -> Integer,
        role -> Nullable<Text>,
        duty -> Text,
        regarding_id -> Nullable<IdSql>,
        opened_on -> Date,
        closed_on -> Nullable<Date>,
        close_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    appointments (id) {
        id -> IdSql,
        person_id -> IdSql,
        post_id -> IdSql,
        area_code -> Text,
        single_holder -> Bool,
        route -> Text,
        direction -> Nullable<Text>,
        home_appointment_id -> Nullable<IdSql>,
        home_organisation_id -> Nullable<IdSql>,
        renews_id -> Nullable<IdSql>,
        legal_basis -> Text,
        term_from -> Date,
        term_to -> Nullable<Date>,
        last_day -> Nullable<Date>,
        carry_over -> Bool,
        status -> Text,
        publicity_id -> Nullable<IdSql>,
        rule_set_id -> Nullable<IdSql>,
        checks -> Nullable<JsonSql>,
        proposed_by -> IdSql,
        consented_by -> Nullable<IdSql>,
        consented_at -> Nullable<TsSql>,
        decided_by -> Nullable<IdSql>,
        decided_at -> Nullable<TsSql>,
        note -> Nullable<Text>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        grant_id -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    election_records (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        area_code -> Text,
        held_on -> Date,
        document -> Text,
        recorded_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    election_electees (election_id, post_id) {
        election_id -> IdSql,
        post_id -> IdSql,
        person_id -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    interest_declarations (id) {
        id -> IdSql,
        person_id -> IdSql,
        organisation_id -> IdSql,
        area_code -> Text,
        relation -> Text,
        declared_on -> Date,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        recorded_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::joinable!(appointments -> posts (post_id));
diesel::joinable!(election_electees -> election_records (election_id));

diesel::allow_tables_to_appear_in_same_query!(
    posts,
    appointments,
    election_records,
    election_electees,
    interest_declarations,
);

diesel::allow_tables_to_appear_in_same_query!(posts, organisations);
diesel::allow_tables_to_appear_in_same_query!(posts, service_contracts);
diesel::allow_tables_to_appear_in_same_query!(posts, supplier_links);
diesel::allow_tables_to_appear_in_same_query!(posts, persons);
diesel::allow_tables_to_appear_in_same_query!(posts, residencies);
diesel::allow_tables_to_appear_in_same_query!(appointments, organisations);
diesel::allow_tables_to_appear_in_same_query!(appointments, service_contracts);
diesel::allow_tables_to_appear_in_same_query!(appointments, persons);
diesel::allow_tables_to_appear_in_same_query!(interest_declarations, persons);
diesel::allow_tables_to_appear_in_same_query!(interest_declarations, residencies);
diesel::allow_tables_to_appear_in_same_query!(election_electees, persons);
diesel::allow_tables_to_appear_in_same_query!(election_records, persons);
diesel::allow_tables_to_appear_in_same_query!(persons, organisations);
