//! The version of an area goes up with whatever its overview may show, and with nothing else.

use std::collections::BTreeSet;

use diesel::prelude::*;
use futures_util::future::join_all;
use platform::auth::Role;
use platform::rollups;
use platform::schema::{area_versions, history};
use platform::{Error, Result};
use serde_json::{Value, json};

use super::version;
use crate::cases::support::{CASES, Desk, MINE, finish, report, taken, visit};
use crate::organisations::rule_in;
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, Seeds, TestApp};
use crate::surveys::{Ground, answer, sheet};
use crate::territory::{CANGHOU, EAST_STREET, MINZHU, compound, proposal};

/// Another compound of the community, and one of another street.
const NEXT_DOOR: &str = "620902005003-0002";
const FAR_AWAY: &str = "620902001002-0001";

/// Areas of all levels around the compound that things happen in.
const WATCHED: [&str; 9] =
    [DISTRICT, STREET, TONGDEXIANG, "620902005003-0001", NEXT_DOOR, CANGHOU, EAST_STREET, MINZHU, "130402"];
/// Those that see what happens in the compound.
const AROUND: [&str; 4] = [DISTRICT, STREET, TONGDEXIANG, "620902005003-0001"];

struct Watch {
    before: Vec<i64>,
}

impl Watch {
    async fn of(app: &TestApp) -> Self {
        Self { before: join_all(WATCHED.map(|area| version(app, area))).await }
    }

    /// Which areas have changed since the last look; each by `by` where that is known.
    async fn changed(&mut self, app: &TestApp) -> Vec<&'static str> {
        let now = join_all(WATCHED.map(|area| version(app, area))).await;
        let grown = self.before.iter().zip(&now).map(|(before, now)| now - before);
        let changed = WATCHED.into_iter().zip(grown).filter(|(_, by)| *by > 0).map(|(area, _)| area).collect();
        self.before = now;
        changed
    }
}

async fn desk() -> Desk {
    let desk = Desk::new().await;
    let (worker, far) = (desk.worker().clone(), desk.app().community_worker(MINZHU).await);
    assert_eq!(compound(&worker, TONGDEXIANG, "同德小区").await.area_code, NEXT_DOOR);
    assert_eq!(compound(&far, MINZHU, "民主小区").await.area_code, FAR_AWAY);
    desk
}

#[actix_web::test]
async fn each_step_of_a_case_is_seen_where_it_lies_and_nowhere_else() {
    let desk = desk().await;
    let (worker, company) = (desk.worker(), &desk.company);
    let mut watch = Watch::of(desk.app()).await;
    let mine = desk.resident.post(MINE, report(desk.place())).await.expect(201).value();
    assert_eq!(watch.changed(desk.app()).await, AROUND, "reported");
    let path = format!("{CASES}/{}", mine["id"].as_str().expect("an id"));
    let mut case = worker.get(&path).await.expect(200).json();
    let until = json!({ "cause": "waiting_for_materials", "note": "等配件", "until": "2024-01-16T02:00:00Z" });
    let more = json!({ "working_days": 2, "reason": "等配件" });
    let contact = json!({ "contact_note": "已联系" });
    let steps: [(_, &str, Value); 9] = [
        (worker, "accept", json!({})),
        (worker, "dispatch", json!({})),
        (company, "sign", json!({})),
        (company, "start", contact),
        (company, "extensions", more),
        (company, "holds", until),
        (company, "finish", finish()),
        (worker, "visits", visit("unreachable")),
        (worker, "visits", visit("satisfied")),
    ];
    for (at, (who, verb, body)) in steps.into_iter().enumerate() {
        if at == 8 {
            desk.app().clock.advance(chrono::Duration::hours(5));
            let later = desk.app().community_worker(TONGDEXIANG).await;
            watch.changed(desk.app()).await;
            case = taken(&later, &case, verb, body).await;
        } else {
            case = taken(who, &case, verb, body).await;
        }
        assert_eq!(watch.changed(desk.app()).await, AROUND, "{verb}");
        let again = who.post_with(&format!("{path}/accept"), &[("If-Match", "*")], json!({})).await;
        assert!(again.status() >= 400, "{}", again.text());
        assert!(watch.changed(desk.app()).await.is_empty(), "what was refused changed nothing");
    }
}

#[actix_web::test]
async fn a_move_is_seen_where_it_came_from_and_where_it_went() {
    let desk = desk().await;
    let (app, street) = (desk.app(), app_street(desk.app()).await);
    let mut watch = Watch::of(app).await;
    let change = proposal(desk.worker(), &desk.town.compound, "2023-06-30").await;
    assert_eq!(watch.changed(app).await, AROUND, "proposed");
    let confirm = format!("/v1/mode-changes/{}/confirm", change.id);
    street.post(&confirm, json!({ "note": "材料齐全" })).await.expect(200);
    assert_eq!(watch.changed(app).await, AROUND, "confirmed");
    let to = json!({ "community_code": MINZHU, "on": "2024-01-12", "reason": "社区边界调整" });
    desk.district.post(&format!("/v1/compounds/{}/move", desk.town.compound.id), to).await.expect(200);
    let changed = watch.changed(app).await;
    for area in AROUND.iter().chain(&[EAST_STREET, MINZHU]) {
        assert!(changed.contains(area), "{area} among {changed:?}");
    }
    assert!(
        !changed.contains(&CANGHOU) && !changed.contains(&NEXT_DOOR) && !changed.contains(&"130402"),
        "{changed:?}"
    );
}

async fn app_street(app: &TestApp) -> Client {
    app.actor(Role::StreetOfficer, STREET).await
}

#[actix_web::test]
async fn what_is_ruled_above_is_seen_below() {
    let desk = desk().await;
    let mut watch = Watch::of(desk.app()).await;
    let rule = rule_in("publicity.days", STREET, json!({ "days": 7 }));
    desk.district.post("/v1/rule-sets", rule).await.expect(201);
    let below = [DISTRICT, STREET, TONGDEXIANG, "620902005003-0001", NEXT_DOOR, CANGHOU];
    assert_eq!(watch.changed(desk.app()).await, below, "a rule of the street");
    let published = json!({ "households": 5180 });
    let path = format!("/v1/divisions/{TONGDEXIANG}");
    desk.district.patch(&path, "*", published).await.expect(200);
    let below = [DISTRICT, STREET, TONGDEXIANG, "620902005003-0001", NEXT_DOOR];
    assert_eq!(watch.changed(desk.app()).await, below, "a published figure of the community");
}

/// What lies finer than a compound, or in a grid, has no counter of its own.
#[actix_web::test]
async fn a_building_has_its_compounds_version_and_a_grid_its_communitys() {
    let desk = desk().await;
    let app = desk.app();
    let (building, grid) = (format!("{}-001", desk.place()), format!("{TONGDEXIANG}001"));
    let before = (version(app, &building).await, version(app, &grid).await);
    desk.reported().await;
    assert_eq!((version(app, &building).await - before.0, version(app, &grid).await - before.1), (1, 1));
    assert_eq!(version(app, &building).await, version(app, desk.place()).await);
    assert_eq!(version(app, &grid).await, version(app, TONGDEXIANG).await);
}

/// Whatever has a history is seen: every event, of whatever kind, touched its area.
#[actix_web::test]
async fn each_event_is_seen_in_its_area() {
    let app = TestApp::spawn().await;
    Seeds::plant(&app).await;
    let touched = touched(&app).await;
    for area in areas_of_events(&app).await {
        assert!(touched.contains(&area), "{area} among {touched:?}");
    }
    let kinds = kinds_of_events(&app).await;
    for kind in [
        "case",
        "meeting",
        "agenda_item",
        "resolution",
        "action_item",
        "appointment",
        "committee_term",
        "compound",
        "mode_change",
        "division",
        "service_contract",
        "survey_round",
        "rating_campaign",
        "rule_set",
        "check_run",
    ] {
        assert!(kinds.contains(kind), "{kind} among {kinds:?}");
    }
}

/// An answer leaves no event, so that nobody can tell when somebody answered.
#[actix_web::test]
async fn an_answer_to_a_survey_is_seen_without_an_event() {
    let mut g = Ground::new(3, 0).await;
    let round = g.open("owners").await;
    let tokens = g.tokens(&round).await;
    // The first answer freezes the form, which is the community's.
    answer(g.app(), &tokens[0], sheet(3, 4)).await.expect(204);
    let mut watch = Watch::of(g.app()).await;
    for token in &tokens[1..] {
        answer(g.app(), token, sheet(3, 4)).await.expect(204);
        assert_eq!(watch.changed(g.app()).await, AROUND);
        assert_eq!(answer(g.app(), token, sheet(3, 4)).await.status(), 409);
        assert!(watch.changed(g.app()).await.is_empty(), "a second answer is none");
    }
}

async fn touched(app: &TestApp) -> BTreeSet<String> {
    let codes = app.app.db.read(|c| Ok(area_versions::table.select(area_versions::area_code).load::<String>(c)?));
    codes.await.expect("codes").into_iter().collect()
}

async fn areas_of_events(app: &TestApp) -> BTreeSet<String> {
    let codes = app.app.db.read(|c| Ok(history::table.select(history::area_code).distinct().load::<String>(c)?));
    let codes = codes.await.expect("codes");
    codes.iter().map(|code| code.get(..17).unwrap_or(code).to_owned()).collect()
}

async fn kinds_of_events(app: &TestApp) -> BTreeSet<String> {
    let kinds = app.app.db.read(|c| Ok(history::table.select(history::entity).distinct().load::<String>(c)?));
    kinds.await.expect("kinds").into_iter().collect()
}

/// Of several who are committed together one fails: what it touched is not counted, what the others touched is.
#[actix_web::test]
async fn what_is_rolled_back_was_never_seen() {
    let desk = desk().await;
    let app = desk.app();
    let mut watch = Watch::of(app).await;
    let writes = (0..8).map(|n| {
        app.app.db.write(move |c| -> Result<()> {
            rollups::touch(c, if n % 2 == 0 { NEXT_DOOR } else { MINZHU });
            if n % 2 == 0 { Ok(()) } else { Err(Error::NotFound) }
        })
    });
    let outcomes = join_all(writes).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 4);
    assert_eq!(watch.changed(app).await, [DISTRICT, STREET, TONGDEXIANG, NEXT_DOOR]);
    let undone = app.app.db.write(|c| {
        rollups::touch(c, CANGHOU);
        let part = platform::db::savepoint(c, |c| -> Result<()> {
            rollups::touch(c, MINZHU);
            Err(Error::NotFound)
        });
        assert!(part.is_err());
        Ok(())
    });
    undone.await.expect("written");
    assert_eq!(watch.changed(app).await, [DISTRICT, STREET, CANGHOU]);
}

/// Whoever writes at once is counted once each, and nobody waits for ever.
#[actix_web::test]
async fn many_at_once_in_many_areas_are_all_counted() {
    let desk = desk().await;
    let app = desk.app();
    let before = (version(app, NEXT_DOOR).await, version(app, FAR_AWAY).await);
    let writes = (0..60).map(|n| {
        app.app.db.write(move |c| -> Result<()> {
            let mut areas = [NEXT_DOOR, FAR_AWAY];
            if n % 2 == 0 {
                areas.reverse();
            }
            areas.iter().for_each(|area| rollups::touch(c, area));
            Ok(())
        })
    });
    assert!(join_all(writes).await.iter().all(Result::is_ok));
    let grown = (version(app, NEXT_DOOR).await - before.0, version(app, FAR_AWAY).await - before.1);
    // On SQLite those who are committed together are seen together.
    assert!((4..=60).contains(&grown.0) && grown.0 == grown.1, "{grown:?}");
}
