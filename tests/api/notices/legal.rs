//! Legal notices: posted for their period, objected to, corrected, and withdrawn by nobody before it is over.

use chrono::Duration;
use deliberation::notices::dto::{NoticeOut, NoticeStatus};
use platform::auth::Role;
use platform::publicity::dto::{ObjectionOut, PublicityOut, PublicityStatus};
use serde_json::{Value, json};

use super::{NOTICES, legal, published, step, titles, withdraw};
use crate::organisations::rule_in;
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, TestApp};
use crate::territory::town;

async fn posting(who: &Client, of: &NoticeOut) -> PublicityOut {
    let id = of.publicity_id.expect("a legal notice is posted");
    who.get(&format!("/v1/publicities/{id}")).await.expect(200).json()
}

async fn days_later(app: &TestApp, days: i64) -> Client {
    app.clock.advance(Duration::days(days));
    app.community_worker(TONGDEXIANG).await
}

async fn end_posting(who: &Client, of: &NoticeOut) -> crate::support::Reply {
    step(who, of, "end-posting", Value::Null).await
}

async fn object(who: &Client, of: &NoticeOut) -> ObjectionOut {
    let id = of.publicity_id.expect("a posting");
    let body = json!({ "content": "公告未写明会议地点" });
    who.post(&format!("/v1/publicities/{id}/objections"), body).await.expect(201).json()
}

async fn decide(who: &Client, objection: &ObjectionOut, outcome: &str) {
    let path = format!("/v1/objections/{}", objection.id);
    who.post(&format!("{path}/reply"), json!({ "reply": "已核实" })).await.expect(200);
    who.post(&format!("{path}/decide"), json!({ "outcome": outcome, "note": "经核实" })).await.expect(200);
}

fn correction() -> Value {
    json!({ "reason": "会议时间有误", "title": "关于召开业主大会会议的公告(更正)", "body": "3月2日召开。",
        "posting": { "places": ["社区公告栏"] } })
}

#[actix_web::test]
async fn it_is_posted_in_the_same_step_and_stands_for_its_period() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let notice = published(&worker, legal(TONGDEXIANG)).await;
    let posted = posting(&worker, &notice).await;
    assert_eq!((posted.kind.as_str(), posted.entity.as_str()), ("legal_notice", "notice"));
    assert_eq!((posted.entity_id.as_str(), posted.status), (notice.id.to_string().as_str(), PublicityStatus::Open));
    assert_eq!(posted.snapshot, json!({ "title": notice.title, "body": notice.body }));
    assert_eq!(posted.places, json!(["社区公告栏", "小区北门"]));
    // Five full days end on a Saturday, so the last day is Monday (Civil Code 203).
    assert_eq!(notice.period_ends_on, Some(posted.closes_on));
    assert_eq!(posted.closes_on.to_string(), "2024-01-22");
    let mut now = worker;
    for _ in 0..8 {
        withdraw(&now, &notice).await.refused(409, "notices.in_period");
        end_posting(&now, &notice).await.refused(409, "publicity.still_running");
        now = days_later(&app, 1).await;
    }
    let ended: NoticeOut = end_posting(&now, &notice).await.expect(200).json();
    assert!(ended.posting_ended_at.is_some() && ended.status == NoticeStatus::Published);
    assert_eq!(posting(&now, &notice).await.status, PublicityStatus::Closed);
    end_posting(&now, &ended).await.refused(409, "notices.posting_ended");
    step(&now, &ended, "correct", correction()).await.refused(409, "notices.posting_ended");
    let gone: NoticeOut = withdraw(&now, &ended).await.expect(200).json();
    assert_eq!(gone.status, NoticeStatus::Withdrawn);
}

#[actix_web::test]
async fn an_objection_that_waits_keeps_it_up() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let resident = app.actor(Role::Resident, "620902005003-0001-001-01-0101").await;
    let notice = published(&worker, legal(TONGDEXIANG)).await;
    let objection = object(&resident, &notice).await;
    let worker = days_later(&app, 8).await;
    withdraw(&worker, &notice).await.refused(409, "publicity.unanswered");
    end_posting(&worker, &notice).await.refused(409, "publicity.unanswered");
    let still: NoticeOut = worker.get(&format!("{NOTICES}/{}", notice.id)).await.expect(200).json();
    assert_eq!((still.status, still.version), (NoticeStatus::Published, 1), "what was refused changed nothing");
    decide(&worker, &objection, "rejected").await;
    let gone: NoticeOut = withdraw(&worker, &notice).await.expect(200).json();
    assert!(gone.status == NoticeStatus::Withdrawn && gone.posting_ended_at.is_some());
    assert_eq!(posting(&worker, &notice).await.status, PublicityStatus::Closed);
}

#[actix_web::test]
async fn what_an_objection_was_upheld_against_is_corrected() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let resident = app.actor(Role::Resident, TONGDEXIANG).await;
    let notice = published(&worker, legal(TONGDEXIANG)).await;
    let objection = object(&resident, &notice).await;
    decide(&worker, &objection, "upheld").await;
    let worker = days_later(&app, 8).await;
    end_posting(&worker, &notice).await.refused(409, "notices.objection_upheld");
    assert_eq!(posting(&worker, &notice).await.status, PublicityStatus::Open);
    step(&worker, &notice, "correct", correction()).await.expect(201);
}

#[actix_web::test]
async fn a_correction_takes_its_place_and_its_days_begin_again() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let mut body = legal(TONGDEXIANG);
    body["pinned"] = json!(true);
    let old = published(&worker, body).await;
    let worker = days_later(&app, 3).await;
    let made = step(&worker, &old, "correct", correction()).await.expect(201);
    let new: NoticeOut = made.json();
    assert_eq!(made.header("location"), Some(format!("{NOTICES}/{}", new.id)));
    assert_eq!((new.supersedes, new.pinned, new.version), (Some(old.id), true, 1));
    assert_eq!(new.period_ends_on.expect("a period").to_string(), "2024-01-23");
    let posted = posting(&worker, &new).await;
    assert_eq!((posted.supersedes, posted.status), (old.publicity_id, PublicityStatus::Open));
    assert_eq!(posting(&worker, &old).await.status, PublicityStatus::Superseded);
    let before: NoticeOut = worker.get(&format!("{NOTICES}/{}", old.id)).await.expect(200).json();
    assert_eq!((before.status, before.body.as_str()), (NoticeStatus::Superseded, old.body.as_str()));
    assert_eq!(titles(&worker, "").await, [new.title.as_str()]);
    step(&worker, &before, "correct", correction()).await.refused(409, "notices.not_published");
    withdraw(&worker, &before).await.refused(409, "notices.not_published");
    withdraw(&worker, &new).await.refused(409, "notices.in_period");
    let general = published(&worker, super::general(TONGDEXIANG)).await;
    step(&worker, &general, "correct", correction()).await.refused(409, "notices.only_legal");
    end_posting(&worker, &general).await.refused(409, "notices.only_legal");
}

#[actix_web::test]
async fn of_two_corrections_at_once_one_takes_its_place() {
    let app = town().await;
    let (worker, street) = (app.community_worker(TONGDEXIANG).await, app.street().await);
    let old = published(&worker, legal(TONGDEXIANG)).await;
    let both = [&worker, &street].map(|who| step(who, &old, "correct", correction()));
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(both).await.iter().map(|reply| reply.status()).collect();
    statuses.sort_unstable();
    assert!(statuses[0] == 201 && matches!(statuses[1], 409 | 412), "{statuses:?}");
    assert_eq!(titles(&worker, "").await.len(), 1);
}

#[actix_web::test]
async fn the_place_says_for_how_long() {
    let app = town().await;
    let (district, worker) = (app.district().await, app.community_worker(TONGDEXIANG).await);
    let rule = rule_in("publicity.days", "620902", json!({ "days": 5, "by_kind": { "legal_notice": 15 } }));
    let rule = district.post("/v1/rule-sets", rule).await.expect(201).value();
    let notice = published(&worker, legal(TONGDEXIANG)).await;
    let posted = posting(&worker, &notice).await;
    assert_eq!((posted.min_days, posted.closes_on.to_string().as_str()), (15, "2024-01-30"));
    assert_eq!(json!(posted.rule_set_id), rule["id"]);
    // It expires no earlier than the midnight behind its last day.
    let mut lasting = legal(TONGDEXIANG);
    lasting["expires_at"] = json!("2024-01-30T23:59:00+08:00");
    let problem = worker.post(NOTICES, lasting.clone()).await.refused(422, "notices.expires_in_period");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/expires_at"));
    lasting["expires_at"] = json!("2024-01-31T00:00:00+08:00");
    published(&worker, lasting).await;
}
