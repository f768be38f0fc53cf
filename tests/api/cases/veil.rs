//! A flat is as good as a name: what the handler of a hidden or anonymous case is told ends at the building.

use delivery::cases::dto::{CaseOut, CasePage};
use platform::auth::Role;
use serde_json::{Value, json};

use super::support::{CASES, Desk, MINE, account_of, contact, finish, report, take, taken, visit};
use crate::feed::{all, hear_all};
use crate::support::Client;
use crate::support::actors::TONGDEXIANG;
use crate::territory::{building, room, unit};

const PLACE: &str = "1号楼1单元101";

/// The codes of a new flat and of its building.
async fn flat(desk: &Desk) -> (String, String) {
    let house = building(desk.worker(), &desk.town.compound, "1", None).await;
    let stairs = unit(desk.worker(), &house, "1").await;
    (room(desk.worker(), &stairs, "101").await.area_code, house.area_code)
}

/// A complaint about the company from one's own flat, by hand of the community's desk.
async fn complaint(desk: &Desk, flat: &str, identity: &str) -> CaseOut {
    let mut body = report(flat);
    (body["kind"], body["category"], body["fields"]) = (json!("complaint"), json!("service_quality"), json!({}));
    (body["identity"], body["place"], body["lat"], body["lon"]) =
        (json!(identity), json!(PLACE), json!(39.74), json!(98.49));
    let mine = desk.resident.post(MINE, body).await.expect(201).value();
    let case: CaseOut =
        desk.worker().get(&format!("{CASES}/{}", mine["id"].as_str().expect("an id"))).await.expect(200).json();
    assert_eq!((case.area_code.as_str(), case.place.as_deref()), (flat, Some(PLACE)), "the desk knows where");
    taken(desk.worker(), &case, "accept", Value::Null).await
}

/// Every answer about a case that somebody gets.
async fn told(who: &Client, case: &CaseOut) -> String {
    let mut text = String::new();
    for path in ["", "/history", "/timeline", "/similar", "/visits", "/files", "/deadlines", "/holds", "/extensions"] {
        text += &who.get(&format!("{CASES}/{}{path}", case.id)).await.text();
    }
    for path in [CASES, "/v1/cases?q=管道漏水", "/v1/cases?sort=due", "/v1/cases/export?format=ndjson"] {
        text += &who.get(path).await.text();
    }
    // The register's own events name flats, and those of the case must not.
    let heard = all(who, "0").await.items.into_iter().filter(|event| event.entity.starts_with("case"));
    text += &heard.map(|event| event.area_code).collect::<Vec<_>>().join(" ");
    for queue in ["to_sign", "to_handle", "overdue", "due_today"] {
        text += &who.get(&format!("/v1/desk/{queue}")).await.text();
    }
    text
}

async fn assert_veiled(who: &Client, case: &CaseOut, (flat, house): (&str, &str)) {
    let text = told(who, case).await;
    assert!(
        text.contains(&case.number) && text.contains(house),
        "the case is in hand, and where it is to the building"
    );
    assert!(!text.contains(flat) && !text.contains(PLACE), "{text}");
    let shown: CaseOut = who.get(&format!("{CASES}/{}", case.id)).await.expect(200).json();
    assert_eq!((shown.area_code.as_str(), shown.place, shown.lat, shown.lon), (house, None, None, None));
    let asked = |area: &str| format!("{CASES}?area={area}&include=total");
    let found: CasePage = who.get(&asked(flat)).await.expect(200).json();
    assert_eq!((found.items.len(), found.total), (0, Some(0)), "nor is it found flat by flat");
    let found: CasePage = who.get(&asked(house)).await.expect(200).json();
    assert_eq!((found.items.len(), found.total), (1, Some(1)));
}

#[actix_web::test]
async fn the_company_learns_no_flat_of_a_hidden_reporter() {
    let desk = Desk::new().await;
    desk.app().run_feed();
    let (flat, house) = flat(&desk).await;
    let case = complaint(&desk, &flat, "hidden").await;
    let case = taken(desk.worker(), &case, "dispatch", json!({})).await;
    assert_eq!(case.area_code, flat, "the desk is still told");
    let signed = taken(&desk.company, &case, "sign", Value::Null).await;
    assert_eq!((signed.area_code.as_str(), &signed.place), (house.as_str(), &None));
    hear_all(&desk.app().feed, desk.app()).await;
    assert_veiled(&desk.company, &case, (&flat, &house)).await;
    let heard = all(&desk.company, "0").await;
    assert!(heard.items.iter().any(|event| event.entity == "case" && event.area_code == house));
    let mut stream = desk.company.listen("/v1/events/stream?last_event_id=0", &[]).await.ok().expect("a stream");
    loop {
        let event = stream.told().await;
        assert!(!(event.entity == "case" && event.area_code.starts_with(&flat)), "{event:?}");
        if event.event == "case.signed" {
            break;
        }
    }
    let shown: CaseOut = desk.worker().get(&format!("{CASES}/{}", case.id)).await.expect(200).json();
    assert_eq!((shown.area_code.as_str(), shown.place.as_deref()), (flat.as_str(), Some(PLACE)), "overseers keep it");
    let found: CasePage = desk.worker().get(&format!("{CASES}?area={flat}")).await.expect(200).json();
    assert_eq!((found.items.len(), found.items[0].area_code.as_str()), (1, flat.as_str()));
}

#[actix_web::test]
async fn nor_does_a_grid_worker_of_an_anonymous_one() {
    let desk = Desk::new().await;
    let (flat, house) = flat(&desk).await;
    let case = complaint(&desk, &flat, "anonymous").await;
    let person = desk.app().actor(Role::GridWorker, TONGDEXIANG).await;
    let account = account_of(&person).await;
    let case = taken(desk.worker(), &case, "dispatch", json!({ "account_id": account })).await;
    taken(&person, &case, "sign", Value::Null).await;
    assert_veiled(&person, &case, (&flat, &house)).await;
}

#[actix_web::test]
async fn an_open_report_is_told_to_the_flat() {
    let desk = Desk::new().await;
    let (flat, _) = flat(&desk).await;
    let case = complaint(&desk, &flat, "open").await;
    taken(desk.worker(), &case, "dispatch", json!({})).await;
    let shown: CaseOut = desk.company.get(&format!("{CASES}/{}", case.id)).await.expect(200).json();
    assert_eq!((shown.area_code.as_str(), shown.place.as_deref()), (flat.as_str(), Some(PLACE)));
    let found: CasePage = desk.company.get(&format!("{CASES}?area={flat}")).await.expect(200).json();
    assert_eq!(found.items.len(), 1);
}

#[actix_web::test]
async fn a_desk_that_has_a_hidden_case_in_hand_opens_no_reporter() {
    let desk = Desk::new().await;
    let (flat, house) = flat(&desk).await;
    let case = complaint(&desk, &flat, "hidden").await;
    let officer = desk.app().community_worker(TONGDEXIANG).await;
    let reporter = format!("{CASES}/{}/reporter", case.id);
    officer.get(&reporter).await.expect(200);
    let body = json!({ "account_id": account_of(&officer).await });
    let case = taken(desk.worker(), &case, "dispatch", body).await;
    let purpose = json!({ "purpose": "emergency", "note": "核实情况" });
    for _ in 0..2 {
        officer.get(&reporter).await.refused(404, "not_found");
        officer.post(&format!("{reporter}/unmask"), purpose.clone()).await.refused(404, "not_found");
        assert_veiled(&officer, &case, (&flat, &house)).await;
        // Whether given or signed for.
        take(&officer, &case, "sign", Value::Null).await;
    }
    desk.worker().get(&reporter).await.expect(200);
    let case = taken(&officer, &desk.now(&case).await, "start", contact()).await;
    let case = taken(&officer, &case, "finish", finish()).await;
    taken(desk.worker(), &case, "visits", visit("satisfied")).await;
    officer.get(&reporter).await.refused(404, "not_found");
}
