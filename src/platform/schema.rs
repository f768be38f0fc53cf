//! The tables that every context shares. Kept by hand; `tests/api/migrations.rs` compares it with both live engines.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::{IdSql, JsonSql, TsSql};

    history (id) {
        id -> IdSql,
        entity -> Text,
        entity_id -> Text,
        seq -> Integer,
        event -> Text,
        area_code -> Text,
        actor_id -> Nullable<IdSql>,
        at -> TsSql,
        data -> JsonSql,
        prev_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::{IdSql, JsonSql, TsSql};

    outbox (position) {
        position -> BigInt,
        id -> IdSql,
        event -> Text,
        entity -> Text,
        entity_id -> Text,
        area_code -> Text,
        at -> TsSql,
        data -> JsonSql,
        commit_group -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::TsSql;

    screen_items (position) {
        position -> BigInt,
        area_code -> Text,
        at -> TsSql,
        kind -> Text,
        label_zh -> Text,
        label_en -> Text,
        place -> Text,
        status -> Text,
        source_entity -> Text,
        source_id -> Text,
        expires_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::{IdSql, TsSql};

    idempotency_keys (principal_id, path, key) {
        principal_id -> IdSql,
        path -> Text,
        key -> Text,
        fingerprint -> Text,
        status -> Integer,
        location -> Nullable<Text>,
        version -> Nullable<Integer>,
        body -> Text,
        created_at -> TsSql,
    }
}

diesel::table! {
    rollups (day, metric, area_code, dimension) {
        metric -> Text,
        area_code -> Text,
        day -> Date,
        dimension -> Text,
        n -> BigInt,
    }
}

diesel::table! {
    imported_counts (metric, area_code, day, dimension, source) {
        metric -> Text,
        area_code -> Text,
        day -> Date,
        dimension -> Text,
        n -> BigInt,
        source -> Text,
    }
}

diesel::table! {
    area_versions (area_code) {
        area_code -> Text,
        n -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::{IdSql, JsonSql, TsSql};

    rule_sets (id) {
        id -> IdSql,
        key -> Text,
        area_code -> Text,
        number -> Integer,
        params -> JsonSql,
        legal_basis -> Text,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        created_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::{IdSql, JsonSql, TsSql};

    publicities (id) {
        id -> IdSql,
        kind -> Text,
        entity -> Text,
        entity_id -> Text,
        area_code -> Text,
        title -> Text,
        snapshot -> JsonSql,
        content_hash -> Text,
        opens_on -> Date,
        closes_on -> Date,
        min_days -> Integer,
        rule_set_id -> Nullable<IdSql>,
        places -> JsonSql,
        evidence -> Nullable<Text>,
        status -> Text,
        status_reason -> Nullable<Text>,
        ended_at -> Nullable<TsSql>,
        ended_by -> Nullable<IdSql>,
        supersedes -> Nullable<IdSql>,
        opened_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::{IdSql, TsSql};

    publicity_objections (id) {
        id -> IdSql,
        publicity_id -> IdSql,
        area_code -> Text,
        raised_by -> IdSql,
        content -> Text,
        status -> Text,
        reply -> Nullable<Text>,
        replied_by -> Nullable<IdSql>,
        replied_at -> Nullable<TsSql>,
        decision_note -> Nullable<Text>,
        decided_by -> Nullable<IdSql>,
        decided_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::{IdSql, JsonSql, TsSql};

    calendars (id) {
        id -> IdSql,
        area_code -> Text,
        week -> JsonSql,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::{IdSql, JsonSql, TsSql};

    calendar_days (id) {
        id -> IdSql,
        area_code -> Text,
        day -> Date,
        hours -> Nullable<JsonSql>,
        name -> Text,
        source -> Text,
        file_year -> Nullable<Integer>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::TsSql;

    stray_objects (key) {
        key -> Text,
        due -> TsSql,
        doomed -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(publicities, publicity_objections);
