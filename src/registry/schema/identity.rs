//! The tables of identity.

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    accounts (id) {
        id -> IdSql,
        username -> Text,
        display_name -> Text,
        password_hash -> Text,
        area_code -> Text,
        must_change_password -> Bool,
        disabled_at -> Nullable<TsSql>,
        password_changed_at -> TsSql,
        created_at -> TsSql,
        updated_at -> TsSql,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    sessions (id) {
        id -> IdSql,
        account_id -> IdSql,
        client_label -> Text,
        address -> Text,
        created_at -> TsSql,
        last_used_at -> TsSql,
        expires_at -> TsSql,
        revoked_at -> Nullable<TsSql>,
        revoked_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    refresh_tokens (token_hash) {
        token_hash -> Text,
        session_id -> IdSql,
        issued_at -> TsSql,
        used_at -> Nullable<TsSql>,
        expires_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    role_grants (id) {
        id -> IdSql,
        account_id -> IdSql,
        role -> Text,
        area_code -> Text,
        organisation_id -> Nullable<IdSql>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        granted_by -> Nullable<IdSql>,
        reason -> Text,
        ended_at -> Nullable<TsSql>,
        ended_by -> Nullable<IdSql>,
        end_reason -> Nullable<Text>,
        created_at -> TsSql,
        updated_at -> TsSql,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    granted_organisations (id) {
        id -> IdSql,
        area_code -> Text,
        ended_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    organisation_areas (organisation_id, area_code) {
        organisation_id -> IdSql,
        area_code -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    api_clients (id) {
        id -> IdSql,
        name -> Text,
        area_code -> Text,
        scopes -> JsonSql,
        secret_hash -> Text,
        previous_secret_hash -> Nullable<Text>,
        previous_secret_until -> Nullable<TsSql>,
        disabled_at -> Nullable<TsSql>,
        created_by -> IdSql,
        created_at -> TsSql,
        updated_at -> TsSql,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::TsSql;

    signing_keys (kid) {
        kid -> Text,
        sealed_seed -> Binary,
        created_at -> TsSql,
        signs_from -> TsSql,
        retires_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::TsSql;

    login_attempts (subject) {
        subject -> Text,
        failures -> Integer,
        last_failed_at -> TsSql,
        locked_until -> Nullable<TsSql>,
    }
}

diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(sessions -> accounts (account_id));
diesel::allow_tables_to_appear_in_same_query!(accounts, sessions, refresh_tokens);
