//! What is held about me, and what I can ask for (PIPL 44–50).

use platform::auth::Role;
use serde_json::{Value, json};

use super::{PHONE, end, id, person_in, resident, village};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Reply};
use crate::territory::CANGHOU;

async fn ask(who: &Client, kind: &str) -> Reply {
    who.post("/v1/me/data-requests", json!({ "kind": kind, "text": "请处理我的信息" })).await
}

async fn answer(who: &Client, request: &Value, decision: &str) -> Reply {
    let path = format!("/v1/data-requests/{}/answer", id(request));
    who.post_with(&path, &[("If-Match", "*")], json!({ "decision": decision, "reason": "已核实办理" })).await
}

#[actix_web::test]
async fn i_read_everything_that_is_held_about_me() {
    let v = village().await;
    let mut body = person_in("");
    (body["party_status"], body["veteran"]) = (json!("formal"), json!(true));
    let (me, row) = v.member("测试·张明", body).await;
    v.settle(&row, "owner").await;
    let consent = json!({ "area_code": TONGDEXIANG, "field": "name", "purpose": "联系" });
    me.post("/v1/me/consents", consent).await.expect(201);
    let look = json!({ "purpose": "emergency", "note": "漏水" });
    v.worker.post(&format!("/v1/persons/{}/phone/unmask", id(&row)), look).await.expect(200);
    ask(&me, "copy").await.expect(201);
    let reply = me.get("/v1/me/data").await.expect(200);
    assert_eq!(reply.header("cache-control").as_deref(), Some("no-store"));
    let data = reply.value();
    assert_eq!((&data["person"]["phone"], &data["person"]["party_status"]), (&json!(PHONE), &json!("formal")));
    assert_eq!(data["person"]["veteran"], true);
    for (part, count) in [("residencies", 1), ("consents", 1), ("accesses", 1), ("requests", 1), ("checkins", 0)] {
        assert_eq!(data[part].as_array().map(Vec::len), Some(count), "{part}");
    }
    let stranger = resident(&v.app).await;
    stranger.get("/v1/me/data").await.refused(404, "people.no_record");
}

#[actix_web::test]
async fn a_request_is_answered_with_a_reason_that_its_subject_reads() {
    let v = village().await;
    let (me, _) = v.member("测试·张明", person_in("")).await;
    let request = ask(&me, "correction").await.expect(201).value();
    assert_eq!((&request["status"], &request["due_on"]), (&json!("open"), &json!("2024-02-05")));
    ask(&me, "correction").await.refused(409, "people.request_open");
    let listed = v.worker.get("/v1/data-requests?status=open").await.expect(200).value();
    assert_eq!(listed["items"][0]["text"], "请处理我的信息");
    answer(&v.worker, &request, "granted").await.refused(403, "forbidden");
    let far = v.app.actor(Role::CommunitySecretary, CANGHOU).await;
    answer(&far, &request, "granted").await.refused(404, "not_found");
    far.get(&format!("/v1/data-requests/{}", id(&request))).await.refused(404, "not_found");
    let stale = [("If-Match", "\"v9\"")];
    let path = format!("/v1/data-requests/{}/answer", id(&request));
    let body = json!({ "decision": "granted", "reason": "已更正" });
    v.secretary.post_with(&path, &stale, body).await.refused(412, "version_stale");
    answer(&v.secretary, &request, "refused").await.expect(200);
    answer(&v.secretary, &request, "granted").await.refused(409, "people.request_decided");
    let mine = me.get("/v1/me/data-requests").await.expect(200).value();
    assert_eq!((&mine["items"][0]["status"], &mine["items"][0]["reason"]), (&json!("refused"), &json!("已核实办理")));
    let auditor = v.app.actor(Role::Auditor, DISTRICT).await;
    auditor.get(&format!("/v1/data-requests/{}", id(&request))).await.expect(200);
}

#[actix_web::test]
async fn a_granted_deletion_leaves_nothing_but_what_the_law_keeps() {
    let v = village().await;
    let mut body = person_in("");
    (body["party_status"], body["veteran"], body["birth_year"]) = (json!("formal"), json!(true), json!(1968));
    let (me, row) = v.member("测试·张明", body).await;
    let residency = v.settle(&row, "owner").await;
    let consent = json!({ "area_code": TONGDEXIANG, "field": "name", "purpose": "联系" });
    me.post("/v1/me/consents", consent).await.expect(201);
    let request = ask(&me, "deletion").await.expect(201).value();
    answer(&v.secretary, &request, "granted").await.refused(409, "people.still_resident");
    end(&v.worker, &residency, "2024-01-10", "sold").await.expect(200);
    answer(&v.secretary, &request, "granted").await.expect(200);

    let path = format!("/v1/persons/{}", id(&row));
    let gone = v.worker.get(&path).await.expect(200).value();
    assert_eq!(
        (&gone["name"], &gone["phone_masked"], &gone["close_reason"]),
        (&json!("已删除"), &Value::Null, &json!("erased"))
    );
    assert_eq!((&gone["party_status"], &gone["veteran"], &gone["skills"]), (&json!("none"), &json!(false), &json!([])));
    assert_eq!(gone["birth_year"], Value::Null);
    let directory = v.worker.get(&format!("/v1/areas/{TONGDEXIANG}/directory")).await.value();
    assert_eq!(directory["items"], json!([]));
    let kept = v.worker.get(&format!("/v1/residencies?person_id={}", id(&row))).await.expect(200).value();
    assert_eq!(
        (&kept["items"][0]["person_name"], &kept["items"][0]["document_ref"]),
        (&json!("已删除"), &json!("已删除"))
    );
    // They still read the answer, and can begin anew.
    let mine = me.get("/v1/me/data").await.expect(200).value();
    assert_eq!((&mine["requests"][0]["status"], &mine["requests"][0]["text"]), (&json!("granted"), &json!("已删除")));
    assert_eq!(mine["person"]["phone"], Value::Null);
    let history = v.worker.get(&format!("{path}/history")).await.expect(200).value();
    assert_eq!(history["items"][1]["event"], "person.closed");
    ask(&me, "copy").await.refused(409, "people.closed");
    let claim =
        json!({ "room_code": v.home.room.area_code, "kind": "tenant", "since": "2024-01-11", "name": "测试·张明" });
    me.post("/v1/me/residencies", claim).await.expect(201);
    assert_eq!(me.get("/v1/me/data").await.value()["person"]["name"], "测试·张明");
}

/// A secretary who asks about their own record is answered by somebody else.
#[actix_web::test]
async fn nobody_answers_their_own_request() {
    let v = village().await;
    let claim =
        json!({ "room_code": v.home.room.area_code, "kind": "tenant", "since": "2024-01-11", "name": "测试·书记" });
    v.secretary.post("/v1/me/residencies", claim).await.expect(201);
    let request = ask(&v.secretary, "copy").await.expect(201).value();
    answer(&v.secretary, &request, "granted").await.refused(403, "people.own_request");
    let other = v.app.actor(Role::CommunitySecretary, TONGDEXIANG).await;
    answer(&other, &request, "granted").await.expect(200);
}

#[actix_web::test]
async fn a_program_has_no_record() {
    let v = village().await;
    let coordinator = v.app.district().await;
    for scope in ["persons:read", "residencies:read", "me:read", "data_requests:read"] {
        let body = json!({ "name": "大屏", "area_code": DISTRICT, "scopes": [scope] });
        coordinator.post("/v1/api-clients", body).await.refused(422, "identity.scope_not_delegable");
    }
}
