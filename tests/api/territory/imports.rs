//! The national register: in, in again, renamed, closed, moved.

use platform::auth::Role;
use platform::history::EventPage;
use registry::territory::dto::{CompoundOut, DivisionOut, DivisionPage, GridOut};
use registry::territory::import::Counts;

use super::registers::{CITIES, FLAT, NESTED, TABLES, complete, divisions, villages};
use super::{CANGHOU, compound, grid};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, TestApp};

/// A server with the fixture's divisions.
async fn registered() -> TestApp {
    let app = TestApp::spawn().await;
    assert_eq!(divisions(&app, &TABLES).errors, []);
    app
}

fn rows(files: &[(&str, &str)]) -> i64 {
    files.iter().map(|(_, text)| i64::try_from(text.lines().count() - 1).expect("a count")).sum()
}

async fn total(who: &Client, query: &str) -> Option<i64> {
    who.get(&format!("/v1/divisions?limit=1&include=total&{query}")).await.expect(200).json::<DivisionPage>().total
}

async fn division(who: &Client, code: &str) -> DivisionOut {
    who.get(&format!("/v1/divisions/{code}")).await.expect(200).json()
}

#[actix_web::test]
async fn a_register_is_taken_in_once_and_changes_nothing_again() {
    let app = TestApp::spawn().await;
    let all = rows(&TABLES);
    let first = divisions(&app, &TABLES);
    assert_eq!(*first.counts(), Counts { read: all, inserted: all, ..Counts::default() });
    for _ in 0..2 {
        let again = divisions(&app, &TABLES);
        assert_eq!(*again.counts(), Counts { read: all, unchanged: all, ..Counts::default() });
    }
    let admin = app.actor(Role::PlatformAdmin, "").await;
    for (district, streets, communities) in [("130402", 15, 198), ("620902", 24, 147), ("410811", 9, 54)] {
        assert_eq!(total(&admin, &format!("area={district}&level=street")).await, Some(streets), "{district}");
        assert_eq!(total(&admin, &format!("area={district}&level=community")).await, Some(communities), "{district}");
    }
    assert_eq!(division(&admin, CANGHOU).await.parent_code.as_deref(), Some("620902005"));
}

#[actix_web::test]
async fn lists_flat_and_nested_hold_the_same_register() {
    let app = TestApp::spawn().await;
    let nested = divisions(&app, &[NESTED]);
    assert_eq!((nested.counts().inserted, nested.errors.len()), (3 + 9, 0));
    let flat = divisions(&app, &[FLAT]);
    assert_eq!((flat.counts().inserted, flat.errors.len()), (54, 0));
    let tables = divisions(&app, &TABLES);
    assert_eq!((tables.counts().unchanged, tables.counts().changed), (3 + 9 + 54, 0));
}

#[actix_web::test]
async fn pseudo_cities_and_a_city_without_districts_are_divisions_like_any_other() {
    let app = registered().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    assert_eq!(division(&admin, "1101").await.name, "市辖区");
    assert_eq!(division(&admin, "4190").await.name, "省直辖县级行政区划");
    assert_eq!(division(&admin, "441900").await.parent_code.as_deref(), Some("4419"));
    assert_eq!(total(&admin, "area=1101&level=district").await, Some(16));
    assert_eq!(total(&admin, "level=district&q=鼓楼区").await, Some(4));
}

/// In `pca-code.json` their streets hang straight under them; the codes go by a district of the city's own name.
#[actix_web::test]
async fn cities_without_districts_come_whole_out_of_nested_lists_too() {
    let app = TestApp::spawn().await;
    let rows = 3 + 4 + 82;
    let first = divisions(&app, &[CITIES]);
    assert_eq!(first.errors, []);
    assert_eq!(*first.counts(), Counts { read: rows, inserted: rows + 4, ..Counts::default() });
    let again = divisions(&app, &[CITIES]);
    assert_eq!(*again.counts(), Counts { read: rows, unchanged: rows, ..Counts::default() });
    let admin = app.actor(Role::PlatformAdmin, "").await;
    for (city, district, streets) in
        [("4419", "441900", 36), ("4420", "442000", 23), ("4604", "460400", 18), ("6202", "620201", 5)]
    {
        let row = division(&admin, district).await;
        assert_eq!((row.parent_code.as_deref(), row.name), (Some(city), division(&admin, city).await.name));
        assert_eq!(total(&admin, &format!("area={district}&level=street")).await, Some(streets), "{district}");
    }
    // The tables name that district themselves, as it was named here.
    let [_, _, areas, ..] = TABLES;
    let named = areas.1.lines().filter(|line| line.starts_with("code") || line.starts_with("441900"));
    let named: String = named.map(|line| format!("{line}\n")).collect();
    assert_eq!(
        *divisions(&app, &[("areas.csv", &named)]).counts(),
        Counts { read: 1, unchanged: 1, ..Counts::default() }
    );
    assert_eq!(complete(&app, "4419", &[CITIES]).counts().closed, 0, "what a file only implies is in it");
}

#[actix_web::test]
async fn names_are_kept_as_they_are_and_found_as_they_are_typed() {
    let app = registered().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    for (code, name) in [
        ("420602006207", "莫𡐓村委会"),
        ("420684103229", "高\u{e170}村委会"),
        ("441424103203", "輋𣒍村委会"),
        ("450681101201", "\u{e08b}尾村村委会"),
        ("451302107210", "那𡌶村委会"),
        ("210204009012", "幸福ｅ家社区居委会"),
        ("230321500501", "八五一０农场杨木林子管理区"),
        ("110108010027", "中国矿业大学（北京）社区居委会"),
        ("220211004003", "六〇七社区"),
        ("500107003013", "华润·凌江社区居民委员会"),
        ("150423400498", "内蒙古赤峰冶金化工开发区管理委员会巴林右旗产业园管理办公室虚拟社区"),
    ] {
        assert_eq!(division(&admin, code).await.name, name);
    }
    for (typed, code) in [
        ("𡐓", "420602006207"),
        ("幸福E家", "210204009012"),
        ("矿业大学(北京)", "110108010027"),
        ("华润凌江", "500107003013"),
    ] {
        let page: DivisionPage = admin.get(&format!("/v1/divisions?q={typed}")).await.json();
        let codes: Vec<&str> = page.items.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(codes, [code], "{typed}");
    }
    let [.., (_, text)] = TABLES;
    let airports = text.lines().filter(|line| line.contains("飞机场")).count();
    assert_eq!(total(&admin, "q=飞机场").await, i64::try_from(airports).ok());
    assert_eq!(total(&admin, "q=飞机场&area=130402").await, Some(1));
}

#[actix_web::test]
async fn a_rename_keeps_the_old_name_in_the_history() {
    let app = registered().await;
    let district = app.district().await;
    let renamed = villages(DISTRICT, |line| Some(line.replace("\"同德巷社区居委会\"", "\"同德巷社区居民委员会\"")));
    let outcome = divisions(&app, &[("villages.csv", &renamed)]);
    assert_eq!(*outcome.counts(), Counts { read: 147, changed: 1, unchanged: 146, ..Counts::default() });
    let row = division(&district, TONGDEXIANG).await;
    assert_eq!((row.name.as_str(), row.version), ("同德巷社区居民委员会", 2));
    let history: EventPage = district.get(&format!("/v1/divisions/{TONGDEXIANG}/history")).await.json();
    let event = history.items.last().expect("an event");
    assert_eq!((event.event.as_str(), event.seq, event.intact), ("division.renamed", 2, true));
    assert_eq!((&event.data["from"], event.actor_id.is_none()), (&"同德巷社区居委会".into(), true));
    assert_eq!(total(&district, "q=同德巷社区居民").await, Some(1));
    assert_eq!(divisions(&app, &[("villages.csv", &renamed)]).counts().changed, 0);
}

#[actix_web::test]
async fn what_a_complete_file_has_not_is_closed_and_what_others_have_not_stays() {
    let app = registered().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let without = villages(DISTRICT, |line| (!line.starts_with(CANGHOU)).then(|| line.to_owned()));
    let partial = divisions(&app, &[("villages.csv", &without)]);
    assert_eq!((partial.counts().closed, total(&admin, "q=仓后街").await), (0, Some(1)));

    let outcome = complete(&app, DISTRICT, &[("villages.csv", &without)]);
    assert_eq!(*outcome.counts(), Counts { read: 146, unchanged: 146, closed: 1, ..Counts::default() });
    let row = division(&admin, CANGHOU).await;
    assert_eq!((row.valid_to, row.successor_code), (Some(app.clock.today()), None));
    assert_eq!(total(&admin, "area=130402&level=community").await, Some(198), "another district is none of its");
    assert_eq!(total(&admin, "area=620902&level=street").await, Some(24), "a file of communities closes no street");
    assert_eq!(complete(&app, DISTRICT, &[("villages.csv", &without)]).counts().closed, 0);

    let old = divisions(&app, &TABLES);
    assert_eq!(old.faults().len(), 1);
    assert_eq!((old.errors[0].code.as_str(), old.errors[0].key.as_str()), ("territory.code_gone", CANGHOU));
}

#[actix_web::test]
async fn an_empty_file_closes_nothing() {
    let app = registered().await;
    let empty = villages("nothing", |line| Some(line.to_owned()));
    assert_eq!(*complete(&app, DISTRICT, &[("villages.csv", &empty)]).counts(), Counts::default());
}

/// The communities of the district with one of them under another street's code.
fn recoded() -> String {
    villages(DISTRICT, |line| {
        let moved = "620902001099,\"仓后街社区居民委员会\",620902001,62,6209,620902";
        Some(if line.starts_with(CANGHOU) { moved.to_owned() } else { line.to_owned() })
    })
}

#[actix_web::test]
async fn a_community_that_comes_back_under_another_street_has_moved() {
    let app = registered().await;
    let district = app.district().await;
    let worker = app.community_worker(CANGHOU).await;
    let figures = serde_json::json!({ "households": 1200, "alias": "仓后" });
    district.patch(&format!("/v1/divisions/{CANGHOU}"), "\"v1\"", figures).await.expect(200);
    let grid = grid(&worker, CANGHOU, 1).await;
    let compound = compound(&worker, CANGHOU, "仓后院").await;
    let whole = serde_json::json!({ "grid_code": grid.code });
    worker.patch(&format!("/v1/compounds/{}", compound.id), "\"v1\"", whole).await.expect(200);
    app.clock.advance(chrono::Duration::days(30));

    let outcome = complete(&app, DISTRICT, &[("villages.csv", &recoded())]);
    assert_eq!(*outcome.counts(), Counts { read: 147, inserted: 1, unchanged: 146, closed: 1, ..Counts::default() });
    let district = app.district().await;
    let (old, new) = (division(&district, CANGHOU).await, division(&district, "620902001099").await);
    assert_eq!(old.successor_code.as_deref(), Some("620902001099"));
    assert_eq!((new.predecessor_code.as_deref(), new.name.as_str()), (Some(CANGHOU), "仓后街社区居民委员会"));
    assert_eq!((new.households, new.alias.as_deref()), (Some(1200), Some("仓后")), "what was known of it comes along");
    let row: GridOut = district.get(&format!("/v1/grids/{}", grid.id)).await.expect(200).json();
    assert_eq!(row.code, "620902001099001");
    let row: CompoundOut = district.get(&format!("/v1/compounds/{}", compound.id)).await.expect(200).json();
    assert_eq!((row.community_code.as_str(), row.grid_code.as_deref()), ("620902001099", Some("620902001099001")));
    assert_eq!(complete(&app, DISTRICT, &[("villages.csv", &recoded())]).counts().closed, 0);
}

#[actix_web::test]
async fn two_new_communities_of_one_name_are_no_move() {
    let app = registered().await;
    let twice = recoded() + "620902002099,\"仓后街社区\",620902002,62,6209,620902\n";
    let outcome = complete(&app, DISTRICT, &[("villages.csv", &twice)]);
    assert_eq!((outcome.counts().inserted, outcome.counts().closed), (2, 1));
    let row = division(&app.district().await, CANGHOU).await;
    assert_eq!((row.valid_to.is_some(), row.successor_code), (true, None));
}

#[actix_web::test]
async fn what_is_in_use_is_not_closed_by_a_file_and_the_rest_of_it_stands() {
    let app = registered().await;
    let worker = app.community_worker(CANGHOU).await;
    compound(&worker, CANGHOU, "仓后院").await;
    let without = villages(DISTRICT, |line| {
        (!line.starts_with(CANGHOU) && !line.starts_with(TONGDEXIANG)).then(|| line.to_owned())
    });
    let added = without + "620902001098,\"新社区\",620902001,62,6209,620902\n";
    let outcome = complete(&app, DISTRICT, &[("villages.csv", &added)]);
    let counts = outcome.counts();
    assert_eq!((counts.inserted, counts.closed, counts.rejected), (1, 1, 1));
    assert_eq!(outcome.errors.len(), 1);
    let error = &outcome.errors[0];
    assert_eq!((error.row, error.key.as_str(), error.code.as_str()), (0, CANGHOU, "territory.still_in_use"));
    let district = app.district().await;
    assert_eq!(division(&district, CANGHOU).await.valid_to, None);
    assert!(division(&district, TONGDEXIANG).await.valid_to.is_some());
}
