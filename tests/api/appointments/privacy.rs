//! Phones, political status and kin do not leave by lists, exports, problems, history or what is posted.

use diesel::prelude::*;
use platform::schema::{history, outbox};
use serde_json::json;

use super::{APPOINTMENTS, CROSS, World, cross_in};
use crate::people::PHONE;
use crate::support::actors::TONGDEXIANG;

#[actix_web::test]
async fn known_values_are_found_nowhere_they_do_not_belong() {
    let mut w = World::new().await;
    let (_, deputy, base) = w.deputy("欧阳文远").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let row = w.approved(cross_in(&deputy, &seat, &base, "co_opted")).await;
    let (_, kin) = w.owner("司马长风", false).await;
    let declared = json!({ "person_id": kin["id"], "organisation_id": w.company.id,
        "relation": "close_kin_of_employee", "declared_on": "2024-01-10" });
    w.v.worker.post("/v1/interest-declarations", declared).await.expect(201);
    let member = w.seat(&w.owners, "member", 1).await;
    w.elect(&w.owners, &kin, &member).await;
    let refused = w.v.worker.post(APPOINTMENTS, super::appointment_in(&kin, &member, "elected")).await;
    refused.refused(422, "appointments.company_conflict");
    let resident = w.app().actor(platform::auth::Role::Resident, TONGDEXIANG).await;

    let mut seen = refused.text();
    for path in [
        APPOINTMENTS.to_owned(),
        format!("{APPOINTMENTS}?status=all"),
        format!("{APPOINTMENTS}?format=csv"),
        format!("{APPOINTMENTS}/{}", row.id),
        format!("{APPOINTMENTS}/{}/history", row.id),
        format!("{APPOINTMENTS}/recusals?organisation={}", w.residents.id),
        format!("/v1/areas/{TONGDEXIANG}/cross-appointments"),
        "/v1/vacancies".to_owned(),
        "/v1/posts".to_owned(),
        "/v1/election-records".to_owned(),
    ] {
        seen.push_str(&w.v.worker.get(&path).await.expect(200).text());
    }
    // What is posted names who is to hold what, and nothing else about them.
    let posted = resident.get("/v1/publicities").await.expect(200).text();
    assert!(posted.contains("欧阳文远"));
    let events = w.app().app.db.read(|c| {
        let kept: Vec<platform::db::Json> = history::table.select(history::data).load(c)?;
        let sent: Vec<platform::db::Json> = outbox::table.select(outbox::data).load(c)?;
        Ok([kept, sent].concat())
    });
    let events = events.await.expect("the events");
    let events = format!("{events:?}");
    for (name, text) in [("answers", &seen), ("postings", &posted), ("events", &events)] {
        for value in [PHONE, "party_status", "formal", "probationary", "veteran", "close_kin"] {
            assert!(!text.contains(value), "{value} in {name}");
        }
    }
    for value in ["欧阳文远", "司马长风"] {
        assert!(!seen.contains(value) && !events.contains(value), "{value}");
    }
    // Kin are for those who vet, not for everybody who reads appointments.
    let head = w.app().actor(platform::auth::Role::BuildingHead, TONGDEXIANG).await;
    head.get("/v1/interest-declarations").await.refused(403, "forbidden");
    resident.get(APPOINTMENTS).await.refused(403, "forbidden");
    assert_eq!(w.v.secretary.post(CROSS, json!({})).await.status(), 422);
}
