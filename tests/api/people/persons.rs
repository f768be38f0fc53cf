//! Registering, reading, changing and closing persons.

use platform::auth::Role;
use serde_json::{Value, json};

use super::{MASKED, PHONE, account_of, id, person, person_in, resident, village};
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::territory::{CANGHOU, outsiders, refused_at};

#[actix_web::test]
async fn a_person_is_registered_masked_changed_and_closed() {
    let v = village().await;
    let mut body = person_in("测试·张明");
    body["party_status"] = json!("formal");
    body["birth_year"] = json!(1968);
    let reply = v.worker.post("/v1/persons", body).await.expect(201);
    let row = reply.value();
    assert_eq!(reply.header("location"), Some(format!("/v1/persons/{}", id(&row))));
    assert_eq!((&row["view"], &row["phone_masked"], &row["version"]), (&json!("staff"), &json!(MASKED), &json!(1)));
    assert_eq!(
        (&row["party_status"], &row["veteran"], &row["skills"]),
        (&json!("formal"), &json!(false), &json!(["水电维修"]))
    );

    let path = format!("/v1/persons/{}", id(&row));
    let patch = json!({ "name": "测试·张明远", "phone": "0937-2612345", "veteran": true, "birth_year": null });
    let changed = v.worker.patch(&path, &reply.etag(), patch).await.expect(200).value();
    assert_eq!((&changed["phone_masked"], &changed["veteran"]), (&json!("0937-****345"), &json!(true)));
    assert_eq!((&changed["name"], &changed["birth_year"]), (&json!("测试·张明远"), &Value::Null));
    v.worker.patch(&path, &reply.etag(), json!({ "name": "晚了" })).await.refused(412, "version_stale");
    let same = v.worker.patch(&path, "\"v2\"", json!({ "name": "测试·张明远" })).await.expect(200).value();
    assert_eq!(same["version"], 2, "what changes nothing makes no version");

    let close = json!({ "on": "2024-01-10", "reason": "moved_away" });
    let closing = format!("{path}/close");
    v.worker.post_with(&closing, &[("If-Match", "\"v1\"")], close.clone()).await.refused(412, "version_stale");
    let closed = v.worker.post_with(&closing, &[("If-Match", "\"v2\"")], close.clone()).await.expect(200).value();
    assert_eq!((&closed["closed_on"], &closed["close_reason"]), (&json!("2024-01-10"), &json!("moved_away")));
    v.worker.post_with(&closing, &[("If-Match", "*")], close).await.refused(409, "people.closed");
    v.worker.patch(&path, "*", json!({ "name": "不行" })).await.refused(409, "people.closed");
    let events = v.worker.get(&format!("{path}/history")).await.expect(200).value();
    let names: Vec<&str> = events["items"].as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["person.created", "person.changed", "person.closed"]);
    assert_eq!(events["items"][1]["data"]["fields"], json!(["name", "birth_year", "phone", "attributes"]));
}

#[actix_web::test]
async fn bad_members_are_named() {
    let v = village().await;
    let faults = [
        ("phone", json!("12345")),
        ("phone", json!("22909371234")),
        ("name", json!(" ")),
        ("birth_year", json!(2025)),
        ("skills", json!(["", "开锁"])),
        ("skills", json!(["开锁", "开锁"])),
        ("area_code", json!("620902005003001")),
        ("area_code", json!("620902005003-0009")),
        ("account_id", json!("019b0000-0000-7000-8000-00000000dead")),
    ];
    refused_at(&v.worker, "/v1/persons", &person_in("测试·张明"), &faults).await;
    let mut elsewhere = person_in("测试·张明");
    elsewhere["area_code"] = json!(CANGHOU);
    v.worker.post("/v1/persons", elsewhere).await.refused(404, "not_found");
}

#[actix_web::test]
async fn the_same_name_and_number_twice_in_one_place_is_one_person() {
    let v = village().await;
    person(&v.worker, person_in("测试·张明")).await;
    let mut typed_otherwise = person_in("测试 张明");
    typed_otherwise["phone"] = json!("+86 199-0937-1234");
    v.worker.post("/v1/persons", typed_otherwise).await.refused(409, "people.already_registered");
    let other = person(&v.worker, person_in("测试·张亮")).await;
    let path = format!("/v1/persons/{}", id(&other));
    v.worker.patch(&path, "*", json!({ "name": "测试·张明" })).await.refused(409, "people.already_registered");
    let still = v.worker.get(&path).await.value();
    assert_eq!((&still["name"], &still["version"]), (&json!("测试·张亮"), &json!(1)));
}

#[actix_web::test]
async fn restricted_attributes_are_for_the_staff_of_the_persons_area() {
    let v = village().await;
    let mut body = person_in("测试·张明");
    (body["party_status"], body["veteran"]) = (json!("probationary"), json!(true));
    let row = person(&v.worker, body).await;
    let path = format!("/v1/persons/{}", id(&row));
    for (role, area) in [
        (Role::CommunitySecretary, TONGDEXIANG),
        (Role::StreetOfficer, STREET),
        (Role::DistrictCoord, DISTRICT),
        (Role::IndustryParty, DISTRICT),
    ] {
        let seen = v.app.actor(role, area).await.get(&path).await.expect(200).value();
        assert_eq!((&seen["view"], &seen["party_status"]), (&json!("staff"), &json!("probationary")), "{role}");
    }
    for (role, area) in [(Role::BranchOfficer, TONGDEXIANG), (Role::OcChair, TONGDEXIANG), (Role::Auditor, DISTRICT)] {
        let reader = v.app.actor(role, area).await;
        let seen = reader.get(&path).await.expect(200).value();
        let listed = reader.get("/v1/persons").await.expect(200).value();
        for seen in [&seen, &listed["items"][0]] {
            assert_eq!((&seen["view"], &seen["phone_masked"]), (&json!("general"), &json!(MASKED)), "{role}");
            for member in ["party_status", "veteran", "retired", "cadre", "birth_year", "account_id"] {
                assert!(seen.get(member).is_none(), "{role} reads {member}");
            }
        }
        for filter in ["party_status=probationary", "veteran=true"] {
            let reply = reader.get(&format!("/v1/persons?{filter}")).await;
            reply.refused(403, "people.attributes_restricted");
        }
    }
    let branch = v.app.actor(Role::BranchOfficer, TONGDEXIANG).await;
    for restricted in [json!({ "veteran": false }), json!({ "account_id": null })] {
        branch.patch(&path, "*", restricted).await.refused(403, "people.attributes_restricted");
    }
    let mut body = person_in("测试·李华");
    body["party_status"] = json!("formal");
    branch.post("/v1/persons", body).await.refused(403, "people.attributes_restricted");
    assert_eq!(person(&branch, person_in("测试·李华")).await["view"], "general");
    for role in [Role::PlatformAdmin, Role::Owner, Role::GridWorker, Role::CompanyAdmin] {
        v.app.actor(role, TONGDEXIANG).await.get(&path).await.refused(403, "forbidden");
    }
}

/// Somebody who is staff here and auditor there finds by restricted filters here only.
#[actix_web::test]
async fn restricted_filters_find_only_where_the_attributes_may_be_read() {
    let v = village().await;
    let mut body = person_in("测试·张明");
    body["veteran"] = json!(true);
    person(&v.worker, body.clone()).await;
    let canghou = v.app.community_worker(CANGHOU).await;
    body["area_code"] = json!(CANGHOU);
    person(&canghou, body).await;
    let both = v.app.actor_with(&[(Role::CommunityWorker, CANGHOU), (Role::Auditor, DISTRICT)]).await;
    let all = both.get("/v1/persons?include=total").await.expect(200).value();
    assert_eq!(all["total"], 2);
    let views: Vec<&Value> = all["items"].as_array().unwrap().iter().map(|row| &row["view"]).collect();
    assert_eq!(views, ["general", "staff"]);
    let veterans = both.get("/v1/persons?veteran=true&include=total").await.expect(200).value();
    assert_eq!((&veterans["total"], &veterans["items"][0]["area_code"]), (&json!(1), &json!(CANGHOU)));
}

#[actix_web::test]
async fn persons_are_found_by_name_skill_and_attribute() {
    let v = village().await;
    for (name, skill, status) in
        [("测试·张明", "水电维修", "formal"), ("测试·李华", "开锁", "none"), ("测试·王芳", "水电", "none")]
    {
        let body = json!({ "area_code": TONGDEXIANG, "name": name, "skills": [skill], "party_status": status });
        person(&v.worker, body).await;
    }
    let names = async |query: &str| -> Vec<String> {
        let page = v.worker.get(&format!("/v1/persons?{query}")).await.expect(200).value();
        page["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("q=李").await, ["测试·李华"]);
    assert_eq!(names("q=测试·张").await, ["测试·张明"]);
    assert_eq!(names("skill=水电").await, ["测试·王芳"], "a skill is found whole");
    assert_eq!(names("party_status=formal").await, ["测试·张明"]);
    assert_eq!(names("status=closed").await, [""; 0]);
    assert_eq!(names("q=%").await, [""; 0]);
    let first = v.worker.get("/v1/persons?limit=2").await.expect(200).value();
    let next = first["next_cursor"].as_str().expect("a cursor");
    assert_eq!(names(&format!("limit=2&cursor={next}")).await, ["测试·王芳"]);
}

#[actix_web::test]
async fn an_account_belongs_to_one_person_and_never_to_who_links_it() {
    let v = village().await;
    let account = account_of(&resident(&v.app).await).await;
    let link = |account: &str| json!({ "account_id": account });
    let one = person(&v.worker, person_in("测试·张明")).await;
    let two = person(&v.worker, person_in("测试·李华")).await;
    let (one, two) = (format!("/v1/persons/{}", id(&one)), format!("/v1/persons/{}", id(&two)));
    v.worker.patch(&one, "*", link(&account)).await.expect(200);
    v.worker.patch(&two, "*", link(&account)).await.refused(409, "people.account_taken");
    let own = account_of(&v.worker).await;
    v.worker.patch(&two, "*", link(&own)).await.refused(403, "people.own_record");
    let far = account_of(&v.app.community_worker(CANGHOU).await).await;
    v.worker.patch(&two, "*", link(&far)).await.refused(422, "people.account_unknown");
    v.worker.patch(&one, "*", json!({ "account_id": null })).await.expect(200);
    v.worker.patch(&two, "*", link(&account)).await.expect(200);
}

#[actix_web::test]
async fn outsiders_see_nobody() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    let path = format!("/v1/persons/{}", id(&row));
    for outsider in outsiders(&v.app).await {
        outsider.get(&path).await.refused(404, "not_found");
        outsider.get(&format!("{path}/history")).await.refused(404, "not_found");
        assert_eq!(outsider.get("/v1/persons").await.expect(200).value()["items"], json!([]));
    }
    let far = v.app.community_worker(CANGHOU).await;
    far.patch(&path, "*", json!({ "name": "x" })).await.refused(404, "not_found");
    let reply = far
        .post_with(
            &format!("{path}/close"),
            &[("If-Match", "*")],
            json!({ "on": "2024-01-10", "reason": "moved_away" }),
        )
        .await;
    reply.refused(404, "not_found");
}

/// The number is on the disk sealed, and under another installation's secret it does not open.
#[actix_web::test]
async fn the_number_is_sealed_at_rest() {
    use diesel::prelude::*;
    use roster::schema::persons;
    let v = village().await;
    person(&v.worker, person_in("测试·张明")).await;
    type Stored = (Option<Vec<u8>>, Option<String>, Option<String>);
    let (sealed, masked, mark): Stored = v
        .app
        .app
        .db
        .read(|c| {
            Ok(persons::table.select((persons::phone_sealed, persons::phone_masked, persons::phone_mark)).first(c)?)
        })
        .await
        .expect("a row");
    let sealed = sealed.expect("sealed");
    assert!(!sealed.windows(PHONE.len()).any(|part| part == PHONE.as_bytes()));
    assert_eq!(masked.as_deref(), Some(MASKED));
    assert!(mark.is_some_and(|mark| mark.len() == 64 && !mark.contains(PHONE)));
}
