//! The tables of standings: the red, watch and black list with its due process, credit events, frozen rankings and boards.

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    listing_repair_requests (id) {
        id -> IdSql,
        listing_id -> IdSql,
        words -> Text,
        corrected_on -> Date,
        asked_by -> Nullable<IdSql>,
        asked_on -> Date,
        outcome -> Nullable<Text>,
        reply -> Nullable<Text>,
        decided_by -> Nullable<IdSql>,
        decided_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    listings (id) {
        id -> IdSql,
        area_code -> Text,
        organisation_id -> IdSql,
        organisation_name -> Text,
        organisation_kind -> Text,
        list -> Text,
        ground_code -> Text,
        evidence -> Text,
        rule_set_id -> Nullable<IdSql>,
        status -> Text,
        proposed_by -> IdSql,
        notice_no -> Nullable<Text>,
        notified_on -> Nullable<Date>,
        hear_until -> Nullable<Date>,
        measures -> JsonSql,
        decided_by -> Nullable<IdSql>,
        decided_on -> Nullable<Date>,
        decision_note -> Nullable<Text>,
        valid_to -> Nullable<Date>,
        published_on -> Nullable<Date>,
        object_until -> Nullable<Date>,
        active_from -> Nullable<Date>,
        document -> Nullable<Text>,
        content_hash -> Nullable<Text>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    listing_statements (id) {
        id -> IdSql,
        listing_id -> IdSql,
        kind -> Text,
        words -> Text,
        held_on -> Date,
        stated_by -> Nullable<IdSql>,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    listing_objections (listing_id) {
        listing_id -> IdSql,
        words -> Text,
        objected_by -> Nullable<IdSql>,
        objected_on -> Date,
        due_on -> Date,
        extended_for -> Nullable<Text>,
        outcome -> Nullable<Text>,
        reply -> Nullable<Text>,
        decided_by -> Nullable<IdSql>,
        decided_on -> Nullable<Date>,
        alarmed -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    listing_photos (id) {
        id -> IdSql,
        listing_id -> IdSql,
        media -> Text,
        storage_key -> Text,
        thumbnail_key -> Nullable<Text>,
        bytes -> Integer,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        sha256 -> Text,
        added_by -> Nullable<IdSql>,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    credit_events (id) {
        id -> IdSql,
        area_code -> Text,
        organisation_id -> IdSql,
        kind -> Text,
        points -> Integer,
        title -> Text,
        source_doc -> Text,
        occurred_on -> Date,
        valid_to -> Date,
        rule_set_id -> Nullable<IdSql>,
        recorded_by -> Nullable<IdSql>,
        revoked_on -> Nullable<Date>,
        revoke_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    rankings (id) {
        id -> IdSql,
        area_code -> Text,
        year -> Integer,
        quarter -> Integer,
        status -> Text,
        projects -> Integer,
        document -> Text,
        content_hash -> Text,
        supersedes -> Nullable<IdSql>,
        reason -> Nullable<Text>,
        frozen_at -> TsSql,
        frozen_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    ranking_rows (ranking_id, position) {
        ranking_id -> IdSql,
        position -> Integer,
        place -> Integer,
        movement -> Nullable<Integer>,
        result_id -> IdSql,
        compound_id -> IdSql,
        compound_name -> Text,
        company_id -> Nullable<IdSql>,
        company_name -> Nullable<Text>,
        area_code -> Text,
        score -> Integer,
        stars -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    boards (id) {
        id -> IdSql,
        area_code -> Text,
        ranking_id -> IdSql,
        year -> Integer,
        quarter -> Integer,
        status -> Text,
        red -> Integer,
        black -> Integer,
        rule_set_id -> Nullable<IdSql>,
        document -> Text,
        content_hash -> Text,
        published_at -> TsSql,
        published_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::joinable!(ranking_rows -> rankings (ranking_id));
diesel::joinable!(listing_objections -> listings (listing_id));

diesel::allow_tables_to_appear_in_same_query!(
    listings,
    listing_statements,
    listing_objections,
    listing_photos,
    credit_events,
    rankings,
    ranking_rows,
    boards,
);
