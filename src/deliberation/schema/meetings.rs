//! The tables of meetings: series, meetings with seats and agenda, minutes, resolutions and what is to be done.

use crate::names::{appointment_posts, organisation_names, person_names, post_titles};

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    meeting_series (id) {
        id -> IdSql,
        kind -> Text,
        area_code -> Text,
        title -> Text,
        cadence -> Text,
        required_parties -> JsonSql,
        convener_org_id -> IdSql,
        starts_on -> Date,
        last_held_on -> Nullable<Date>,
        next_due_on -> Nullable<Date>,
        alarmed_for -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    meetings (id) {
        id -> IdSql,
        series_id -> Nullable<IdSql>,
        follows_id -> Nullable<IdSql>,
        kind -> Text,
        area_code -> Text,
        title -> Text,
        convener_org_id -> IdSql,
        mode -> Text,
        place -> Text,
        starts_at -> TsSql,
        minutes -> Integer,
        status -> Text,
        status_reason -> Nullable<Text>,
        standing -> Nullable<Text>,
        terms -> JsonSql,
        rule_set_id -> Nullable<IdSql>,
        check_in_code -> Nullable<Text>,
        notified_at -> Nullable<TsSql>,
        opened_at -> Nullable<TsSql>,
        closed_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    meeting_seats (id) {
        id -> IdSql,
        meeting_id -> IdSql,
        organisation_id -> IdSql,
        post_id -> Nullable<IdSql>,
        party -> Text,
        role -> Text,
        votes -> Bool,
        attendance -> Nullable<Text>,
        attend_mode -> Nullable<Text>,
        appointment_id -> Nullable<IdSql>,
        person_id -> Nullable<IdSql>,
        proxy_document -> Nullable<Text>,
        excuse -> Nullable<Text>,
        attended_at -> Nullable<TsSql>,
        attended_by -> Nullable<IdSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    agenda_items (id) {
        id -> IdSql,
        meeting_id -> IdSql,
        parent_id -> Nullable<IdSql>,
        position -> Integer,
        title -> Text,
        body -> Nullable<Text>,
        kind -> Text,
        minutes -> Integer,
        presenter_org_id -> Nullable<IdSql>,
        object_org_id -> Nullable<IdSql>,
        source_kind -> Nullable<Text>,
        source_id -> Nullable<IdSql>,
        source_note -> Nullable<Text>,
        impromptu -> Bool,
        status -> Text,
        status_reason -> Nullable<Text>,
        proposed_by -> IdSql,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    agenda_votes (item_id, seat_id) {
        item_id -> IdSql,
        seat_id -> IdSql,
        choice -> Text,
        appointment_id -> Nullable<IdSql>,
        cast_by -> IdSql,
        cast_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    meeting_minutes (id) {
        id -> IdSql,
        meeting_id -> IdSql,
        area_code -> Text,
        number -> Integer,
        status -> Text,
        body -> JsonSql,
        reason -> Nullable<Text>,
        amend_until -> Nullable<Date>,
        sign_until -> Nullable<Date>,
        snapshot -> Nullable<JsonSql>,
        public_snapshot -> Nullable<JsonSql>,
        content_hash -> Nullable<Text>,
        public_hash -> Nullable<Text>,
        published_at -> Nullable<TsSql>,
        published_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    minutes_amendments (id) {
        id -> IdSql,
        minutes_id -> IdSql,
        seat_id -> IdSql,
        item_id -> Nullable<IdSql>,
        words -> Text,
        status -> Text,
        reply -> Nullable<Text>,
        raised_by -> IdSql,
        raised_at -> TsSql,
        disposed_by -> Nullable<IdSql>,
        disposed_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    minutes_signatures (minutes_id, seat_id) {
        minutes_id -> IdSql,
        seat_id -> IdSql,
        kind -> Text,
        note -> Nullable<Text>,
        appointment_id -> Nullable<IdSql>,
        signed_by -> Nullable<IdSql>,
        signed_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    resolution_numbers (area_code, year) {
        area_code -> Text,
        year -> Integer,
        last -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    resolutions (id) {
        id -> IdSql,
        meeting_id -> IdSql,
        item_id -> IdSql,
        area_code -> Text,
        year -> Integer,
        serial -> Integer,
        title -> Text,
        words -> Text,
        method -> Text,
        status -> Text,
        status_reason -> Nullable<Text>,
        binding_on -> JsonSql,
        tally -> Nullable<JsonSql>,
        requires_owner_vote -> Bool,
        owner_vote_id -> Nullable<IdSql>,
        superseded_by -> Nullable<IdSql>,
        case_id -> Nullable<IdSql>,
        satisfied -> Nullable<Bool>,
        decided_at -> Nullable<TsSql>,
        effective_on -> Nullable<Date>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    action_items (id) {
        id -> IdSql,
        resolution_id -> IdSql,
        meeting_id -> IdSql,
        area_code -> Text,
        title -> Text,
        body -> Nullable<Text>,
        weight -> Integer,
        owner_org_id -> IdSql,
        owner_person_id -> Nullable<IdSql>,
        co_orgs -> JsonSql,
        due_on -> Date,
        progress -> Integer,
        status -> Text,
        status_reason -> Nullable<Text>,
        returns -> Integer,
        level -> Text,
        escalated_at -> Nullable<TsSql>,
        evidence -> Nullable<Text>,
        submitted_by -> Nullable<IdSql>,
        submitted_at -> Nullable<TsSql>,
        submitted_on -> Nullable<Date>,
        verified_by -> Nullable<IdSql>,
        verified_at -> Nullable<TsSql>,
        closed_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::joinable!(meeting_seats -> meetings (meeting_id));
diesel::joinable!(agenda_items -> meetings (meeting_id));
diesel::joinable!(agenda_votes -> agenda_items (item_id));
diesel::joinable!(meeting_minutes -> meetings (meeting_id));
diesel::joinable!(minutes_amendments -> meeting_minutes (minutes_id));
diesel::joinable!(minutes_signatures -> meeting_minutes (minutes_id));
diesel::joinable!(resolutions -> meetings (meeting_id));
diesel::joinable!(action_items -> resolutions (resolution_id));
diesel::allow_tables_to_appear_in_same_query!(
    meeting_series,
    meetings,
    meeting_seats,
    agenda_items,
    agenda_votes,
    meeting_minutes,
    minutes_amendments,
    minutes_signatures,
    resolutions,
    action_items,
    organisation_names,
    person_names,
    post_titles,
    appointment_posts,
);
