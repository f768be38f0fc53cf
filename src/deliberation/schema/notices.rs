//! The tables of notices and alliance groups, and with which of the registers below they are read together.

use crate::names::{account_names, held_roles, live_accounts, served_areas};

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    notices (id) {
        id -> IdSql,
        class -> Text,
        area_code -> Text,
        title -> Text,
        body -> Text,
        for_everybody -> Bool,
        pinned -> Bool,
        status -> Text,
        published_at -> TsSql,
        published_by -> Nullable<IdSql>,
        expires_at -> Nullable<TsSql>,
        publicity_id -> Nullable<IdSql>,
        period_ends_on -> Nullable<Date>,
        posting_ended_at -> Nullable<TsSql>,
        supersedes -> Nullable<IdSql>,
        ended_at -> Nullable<TsSql>,
        ended_by -> Nullable<IdSql>,
        end_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    notice_roles (notice_id, role) {
        notice_id -> IdSql,
        role -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    notice_reads (notice_id, account_id) {
        notice_id -> IdSql,
        account_id -> IdSql,
        read_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    notice_photos (id) {
        id -> IdSql,
        notice_id -> IdSql,
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

    alliance_groups (id) {
        id -> IdSql,
        area_code -> Text,
        name -> Text,
        closed_at -> Nullable<TsSql>,
        closed_by -> Nullable<IdSql>,
        close_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    alliance_posts (id) {
        id -> IdSql,
        group_id -> IdSql,
        area_code -> Text,
        parent_id -> Nullable<IdSql>,
        kind -> Text,
        party -> Text,
        author_id -> IdSql,
        body -> Text,
        pinned -> Bool,
        expires_at -> Nullable<TsSql>,
        case_id -> Nullable<IdSql>,
        linked_case_id -> Nullable<IdSql>,
        hidden_at -> Nullable<TsSql>,
        hide_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    alliance_moderations (id) {
        id -> IdSql,
        group_id -> IdSql,
        post_id -> IdSql,
        action -> Text,
        reason -> Nullable<Text>,
        note -> Text,
        moderator_id -> Nullable<IdSql>,
        at -> TsSql,
    }
}

diesel::joinable!(alliance_posts -> account_names (author_id));

diesel::allow_tables_to_appear_in_same_query!(
    notices,
    notice_roles,
    notice_reads,
    notice_photos,
    alliance_groups,
    alliance_posts,
    alliance_moderations,
);
diesel::allow_tables_to_appear_in_same_query!(alliance_posts, account_names);
diesel::allow_tables_to_appear_in_same_query!(notice_reads, live_accounts, held_roles, served_areas);
