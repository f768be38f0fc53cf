//! Registers that are not in order, and runs that do not get to their end.

use diesel::prelude::*;
use platform::auth::Role;
use red_steward::import::{Register, Request, run};
use registry::schema::{divisions as table, import_runs};
use registry::territory::dto::{CompoundOut, DivisionPage};
use registry::territory::import::{Counts, Options};

use super::registers::{
    HEADER, NAMES_ONLY, Named, TABLES, complete, divisions, divisions_with, grids_with, options, villages,
};
use super::{CANGHOU, compound, town};
use crate::support::TestApp;
use crate::support::actors::{DISTRICT, TONGDEXIANG};

/// How many divisions and import runs the database holds.
async fn stored(app: &TestApp) -> (i64, i64) {
    let read =
        app.app.db.read(|c| Ok((table::table.count().get_result(c)?, import_runs::table.count().get_result(c)?)));
    read.await.expect("counts")
}

#[actix_web::test]
async fn each_bad_row_is_named_and_the_others_are_taken() {
    let app = town().await;
    let long = format!("620902001020,\"{}\",620902001,62,6209,620902", "长".repeat(81));
    let rows = [
        "620902001010,好社区,620902001,62,6209,620902",
        "620902001011,错上级,620902005,62,6209,620902",
        "62090200101,短代码,620902001,62,6209,620902",
        "62090200101x,非数字,620902001,62,6209,620902",
        ",无代码,620902001,62,6209,620902",
        "620902001012,,620902001,62,6209,620902",
        "620902001013,\"  \",620902001,62,6209,620902",
        long.as_str(),
        "620902777001,孤儿,620902777,62,6209,620902",
        "620902001010,好社区,620902001,62,6209,620902",
        "620902001010,另名社区,620902001,62,6209,620902",
        "620902001014,又一好社区,,,,",
        "620902001015",
        "620902001016,少",
        "620902001017,多,620902001,62,6209,620902,多",
        "620902001018,空\u{0}字符,620902001,62,6209,620902",
        "62090200\u{0}019,空字符,620902001,62,6209,620902",
    ];
    let text = format!("{HEADER}\n{}\n", rows.join("\n"));
    let outcome = divisions(&app, &[("villages.csv", &text)]);
    let expected = [
        (2, "territory.parent_prefix", "/code"),
        (3, "territory.code_shape", "/code"),
        (4, "territory.code_shape", "/code"),
        (5, "territory.code_shape", "/code"),
        (6, "territory.name_length", "/name"),
        (7, "territory.name_length", "/name"),
        (8, "territory.name_length", "/name"),
        (9, "territory.parent_missing", "/code"),
        (11, "territory.row_twice", "/code"),
        (13, "territory.cell_count", ""),
        (14, "territory.cell_count", ""),
        (15, "territory.cell_count", ""),
        (16, "territory.nul_character", "/name"),
        (17, "territory.code_shape", "/code"),
    ];
    assert_eq!(outcome.faults(), expected);
    assert_eq!(*outcome.counts(), Counts { read: 17, inserted: 2, unchanged: 1, rejected: 14, ..Counts::default() });
    assert_eq!((outcome.errors[0].key.as_str(), outcome.errors[7].key.as_str()), ("620902001011", "620902777001"));
}

#[actix_web::test]
async fn a_blank_or_forbidden_name_in_a_list_is_a_bad_row_as_well() {
    let app = town().await;
    let text = r#"[{"code":"620902001010","name":"  "},{"code":"620902001011","name":"a\u0000b"},{"name":"无代码"},
        {"code":"620902001012","name":"好社区","extra":{"deep":[1]}}]"#;
    let outcome = divisions(&app, &[("villages.json", text)]);
    let codes: Vec<(i64, &str)> = outcome.errors.iter().map(|error| (error.row, error.code.as_str())).collect();
    assert_eq!(codes, [(1, "territory.name_length"), (2, "territory.nul_character"), (3, "territory.code_shape")]);
    assert_eq!(outcome.counts().inserted, 1);
}

#[actix_web::test]
async fn a_code_that_comes_twice_with_two_names_is_one_rename_and_one_bad_row() {
    let app = town().await;
    let text = format!("{HEADER}\n{CANGHOU},甲社区,,,,\n{CANGHOU},乙社区,,,,\n{CANGHOU},甲社区,,,,\n");
    let outcome = divisions(&app, &[("villages.csv", &text)]);
    assert_eq!(*outcome.counts(), Counts { read: 3, changed: 1, unchanged: 1, rejected: 1, ..Counts::default() });
    assert_eq!(outcome.faults(), [(2, "territory.row_twice", "/code")]);
}

#[actix_web::test]
async fn a_code_that_comes_twice_is_seen_however_far_apart() {
    let app = TestApp::spawn().await;
    assert_eq!(divisions(&app, &TABLES).errors, []);
    let text = many() + "620902001500,别名社区,620902001,62,6209,620902\n620902001501,第501社区,,,,\n";
    let outcome = divisions(&app, &[("villages.csv", &text)]);
    assert_eq!(
        *outcome.counts(),
        Counts { read: 1602, inserted: 1600, unchanged: 1, rejected: 1, ..Counts::default() }
    );
    assert_eq!(outcome.faults(), [(1601, "territory.row_twice", "/code")]);
}

/// Sixteen hundred communities, more than one transaction's worth: eight streets with two hundred each.
fn many() -> String {
    let [_, _, _, (_, streets), _] = TABLES;
    let streets = streets.lines().filter(|line| line.starts_with(DISTRICT)).filter_map(|line| line.get(..9)).take(8);
    let rows = streets.flat_map(|street| {
        (500..700).map(move |serial| format!("{street}{serial},第{serial}社区,{street},62,6209,620902\n"))
    });
    std::iter::once(format!("{HEADER}\n")).chain(rows).collect()
}

#[actix_web::test]
async fn a_file_from_an_office_program_is_read() {
    let app = town().await;
    let text = format!("\u{feff}{HEADER}\r\n620902001010,\"好社区\",620902001,62,6209,620902\r\n");
    let outcome = divisions(&app, &[("villages.csv", &text)]);
    assert_eq!((outcome.counts().inserted, outcome.errors.len()), (1, 0));
    let text = "\u{feff}[{\"code\":\"620902001011\",\"name\":\"又一社区\"}]\r\n";
    assert_eq!(divisions(&app, &[("villages.json", text)]).counts().inserted, 1);
}

#[actix_web::test]
async fn what_is_no_register_is_refused_with_a_reason() {
    let app = town().await;
    let before = stored(&app).await.0;
    let cases: [(Named<'_>, &str); 8] = [
        (("x.csv", "name,streetCode\n好社区,620902001\n"), "no columns \"code\" and \"name\""),
        (("x.csv", ""), "no columns"),
        (("x.json", "code,name\n62,甘肃省\n"), "not a JSON list"),
        (("x.json", r#"[{"code":"620902001010","name":"好社区"}"#), "not a JSON list"),
        (("x.json", r#"[{"code":620902001010,"name":"好社区"}]"#), "not a JSON list"),
        (("x.json", r#"["好社区"]"#), "not a JSON list"),
        (("x.json", "[] []"), "text after the JSON list"),
        (NAMES_ONLY, "not a JSON list of objects with code and name"),
    ];
    for (file, reason) in cases {
        let outcome = divisions(&app, &[file]);
        let said = outcome.counts.expect_err("must be refused");
        assert!(said.contains(reason), "{said}");
    }
    assert_eq!(stored(&app).await.0, before);
}

#[actix_web::test]
async fn a_dry_run_counts_the_same_and_leaves_nothing() {
    let app = TestApp::spawn().await;
    let dry = divisions_with(&app, &Options { dry_run: true, ..options(&app) }, &TABLES, None);
    assert_eq!(stored(&app).await, (0, 0));
    let wet = divisions(&app, &TABLES);
    assert_eq!(dry.counts(), wet.counts());

    let changed = villages(DISTRICT, |line| {
        let line = line.replace("\"同德巷社区居委会\"", "\"同德巷社区\"");
        (!line.starts_with(CANGHOU)).then_some(line)
    }) + "620902777001,孤儿,,,,\n";
    let before = stored(&app).await;
    let rehearsal = Options { dry_run: true, complete: DISTRICT.parse().ok(), ..options(&app) };
    let dry = divisions_with(&app, &rehearsal, &[("villages.csv", &changed)], None);
    assert_eq!(stored(&app).await, before);
    let district = app.district().await;
    let page: DivisionPage = district.get("/v1/divisions?q=同德巷社区居委会").await.json();
    assert_eq!(page.items.len(), 1, "the rename was undone");
    let wet = complete(&app, DISTRICT, &[("villages.csv", &changed)]);
    assert_eq!((dry.counts(), &dry.errors), (wet.counts(), &wet.errors));
    assert_eq!((wet.counts().changed, wet.counts().closed, wet.errors.len()), (1, 1, 1));
}

#[actix_web::test]
async fn a_run_that_was_cut_off_goes_on_where_it_stopped() {
    let app = TestApp::spawn().await;
    assert_eq!(divisions(&app, &TABLES).errors, []);
    let before = stored(&app).await.0;
    let text = many();
    // In the middle of the second thousand, and of a row.
    let cut = text.len() * 3 / 4;
    let broken = divisions_with(&app, &options(&app), &[("villages.csv", &text)], Some(cut));
    assert!(broken.counts.expect_err("cut off").contains("the cable was pulled"));
    let half = stored(&app).await.0 - before;
    assert!(half > 0 && half < 1600, "{half}");

    app.clock.advance(chrono::Duration::hours(1));
    let resumed = divisions(&app, &[("villages.csv", &text)]);
    assert_eq!(*resumed.counts(), Counts { read: 1600, inserted: 1600, ..Counts::default() });
    assert_eq!(stored(&app).await.0 - before, 1600);
    let again = divisions(&app, &[("villages.csv", &text)]);
    assert_eq!(
        *again.counts(),
        Counts { read: 1600, unchanged: 1600, ..Counts::default() },
        "a whole run is not resumed"
    );
}

#[actix_web::test]
async fn a_cut_off_run_still_knows_what_moved() {
    let app = TestApp::spawn().await;
    assert_eq!(divisions(&app, &TABLES).errors, []);
    let worker = app.community_worker(CANGHOU).await;
    let yard = compound(&worker, CANGHOU, "仓后院").await;
    app.clock.advance(chrono::Duration::days(30));
    let rest = villages(DISTRICT, |line| (!line.starts_with(CANGHOU)).then(|| line.to_owned()));
    let rest = rest.strip_prefix(HEADER).expect("a header").trim_start();
    let rows = many();
    let rows = rows.strip_prefix(HEADER).expect("a header").trim_start();
    // The new code is in the first thousand rows, which were kept; the day is another when the run goes on.
    let text = format!("{HEADER}\n620902001099,仓后街社区,620902001,62,6209,620902\n{rows}{rest}");
    let files = [("villages.csv", text.as_str())];
    let complete_for = Options { complete: DISTRICT.parse().ok(), ..options(&app) };
    assert!(divisions_with(&app, &complete_for, &files, Some(text.len() - 20)).counts.is_err());
    app.clock.advance(chrono::Duration::days(1));
    let resumed = complete(&app, DISTRICT, &files);
    assert_eq!((resumed.counts().inserted, resumed.counts().closed), (1601, 1), "{:?}", resumed.errors);
    let district = app.district().await;
    let row: CompoundOut = district.get(&format!("/v1/compounds/{}", yard.id)).await.expect(200).json();
    assert_eq!(row.community_code, "620902001099");
}

#[actix_web::test]
async fn a_cut_off_table_of_grids_goes_on_where_it_stopped() {
    let app = town().await;
    let mut text =
        String::from("code,parent_code,level,kind,name,households,residents,duty_phone,valid_from,polygon\n");
    for (community, serial) in
        [(TONGDEXIANG, 999), (CANGHOU, 500)].iter().flat_map(|(c, n)| (1..=*n).map(move |i| (c, i)))
    {
        text.push_str(&format!("{community}{serial:03},,3,basic,网格{serial},,,,2020-06-01,\n"));
    }
    let broken = grids_with(&app, &options(&app), &text, Some(text.len() - 30));
    assert!(broken.counts.is_err());
    let resumed = grids_with(&app, &options(&app), &text, None);
    assert_eq!(*resumed.counts(), Counts { read: 1499, inserted: 1499, ..Counts::default() });
    let admin = app.actor(Role::PlatformAdmin, "").await;
    assert_eq!(admin.get("/v1/grids?limit=1&include=total").await.value()["total"], 1499);
}

#[actix_web::test]
async fn a_line_with_a_cell_too_many_or_too_few_is_that_lines_fault() {
    let app = town().await;
    let good = |serial| format!("{TONGDEXIANG}{serial},,3,basic,网格{serial},,,,2020-06-01,");
    let header = "code,parent_code,level,kind,name,households,residents,duty_phone,valid_from,polygon";
    let lines = [header.to_owned(), good("001"), format!("{},extra", good("002")), TONGDEXIANG.into(), good("003")];
    let outcome = grids_with(&app, &options(&app), &lines.join("\n"), None);
    assert_eq!(
        outcome.errors.iter().map(|error| (error.row, error.code.as_str())).collect::<Vec<_>>(),
        [(2, "territory.cell_count"), (3, "territory.cell_count"),]
    );
    assert_eq!(*outcome.counts(), Counts { read: 4, inserted: 2, rejected: 2, ..Counts::default() });
}

#[actix_web::test]
async fn the_command_reports_in_words_and_lists_the_bad_rows() {
    let app = town().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("villages.csv"), format!("{HEADER}\n620902001010,好社区,,,,\n1,\"坏,\"\"社区\",,,,\n"))
        .expect("written");
    let request = |name: &str, dry_run: bool| Request {
        register: Register::Divisions,
        files: vec![path(name)],
        dry_run,
        complete: None,
        errors: Some(path("errors.csv")),
    };
    let mut out = Vec::new();
    let counts = run(&app.app.db, &app.clock, &request("villages.csv", true), &mut out).expect("a report");
    assert_eq!((counts.inserted, counts.rejected), (1, 1));
    let said = String::from_utf8(out).expect("text");
    assert!(
        said.contains("2 rows: 1 new, 0 changed, 0 unchanged, 0 closed, 1 rejected") && said.contains("dry run"),
        "{said}"
    );
    let report = std::fs::read_to_string(path("errors.csv")).expect("a report");
    assert_eq!(report.lines().next(), Some("row,key,code,detail"));
    assert!(report.lines().nth(1).is_some_and(|line| line.starts_with("2,\"1\",territory.code_shape,")), "{report}");

    std::fs::write(path("villages.txt"), "").expect("written");
    for (name, reason) in [("missing.csv", "cannot read"), ("villages.txt", "neither .csv nor .json")] {
        let said = run(&app.app.db, &app.clock, &request(name, false), &mut Vec::new()).expect_err("refused");
        assert!(said.contains(reason) && said.contains(name), "{said}");
    }
}
