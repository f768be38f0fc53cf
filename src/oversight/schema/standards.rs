//! The tables of `standards`.

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    checklists (id) {
        id -> IdSql,
        kind -> Text,
        code -> Text,
        number -> Integer,
        area_code -> Text,
        title -> Text,
        source -> Text,
        status -> Text,
        published_at -> Nullable<TsSql>,
        published_by -> Nullable<IdSql>,
        superseded_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    checklist_items (id) {
        id -> IdSql,
        checklist_id -> IdSql,
        position -> Integer,
        code -> Text,
        words -> Text,
        words_en -> Nullable<Text>,
        weight -> Integer,
        evidence_required -> Bool,
        official -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    check_runs (id) {
        id -> IdSql,
        checklist_id -> IdSql,
        kind -> Text,
        compound_id -> IdSql,
        organisation_id -> Nullable<IdSql>,
        area_code -> Text,
        checked_on -> Date,
        checked_by -> Nullable<IdSql>,
        note -> Nullable<Text>,
        status -> Text,
        submitted_at -> Nullable<TsSql>,
        rule_set_id -> Nullable<IdSql>,
        partial_percent -> Integer,
        passed -> Integer,
        partial -> Integer,
        failed -> Integer,
        not_applicable -> Integer,
        numerator -> BigInt,
        denominator -> BigInt,
        score -> Nullable<Integer>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    check_results (run_id, item_id) {
        run_id -> IdSql,
        item_id -> IdSql,
        result -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    check_evidence (id) {
        id -> IdSql,
        run_id -> IdSql,
        item_id -> IdSql,
        media -> Text,
        storage_key -> Text,
        thumbnail_key -> Nullable<Text>,
        bytes -> Integer,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        sha256 -> Text,
        added_by -> Nullable<IdSql>,
        removed_at -> Nullable<TsSql>,
        removed_by -> Nullable<IdSql>,
        remove_reason -> Nullable<Text>,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    service_commitments (id) {
        id -> IdSql,
        company_id -> IdSql,
        compound_id -> IdSql,
        area_code -> Text,
        contract_id -> Nullable<IdSql>,
        words -> Text,
        measurable -> Bool,
        measure -> Nullable<Text>,
        due_on -> Date,
        status -> Text,
        published_at -> Nullable<TsSql>,
        evidence -> Nullable<Text>,
        reported_on -> Nullable<Date>,
        reported_by -> Nullable<IdSql>,
        confirm_note -> Nullable<Text>,
        confirmed_by -> Nullable<IdSql>,
        confirmed_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    weekly_items (id) {
        id -> IdSql,
        compound_id -> IdSql,
        company_id -> IdSql,
        area_code -> Text,
        raised_on -> Date,
        words -> Text,
        raised_by -> Nullable<IdSql>,
        answer -> Nullable<Text>,
        answered_on -> Nullable<Date>,
        answered_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    assessments (id) {
        id -> IdSql,
        kind -> Text,
        compound_id -> IdSql,
        company_id -> IdSql,
        area_code -> Text,
        year -> Integer,
        period -> Integer,
        score -> Integer,
        snapshot -> JsonSql,
        content_hash -> Text,
        status -> Text,
        status_reason -> Nullable<Text>,
        publicity_id -> Nullable<IdSql>,
        posting_ended_at -> Nullable<TsSql>,
        made_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    red_line_deductions (id) {
        id -> IdSql,
        compound_id -> IdSql,
        company_id -> IdSql,
        area_code -> Text,
        happened_on -> Date,
        ground -> Text,
        points -> Integer,
        rule_set_id -> Nullable<IdSql>,
        evidence -> Text,
        recorded_by -> Nullable<IdSql>,
        revoked_at -> Nullable<TsSql>,
        revoke_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    target_contracts (id) {
        id -> IdSql,
        compound_id -> IdSql,
        company_id -> IdSql,
        area_code -> Text,
        year -> Integer,
        title -> Text,
        status -> Text,
        community_signed_by -> Nullable<IdSql>,
        community_signed_at -> Nullable<TsSql>,
        company_signed_by -> Nullable<IdSql>,
        company_signed_at -> Nullable<TsSql>,
        settled_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    target_indicators (contract_id, position) {
        contract_id -> IdSql,
        position -> Integer,
        name -> Text,
        unit -> Text,
        direction -> Text,
        target -> BigInt,
        numerator -> Nullable<BigInt>,
        denominator -> Nullable<BigInt>,
        evidence -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(checklist_items, check_evidence);
