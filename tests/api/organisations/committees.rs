//! Owners' and self-management committees: sizes, terms, filing.

use platform::auth::Role;
use registry::territory::dto::CompoundOut;
use roster::organisations::OrgStatus;
use roster::organisations::dto::{OrganisationOut, TermOut, TermPage};
use serde_json::{Value, json};

use super::{ORGANISATIONS, Town, committee_in, filing, rule_in, step, taken, to_status};
use crate::support::Client;
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::territory::{CANGHOU, compound, compound_in, made};

fn with(mut body: Value, member: &str, value: Value) -> Value {
    body["committee"][member] = value;
    body
}

#[actix_web::test]
async fn a_committee_has_an_odd_size_and_five_years_at_most() {
    let town = Town::new().await;
    let of = &town.compound;
    for (body, code, member) in [
        (committee_in(of, 6), "organisations.committee_even", "seats"),
        (committee_in(of, 4), "organisations.committee_even", "seats"),
        (committee_in(of, 3), "organisations.committee_size", "seats"),
        (committee_in(of, 13), "organisations.committee_size", "seats"),
        (with(committee_in(of, 7), "term_to", json!("2029-01-02")), "organisations.committee_term", "term_to"),
        (with(committee_in(of, 7), "term_to", json!("2024-01-01")), "organisations.period", "term_to"),
        (with(committee_in(of, 7), "term_from", json!("2023-12-01")), "organisations.too_early", "term_from"),
        (with(committee_in(of, 7), "elected_on", json!("2024-01-16")), "organisations.in_the_future", "elected_on"),
    ] {
        let problem = town.worker.post(ORGANISATIONS, body).await.refused(422, code);
        assert_eq!(problem.errors[0].pointer, Some(format!("#/committee/{member}")));
    }
    let mut bare = committee_in(of, 7);
    bare.as_object_mut().expect("an object").remove("committee");
    town.worker.post(ORGANISATIONS, bare).await.refused(422, "organisations.committee_needed");
    let mut elsewhere = committee_in(of, 7);
    elsewhere["area_code"] = json!(TONGDEXIANG);
    town.worker.post(ORGANISATIONS, elsewhere).await.refused(422, "organisations.compound_area");
    let row: OrganisationOut = made(town.worker.post(ORGANISATIONS, committee_in(of, 7)).await);
    assert_eq!((row.compound_id, row.term.map(|term| term.seats)), (Some(of.id), Some(7)));
    town.worker.post(ORGANISATIONS, committee_in(of, 5)).await.refused(409, "organisations.committee_exists");
}

#[actix_web::test]
async fn a_committee_takes_office_by_being_filed_and_late_is_flagged() {
    let town = Town::new().await;
    let street = town.app.actor(Role::StreetOfficer, STREET).await;
    let row: OrganisationOut = made(town.worker.post(ORGANISATIONS, committee_in(&town.compound, 5)).await);
    let status = format!("{ORGANISATIONS}/{}/status", row.id);
    step(&town.worker, &status, to_status("active")).await.refused(422, "organisations.file_first");
    let term = row.term.expect("a term");
    assert_eq!((term.filing_due.to_string().as_str(), term.filed_late), ("2024-01-19", false));
    let file = format!("/v1/committee-terms/{}/file", term.id);
    step(&town.worker, &file, filing()).await.refused(403, "forbidden");
    let early = json!({ "on": "2023-12-19", "filing_no": "x" });
    step(&street, &file, early).await.refused(422, "organisations.too_early");
    let filed: TermOut = taken(&street, &file, filing()).await;
    assert_eq!((filed.filed_late, filed.filing_no.as_deref()), (false, Some("肃房备〔2024〕12号")));
    step(&street, &file, filing()).await.refused(409, "organisations.term_filed");
    let now: OrganisationOut = town.worker.get(&format!("{ORGANISATIONS}/{}", row.id)).await.json();
    assert_eq!(now.status, OrgStatus::Active);

    let other = compound(&town.worker, TONGDEXIANG, "金水湾").await;
    let late = with(committee_in(&other, 5), "elected_on", json!("2023-12-01"));
    let row: OrganisationOut = made(town.worker.post(ORGANISATIONS, late).await);
    let term = row.term.expect("a term");
    assert!(term.filed_late, "past the day and not filed");
    let filed: TermOut = taken(&town.authority, &format!("/v1/committee-terms/{}/file", term.id), filing()).await;
    assert!(filed.filed_late);
}

#[actix_web::test]
async fn the_next_term_ends_the_one_before_and_is_filed_anew() {
    let town = Town::new().await;
    let body = with(committee_in(&town.compound, 5), "elected_on", json!("2020-03-01"));
    let body = with(with(body, "term_from", json!("2020-03-06")), "term_to", json!("2024-02-28"));
    let row: OrganisationOut = made(town.worker.post(ORGANISATIONS, body).await);
    let soon: TermPage = town.worker.get("/v1/committee-terms?expiring_within=60").await.expect(200).json();
    assert_eq!(soon.items.len(), 1);
    let next = json!({ "seats": 7, "elected_on": "2024-01-05", "term_from": "2024-01-10", "term_to": "2029-01-09" });
    let path = format!("{ORGANISATIONS}/{}/terms", row.id);
    let mut even = next.clone();
    even["seats"] = json!(8);
    let problem = town.worker.post(&path, even).await.refused(422, "organisations.committee_even");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/seats"));
    let mut back = next.clone();
    back["term_from"] = json!("2024-01-05");
    back["elected_on"] = json!("2019-01-01");
    back["term_from"] = json!("2020-03-06");
    back["term_to"] = json!("2024-03-05");
    town.worker.post(&path, back).await.refused(409, "organisations.term_running");
    let term: TermOut = made(town.worker.post(&path, next).await);
    assert_eq!((term.seats, term.filed_on), (7, None));
    let all: TermPage =
        town.worker.get(&format!("/v1/committee-terms?status=all&organisation_id={}", row.id)).await.json();
    let ends: Vec<Option<String>> = all.items.iter().map(|term| term.ended_on.map(|day| day.to_string())).collect();
    assert_eq!(ends, [Some("2024-01-10".to_owned()), None]);
    let unfiled: TermPage = town.worker.get("/v1/committee-terms?filed=false").await.json();
    assert_eq!(unfiled.items.iter().map(|row| row.id).collect::<Vec<_>>(), [term.id]);
    let squad = super::body(&town.worker, "volunteer_squad", "志愿队", TONGDEXIANG).await;
    let next = json!({ "seats": 7, "elected_on": "2024-01-05", "term_from": "2024-01-10", "term_to": "2029-01-09" });
    town.worker
        .post(&format!("{ORGANISATIONS}/{}/terms", squad.id), next)
        .await
        .refused(422, "organisations.committee_needed");
}

#[actix_web::test]
async fn a_dissolved_committee_makes_room_for_another() {
    let town = Town::new().await;
    let row: OrganisationOut = made(town.worker.post(ORGANISATIONS, committee_in(&town.compound, 5)).await);
    taken::<OrganisationOut>(&town.worker, &format!("{ORGANISATIONS}/{}/status", row.id), to_status("dissolved")).await;
    let ended: TermPage = town.worker.get("/v1/committee-terms?status=ended").await.json();
    assert_eq!(ended.items.len(), 1);
    let file = format!("/v1/committee-terms/{}/file", ended.items[0].id);
    step(&town.authority, &file, filing()).await.refused(409, "organisations.ended");
    made::<OrganisationOut>(town.worker.post(ORGANISATIONS, committee_in(&town.compound, 7)).await);
}

/// Committees of three for a place's small compounds, a term of four years and a filing within fifteen days.
fn of_three(area: &str) -> Value {
    rule_in(
        "organisations.committees",
        area,
        json!({ "min_seats": 5, "max_seats": 11, "small_min_seats": 3,
        "small_households": 80, "max_term_years": 4, "filing_days": 15 }),
    )
}

async fn yard(who: &Client, community: &str, name: &str, households: i32) -> CompoundOut {
    let mut body = compound_in(community, name);
    body["households"] = json!(households);
    made(who.post("/v1/compounds", body).await)
}

/// A committee elected today, since when the rules of these tests hold.
fn elected_today(of: &CompoundOut, seats: i32) -> Value {
    let body = with(committee_in(of, seats), "elected_on", json!("2024-01-15"));
    with(with(body, "term_from", json!("2024-01-15")), "term_to", json!("2028-01-14"))
}

#[actix_web::test]
async fn three_sit_on_a_committee_only_where_a_rule_set_allows_it() {
    let town = Town::new().await;
    let small = yard(&town.worker, TONGDEXIANG, "西环北路 8 号", 80).await;
    let large = yard(&town.worker, TONGDEXIANG, "帝豪花园", 81).await;
    let refused = async |who: &Client, body: Value, code: &str| who.post(ORGANISATIONS, body).await.refused(422, code);
    refused(&town.worker, elected_today(&small, 3), "organisations.committee_size").await;
    let rule = town.district.post("/v1/rule-sets", of_three(DISTRICT)).await.expect(201).value();
    // Nearer, and without the smaller size.
    let near =
        json!({ "min_seats": 5, "max_seats": 11, "small_households": 100, "max_term_years": 5, "filing_days": 30 });
    let near = rule_in("organisations.committees", CANGHOU, near);
    town.district.post("/v1/rule-sets", near).await.expect(201);

    refused(&town.worker, elected_today(&large, 3), "organisations.committee_size").await;
    refused(&town.worker, elected_today(&town.compound, 3), "organisations.committee_size").await;
    let before = with(elected_today(&small, 3), "elected_on", json!("2024-01-14"));
    refused(&town.worker, before, "organisations.committee_size").await;
    let long = with(elected_today(&small, 3), "term_to", json!("2028-01-16"));
    refused(&town.worker, long, "organisations.committee_term").await;
    let there = town.app.community_worker(CANGHOU).await;
    let elsewhere = yard(&there, CANGHOU, "仓后院", 60).await;
    refused(&there, elected_today(&elsewhere, 3), "organisations.committee_size").await;

    let row: OrganisationOut = made(town.worker.post(ORGANISATIONS, elected_today(&small, 3)).await);
    let term = row.term.expect("a term");
    assert_eq!((term.seats, json!(term.rule_set_id)), (3, rule["id"].clone()));
    assert_eq!(term.filing_due.to_string(), "2024-01-30", "fifteen days, by the same rule");
    let usual: OrganisationOut = made(there.post(ORGANISATIONS, elected_today(&elsewhere, 5)).await);
    assert_eq!(usual.term.map(|term| term.filing_due.to_string()).as_deref(), Some("2024-02-14"));
}

#[actix_web::test]
async fn a_committee_of_three_is_filed_while_its_compound_is_small() {
    let town = Town::new().await;
    let small = yard(&town.worker, TONGDEXIANG, "西环北路 8 号", 80).await;
    town.district.post("/v1/rule-sets", of_three(TONGDEXIANG)).await.expect(201);
    let row: OrganisationOut = made(town.worker.post(ORGANISATIONS, elected_today(&small, 3)).await);
    let term = row.term.expect("a term");
    let file = format!("/v1/committee-terms/{}/file", term.id);
    let today = json!({ "on": "2024-01-15", "filing_no": "肃房备〔2024〕15号" });
    let compound = format!("/v1/compounds/{}", small.id);
    town.worker.patch(&compound, "*", json!({ "households": 120 })).await.expect(200);
    step(&town.authority, &file, today.clone()).await.refused(422, "organisations.committee_size");
    town.worker.patch(&compound, "*", json!({ "households": 79 })).await.expect(200);
    let filed: TermOut = taken(&town.authority, &file, today).await;
    assert_eq!((filed.filed_late, filed.rule_set_id), (false, term.rule_set_id));
    // The next term has the size of its own election's day.
    let next = json!({ "seats": 3, "elected_on": "2024-01-15", "term_from": "2024-01-16", "term_to": "2028-01-15" });
    let next: TermOut = made(town.worker.post(&format!("{ORGANISATIONS}/{}/terms", row.id), next).await);
    assert_eq!((next.seats, next.rule_set_id), (3, term.rule_set_id));
}
