//! The tables of people.

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    persons (id) {
        id -> IdSql,
        area_code -> Text,
        name -> Text,
        search_name -> Text,
        gender -> Nullable<Text>,
        birth_year -> Nullable<Integer>,
        phone_sealed -> Nullable<Binary>,
        phone_masked -> Nullable<Text>,
        phone_mark -> Nullable<Text>,
        account_id -> Nullable<IdSql>,
        party_status -> Text,
        veteran -> Bool,
        retired -> Bool,
        cadre -> Bool,
        skills -> JsonSql,
        skill_index -> Text,
        self_registered -> Bool,
        synthetic -> Bool,
        closed_on -> Nullable<Date>,
        close_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    phone_accesses (id) {
        id -> IdSql,
        person_id -> Nullable<IdSql>,
        source_id -> Nullable<IdSql>,
        purpose -> Text,
        note -> Text,
        actor_id -> IdSql,
        actor_role -> Text,
        actor_area -> Text,
        at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    residencies (id) {
        id -> IdSql,
        person_id -> IdSql,
        room_id -> IdSql,
        compound_id -> IdSql,
        area_code -> Text,
        kind -> Text,
        status -> Text,
        self_claimed -> Bool,
        filed_by -> Nullable<IdSql>,
        valid_from -> Date,
        document_kind -> Nullable<Text>,
        document_ref -> Nullable<Text>,
        checked_by -> Nullable<IdSql>,
        checked_at -> Nullable<TsSql>,
        checked_as -> Nullable<Text>,
        confirmed_by -> Nullable<IdSql>,
        confirmed_at -> Nullable<TsSql>,
        confirmed_as -> Nullable<Text>,
        confirm_note -> Nullable<Text>,
        decided_by -> Nullable<IdSql>,
        reject_reason -> Nullable<Text>,
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

    party_stages (id) {
        id -> IdSql,
        person_id -> IdSql,
        stage -> Text,
        reached_on -> Date,
        recorded_by -> Nullable<IdSql>,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    member_checkins (id) {
        id -> IdSql,
        area_code -> Text,
        person_id -> Nullable<IdSql>,
        employer_unit -> Text,
        headcount -> Integer,
        since -> Date,
        ended_on -> Nullable<Date>,
        recorded_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    publication_consents (id) {
        id -> IdSql,
        person_id -> IdSql,
        area_code -> Text,
        audience -> Text,
        field -> Text,
        purpose -> Text,
        paper_ref -> Nullable<Text>,
        recorded_by -> Nullable<IdSql>,
        given_at -> TsSql,
        withdrawn_at -> Nullable<TsSql>,
        withdrawn_by -> Nullable<IdSql>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    data_requests (id) {
        id -> IdSql,
        person_id -> IdSql,
        area_code -> Text,
        kind -> Text,
        wish -> Text,
        status -> Text,
        due_on -> Date,
        filed_by -> IdSql,
        filed_at -> TsSql,
        decided_by -> Nullable<IdSql>,
        decided_at -> Nullable<TsSql>,
        reason -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::joinable!(residencies -> persons (person_id));
diesel::joinable!(member_checkins -> persons (person_id));
diesel::joinable!(publication_consents -> persons (person_id));
diesel::joinable!(data_requests -> persons (person_id));

diesel::allow_tables_to_appear_in_same_query!(
    persons,
    phone_accesses,
    residencies,
    party_stages,
    member_checkins,
    publication_consents,
    data_requests,
);
