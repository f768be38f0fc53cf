//! Scenario 17: a day that is past stays as it was, whatever moves to another street or changes its mode afterwards.

use chrono::Duration;
use oversight::statistics::dto::FigureKey;
use platform::auth::Role;
use serde_json::{Value, json};

use super::{one, statistics, told};
use crate::cases::support::{Desk, taken, visit};
use crate::demo::{loaded, log_in};
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, TestApp};

const EAST: &str = "620902001";
const MINZHU: &str = "620902001002";

/// Everything that is told of both streets and of the district on a day that is past, but for when it was asked.
async fn past(who: &Client, query: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for area in [EAST, STREET, TONGDEXIANG, DISTRICT] {
        for by in ["", "&by=area"] {
            let told = statistics(who, area, &format!("?{query}{by}")).await;
            all.push(serde_json::to_value(told.items).expect("JSON"));
        }
    }
    all
}

#[actix_web::test]
async fn a_compound_that_moves_leaves_past_days_as_they_were() {
    let app = TestApp::spawn_with(loaded(), |_| {}).await;
    let who = log_in(&app, "coord.suzhou").await;
    let compounds = who.get("/v1/compounds?q=康盛花园").await.expect(200).value();
    let compound = compounds["items"][0]["id"].as_str().expect("an id").to_owned();
    let days = ["as_of=2023-12-31&from=2023-09-01", "as_of=2023-06-30", "as_of=2024-01-09"];
    let mut before = Vec::new();
    for day in days {
        before.push(past(&who, day).await);
    }
    let today = one(&who, STREET, FigureKey::ServiceCoverage, "").await;
    let stars = one(&who, EAST, FigureKey::ThreeStarsAndAbove, "").await;
    let body = json!({ "community_code": MINZHU, "on": "2024-01-10", "reason": "街道区划调整" });
    who.post(&format!("/v1/compounds/{compound}/move"), body).await.expect(200);

    for (day, before) in days.iter().zip(&before) {
        assert_eq!(&past(&who, day).await, before, "{day}");
    }
    let after = one(&who, STREET, FigureKey::ServiceCoverage, "").await;
    assert_eq!(after.denominator, today.denominator - 1, "from its day on it lies elsewhere");
    let there = one(&who, EAST, FigureKey::ThreeStarsAndAbove, "").await;
    assert_eq!(there.denominator, stars.denominator + 1, "its star goes with it");
    let members = one(&who, TONGDEXIANG, FigureKey::CommitteeSize, "").await;
    assert_eq!((members.numerator, members.denominator), (111 - 7, 20), "its committee does");
    let then = one(&who, TONGDEXIANG, FigureKey::CommitteeSize, "as_of=2024-01-09").await;
    assert_eq!(told(&then), (111, 21, Some("5.29")));
}

#[actix_web::test]
async fn a_mode_counts_from_its_day_on() {
    let app = TestApp::spawn_with(loaded(), |_| {}).await;
    let who = log_in(&app, "coord.suzhou").await;
    let officer = app.actor(Role::StreetOfficer, DISTRICT).await;
    let other = app.actor(Role::StreetOfficer, DISTRICT).await;
    let none = who.get("/v1/compounds?mode=none&area=620902&limit=1").await.expect(200).value();
    let compound = none["items"][0]["id"].as_str().expect("an id").to_owned();
    let coverage = |day: &str| {
        let (who, query) = (who.clone(), format!("as_of={day}"));
        async move { one(&who, DISTRICT, FigureKey::ServiceCoverage, &query).await }
    };
    let (before, on) = (coverage("2023-06-29").await, coverage("2023-06-30").await);
    let body = json!({ "mode": "self_managed", "effective_on": "2023-06-30", "reason": "居民自治",
        "evidence": { "kind": "resolution", "reference": "决议 2023-6" } });
    let change = officer.post(&format!("/v1/compounds/{compound}/mode-changes"), body).await.expect(201).value();
    let path = format!("/v1/mode-changes/{}/confirm", change["id"].as_str().expect("an id"));
    other.post(&path, json!({ "note": "材料齐全" })).await.expect(200);
    assert_eq!(told(&coverage("2023-06-29").await), told(&before));
    let counted = coverage("2023-06-30").await;
    assert_eq!((counted.numerator, counted.denominator), (on.numerator + 1, on.denominator));
    assert_eq!(coverage("2024-01-15").await.numerator, 425);
}

/// What was due stays where it was due: done, or open and overdue; what is due later goes with its compound.
#[actix_web::test]
async fn clocks_that_have_run_down_stay_where_they_ran_down() {
    let desk = Desk::new().await;
    let done = desk.done().await;
    taken(desk.worker(), &done, "visits", visit("satisfied")).await;
    let open = desk.reported().await;
    taken(&desk.branch, &open, "accept", json!({})).await;
    desk.app().clock.advance(Duration::days(20));
    let district = desk.app().district().await;
    let query = "from=2024-01-15&to=2024-02-04&as_of=2024-02-04";
    let at = |area: &'static str| {
        let district = district.clone();
        async move {
            let due = one(&district, area, FigureKey::OnTimeClosure, query).await;
            let visited = one(&district, area, FigureKey::VisitSatisfaction, query).await;
            ((due.numerator, due.denominator), (visited.numerator, visited.denominator))
        }
    };
    let (here, there) = (at(STREET).await, at(EAST).await);
    assert_eq!((here, there), (((1, 2), (1, 1)), ((0, 0), (0, 0))));
    desk.app().clock.advance(Duration::days(1));
    let district = desk.app().district().await;
    let id = desk.town.compound.id;
    let body = json!({ "community_code": MINZHU, "on": "2024-02-05", "reason": "调整" });
    district.post(&format!("/v1/compounds/{id}/move"), body).await.expect(200);
    let due = |area: &'static str| {
        let district = district.clone();
        async move { told(&one(&district, area, FigureKey::OnTimeClosure, query).await).0 }
    };
    assert_eq!((due(STREET).await, due(EAST).await), (1, 0));
    assert_eq!(one(&district, STREET, FigureKey::OnTimeClosure, query).await.denominator, 2);
}
