//! The command line: what goes wrong is one clear line and an exit code other than 0.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::TestDatabase;

/// The binary on this database and on ports of its own, whatever the environment says.
pub fn command(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_red-steward"));
    command.env_clear().env("DATABASE_URL", url).env("SECRET_KEY", "a secret of the tests, long enough to pass");
    command.env("METRICS_ADDR", "127.0.0.1:0").env("BIND_ADDR", "127.0.0.1:0").env("RUST_LOG", "off");
    command
}

pub fn red_steward(url: &str, arguments: &[&str]) -> Output {
    command(url).args(arguments).output().expect("the binary runs")
}

#[track_caller]
fn fails_with(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.starts_with("red-steward: ") && said.contains(words), "{said}");
}

#[test]
fn a_wrong_database_url_is_one_line() {
    fails_with(&red_steward("mysql://localhost/x", &["serve"]), "must start with sqlite:// or postgres://");
    fails_with(&red_steward("sqlite://", &["serve"]), "names no file");
    let nobody = "postgres://nobody:wrong@127.0.0.1:1/nowhere";
    fails_with(&red_steward(nobody, &["serve"]), "cannot open the database");
    fails_with(&red_steward("sqlite:///proc/no/such.db", &["serve"]), "cannot create");
}

#[test]
fn a_file_that_is_no_database_is_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("letter.db");
    std::fs::write(&path, "Dear friends, this is a letter and no database at all. ".repeat(40)).expect("written");
    fails_with(&red_steward(&format!("sqlite://{}", path.display()), &["serve"]), "cannot open the database");
}

#[test]
fn a_database_without_its_tables_is_one_line() {
    let database = TestDatabase::empty();
    fails_with(&red_steward(&database.url, &["serve"]), "red-steward migrate");
}

#[test]
fn a_half_finished_migration_is_one_line() {
    use diesel::connection::SimpleConnection;
    let database = TestDatabase::empty();
    // As if a migration had been run by hand, and only in part.
    let made = database.open().with_writer(|c| c.batch_execute("CREATE TABLE outbox (position INTEGER)"));
    made.expect("a connection").expect("a table");
    fails_with(&red_steward(&database.url, &["migrate"]), "a migration failed");
    fails_with(&red_steward(&database.url, &["serve"]), "red-steward migrate");
}

#[test]
fn an_occupied_port_is_one_line() {
    let database = TestDatabase::migrated();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    fails_with(&red_steward(&database.url, &["serve", "--bind-addr", &address]), "cannot listen on");
}

#[test]
fn a_short_secret_is_one_line() {
    let database = TestDatabase::migrated();
    fails_with(&red_steward(&database.url, &["serve", "--secret-key", "short"]), "SECRET_KEY must have at least 32");
}

#[test]
fn an_unreadable_import_file_is_one_line() {
    let database = TestDatabase::migrated();
    let import = |file: &Path| red_steward(&database.url, &["import", "divisions", &file.display().to_string()]);
    let folder = tempfile::tempdir().expect("a folder");
    fails_with(&import(&folder.path().join("missing.csv")), "cannot read");
    let strange = folder.path().join("divisions.xlsx");
    std::fs::write(&strange, "PK").expect("written");
    fails_with(&import(&strange), "neither .csv nor .json");
    let headless = folder.path().join("headless.csv");
    std::fs::write(&headless, "62,甘肃省\n").expect("written");
    fails_with(&import(&headless), "no columns");
    let nested = folder.path().join("names.json");
    std::fs::write(&nested, r#"{"香港特别行政区":{"香港岛":["中西区"]}}"#).expect("written");
    fails_with(&import(&nested), "names without codes");
}

#[test]
fn the_document_needs_no_database() {
    let output = red_steward("nonsense", &["openapi"]);
    assert!(output.status.success());
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn the_first_account_is_made_once_and_its_password_shown_once() {
    let database = TestDatabase::migrated();
    let made = red_steward(&database.url, &["account", "create", "first.admin"]);
    let said = String::from_utf8_lossy(&made.stdout);
    assert!(made.status.success() && said.contains("first.admin (platform_admin) created"), "{said}");
    let password = said.trim_end().rsplit(' ').next().expect("a password");
    assert!(password.len() >= 16, "{said}");
    fails_with(&red_steward(&database.url, &["account", "create", "first.admin"]), "taken");
    fails_with(&red_steward(&database.url, &["account", "create", "王"]), "a username has");
}

#[test]
fn the_holidays_of_a_year_are_imported_once() {
    let database = TestDatabase::migrated();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/holidays/2024.json");
    let import = |file: &Path| red_steward(&database.url, &["import", "holidays", &file.display().to_string()]);
    for said in
        ["36 days: 36 new, 0 changed, 0 unchanged, 0 removed", "36 days: 0 new, 0 changed, 36 unchanged, 0 removed"]
    {
        let output = import(&file);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), said);
    }
    let folder = tempfile::tempdir().expect("a folder");
    fails_with(&import(&folder.path().join("missing.json")), "cannot read");
    let wrong = folder.path().join("wrong.json");
    std::fs::write(&wrong, r#"{"year":2024,"papers":[],"days":[{"name":"元旦","date":"2023-01-01","isOffDay":true}]}"#)
        .expect("written");
    fails_with(&import(&wrong), "/days/0/date lies outside the year");
    fails_with(
        &red_steward(
            &database.url,
            &["import", "holidays", &file.display().to_string(), "--area", "620902005003-0001"],
        ),
        "a community or an area above it",
    );
}
