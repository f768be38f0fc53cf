//! Who may ask, for which area, and what cannot be asked: each parameter is refused by its name.

use oversight::statistics::dto::{Breakdown, CatalogueOut, FigureKey};
use platform::auth::Role;
use platform::http::ProblemBody;

use super::{overview, statistics};
use crate::cases::support::Desk;
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, TestApp};

#[actix_web::test]
async fn everybody_reads_how_a_figure_is_made() {
    let app = TestApp::spawn().await;
    let resident = app.actor(Role::Resident, TONGDEXIANG).await;
    let told: CatalogueOut = resident.get("/v1/statistics/catalogue").await.expect(200).json();
    let keys: Vec<FigureKey> = told.items.iter().map(|entry| entry.figure).collect();
    assert_eq!(keys.len(), FigureKey::ALL.len());
    let entry = told.items.iter().find(|entry| entry.figure == FigureKey::OnTimeClosure).expect("F6");
    assert_eq!((entry.formula.as_str(), entry.breakdowns.as_slice()), ("F6", Breakdown::ALL));
    assert!(entry.words_zh.contains('÷') && entry.words_en.contains('÷') && !entry.source.is_empty());
    assert!(told.items.iter().all(|entry| !entry.feeds.is_empty() && entry.steps.len() == 5));
    app.anonymous().get("/v1/statistics/catalogue").await.refused(401, "unauthenticated");
}

const PATHS: [&str; 3] = [
    "statistics?figures=service_coverage",
    "statistics/series?figure=service_coverage&from=2024-01-01&to=2024-01-15&step=day",
    "overview",
];

#[actix_web::test]
async fn an_area_that_is_not_ones_own_or_not_there_is_not_found() {
    let desk = Desk::new().await;
    for path in PATHS {
        let at = |area: &str| format!("/v1/areas/{area}/{path}");
        desk.worker().get(&at(TONGDEXIANG)).await.expect(200);
        desk.worker().get(&at(desk.place())).await.expect(200);
        for area in [DISTRICT, STREET, "620902001002", "130402", "620902004007", "620902005003-9999"] {
            desk.worker().get(&at(area)).await.refused(404, "not_found");
        }
        for area in ["620902999", "620902005003001", &format!("{}-001", desk.place())] {
            desk.district.get(&at(area)).await.refused(404, "not_found");
        }
        desk.company.get(&at(desk.place())).await.refused(403, "forbidden");
        desk.app().anonymous().get(&at(TONGDEXIANG)).await.refused(401, "unauthenticated");
    }
}

fn refused_at(problem: &ProblemBody) -> Vec<&str> {
    problem.errors.iter().filter_map(|fault| fault.parameter.as_deref()).collect()
}

async fn refused(who: &Client, path: &str, parameter: &str) {
    let reply = who.get(&format!("/v1/areas/{TONGDEXIANG}/{path}")).await;
    assert_eq!(reply.status(), 400, "{path}: {}", reply.text());
    assert_eq!(refused_at(&reply.problem()), [parameter], "{path}");
}

#[actix_web::test]
async fn what_cannot_be_asked_is_refused_by_its_name() {
    let desk = Desk::new().await;
    let who = desk.worker();
    let series = "statistics/series?figure=accepted_per_day&step=day";
    let cases = [
        ("statistics?figures=nothing".to_owned(), "figures"),
        ("statistics?figures=service_coverage,service_coverage".to_owned(), "figures"),
        ("statistics?figures=".to_owned(), "figures"),
        ("statistics?figures=service_coverage&by=company".to_owned(), "by"),
        ("statistics?figures=visit_rate&by=category".to_owned(), "by"),
        ("statistics?by=street".to_owned(), "by"),
        ("statistics?as_of=2024-02-30".to_owned(), "as_of"),
        ("statistics?as_of=2024-01-16".to_owned(), "as_of"),
        ("statistics?from=2024-01-10&to=2024-01-09".to_owned(), "to"),
        ("statistics?from=2022-01-01&to=2023-12-31".to_owned(), "to"),
        ("statistics?from=x".to_owned(), "from"),
        ("statistics?year_on_year=perhaps".to_owned(), "year_on_year"),
        ("statistics?colour=red".to_owned(), "colour"),
        ("statistics/series?figure=nothing&from=2024-01-01&to=2024-01-02&step=day".to_owned(), "figure"),
        ("statistics/series?figure=visit_rate&from=2024-01-01&to=2024-01-02&step=hour".to_owned(), "step"),
        (format!("{series}&from=2024-01-02&to=2024-01-01"), "to"),
        (format!("{series}&from=2024-01-02&to=2024-01-16"), "to"),
        (format!("{series}&from=2023-01-01&to=2024-01-01"), "step"),
        (format!("{series}&from=2024-01-01"), "to"),
        ("overview?days=0".to_owned(), "days"),
        ("overview?days=367".to_owned(), "days"),
        ("overview?fields=cases,everything".to_owned(), "fields"),
        ("overview?fields=cases,cases".to_owned(), "fields"),
        ("overview?as_of=2024-01-01".to_owned(), "as_of"),
        ("statistics/export?format=pdf".to_owned(), "format"),
        ("statistics/export?figures=visit_rate".to_owned(), "format"),
    ];
    let exporter = desk.app().actor_with(&[(Role::CommunitySecretary, TONGDEXIANG)]).await;
    for (path, parameter) in &cases {
        refused(if path.contains("export") { &exporter } else { who }, path, parameter).await;
    }
    let compound = who.get(&format!("/v1/areas/{}/statistics?by=area", desk.place())).await;
    assert_eq!(refused_at(&compound.problem()), ["by"], "nothing lies below a compound");
}

#[actix_web::test]
async fn a_program_reads_what_it_was_given_and_no_other_area() {
    let app = TestApp::spawn().await;
    let seeds = crate::support::Seeds::plant(&app).await;
    let district = app.district().await;
    let body = serde_json::json!({ "name": "社区大屏", "area_code": TONGDEXIANG, "scopes": ["statistics:read"] });
    let client = district.post("/v1/api-clients", body).await.expect(201).value();
    let body = serde_json::json!({ "client_id": client["client"]["id"], "client_secret": client["client_secret"] });
    let token = app.anonymous().post("/v1/auth/client-token", body).await.expect(200).value();
    let screen = app.with_token(token["access_token"].as_str().expect("a token"));
    assert_eq!(overview(&screen, TONGDEXIANG, "").await.area, TONGDEXIANG);
    assert!(!statistics(&screen, TONGDEXIANG, "").await.items.is_empty());
    screen.get(&format!("/v1/areas/{DISTRICT}/overview")).await.refused(404, "not_found");
    screen.get(&format!("/v1/areas/{TONGDEXIANG}/statistics/export?format=csv")).await.refused(403, "forbidden");
    screen.get("/v1/statistics/catalogue").await.refused(403, "forbidden");
    screen.get(&format!("/v1/compounds/{}", seeds.compound)).await.refused(403, "forbidden");
}
