//! What a company promises, and whether it was kept.

use oversight::standards::dto::{CommitmentFiguresOut, CommitmentOut, CommitmentPage, CommitmentStatus};
use platform::auth::Role;
use serde_json::{Value, json};

use super::{Held, take, takes};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, Reply};
use crate::territory::{made, outsiders};

const COMMITMENTS: &str = "/v1/commitments";

fn promise_in(held: &Held) -> Value {
    json!({ "company_id": held.t.company.id, "compound_id": held.t.compound.id, "words": "二十四小时内修复公共照明",
        "measurable": true, "measure": "按报修单时间计", "due_on": "2024-01-20" })
}

async fn promised(held: &Held) -> CommitmentOut {
    made(held.manager.post(COMMITMENTS, promise_in(held)).await)
}

async fn step(who: &Client, of: &CommitmentOut, verb: &str, body: Value) -> Reply {
    take(who, &format!("{COMMITMENTS}/{}/{verb}", of.id), body).await
}

async fn reported(who: &Client, of: &CommitmentOut) -> Reply {
    step(who, of, "report", json!({ "evidence": "报修单 42 张" })).await
}

async fn confirmed(who: &Client, of: &CommitmentOut, fulfilled: bool) -> Reply {
    step(who, of, "confirm", json!({ "fulfilled": fulfilled, "note": "抽查" })).await
}

async fn fulfilment(who: &Client) -> (i64, i64) {
    let path = format!("/v1/commitment-figures?area={TONGDEXIANG}&from=2024-01-01&to=2024-12-31");
    let out: CommitmentFiguresOut = who.get(&path).await.expect(200).json();
    (out.fulfilment.numerator, out.fulfilment.denominator)
}

#[actix_web::test]
async fn a_promise_is_published_as_a_part_of_the_contract_kept_and_confirmed() {
    let held = Held::new().await;
    let (manager, worker) = (&held.manager, &held.t.worker);
    let draft = promised(&held).await;
    let path = format!("{COMMITMENTS}/{}", draft.id);
    worker.get(&path).await.refused(404, "not_found");
    reported(manager, &draft).await.refused(409, "standards.not_published");
    manager.patch(&path, "*", json!({ "words": "十二小时内修复公共照明" })).await.expect(200);
    let out: CommitmentOut = step(manager, &draft, "publish", Value::Null).await.expect(200).json();
    assert_eq!((out.status, out.contract_id), (CommitmentStatus::Published, Some(held.contract.id)));
    manager.patch(&path, "*", json!({ "words": "改" })).await.refused(409, "standards.not_draft");
    step(manager, &draft, "withdraw", Value::Null).await.refused(409, "standards.not_draft");
    for sql in [
        "UPDATE service_commitments SET words = '改'",
        "UPDATE service_commitments SET due_on = '2025-01-01'",
        "UPDATE service_commitments SET status = 'draft', published_at = NULL",
    ] {
        assert!(!takes(&held.t.app, sql).await, "{sql}");
    }
    let resident = held.t.app.actor(Role::Resident, &held.t.compound.area_code).await;
    let page: CommitmentPage = resident.get(COMMITMENTS).await.expect(200).json();
    assert_eq!(page.items[0].words, "十二小时内修复公共照明");
    assert_eq!((page.items[0].company_name.as_str(), fulfilment(worker).await), ("测试·第一物业", (0, 0)));

    confirmed(worker, &draft, true).await.refused(409, "standards.not_reported");
    reported(manager, &draft).await.expect(200);
    confirmed(manager, &draft, true).await.refused(403, "forbidden");
    let employee = held.employee_with(Role::CommunityWorker).await;
    confirmed(&employee, &draft, true).await.refused(403, "standards.own_company");
    let out: CommitmentOut = confirmed(worker, &draft, false).await.expect(200).json();
    assert_eq!((out.status, out.reported_on), (CommitmentStatus::Published, None), "sent back, it goes on");
    reported(manager, &draft).await.expect(200);
    let out: CommitmentOut = confirmed(worker, &draft, true).await.expect(200).json();
    assert_eq!((out.status, fulfilment(worker).await), (CommitmentStatus::Fulfilled, (1, 1)));
}

#[actix_web::test]
async fn what_is_late_counts_against_the_company() {
    let mut held = Held::new().await;
    let first = promised(&held).await;
    step(&held.manager, &first, "publish", Value::Null).await.expect(200);
    promised(&held).await;
    held.days_later(6).await;
    assert_eq!(fulfilment(&held.t.worker).await, (0, 1), "a draft is no promise");
    reported(&held.manager, &first).await.expect(200);
    confirmed(&held.t.worker, &first, true).await.expect(200);
    assert_eq!(fulfilment(&held.t.worker).await, (0, 1), "done, and a day late");
}

#[actix_web::test]
async fn a_company_promises_for_itself_where_it_serves() {
    let held = Held::new().await;
    let other = crate::organisations::company(&held.t.district, "测试·另一物业").await;
    let mut body = promise_in(&held);
    body["company_id"] = json!(other.id);
    held.manager.post(COMMITMENTS, body).await.refused(403, "standards.not_company");
    let idle = crate::territory::compound(&held.t.worker, TONGDEXIANG, "帝豪花园").await;
    let mut body = promise_in(&held);
    body["compound_id"] = json!(idle.id);
    held.manager.post(COMMITMENTS, body).await.refused(422, "standards.compound_unknown");
    for (member, value, code) in [
        ("due_on", json!("2024-01-14"), "standards.due_past"),
        ("measurable", json!(false), "standards.measure_missing"),
    ] {
        let mut body = promise_in(&held);
        body[member] = value;
        held.manager.post(COMMITMENTS, body).await.refused(422, code);
    }
    let mut body = promise_in(&held);
    body.as_object_mut().expect("an object").remove("measure");
    held.manager.post(COMMITMENTS, body).await.refused(422, "standards.measure_missing");
    let published = promised(&held).await;
    step(&held.manager, &published, "publish", Value::Null).await.expect(200);
    for client in outsiders(&held.t.app).await {
        client.get(&format!("{COMMITMENTS}/{}", published.id)).await.refused(404, "not_found");
    }
}
