//! Tables out and in again: what an export writes, an import takes without a change.

use platform::auth::Role;
use registry::territory::dto::{CompoundOut, GridOut};
use registry::territory::import::Counts;
use serde_json::{Value, json};

use super::registers::{Outcome, compounds, grids};
use super::{AIRPORT, CANGHOU, closing, compound, grid, grid_in, made, proposal, square, town};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, TestApp};

const GRIDS: &str = "code,parent_code,level,kind,name,households,residents,duty_phone,valid_from,polygon";
const COMPOUNDS: &str = "area_code,community_code,grid_code,name,kind,address,built_year,floor_area,households,residents,\
    management_mode,mode_since,evidence_kind,evidence_reference,pilots,plan,brand,opened_on";

async fn table(who: &Client, path: &str) -> String {
    let reply = who.get(path).await.expect(200);
    assert_eq!(reply.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));
    assert_eq!(reply.header("cache-control").as_deref(), Some("no-store"));
    assert!(reply.header("content-disposition").is_some_and(|value| value.starts_with("attachment")));
    reply.text()
}

fn rows(text: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|record| record.expect("a row")).collect()
}

/// Grids of every shape: nested, mapped, with awkward names; the parent's serial comes behind its child's.
async fn some_grids(who: &Client) {
    let mut parent = grid_in(TONGDEXIANG, 10, 3);
    parent["name"] = json!("一\"号\", 网\n格");
    parent["polygon"] = square(98.49, 39.73, 0.01);
    parent["duty_phone"] = json!("0937-2600001");
    let parent: GridOut = made(who.post("/v1/grids", parent).await);
    let mut child = grid_in(TONGDEXIANG, 2, 4);
    child["parent_code"] = json!(parent.code);
    child["households"] = json!(173);
    made::<GridOut>(who.post("/v1/grids", child).await);
    let gone = grid(who, TONGDEXIANG, 3).await;
    who.post(&format!("/v1/grids/{}/close", gone.id), closing("2024-01-10")).await.expect(200);
    grid(who, CANGHOU, 1).await;
}

async fn some_compounds(app: &TestApp, who: &Client) {
    let body = json!({ "community_code": TONGDEXIANG, "grid_code": "620902005003010", "name": " 康盛,\"花园\" ", "kind": "managed",
        "address": "西环北路 1 号", "built_year": 2008, "floor_area": 4_800_000, "households": 480, "residents": 1716,
        "management_mode": "social_org_agency", "evidence": { "kind": "contract", "reference": "合同,2019" },
        "pilots": ["smart_property", "listed_commitments"], "plan": "一区\n一策", "brand": "德治", "opened_on": "2019-07-01" });
    made::<CompoundOut>(who.post("/v1/compounds", body).await);
    let changed = compound(who, TONGDEXIANG, "自管院").await;
    let change = proposal(who, &changed, "2023-06-30").await;
    let other = app.actor(Role::StreetOfficer, "620902005").await;
    other.post(&format!("/v1/mode-changes/{}/confirm", change.id), json!({ "note": "同意" })).await.expect(200);
    let gone = compound(who, TONGDEXIANG, "拆掉的院").await;
    who.post(&format!("/v1/compounds/{}/close", gone.id), closing("2024-01-10")).await.expect(200);
    compound(who, CANGHOU, "仓后院").await;
}

fn unchanged(outcome: &Outcome, rows: i64) {
    assert_eq!(outcome.errors, []);
    assert_eq!(*outcome.counts(), Counts { read: rows, unchanged: rows, ..Counts::default() });
}

#[actix_web::test]
async fn exported_registers_come_back_unchanged_and_fill_an_empty_one() {
    let (here, there) = (town().await, town().await);
    let street = here.street().await;
    some_grids(&street).await;
    some_compounds(&here, &street).await;
    let grid_table = table(&street, "/v1/grids?format=csv").await;
    let compound_table = table(&street, "/v1/compounds?format=csv").await;
    assert_eq!((rows(&grid_table).len(), rows(&compound_table).len()), (3, 3));
    unchanged(&grids(&here, &grid_table), 3);
    unchanged(&compounds(&here, &compound_table), 3);

    let copied = grids(&there, &grid_table);
    assert_eq!((copied.counts().inserted, &copied.errors), (3, &vec![]));
    let copied = compounds(&there, &compound_table);
    assert_eq!((copied.counts().inserted, &copied.errors), (3, &vec![]));
    let copy = there.street().await;
    assert_eq!(table(&copy, "/v1/grids?format=csv").await, grid_table);
    assert_eq!(table(&copy, "/v1/compounds?format=csv").await, compound_table);
}

#[actix_web::test]
async fn an_export_holds_what_its_reader_sees_and_asks_for() {
    let app = town().await;
    let street = app.street().await;
    assert_eq!(table(&street, "/v1/grids?format=csv").await.trim_end(), GRIDS);
    assert_eq!(table(&street, "/v1/compounds?format=csv").await.trim_end(), COMPOUNDS);
    some_grids(&street).await;
    some_compounds(&app, &street).await;
    let worker = app.community_worker(CANGHOU).await;
    assert_eq!(rows(&table(&worker, "/v1/grids?format=csv").await).len(), 1);
    assert_eq!(rows(&table(&worker, "/v1/compounds?format=csv").await).len(), 1);
    assert_eq!(rows(&table(&street, "/v1/grids?format=csv&level=4").await).len(), 1);
    assert_eq!(rows(&table(&street, "/v1/compounds?format=csv&mode=self_managed").await).len(), 1);
    let stranger = app.community_worker(AIRPORT).await;
    assert_eq!(rows(&table(&stranger, "/v1/compounds?format=csv").await).len(), 0);
    assert_eq!(stranger.get(&format!("/v1/grids?format=csv&area={TONGDEXIANG}")).await.status(), 404);
    assert_eq!(street.get("/v1/grids?format=xml").await.status(), 400);
}

#[actix_web::test]
async fn bad_rows_of_grids_are_named_by_row_and_column() {
    let app = town().await;
    let street = app.street().await;
    let closed = grid(&street, CANGHOU, 9).await;
    street.post(&format!("/v1/grids/{}/close", closed.id), closing("2024-01-10")).await.expect(200);
    grid(&street, CANGHOU, 8).await;
    let lines = [
        ("620902005003001,,3,basic,好网格,,,,2020-06-01,", None),
        ("62090200500301,,3,basic,短代码,,,,2020-06-01,", Some(("territory.code_shape", "/code"))),
        ("620902005003000,,3,basic,零号,,,,2020-06-01,", Some(("territory.code_shape", "/code"))),
        ("620902005003+12,,3,basic,加号,,,,2020-06-01,", Some(("territory.code_shape", "/code"))),
        ("一二三四五,,3,basic,非数字,,,,2020-06-01,", Some(("territory.code_shape", "/code"))),
        ("620902005077001,,3,basic,无社区,,,,2020-06-01,", Some(("territory.not_a_community", "/code"))),
        ("620902005003002,,9,basic,级别,,,,2020-06-01,", Some(("invalid", "/level"))),
        ("620902005003002,,三,basic,级别,,,,2020-06-01,", Some(("territory.bad_cell", "/level"))),
        ("620902005003002,,3,special,种类,,,,2020-06-01,", Some(("territory.bad_cell", "/kind"))),
        ("620902005003002,,3,basic,,,,,2020-06-01,", Some(("invalid", "/name"))),
        ("620902005003002,,3,basic,空\u{0}字符,,,,2020-06-01,", Some(("territory.nul_character", "/name"))),
        ("620902005003002,,3,basic,户数,-1,,,2020-06-01,", Some(("invalid", "/households"))),
        ("620902005003002,,3,basic,人口,,x,,2020-06-01,", Some(("territory.bad_cell", "/residents"))),
        ("620902005003002,,3,basic,电话,,,1,2020-06-01,", Some(("invalid", "/duty_phone"))),
        ("620902005003002,,3,basic,日期,,,,2020-06-31,", Some(("territory.bad_cell", "/valid_from"))),
        ("620902005003002,,3,basic,边界,,,,2020-06-01,[]", Some(("territory.polygon_invalid", "/polygon"))),
        ("620902005003002,,3,basic,边界,,,,2020-06-01,{", Some(("territory.polygon_invalid", "/polygon"))),
        (
            "620902005003002,620902005003077,4,basic,上级,,,,2020-06-01,",
            Some(("territory.grid_parent", "/parent_code")),
        ),
        ("620902005002009,,3,basic,已撤,,,,2020-06-01,", Some(("territory.grid_closed", "/code"))),
        ("620902005002008,,4,basic,第8网格,,,,2020-06-01,", Some(("territory.grid_fixed", "/level"))),
        (
            "620902005002008,620902005003001,3,basic,第8网格,,,,2020-06-01,",
            Some(("territory.grid_fixed", "/parent_code")),
        ),
        ("620902005002008,,3,basic,第8网格,,,,2020-06-02,", Some(("territory.grid_fixed", "/valid_from"))),
        ("620902005002008,,3,exclusive,新名,5,,,2020-06-01,", None),
    ];
    let text: String =
        std::iter::once(GRIDS).chain(lines.iter().map(|(line, _)| *line)).map(|l| format!("{l}\n")).collect();
    let outcome = grids(&app, &text);
    let expected: Vec<(i64, &str, &str)> =
        (1..).zip(&lines).filter_map(|(row, (_, fault))| fault.map(|(code, column)| (row, code, column))).collect();
    assert_eq!(outcome.faults(), expected);
    assert_eq!((outcome.counts().inserted, outcome.counts().changed), (1, 1));
}

#[actix_web::test]
async fn bad_rows_of_compounds_are_named_by_row_and_column() {
    let app = town().await;
    let street = app.street().await;
    grid(&street, CANGHOU, 1).await;
    let standing = compound(&street, TONGDEXIANG, "自管院").await;
    let moved = compound(&street, TONGDEXIANG, "划走院").await;
    let district = app.district().await;
    let to = json!({ "community_code": CANGHOU, "on": "2024-01-10", "reason": "调整" });
    district.post(&format!("/v1/compounds/{}/move", moved.id), to).await.expect(200);
    let gone = compound(&street, TONGDEXIANG, "拆掉的院").await;
    street.post(&format!("/v1/compounds/{}/close", gone.id), closing("2024-01-10")).await.expect(200);
    let known = |tail: &str| format!("{},{TONGDEXIANG},,自管院,managed,西环北路 1 号,{tail}", standing.area_code);
    let new =
        |community: &str, grid: &str, kind: &str, tail: &str| format!(",{community},{grid},新院,{kind},路 1 号,{tail}");
    let lines: Vec<(String, Option<(&str, &str)>)> = vec![
        (
            new("620902005077", "", "managed", ",,,,none,,,,,,,2020-03-06"),
            Some(("territory.not_a_community", "/community_code")),
        ),
        (
            new(TONGDEXIANG, "620902005002001", "managed", ",,,,none,,,,,,,2020-03-06"),
            Some(("territory.grid_of_other_community", "/grid_code")),
        ),
        (new(TONGDEXIANG, "", "palace", ",,,,none,,,,,,,2020-03-06"), Some(("territory.bad_cell", "/kind"))),
        (new(TONGDEXIANG, "", "managed", "1800,,,,none,,,,,,,2020-03-06"), Some(("invalid", "/built_year"))),
        (new(TONGDEXIANG, "", "managed", ",1.5,,,none,,,,,,,2020-03-06"), Some(("territory.bad_cell", "/floor_area"))),
        (
            new(TONGDEXIANG, "", "managed", ",,,,professional,,,,,,,2020-03-06"),
            Some(("territory.evidence_missing", "/evidence")),
        ),
        (
            new(TONGDEXIANG, "", "managed", ",,,,professional,,contract,,,,,2020-03-06"),
            Some(("territory.evidence_missing", "/evidence_reference")),
        ),
        (
            new(TONGDEXIANG, "", "managed", ",,,,professional,,resolution,文号,,,,2020-03-06"),
            Some(("territory.evidence_unfit", "/evidence/kind")),
        ),
        (
            new(TONGDEXIANG, "", "managed", ",,,,professional,,contract,文号,,,,2020-03-06"),
            Some(("territory.contract_required", "/management_mode")),
        ),
        (
            known(",,,,professional,2023-06-30,contract,文号,,,,2020-03-06"),
            Some(("territory.contract_required", "/management_mode")),
        ),
        (new(TONGDEXIANG, "", "managed", ",,,,none,,,,moon,,,2020-03-06"), Some(("territory.bad_cell", "/pilots"))),
        (new(TONGDEXIANG, "", "managed", ",,,,none,,,,,,,2024-01-16"), Some(("territory.in_the_future", "/opened_on"))),
        (
            format!("620902005003-7,{TONGDEXIANG},,新院,managed,路,,,,,none,,,,,,,2020-03-06"),
            Some(("territory.code_shape", "/area_code")),
        ),
        (
            format!("620902005002-0007,{TONGDEXIANG},,新院,managed,路,,,,,none,,,,,,,2020-03-06"),
            Some(("territory.code_shape", "/area_code")),
        ),
        (
            format!("620902005003-0099,{TONGDEXIANG},,新院,managed,路,,,,,none,,,,,,,2024-01-16"),
            Some(("territory.in_the_future", "/opened_on")),
        ),
        (
            format!("{},{TONGDEXIANG},,回来院,managed,路,,,,,none,,,,,,,2020-03-06", moved.area_code),
            Some(("territory.code_taken", "")),
        ),
        (
            format!("{},{TONGDEXIANG},,拆掉的院,managed,路,,,,,none,,,,,,,2020-03-06", gone.area_code),
            Some(("territory.compound_closed", "/area_code")),
        ),
        (
            format!("{},{CANGHOU},,自管院,managed,路,,,,,none,,,,,,,2020-03-06", standing.area_code),
            Some(("territory.compound_fixed", "/community_code")),
        ),
        (
            known(",,,,self_managed,2023-06-30,resolution,文号,,,,2020-03-06"),
            Some(("territory.mode_by_workflow", "/management_mode")),
        ),
        (known(",,,,none,2021-01-01,,,,,,2020-03-06"), Some(("territory.mode_by_workflow", "/mode_since"))),
        (known(",,,,none,,resolution,文号,,,,2020-03-06"), Some(("territory.mode_by_workflow", "/evidence_kind"))),
        (known(",,,,none,,,,,,,2021-03-06"), Some(("territory.compound_fixed", "/opened_on"))),
        (known("1996,,120,,none,,,,,,,"), None),
        (new(TONGDEXIANG, "", "managed", ",,,,none,,,,smart_property,,,2020-03-06"), None),
    ];
    let text: String = std::iter::once(COMPOUNDS)
        .chain(lines.iter().map(|(line, _)| line.as_str()))
        .map(|l| format!("{l}\n"))
        .collect();
    let outcome = compounds(&app, &text);
    let expected: Vec<(i64, &str, &str)> =
        (1..).zip(&lines).filter_map(|(row, (_, fault))| fault.map(|(code, column)| (row, code, column))).collect();
    assert_eq!(outcome.faults(), expected);
    assert_eq!((outcome.counts().inserted, outcome.counts().changed), (1, 1));
    let listed: Value = street.get("/v1/compounds?q=自管院").await.value();
    assert_eq!(listed["items"][0]["households"], 120);
}

#[actix_web::test]
async fn a_compound_without_a_code_is_known_by_its_name() {
    let app = town().await;
    let text = format!("{COMPOUNDS}\n,{TONGDEXIANG},,新院,managed,路 1 号,,,,,none,,,,,,,2020-03-06\n");
    assert_eq!(compounds(&app, &text).counts().inserted, 1);
    unchanged(&compounds(&app, &text), 1);
    let renumbered = text.replace("路 1 号", "路 2 号");
    assert_eq!(compounds(&app, &renumbered).counts().changed, 1);
}

#[actix_web::test]
async fn a_table_without_its_columns_is_refused_with_their_names() {
    let app = town().await;
    let said = grids(&app, "code,level\n620902005003001,3\n").counts.expect_err("refused");
    assert!(said.contains("parent_code") && said.contains(GRIDS), "{said}");
    let said = compounds(&app, GRIDS).counts.expect_err("refused");
    assert!(said.contains("area_code"), "{said}");
}

/// A cell that a spreadsheet would run goes out as a text, and comes back as it was.
#[actix_web::test]
async fn formulas_go_out_as_texts_and_come_back() {
    let (here, there) = (town().await, town().await);
    let street = here.street().await;
    let mut formula = grid_in(TONGDEXIANG, 1, 3);
    formula["name"] = json!("=HYPERLINK(\"http://x\",\"一\")");
    made::<GridOut>(street.post("/v1/grids", formula).await);
    let mut formula = super::compound_in(TONGDEXIANG, "+康盛花园");
    (formula["address"], formula["plan"], formula["brand"]) = (json!("-1 号"), json!("@SUM(A1)"), json!("'=德治"));
    made::<CompoundOut>(street.post("/v1/compounds", formula).await);
    let grid_table = table(&street, "/v1/grids?format=csv").await;
    let compound_table = table(&street, "/v1/compounds?format=csv").await;
    for row in rows(&grid_table).iter().chain(&rows(&compound_table)) {
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
    }
    assert!(grid_table.contains("'=HYPERLINK") && compound_table.contains(",''=德治,"), "{compound_table}");
    unchanged(&grids(&here, &grid_table), 1);
    unchanged(&compounds(&here, &compound_table), 1);
    assert_eq!(grids(&there, &grid_table).counts().inserted, 1);
    assert_eq!(compounds(&there, &compound_table).counts().inserted, 1);
    let copied: Value = there.street().await.get("/v1/compounds").await.value();
    let copied = &copied["items"][0];
    let members = ["name", "address", "plan", "brand"].map(|member| copied[member].as_str().expect("a text"));
    assert_eq!(members, ["+康盛花园", "-1 号", "@SUM(A1)", "'=德治"]);
}
