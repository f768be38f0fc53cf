//! The tables of ratings: schemes with their indicators, campaigns with their projects, claims, assessors and their sheets,
//! facts, results and appeals.

use crate::names::{compound_names, organisation_names, placed_compounds, serving_contracts};

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    rating_schemes (id) {
        id -> IdSql,
        area_code -> Text,
        number -> Integer,
        title -> Text,
        source -> Text,
        demo -> Bool,
        terms -> JsonSql,
        status -> Text,
        created_by -> Nullable<IdSql>,
        published_at -> Nullable<TsSql>,
        published_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    rating_indicators (id) {
        id -> IdSql,
        scheme_id -> IdSql,
        position -> Integer,
        code -> Text,
        dimension -> Text,
        words -> Text,
        max_points -> Integer,
        evidence -> Text,
        veto -> Bool,
        by_authority -> Bool,
        by_association -> Bool,
        by_peer -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    rating_campaigns (id) {
        id -> IdSql,
        scheme_id -> IdSql,
        area_code -> Text,
        year -> Integer,
        quarter -> SmallInt,
        title -> Text,
        status -> Text,
        recorded -> Bool,
        rule_set_id -> Nullable<IdSql>,
        publicity_days -> Integer,
        appeal_days -> Integer,
        publicity_id -> Nullable<IdSql>,
        objections_upheld -> Integer,
        appeals_until -> Nullable<Date>,
        opened_at -> Nullable<TsSql>,
        collated_at -> Nullable<TsSql>,
        confirmed_at -> Nullable<TsSql>,
        confirmed_by -> Nullable<IdSql>,
        created_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    rating_projects (id) {
        id -> IdSql,
        campaign_id -> IdSql,
        compound_id -> IdSql,
        company_id -> Nullable<IdSql>,
        area_code -> Text,
        year -> Integer,
        quarter -> SmallInt,
        version -> Integer,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    rating_claims (id) {
        id -> IdSql,
        project_id -> IdSql,
        campaign_id -> IdSql,
        company_id -> IdSql,
        area_code -> Text,
        target_star -> SmallInt,
        charged_fen -> BigInt,
        self_points -> JsonSql,
        self_score -> Nullable<Integer>,
        evidence -> JsonSql,
        note -> Nullable<Text>,
        status -> Text,
        withdraw_reason -> Nullable<Text>,
        claimed_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    rating_assessors (id) {
        id -> IdSql,
        campaign_id -> IdSql,
        account_id -> IdSql,
        panel -> Text,
        assigned_by -> Nullable<IdSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    rating_assignments (assessor_id, project_id) {
        assessor_id -> IdSql,
        project_id -> IdSql,
        round -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    rating_sheets (id) {
        id -> IdSql,
        project_id -> IdSql,
        campaign_id -> IdSql,
        assessor_id -> IdSql,
        panel -> Text,
        round -> Text,
        status -> Text,
        submitted_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    rating_points (sheet_id, indicator_id) {
        sheet_id -> IdSql,
        indicator_id -> IdSql,
        points -> Nullable<Integer>,
        vetoed -> Bool,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    rating_facts (id) {
        id -> IdSql,
        project_id -> IdSql,
        area_code -> Text,
        kind -> Text,
        ground -> Nullable<Text>,
        occurred_on -> Date,
        score -> Nullable<Integer>,
        responses -> Nullable<Integer>,
        source -> Text,
        recorded_by -> Nullable<IdSql>,
        struck_at -> Nullable<TsSql>,
        struck_by -> Nullable<IdSql>,
        strike_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    rating_results (id) {
        id -> IdSql,
        project_id -> IdSql,
        campaign_id -> IdSql,
        compound_id -> IdSql,
        company_id -> Nullable<IdSql>,
        area_code -> Text,
        year -> Integer,
        quarter -> SmallInt,
        recorded -> Bool,
        authority_score -> Nullable<Integer>,
        association_score -> Nullable<Integer>,
        peer_score -> Nullable<Integer>,
        satisfaction_score -> Nullable<Integer>,
        score -> Integer,
        earned_star -> SmallInt,
        stars -> SmallInt,
        caps -> JsonSql,
        revised_at -> Nullable<TsSql>,
        confirmed_at -> Nullable<TsSql>,
        downgraded_at -> Nullable<TsSql>,
        downgrade_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    rating_appeals (id) {
        id -> IdSql,
        result_id -> IdSql,
        project_id -> IdSql,
        campaign_id -> IdSql,
        area_code -> Text,
        grounds -> Text,
        evidence -> Nullable<Text>,
        ex_officio -> Bool,
        status -> Text,
        raised_by -> Nullable<IdSql>,
        raised_at -> TsSql,
        contested -> JsonSql,
        decision -> Nullable<Text>,
        decided_by -> Nullable<IdSql>,
        decided_at -> Nullable<TsSql>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::joinable!(rating_projects -> rating_campaigns (campaign_id));
diesel::joinable!(rating_results -> rating_campaigns (campaign_id));
diesel::joinable!(rating_claims -> rating_campaigns (campaign_id));
diesel::joinable!(rating_points -> rating_sheets (sheet_id));

diesel::allow_tables_to_appear_in_same_query!(
    rating_schemes,
    rating_indicators,
    rating_campaigns,
    rating_projects,
    rating_claims,
    rating_assessors,
    rating_assignments,
    rating_sheets,
    rating_points,
    rating_facts,
    rating_results,
    rating_appeals,
    compound_names,
    organisation_names,
);
diesel::allow_tables_to_appear_in_same_query!(compound_names, serving_contracts);
diesel::allow_tables_to_appear_in_same_query!(rating_results, placed_compounds);
diesel::allow_tables_to_appear_in_same_query!(rating_campaigns, placed_compounds);
