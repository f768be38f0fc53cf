//! Residencies: two evidences make an owner, one a tenant; the role comes and goes with them.

use platform::auth::Role;
use registry::territory::dto::CompoundId;
use roster::people::{PersonId, ResidencyId};
use serde_json::{Value, json};

use super::{check, confirm, end, id, person, person_in, resident, step, village};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, TestApp};
use crate::territory::{CANGHOU, day, outsiders};

/// The standing grants of an account, as their holder reads them.
async fn roles(client: &Client) -> Vec<(String, String)> {
    let me = client.get("/v1/me").await.expect(200).value();
    let grants = me["grants"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    grants.iter().filter(|g| g["role"] != "volunteer").map(|g| (text(&g["role"]), text(&g["area_code"]))).collect()
}

async fn owns(app: &TestApp, person: &Value, compound: CompoundId, on: &str) -> bool {
    let (person, on) = (PersonId(id(person).parse().unwrap()), day(on));
    let owns = app.app.db.read(move |c| roster::people::owns_in_compound(c, person, compound, on));
    owns.await.expect("an answer")
}

async fn lives(app: &TestApp, person: &Value, area: &str, on: &str) -> bool {
    let (person, area, on) = (PersonId(id(person).parse().unwrap()), area.to_owned(), day(on));
    let lives = app.app.db.read(move |c| roster::people::lives_in(c, person, &area, on));
    lives.await.expect("an answer")
}

#[actix_web::test]
async fn an_owner_is_verified_by_two_people_and_gets_the_role() {
    let v = village().await;
    let (owner, row) = v.member("测试·张明", person_in("")).await;
    let filed = v.file(&row, "owner").await;
    assert_eq!((&filed["status"], &filed["self_claimed"]), (&json!("applied"), &json!(false)));
    assert!(!owns(&v.app, &row, v.home.compound.id, "2024-01-15").await, "a claim makes no owner");

    let checked = check(&v.worker, &filed).await.expect(200).value();
    assert_eq!((&checked["status"], &checked["checked_as"]), (&json!("applied"), &json!("community")));
    confirm(&v.worker, &filed).await.refused(403, "people.same_confirmer");
    check(&v.secretary, &filed).await.refused(409, "people.evidence_given");
    assert_eq!(roles(&owner).await, []);
    let chair = v.app.actor(Role::OcChair, &v.home.compound.area_code).await;
    let verified = confirm(&chair, &filed).await.expect(200).value();
    assert_eq!((&verified["status"], &verified["confirmed_as"]), (&json!("verified"), &json!("owners_committee")));
    assert_eq!(roles(&owner).await, [("owner".to_owned(), v.home.room.area_code.clone())]);
    assert!(owns(&v.app, &row, v.home.compound.id, "2024-01-15").await);
    assert!(!owns(&v.app, &row, v.home.compound.id, "2020-05-31").await, "not before it began");
    assert!(lives(&v.app, &row, &v.home.unit.area_code, "2024-01-15").await);

    end(&v.worker, &filed, "2020-05-31", "sold").await.refused(422, "people.ends_too_early");
    end(&v.worker, &filed, "2024-01-16", "sold").await.refused(422, "people.in_the_future");
    let ended = end(&v.worker, &filed, "2024-01-10", "sold").await.expect(200).value();
    assert_eq!((&ended["status"], &ended["ended_on"]), (&json!("ended"), &json!("2024-01-10")));
    assert_eq!(roles(&owner).await, [], "the role goes with the residency");
    assert!(owns(&v.app, &row, v.home.compound.id, "2024-01-09").await);
    assert!(!owns(&v.app, &row, v.home.compound.id, "2024-01-10").await);
    end(&v.worker, &filed, "2024-01-10", "sold").await.refused(409, "people.residency_not_open");
    let history = v.worker.get(&format!("/v1/residencies/{}/history", id(&filed))).await.expect(200).value();
    let last = &history["items"][3];
    assert_eq!((&last["event"], &last["data"]["person_id"]), (&json!("residency.ended"), &row["id"]));
    assert_eq!(last["data"]["compound_id"], json!(v.home.compound.id));
}

#[actix_web::test]
async fn a_tenant_is_no_owner() {
    let v = village().await;
    let (tenant, row) = v.member("测试·李华", person_in("")).await;
    v.settle(&row, "tenant").await;
    assert_eq!(roles(&tenant).await, [("resident".to_owned(), v.home.room.area_code.clone())]);
    assert!(!owns(&v.app, &row, v.home.compound.id, "2024-01-15").await);
    assert!(lives(&v.app, &row, &v.home.compound.area_code, "2024-01-15").await);
    assert!(!lives(&v.app, &row, "620902005003-0009", "2024-01-15").await);
}

#[actix_web::test]
async fn nobody_verifies_themselves_and_the_committee_alone_makes_no_owner() {
    let v = village().await;
    // The worker lives here as well, and claims by themselves.
    let body = json!({ "room_code": v.home.room.area_code, "kind": "owner", "since": "2020-06-01", "name": "测试·社工",
        "phone": "19909375678" });
    let claim = v.worker.post("/v1/me/residencies", body).await.expect(201).value();
    assert_eq!(claim["self_claimed"], true);
    check(&v.worker, &claim).await.refused(403, "people.own_claim");
    confirm(&v.worker, &claim).await.refused(403, "people.own_claim");
    step(&v.worker, &claim, "reject", json!({ "reason": "x" })).await.refused(403, "people.own_claim");
    let chairs = [
        v.app.actor(Role::OcChair, &v.home.compound.area_code).await,
        v.app.actor(Role::OcChair, &v.home.compound.area_code).await,
    ];
    check(&chairs[0], &claim).await.expect(200);
    confirm(&chairs[1], &claim).await.refused(422, "people.community_missing");
    assert_eq!(confirm(&v.secretary, &claim).await.expect(200).value()["status"], "verified");
}

#[actix_web::test]
async fn what_does_not_prove_it_is_refused() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    let body = |kind: &str, since: &str, document: &str| {
        json!({ "person_id": id(&row), "room_id": v.home.room.id, "kind": kind, "since": since,
            "document": { "kind": document, "reference": "001" } })
    };
    let path = "/v1/residencies";
    v.worker.post(path, body("owner", "2020-06-01", "lease")).await.refused(422, "people.document_unfit");
    v.worker.post(path, body("owner", "2024-01-16", "deed")).await.refused(422, "people.in_the_future");
    v.worker.post(path, body("owner", "1900-01-01", "deed")).await.refused(422, "invalid");
    let filed = v.worker.post(path, body("owner", "2020-06-01", "deed")).await.expect(201).value();
    assert_eq!(filed["document_ref"], "001");
    v.worker.post(path, body("owner", "2020-06-01", "deed")).await.refused(409, "people.residency_open");
    let unfit = json!({ "kind": "lease", "reference": "租 001" });
    step(&v.worker, &filed, "check-document", unfit).await.refused(422, "people.document_unfit");
    let stale = [("If-Match", "\"v7\"")];
    let confirming = format!("/v1/residencies/{}/confirm", id(&filed));
    v.worker.post_with(&confirming, &stale, json!({ "note": "x" })).await.refused(412, "version_stale");
    v.worker.post(&confirming, json!({ "note": "x" })).await.refused(428, "version_required");
}

#[actix_web::test]
async fn a_rejected_claim_has_its_reason_and_can_be_made_again() {
    let v = village().await;
    let client = resident(&v.app).await;
    let claim = json!({ "room_code": v.home.room.area_code, "kind": "tenant", "since": "2023-06-01",
        "document": { "kind": "lease", "reference": "租 2023-01" } });
    client.post("/v1/me/residencies", claim.clone()).await.refused(422, "people.name_needed");
    let mut first = claim.clone();
    (first["name"], first["phone"]) = (json!("测试·租户"), json!("19909370009"));
    let filed = client.post("/v1/me/residencies", first.clone()).await.expect(201).value();
    assert_eq!(filed["phone_masked"], "199****0009");
    client.post("/v1/me/residencies", first).await.refused(422, "people.has_record");
    client.post("/v1/me/residencies", claim.clone()).await.refused(409, "people.residency_open");
    step(&v.worker, &filed, "reject", json!({ "reason": "材料与登记不符" })).await.expect(200);
    let mine = client.get("/v1/me/residencies").await.expect(200).value();
    assert_eq!(
        (&mine["items"][0]["status"], &mine["items"][0]["reject_reason"]),
        (&json!("rejected"), &json!("材料与登记不符"))
    );
    confirm(&v.worker, &filed).await.refused(409, "people.residency_decided");
    let again = client.post("/v1/me/residencies", claim).await.expect(201).value();
    let withdrawing = format!("/v1/me/residencies/{}/withdraw", id(&again));
    assert_eq!(client.post(&withdrawing, json!({})).await.expect(200).value()["status"], "withdrawn");
    client.post(&withdrawing, json!({})).await.refused(409, "people.residency_decided");
    let stranger = resident(&v.app).await;
    stranger.post(&withdrawing, json!({})).await.refused(404, "people.no_record");
}

#[actix_web::test]
async fn a_claim_names_a_room_that_is_there_and_five_may_wait() {
    let v = village().await;
    let client = resident(&v.app).await;
    let claim = |room: &str| json!({ "room_code": room, "kind": "family", "since": "2023-06-01", "name": "测试·家属" });
    for room in ["620902005003-0001-001-01-0009", "620902005003-0001", ""] {
        client.post("/v1/me/residencies", claim(room)).await.refused(422, "people.room_unknown");
    }
    let mut body = claim(&v.home.room.area_code);
    client.post("/v1/me/residencies", body.clone()).await.expect(201);
    body.as_object_mut().unwrap().remove("name");
    for no in 102..106 {
        let other = crate::territory::room(&v.worker, &v.home.unit, &no.to_string()).await;
        body["room_code"] = json!(other.area_code);
        client.post("/v1/me/residencies", body.clone()).await.expect(201);
    }
    body["kind"] = json!("tenant");
    client.post("/v1/me/residencies", body).await.refused(409, "people.too_many_claims");
}

#[actix_web::test]
async fn a_resident_sees_only_their_own_residency() {
    let v = village().await;
    let (one, person_one) = v.member("测试·张明", person_in("")).await;
    let (two, person_two) = v.member("测试·李华", json!({ "area_code": TONGDEXIANG })).await;
    v.settle(&person_one, "owner").await;
    v.settle(&person_two, "tenant").await;
    for (client, person, kind) in [(&one, &person_one, "owner"), (&two, &person_two, "tenant")] {
        let mine = client.get("/v1/me/residencies").await.expect(200).value();
        assert_eq!(mine["items"].as_array().map(Vec::len), Some(1));
        assert_eq!((&mine["items"][0]["person_id"], &mine["items"][0]["kind"]), (&person["id"], &json!(kind)));
    }
    let owner = v.app.actor(Role::Owner, &v.home.room.area_code).await;
    for path in ["/v1/residencies".to_owned(), format!("/v1/rooms/{}/household", v.home.room.id), "/v1/persons".into()]
    {
        owner.get(&path).await.refused(403, "forbidden");
    }
}

#[actix_web::test]
async fn the_household_is_who_is_verified_owners_first_and_masked() {
    let v = village().await;
    let tenant =
        person(&v.worker, json!({ "area_code": TONGDEXIANG, "name": "测试·租户", "phone": "19909370002" })).await;
    let owner = person(&v.worker, person_in("测试·业主")).await;
    let waiting = person(&v.worker, person_in("测试·待核")).await;
    v.settle(&tenant, "tenant").await;
    v.settle(&owner, "owner").await;
    v.file(&waiting, "family").await;
    let path = format!("/v1/rooms/{}/household", v.home.room.id);
    let out = v.worker.get(&path).await.expect(200).value();
    let members: Vec<(&str, &str, &str)> = out["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["name"].as_str().unwrap(), m["kind"].as_str().unwrap(), m["phone_masked"].as_str().unwrap()))
        .collect();
    assert_eq!(members, [("测试·业主", "owner", "199****1234"), ("测试·租户", "tenant", "199****0002")]);
    for outsider in outsiders(&v.app).await {
        outsider.get(&path).await.refused(404, "not_found");
    }
    let listed = v.worker.get("/v1/residencies?status=applied").await.expect(200).value();
    assert_eq!(listed["items"][0]["person_name"], "测试·待核");
    let of_one = v.worker.get(&format!("/v1/residencies?person_id={}&include=total", id(&owner))).await.value();
    assert_eq!(of_one["total"], 1);
}

/// Two residencies of one person in one room bring one grant, which stands until the last of them ends.
#[actix_web::test]
async fn one_role_stands_as_long_as_one_residency_brings_it() {
    let v = village().await;
    let (client, row) = v.member("测试·张明", person_in("")).await;
    let owner = v.settle(&row, "owner").await;
    let co_owner = v.settle(&row, "co_owner").await;
    assert_eq!(roles(&client).await.len(), 1);
    end(&v.worker, &owner, "2024-01-10", "mistaken").await.expect(200);
    assert_eq!(roles(&client).await.len(), 1, "the other residency still brings it");
    end(&v.worker, &co_owner, "2024-01-10", "sold").await.expect(200);
    assert_eq!(roles(&client).await, []);
}

#[actix_web::test]
async fn the_role_follows_the_account() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    v.settle(&row, "owner").await;
    let (one, two) = (resident(&v.app).await, resident(&v.app).await);
    let path = format!("/v1/persons/{}", id(&row));
    for (client, other) in [(&one, &two), (&two, &one)] {
        v.worker.patch(&path, "*", json!({ "account_id": super::account_of(client).await })).await.expect(200);
        assert_eq!(roles(client).await, [("owner".to_owned(), v.home.room.area_code.clone())]);
        assert_eq!(roles(other).await, []);
    }
    // The record is closed: residency, role and all.
    let close = json!({ "on": "2024-01-12", "reason": "deceased" });
    v.worker.post_with(&format!("{path}/close"), &[("If-Match", "*")], close).await.expect(200);
    assert_eq!(roles(&two).await, []);
    let ended = v.worker.get(&format!("/v1/residencies?person_id={}", id(&row))).await.value();
    assert_eq!((&ended["items"][0]["status"], &ended["items"][0]["end_reason"]), (&json!("ended"), &json!("deceased")));
}

/// Two confirmers at the same time: one of them verifies, the other is told that it is decided or stale.
#[actix_web::test]
async fn of_two_confirmations_at_once_one_counts() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    let filed = v.file(&row, "owner").await;
    let checked = check(&v.worker, &filed).await.expect(200).etag();
    let chair = v.app.actor(Role::OcChair, &v.home.compound.area_code).await;
    let path = format!("/v1/residencies/{}/confirm", id(&filed));
    let headers = [("If-Match", checked.as_str())];
    let replies = futures_util::future::join(
        v.secretary.post_with(&path, &headers, json!({ "note": "走访" })),
        chair.post_with(&path, &headers, json!({ "note": "邻里证明" })),
    )
    .await;
    let mut statuses = [replies.0.status(), replies.1.status()];
    statuses.sort_unstable();
    assert!(statuses[0] == 200 && matches!(statuses[1], 409 | 412), "{statuses:?}");
    let now = v.worker.get(&format!("/v1/residencies/{}", id(&filed))).await.value();
    assert_eq!((&now["status"], &now["version"]), (&json!("verified"), &json!(3)));
}

#[actix_web::test]
async fn outsiders_neither_see_nor_decide() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    let filed = v.file(&row, "owner").await;
    let far = v.app.community_worker(CANGHOU).await;
    far.get(&format!("/v1/residencies/{}", id(&filed))).await.refused(404, "not_found");
    check(&far, &filed).await.refused(404, "not_found");
    confirm(&far, &filed).await.refused(404, "not_found");
    end(&far, &filed, "2024-01-10", "sold").await.refused(404, "not_found");
    let body = json!({ "person_id": id(&row), "room_id": v.home.room.id, "kind": "family", "since": "2020-06-01" });
    far.post("/v1/residencies", body).await.refused(404, "not_found");
    assert!(ResidencyId(id(&filed).parse().unwrap()).0.get_version_num() == 7);
}
