//! Every operation × every role: the live answer agrees with the scope in the document, and no role sees another
//! district's rows.

use actix_web::http::Method;
use platform::auth::{Holders, Role};
use serde_json::Value;

use super::sample::{Operation, document, operations};
use crate::support::{Client, Reply, Seeds, TestApp};

const NOBODY: &str = "019b0000-0000-7000-8000-00000000dead";

async fn call(client: &Client, operation: &Operation, path: &str, body: Option<Vec<u8>>) -> Reply {
    let method: Method = operation.method.to_uppercase().parse().expect("a method");
    let reply = client.send(method, path, &operation.headers(), body).await;
    operation.allows(&reply);
    reply
}

/// Logging out ends the session that the other calls need, so it goes last.
fn in_order(document: &Value) -> Vec<Operation> {
    let mut all = operations(document);
    all.sort_by_key(|operation| operation.id == "log_out");
    all
}

#[actix_web::test]
async fn the_live_answers_agree_with_the_scopes() {
    let app = TestApp::spawn().await;
    let document = document();
    let scopes = red_steward::scopes();
    for role in Role::ALL {
        let client = app.actor(*role, "").await;
        for operation in in_order(&document) {
            // An empty body: whoever is let in gets no further than its checks.
            let body = operation.has_body().then(|| b"{".to_vec());
            let reply = call(&client, &operation, &operation.path_for(NOBODY), body).await;
            let holders = match &operation.scope {
                None => Holders::Everyone,
                Some(scope) => scopes.iter().find(|info| info.name == scope).expect("a known scope").holders,
            };
            let refused = reply.status() == 403 && reply.problem().code == "forbidden";
            assert_eq!(refused, !holders.include(*role), "{role} at {}: {}", operation.id, reply.text());
            if refused {
                assert_eq!(reply.problem().required_scope, operation.scope, "{}", operation.id);
            }
            assert!(reply.status() < 500, "{role} at {}: {}", operation.id, reply.text());
        }
    }
}

#[actix_web::test]
async fn without_a_token_only_public_operations_answer() {
    let app = TestApp::spawn().await;
    let document = document();
    for operation in operations(&document) {
        let body = operation.has_body().then(|| b"{}".to_vec());
        let reply = call(&app.anonymous(), &operation, &operation.path_for(NOBODY), body).await;
        match operation.scope {
            Some(_) => drop(reply.refused(401, "unauthenticated")),
            None => assert!(reply.status() != 403 && reply.status() < 500, "{}: {}", operation.id, reply.text()),
        }
        let bad = call(&app.with_token("x.y.z"), &operation, &operation.path_for(NOBODY), Some(b"{}".to_vec())).await;
        if operation.scope.is_some() {
            bad.refused(401, "invalid_token");
        }
    }
}

/// The id of a seeded row of the kind that a path is about; `None` where a path has no parameter or is about oneself.
fn seeded(seeds: &Seeds, path: &str) -> Option<String> {
    let collection = path.trim_start_matches("/v1/").split('/').next()?;
    let id = match collection {
        "divisions" | "areas" => seeds.community.clone(),
        "grids" => seeds.grid.clone(),
        "compounds" => seeds.compound.clone(),
        "mode-changes" => seeds.mode_change.clone(),
        "buildings" => seeds.building.clone(),
        "units" => seeds.unit.clone(),
        "rooms" => seeds.room.clone(),
        "contact-assignments" => seeds.contact.clone(),
        "accounts" => seeds.account.clone(),
        "grants" => seeds.grant.clone(),
        "api-clients" => seeds.api_client.clone(),
        "me" if path.contains("/cases/") => seeds.case.clone(),
        "me" => seeds.session.clone(),
        "rule-sets" | "rules-in-force" => seeds.rule_set.clone(),
        "calendars" => seeds.calendar.clone(),
        "calendar-days" => seeds.calendar_day.clone(),
        "publicities" => seeds.publicity.clone(),
        "objections" => seeds.objection.clone(),
        "organisations" if path.ends_with("/credit-balance") => seeds.standings.company.clone(),
        "organisations" => seeds.organisation.clone(),
        "committee-terms" => seeds.committee_term.clone(),
        "service-contracts" => seeds.service_contract.clone(),
        "party-coverages" => seeds.party_coverage.clone(),
        "instructor-links" => seeds.instructor_link.clone(),
        "partnerships" => seeds.partnership.clone(),
        "post-areas" => seeds.post_area.clone(),
        "supplier-links" => seeds.supplier_link.clone(),
        "persons" => seeds.people.person.clone(),
        "residencies" => seeds.people.residency.clone(),
        "checkins" => seeds.people.checkin.clone(),
        "consents" => seeds.people.consent.clone(),
        "data-requests" => seeds.people.data_request.clone(),
        "posts" | "vacancies" => seeds.tenures.post.clone(),
        "appointments" | "cross-appointments" => seeds.tenures.appointment.clone(),
        "election-records" => seeds.tenures.election.clone(),
        "interest-declarations" => seeds.tenures.declaration.clone(),
        "cases" => seeds.case.clone(),
        "meeting-series" => seeds.meetings.series.clone(),
        "meetings" => seeds.meetings.meeting.clone(),
        "meeting-seats" => seeds.meetings.seat.clone(),
        "agenda-items" => seeds.meetings.item.clone(),
        "minutes-amendments" => seeds.meetings.amendment.clone(),
        "resolutions" => seeds.meetings.resolution.clone(),
        "action-items" => seeds.meetings.action.clone(),
        "notices" => seeds.notices.notice.clone(),
        "alliance-groups" => seeds.notices.group.clone(),
        "alliance-posts" => seeds.notices.post.clone(),
        "rating-schemes" => seeds.ratings.scheme.clone(),
        "rating-campaigns" => seeds.ratings.campaign.clone(),
        "rating-projects" => seeds.ratings.project.clone(),
        "rating-claims" => seeds.ratings.claim.clone(),
        "rating-sheets" => seeds.ratings.sheet.clone(),
        "rating-facts" => seeds.ratings.fact.clone(),
        "rating-results" => seeds.ratings.result.clone(),
        "rating-appeals" => seeds.ratings.appeal.clone(),
        "listings" => seeds.standings.listing.clone(),
        "credit-events" => seeds.standings.credit_event.clone(),
        "rankings" => seeds.standings.ranking.clone(),
        "reported-figures" => seeds.reported_figure.clone(),
        "survey-forms" => seeds.surveys.form.clone(),
        "survey-rounds" => seeds.surveys.round.clone(),
        "survey-consequences" => seeds.surveys.consequence.clone(),
        "checklists" => seeds.standards.checklist.clone(),
        "check-runs" => seeds.standards.run.clone(),
        "commitments" => seeds.standards.commitment.clone(),
        "weekly-items" => seeds.standards.weekly.clone(),
        "assessments" => seeds.standards.assessment.clone(),
        "red-line-deductions" => seeds.standards.red_line.clone(),
        "target-contracts" => seeds.standards.target_contract.clone(),
        // A queue is the caller's own.
        "desk" => return None,
        other => panic!("the test knows no row of {other}: seed one"),
    };
    path.contains('{').then_some(id)
}

/// The path to a seeded row, and to what lies below it.
fn path_to(operation: &Operation, seeds: &Seeds, id: &str) -> String {
    let path = operation.path.replace("{file}", &seeds.case_file).replace("{photo}", &seeds.notices.photo);
    // Evidence of a claim, of an entry of the lists, or of a check.
    let evidence = match path.split('/').nth(2) {
        Some("rating-claims") => &seeds.ratings.claim_file,
        Some("listings") => &seeds.standings.evidence,
        _ => &seeds.standards.evidence,
    };
    let path = path.replace("{evidence}", evidence);
    Operation { path, ..operation.clone() }.path_for(id)
}

#[actix_web::test]
async fn another_districts_rows_are_answered_404_for_every_role() {
    let app = TestApp::spawn().await;
    let seeds = Seeds::plant(&app).await;
    let document = document();
    let scopes = red_steward::scopes();
    let with_row = operations(&document).into_iter().filter(|o| o.scope.is_some() && o.path.contains('{'));
    let with_row: Vec<Operation> = with_row.collect();
    for role in Role::ALL {
        let client = app.actor(*role, "130402").await;
        for operation in &with_row {
            let scope = operation.scope.as_deref().expect("a scope");
            let info = scopes.iter().find(|info| info.name == scope).expect("a known scope");
            let Some(id) = seeded(&seeds, &operation.path).filter(|_| info.holders.include(*role)) else { continue };
            let body = operation.sample_body(&document);
            let reply = call(&client, operation, &path_to(operation, &seeds, &id), body).await;
            assert_eq!(reply.status(), 404, "{role} at {}: {}", operation.id, reply.text());
        }
    }
}

/// The operation's path with `area` in the place of its example.
fn within(operation: &Operation, area: &str) -> String {
    let path = operation.path_for(NOBODY);
    let (path, query) = path.split_once('?').unwrap_or((&path, ""));
    let others = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("area="));
    let query: Vec<String> = others.map(str::to_owned).chain([format!("area={area}")]).collect();
    format!("{path}?{}", query.join("&"))
}

/// Whether a filter by an area that the caller does not reach, or that is none, finds nothing or is told so, is in the
/// document.
#[actix_web::test]
async fn filters_by_foreign_areas_answer_what_is_documented() {
    let app = TestApp::spawn().await;
    Seeds::plant(&app).await;
    let document = document();
    let client = app.actor(Role::DistrictCoord, "130402").await;
    let takes_area = |o: &Operation| {
        let parameters = o.spec["parameters"].as_array();
        o.method == "get" && parameters.is_some_and(|all| all.iter().any(|p| p["name"] == "area"))
    };
    let mut unknown = 0;
    for operation in operations(&document).into_iter().filter(takes_area) {
        for area in ["620902", "620902005003", "139999", "990101"] {
            let reply = call(&client, &operation, &within(&operation, area), None).await;
            unknown += usize::from(reply.status() == 404);
        }
    }
    assert!(unknown > 100, "only {unknown} were told that there is no such area");
}

/// The seeds themselves are there: their own district sees each of them. Who has an answer already is told so where the
/// document says it.
#[actix_web::test]
async fn the_same_rows_are_seen_in_their_own_district() {
    let app = TestApp::spawn().await;
    let seeds = Seeds::plant(&app).await;
    let document = document();
    let roles = [(Role::DistrictCoord, "620902"), (Role::Auditor, "620902")];
    let client = app.actor_with(&roles).await;
    // What is one's own is nobody else's, whatever their office.
    let shared = |o: &Operation| o.method == "get" && o.scope.is_some() && !o.path.starts_with("/v1/me/");
    let mut tagged = 0;
    for operation in operations(&document).into_iter().filter(shared) {
        let Some(id) = operation.path.contains('{').then(|| seeded(&seeds, &operation.path)).flatten() else {
            continue;
        };
        let reply = call(&client, &operation, &path_to(&operation, &seeds, &id), None).await;
        assert_eq!(reply.status(), 200, "{}: {}", operation.id, reply.text());
        let Some(tag) = reply.header("etag") else { continue };
        let again =
            client.send(Method::GET, &path_to(&operation, &seeds, &id), &[("if-none-match", tag.as_str())], None).await;
        let told = operation.spec["responses"]["304"].is_object();
        assert_eq!(again.status(), if told { 304 } else { 200 }, "{} to who has {tag}", operation.id);
        tagged += 1;
    }
    assert!(tagged > 40, "only {tagged} answers had a tag");
}
