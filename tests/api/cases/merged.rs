//! 并案: the reporter goes where the case goes.

use delivery::cases::dto::{CaseOut, TimelinePage};
use platform::auth::Role;
use serde_json::{Value, json};

use super::support::{CASES, Desk, MINE, contact, finish, report, taken, taken_now, visit};
use crate::feed::{all, hear_all};
use crate::support::Client;

async fn reported(desk: &Desk, who: &Client) -> CaseOut {
    let mine = who.post(MINE, report(desk.place())).await.expect(201).value();
    desk.worker().get(&format!("{CASES}/{}", mine["id"].as_str().expect("an id"))).await.expect(200).json()
}

async fn mine(who: &Client, case: &CaseOut) -> Value {
    who.get(&format!("{MINE}/{}", case.id)).await.expect(200).value()
}

async fn story(who: &Client, case: &CaseOut) -> Vec<String> {
    let page: TimelinePage = who.get(&format!("{MINE}/{}/timeline?limit=100", case.id)).await.expect(200).json();
    page.items.into_iter().map(|moment| moment.code).collect()
}

async fn heard(who: &Client, of: &CaseOut) -> usize {
    all(who, "0").await.items.iter().filter(|event| event.entity_id == of.id.to_string()).count()
}

#[actix_web::test]
async fn who_reported_or_joined_a_merged_case_follows_the_other_one() {
    let mut desk = Desk::new().await;
    desk.app().run_feed();
    let joiner = desk.app().actor(Role::Owner, desk.place()).await;
    let case = reported(&desk, &desk.resident).await;
    joiner.post("/v1/me/joined-cases", json!({ "case_id": case.id })).await.expect(201);
    assert!(mine(&desk.resident, &case).await["followed"].is_null());
    let target = desk.in_progress().await;
    taken(desk.worker(), &case, "merge", json!({ "target_id": target.id })).await;
    // What happens before that is not of those who come later.
    desk.minutes_later(1).await;
    taken(&desk.company, &target, "finish", finish()).await;
    taken_now(desk.worker(), &target, "visits", visit("satisfied")).await;
    hear_all(&desk.app().feed, desk.app()).await;
    for who in [&desk.resident, &joiner] {
        let shown = mine(who, &case).await;
        assert_eq!((shown["status"].as_str(), shown["outcome"].is_null()), (Some("merged"), true));
        let followed = &shown["followed"];
        assert_eq!(followed["number"].as_str(), Some(target.number.as_str()));
        assert_eq!((followed["status"].as_str(), followed["outcome"].as_str()), (Some("closed"), Some("fixed")));
        assert_eq!(followed["resolution"].as_str(), Some("已更换三通接头。"));
        assert_eq!(&who.get(MINE).await.expect(200).value()["items"][0]["followed"], followed);
        let codes = story(who, &case).await;
        assert_eq!(
            codes,
            ["case.reported", "case.merged", "case.done", "case.closed", "satisfied"],
            "and nobody's words"
        );
        assert_eq!(heard(who, &target).await, 7, "as who joined it");
        who.get(&format!("{MINE}/{}", target.id)).await.refused(404, "not_found");
    }
    let stranger = desk.app().actor(Role::Owner, desk.place()).await;
    assert_eq!(heard(&stranger, &target).await, 0);
}

#[actix_web::test]
async fn undone_it_is_followed_no_longer() {
    let desk = Desk::new().await;
    desk.app().run_feed();
    let case = reported(&desk, &desk.resident).await;
    let target = desk.signed().await;
    let merged = taken(desk.worker(), &case, "merge", json!({ "target_id": target.id })).await;
    assert_eq!(mine(&desk.resident, &case).await["followed"]["status"].as_str(), Some("signed"));
    taken(desk.worker(), &merged, "unmerge", Value::Null).await;
    taken(&desk.company, &target, "start", contact()).await;
    hear_all(&desk.app().feed, desk.app()).await;
    assert!(mine(&desk.resident, &case).await["followed"].is_null());
    assert_eq!(story(&desk.resident, &case).await.last().map(String::as_str), Some("case.unmerged"));
    assert_eq!(heard(&desk.resident, &target).await, 0);
}
