//! The tables of territory.

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::TsSql;

    divisions (code) {
        code -> Text,
        level -> Text,
        name -> Text,
        search_name -> Text,
        alias -> Nullable<Text>,
        parent_code -> Nullable<Text>,
        households -> Nullable<Integer>,
        residents -> Nullable<Integer>,
        land_area -> Nullable<BigInt>,
        predecessor_code -> Nullable<Text>,
        successor_code -> Nullable<Text>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    grids (id) {
        id -> IdSql,
        code -> Text,
        community_code -> Text,
        parent_id -> Nullable<IdSql>,
        level -> Integer,
        kind -> Text,
        name -> Text,
        search_name -> Text,
        households -> Nullable<Integer>,
        residents -> Nullable<Integer>,
        duty_phone -> Nullable<Text>,
        polygon -> Nullable<JsonSql>,
        min_lon -> Nullable<Integer>,
        min_lat -> Nullable<Integer>,
        max_lon -> Nullable<Integer>,
        max_lat -> Nullable<Integer>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        close_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, JsonSql, TsSql};

    compounds (id) {
        id -> IdSql,
        area_code -> Text,
        community_code -> Text,
        grid_code -> Nullable<Text>,
        name -> Text,
        search_name -> Text,
        kind -> Text,
        address -> Text,
        built_year -> Nullable<Integer>,
        floor_area -> Nullable<BigInt>,
        households -> Nullable<Integer>,
        residents -> Nullable<Integer>,
        management_mode -> Text,
        pilots -> JsonSql,
        plan -> Nullable<Text>,
        brand -> Nullable<Text>,
        opened_on -> Date,
        closed_on -> Nullable<Date>,
        close_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
        serving_contract_id -> Nullable<IdSql>,
        confirmed_star -> Nullable<SmallInt>,
        star_as_of -> Nullable<Date>,
        star_result_id -> Nullable<IdSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    compound_modes (id) {
        id -> IdSql,
        compound_id -> IdSql,
        mode -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        evidence_kind -> Nullable<Text>,
        evidence_ref -> Nullable<Text>,
        recorded_by -> Nullable<IdSql>,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    compound_placements (id) {
        id -> IdSql,
        compound_id -> IdSql,
        community_code -> Text,
        area_code -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        reason -> Nullable<Text>,
        recorded_by -> Nullable<IdSql>,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    mode_changes (id) {
        id -> IdSql,
        compound_id -> IdSql,
        area_code -> Text,
        mode -> Text,
        effective_on -> Date,
        evidence_kind -> Text,
        evidence_ref -> Text,
        reason -> Text,
        status -> Text,
        proposed_by -> IdSql,
        proposed_at -> TsSql,
        decided_by -> Nullable<IdSql>,
        decided_at -> Nullable<TsSql>,
        decision_note -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    buildings (id) {
        id -> IdSql,
        area_code -> Text,
        compound_id -> IdSql,
        grid_code -> Nullable<Text>,
        no -> Text,
        floors -> Integer,
        has_elevator -> Bool,
        closed_on -> Nullable<Date>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    units (id) {
        id -> IdSql,
        area_code -> Text,
        compound_id -> IdSql,
        building_id -> IdSql,
        no -> Text,
        closed_on -> Nullable<Date>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    rooms (id) {
        id -> IdSql,
        area_code -> Text,
        compound_id -> IdSql,
        unit_id -> IdSql,
        no -> Text,
        exclusive_area -> BigInt,
        use_kind -> Text,
        closed_on -> Nullable<Date>,
        version -> Integer,
        created_at -> TsSql,
        updated_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use platform::db::{IdSql, TsSql};

    contact_assignments (id) {
        id -> IdSql,
        kind -> Text,
        grid_id -> Nullable<IdSql>,
        compound_id -> Nullable<IdSql>,
        area_code -> Text,
        assignee -> Text,
        title -> Nullable<Text>,
        account_id -> Nullable<IdSql>,
        hard_spot -> Bool,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
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

    import_runs (id) {
        id -> IdSql,
        kind -> Text,
        file_hash -> Text,
        rows_read -> BigInt,
        inserted -> BigInt,
        changed -> BigInt,
        unchanged -> BigInt,
        closed -> BigInt,
        rejected -> BigInt,
        started_at -> TsSql,
        updated_at -> TsSql,
        finished_at -> Nullable<TsSql>,
    }
}

diesel::joinable!(compounds -> divisions (community_code));
diesel::joinable!(buildings -> compounds (compound_id));
diesel::joinable!(units -> buildings (building_id));
diesel::joinable!(rooms -> units (unit_id));

diesel::allow_tables_to_appear_in_same_query! {
    divisions, grids, compounds, compound_modes, compound_placements, mode_changes, buildings, units, rooms,
    contact_assignments,
}
