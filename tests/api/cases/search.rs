//! Lists of cases: each caller's, once, in order, whatever they are narrowed to.

use std::collections::BTreeSet;

use delivery::cases::dto::{CaseItem, CaseOut, CasePage};
use platform::auth::Role;
use serde_json::{Value, json};

use super::desk::many_roads;
use super::support::{CASES, Desk, account_of, leak, taken};
use crate::support::Client;
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};

async fn all(who: &Client, query: &str) -> Vec<CaseItem> {
    let mut items = Vec::new();
    let base = format!("{CASES}?limit=7{query}");
    let mut path = format!("{base}&include=total");
    let mut total = None;
    loop {
        let page: CasePage = who.get(&path).await.expect(200).json();
        total = total.or(page.total);
        items.extend(page.items);
        let Some(cursor) = page.next_cursor else { break };
        path = format!("{base}&cursor={cursor}");
    }
    let ids: BTreeSet<_> = items.iter().map(|item| item.id).collect();
    assert_eq!((ids.len(), total), (items.len(), i64::try_from(items.len()).ok()), "{query}: each once, and counted");
    items
}

#[actix_web::test]
async fn each_tier_pages_through_its_own_newest_first() {
    let desk = Desk::new().await;
    many_roads(&desk, 20).await;
    desk.reported().await;
    let mut lengths = Vec::new();
    for (role, area) in [
        (Role::CommunityWorker, TONGDEXIANG),
        (Role::StreetOfficer, STREET),
        (Role::DistrictCoord, DISTRICT),
        (Role::Auditor, "62"),
        (Role::BranchOfficer, desk.place()),
        (Role::StreetOfficer, "620902001"),
    ] {
        let who = desk.app().actor(role, area).await;
        let items = all(&who, "").await;
        assert!(items.is_sorted_by(|a, b| a.id > b.id) && items.iter().all(|item| item.area_code.starts_with(area)));
        lengths.push(items.len());
    }
    assert_eq!(lengths, [21, 41, 41, 41, 1, 0]);
    let narrowed = desk.app().actor(Role::DistrictCoord, DISTRICT).await;
    assert_eq!(all(&narrowed, &format!("&area={TONGDEXIANG}")).await.len(), 21);
    assert_eq!(all(&narrowed, &format!("&area={}", desk.place())).await.len(), 1);
    assert_eq!(all(desk.worker(), &format!("&area={DISTRICT}")).await.len(), 21, "what lies in it of the caller's own");
    assert_eq!(all(desk.worker(), "&area=130402").await.len(), 0);
}

#[actix_web::test]
async fn open_cases_are_listed_by_when_they_are_due() {
    let mut desk = Desk::new().await;
    many_roads(&desk, 15).await;
    let late = desk.reported().await;
    let done = desk.done().await;
    desk.minutes_later(60 * 24 * 30).await;
    let fresh = desk.reported().await;
    for who in [desk.worker(), &desk.district] {
        let items = all(who, "&sort=due").await;
        assert!(items.is_sorted_by_key(|item| (item.due_at, item.id)));
        assert!(items.iter().all(|item| item.closed_at.is_none()));
        let overdue: BTreeSet<_> = all(who, "&sort=due&overdue=true").await.iter().map(|item| item.id).collect();
        assert!(overdue.contains(&late.id) && !overdue.contains(&fresh.id));
        assert!(!overdue.contains(&done.id), "nobody works against its date any more");
        let not: BTreeSet<_> = all(who, "&overdue=false").await.iter().map(|item| item.id).collect();
        assert_eq!((not.len(), overdue.is_disjoint(&not)), (2, true));
        assert_eq!(overdue.len() + not.len(), items.len());
    }
    let refused = desk.worker().get(&format!("{CASES}?sort=title")).await.refused(400, "bad_parameter");
    assert_eq!(refused.errors.first().and_then(|fault| fault.parameter.clone()).as_deref(), Some("sort"));
    let page: CasePage = desk.worker().get(&format!("{CASES}?limit=7&sort=due")).await.expect(200).json();
    let cursor = page.next_cursor.expect("more");
    desk.worker().get(&format!("{CASES}?limit=7&cursor={cursor}")).await.refused(400, "invalid_cursor");
}

#[actix_web::test]
async fn words_are_found_in_title_and_body_and_only_ones_own() {
    let desk = Desk::new().await;
    let mut words = leak(desk.place());
    words["title"] = json!("Ｂ座 电梯异响 100%");
    words["body"] = json!("三单元电梯运行时有异响，住户反映多次。");
    let lift: CaseOut = desk.worker().post(CASES, words).await.expect(201).json();
    desk.reported().await;
    let found = |query: &str| format!("&q={}", query.bytes().map(|b| format!("%{b:02X}")).collect::<String>());
    for (query, hits) in
        [("电梯", 1), ("b座电梯", 1), ("反映 多次", 1), ("100%", 1), ("1%0", 0), ("漏水", 1), ("煤气", 0)]
    {
        let items = all(desk.worker(), &found(query)).await;
        assert_eq!(items.len(), hits, "{query}");
        assert!(query != "电梯" || items[0].id == lift.id);
    }
    assert_eq!(all(&desk.district, &found("电梯")).await.len(), 1);
    let stranger = desk.app().community_worker("130402010014").await;
    assert_eq!(all(&stranger, &found("电梯")).await.len(), 0);
    assert_eq!(all(&desk.company, &found("电梯")).await.len(), 0, "the company has it not in hand");
}

#[actix_web::test]
async fn who_comes_to_see_a_case_in_two_ways_sees_it_once() {
    let desk = Desk::new().await;
    let mediator = desk.app().actor(Role::Mediator, desk.place()).await;
    let both = desk.app().actor_with(&[(Role::CommunityWorker, TONGDEXIANG), (Role::Mediator, desk.place())]).await;
    for who in [&mediator, &both] {
        let me = account_of(who).await;
        let case = desk.accepted().await;
        taken(desk.worker(), &case, "dispatch", json!({ "account_id": me })).await;
    }
    desk.dispatched().await;
    assert_eq!(all(&mediator, "").await.len(), 1);
    assert_eq!(all(&both, "").await.len(), 3);
    assert_eq!(all(&both, &format!("&area={}", desk.place())).await.len(), 3);
    assert_eq!(all(&desk.company, "").await.len(), 1);
    assert_eq!(all(&desk.company, "&area=620902001").await.len(), 0);
}

#[actix_web::test]
async fn who_had_a_case_sees_it_until_the_next_signs() {
    let desk = Desk::new().await;
    let case = desk.signed().await;
    let mediator = desk.app().actor(Role::Mediator, desk.place()).await;
    let body = json!({ "account_id": account_of(&mediator).await, "reason": "邻里纠纷" });
    let case = taken(desk.worker(), &case, "transfer", body).await;
    assert_eq!((all(&desk.company, "").await.len(), all(&mediator, "").await.len()), (1, 1));
    taken(&mediator, &case, "sign", Value::Null).await;
    assert_eq!((all(&desk.company, "").await.len(), all(&mediator, "").await.len()), (0, 1));
}
