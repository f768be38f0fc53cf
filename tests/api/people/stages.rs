//! 发展党员: five stages in order, restricted, and silent in histories.

use platform::auth::Role;
use serde_json::{Value, json};

use super::{id, person, person_in, village};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Reply};
use crate::territory::CANGHOU;

async fn reach(who: &Client, person: &Value, stage: &str, on: &str) -> Reply {
    let path = format!("/v1/persons/{}/party-stages", id(person));
    who.post_with(&path, &[("If-Match", "*")], json!({ "stage": stage, "on": on })).await
}

#[actix_web::test]
async fn the_five_stages_are_recorded_in_order_and_set_the_status() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    let who = &v.secretary;
    reach(who, &row, "activist", "2021-01-01").await.refused(422, "people.stage_order");
    for (stage, on, status) in [
        ("applicant", "2020-07-01", "none"),
        ("activist", "2021-01-01", "none"),
        ("development_object", "2022-01-01", "none"),
        ("probationary", "2022-07-01", "probationary"),
        ("formal", "2023-07-01", "formal"),
    ] {
        assert_eq!(reach(who, &row, stage, on).await.expect(200).value()["party_status"], status);
        reach(who, &row, stage, on).await.refused(422, "people.stage_order");
    }
    let path = format!("/v1/persons/{}", id(&row));
    let out = v.worker.get(&format!("{path}/party-stages")).await.expect(200).value();
    let stages: Vec<&str> = out["stages"].as_array().unwrap().iter().map(|s| s["stage"].as_str().unwrap()).collect();
    assert_eq!(stages, ["applicant", "activist", "development_object", "probationary", "formal"]);
    assert_eq!(v.worker.get(&path).await.value()["party_status"], "formal");
    v.worker.patch(&path, "*", json!({ "party_status": "none" })).await.refused(409, "people.status_by_stages");
    // The history says that something changed, and not what.
    let history = v.worker.get(&format!("{path}/history")).await.expect(200).text();
    for word in ["applicant", "activist", "probationary", "formal", "party"] {
        assert!(!history.contains(word), "{word} in {history}");
    }
    assert!(history.contains("attributes"));
}

#[actix_web::test]
async fn dates_follow_and_stale_versions_are_refused() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    reach(&v.secretary, &row, "applicant", "2024-01-16").await.refused(422, "people.in_the_future");
    reach(&v.secretary, &row, "applicant", "2023-01-01").await.expect(200);
    reach(&v.secretary, &row, "activist", "2022-12-31").await.refused(422, "people.stage_date");
    let path = format!("/v1/persons/{}/party-stages", id(&row));
    let body = json!({ "stage": "activist", "on": "2023-06-01" });
    v.secretary.post_with(&path, &[("If-Match", "\"v1\"")], body.clone()).await.refused(412, "version_stale");
    v.secretary.post_with(&path, &[("If-Match", "\"v2\"")], body).await.expect(200);
}

#[actix_web::test]
async fn stages_are_read_by_few_and_written_by_fewer() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    let path = format!("/v1/persons/{}/party-stages", id(&row));
    for role in [Role::BranchOfficer, Role::OcChair, Role::Auditor, Role::PlatformAdmin] {
        v.app.actor(role, TONGDEXIANG).await.get(&path).await.refused(403, "forbidden");
    }
    reach(&v.worker, &row, "applicant", "2023-01-01").await.refused(403, "forbidden");
    v.app.community_worker(CANGHOU).await.get(&path).await.refused(404, "not_found");
    let industry = v.app.actor(Role::IndustryParty, DISTRICT).await;
    reach(&industry, &row, "applicant", "2023-01-01").await.expect(200);
}
