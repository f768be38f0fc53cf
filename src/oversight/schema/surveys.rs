//! The tables of surveys. Between claims and answers there is no column by which the two could be joined.

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    survey_forms (id) {
        id -> IdSql,
        area_code -> Text,
        code -> Text,
        number -> Integer,
        kind -> Text,
        title -> Text,
        questions -> JsonSql,
        frozen_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    survey_rounds (id) {
        id -> IdSql,
        form_id -> IdSql,
        kind -> Text,
        area_code -> Text,
        compound_id -> Nullable<IdSql>,
        contract_id -> Nullable<IdSql>,
        company_id -> Nullable<IdSql>,
        respondents -> Text,
        title -> Text,
        opens_at -> TsSql,
        closes_at -> TsSql,
        status -> Text,
        status_reason -> Nullable<Text>,
        terms -> Nullable<JsonSql>,
        rule_set_id -> Nullable<IdSql>,
        frame -> Nullable<JsonSql>,
        recheck_of -> Nullable<IdSql>,
        n -> Nullable<Integer>,
        score_bp -> Nullable<Integer>,
        outcome -> Nullable<Text>,
        result -> Nullable<JsonSql>,
        result_hash -> Nullable<Text>,
        computed_at -> Nullable<TsSql>,
        publicity_id -> Nullable<IdSql>,
        finalised_at -> Nullable<TsSql>,
        finalised_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    survey_invitations (id) {
        id -> IdSql,
        round_id -> IdSql,
        party -> Text,
        subject_id -> IdSql,
        stratum -> Text,
        channel -> Text,
        token_hash -> Text,
        created_by -> Nullable<IdSql>,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    survey_claims (round_id, party, subject_id) {
        round_id -> IdSql,
        party -> Text,
        subject_id -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql};

    survey_answers (round_id, id) {
        round_id -> IdSql,
        id -> IdSql,
        party -> Text,
        stratum -> Text,
        channel -> Text,
        answers -> JsonSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    survey_comments (round_id, id) {
        round_id -> IdSql,
        id -> IdSql,
        question -> Nullable<Text>,
        words -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    survey_calls (round_id, account_id) {
        round_id -> IdSql,
        account_id -> IdSql,
        entered -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    survey_consequences (id) {
        id -> IdSql,
        round_id -> IdSql,
        area_code -> Text,
        compound_id -> IdSql,
        company_id -> IdSql,
        status -> Text,
        proposed_by -> Nullable<IdSql>,
        notice -> Nullable<Text>,
        notice_hash -> Nullable<Text>,
        notice_id -> Nullable<IdSql>,
        notified_on -> Nullable<Date>,
        due_on -> Nullable<Date>,
        report -> Nullable<Text>,
        reported_at -> Nullable<TsSql>,
        recheck_round_id -> Nullable<IdSql>,
        recheck_outcome -> Nullable<Text>,
        confirmed_by -> Nullable<IdSql>,
        concluded_by -> Nullable<IdSql>,
        note -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::joinable!(survey_rounds -> survey_forms (form_id));
diesel::joinable!(survey_invitations -> survey_rounds (round_id));

diesel::allow_tables_to_appear_in_same_query!(survey_forms, survey_rounds, survey_invitations, survey_claims);
