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
