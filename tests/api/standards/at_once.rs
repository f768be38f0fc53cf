//! Several at the same moment: one is taken, the others are told why not, and nothing is written twice. And each step is told by
//! the history, to those who read the row.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use oversight::standards::dto::{CheckRunPage, TargetContractOut, TargetContractStatus};
use platform::history::EventPage;
use serde_json::{Value, json};

use super::{CHECKLISTS, Held, RUNS, checklist_in, items, record, results_in, submit, take};
use crate::support::{Client, Reply};
use crate::territory::{made, outsiders};

/// How often each answer came.
fn told(replies: &[Reply]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for reply in replies {
        let told = if reply.status() < 300 { reply.status().to_string() } else { reply.problem().code };
        *counts.entry(told).or_default() += 1;
    }
    counts
}

fn one_of(replies: &[Reply], status: &str, refusals: &[&str]) {
    let counts = told(replies);
    assert_eq!(counts.get(status), Some(&1), "{counts:?}");
    assert!(counts.keys().all(|code| code == status || refusals.contains(&code.as_str())), "{counts:?}");
}

async fn events(who: &Client, path: &str) -> Vec<String> {
    let page: EventPage = who.get(&format!("{path}/history")).await.expect(200).json();
    assert!(page.items.iter().all(|event| event.intact));
    page.items.into_iter().map(|event| event.event).collect()
}

#[actix_web::test]
async fn a_check_is_submitted_once_and_a_draft_made_once() {
    let held = Held::new().await;
    let (worker, district) = (&held.t.worker, &held.t.district);
    let drafts = join_all((0..8).map(|_| district.post(CHECKLISTS, checklist_in("smart_pilot", items(2))))).await;
    one_of(&drafts, "201", &["standards.draft_exists"]);
    let draft = drafts.iter().find(|reply| reply.status() == 201).expect("a draft").value();
    let path = format!("{CHECKLISTS}/{}", draft["id"].as_str().expect("an id"));
    let verb = format!("{path}/publish");
    let published = join_all((0..8).map(|_| take(district, &verb, Value::Null))).await;
    one_of(&published, "200", &["standards.not_draft", "version_stale"]);
    let of = district.get(&path).await.expect(200).json();
    assert_eq!(events(district, &path).await, ["checklist.drafted", "checklist.published"]);

    let run = held.begun(&of).await;
    record(worker, &run, results_in(&of, &["pass", "fail"])).await.expect(200);
    let all = join_all((0..8).map(|_| submit(worker, &run))).await;
    one_of(&all, "200", &["standards.run_submitted", "version_stale"]);
    let page: CheckRunPage = worker.get(&format!("{RUNS}?status=submitted")).await.expect(200).json();
    assert_eq!(page.items.len(), 1);
    let path = format!("{RUNS}/{}", run.id);
    assert_eq!(events(worker, &path).await.last().map(String::as_str), Some("check_run.submitted"));
    for client in outsiders(&held.t.app).await.iter().skip(1) {
        client.get(&format!("{path}/history")).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn each_side_signs_once() {
    let held = Held::new().await;
    let (worker, manager) = (&held.t.worker, &held.manager);
    let body = json!({ "compound_id": held.t.compound.id, "company_id": held.t.company.id, "year": 2024,
        "title": "目标责任书", "indicators": [
            { "name": "有效投诉", "unit": "count", "direction": "at_most", "target": 3 }] });
    let drafts = join_all((0..6).map(|_| worker.post("/v1/target-contracts", body.clone()))).await;
    one_of(&drafts, "201", &["standards.contract_exists"]);
    let draft = drafts.into_iter().find(|reply| reply.status() == 201).expect("a draft");
    let draft: TargetContractOut = made(draft);
    let path = format!("/v1/target-contracts/{}", draft.id);
    let sign = format!("{path}/sign");
    let both = join_all((0..10).map(|nth| take(if nth % 2 == 0 { worker } else { manager }, &sign, Value::Null))).await;
    assert!(both.iter().all(|reply| reply.status() == 200 || reply.status() == 409 || reply.status() == 412));
    // Whoever came at a stale version comes again.
    for who in [worker, manager] {
        let again = take(who, &sign, Value::Null).await;
        assert!(again.status() == 200 || again.problem().code == "standards.already_signed", "{}", again.text());
    }
    let signed: TargetContractOut = worker.get(&path).await.expect(200).json();
    assert_eq!((signed.status, signed.version), (TargetContractStatus::Signed, 3), "drafted, and signed twice");
    let events = events(manager, &path).await;
    assert_eq!(events.len(), 3, "{events:?}");
}

#[actix_web::test]
async fn a_month_is_rated_once_and_a_promise_published_once() {
    let mut held = Held::new().await;
    let promise = json!({ "company_id": held.t.company.id, "compound_id": held.t.compound.id, "words": "每周消杀",
        "measurable": false, "due_on": "2024-03-01" });
    let draft = held.manager.post("/v1/commitments", promise).await.expect(201).value();
    let path = format!("/v1/commitments/{}", draft["id"].as_str().expect("an id"));
    let verb = format!("{path}/publish");
    let published = join_all((0..8).map(|_| take(&held.manager, &verb, Value::Null))).await;
    one_of(&published, "200", &["standards.not_draft", "version_stale"]);
    let contract = format!("/v1/service-contracts/{}", held.contract.id);
    let contract = held.t.worker.get(&contract).await.expect(200).value();
    let promised = contract["commitments"].as_array().expect("commitments");
    let mine: Vec<&Value> = promised.iter().filter(|one| one["text"] == "每周消杀").collect();
    assert_eq!(
        mine,
        [&json!({ "text": "每周消杀", "measurable": false, "due": "2024-03-01" })],
        "a term of the contract"
    );
    assert_eq!(events(&held.manager, &path).await, ["service_commitment.drafted", "service_commitment.published"]);

    held.days_later(20).await;
    let month = json!({ "kind": "monthly_rating", "compound_id": held.t.compound.id, "company_id": held.t.company.id,
        "year": 2024, "period": 1, "score": 9000, "note": "月评比" });
    let rated = join_all((0..8).map(|_| held.t.worker.post("/v1/assessments", month.clone()))).await;
    one_of(&rated, "201", &["standards.already_assessed"]);
    let rated = rated.iter().find(|reply| reply.status() == 201).expect("a month").value();
    let path = format!("/v1/assessments/{}", rated["id"].as_str().expect("an id"));
    assert_eq!(events(&held.t.worker, &path).await.len(), 1);
}
