//! The desk: each queue is as long as it says, read off an index in its own order, by few statements.

use std::sync::atomic::Ordering;

use delivery::cases::dto::{CaseId, CaseKind, CasePage, Channel, DeskOut};
use delivery::cases::past::{self, Feed, Handler, Past, Report, Rules};
use diesel::prelude::*;
use platform::auth::Role;
use platform::calendar::Calendar;
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Engine, Ts};
use roster::organisations::OrganisationId;
use serde_json::{Value, json};

use super::support::{Desk, account_of, contact, take, taken, taken_now};
use crate::support::Client;
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};

const CANGHOU: &str = "620902005002";

pub fn at(day: u32, minute: i64) -> Ts {
    let day = chrono::NaiveDate::from_ymd_opt(2024, 1, day).expect("a day");
    midnight_in_shanghai(day).plus(chrono::Duration::minutes(9 * 60 + minute))
}

/// A broken road of a community, as it was reported.
pub fn broken_road<'a>(rules: &'a Rules, community: &str, when: Ts) -> Past<'a> {
    let report = Report {
        id: CaseId::fresh(),
        area_code: community.to_owned(),
        community_code: community.to_owned(),
        grid_code: None,
        compound_id: None,
        kind: CaseKind::Repair,
        category: "road_damage",
        channel: Channel::Phone,
        title: "路面坑洼".to_owned(),
        body: "大门口路面破损。".to_owned(),
        identity: None,
        reporter: None,
        at: when,
    };
    Past::reported(rules, report).expect("reported")
}

/// Roads in two communities, a fifth of them waiting to be accepted, the rest with some company.
pub async fn many_roads(desk: &Desk, each: i64) {
    let rules = Rules::standard(Calendar::default());
    let made = move |c: &mut Conn| {
        let mut all = Vec::new();
        for (place, n) in [TONGDEXIANG, CANGHOU].into_iter().flat_map(|place| (0..each).map(move |n| (place, n))) {
            let mut case = broken_road(&rules, place, at(8, n));
            if n % 5 != 0 {
                case.accept((None, at(8, n + 1)))?;
                case.dispatch(Handler::Organisation(OrganisationId::fresh()), (None, at(8, n + 2)))?;
            }
            all.push(case);
        }
        past::write(c, all, Feed::Silent)
    };
    desk.app().app.db.write(made).await.expect("written");
}

async fn counts(who: &Client) -> Vec<(String, i64)> {
    let desk: DeskOut = who.get("/v1/desk").await.expect(200).json();
    desk.queues.iter().map(|queue| (queue.queue.to_string(), queue.count)).collect()
}

/// Some case in every state and tier, and some requests.
async fn busy() -> Desk {
    let mut desk = Desk::new().await;
    let escalate = || json!({ "reason": "需多部门协调" });
    desk.reported().await;
    desk.accepted().await;
    desk.dispatched().await;
    desk.done().await;
    let returned = desk.dispatched().await;
    taken(&desk.company, &returned, "return", json!({ "reason": "not_ours", "note": "属供热公司" })).await;
    let high = desk.accepted().await;
    let high = taken(desk.worker(), &high, "escalate", escalate()).await;
    let high = taken(desk.worker(), &high, "escalate", escalate()).await;
    let to_district = desk.reported().await;
    for who in [desk.worker(), desk.worker(), &desk.street] {
        taken_now(who, &to_district, "escalate", escalate()).await;
    }
    let held = desk.in_progress().await;
    let hold = json!({ "cause": "waiting_for_materials", "note": "等配件", "until": "2024-01-17T10:00:00Z" });
    taken(&desk.company, &held, "holds", hold).await;
    let longer = desk.signed().await;
    let longer = taken(&desk.company, &longer, "start", contact()).await;
    taken(&desk.company, &longer, "extensions", json!({ "working_days": 2, "reason": "等配件" })).await;
    assert_eq!(high.tier.as_str(), "street");
    desk.minutes_later(60 * 24).await;
    desk
}

/// A worker who is also at the branch's desk, has a case in hand by name, and works for nobody.
async fn of_two_desks(desk: &Desk) -> Client {
    let roles = [(Role::CommunityWorker, TONGDEXIANG), (Role::BranchOfficer, desk.place())];
    let who = desk.app().actor_with(&roles).await;
    let me = account_of(&who).await;
    for verb in ["sign", "none"] {
        let case = desk.accepted().await;
        let case = taken(desk.worker(), &case, "dispatch", json!({ "account_id": me })).await;
        if verb == "sign" {
            taken(&who, &case, "sign", Value::Null).await;
        }
    }
    who
}

#[actix_web::test]
async fn every_queue_is_as_long_as_it_says() {
    let mut desk = busy().await;
    for days in [0, 5] {
        desk.minutes_later(60 * 24 * days).await;
        let double = of_two_desks(&desk).await;
        let callers = [desk.worker(), &desk.branch, &desk.street, &desk.district, &desk.company, &double];
        let mut longest = std::collections::BTreeMap::new();
        for (n, who) in callers.into_iter().enumerate() {
            for (queue, count) in counts(who).await {
                let path = format!("/v1/desk/{queue}?limit=100&include=total");
                let page: CasePage = who.get(&path).await.expect(200).json();
                let listed = i64::try_from(page.items.len()).expect("few");
                assert_eq!((listed, page.total), (count, Some(count)), "{queue} of caller {n} after {days} days");
                let longest = longest.entry(queue).or_insert(0);
                *longest = count.max(*longest);
            }
        }
        let empty: Vec<_> = longest.iter().filter(|(_, n)| **n == 0).map(|(queue, _)| queue.as_str()).collect();
        let expected: &[&str] = if days == 0 { &["overdue"] } else { &["due_today"] };
        assert!(
            empty.iter().all(|queue| expected.contains(queue)),
            "{empty:?} after {days} days: nothing was compared"
        );
    }
}

#[actix_web::test]
async fn each_tier_finds_what_went_up_to_it() {
    let desk = busy().await;
    let of =
        |counts: Vec<(String, i64)>, name: &str| counts.iter().find(|(queue, _)| queue == name).expect("a queue").1;
    assert_eq!(of(counts(&desk.street).await, "to_dispatch"), 1);
    assert_eq!(of(counts(&desk.district).await, "to_accept"), 1);
    assert_eq!(of(counts(desk.worker()).await, "to_approve"), 2, "a pause and an extension of the branch's cases");
    assert_eq!(of(counts(&desk.street).await, "to_approve"), 0);
    assert_eq!(of(counts(&desk.street).await, "to_visit"), 1, "the street visits as well");
    let other = desk.app().actor(Role::StreetOfficer, "620902001").await;
    assert!(counts(&other).await.iter().all(|(_, n)| *n == 0));
}

#[actix_web::test]
async fn three_statements_for_a_desk_and_one_for_a_page() {
    let desk = busy().await;
    let worker = desk.app().community_worker(TONGDEXIANG).await;
    let statements = desk.app().watch_statements().await;
    for (path, most) in [
        ("/v1/desk", 3),
        ("/v1/desk/to_accept", 1),
        ("/v1/desk/to_accept?limit=100", 1),
        ("/v1/desk/to_dispatch", 2),
        ("/v1/desk/to_visit", 2),
        ("/v1/desk/overdue", 2),
        ("/v1/desk/to_approve", 1),
        ("/v1/cases", 1),
        ("/v1/cases?open=true&sort=due", 1),
    ] {
        statements.store(0, Ordering::Relaxed);
        worker.get(path).await.expect(200);
        let asked = statements.load(Ordering::Relaxed);
        assert!((1..=most).contains(&asked), "{path}: {asked} statements");
    }
}

#[actix_web::test]
async fn a_queue_of_two_states_is_paged_by_due_date() {
    let desk = Desk::new().await;
    for n in 0..7 {
        let case = if n % 2 == 0 { desk.accepted().await } else { desk.dispatched().await };
        if n % 2 == 1 {
            let objection = json!({ "reason": "not_ours", "note": "属供热公司" });
            take(&desk.company, &case, "return", objection).await.expect(200);
        }
    }
    let mut seen = Vec::new();
    let mut path = "/v1/desk/to_dispatch?limit=2".to_owned();
    loop {
        let page: CasePage = desk.worker().get(&path).await.expect(200).json();
        seen.extend(page.items.iter().map(|item| (item.due_at, item.id)));
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/v1/desk/to_dispatch?limit=2&cursor={cursor}");
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen.len(), &seen), (7, &sorted));
}

/// How SQLite reads what is asked for: off which index, and whether it sorts.
async fn plans(desk: &Desk, who: &Client, path: &str) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    let texts = desk.app().watch_sql().await;
    who.get(path).await.expect(200);
    let texts: Vec<String> = texts.lock().expect("the texts").drain(..).collect();
    let read = desk.app().app.db.read(move |c| {
        let lines = texts.iter().map(|text| {
            let lines: Vec<Line> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {text}")).load(c)?;
            Ok(lines.into_iter().map(|line| line.detail).collect::<Vec<_>>().join("; "))
        });
        lines.collect::<platform::Result<Vec<_>>>()
    });
    read.await.expect("the plans")
}

/// PostgreSQL chooses by what it knows of the rows, which of a few thousand says nothing about millions; SQLite chooses by
/// the statement alone.
#[actix_web::test]
async fn pages_are_read_off_an_index_in_their_own_order() {
    let desk = Desk::new().await;
    many_roads(&desk, 1500).await;
    if desk.app().app.db.engine() != Engine::Sqlite {
        let page: CasePage = desk.worker().get("/v1/desk/to_accept?include=total").await.expect(200).json();
        assert_eq!((page.items.len(), page.total), (20, Some(300)));
        return;
    }
    let country = desk.app().actor(Role::DistrictCoord, DISTRICT).await;
    let street = desk.app().actor(Role::StreetOfficer, STREET).await;
    for (who, path, index) in [
        (desk.worker(), "/v1/desk/to_accept", "cases_open"),
        (desk.worker(), "/v1/desk/to_dispatch", "cases_open"),
        (desk.worker(), "/v1/desk/overdue", "cases_due"),
        (desk.worker(), "/v1/cases", "cases_community"),
        (desk.worker(), "/v1/cases?kind=repair", "cases_community"),
        (desk.worker(), "/v1/cases?open=true&sort=due", "cases_due"),
        (&country, "/v1/cases", "sqlite_autoindex_cases_1"),
        (&country, "/v1/cases?kind=repair", "sqlite_autoindex_cases_1"),
        (&country, "/v1/cases?overdue=true&sort=due", "cases_due_anywhere"),
        (&country, "/v1/desk/to_accept", "cases_high"),
        (&street, "/v1/desk/to_accept", "cases_high"),
        (&desk.company, "/v1/cases", "cases_handler_org"),
        (&desk.company, "/v1/desk/to_sign", "cases_in_hand"),
    ] {
        let plans = plans(&desk, who, path).await;
        assert!(plans.iter().any(|plan| plan.contains(index)), "{path}: {plans:#?}");
        assert!(!plans.iter().any(|plan| plan.contains("TEMP B-TREE")), "{path} sorts: {plans:#?}");
        assert!(!plans.iter().any(|plan| plan.starts_with("SCAN cases;")), "{path} reads all: {plans:#?}");
    }
}
