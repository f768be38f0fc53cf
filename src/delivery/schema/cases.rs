//! The tables of cases, and with which of the registers below they are read together.

use crate::names::{compound_names, organisation_names};

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    cases (id) {
        id -> IdSql,
        number -> Text,
        area_code -> Text,
        community_code -> Text,
        grid_code -> Nullable<Text>,
        compound_id -> Nullable<IdSql>,
        kind -> Text,
        category -> Text,
        channel -> Text,
        urgency -> Text,
        title -> Text,
        status -> Text,
        tier -> Text,
        round -> Integer,
        outcome -> Nullable<Text>,
        visibility -> Text,
        identity -> Text,
        handler_org_id -> Nullable<IdSql>,
        handler_id -> Nullable<IdSql>,
        responsible_org_id -> Nullable<IdSql>,
        responsible_id -> Nullable<IdSql>,
        due_at -> Nullable<TsSql>,
        returns -> Integer,
        merged_into -> Nullable<IdSql>,
        reported_at -> TsSql,
        accepted_at -> Nullable<TsSql>,
        signed_at -> Nullable<TsSql>,
        done_at -> Nullable<TsSql>,
        closed_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql};

    case_details (case_id) {
        case_id -> IdSql,
        body -> Text,
        search_text -> Text,
        fields -> JsonSql,
        place -> Nullable<Text>,
        lat_e6 -> Nullable<Integer>,
        lon_e6 -> Nullable<Integer>,
        asset -> Nullable<Text>,
        category_set_id -> Nullable<IdSql>,
        policy_set_id -> Nullable<IdSql>,
        policy -> JsonSql,
        resolution -> Nullable<Text>,
        evidence_waiver -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    case_reporters (case_id) {
        case_id -> IdSql,
        account_id -> Nullable<IdSql>,
        name -> Nullable<Text>,
        phone_sealed -> Nullable<Binary>,
        phone_masked -> Nullable<Text>,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    case_joins (case_id, account_id) {
        case_id -> IdSql,
        account_id -> IdSql,
        joined_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    case_returns (id) {
        id -> IdSql,
        case_id -> IdSql,
        organisation_id -> Nullable<IdSql>,
        account_id -> Nullable<IdSql>,
        reason -> Text,
        note -> Text,
        at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    case_links (id) {
        id -> IdSql,
        case_id -> IdSql,
        target_id -> IdSql,
        prior_status -> Text,
        merged_by -> Nullable<IdSql>,
        merged_at -> TsSql,
        undone_by -> Nullable<IdSql>,
        undone_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    case_comments (id) {
        id -> IdSql,
        case_id -> IdSql,
        author_id -> Nullable<IdSql>,
        stands_for -> Text,
        audience -> Text,
        body -> Text,
        at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    case_clocks (id) {
        id -> IdSql,
        case_id -> IdSql,
        area_code -> Text,
        round -> Integer,
        clock -> Text,
        run -> Integer,
        mode -> Text,
        budget_minutes -> Integer,
        started_at -> TsSql,
        due_at -> TsSql,
        half_at -> TsSql,
        warn_at -> TsSql,
        ended_at -> Nullable<TsSql>,
        end_kind -> Nullable<Text>,
        level -> Integer,
        next_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    case_alarms (clock_id, level) {
        clock_id -> IdSql,
        level -> Integer,
        case_id -> IdSql,
        area_code -> Text,
        clock -> Text,
        due_at -> TsSql,
        at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    case_holds (id) {
        id -> IdSql,
        case_id -> IdSql,
        area_code -> Text,
        status -> Text,
        cause -> Text,
        note -> Text,
        until_at -> TsSql,
        requested_by -> IdSql,
        requested_at -> TsSql,
        decided_by -> Nullable<IdSql>,
        decided_at -> Nullable<TsSql>,
        decision_note -> Nullable<Text>,
        started_at -> Nullable<TsSql>,
        ended_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    case_extensions (id) {
        id -> IdSql,
        case_id -> IdSql,
        area_code -> Text,
        status -> Text,
        working_days -> Integer,
        reason -> Text,
        old_due_at -> TsSql,
        new_due_at -> Nullable<TsSql>,
        requested_by -> IdSql,
        requested_at -> TsSql,
        decided_by -> Nullable<IdSql>,
        decided_at -> Nullable<TsSql>,
        decision_note -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    case_visits (id) {
        id -> IdSql,
        case_id -> IdSql,
        area_code -> Text,
        round -> Integer,
        attempt -> Integer,
        channel -> Text,
        outcome -> Text,
        score -> Nullable<Integer>,
        reason -> Nullable<Text>,
        note -> Nullable<Text>,
        visitor_id -> Nullable<IdSql>,
        at -> TsSql,
        lapses_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    case_files (id) {
        id -> IdSql,
        case_id -> IdSql,
        purpose -> Text,
        media -> Text,
        storage_key -> Text,
        thumbnail_key -> Nullable<Text>,
        bytes -> Integer,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        sha256 -> Text,
        likeness -> Nullable<Text>,
        by_reporter -> Bool,
        added_by -> Nullable<IdSql>,
        round -> Integer,
        removed_at -> Nullable<TsSql>,
        removed_by -> Nullable<IdSql>,
        remove_reason -> Nullable<Text>,
        created_at -> TsSql,
    }
}

diesel::joinable!(cases -> compound_names (compound_id));
diesel::joinable!(cases -> organisation_names (handler_org_id));
diesel::joinable!(case_details -> cases (case_id));
diesel::joinable!(case_reporters -> cases (case_id));
diesel::joinable!(case_joins -> cases (case_id));
diesel::joinable!(case_returns -> cases (case_id));
diesel::joinable!(case_comments -> cases (case_id));
diesel::joinable!(case_clocks -> cases (case_id));
diesel::joinable!(case_alarms -> case_clocks (clock_id));
diesel::joinable!(case_holds -> cases (case_id));
diesel::joinable!(case_extensions -> cases (case_id));
diesel::joinable!(case_visits -> cases (case_id));
diesel::joinable!(case_files -> cases (case_id));

diesel::allow_tables_to_appear_in_same_query!(
    cases,
    case_details,
    case_reporters,
    case_joins,
    case_returns,
    case_links,
    case_comments,
    case_clocks,
    case_alarms,
    case_holds,
    case_extensions,
    case_visits,
    case_files,
);
diesel::allow_tables_to_appear_in_same_query!(cases, compound_names);
diesel::allow_tables_to_appear_in_same_query!(cases, organisation_names);
diesel::allow_tables_to_appear_in_same_query!(case_details, compound_names);
diesel::allow_tables_to_appear_in_same_query!(case_details, organisation_names);
diesel::allow_tables_to_appear_in_same_query!(case_holds, compound_names);
diesel::allow_tables_to_appear_in_same_query!(case_extensions, compound_names);
diesel::allow_tables_to_appear_in_same_query!(case_clocks, compound_names);
