//! Lists cost the same number of statements whatever the length of a page.

use std::sync::atomic::Ordering;

use platform::auth::Role;
use serde_json::json;

use super::{Village, id, village};
use crate::support::actors::TONGDEXIANG;

/// Persons with everything that a list could look up one by one.
async fn settle_some(v: &Village, from: usize, to: usize) {
    for i in from..to {
        let name = format!("测试·居民{i}");
        let body =
            json!({ "area_code": TONGDEXIANG, "name": name, "phone": format!("1990937{i:04}"), "skills": ["开锁"] });
        let row = super::person(&v.worker, body).await;
        v.settle(&row, "tenant").await;
        for field in ["name", "phone", "door_no", "skills"] {
            let consent = json!({ "area_code": TONGDEXIANG, "field": field, "purpose": "联系", "paper_ref": "1" });
            v.worker.post(&format!("/v1/persons/{}/consents", id(&row)), consent).await.expect(201);
        }
    }
}

#[actix_web::test]
async fn no_list_asks_more_than_four_times() {
    let v = village().await;
    let statements = v.app.watch_statements().await;
    let staff = v.app.actor_with(&[(Role::CommunityWorker, TONGDEXIANG), (Role::Auditor, TONGDEXIANG)]).await;
    let paths = [
        "/v1/persons?include=total".to_owned(),
        "/v1/persons?veteran=false&q=测试".to_owned(),
        "/v1/residencies?include=total".to_owned(),
        "/v1/checkins?include=total".to_owned(),
        "/v1/data-requests?include=total".to_owned(),
        format!("/v1/areas/{TONGDEXIANG}/directory"),
        format!("/v1/areas/{TONGDEXIANG}/checkin-count"),
        format!("/v1/rooms/{}/household", v.home.room.id),
    ];
    let mut before = Vec::new();
    for (round, rows) in [(0, 0..1), (1, 1..6)] {
        settle_some(&v, rows.start, rows.end).await;
        for (i, path) in paths.iter().enumerate() {
            statements.store(0, Ordering::Relaxed);
            staff.get(path).await.expect(200);
            let asked = statements.load(Ordering::Relaxed);
            assert!((1..=4).contains(&asked), "{path}: {asked} statements");
            if round == 0 { before.push(asked) } else { assert_eq!(asked, before[i], "{path}") }
        }
    }
}
