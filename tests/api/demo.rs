//! The demo district over HTTP. Its figures are the published ones of the seeds (domain D1, D2), each an oracle.

use ::roster::appointments::dto::{CheckOut, FiguresOut, GraphOut};
use ::roster::people::PersonId;
use std::sync::OnceLock;

use diesel::prelude::*;
use platform::auth::Role;
use platform::calendar::dto::CalendarOut;
use platform::schema::history;
use red_steward::demo::{self, NEWCOMER, PERSONAS};
use red_steward::start;
use registry::territory::dto::{
    CompoundPage, DivisionOut, GridOut, GridPage, ManagementMode, ModeHistoryOut, ProfileOut, RoomPage,
};
use serde_json::{Value, json};

use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Template, TestApp, TestDatabase, config};

mod cases;
mod crossing;
mod meetings;
mod notices;
mod privacy;
mod ratings;
mod roster;
mod standards;
mod standings;
mod surveys;

const GUANBEIGOU: &str = "620902004007";

/// The demo, loaded: a copy of one that was loaded before.
pub fn loaded() -> TestDatabase {
    static MADE: OnceLock<Template> = OnceLock::new();
    TestDatabase::filled(&MADE, |database| assert!(load(database), "the demo is loaded"))
}

fn loaded_anew() -> TestDatabase {
    let database = TestDatabase::migrated();
    assert!(load(&database), "the demo is loaded");
    database
}

/// With the secret that the application of the tests has as well.
pub fn load(database: &TestDatabase) -> bool {
    let secrets = start::secrets(&config(database)).expect("a secret");
    demo::load(&database.open(), &secrets).expect("the demo loads")
}

async fn demo_app() -> TestApp {
    TestApp::spawn_with(loaded(), |_| {}).await
}

async fn profile(who: &Client, area: &str, as_of: &str) -> ProfileOut {
    who.get(&format!("/v1/areas/{area}/profile?as_of={as_of}")).await.expect(200).json()
}

fn of_mode(profile: &ProfileOut, mode: ManagementMode) -> i64 {
    profile.modes.iter().find(|count| count.mode == mode).expect("every mode is counted").compounds
}

/// Domain D5, scenario 5: Friday 17:30 and one working day, across National Day and its make-up days.
#[actix_web::test]
async fn the_holidays_of_two_years_are_in_force() {
    let app = demo_app().await;
    let who = app.district().await;
    let path = format!("/v1/areas/{TONGDEXIANG}/calendar");
    for (year, days) in [(2022, 1), (2023, 33), (2024, 36)] {
        let found: CalendarOut = who.get(&format!("{path}?year={year}")).await.expect(200).json();
        assert_eq!((found.days.len(), found.missing_next_year), (days, false), "{year}");
        assert!(found.days.iter().all(|day| day.source.contains("国办发明电")));
    }
    for (start, due) in [
        ("2023-09-29T17:30:00+08:00", "2023-10-07T10:00:00Z"),
        ("2023-10-06T17:30:00+08:00", "2023-10-07T10:00:00Z"),
        ("2024-09-27T17:30:00+08:00", "2024-09-29T09:30:00Z"),
        ("2024-10-11T17:30:00+08:00", "2024-10-12T09:30:00Z"),
    ] {
        let asked = json!({ "start": start, "working_days": 1, "mode": "business" });
        let found = who.post(&format!("{path}/compute"), asked).await.expect(200).value();
        assert_eq!((&found["due"], &found["minutes"]), (&json!(due), &json!(420)), "{start}");
    }
}

/// Its 636 grids are finer than the usual 300–500 households (domain T15), so it has set a size of its own.
#[actix_web::test]
async fn the_districts_grids_have_the_size_that_it_wants() {
    let app = demo_app().await;
    let who = app.district().await;
    let rule = who.get(&format!("/v1/rules-in-force?area={DISTRICT}")).await.expect(200).value();
    let rules = rule["items"].as_array().expect("the rules");
    let size = rules.iter().find(|rule| rule["key"] == "territory.grid_size").expect("the rule");
    assert_eq!(size["params"], json!({ "min_households": 100, "max_households": 500 }));
    let page: GridPage = who.get(&format!("/v1/grids?area={TONGDEXIANG}&limit=100")).await.expect(200).json();
    assert_eq!(page.items.len(), 30);
    assert!(page.items.iter().all(|grid| grid.households.is_some_and(|n| n < 300) && grid.size_warning.is_none()));
}

#[actix_web::test]
async fn the_figures_of_the_district_and_of_tongdexiang() {
    let app = demo_app().await;
    let who = app.district().await;
    the_district(&who).await;
    the_community(&who).await;
    the_change_of_scenario_17(&who).await;
    every_mode_has_fit_evidence(&who).await;
    the_map(&who).await;
    the_places_elsewhere(&app).await;
}

async fn the_district(who: &Client) {
    let out = profile(who, DISTRICT, "2024-01-15").await;
    assert_eq!((out.communities, out.grids, out.compounds), (21, 636, 459));
    assert_eq!(out.households_of_compounds, 100_000);
    assert_eq!(
        (out.coverage.numerator, out.coverage.denominator, out.coverage.percent.as_deref()),
        (424, 459, Some("92.37"))
    );
    assert_eq!((out.leader_coverage.numerator, out.leader_coverage.denominator), (636, 636));
    assert_eq!((out.old_share.numerator, out.old_share.denominator, out.old_share.percent.as_deref()), OLD_SHARE);
    let modes = [
        (ManagementMode::Professional, 225),
        (ManagementMode::CommunityCustody, 90),
        (ManagementMode::SocialOrgAgency, 23),
        (ManagementMode::SelfManaged, 80),
        (ManagementMode::RedStation, 6),
        (ManagementMode::None, 35),
    ];
    for (mode, compounds) in modes {
        assert_eq!(of_mode(&out, mode), compounds, "{mode}");
    }
    let count = |path: &'static str| async move { who.get(path).await.expect(200).value()["total"].as_i64() };
    assert_eq!(count("/v1/compounds?kind=managed&limit=1&include=total").await, Some(225));
    assert_eq!(count("/v1/compounds?kind=scattered_yard&limit=1&include=total").await, Some(234));
    assert_eq!(count("/v1/contact-assignments?kind=leader&limit=1&include=total").await, Some(636));
    assert_eq!(count("/v1/contact-assignments?hard_spot=true&limit=1&include=total").await, Some(31));
    let sites: CompoundPage = who.get("/v1/compounds?q=居雅苑").await.expect(200).json();
    assert_eq!(sites.items[0].community_name, "官北沟社区居委会");
    let noted: DivisionOut = who.get("/v1/divisions/620902005002").await.expect(200).json();
    assert!(noted.alias.is_some_and(|alias| alias.contains("东北街街道")));
}

/// F2 of the demo: its years are made up, so this is the plan's own figure.
const OLD_SHARE: (i64, i64, Option<&str>) = (211, 459, Some("45.97"));

async fn the_community(who: &Client) {
    let out = profile(who, TONGDEXIANG, "2024-01-15").await;
    assert_eq!((out.compounds, out.buildings, out.units, out.rooms), (21, 110, 411, 5180));
    assert_eq!((out.households.reported, out.households.derived), (Some(5180), 5180));
    assert_eq!((of_mode(&out, ManagementMode::Professional), of_mode(&out, ManagementMode::SelfManaged)), (5, 16));
    let community: DivisionOut = who.get(&format!("/v1/divisions/{TONGDEXIANG}")).await.expect(200).json();
    assert_eq!((community.residents, community.land_area), (Some(18_519), Some(110_000_000)));

    let kangsheng = profile(who, &format!("{TONGDEXIANG}-0001"), "2024-01-15").await;
    assert_eq!((kangsheng.rooms, kangsheng.exclusive_area), (480, 4_800_000));
    let yards: CompoundPage = who.get(&format!("/v1/compounds?area={TONGDEXIANG}&limit=100")).await.expect(200).json();
    let branded =
        yards.items.iter().filter_map(|item| Some((item.compound.name.as_str(), item.compound.brand.as_deref()?)));
    assert_eq!(branded.collect::<Vec<_>>(), [("西环北路8号院", "德治")]);
}

/// A compound counts under the mode that it had on the day.
async fn the_change_of_scenario_17(who: &Client) {
    let (before, after) =
        (profile(who, TONGDEXIANG, "2023-06-29").await, profile(who, TONGDEXIANG, "2023-06-30").await);
    let figures = |p: &ProfileOut| (of_mode(p, ManagementMode::None), of_mode(p, ManagementMode::SelfManaged));
    assert_eq!((figures(&before), figures(&after)), ((1, 15), (0, 16)));
    assert_eq!((before.coverage.numerator, before.coverage.percent.as_deref()), (20, Some("95.24")));
    assert_eq!((after.coverage.numerator, after.coverage.percent.as_deref()), (21, Some("100.00")));
}

async fn every_mode_has_fit_evidence(who: &Client) {
    let kinds = [
        ("professional", "contract"),
        ("community_custody", "resolution"),
        ("social_org_agency", "contract"),
        ("self_managed", "resolution"),
        ("red_station", "station_decision"),
    ];
    for (mode, kind) in kinds {
        let page: CompoundPage = who.get(&format!("/v1/compounds?mode={mode}&limit=1")).await.expect(200).json();
        let id = page.items[0].compound.id;
        let modes = who.get(&format!("/v1/compounds/{id}/modes")).await.expect(200).value();
        let running = modes["items"].as_array().and_then(|items| items.last()).cloned().expect("an interval");
        assert_eq!(
            (&running["mode"], &running["evidence_kind"], &running["valid_to"]),
            (&json!(mode), &json!(kind), &Value::Null)
        );
    }
}

async fn the_map(who: &Client) {
    let map = who.get("/v1/grids?format=geojson").await.expect(200).value();
    assert_eq!(map["features"].as_array().map(Vec::len), Some(636));
    let grid: GridOut = who.get("/v1/grids/locate?lon=98.461&lat=39.735").await.expect(200).json();
    assert_eq!(grid.code, format!("{TONGDEXIANG}001"));
}

async fn the_places_elsewhere(app: &TestApp) {
    let handan = app.actor(Role::DistrictCoord, "130402").await;
    let page: CompoundPage = handan.get("/v1/compounds").await.expect(200).json();
    let yard = &page.items[0].compound;
    assert_eq!((page.items.len(), yard.name.as_str(), yard.built_year), (1, "南巷院", Some(1985)));
    assert_eq!(profile(&handan, "130402", "2024-01-15").await.buildings, 9);
    for code in ["410811", "410802", "440605011", "4501", "510116017006"] {
        let who = app.actor(Role::DistrictCoord, code).await;
        who.get(&format!("/v1/divisions/{code}")).await.expect(200);
    }
}

/// What the guide prints works as it is printed.
#[actix_web::test]
async fn a_newcomer_follows_the_guide() {
    let app = demo_app().await;
    let at = app.base.trim_start_matches("http://").parse().expect("an address");
    let guide = demo::guide(at, true);
    let lines: Vec<&str> = guide.lines().filter(|line| line.contains("curl -s")).collect();
    let [login, grids, modes, check, figures, graph] = lines[..] else { panic!("six lines to try: {guide}") };

    let body = serde_json::from_str(between(login, "-d '", "'")).expect("the printed body");
    assert!(login.contains(&format!("{}/v1/auth/login", app.base)));
    let tokens = app.anonymous().post("/v1/auth/login", body).await.expect(200).value();
    let who = app.with_token(tokens["access_token"].as_str().expect("a token"));

    let grids: GridPage = who.get(path(&app, grids)).await.expect(200).json();
    assert_eq!(grids.items.iter().map(|grid| grid.community_code.as_str()).collect::<Vec<_>>(), [TONGDEXIANG; 3]);
    let history: ModeHistoryOut = who.get(path(&app, modes)).await.expect(200).json();
    assert_eq!(
        history.items.iter().map(|i| i.mode).collect::<Vec<_>>(),
        [ManagementMode::None, ManagementMode::SelfManaged]
    );
    assert_eq!(history.items[1].valid_from.to_string(), "2023-06-30");
    // And the change stands in the compound's own history.
    let events = who.get(&path(&app, modes).replace("/modes", "/history")).await.expect(200).value();
    assert_eq!(events["items"][1]["event"], "compound.mode_changed");

    let body = serde_json::from_str(between(check, "-d '", "'")).expect("the printed body");
    let check: CheckOut = who.post(path(&app, check), body).await.expect(200).json();
    let failed: Vec<&str> =
        check.guards.iter().filter(|guard| !guard.passed).map(|guard| guard.code.as_str()).collect();
    assert!(!check.passed && failed.contains(&"appointments.company_conflict"), "{failed:?}");
    let figures: FiguresOut = who.get(path(&app, figures)).await.expect(200).json();
    assert_eq!((figures.party_members.numerator, figures.party_members.denominator), (52, 111));
    let graph: GraphOut = who.get(path(&app, graph)).await.expect(200).json();
    assert_eq!(graph.edges.len(), usize::try_from(figures.cross_appointments).expect("a count"));

    // Without the address, whose port may read 404 as well.
    let paths = guide.replace(&app.base, "");
    let refused = paths.lines().find(|line| line.contains("404")).and_then(|line| line.rsplit(' ').next());
    let refused = refused.filter(|path| path.contains(GUANBEIGOU)).expect("the printed address");
    who.get(refused).await.refused(404, "not_found");
    for persona in PERSONAS {
        assert!(guide.contains(persona.username) && guide.contains(&persona.password()), "{}", persona.username);
    }
}

/// The district's screen opens with the client that the guide prints, and sees the district.
#[actix_web::test]
async fn the_screen_opens_with_what_the_guide_prints() {
    let app = demo_app().await;
    let guide = demo::guide("127.0.0.1:8080".parse().expect("an address"), true);
    let told = |what: &str| guide.lines().find_map(|line| Some(line.split_once(what)?.1.trim())).expect("it is told");
    assert_eq!(told("screen:"), "http://127.0.0.1:8080/screen");
    let body = json!({ "client_id": told("client id:"), "client_secret": told("secret:") });
    let tokens = app.anonymous().post("/v1/auth/client-token", body).await.expect(200).value();
    let dashboard = app.with_token(tokens["access_token"].as_str().expect("a token"));
    let overview = dashboard.get(&format!("/v1/areas/{DISTRICT}/overview")).await.expect(200).value();
    assert_eq!((&overview["name"], overview["children"].as_array().map(Vec::len)), (&json!("肃州区"), Some(7)));
    dashboard.get("/v1/cases").await.refused(403, "forbidden");
}

fn between<'a>(line: &'a str, from: &str, to: &str) -> &'a str {
    line.split_once(from).and_then(|(_, rest)| rest.split_once(to)).expect("quoted").0
}

fn path<'a>(app: &TestApp, line: &'a str) -> &'a str {
    between(line, &format!("'{}", app.base), "'")
}

#[actix_web::test]
async fn personas_log_in_and_see_their_own() {
    let app = demo_app().await;
    // Technical only: sees the register, not who lives where.
    let platform = log_in(&app, "admin.platform").await;
    platform.get("/v1/rooms").await.refused(403, "forbidden");
    let coordinator = log_in(&app, "coord.suzhou").await;
    assert_eq!(profile(&coordinator, DISTRICT, "2024-01-15").await.compounds, 459);
    let owner = log_in(&app, "owner.kangsheng").await;
    let rooms: RoomPage = owner.get("/v1/rooms").await.expect(200).json();
    assert_eq!(rooms.items.len(), 1, "an owner sees the own room, not the neighbours'");
    let compounds: CompoundPage = owner.get("/v1/compounds").await.expect(200).json();
    assert_eq!(compounds.items[0].compound.name, "康盛花园");
    let company = log_in(&app, "company.admin").await;
    let compounds: CompoundPage = company.get("/v1/compounds").await.expect(200).json();
    assert_eq!(compounds.items.len(), 3);
    let contracts = company.get("/v1/service-contracts").await.expect(200).value();
    assert_eq!(contracts["items"].as_array().map(Vec::len), Some(3), "and the contracts of its company");
    let patrol = log_in(&app, "grid.fulltime").await;
    let grids: GridPage = patrol.get("/v1/grids").await.expect(200).json();
    assert_eq!(grids.items.iter().map(|grid| grid.code.as_str()).collect::<Vec<_>>(), ["620902005003001"]);
}

pub async fn log_in(app: &TestApp, username: &str) -> Client {
    let persona = PERSONAS.iter().find(|persona| persona.username == username).expect("a persona");
    let body = json!({ "username": username, "password": persona.password() });
    let tokens = app.anonymous().post("/v1/auth/login", body).await.expect(200).value();
    assert_eq!(tokens["must_change_password"], false);
    app.with_token(tokens["access_token"].as_str().expect("a token"))
}

type Events = Vec<(String, String, i32, String)>;

/// Each event's entity and hash; a hash covers all that was written, so equal hashes are equal rows.
fn events(database: &TestDatabase) -> Events {
    let rows = database.open().with_writer(|c| {
        let columns = (history::entity, history::entity_id, history::seq, history::hash);
        history::table.select(columns).load::<(String, String, i32, String)>(c).expect("the history")
    });
    let mut rows = rows.expect("a writer");
    rows.sort();
    rows
}

/// A person: id, name, the phone's mask and mark, area.
type Known = (PersonId, String, Option<String>, Option<String>, String);

/// Who was written down, in full but for the seal, which no two loads have alike.
fn people(database: &TestDatabase) -> Vec<Known> {
    use ::roster::schema::persons;
    let rows = database.open().with_writer(|c| {
        let columns = (persons::id, persons::name, persons::phone_masked, persons::phone_mark, persons::area_code);
        persons::table.select(columns).order(persons::id).load(c).expect("the persons")
    });
    rows.expect("a writer")
}

#[test]
fn two_loads_are_alike_and_a_second_one_changes_nothing() {
    let (first, second) = (loaded_anew(), loaded_anew());
    let before = events(&first);
    assert!(before.len() > 14_000 && before == events(&second), "{} events", before.len());
    assert!(people(&first) == people(&second));
    assert!(!load(&first), "{NEWCOMER} was there already");
    assert!(before == events(&first));
}

/// The READMEs cite a password and an id; both are the demo's.
#[test]
fn the_readmes_cite_what_the_guide_prints() {
    let guide = demo::guide("127.0.0.1:8080".parse().expect("an address"), true);
    let lines: Vec<&str> = guide.lines().filter(|line| line.contains("curl -s")).collect();
    let modes = between(lines[2], "'", "'");
    for readme in [include_str!("../../README.md"), include_str!("../../README.zh-CN.md")] {
        assert!(readme.contains(modes) && readme.contains(between(lines[0], "-d '", "'")));
        assert!(readme.contains(between(lines[1], "'", "'")));
        assert!(readme.contains(between(lines[3], "-d '", "'")), "the refused check");
        assert!(lines[4..].iter().all(|line| readme.contains(between(line, "'", "'"))));
    }
}
