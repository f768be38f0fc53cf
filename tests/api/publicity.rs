//! 公示 over HTTP: frozen, counted by Civil Code 201, and not over before every objection is decided.

use platform::Error;
use platform::auth::Role;
use platform::history::By;
use platform::publicity::dto::{ObjectionOut, ObjectionPage, ObjectionStatus, PublicityOut, PublicityPage};
use platform::publicity::{self, NewPublicity, PublicityId, PublicityRow};
use serde_json::json;

use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, TestApp};

const PATH: &str = "/v1/publicities";

pub fn posting(area: &str) -> NewPublicity {
    NewPublicity {
        kind: "member_list",
        entity: "test",
        entity_id: uuid::Uuid::now_v7().to_string(),
        area_code: area.to_owned(),
        title: "业委会候选人名单".into(),
        snapshot: json!({ "seats": 5, "candidates": ["测试·甲", "测试·乙"] }),
        places: vec!["1 号楼公告栏".into()],
        evidence: None,
        closes_on: None,
        rule_set_id: None,
        min_days: 5,
    }
}

async fn open(app: &TestApp, new: NewPublicity) -> PublicityRow {
    let by = by(app);
    app.app.db.write(move |c| publicity::open(c, new.clone(), &by)).await.expect("posted")
}

fn by(app: &TestApp) -> By {
    By { actor: None, at: app.clock.now(), today: app.clock.today() }
}

async fn close(app: &TestApp, id: PublicityId) -> Result<i64, Error> {
    let by = by(app);
    let closing = move |c: &mut _| {
        let row = publicity::get(c, id)?;
        Ok(publicity::close(c, &row, &by)?.upheld)
    };
    app.app.db.write(closing).await
}

async fn object(who: &Client, id: PublicityId) -> ObjectionOut {
    who.post(&format!("{PATH}/{id}/objections"), json!({ "content": "候选人不在本小区居住" })).await.expect(201).json()
}

fn code(outcome: Result<i64, Error>) -> &'static str {
    outcome.expect_err("refused").problem().code
}

#[actix_web::test]
async fn a_posting_is_frozen_and_read_by_whoever_is_in_its_area() {
    let app = TestApp::spawn().await;
    let row = open(&app, posting(TONGDEXIANG)).await;
    let resident = app.actor(Role::Resident, "620902005003-0001-001-01-0101").await;
    let out: PublicityOut = resident.get(&format!("{PATH}/{}", row.id)).await.expect(200).json();
    assert_eq!((out.opens_on.to_string().as_str(), out.closes_on.to_string().as_str()), ("2024-01-15", "2024-01-22"));
    assert!(out.intact && out.content_hash.len() == 64);
    assert_eq!(out.snapshot["seats"], 5);
    let page: PublicityPage = resident.get(&format!("{PATH}?status=open&include=total")).await.expect(200).json();
    assert_eq!((page.items.len(), page.total), (1, Some(1)));
    let page: PublicityPage = resident.get(&format!("{PATH}?area={TONGDEXIANG}&kind=member_list")).await.json();
    assert_eq!(page.items.len(), 1);
    for outsider in ["620902005002", "620902001", "130402"] {
        let who = app.actor(Role::CommunitySecretary, outsider).await;
        who.get(&format!("{PATH}/{}", row.id)).await.refused(404, "not_found");
        let body = json!({ "content": "外区异议" });
        who.post(&format!("{PATH}/{}/objections", row.id), body).await.refused(404, "not_found");
        let page: PublicityPage = who.get(PATH).await.expect(200).json();
        assert!(page.items.is_empty());
    }
    // Somebody alters the snapshot behind the service's back: it shows.
    let sql = "UPDATE publicities SET snapshot = '{\"seats\":7}'";
    let altered = app.app.db.write(move |c| Ok(diesel::connection::SimpleConnection::batch_execute(c, sql)?));
    altered.await.expect("altered");
    let out: PublicityOut = resident.get(&format!("{PATH}/{}", row.id)).await.json();
    assert!(!out.intact);
}

#[actix_web::test]
async fn it_is_closed_only_after_its_last_day() {
    let app = TestApp::spawn().await;
    let row = open(&app, posting(TONGDEXIANG)).await;
    // Five full days end on Saturday the 20th, so the last day is Monday (Civil Code 203).
    for _ in 0..8 {
        assert_eq!(code(close(&app, row.id).await), "publicity.still_running", "{}", app.clock.today());
        app.clock.advance(chrono::Duration::days(1));
    }
    assert_eq!(app.clock.today().to_string(), "2024-01-23");
    assert_eq!(close(&app, row.id).await.expect("closed"), 0);
    assert_eq!(code(close(&app, row.id).await), "publicity.not_open");
    let late = app.actor(Role::Resident, TONGDEXIANG).await;
    let body = json!({ "content": "来晚了" });
    late.post(&format!("{PATH}/{}/objections", row.id), body).await.refused(409, "publicity.not_open");
    let short = NewPublicity { closes_on: "2024-01-24".parse().ok(), ..posting(TONGDEXIANG) };
    let by = by(&app);
    let refused = app.app.db.write(move |c| publicity::open(c, short.clone(), &by)).await.expect_err("too short");
    assert_eq!(refused.problem().code, "publicity.too_short");
}

#[actix_web::test]
async fn an_open_objection_keeps_it_open() {
    let app = TestApp::spawn().await;
    let row = open(&app, posting(TONGDEXIANG)).await;
    let resident = app.actor(Role::Resident, "620902005003-0001-001-01-0101").await;
    let secretary = app.actor(Role::CommunitySecretary, TONGDEXIANG).await;
    let objection = object(&resident, row.id).await;
    assert_eq!(objection.status, ObjectionStatus::Received);
    let again = json!({ "content": "再提一次" });
    let again = resident.post(&format!("{PATH}/{}/objections", row.id), again).await;
    again.refused(409, "publicity.objection_open");
    app.clock.advance(chrono::Duration::days(8));
    assert_eq!(code(close(&app, row.id).await), "publicity.unanswered");

    let secretary_now = app.actor(Role::CommunitySecretary, TONGDEXIANG).await;
    let (reply, decide) =
        (format!("/v1/objections/{}/reply", objection.id), format!("/v1/objections/{}/decide", objection.id));
    let outcome = json!({ "outcome": "upheld", "note": "情况属实" });
    secretary_now.post(&decide, outcome.clone()).await.refused(409, "publicity.not_replied");
    let replied: ObjectionOut = secretary_now.post(&reply, json!({ "reply": "已核实" })).await.expect(200).json();
    assert_eq!((replied.status, replied.reply.as_deref()), (ObjectionStatus::Replied, Some("已核实")));
    assert_eq!(code(close(&app, row.id).await), "publicity.unanswered", "a reply is no decision");
    let decided: ObjectionOut = secretary_now.post(&decide, outcome.clone()).await.expect(200).json();
    assert_eq!((decided.status, decided.version), (ObjectionStatus::Upheld, 3));
    secretary_now.post(&decide, outcome).await.refused(409, "publicity.objection_decided");
    assert_eq!(close(&app, row.id).await.expect("closed"), 1, "the context learns that one was upheld");
    drop(secretary);
}

#[actix_web::test]
async fn nobody_answers_their_own_objection_and_only_staff_see_whose_they_are() {
    let app = TestApp::spawn().await;
    let row = open(&app, posting(TONGDEXIANG)).await;
    let resident = app.actor(Role::Resident, "620902005003-0001-001-01-0101").await;
    let secretary = app.actor(Role::CommunitySecretary, TONGDEXIANG).await;
    let own = object(&secretary, row.id).await;
    let theirs = object(&resident, row.id).await;
    let reply = json!({ "reply": "已核实" });
    secretary
        .post(&format!("/v1/objections/{}/reply", own.id), reply.clone())
        .await
        .refused(403, "publicity.own_objection");
    resident.post(&format!("/v1/objections/{}/reply", theirs.id), reply.clone()).await.refused(403, "forbidden");
    resident.get(&format!("{PATH}/{}/objections", row.id)).await.refused(403, "forbidden");
    let outsider = app.actor(Role::DistrictCoord, "130402").await;
    outsider.get(&format!("{PATH}/{}/objections", row.id)).await.refused(404, "not_found");
    outsider.post(&format!("/v1/objections/{}/reply", theirs.id), reply).await.refused(404, "not_found");
    let page: ObjectionPage = secretary.get(&format!("{PATH}/{}/objections?include=total", row.id)).await.json();
    assert_eq!((page.items.len(), page.total), (2, Some(2)));
    let mine: ObjectionPage = resident.get("/v1/me/objections").await.expect(200).json();
    assert_eq!(mine.items.iter().map(|item| item.id).collect::<Vec<_>>(), [theirs.id]);
    let page: PublicityOut = resident.get(&format!("{PATH}/{}", row.id)).await.json();
    assert_eq!(page.version, 3, "each objection is in the posting's history");
}

#[actix_web::test]
async fn a_correction_supersedes_and_its_days_begin_again() {
    let app = TestApp::spawn().await;
    let new = posting(TONGDEXIANG);
    let row = open(&app, new.clone()).await;
    let by_now = by(&app);
    let twice = new.clone();
    let refused =
        app.app.db.write(move |c| publicity::open(c, twice.clone(), &by_now)).await.expect_err("open already");
    assert_eq!(refused.problem().code, "publicity.already_open");
    app.clock.advance(chrono::Duration::days(2));
    let by_later = by(&app);
    let next = app.app.db.write(move |c| {
        let before = publicity::get(c, row.id)?;
        let corrected = NewPublicity { snapshot: json!({ "seats": 7 }), ..new.clone() };
        publicity::supersede(c, &before, corrected, "席位数有误", &by_later)
    });
    let next = next.await.expect("superseded");
    assert_eq!((next.supersedes, next.closes_on.to_string().as_str()), (Some(row.id), "2024-01-22"));
    let district = app.actor(Role::Auditor, DISTRICT).await;
    let old: PublicityOut = district.get(&format!("{PATH}/{}", row.id)).await.expect(200).json();
    assert_eq!((old.snapshot["seats"].as_i64(), old.status_reason.as_deref()), (Some(5), Some("席位数有误")));
}

#[actix_web::test]
async fn an_objection_and_the_closing_cannot_miss_one_another() {
    let app = TestApp::spawn().await;
    let row = open(&app, posting(TONGDEXIANG)).await;
    let stale = row.clone();
    let resident = app.actor(Role::Resident, TONGDEXIANG).await;
    object(&resident, row.id).await;
    app.clock.advance(chrono::Duration::days(8));
    // The closer has read the posting before the objection came in, and counts after.
    let by = by(&app);
    let closing = app.app.db.write(move |c| Ok(publicity::withdraw(c, &stale, "x", &by)?.version)).await;
    assert!(matches!(closing, Err(Error::Stale { .. })));
}
