//! 目标责任书: signed by two parties, judged by what was reached.

use oversight::standards::dto::{TargetContractOut, TargetContractStatus};
use platform::auth::Role;
use serde_json::{Value, json};

use super::{Held, take, takes};
use crate::support::{Client, Reply};
use crate::territory::{made, outsiders};

const CONTRACTS: &str = "/v1/target-contracts";

fn contract_in(held: &Held) -> Value {
    json!({ "compound_id": held.t.compound.id, "company_id": held.t.company.id, "year": 2024,
        "title": "物业服务质量提升目标责任书", "indicators": [
            { "name": "精品小区创建率", "unit": "percent", "direction": "at_least", "target": 8000 },
            { "name": "有效投诉", "unit": "count", "direction": "at_most", "target": 3 }] })
}

async fn step(who: &Client, of: &TargetContractOut, verb: &str, body: Value) -> Reply {
    take(who, &format!("{CONTRACTS}/{}/{verb}", of.id), body).await
}

fn result(position: i32, numerator: i64, denominator: i64) -> Value {
    json!({ "results": [{ "position": position, "numerator": numerator, "denominator": denominator,
        "evidence": "验收名单" }] })
}

#[actix_web::test]
async fn both_sign_and_a_target_that_is_reached_is_met() {
    let held = Held::new().await;
    let (worker, manager) = (&held.t.worker, &held.manager);
    let draft: TargetContractOut = made(worker.post(CONTRACTS, contract_in(&held)).await);
    worker.post(CONTRACTS, contract_in(&held)).await.refused(409, "standards.contract_exists");
    let path = format!("{CONTRACTS}/{}", draft.id);
    worker.patch(&path, "\"v1\"", json!({ "title": "2024年目标责任书" })).await.expect(200);
    step(worker, &draft, "results", result(1, 5, 5)).await.refused(409, "standards.not_signed");
    let half: TargetContractOut = step(manager, &draft, "sign", Value::Null).await.expect(200).json();
    assert_eq!((half.status, half.community_signed_at), (TargetContractStatus::HalfSigned, None));
    worker.patch(&path, "*", json!({ "title": "改" })).await.refused(409, "standards.not_draft");
    step(manager, &draft, "sign", Value::Null).await.refused(409, "standards.already_signed");
    let signed: TargetContractOut = step(worker, &draft, "sign", Value::Null).await.expect(200).json();
    assert_eq!(signed.status, TargetContractStatus::Signed);
    for sql in [
        "UPDATE target_indicators SET target = 0",
        "DELETE FROM target_indicators",
        "UPDATE target_contracts SET title = '改'",
    ] {
        assert!(!takes(&held.t.app, sql).await, "{sql}");
    }

    manager.post(&format!("{path}/results"), result(1, 5, 5)).await.refused(403, "forbidden");
    step(worker, &draft, "results", result(1, 4, 5)).await.expect(200);
    step(worker, &draft, "settle", Value::Null).await.refused(422, "standards.results_missing");
    step(worker, &draft, "results", result(2, 4, 2)).await.refused(422, "standards.count_denominator");
    step(worker, &draft, "results", result(3, 4, 1)).await.refused(422, "standards.indicator_unknown");
    let out: TargetContractOut = step(worker, &draft, "results", result(2, 4, 1)).await.expect(200).json();
    let met: Vec<Option<bool>> = out.indicators.iter().map(|indicator| indicator.met).collect();
    assert_eq!(met, [Some(true), Some(false)], "80 % asked for and reached; one complaint too many");
    assert_eq!((out.met.numerator, out.met.denominator), (1, 2));
    let out: TargetContractOut = step(worker, &draft, "settle", Value::Null).await.expect(200).json();
    assert_eq!(out.status, TargetContractStatus::Settled);
    step(worker, &draft, "results", result(2, 3, 1)).await.refused(409, "standards.settled");
}

#[actix_web::test]
async fn only_the_two_parties_sign_and_nobody_for_both() {
    let held = Held::new().await;
    let draft: TargetContractOut = made(held.t.worker.post(CONTRACTS, contract_in(&held)).await);
    let employee = held.employee_with(Role::CommunityWorker).await;
    step(&employee, &draft, "sign", Value::Null).await.refused(403, "standards.not_a_party");
    step(&employee, &draft, "settle", Value::Null).await.refused(403, "standards.own_company");
    employee.post(CONTRACTS, contract_in(&held)).await.refused(403, "standards.own_company");
    for client in outsiders(&held.t.app).await {
        client.get(&format!("{CONTRACTS}/{}", draft.id)).await.refused(404, "not_found");
    }
    let mut body = contract_in(&held);
    body["year"] = json!(2025);
    body["indicators"][0]["target"] = json!(10_001);
    let problem = held.t.worker.post(CONTRACTS, body).await.refused(422, "standards.target_range");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/indicators/0/target"));
}
