//! organisations: bodies, contracts, coverage and the smaller registers.

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    organisations (id) {
        id -> IdSql,
        kind -> Text,
        party_kind -> Nullable<Text>,
        name -> Text,
        search_name -> Text,
        uscc -> Nullable<Text>,
        area_code -> Text,
        parent_id -> Nullable<IdSql>,
        compound_id -> Nullable<IdSql>,
        status -> Text,
        details -> JsonSql,
        founded_on -> Date,
        ended_on -> Nullable<Date>,
        status_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    committee_terms (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        compound_id -> IdSql,
        area_code -> Text,
        seats -> Integer,
        elected_on -> Date,
        term_from -> Date,
        term_to -> Date,
        rule_set_id -> Nullable<IdSql>,
        filing_due -> Date,
        filed_on -> Nullable<Date>,
        filing_no -> Nullable<Text>,
        filed_by -> Nullable<IdSql>,
        ended_on -> Nullable<Date>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    service_contracts (id) {
        id -> IdSql,
        company_id -> IdSql,
        compound_id -> IdSql,
        area_code -> Text,
        term_kind -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        price_fen -> Nullable<BigInt>,
        star_tier -> Nullable<Integer>,
        commitments -> JsonSql,
        status -> Text,
        status_note -> Nullable<Text>,
        submitted_by -> Nullable<IdSql>,
        submitted_at -> Nullable<TsSql>,
        filed_by -> Nullable<IdSql>,
        filed_on -> Nullable<Date>,
        filing_no -> Nullable<Text>,
        notice_by -> Nullable<Text>,
        notice_on -> Nullable<Date>,
        notice_basis -> Nullable<Text>,
        effective_on -> Nullable<Date>,
        handover -> JsonSql,
        ended_on -> Nullable<Date>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    party_coverages (id) {
        id -> IdSql,
        organisation_id -> IdSql,
        area_code -> Text,
        formal_members -> Integer,
        coverage -> Text,
        party_org_id -> Nullable<IdSql>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        note -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    instructor_links (id) {
        id -> IdSql,
        person_id -> IdSql,
        company_id -> IdSql,
        area_code -> Text,
        valid_from -> Date,
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

    partnerships (id) {
        id -> IdSql,
        area_code -> Text,
        title -> Text,
        topics -> JsonSql,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::IdSql;

    partnership_parties (partnership_id, organisation_id) {
        partnership_id -> IdSql,
        organisation_id -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    post_areas (id) {
        id -> IdSql,
        kind -> Text,
        name -> Text,
        area_code -> Text,
        organisation_id -> Nullable<IdSql>,
        opened_on -> Date,
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

    supplier_links (id) {
        id -> IdSql,
        company_id -> IdSql,
        supplier_id -> IdSql,
        area_code -> Text,
        services -> Text,
        valid_from -> Date,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    organisations,
    committee_terms,
    service_contracts,
    party_coverages,
    instructor_links,
    partnerships,
    partnership_parties,
    post_areas,
    supplier_links,
);
