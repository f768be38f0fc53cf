//! Checks, contracts and commitments of the demo: the figures of domain D4 and D2, counted from the rows.

use std::collections::BTreeMap;

use oversight::standards::dto::{
    AreaCheckFiguresOut, CheckRunOut, ChecklistKind, CommitmentFiguresOut, TargetContractOut,
};
use serde_json::Value;

use super::roster::{all, text};
use super::{demo_app, log_in};
use crate::support::Client;
use crate::support::actors::{DISTRICT, TONGDEXIANG};

fn number(row: &Value, member: &str) -> i64 {
    row[member].as_i64().unwrap_or_else(|| panic!("{member} in {row}"))
}

#[actix_web::test]
async fn the_checks_of_2023() {
    let app = demo_app().await;
    let who = app.district().await;
    let rows = all(&who, "/v1/check-runs?status=submitted&").await;
    let mut counted: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for row in &rows {
        let of = counted.entry(text(row, "kind")).or_default();
        let passed = number(row, "passed");
        *of = (of.0 + 1, of.1 + passed, of.2 + passed + number(row, "partial") + number(row, "failed"));
    }
    let runs: Vec<(&str, i64)> = counted.iter().map(|(kind, (runs, ..))| (*kind, *runs)).collect();
    assert_eq!(runs, [("red40", 30), ("routine15", 225), ("service15", 225), ("special10", 459)]);
    let out: AreaCheckFiguresOut =
        who.get(&format!("/v1/check-figures?area={DISTRICT}&as_of=2023-12-31")).await.expect(200).json();
    for figures in &out.kinds {
        let (runs, passed, applicable) = counted[figures.kind.as_str()];
        let told = (figures.compounds, figures.pass_rate.numerator, figures.pass_rate.denominator);
        assert_eq!(told, (runs, passed, applicable), "{}", figures.kind);
    }
    // The sites' standardisation score: of 30 × 40 items two of twenty are failed or met in part.
    let red40 = out.kinds.iter().find(|figures| figures.kind == ChecklistKind::Red40).expect("red40");
    assert_eq!((red40.pass_rate.numerator, red40.pass_rate.denominator), (1080, 1200));
    assert!(out.kinds.iter().all(|figures| figures.run_id.is_none()), "of many, no single one is named");
    let names: Vec<&str> =
        rows.iter().filter(|row| text(row, "kind") == "red40").map(|row| text(row, "compound_name")).collect();
    assert!(["居雅苑", "欣露园"].iter().all(|site| names.contains(site)), "{names:?}");
    each_result_is_there(&who, &rows).await;
}

async fn each_result_is_there(who: &Client, rows: &[Value]) {
    let one = rows.iter().find(|row| text(row, "kind") == "red40").expect("one of the forty");
    let run: CheckRunOut = who.get(&format!("/v1/check-runs/{}", text(one, "id"))).await.expect(200).json();
    assert!(run.results.len() == 40 && run.results.iter().all(|line| line.result.is_some()));
    assert!(
        run.results.iter().all(|line| !line.item.official && (!line.item.evidence_required || line.note.is_some()))
    );
}

#[actix_web::test]
async fn the_five_disclosures_alone_are_the_sources_own_words() {
    let app = demo_app().await;
    let who = app.district().await;
    let lists = all(&who, "/v1/checklists?status=published&").await;
    assert_eq!(lists.len(), 6);
    for list in &lists {
        let whole = who.get(&format!("/v1/checklists/{}", text(list, "id"))).await.expect(200).value();
        let items = whole["items"].as_array().expect("items");
        let listed = text(list, "kind") == "five_disclosures";
        assert!(items.iter().all(|item| item["official"] == listed), "{list}");
    }
}

#[actix_web::test]
async fn five_contracts_of_2020_and_the_promises_of_kangsheng() {
    let app = demo_app().await;
    let who = log_in(&app, "secretary.tongdexiang").await;
    let contracts = all(&who, "/v1/target-contracts?year=2020&status=settled&").await;
    assert_eq!(contracts.len(), 5);
    let mut met = (0, 0);
    for row in &contracts {
        let path = format!("/v1/target-contracts/{}", text(row, "id"));
        let out: TargetContractOut = who.get(&path).await.expect(200).json();
        assert_eq!(out.indicators[0].met, Some(true), "80 % asked for, 5 of 5 reached (T5)");
        met = (met.0 + out.met.numerator, met.1 + out.met.denominator);
    }
    assert_eq!(met, (9, 10));
    let path = format!("/v1/commitment-figures?area={TONGDEXIANG}&from=2023-01-01&to=2023-12-31");
    let out: CommitmentFiguresOut = who.get(&path).await.expect(200).json();
    assert_eq!((out.fulfilment.numerator, out.fulfilment.denominator), (2, 3));
    assert_eq!(out.fulfilment.percent.as_deref(), Some("66.67"));
    let owner = log_in(&app, "owner.kangsheng").await;
    let promises = all(&owner, "/v1/commitments?").await;
    assert_eq!(promises.len(), 4);
    assert!(promises.iter().all(|row| row["contract_id"].is_string()), "each is a part of the contract");
}
