//! The workflow, and scenario 15 of domain D5.

use platform::auth::Role;
use platform::publicity::dto::{PublicityOut, PublicityStatus};
use roster::appointments::dto::{AppointmentEndReason, AppointmentOut, AppointmentState, PostOut};
use serde_json::{Value, json};

use super::{APPOINTMENTS, CROSS, World, appointment_in, check_in, cross_in, ending, note, posting, step};
use crate::support::actors::TONGDEXIANG;
use crate::territory::made;

/// Scenario 15: a company's head to the committee of the compound it serves → 422; the residents' committee's deputy to
/// the committee's branch → approved; the base post ends → the appointment ends the same day.
#[actix_web::test]
async fn scenario_15() {
    let mut w = World::new().await;
    let (_, head) = w.owner("测试·企业负责人", false).await;
    let post = w.seat(&w.company, "administrator", 1).await;
    let employment = w.appoint(&head, &post, "hired").await;
    let seat = w.seat(&w.owners, "member", 1).await;
    w.elect(&w.owners, &head, &seat).await;
    let refused = w.v.secretary.post(CROSS, cross_in(&head, &seat, &employment, "elected")).await;
    let problem = refused.refused(422, "appointments.company_conflict");
    assert!(problem.title.contains("北京市物业管理条例第39条"), "the legal source: {}", problem.title);
    // Nor by the short way.
    let plain = w.v.worker.post(APPOINTMENTS, appointment_in(&head, &seat, "elected")).await;
    plain.refused(422, "appointments.company_conflict");

    let (_, deputy, base) = w.deputy("测试·居委会副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let approved = w.approved(cross_in(&deputy, &seat, &base, "co_opted")).await;
    assert_eq!((approved.state, approved.cross), (AppointmentState::Active, true));
    assert_eq!(approved.direction.as_deref(), Some("community_to_committee_branch"));
    assert_eq!(w.roles(&deputy).await, ["branch_officer", "community_worker"]);

    let end = format!("{APPOINTMENTS}/{}/end", base.id);
    step(&w.v.secretary, &end, ending("2024-01-23", "resigned")).await.expect(200);
    let (base, cross) = (w.get(base.id).await, w.get(approved.id).await);
    assert_eq!((base.state, cross.state), (AppointmentState::Ended, AppointmentState::Ended));
    assert_eq!(cross.ended_on, base.ended_on, "the same day");
    assert_eq!(cross.end_reason, Some(AppointmentEndReason::BasePostEnded));
    assert_eq!(w.roles(&deputy).await, [""; 0]);
}

#[actix_web::test]
async fn a_cross_appointment_goes_the_whole_way() {
    let mut w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let reply = w.v.secretary.post(CROSS, cross_in(&deputy, &seat, &base, "co_opted")).await.expect(201);
    let proposed: AppointmentOut = reply.json();
    assert_eq!(reply.header("location"), Some(format!("{APPOINTMENTS}/{}", proposed.id)));
    assert_eq!(proposed.state, AppointmentState::Proposed);
    let path = |verb: &str| format!("{APPOINTMENTS}/{}/{verb}", proposed.id);

    // Each step only from the one before it.
    w.v.secretary.post(&path("check"), json!({})).await.refused(409, "appointments.wrong_state");
    w.v.secretary.post(&path("publicity"), posting()).await.refused(409, "appointments.wrong_state");
    step(&w.street, &path("approve"), note()).await.refused(409, "appointments.wrong_state");
    step(&w.street, &path("activate"), note())
        .await
        .refused(409, "appointments.cross_only".replace("cross_only", "ordinary_only").as_str());

    let consent = json!({ "consents": true, "note": "经班子研究同意" });
    let row: AppointmentOut = w.street.post(&path("consent"), consent.clone()).await.expect(200).json();
    assert_eq!((row.state, row.version), (AppointmentState::HomeConsented, 2));
    w.street.post(&path("consent"), consent).await.refused(409, "appointments.wrong_state");
    let row: AppointmentOut = w.v.secretary.post(&path("check"), json!({})).await.expect(200).json();
    assert_eq!(row.state, AppointmentState::Checked);
    let row: AppointmentOut = w.v.secretary.post(&path("publicity"), posting()).await.expect(200).json();
    assert_eq!(row.state, AppointmentState::Publicity);
    let posted: PublicityOut =
        w.v.worker.get(&format!("/v1/publicities/{}", row.publicity_id.expect("one"))).await.expect(200).json();
    assert_eq!((posted.opens_on.to_string(), posted.closes_on.to_string()), ("2024-01-15".into(), "2024-01-22".into()));
    assert_eq!(posted.snapshot["person"], "测试·副主任", "who is proposed is what is posted");

    step(&w.street, &path("approve"), note()).await.refused(409, "publicity.still_running");
    w.days_later(8).await;
    let row: AppointmentOut = step(&w.street, &path("approve"), note()).await.expect(200).json();
    assert_eq!((row.state, row.decided_by), (AppointmentState::Active, Some(super::account_id(&w.street).0)));
    let closed: PublicityOut = w.v.worker.get(&format!("/v1/publicities/{}", posted.id)).await.expect(200).json();
    assert_eq!(closed.status, PublicityStatus::Closed);
    let history = w.district.get(&path("history")).await.expect(200).value();
    let events: Vec<&str> = history["items"].as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(
        events,
        [
            "appointment.proposed",
            "appointment.consented",
            "appointment.checked",
            "appointment.posted",
            "appointment.approved",
        ]
    );
}

#[actix_web::test]
async fn the_home_organisation_may_refuse_and_the_appointee_has_no_say() {
    let w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let proposed: AppointmentOut = made(w.v.secretary.post(CROSS, cross_in(&deputy, &seat, &base, "co_opted")).await);
    let path = format!("{APPOINTMENTS}/{}/consent", proposed.id);
    let consent = |consents: bool| json!({ "consents": consents, "note": "意见" });
    // The appointee is a branch officer elsewhere in the community: it does not speak for the residents' committee.
    let officer = w.app().actor(Role::BranchOfficer, TONGDEXIANG).await;
    officer.post(&path, consent(true)).await.refused(403, "appointments.not_your_organisation");
    let row: AppointmentOut = w.street.post(&path, consent(false)).await.expect(200).json();
    assert_eq!(row.state, AppointmentState::Rejected);
    // What was rejected can be proposed anew.
    made::<AppointmentOut>(w.v.secretary.post(CROSS, cross_in(&deputy, &seat, &base, "co_opted")).await);
}

#[actix_web::test]
async fn an_upheld_objection_bars_the_approval() {
    let mut w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let (row, posted) = w.posted(cross_in(&deputy, &seat, &base, "co_opted")).await;
    let resident = w.app().actor(Role::Owner, "620902005003-0001-001-01-0001").await;
    let objection = json!({ "content": "长期不在本小区" });
    let objection =
        resident.post(&format!("/v1/publicities/{}/objections", posted.id), objection).await.expect(201).value();
    w.days_later(8).await;
    let approve = format!("{APPOINTMENTS}/{}/approve", row.id);
    step(&w.street, &approve, note()).await.refused(409, "publicity.unanswered");
    let answer = format!("/v1/objections/{}", objection["id"].as_str().unwrap());
    w.v.worker.post(&format!("{answer}/reply"), json!({ "reply": "经核实属实" })).await.expect(200);
    let outcome = json!({ "outcome": "upheld", "note": "属实" });
    w.v.worker.post(&format!("{answer}/decide"), outcome).await.expect(200);
    step(&w.street, &approve, note()).await.refused(409, "appointments.objection_upheld");
    assert_eq!(w.get(row.id).await.state, AppointmentState::Publicity, "nothing was written");
    let rejected = w.street.post(&format!("{APPOINTMENTS}/{}/reject", row.id), note()).await.expect(200);
    assert_eq!(rejected.json::<AppointmentOut>().state, AppointmentState::Rejected);
    let posted: PublicityOut = w.v.worker.get(&format!("/v1/publicities/{}", posted.id)).await.json();
    assert_eq!(posted.status, PublicityStatus::Withdrawn);
}

#[actix_web::test]
async fn neither_the_proposer_nor_the_appointee_approves() {
    let mut w = World::new().await;
    // The proposer is secretary here and street officer as well.
    let both = w.app().actor_with(&[(Role::CommunitySecretary, TONGDEXIANG), (Role::StreetOfficer, "620902005")]).await;
    let both_id = super::account_id(&both);
    let (client, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let proposed: AppointmentOut = made(both.post(CROSS, cross_in(&deputy, &seat, &base, "co_opted")).await);
    let path = |verb: &str| format!("{APPOINTMENTS}/{}/{verb}", proposed.id);
    w.street.post(&path("consent"), json!({ "consents": true, "note": "同意" })).await.expect(200);
    w.v.secretary.post(&path("check"), json!({})).await.expect(200);
    w.v.secretary.post(&path("publicity"), posting()).await.expect(200);
    let appointee = super::account_id(&client);
    let grant = json!({ "account_id": appointee, "role": "street_officer", "area_code": "620902005",
        "valid_from": "2024-01-15", "reason": "测试" });
    w.district.post("/v1/grants", grant).await.expect(201);
    w.days_later(8).await;
    let both = super::log_in(w.app(), both_id).await;
    step(&both, &path("approve"), note()).await.refused(422, "appointments.own_proposal");
    let appointee = super::log_in(w.app(), appointee).await;
    step(&appointee, &path("approve"), note()).await.refused(422, "appointments.own_appointment");
    assert_eq!(w.get(proposed.id).await.state, AppointmentState::Publicity, "nothing was written");
    step(&w.street, &path("approve"), note()).await.expect(200);
}

#[actix_web::test]
async fn only_the_proposer_withdraws_and_only_deciders_reject() {
    let w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let (row, _) = w.posted(cross_in(&deputy, &seat, &base, "co_opted")).await;
    let path = |verb: &str| format!("{APPOINTMENTS}/{}/{verb}", row.id);
    let other = w.app().actor(Role::CommunitySecretary, TONGDEXIANG).await;
    other.post(&path("withdraw"), note()).await.refused(403, "appointments.not_the_proposer");
    other.post(&path("reject"), note()).await.refused(403, "appointments.not_yours");
    let row: AppointmentOut = w.v.secretary.post(&path("withdraw"), note()).await.expect(200).json();
    assert_eq!(row.state, AppointmentState::Withdrawn);
    w.v.secretary.post(&path("withdraw"), note()).await.refused(409, "appointments.wrong_state");
}

#[actix_web::test]
async fn what_is_posted_is_corrected_by_posting_anew() {
    let mut w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let (row, first) = w.posted(cross_in(&deputy, &seat, &base, "co_opted")).await;
    let path = format!("{APPOINTMENTS}/{}/publicity", row.id);
    w.days_later(3).await;
    w.v.secretary.post(&path, posting()).await.refused(422, "appointments.repost_reason");
    let mut again = posting();
    again["correction"] = json!("张贴位置有误");
    let row: AppointmentOut = w.v.secretary.post(&path, again).await.expect(200).json();
    let next: PublicityOut =
        w.v.worker.get(&format!("/v1/publicities/{}", row.publicity_id.unwrap())).await.expect(200).json();
    assert_eq!((next.supersedes, next.closes_on.to_string().as_str()), (Some(first.id), "2024-01-23"));
    w.days_later(4).await;
    let approve = format!("{APPOINTMENTS}/{}/approve", row.id);
    step(&w.street, &approve, note()).await.refused(409, "publicity.still_running");
}

/// A rule set's own days for this kind of posting.
#[actix_web::test]
async fn the_days_of_publicity_are_the_places_own() {
    let w = World::new().await;
    let rule = json!({ "key": "publicity.days", "area_code": TONGDEXIANG,
        "params": { "days": 5, "by_kind": { "cross_appointment": 9 } }, "legal_basis": "社区公示办法",
        "effective_from": "2024-01-15" });
    let rule = w.district.post("/v1/rule-sets", rule).await.expect(201).value();
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let (_, posted) = w.posted(cross_in(&deputy, &seat, &base, "co_opted")).await;
    assert_eq!((posted.closes_on.to_string().as_str(), posted.min_days), ("2024-01-24", 9));
    assert_eq!(json!(posted.rule_set_id), rule["id"]);
}

#[actix_web::test]
async fn an_ordinary_appointment_is_recorded_and_put_in_force_by_another() {
    let w = World::new().await;
    let (_, person) = w.somebody("测试·楼长", false).await;
    w.v.settle(&person, "tenant").await;
    let mut seat = super::post_in(&w.residents, "building_head", 1);
    seat["area_code"] = json!(w.v.home.building.area_code);
    let seat: PostOut = made(w.v.worker.post("/v1/posts", seat).await);
    let recorded: AppointmentOut =
        made(w.v.secretary.post(APPOINTMENTS, appointment_in(&person, &seat, "assigned")).await);
    assert_eq!((recorded.state, recorded.cross), (AppointmentState::Recorded, false));
    let activate = format!("{APPOINTMENTS}/{}/activate", recorded.id);
    step(&w.v.secretary, &activate, note()).await.refused(422, "appointments.own_proposal");
    step(&w.v.worker, &activate, note()).await.refused(403, "forbidden");
    w.v.secretary.post(&activate, note()).await.refused(428, "version_required");
    let row: AppointmentOut = step(&w.street, &activate, note()).await.expect(200).json();
    assert_eq!(row.state, AppointmentState::Active);
    step(&w.street, &activate, note()).await.refused(409, "appointments.wrong_state");
    assert_eq!(w.roles(&person).await, ["building_head"]);
    let end = format!("{APPOINTMENTS}/{}/end", row.id);
    step(&w.street, &end, ending("2024-01-16", "resigned")).await.refused(422, "appointments.in_the_future");
    step(&w.street, &end, ending("2023-12-31", "resigned")).await.refused(422, "appointments.before_it_began");
    let row: AppointmentOut = step(&w.street, &end, ending("2024-01-15", "resigned")).await.expect(200).json();
    assert_eq!((row.state, row.end_reason), (AppointmentState::Ended, Some(AppointmentEndReason::Resigned)));
    assert_eq!(w.roles(&person).await, [""; 0]);
}

#[actix_web::test]
async fn a_term_expires_is_renewed_or_carried_over() {
    let mut w = World::new().await;
    let (_, person) = w.somebody("测试·调解员", false).await;
    let (_, other) = w.somebody("测试·继任者", false).await;
    let seat = w.seat(&w.residents, "part_time_member", 1).await;
    let body = |who: &Value, from: &str, to: &str, carry_over: bool| {
        let mut body = appointment_in(who, &seat, "co_opted");
        body["term_from"] = json!(from);
        body["term_to"] = json!(to);
        body["carry_over"] = json!(carry_over);
        body
    };
    let row: AppointmentOut =
        made(w.district.post(APPOINTMENTS, body(&person, "2024-01-01", "2024-04-30", true)).await);
    let path = |id: &dyn std::fmt::Display, verb: &str| format!("{APPOINTMENTS}/{id}/{verb}");
    step(&w.street, &path(&row.id, "activate"), note()).await.expect(200);
    let renewal = json!({ "legal_basis": "续聘", "term_to": "2024-12-31" });
    w.district.post(&path(&row.id, "renew"), renewal.clone()).await.refused(409, "appointments.not_renewable");
    w.days_later(60).await;
    assert_eq!(w.get(row.id).await.state, AppointmentState::Expiring, "60 days before the last");
    let expiring = w.district.get(&format!("{APPOINTMENTS}?expiring_within=60")).await.expect(200).value();
    assert_eq!(expiring["items"].as_array().unwrap().len(), 1);

    let renewed: AppointmentOut = made(w.district.post(&path(&row.id, "renew"), renewal).await);
    assert_eq!((renewed.term_from.to_string().as_str(), renewed.renews_id), ("2024-05-01", Some(row.id)));
    step(&w.street, &path(&renewed.id, "activate"), note()).await.expect(200);
    assert_eq!(
        (w.get(row.id).await.state, w.get(renewed.id).await.state),
        (AppointmentState::Renewed, AppointmentState::Approved)
    );
    w.days_later(60).await;
    assert_eq!(
        (w.get(row.id).await.state, w.get(renewed.id).await.state),
        (AppointmentState::Expired, AppointmentState::Active)
    );
    let held = w.district.get(&format!("{APPOINTMENTS}?post_id={}", seat.id)).await.value();
    assert_eq!(held["items"].as_array().unwrap().len(), 1, "one holder on any day");

    // The renewed term ends without carry-over, and the seat is free for the next.
    w.days_later(300).await;
    assert_eq!(w.get(renewed.id).await.state, AppointmentState::Expired);
    let next: AppointmentOut =
        made(w.district.post(APPOINTMENTS, body(&other, "2025-03-01", "2025-04-01", true)).await);
    step(&w.street, &path(&next.id, "activate"), note()).await.expect(200);
    w.days_later(60).await;
    assert_eq!(w.get(next.id).await.state, AppointmentState::CarryOver);
    let back: AppointmentOut =
        made(w.district.post(APPOINTMENTS, body(&person, "2025-05-01", "2026-04-30", false)).await);
    step(&w.street, &path(&back.id, "activate"), note()).await.expect(200);
    let left = w.get(next.id).await;
    assert_eq!((left.state, left.end_reason), (AppointmentState::Ended, Some(AppointmentEndReason::Succeeded)));
}

#[actix_web::test]
async fn steps_elsewhere_do_not_exist() {
    let w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let (row, _) = w.posted(cross_in(&deputy, &seat, &base, "co_opted")).await;
    for outsider in crate::territory::outsiders(w.app()).await {
        outsider.get(&format!("{APPOINTMENTS}/{}", row.id)).await.refused(404, "not_found");
        for verb in ["approve", "activate", "end"] {
            let body = if verb == "end" { ending("2024-01-15", "removed") } else { note() };
            step(&outsider, &format!("{APPOINTMENTS}/{}/{verb}", row.id), body).await.refused(404, "not_found");
        }
        let check = check_in(&deputy, &seat, Some(&base), "co_opted");
        outsider.post(&format!("{APPOINTMENTS}/check"), check).await.refused(404, "not_found");
    }
}
