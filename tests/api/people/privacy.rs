//! Known names, numbers and attributes are planted, and everything that goes out is searched for them (PIPL 25, 28; domain
//! C7, C12.5).

use diesel::prelude::*;
use platform::auth::Role;
use platform::schema::{history, idempotency_keys, outbox};
use serde_json::{Value, json};

use super::{Village, check, end, id, village};
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, Reply};
use crate::territory::CANGHOU;

/// Nothing else in the tests looks like these.
const NAME: &str = "测试·欧阳慕华";
const PHONE: &str = "13998765432";
const BIRTH_YEAR: &str = "1951";
const PURPOSE: &str = "查漏水找人";
const WISH: &str = "我的住处写错了";
const DEED: &str = "不动产权第777777号";

/// An event's name and what it holds.
type Told = (String, platform::db::Json);

/// Reads whatever a caller can read, page by page.
async fn everything(who: &Client, v: &Village, person: &Value, residency: &Value) -> Vec<(String, String)> {
    let person = id(person);
    let paths = [
        "/v1/persons".to_owned(),
        "/v1/persons?status=all".to_owned(),
        format!("/v1/persons/{person}"),
        format!("/v1/persons/{person}/history"),
        format!("/v1/persons/{person}/consents"),
        format!("/v1/persons/{person}/accesses"),
        format!("/v1/persons/{person}/party-stages"),
        "/v1/residencies".to_owned(),
        format!("/v1/residencies/{}", id(residency)),
        format!("/v1/residencies/{}/history", id(residency)),
        format!("/v1/rooms/{}/household", v.home.room.id),
        "/v1/checkins".to_owned(),
        "/v1/data-requests".to_owned(),
        format!("/v1/areas/{TONGDEXIANG}/directory"),
        format!("/v1/areas/{TONGDEXIANG}/checkin-count"),
        "/v1/compounds?format=csv".to_owned(),
        "/v1/grids?format=csv".to_owned(),
        "/v1/contact-assignments".to_owned(),
        "/v1/accounts".to_owned(),
        "/v1/grants".to_owned(),
    ];
    let mut read = Vec::new();
    for path in paths {
        let reply = who.get(&path).await;
        assert!(reply.status() < 500, "{path}: {}", reply.text());
        read.push((path, reply.text()));
    }
    read
}

/// A person with everything, and every kind of change made to them.
async fn planted(v: &Village) -> (Client, Value, Value) {
    let body = json!({ "area_code": TONGDEXIANG, "phone": PHONE, "birth_year": 1951, "gender": "female",
        "party_status": "probationary", "veteran": true, "retired": true, "cadre": true });
    let (me, row) = v.member(NAME, body).await;
    let any = [("If-Match", "*")];
    let path = format!("/v1/persons/{}", id(&row));
    v.worker
        .patch(&path, "*", json!({ "name": "测试·临时", "phone": "19909370000", "veteran": false }))
        .await
        .expect(200);
    v.worker.patch(&path, "*", json!({ "name": NAME, "phone": PHONE, "veteran": true })).await.expect(200);
    let stage = json!({ "stage": "formal", "on": "2023-07-01" });
    v.secretary.post_with(&format!("{path}/party-stages"), &any, stage).await.expect(200);
    let residency = v.file(&row, "owner").await;
    let deed = json!({ "kind": "deed", "reference": DEED });
    super::step(&v.worker, &residency, "check-document", deed).await.expect(200);
    super::confirm(&v.secretary, &residency).await.expect(200);
    let look = json!({ "purpose": "emergency", "note": PURPOSE });
    v.worker.post(&format!("{path}/phone/unmask"), look).await.expect(200);
    let checkin = json!({ "community_code": TONGDEXIANG, "person_id": id(&row), "employer_unit": "测试·区医院",
        "headcount": 1, "since": "2023-03-01" });
    v.worker.post_with("/v1/checkins", &[("Idempotency-Key", "k1")], checkin).await.expect(201);
    me.post("/v1/me/data-requests", json!({ "kind": "correction", "text": WISH })).await.expect(201);
    let consent = json!({ "area_code": TONGDEXIANG, "field": "phone", "purpose": "联系" });
    let consent = me.post("/v1/me/consents", consent).await.expect(201).value();
    me.post(&format!("/v1/me/consents/{}/withdraw", id(&consent)), json!({})).await.expect(200);
    (me, row, residency)
}

fn absent(words: &[&str], read: &[(String, String)], reader: &str) {
    for (path, text) in read {
        for word in words {
            assert!(!stands_in(text, word), "{reader} reads {word} at {path}: {text}");
        }
    }
}

/// Four digits may stand within the random digits of an id, where they say nothing of anybody.
fn stands_in(text: &str, word: &str) -> bool {
    let of_an_id = |c: char| c.is_ascii_hexdigit() || c == '-';
    text.match_indices(word).any(|(at, _)| {
        let (before, behind) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
        !(word == BIRTH_YEAR && (before.is_some_and(of_an_id) || behind.is_some_and(of_an_id)))
    })
}

#[actix_web::test]
async fn numbers_and_attributes_go_to_nobody_who_has_no_right_to_them() {
    let v = village().await;
    let (_, row, residency) = planted(&v).await;
    // Nobody at all reads the number.
    let all: Vec<(Role, &str)> = Role::ALL.iter().map(|role| (*role, "")).collect();
    let read = everything(&v.app.actor_with(&all).await, &v, &row, &residency).await;
    absent(&[PHONE, "19909370000"], &read, "everybody");
    assert!(read.iter().any(|(_, text)| text.contains(NAME)), "the search finds what is there");
    assert!(read.iter().any(|(_, text)| text.contains("139****5432")));

    // Readers of the place who are no staff of it: the name, and no attribute.
    let attributes = [PHONE, BIRTH_YEAR, "probationary", "formal", "veteran", "retired", "cadre", "female"];
    for role in [Role::BranchOfficer, Role::StationHead, Role::OcChair, Role::Auditor] {
        let read = everything(&v.app.actor(role, TONGDEXIANG).await, &v, &row, &residency).await;
        let read: Vec<_> = read.into_iter().filter(|(path, _)| !path.starts_with("/v1/grants")).collect();
        absent(&attributes, &read, role.as_str());
    }
    // Everybody else, and the staff of another community: nothing.
    let nothing = [NAME, PHONE, "139****5432", BIRTH_YEAR, PURPOSE, WISH, DEED];
    for role in Role::ALL {
        let read = everything(&v.app.actor(*role, CANGHOU).await, &v, &row, &residency).await;
        absent(&nothing, &read, role.as_str());
    }
    for role in
        [Role::PlatformAdmin, Role::GridWorker, Role::CompanyAdmin, Role::Owner, Role::Resident, Role::Volunteer]
    {
        let read = everything(&v.app.actor(role, TONGDEXIANG).await, &v, &row, &residency).await;
        absent(&nothing, &read, role.as_str());
    }
    let street = everything(&v.app.actor(Role::StreetOfficer, STREET).await, &v, &row, &residency).await;
    absent(&[PHONE], &street, "the street");
    assert!(street.iter().any(|(_, text)| text.contains("\"formal\"")), "the street's officer is staff of the area");
}

#[actix_web::test]
async fn histories_and_the_outbox_hold_nothing_of_a_person() {
    let v = village().await;
    let (_, row, residency) = planted(&v).await;
    end(&v.worker, &residency, "2024-01-10", "sold").await.expect(200);
    let close = json!({ "on": "2024-01-12", "reason": "moved_away" });
    v.worker.post_with(&format!("/v1/persons/{}/close", id(&row)), &[("If-Match", "*")], close).await.expect(200);
    let (events, out): (Vec<Told>, Vec<Told>) = v
        .app
        .app
        .db
        .read(|c| {
            let events = history::table.select((history::event, history::data)).load(c)?;
            Ok((events, outbox::table.select((outbox::event, outbox::data)).load(c)?))
        })
        .await
        .expect("the events");
    let about_people = |rows: &[Told]| -> Vec<(String, String)> {
        let ours = ["person", "residency", "consent", "data_request", "member_checkin", "phone"];
        let mine = rows.iter().filter(|(event, _)| ours.iter().any(|name| event.starts_with(name)));
        mine.map(|(event, data)| (event.clone(), data.0.to_string())).collect()
    };
    assert!(about_people(&events).len() > 12);
    for rows in [&events, &out] {
        let words = [NAME, "欧阳", PHONE, "5432", BIRTH_YEAR, PURPOSE, WISH, DEED, "female", "老党员"];
        let texts: Vec<(String, String)> =
            rows.iter().map(|(event, data)| (event.clone(), data.0.to_string())).collect();
        absent(&words, &texts, "a history");
        absent(&["party", "probationary", "formal", "veteran", "retired", "cadre"], &about_people(rows), "a history");
    }
    // What is kept to answer a repeated request holds no number either.
    let kept: Vec<String> =
        v.app.app.db.read(|c| Ok(idempotency_keys::table.select(idempotency_keys::body).load(c)?)).await.expect("keys");
    assert!(!kept.is_empty() && kept.iter().all(|body| !body.contains(PHONE)));
}

#[actix_web::test]
async fn problems_do_not_repeat_what_was_sent() {
    let v = village().await;
    let (me, row, residency) = planted(&v).await;
    let twin = json!({ "area_code": TONGDEXIANG, "name": NAME, "phone": PHONE });
    let wrong =
        json!({ "area_code": TONGDEXIANG, "name": NAME, "phone": format!("{PHONE}0"), "party_status": "veteran" });
    let path = format!("/v1/persons/{}", id(&row));
    let claim = json!({ "room_code": v.home.room.area_code, "kind": "owner", "since": "2020-06-01", "name": NAME, "phone": PHONE });
    let replies: Vec<Reply> = vec![
        v.worker.post("/v1/persons", twin).await,
        v.worker.post("/v1/persons", wrong.clone()).await,
        v.worker.patch(&path, "\"v1\"", json!({ "name": NAME, "phone": PHONE })).await,
        v.worker.patch(&path, "*", json!({ "phone": format!("{PHONE}x") })).await,
        v.app.community_worker(CANGHOU).await.patch(&path, "*", json!({ "name": NAME })).await,
        me.post("/v1/me/residencies", claim).await,
        check(&v.worker, &residency).await,
        v.app.actor(Role::Owner, DISTRICT).await.get(&format!("/v1/persons?q={NAME}")).await,
    ];
    for reply in replies {
        assert!((400..500).contains(&reply.status()), "{}", reply.text());
        absent(&[NAME, "欧阳", PHONE], &[(reply.status().to_string(), reply.text())], "a problem");
    }
}
