//! The demo's cross-appointments: the guards that would have let each of them pass, and the one that nobody passes.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use roster::appointments::dto::{CheckOut, GraphOut};
use serde_json::{Value, json};

use super::roster::{all, text};
use super::{demo_app, log_in};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, TestApp};

#[actix_web::test]
async fn the_crossings_and_their_guards() {
    let app = demo_app().await;
    let who = app.district().await;
    every_crossing_passes(&who).await;
    nobody_of_the_serving_company_passes(&app, &who).await;
    the_graph_has_an_edge_for_each(&who).await;
}

/// Asked about the next term of each of the 380, every guard passes but one: who was elected must be elected again. That
/// they were elected for this term stands in the election records.
async fn every_crossing_passes(who: &Client) {
    let crossings = all(who, "/v1/appointments?cross=true&").await;
    assert_eq!(crossings.len(), 380);
    let elections = all(who, "/v1/election-records?").await;
    let elected: BTreeSet<(&str, &str)> = elections
        .iter()
        .flat_map(|record| record["electees"].as_array().into_iter().flatten())
        .map(|electee| (text(electee, "person_id"), text(electee, "post_id")))
        .collect();
    for crossing in &crossings {
        let check = next_term(who, crossing).await;
        assert_eq!(check.direction.as_deref(), crossing["direction"].as_str());
        let failed: Vec<&str> = check.guards.iter().filter(|g| !g.passed).map(|g| g.code.as_str()).collect();
        if text(crossing, "route") == "elected" {
            assert_eq!(failed, ["appointments.no_election"], "{crossing}");
            assert!(elected.contains(&(text(crossing, "person_id"), text(crossing, "post_id"))), "{crossing}");
        } else {
            assert_eq!(failed, [""; 0], "{crossing}");
        }
    }
}

async fn next_term(who: &Client, crossing: &Value) -> CheckOut {
    let last: NaiveDate = text(crossing, "last_day").parse().expect("a day");
    let from = last + chrono::Duration::days(1);
    let body = json!({ "person_id": crossing["person_id"], "post_id": crossing["post_id"],
        "home_appointment_id": crossing["home_appointment_id"], "renews_id": crossing["id"],
        "route": crossing["route"], "term_from": from, "term_to": from + chrono::Duration::days(365) });
    who.post("/v1/appointments/check", body).await.expect(200).json()
}

/// 监督与被监督: whoever works for the company that serves a compound has no seat on its committee, in whatever office.
async fn nobody_of_the_serving_company_passes(app: &TestApp, district: &Client) {
    let who = log_in(app, "worker.tongdexiang").await;
    let company = who.get("/v1/organisations?q=新东名都&kind=property_company").await.expect(200).value();
    let of_company = format!("/v1/appointments?organisation_id={}&", text(&company["items"][0], "id"));
    let staff = all(district, &of_company).await;
    assert_eq!(staff.len(), 5);
    let chairs = all(&who, &format!("/v1/posts?area={TONGDEXIANG}&kind=chair&")).await;
    for (serial, refused) in [(1, true), (2, true), (3, true), (4, false), (6, false)] {
        let area = format!("{TONGDEXIANG}-{serial:04}");
        let post = chairs.iter().find(|post| text(post, "area_code") == area).expect("a chair's seat");
        for employee in &staff {
            let body = json!({ "person_id": employee["person_id"], "post_id": post["id"], "route": "elected",
                "term_from": "2024-02-01", "term_to": "2026-12-31" });
            let check: CheckOut = who.post("/v1/appointments/check", body).await.expect(200).json();
            let guard = check.guards.iter().find(|guard| guard.code == "appointments.company_conflict");
            assert_eq!(guard.map(|guard| guard.passed), Some(!refused), "{area}: {employee}");
            assert!(!check.passed, "none of them owns there either");
        }
    }
}

async fn the_graph_has_an_edge_for_each(who: &Client) {
    let whole: GraphOut = who.get(&format!("/v1/areas/{DISTRICT}/cross-appointments")).await.expect(200).json();
    assert_eq!(whole.edges.len(), 380);
    let known: BTreeSet<_> = whole.nodes.iter().map(|node| node.id).collect();
    assert!(whole.edges.iter().all(|edge| known.contains(&edge.from) && known.contains(&edge.to)));

    let here: GraphOut = who.get(&format!("/v1/areas/{TONGDEXIANG}/cross-appointments")).await.expect(200).json();
    let count = |direction: &str| here.edges.iter().filter(|edge| edge.direction == direction).count();
    assert_eq!(count("community_to_committee"), 6);
    assert_eq!(count("branch_to_big_committee"), 4);
    assert_eq!(count("community_to_company_branch"), 3);
    // The heads of the two companies that begin to serve here, and their project managers.
    assert_eq!(count("company_to_community"), 4);
    assert_eq!(here.edges.len(), 17);
    let below = |code: &str| code.starts_with(TONGDEXIANG);
    assert!(here.edges.iter().all(|edge| below(&edge.area_code)));
}
