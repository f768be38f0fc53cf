//! The story of a case: by which side, never by whom, with what was shown; each reader theirs.

use delivery::cases::dto::{CaseOut, MomentKind, TimelinePage};
use serde_json::{Value, json};

use super::support::{CASES, Desk, MINE, account_of, contact, finish, report, taken, visit};
use crate::support::photos::photo;
use crate::support::{Client, SentFile};

async fn story(who: &Client, path: &str) -> TimelinePage {
    who.get(&format!("{path}/timeline?limit=100")).await.expect(200).json()
}

fn sides(page: &TimelinePage, kind: MomentKind) -> Vec<(String, String)> {
    let of_kind = page.items.iter().filter(|moment| moment.kind == kind);
    of_kind.map(|moment| (moment.code.clone(), moment.stands_for.to_string())).collect()
}

fn told(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(code, side)| ((*code).to_owned(), (*side).to_owned())).collect()
}

async fn shown(who: &Client, path: &str, purpose: &str, seed: u8) {
    let bytes = photo(seed);
    let file = SentFile { part: "file", name: "photo.jpg", kind: "image/jpeg", bytes: &bytes };
    let words: &[(&str, &str)] = if purpose.is_empty() { &[] } else { &[("purpose", purpose)] };
    who.post_file(&format!("{path}/files"), file, words).await.expect(201);
}

#[actix_web::test]
async fn a_moment_says_which_side_it_comes_from_and_never_who() {
    let desk = Desk::new().await;
    let mut words = report(desk.place());
    words["identity"] = json!("hidden");
    let mine = desk.resident.post(MINE, words).await.expect(201).value();
    let (staff, own) =
        (format!("{CASES}/{}", mine["id"].as_str().unwrap()), format!("{MINE}/{}", mine["id"].as_str().unwrap()));
    shown(&desk.resident, &own, "", 3).await;
    let case: CaseOut = desk.worker().get(&staff).await.expect(200).json();
    let case = taken(desk.worker(), &case, "accept", Value::Null).await;
    let case = taken(desk.worker(), &case, "dispatch", json!({})).await;
    let case = taken(&desk.company, &case, "sign", Value::Null).await;
    let case = taken(&desk.company, &case, "start", contact()).await;
    shown(&desk.company, &staff, "after", 4).await;
    let case = taken(&desk.company, &case, "finish", finish()).await;
    taken(desk.worker(), &case, "visits", visit("unreachable")).await;
    desk.resident
        .post_with(&format!("{own}/feedback"), &[("If-Match", "*")], json!({ "outcome": "satisfied" }))
        .await
        .expect(200);
    let steps = told(&[
        ("case.reported", "reporter"),
        ("case.accepted", "desk"),
        ("case.dispatched", "desk"),
        ("case.signed", "handler"),
        ("case.started", "handler"),
        ("case.done", "handler"),
        ("case.visit_failed", "desk"),
        ("case.closed", "reporter"),
    ]);
    let (by_worker, by_company, by_reporter) =
        (story(desk.worker(), &staff).await, story(&desk.company, &staff).await, story(&desk.resident, &own).await);
    for page in [&by_worker, &by_company, &by_reporter] {
        assert_eq!(sides(page, MomentKind::Step), steps);
        assert_eq!(sides(page, MomentKind::File), told(&[("report", "reporter"), ("after", "handler")]));
        assert_eq!(sides(page, MomentKind::Visit), told(&[("unreachable", "desk"), ("satisfied", "reporter")]));
        assert!(page.items.is_sorted_by_key(|moment| moment.at));
    }
    let people = [&desk.resident, &desk.company, desk.worker()];
    for who in people {
        let id = account_of(who).await;
        for page in [&by_worker, &by_company, &by_reporter] {
            assert!(!serde_json::to_string(page).expect("JSON").contains(&id), "an account in a story");
        }
    }
}

#[actix_web::test]
async fn a_neighbour_who_joined_is_told_of_the_work_and_of_nobodys_words() {
    let desk = Desk::new().await;
    let mine = desk.resident.post(MINE, report(desk.place())).await.expect(201).value();
    let id = mine["id"].as_str().expect("an id");
    shown(&desk.resident, &format!("{MINE}/{id}"), "", 5).await;
    desk.resident.post(&format!("{MINE}/{id}/comments"), json!({ "body": "我家在三单元 302" })).await.expect(201);
    let neighbour = desk.app().actor(platform::auth::Role::Owner, desk.place()).await;
    neighbour.get(&format!("{MINE}/{id}/timeline")).await.refused(404, "not_found");
    neighbour.post("/v1/me/joined-cases", json!({ "case_id": id })).await.expect(201);
    let told = story(&neighbour, &format!("{MINE}/{id}")).await;
    assert_eq!(told.items.len(), 1, "that it was reported: {:?}", told.items);
    let own = story(&desk.resident, &format!("{MINE}/{id}")).await;
    assert_eq!(own.items.len(), 3);
    let stranger = desk.app().community_worker("130402010014").await;
    stranger.get(&format!("{CASES}/{id}/timeline")).await.refused(404, "not_found");
}
