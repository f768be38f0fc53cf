//! Posts: one seat of one organisation in one area.

use platform::auth::Role;
use roster::appointments::dto::{AppointmentEndReason, AppointmentOut, AppointmentState, PostOut, PostPage};
use serde_json::json;

use super::{APPOINTMENTS, World, post_in};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{made, outsiders, refused_at};

const PATH: &str = "/v1/posts";

#[actix_web::test]
async fn a_post_is_as_its_kind_of_seat_has_it() {
    let w = World::new().await;
    let reply = w.district.post(PATH, post_in(&w.owners, "chair", 1)).await.expect(201);
    let post: PostOut = reply.json();
    assert_eq!(reply.header("location"), Some(format!("{PATH}/{}", post.id)));
    assert_eq!(post.area_code, w.v.home.compound.area_code);
    assert!(post.voting && post.single_holder && post.needs_owner && !post.needs_party);
    assert_eq!((post.routes, post.max_term_years, post.role), (json!(["elected"]), 5, Some(Role::OcChair)));
    let branch = w.seat(&w.branch, "secretary", 1).await;
    assert_eq!((branch.needs_party, branch.max_term_years, branch.role), (true, 3, Some(Role::BranchOfficer)));
    assert_eq!(w.v.worker.get(&format!("{PATH}/{}", branch.id)).await.expect(200).json::<PostOut>().id, branch.id);
    let page: PostPage = w.v.worker.get(&format!("{PATH}?organisation_id={}&include=total", w.owners.id)).await.json();
    assert_eq!((page.items.len(), page.total), (1, Some(1)));
}

#[actix_web::test]
async fn a_seat_is_unique_while_it_is_open_and_a_committee_has_its_size() {
    let w = World::new().await;
    let first = w.seat(&w.owners, "member", 1).await;
    w.district.post(PATH, post_in(&w.owners, "member", 1)).await.refused(409, "appointments.post_taken");
    for no in 2..=5 {
        w.seat(&w.owners, "member", no).await;
    }
    w.district.post(PATH, post_in(&w.owners, "chair", 1)).await.refused(422, "appointments.seats_exceeded");
    let close = format!("{PATH}/{}/close", first.id);
    let body = json!({ "on": "2024-01-15", "reason": "机构调整" });
    let closed: PostOut = w.district.post(&close, body.clone()).await.expect(200).json();
    assert_eq!(closed.closed_on.map(|day| day.to_string()).as_deref(), Some("2024-01-15"));
    w.district.post(&close, body).await.refused(409, "appointments.post_closed");
    w.seat(&w.owners, "member", 1).await;
    let page: PostPage = w.district.get(&format!("{PATH}?organisation_id={}&status=closed", w.owners.id)).await.json();
    assert_eq!(page.items.iter().map(|post| post.id).collect::<Vec<_>>(), [first.id]);
}

#[actix_web::test]
async fn what_a_post_asks_for_is_made_stricter_never_looser() {
    let w = World::new().await;
    let mut body = post_in(&w.residents, "part_time_member", 1);
    for (member, value) in [("needs_party", json!(true)), ("routes", json!(["co_opted"])), ("max_term_years", json!(2))]
    {
        body[member] = value;
    }
    let post: PostOut = made(w.district.post(PATH, body).await);
    assert_eq!((post.needs_party, post.routes, post.max_term_years), (true, json!(["co_opted"]), 2));
    let mut loose = post_in(&w.owners, "member", 1);
    loose["needs_owner"] = json!(false);
    loose["single_holder"] = json!(false);
    let post: PostOut = made(w.district.post(PATH, loose).await);
    assert!(post.needs_owner && post.single_holder, "a seat's nature stays");
}

#[actix_web::test]
async fn bad_members_of_a_post_are_named() {
    let w = World::new().await;
    let good = post_in(&w.owners, "member", 1);
    let faults = [
        ("seat_kind", json!("king")),
        ("seat_kind", json!("staff")),
        ("seat_no", json!(0)),
        ("title", json!(" ")),
        ("routes", json!(["assigned"])),
        ("routes", json!([])),
        ("max_term_years", json!(6)),
        ("area_code", json!(TONGDEXIANG)),
        ("area_code", json!("620902005003-0099")),
        ("duty", json!("spy")),
        ("opened_on", json!("2024-01-16")),
        ("phone", json!("13800000000")),
    ];
    for (member, value) in faults {
        if member == "area_code" && value == json!("620902005003-0099") {
            // Outside the organisation's own compound.
            let mut body = good.clone();
            body[member] = value;
            w.district.post(PATH, body).await.refused(422, "appointments.seat_area");
            continue;
        }
        refused_at(&w.district, PATH, &good, &[(member, value)]).await;
    }
    let mut assessor = post_in(&w.residents, "staff", 3);
    assessor["duty"] = json!("assessment");
    w.district.post(PATH, assessor.clone()).await.refused(422, "appointments.regarding");
    assessor["regarding_id"] = json!(w.company.id);
    made::<PostOut>(w.district.post(PATH, assessor).await);
    let mut head = post_in(&w.residents, "building_head", 1);
    w.district.post(PATH, head.clone()).await.refused(422, "appointments.seat_area");
    head["area_code"] = json!(w.v.home.building.area_code);
    made::<PostOut>(w.district.post(PATH, head).await);
}

/// A role comes with a post, so nobody opens a post whose role they could not have handed on.
#[actix_web::test]
async fn nobody_opens_a_post_beyond_their_own_rank_or_organisation() {
    let w = World::new().await;
    let committee =
        crate::organisations::party_org(&w.district, "community_committee", "同德巷社区党委", TONGDEXIANG).await;
    let secretary = post_in(&committee, "secretary", 1);
    w.v.worker.post(PATH, secretary.clone()).await.refused(403, "appointments.role_beyond_own");
    made::<PostOut>(w.v.secretary.post(PATH, secretary).await);
    // A company's administrator acts for the own company only.
    let stranger = w.app().actor(Role::CompanyAdmin, DISTRICT).await;
    stranger.post(PATH, post_in(&w.company, "staff", 1)).await.refused(403, "appointments.not_your_organisation");
    stranger.post(PATH, post_in(&w.residents, "staff", 1)).await.refused(403, "appointments.not_your_organisation");
    let resident = w.app().actor(Role::Resident, TONGDEXIANG).await;
    resident.post(PATH, post_in(&w.residents, "staff", 1)).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn who_holds_a_closed_post_leaves_it_that_day() {
    let w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let (_, waiting) = w.somebody("测试·候任", false).await;
    let post = w.seat(&w.residents, "part_time_member", 1).await;
    let pending: AppointmentOut =
        made(w.district.post(APPOINTMENTS, super::appointment_in(&waiting, &post, "co_opted")).await);
    let close = |id| format!("{PATH}/{id}/close");
    let body = json!({ "on": "2024-01-15", "reason": "机构调整" });
    w.v.secretary.post(&close(base.post_id), body.clone()).await.expect(200);
    w.v.secretary.post(&close(post.id), body).await.expect(200);
    let (held, pending) = (w.get(base.id).await, w.get(pending.id).await);
    assert_eq!((held.state, held.end_reason), (AppointmentState::Ended, Some(AppointmentEndReason::PostClosed)));
    assert_eq!(pending.state, AppointmentState::Rejected);
    assert_eq!(w.roles(&deputy).await, [""; 0]);
}

#[actix_web::test]
async fn posts_of_other_areas_do_not_exist() {
    let w = World::new().await;
    let post = w.seat(&w.owners, "member", 1).await;
    for outsider in outsiders(w.app()).await {
        outsider.get(&format!("{PATH}/{}", post.id)).await.refused(404, "not_found");
        let body = json!({ "on": "2024-01-15", "reason": "机构调整" });
        outsider.post(&format!("{PATH}/{}/close", post.id), body).await.refused(404, "not_found");
        outsider.post(PATH, post_in(&w.owners, "member", 2)).await.refused(404, "not_found");
        let page: PostPage = outsider.get(PATH).await.expect(200).json();
        assert!(page.items.is_empty());
    }
}
