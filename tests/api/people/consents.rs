//! What is published is what its subject has agreed to, field by field, until they take it back (scenario 14).

use platform::auth::Role;
use serde_json::{Value, json};

use super::{PHONE, id, person, person_in, village};
use crate::support::Client;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{CANGHOU, compound, outsiders};

fn consent(area: &str, field: &str) -> Value {
    json!({ "area_code": area, "field": field, "purpose": "便民志愿服务联系" })
}

async fn directory(who: &Client, area: &str) -> Vec<Value> {
    let page = who.get(&format!("/v1/areas/{area}/directory")).await.expect(200).value();
    page["items"].as_array().expect("items").clone()
}

#[actix_web::test]
async fn the_directory_holds_exactly_the_consented_fields_and_forgets_at_once() {
    let v = village().await;
    let (volunteer, row) = v.member("测试·志愿者", person_in("")).await;
    person(&v.worker, person_in("测试·不公开")).await;
    v.settle(&row, "tenant").await;
    let neighbour = v.app.actor(Role::Resident, &v.home.room.area_code).await;
    assert_eq!(directory(&neighbour, TONGDEXIANG).await, [] as [Value; 0], "without consent nothing is published");

    let mut given = Vec::new();
    for (field, entry) in [
        ("skills", json!({ "name": null, "phone": null, "door_no": null, "skills": ["水电维修"] })),
        ("phone", json!({ "name": null, "phone": PHONE, "door_no": null, "skills": ["水电维修"] })),
        ("door_no", json!({ "name": null, "phone": PHONE, "door_no": "1-1-101", "skills": ["水电维修"] })),
        ("name", json!({ "name": "测试·志愿者", "phone": PHONE, "door_no": "1-1-101", "skills": ["水电维修"] })),
    ] {
        given.push(volunteer.post("/v1/me/consents", consent(TONGDEXIANG, field)).await.expect(201).value());
        assert_eq!(directory(&neighbour, TONGDEXIANG).await, [entry]);
    }
    volunteer.post("/v1/me/consents", consent(TONGDEXIANG, "phone")).await.refused(409, "people.consent_given");

    let withdraw = format!("/v1/me/consents/{}/withdraw", id(&given[1]));
    volunteer.post(&withdraw, json!({})).await.expect(200);
    let left = directory(&neighbour, TONGDEXIANG).await;
    assert_eq!((&left[0]["phone"], &left[0]["name"]), (&Value::Null, &json!("测试·志愿者")));
    volunteer.post(&withdraw, json!({})).await.refused(409, "people.consent_withdrawn");
    // For a person who asks for it, staff take back the others.
    for row in [&given[0], &given[2], &given[3]] {
        v.worker.post(&format!("/v1/consents/{}/withdraw", id(row)), json!({})).await.expect(200);
    }
    assert_eq!(directory(&neighbour, TONGDEXIANG).await, [] as [Value; 0]);
    let mine = volunteer.get("/v1/me/consents").await.expect(200).value();
    assert!(mine["items"].as_array().unwrap().iter().all(|consent| !consent["withdrawn_at"].is_null()));
    volunteer.post("/v1/me/consents", consent(TONGDEXIANG, "phone")).await.expect(201);
    assert_eq!(directory(&neighbour, TONGDEXIANG).await[0]["phone"], PHONE);
}

#[actix_web::test]
async fn what_is_published_to_a_compound_is_read_there_only() {
    let v = village().await;
    let (volunteer, row) = v.member("测试·志愿者", person_in("")).await;
    v.settle(&row, "owner").await;
    let own = v.home.compound.area_code.clone();
    volunteer.post("/v1/me/consents", consent(&own, "name")).await.expect(201);
    let other = compound(&v.worker, TONGDEXIANG, "帝豪花园").await.area_code;
    let neighbour = v.app.actor(Role::Resident, &v.home.room.area_code).await;
    let across = v.app.actor(Role::Resident, &format!("{other}-001-01-0001")).await;
    for area in [TONGDEXIANG, own.as_str()] {
        assert_eq!(directory(&neighbour, area).await.len(), 1, "{area}");
        assert_eq!(directory(&across, area).await.len(), 0, "{area}");
        assert_eq!(directory(&v.worker, area).await.len(), 1, "{area}");
    }
    // Both are of the community: what is published to it reaches both.
    volunteer.post("/v1/me/consents", consent(TONGDEXIANG, "skills")).await.expect(201);
    assert_eq!(
        directory(&across, TONGDEXIANG).await[0],
        json!({ "name": null, "phone": null, "door_no": null, "skills": ["水电维修"] })
    );
    let found = neighbour.get(&format!("/v1/areas/{TONGDEXIANG}/directory?skill=水电维修&include=total")).await.value();
    assert_eq!(found["total"], 1);
    let none = neighbour.get(&format!("/v1/areas/{own}/directory?skill=水电维修")).await.value();
    assert_eq!(none["items"], json!([]), "their skills are published to the community, not to the compound");
    for outsider in outsiders(&v.app).await {
        outsider.get(&format!("/v1/areas/{TONGDEXIANG}/directory")).await.refused(404, "not_found");
    }
    neighbour.get(&format!("/v1/areas/{DISTRICT}/directory")).await.refused(404, "not_found");
    v.app
        .actor(Role::PlatformAdmin, "")
        .await
        .get(&format!("/v1/areas/{own}/directory"))
        .await
        .refused(403, "forbidden");
}

#[actix_web::test]
async fn consents_are_for_where_one_lives_and_not_of_children() {
    let v = village().await;
    let (volunteer, _) = v.member("测试·志愿者", person_in("")).await;
    let own = v.home.compound.area_code.clone();
    for area in [CANGHOU, own.as_str(), "620902005", "620902005003001"] {
        volunteer.post("/v1/me/consents", consent(area, "name")).await.refused(422, "people.consent_area");
    }
    let mut child = person_in("测试·小朋友");
    child["birth_year"] = json!(2012);
    let child = person(&v.worker, child).await;
    let mut paper = consent(TONGDEXIANG, "name");
    paper["paper_ref"] = json!("同意书 2024-001");
    let path = format!("/v1/persons/{}/consents", id(&child));
    v.worker.post(&path, paper).await.refused(422, "people.minor");
    let nobody = super::resident(&v.app).await;
    nobody.post("/v1/me/consents", consent(TONGDEXIANG, "name")).await.refused(404, "people.no_record");
}

#[actix_web::test]
async fn staff_record_a_consent_on_paper() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·老党员")).await;
    let path = format!("/v1/persons/{}/consents", id(&row));
    let mut paper = consent(TONGDEXIANG, "phone");
    v.worker.post(&path, paper.clone()).await.refused(422, "invalid");
    paper["paper_ref"] = json!("同意书 2024-003");
    let given = v.worker.post(&path, paper.clone()).await.expect(201).value();
    assert_eq!((&given["paper_ref"], &given["audience"]), (&json!("同意书 2024-003"), &json!("community")));
    assert_eq!(directory(&v.worker, TONGDEXIANG).await[0]["phone"], PHONE);
    let listed = v.worker.get(&path).await.expect(200).value();
    assert_eq!(listed["items"], json!([given]));
    let far = v.app.community_worker(CANGHOU).await;
    far.post(&path, paper).await.refused(404, "not_found");
    far.post(&format!("/v1/consents/{}/withdraw", id(&given)), json!({})).await.refused(404, "not_found");
    // A closed record publishes nothing.
    let close = json!({ "on": "2024-01-10", "reason": "deceased" });
    v.worker.post_with(&format!("/v1/persons/{}/close", id(&row)), &[("If-Match", "*")], close).await.expect(200);
    assert_eq!(directory(&v.worker, TONGDEXIANG).await, [] as [Value; 0]);
}
