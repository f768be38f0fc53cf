//! What befalls a post's ground befalls the post: ownership, organisations, persons, places.

use roster::appointments::dto::{AppointmentEndReason, AppointmentOut, AppointmentState, PostOut};
use roster::organisations::dto::HandoverItem;
use serde_json::json;

use super::{APPOINTMENTS, World, appointment_in, cross_in, ending, note, step};
use crate::organisations::ORGANISATIONS;
use crate::territory::{CANGHOU, made};

#[actix_web::test]
async fn who_sells_the_flat_leaves_the_committee() {
    let w = World::new().await;
    let (_, person) = w.somebody("测试·委员", false).await;
    let residency = w.v.settle(&person, "owner").await;
    let seat = w.seat(&w.owners, "member", 1).await;
    w.elect(&w.owners, &person, &seat).await;
    let row = w.appoint(&person, &seat, "elected").await;
    assert_eq!(w.roles(&person).await, ["oc_member", "owner"]);
    crate::people::end(&w.v.worker, &residency, "2024-01-15", "sold").await.expect(200);
    let row = w.get(row.id).await;
    assert_eq!((row.state, row.end_reason), (AppointmentState::Ended, Some(AppointmentEndReason::LostEligibility)));
    assert_eq!(row.ended_on.map(|day| day.to_string()).as_deref(), Some("2024-01-15"));
    assert_eq!(w.roles(&person).await, [""; 0]);
}

#[actix_web::test]
async fn a_dissolved_body_takes_its_posts_with_it() {
    let w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let pending: AppointmentOut =
        made(w.v.secretary.post(super::CROSS, cross_in(&deputy, &seat, &base, "co_opted")).await);
    let body = json!({ "status": "dissolved", "on": "2024-01-12", "reason": "撤并" });
    let path = format!("{ORGANISATIONS}/{}/status", w.residents.id);
    crate::organisations::step(&w.district, &path, body).await.expect(200);
    let (held, pending) = (w.get(base.id).await, w.get(pending.id).await);
    assert_eq!((held.state, held.end_reason), (AppointmentState::Ended, Some(AppointmentEndReason::OrganisationEnded)));
    assert_eq!(held.ended_on.map(|day| day.to_string()).as_deref(), Some("2024-01-12"));
    assert_eq!(pending.state, AppointmentState::Rejected, "what was to rest on it goes no further");
    let post: PostOut = w.district.get(&format!("/v1/posts/{}", base.post_id)).await.expect(200).json();
    assert!(post.closed_on.is_some());
}

#[actix_web::test]
async fn a_closed_record_ends_every_post_of_the_person() {
    let w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let staff = w.seat(&w.residents, "staff", 2).await;
    let second = w.appoint(&deputy, &staff, "hired").await;
    let path = format!("/v1/persons/{}/close", deputy["id"].as_str().unwrap());
    let body = json!({ "on": "2024-01-15", "reason": "moved_away" });
    let closed = w.v.secretary.post_with(&path, &[("If-Match", "*")], body).await;
    assert_eq!(closed.status(), 200, "{}", closed.text());
    for id in [base.id, second.id] {
        let row = w.get(id).await;
        assert_eq!((row.state, row.end_reason), (AppointmentState::Ended, Some(AppointmentEndReason::PersonClosed)));
    }
}

#[actix_web::test]
async fn a_moved_compound_takes_its_posts_and_postings_along() {
    let w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let (row, posted) = w.posted(cross_in(&deputy, &seat, &base, "co_opted")).await;
    let body = json!({ "community_code": CANGHOU, "on": "2024-01-10", "reason": "社区边界调整" });
    let moved = w.district.post(&format!("/v1/compounds/{}/move", w.v.home.compound.id), body).await.expect(200);
    let code = moved.value()["area_code"].as_str().unwrap().to_owned();
    assert!(code.starts_with(CANGHOU));
    assert_eq!(w.get(row.id).await.area_code, code);
    let post: PostOut = w.district.get(&format!("/v1/posts/{}", seat.id)).await.expect(200).json();
    assert_eq!(post.area_code, code);
    let posted = w.district.get(&format!("/v1/publicities/{}", posted.id)).await.expect(200).value();
    assert_eq!(posted["area_code"], json!(code));
    w.v.worker.get(&format!("{APPOINTMENTS}/{}", row.id)).await.refused(404, "not_found");
    // What was moved can still be changed.
    w.street.post(&format!("{APPOINTMENTS}/{}/reject", row.id), note()).await.expect(200);
}

/// The base post's renewal carries what rests on it; the base post's own last day cuts it.
#[actix_web::test]
async fn a_cross_appointment_lasts_as_long_as_its_base_post() {
    let mut w = World::new().await;
    let (_, person) = w.somebody("测试·副主任", true).await;
    let post = w.seat(&w.residents, "deputy_director", 1).await;
    w.elect(&w.residents, &person, &post).await;
    let mut body = appointment_in(&person, &post, "elected");
    body["term_to"] = json!("2024-03-10");
    let base: AppointmentOut = made(w.district.post(APPOINTMENTS, body).await);
    step(&w.street, &format!("{APPOINTMENTS}/{}/activate", base.id), note()).await.expect(200);
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let row = w.approved(cross_in(&person, &seat, &base, "co_opted")).await;
    assert_eq!(row.last_day.map(|day| day.to_string()).as_deref(), Some("2024-03-10"), "the base post's");
    assert_eq!(row.term_to.map(|day| day.to_string()).as_deref(), Some("2026-12-31"));

    // Re-elected: the election that the first term rests on is not enough.
    let renewal = json!({ "legal_basis": "换届选举", "term_to": "2027-03-10" });
    let renew = format!("{APPOINTMENTS}/{}/renew", base.id);
    w.district.post(&renew, renewal.clone()).await.refused(422, "appointments.no_election");
    let election = json!({ "organisation_id": w.residents.id, "held_on": "2024-01-20", "document": "换届选举公告",
        "electees": [{ "person_id": person["id"], "post_id": post.id }] });
    w.v.secretary.post("/v1/election-records", election).await.expect(201);
    let next: AppointmentOut = made(w.district.post(&renew, renewal).await);
    step(&w.street, &format!("{APPOINTMENTS}/{}/activate", next.id), note()).await.expect(200);
    let carried = w.get(row.id).await;
    assert_eq!(carried.home_appointment_id, Some(next.id));
    assert_eq!(carried.last_day.map(|day| day.to_string()).as_deref(), Some("2026-12-31"));
    w.days_later(60).await;
    assert_eq!(w.get(row.id).await.state, AppointmentState::Active);
    step(&w.street, &format!("{APPOINTMENTS}/{}/end", next.id), ending("2024-03-21", "removed")).await.expect(200);
    assert_eq!(w.get(row.id).await.end_reason, Some(AppointmentEndReason::BasePostEnded));
}

/// 合同终止: a company that leaves a compound leaves its posts there, and what rests on them; its office stays.
#[actix_web::test]
async fn a_company_that_leaves_a_compound_leaves_its_seats_there() {
    let mut w = World::new().await;
    let code = w.v.home.compound.area_code.clone();
    let (admin, boss) = w.somebody("测试·企业管理员", false).await;
    let admin = super::account_id(&admin);
    let office = w.seat(&w.company, "administrator", 1).await;
    let office = w.appoint(&boss, &office, "hired").await;
    let (_, employee) = w.somebody("测试·项目员工", false).await;
    let mut post = super::post_in(&w.company, "staff", 1);
    post["area_code"] = json!(code);
    let post: PostOut = made(w.district.post("/v1/posts", post).await);
    let job = w.appoint(&employee, &post, "hired").await;
    let grid = w.seat(&w.residents, "part_time_grid_worker", 1).await;
    let cross: AppointmentOut =
        made(w.v.secretary.post(super::CROSS, cross_in(&employee, &grid, &job, "assigned")).await);
    let path = |verb: &str| format!("{APPOINTMENTS}/{}/{verb}", cross.id);
    let consent = json!({ "consents": true, "note": "同意" });
    super::log_in(w.app(), admin).await.post(&path("consent"), consent).await.expect(200);
    w.v.secretary.post(&path("check"), json!({})).await.expect(200);
    w.v.secretary.post(&path("publicity"), super::posting()).await.expect(200);
    w.days_later(8).await;
    step(&w.street, &path("approve"), note()).await.expect(200);
    assert_eq!(w.roles(&employee).await, ["company_staff", "grid_worker"]);

    // On the way to a seat in the compound from a post elsewhere, where the place's own directions let the company's in.
    let direction = json!({ "directions": [{ "name": "company_to_station",
        "from": [{ "org": "property_company" }], "to": [{ "org": "red_service_station" }] }] });
    let rule = json!({ "key": "appointments.directions", "area_code": code, "params": direction,
        "legal_basis": "街道文件 2024-1", "effective_from": "2024-01-23" });
    w.district.post("/v1/rule-sets", rule).await.expect(201);
    let station = crate::organisations::body(&w.v.worker, "red_service_station", "院内服务站", &code).await;
    let seat = w.seat(&station, "staff", 1).await;
    let mut body = cross_in(&boss, &seat, &office, "assigned");
    body["term_from"] = json!("2024-01-23");
    let pending: AppointmentOut = made(w.v.secretary.post(super::CROSS, body).await);

    let contract = w.v.worker.get(crate::organisations::CONTRACTS).await.expect(200).value();
    let contract = contract["items"][0]["id"].as_str().expect("a contract").to_owned();
    let at = |verb: &str| format!("{}/{contract}/{verb}", crate::organisations::CONTRACTS);
    let notice =
        json!({ "by": "owners", "notice_on": "2024-01-23", "effective_on": "2024-03-23", "basis": "业主大会决定" });
    step(&w.v.worker, &at("notice"), notice).await.expect(200);
    step(&w.v.worker, &at("handover"), json!({})).await.expect(200);
    for item in HandoverItem::ALL {
        let done = json!({ "item": item, "done_on": "2024-01-23", "note": "双方清点无误" });
        step(&w.v.worker, &at("handover-items"), done).await.expect(200);
    }
    w.days_later(60).await;
    assert_eq!(w.get(job.id).await.state, AppointmentState::Active, "until the contract ends");
    step(&w.v.worker, &at("end"), json!({ "on": "2024-03-23", "reason": "交接完成" })).await.expect(200);

    let (job, cross) = (w.get(job.id).await, w.get(cross.id).await);
    assert_eq!((job.state, job.end_reason), (AppointmentState::Ended, Some(AppointmentEndReason::ContractEnded)));
    assert_eq!((cross.state, cross.end_reason), (AppointmentState::Ended, Some(AppointmentEndReason::BasePostEnded)));
    for row in [&job, &cross] {
        assert_eq!(row.ended_on.map(|day| day.to_string()).as_deref(), Some("2024-03-23"), "the same day");
    }
    let post: PostOut = w.district.get(&format!("/v1/posts/{}", post.id)).await.expect(200).json();
    assert_eq!(post.closed_on, job.ended_on);
    assert_eq!(w.get(pending.id).await.state, AppointmentState::Rejected);
    assert_eq!(w.roles(&employee).await, [""; 0]);
    assert_eq!(w.get(office.id).await.state, AppointmentState::Active, "the company's office is elsewhere");
    assert_eq!(w.roles(&boss).await, ["company_admin"]);
}
