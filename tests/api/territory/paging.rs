//! 分页: cursors hold still while the register moves.

use std::collections::BTreeMap;

use registry::territory::dto::{CompoundPage, DivisionOut, DivisionPage};
use serde_json::json;

use super::{closing, compound, made, town};
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, TestApp};

async fn register(district: &Client, serial: u32) {
    let body = json!({ "code": format!("{STREET}{serial:03}"), "name": format!("第{serial}社区") });
    made::<DivisionOut>(district.post("/v1/divisions", body).await);
}

#[actix_web::test]
async fn every_surviving_row_comes_exactly_once_while_others_come_and_go() {
    let app = town().await;
    let district = app.district().await;
    for serial in (10..90).step_by(2) {
        register(&district, serial).await;
    }
    let (mut seen, mut cursor, mut step) = (BTreeMap::new(), String::new(), 0);
    loop {
        let page: DivisionPage =
            district.get(&format!("/v1/divisions?level=community&limit=7{cursor}")).await.expect(200).json();
        assert!(page.items.len() <= 7);
        for row in &page.items {
            *seen.entry(row.code.clone()).or_insert(0) += 1;
        }
        let Some(next) = page.next_cursor else { break };
        cursor = format!("&cursor={next}");
        // One before the page, one behind it, and the very row that the cursor stands on goes.
        register(&district, 11 + 2 * step).await;
        register(&district, 99 - 2 * step).await;
        let last = &page.items.last().expect("a row").code;
        district.post(&format!("/v1/divisions/{last}/close"), closing("2024-01-15")).await.expect(200);
        step += 1;
    }
    assert!(step >= 5, "the walk was long enough to be disturbed");
    assert!(seen.values().all(|times| *times == 1), "{seen:?}");
    let stayed = (10..90).step_by(2).map(|serial| format!("{STREET}{serial:03}"));
    assert!(stayed.into_iter().all(|code| seen.contains_key(&code)), "{seen:?}");
}

#[actix_web::test]
async fn the_link_header_is_the_next_cursor() {
    let app = town().await;
    let district = app.district().await;
    let first = district.get("/v1/divisions?q=社区&limit=2&include=total").await.expect(200);
    let page: DivisionPage = first.json();
    let cursor = page.next_cursor.expect("a next page");
    let link = first.header("link").expect("a Link header");
    assert!(link.starts_with("<https://red-steward.example/v1/divisions?"), "{link}");
    assert!(
        link.contains(&format!("cursor={cursor}>"))
            && link.contains("rel=\"next\", <")
            && link.ends_with("rel=\"first\""),
        "{link}"
    );
    let way = link.trim_start_matches("<https://red-steward.example").split('>').next().expect("an address");
    let mut followed: DivisionPage = district.get(way).await.expect(200).json();
    let mut links = 1;
    while let Some(cursor) = followed.next_cursor {
        let path = format!("/v1/divisions?q=社区&limit=2&include=total&cursor={cursor}");
        followed = district.get(&path).await.expect(200).json();
        links += 1;
    }
    assert_eq!(links, 1, "four communities are two pages of two");
    let last = district.get("/v1/divisions?q=社区&limit=4").await;
    assert_eq!((last.header("link"), last.value()["has_more"].as_bool()), (None, Some(false)));
}

#[actix_web::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let app = town().await;
    let district = app.district().await;
    let page: DivisionPage = district.get("/v1/divisions?level=community&limit=1").await.json();
    let cursor = page.next_cursor.expect("a next page");
    let cut = &cursor[..cursor.len() - 2];
    let turned: String = cursor.chars().rev().collect();
    for query in [
        format!("/v1/divisions?limit=1&cursor={cursor}"),
        format!("/v1/divisions?level=street&limit=1&cursor={cursor}"),
        format!("/v1/divisions?level=community&area={STREET}&limit=1&cursor={cursor}"),
        format!("/v1/divisions?level=community&limit=1&cursor={cut}"),
        format!("/v1/divisions?level=community&limit=1&cursor={turned}"),
        "/v1/divisions?level=community&cursor=x".to_owned(),
        "/v1/divisions?level=community&cursor=".to_owned(),
        format!("/v1/divisions/{DISTRICT}/children?cursor={cursor}"),
        format!("/v1/grids?cursor={cursor}"),
    ] {
        let problem = district.get(&query).await.refused(400, "invalid_cursor");
        assert_eq!(problem.errors[0].parameter.as_deref(), Some("cursor"));
    }
    let other_size = format!("/v1/divisions?level=community&limit=3&cursor={cursor}");
    assert_eq!(district.get(&other_size).await.status(), 200, "the page may grow on the way");
}

#[actix_web::test]
async fn somebody_elses_cursor_shows_nothing_that_is_not_ones_own() {
    let app: TestApp = town().await;
    let street = app.street().await;
    for name in ["一号院", "二号院", "三号院"] {
        compound(&street, TONGDEXIANG, name).await;
    }
    let page: CompoundPage = street.get("/v1/compounds?limit=1").await.json();
    let cursor = page.next_cursor.expect("a next page");
    let other = app.community_worker("620902005002").await;
    let page: CompoundPage = other.get(&format!("/v1/compounds?limit=1&cursor={cursor}")).await.expect(200).json();
    assert!(page.items.is_empty());
}
