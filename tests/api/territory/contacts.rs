//! 包抓/包联

use platform::auth::Role;
use registry::territory::dto::{AssignmentOut, AssignmentPage};
use serde_json::{Value, json};

use super::{CANGHOU, closing, compound, grid, made, outsiders, refused_at, town};
use crate::support::Client;
use crate::support::actors::{STREET, TONGDEXIANG};

const PATH: &str = "/v1/contact-assignments";

fn cadre(target: &str, id: impl serde::Serialize) -> Value {
    json!({ "kind": "cadre", target: id, "assignee": "测试·包联干部", "title": "社区干部", "valid_from": "2024-01-01",
        "valid_to": "2024-12-31", "hard_spot": true })
}

async fn assignees(who: &Client, query: &str) -> Vec<String> {
    let page: AssignmentPage = who.get(&format!("{PATH}?{query}")).await.expect(200).json();
    page.items.into_iter().map(|row| row.assignee).collect()
}

#[actix_web::test]
async fn somebody_answers_for_a_grid_or_a_compound_until_it_ends() {
    let app = town().await;
    let street = app.street().await;
    let (grid, compound) = (grid(&street, TONGDEXIANG, 1).await, compound(&street, TONGDEXIANG, "康盛花园").await);
    let reply = street.post(PATH, cadre("grid_id", grid.id)).await.expect(201);
    let row: AssignmentOut = reply.json();
    assert_eq!(reply.header("location"), Some(format!("{PATH}/{}", row.id)));
    assert_eq!((row.area_code.as_str(), row.hard_spot, row.compound_id), (grid.code.as_str(), true, None));
    let other: AssignmentOut = made(street.post(PATH, cadre("compound_id", compound.id)).await);
    assert_eq!(other.area_code, compound.area_code);
    assert_eq!(street.get(&format!("{PATH}/{}", row.id)).await.value(), reply.value());

    let end = format!("{PATH}/{}/end", row.id);
    street.post(&end, closing("2023-12-31")).await.refused(422, "territory.closed_too_early");
    street.post(&end, closing("2024-01-16")).await.refused(422, "territory.in_the_future");
    let ended: AssignmentOut = street.post(&end, closing("2024-01-10")).await.expect(200).json();
    assert_eq!((ended.ended_on.map(|day| day.to_string()).as_deref(), ended.version), (Some("2024-01-10"), 2));
    street.post(&end, closing("2024-01-10")).await.refused(409, "territory.already_closed");
}

#[actix_web::test]
async fn an_assignment_that_stands_is_corrected() {
    let app = town().await;
    let street = app.street().await;
    let grid = grid(&street, TONGDEXIANG, 1).await;
    let row: AssignmentOut = made(street.post(PATH, cadre("grid_id", grid.id)).await);
    let path = format!("{PATH}/{}", row.id);
    let patch = json!({ "assignee": "测试·包联干部乙", "title": null, "hard_spot": false, "valid_to": "2024-06-30" });
    let out: AssignmentOut = street.patch(&path, "\"v1\"", patch.clone()).await.expect(200).json();
    assert_eq!((out.assignee.as_str(), out.title.as_deref(), out.hard_spot), ("测试·包联干部乙", None, false));
    assert_eq!((out.valid_to.map(|day| day.to_string()).as_deref(), out.version), (Some("2024-06-30"), 2));
    street.patch(&path, "\"v1\"", patch.clone()).await.refused(412, "version_stale");
    let early = street.patch(&path, "*", json!({ "valid_to": "2023-12-31" })).await;
    assert_eq!(early.refused(422, "territory.period").errors[0].pointer.as_deref(), Some("#/valid_to"));
    // A leader's assignment is the district's; another community's is nobody's here.
    let district = app.district().await;
    let mut leader = cadre("grid_id", grid.id);
    leader["kind"] = json!("leader");
    let leader: AssignmentOut = made(district.post(PATH, leader).await);
    let refused = street.patch(&format!("{PATH}/{}", leader.id), "*", json!({ "hard_spot": true })).await;
    assert_eq!(refused.status(), 403, "{}", refused.text());
    let elsewhere = app.actor(Role::CommunitySecretary, CANGHOU).await;
    elsewhere.patch(&path, "*", patch.clone()).await.refused(404, "not_found");
    street.post(&format!("{path}/end"), closing("2024-01-10")).await.expect(200);
    street.patch(&path, "*", patch).await.refused(409, "territory.already_closed");
}

#[actix_web::test]
async fn leaders_and_departments_are_the_districts_to_assign() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    let secretary = app.actor(Role::CommunitySecretary, TONGDEXIANG).await;
    let grid = grid(&street, TONGDEXIANG, 1).await;
    for kind in ["leader", "department"] {
        let mut body = cadre("grid_id", grid.id);
        body["kind"] = json!(kind);
        for who in [&street, &secretary] {
            who.post(PATH, body.clone()).await.refused(403, "territory.leader_by_district");
        }
        let row: AssignmentOut = made(district.post(PATH, body).await);
        let end = format!("{PATH}/{}/end", row.id);
        street.post(&end, closing("2024-01-10")).await.refused(403, "territory.leader_by_district");
        district.post(&end, closing("2024-01-10")).await.expect(200);
    }
    for kind in ["cadre", "instructor"] {
        let mut body = cadre("grid_id", grid.id);
        body["kind"] = json!(kind);
        made::<AssignmentOut>(secretary.post(PATH, body).await);
    }
    // A coordinator of another district and street officer here is no coordinator here.
    let both = app.actor_with(&[(Role::DistrictCoord, "130402"), (Role::StreetOfficer, STREET)]).await;
    let mut body = cadre("grid_id", grid.id);
    body["kind"] = json!("leader");
    both.post(PATH, body).await.refused(403, "territory.leader_by_district");
    assert_eq!(assignees(&street, "kind=leader").await, [""; 0], "a refusal leaves nothing");
}

#[actix_web::test]
async fn nobody_answers_for_one_place_twice() {
    let app = town().await;
    let street = app.street().await;
    let (first, second) = (grid(&street, TONGDEXIANG, 1).await, grid(&street, TONGDEXIANG, 2).await);
    let row: AssignmentOut = made(street.post(PATH, cadre("grid_id", first.id)).await);
    street.post(PATH, cadre("grid_id", first.id)).await.refused(409, "territory.assignment_taken");
    made::<AssignmentOut>(street.post(PATH, cadre("grid_id", second.id)).await);
    street.post(&format!("{PATH}/{}/end", row.id), closing("2024-01-10")).await.expect(200);
    made::<AssignmentOut>(street.post(PATH, cadre("grid_id", first.id)).await);
}

#[actix_web::test]
async fn bad_members_of_an_assignment_are_named() {
    let app = town().await;
    let street = app.street().await;
    let (grid, compound) = (grid(&street, TONGDEXIANG, 1).await, compound(&street, TONGDEXIANG, "康盛花园").await);
    let good = cadre("grid_id", grid.id);
    let faults = [
        ("kind", json!("friend")),
        ("assignee", json!("")),
        ("assignee", json!(" ")),
        ("assignee", json!("长".repeat(41))),
        ("title", json!("长".repeat(61))),
        ("account_id", json!("me")),
        ("valid_from", json!("2024")),
        ("valid_to", json!("2023-12-31")),
        ("phone", json!("13800000000")),
    ];
    refused_at(&street, PATH, &good, &faults).await;
    let mut both = good.clone();
    both["compound_id"] = json!(compound.id);
    street.post(PATH, both).await.refused(422, "territory.one_target");
    let mut neither = good;
    neither.as_object_mut().expect("an object").remove("grid_id");
    street.post(PATH, neither).await.refused(422, "territory.one_target");
    street.post(PATH, cadre("grid_id", uuid::Uuid::nil())).await.refused(404, "not_found");
}

#[actix_web::test]
async fn nobody_is_assigned_to_what_is_closed() {
    let app = town().await;
    let street = app.street().await;
    let (grid, compound) = (grid(&street, TONGDEXIANG, 1).await, compound(&street, TONGDEXIANG, "康盛花园").await);
    street.post(&format!("/v1/grids/{}/close", grid.id), closing("2024-01-10")).await.expect(200);
    street.post(&format!("/v1/compounds/{}/close", compound.id), closing("2024-01-10")).await.expect(200);
    street.post(PATH, cadre("grid_id", grid.id)).await.refused(409, "territory.already_closed");
    street.post(PATH, cadre("compound_id", compound.id)).await.refused(409, "territory.already_closed");
}

#[actix_web::test]
async fn assignments_of_other_areas_do_not_exist() {
    let app = town().await;
    let street = app.street().await;
    let grid = grid(&street, TONGDEXIANG, 1).await;
    let row: AssignmentOut = made(street.post(PATH, cadre("grid_id", grid.id)).await);
    let neighbour = app.actor(Role::CommunitySecretary, CANGHOU).await;
    let [east, stranger] = outsiders(&app).await;
    for who in [&neighbour, &east, &stranger] {
        who.get(&format!("{PATH}/{}", row.id)).await.refused(404, "not_found");
        who.post(&format!("{PATH}/{}/end", row.id), closing("2024-01-10")).await.refused(404, "not_found");
        who.post(PATH, cadre("grid_id", grid.id)).await.refused(404, "not_found");
        assert_eq!(assignees(who, "status=all").await, [""; 0]);
    }
}

#[actix_web::test]
async fn assignments_are_filtered_by_kind_spot_and_period() {
    let app = town().await;
    let street = app.street().await;
    let grid = grid(&street, TONGDEXIANG, 1).await;
    let with = |assignee: &str, member: &str, value: Value| {
        let mut body = cadre("grid_id", grid.id);
        body["assignee"] = json!(assignee);
        body[member] = value;
        body
    };
    for body in [
        with("末日", "valid_to", json!("2024-01-15")),
        with("指导", "kind", json!("instructor")),
        with("易点", "hard_spot", json!(false)),
    ] {
        made::<AssignmentOut>(street.post(PATH, body).await);
    }
    assert_eq!(assignees(&street, "").await, ["末日", "指导", "易点"]);
    assert_eq!(assignees(&street, "kind=instructor").await, ["指导"]);
    assert_eq!(assignees(&street, "hard_spot=false").await, ["易点"]);
    assert_eq!(assignees(&street, &format!("area={}", grid.code)).await.len(), 3);
    let page: AssignmentPage = street.get(&format!("{PATH}?limit=2&include=total")).await.json();
    assert_eq!((page.items.len(), page.total), (2, Some(3)));
    let cursor = page.next_cursor.expect("a next page");
    assert_eq!(assignees(&street, &format!("limit=2&cursor={cursor}")).await, ["易点"]);
    app.clock.advance(chrono::Duration::days(1));
    let street = app.street().await;
    assert_eq!(assignees(&street, "").await, ["指导", "易点"], "a period that has run out is over");
    assert_eq!(assignees(&street, "status=closed").await, ["末日"]);
}

#[actix_web::test]
async fn an_assignment_names_an_account_that_exists_and_ends_with_its_place() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    let (grid, compound) = (grid(&street, TONGDEXIANG, 1).await, compound(&street, TONGDEXIANG, "康盛花园").await);
    let mut body = cadre("grid_id", grid.id);
    body["account_id"] = json!("019b0000-0000-7000-8000-00000000dead");
    let problem = street.post(PATH, body.clone()).await.refused(422, "territory.account_unknown");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/account_id"));
    body["account_id"] = district.get("/v1/me").await.value()["account"]["id"].clone();
    let of_grid: AssignmentOut = made(street.post(PATH, body).await);
    let of_compound: AssignmentOut = made(street.post(PATH, cadre("compound_id", compound.id)).await);

    street.post(&format!("/v1/grids/{}/close", grid.id), closing("2024-01-10")).await.expect(200);
    street.post(&format!("/v1/compounds/{}/close", compound.id), closing("2024-01-12")).await.expect(200);
    for (id, on) in [(of_grid.id, "2024-01-10"), (of_compound.id, "2024-01-12")] {
        let ended: AssignmentOut = street.get(&format!("{PATH}/{id}")).await.expect(200).json();
        assert_eq!((ended.ended_on.map(|day| day.to_string()).as_deref(), ended.version), (Some(on), 2));
    }
}
