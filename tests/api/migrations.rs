//! One schema on two engines: the migrations pair up, run back and forth, and leave the tables that `schema.rs` says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use platform::db::{Db, Either};
use red_steward::migrate;

use crate::support::TestDatabase;

/// Column name to whether it may be null.
type Tables = BTreeMap<String, BTreeMap<String, bool>>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn folder_names(engine: &str) -> BTreeSet<String> {
    let folder = root().join("migrations").join(engine);
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn both_engines_have_the_same_migrations() {
    assert_eq!(folder_names("sqlite"), folder_names("postgres"));
    for engine in ["sqlite", "postgres"] {
        for name in folder_names(engine) {
            for file in ["up.sql", "down.sql"] {
                let path = root().join("migrations").join(engine).join(&name).join(file);
                assert!(std::fs::metadata(&path).is_ok_and(|m| m.len() > 0), "{} is missing or empty", path.display());
            }
        }
    }
}

#[test]
fn every_down_takes_back_its_up() {
    let database = TestDatabase::empty();
    let db = database.open();
    let applied = migrate::run(&db).expect("up");
    let before = live_tables(&db);
    assert_eq!(applied.len(), folder_names("sqlite").len());
    assert_eq!(migrate::revert_all(&db).expect("down").len(), applied.len());
    assert_eq!(live_tables(&db), Tables::new(), "tables were left behind");
    migrate::run(&db).expect("up again");
    assert_eq!(live_tables(&db), before);
    assert_eq!(migrate::run(&db).expect("nothing to do").len(), 0);
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Integer)]
    nullable: i32,
}

const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, p.name AS column_name, (p.\"notnull\" = 0) AS nullable \
    FROM sqlite_master m JOIN pragma_table_info(m.name) p \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text, (is_nullable = 'YES')::int AS nullable \
    FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_\\_diesel%'";

fn live_tables(db: &Db) -> Tables {
    let columns: Vec<Column> = db
        .with_writer(|c| match c.either() {
            Either::Sqlite(c) => diesel::sql_query(SQLITE_COLUMNS).load(c).expect("columns"),
            Either::Postgres(c) => diesel::sql_query(POSTGRES_COLUMNS).load(c).expect("columns"),
        })
        .expect("a connection");
    let mut tables = Tables::new();
    for column in columns {
        tables.entry(column.table_name).or_default().insert(column.column_name, column.nullable == 1);
    }
    tables
}

/// `src/<wing>/schema.rs`, or the files of `src/<wing>/schema/`.
fn schema_files() -> Vec<PathBuf> {
    let is_schema =
        |file: &PathBuf| file.ends_with("schema.rs") || file.parent().is_some_and(|p| p.ends_with("schema"));
    crate::contract::rust_files(&root().join("src")).into_iter().filter(is_schema).collect()
}

/// The tables as the `schema.rs` files declare them.
fn declared_tables() -> Tables {
    let mut tables = Tables::new();
    for file in schema_files() {
        let text = std::fs::read_to_string(file).expect("a schema file");
        let mut current: Option<String> = None;
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with("diesel::")) {
            match (&current, line.split_once(" -> "), line.split_once(" (")) {
                (Some(table), Some((column, kind)), _) => {
                    tables.entry(table.clone()).or_default().insert(column.to_owned(), kind.starts_with("Nullable<"));
                }
                (_, None, Some((name, rest))) if rest.ends_with(") {") => current = Some(name.to_owned()),
                _ => {}
            }
        }
    }
    tables
}

#[test]
fn the_live_tables_are_those_of_schema_rs() {
    let database = TestDatabase::migrated();
    let (live, declared) = (live_tables(&database.open()), declared_tables());
    assert_eq!(live.keys().collect::<Vec<_>>(), declared.keys().collect::<Vec<_>>());
    for (table, columns) in &declared {
        assert_eq!(&live[table], columns, "{table}");
        assert!(columns.len() <= 32, "{table} is wider than 32 columns");
    }
}

#[derive(QueryableByName)]
struct Rule {
    #[diesel(sql_type = Text)]
    rule: String,
}

/// Unique indexes and foreign keys, in words that are the same for both engines.
const SQLITE_RULES: &str = "SELECT 'unique ' || m.name || ' ' || (SELECT group_concat(name, ',') FROM (SELECT x.name FROM \
        pragma_index_info(i.name) x ORDER BY x.seqno)) || CASE i.partial WHEN 1 THEN ' partial' ELSE '' END AS rule \
    FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table' AND i.\"unique\" = 1 \
        AND m.name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' \
    UNION SELECT 'foreign ' || m.name || ' ' || f.\"from\" || ' -> ' || f.\"table\" FROM sqlite_master m \
        JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' \
    UNION SELECT 'unique ' || m.name || ' ' || (SELECT group_concat(name, ',') FROM (SELECT p.name FROM \
        pragma_table_info(m.name) p WHERE p.pk > 0 ORDER BY p.pk)) FROM sqlite_master m WHERE m.type = 'table' \
        AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'";
const POSTGRES_RULES: &str = "SELECT 'unique ' || t.relname || ' ' || string_agg(a.attname, ',' ORDER BY k.n) || \
        CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END AS rule \
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace \
        CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(attnum, n) \
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum \
    WHERE i.indisunique AND s.nspname = current_schema() AND t.relname NOT LIKE '\\_\\_diesel%' \
    GROUP BY t.relname, i.indexrelid, i.indpred \
    UNION SELECT 'foreign ' || t.relname || ' ' || a.attname || ' -> ' || f.relname FROM pg_constraint c \
        JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid \
        JOIN pg_namespace s ON s.oid = t.relnamespace \
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] \
    WHERE c.contype = 'f' AND s.nspname = current_schema()";

fn rules(db: &Db) -> BTreeSet<String> {
    let rules: Vec<Rule> = db
        .with_writer(|c| match c.either() {
            Either::Sqlite(c) => diesel::sql_query(SQLITE_RULES).load(c).expect("rules"),
            Either::Postgres(c) => diesel::sql_query(POSTGRES_RULES).load(c).expect("rules"),
        })
        .expect("a connection");
    rules.into_iter().map(|rule| rule.rule).collect()
}

/// SQLite needs no server, so the PostgreSQL run compares the two live engines; the SQLite run sees that there are rules.
#[test]
fn both_engines_hold_the_same_invariants() {
    let database = TestDatabase::migrated();
    let live = rules(&database.open());
    assert!(live.iter().any(|rule| rule == "unique compound_modes compound_id partial"), "{live:#?}");
    if database.is_postgres() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/parity.db", folder.path().display());
        let sqlite = Db::open(&url, None, platform::db::Sizes { pool: 1, read_pool: 1 }).expect("SQLite opens");
        migrate::run(&sqlite).expect("migrations run");
        assert_eq!(live_tables(&sqlite), live_tables(&database.open()));
        assert_eq!(rules(&sqlite), live);
    }
}
