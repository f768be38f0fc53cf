//! 网格地图: boundaries, which grid covers a point, and the FeatureCollection.

use registry::territory::dto::{GridOut, GridPage};
use serde_json::{Value, json};

use super::{CANGHOU, MINZHU, closing, grid, grid_in, made, square, town};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, Reply};

fn mapped(community: &str, serial: i32, level: i32, polygon: Value) -> Value {
    let mut body = grid_in(community, serial, level);
    body["polygon"] = polygon;
    body
}

async fn draw(who: &Client, serial: i32, polygon: Value) -> Reply {
    who.post("/v1/grids", mapped(TONGDEXIANG, serial, 3, polygon)).await
}

async fn locate(who: &Client, lat: f64, lon: f64) -> Reply {
    who.get(&format!("/v1/grids/locate?lat={lat}&lon={lon}")).await
}

#[actix_web::test]
async fn what_bounds_no_area_is_refused() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let ring = |positions: Value| json!({ "type": "Polygon", "coordinates": [positions] });
    let many: Vec<Value> = (0..2001).map(|i| json!([98.0 + f64::from(i) / 1e5, 39.0])).collect();
    for polygon in [
        ring(json!([[98, 39], [98.1, 39.1], [98.1, 39], [98, 39.1], [98, 39]])),
        ring(json!([[98, 39], [98.1, 39], [98.1, 39.1], [98, 39.1]])),
        ring(json!([[98, 39], [98.1, 39], [98, 39]])),
        ring(json!([[98], [98.1], [98.1], [98]])),
        ring(json!(many)),
        square(180.0, 39.0, 0.1),
        square(98.0, 90.0, 0.1),
        json!({ "type": "Polygon", "coordinates": [] }),
        json!({ "type": "MultiPolygon", "coordinates": [] }),
        json!({ "type": "LineString", "coordinates": [[98, 39], [98.1, 39]] }),
        json!({ "type": "Polygon" }),
        json!({}),
        json!("Polygon"),
        json!([98, 39]),
    ] {
        let reply = draw(&worker, 1, polygon.clone()).await;
        let problem = reply.refused(422, "territory.polygon_invalid");
        assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/polygon"), "{polygon}");
    }
}

#[actix_web::test]
async fn siblings_may_touch_and_not_overlap() {
    let app = town().await;
    let street = app.street().await;
    draw(&street, 1, square(98.49, 39.73, 0.01)).await.expect(201);
    draw(&street, 2, square(98.50, 39.73, 0.01)).await.expect(201);
    draw(&street, 3, square(98.50, 39.74, 0.01)).await.expect(201);
    for over in [square(98.495, 39.735, 0.01), square(98.492, 39.732, 0.001), square(98.49, 39.73, 0.01)] {
        let problem = draw(&street, 4, over).await.refused(422, "territory.polygon_overlap");
        assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/polygon"));
    }
    let lower = mapped(TONGDEXIANG, 5, 4, square(98.492, 39.732, 0.001));
    street.post("/v1/grids", lower).await.expect(201);
}

/// Or whoever draws over a neighbour's grid would be located where that one lies.
#[actix_web::test]
async fn nobody_draws_over_a_grid_of_another_community() {
    let app = town().await;
    let (street, east) = (app.street().await, app.community_worker(MINZHU).await);
    let own: GridOut = made(draw(&street, 1, square(98.49, 39.73, 0.01)).await);
    let over = [
        (3, square(98.49, 39.73, 0.01)),
        (3, square(98.495, 39.735, 0.01)),
        (3, square(98.48, 39.72, 0.1)),
        // The lowest tier would be located first.
        (4, square(98.492, 39.732, 0.001)),
    ];
    for (level, over) in over {
        let reply = east.post("/v1/grids", mapped(MINZHU, 1, level, over)).await;
        let problem = reply.refused(422, "territory.polygon_overlap");
        assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/polygon"));
        assert!(!reply.text().contains(&own.code) && !reply.text().contains(&own.name), "{}", reply.text());
    }
    let beside: GridOut = made(east.post("/v1/grids", mapped(MINZHU, 1, 3, square(98.50, 39.73, 0.01))).await);
    let wider = json!({ "polygon": square(98.495, 39.73, 0.01) });
    let path = format!("/v1/grids/{}", beside.id);
    east.patch(&path, "\"v1\"", wider).await.refused(422, "territory.polygon_overlap");
    let district = app.district().await;
    assert_eq!(locate(&district, 39.735, 98.495).await.expect(200).json::<GridOut>().id, own.id);
}

/// Two who draw the same ground at the same moment, in two communities that no one lock holds.
#[actix_web::test]
async fn of_two_who_draw_the_same_ground_at_once_one_does() {
    let app = town().await;
    let (here, there) = (app.community_worker(CANGHOU).await, app.community_worker(MINZHU).await);
    for serial in 1..=5 {
        let ground = square(98.0 + f64::from(serial), 39.73, 0.01);
        let replies = futures_util::future::join(
            here.post("/v1/grids", mapped(CANGHOU, serial, 3, ground.clone())),
            there.post("/v1/grids", mapped(MINZHU, serial, 3, ground)),
        )
        .await;
        let mut statuses = [replies.0.status(), replies.1.status()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422]);
    }
}

#[actix_web::test]
async fn a_moved_border_is_checked_and_a_grid_does_not_overlap_itself() {
    let app = town().await;
    let street = app.street().await;
    let first: GridOut = made(draw(&street, 1, square(98.49, 39.73, 0.01)).await);
    draw(&street, 2, square(98.50, 39.73, 0.01)).await.expect(201);
    let path = format!("/v1/grids/{}", first.id);
    let wider = json!({ "polygon": square(98.49, 39.73, 0.02) });
    street.patch(&path, "\"v1\"", wider).await.refused(422, "territory.polygon_overlap");
    let narrower = json!({ "polygon": square(98.49, 39.73, 0.005) });
    street.patch(&path, "\"v1\"", narrower).await.expect(200);
    locate(&street, 39.738, 98.498).await.refused(404, "not_found");
    street.patch(&path, "\"v2\"", json!({ "polygon": null })).await.expect(200);
    locate(&street, 39.732, 98.492).await.refused(404, "not_found");
    draw(&street, 3, square(98.49, 39.73, 0.01)).await.expect(201);
}

#[actix_web::test]
async fn a_closed_grid_gives_its_ground_free() {
    let app = town().await;
    let street = app.street().await;
    let first: GridOut = made(draw(&street, 1, square(98.49, 39.73, 0.01)).await);
    street.post(&format!("/v1/grids/{}/close", first.id), closing("2024-01-10")).await.expect(200);
    locate(&street, 39.735, 98.495).await.refused(404, "not_found");
    draw(&street, 2, square(98.49, 39.73, 0.01)).await.expect(201);
}

#[actix_web::test]
async fn a_point_lies_in_the_lowest_tier_that_covers_it() {
    let app = town().await;
    let street = app.street().await;
    let third: GridOut = made(draw(&street, 1, square(98.5, 39.75, 0.125)).await);
    let mut lower = mapped(TONGDEXIANG, 2, 4, square(98.5, 39.75, 0.0625));
    lower["parent_code"] = json!(third.code);
    let fourth: GridOut = made(street.post("/v1/grids", lower).await);
    for (lat, lon, grid, place) in [
        (39.76, 98.51, &fourth, "inside both"),
        (39.86, 98.61, &third, "inside the upper one"),
        (39.75, 98.6, &third, "on its border"),
        (39.875, 98.625, &third, "on its corner"),
        (39.8125, 98.5625, &fourth, "on the corner of the lower one"),
    ] {
        assert_eq!(locate(&street, lat, lon).await.expect(200).json::<GridOut>().id, grid.id, "{place}");
    }
    locate(&street, 39.749_999, 98.6).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_point_in_the_box_but_not_in_the_polygon_is_outside() {
    let app = town().await;
    let street = app.street().await;
    let triangle = json!({ "type": "Polygon",
        "coordinates": [[[98.49, 39.73], [98.50, 39.73], [98.49, 39.74], [98.49, 39.73]]] });
    let holed = json!({ "type": "Polygon", "coordinates": [
        [[98.60, 39.73], [98.61, 39.73], [98.61, 39.74], [98.60, 39.74], [98.60, 39.73]],
        [[98.604, 39.734], [98.606, 39.734], [98.606, 39.736], [98.604, 39.736], [98.604, 39.734]]] });
    draw(&street, 1, triangle).await.expect(201);
    draw(&street, 2, holed).await.expect(201);
    assert_eq!(locate(&street, 39.732, 98.492).await.status(), 200);
    assert_eq!(locate(&street, 39.738, 98.498).await.status(), 404);
    assert_eq!(locate(&street, 39.732, 98.602).await.status(), 200);
    assert_eq!(locate(&street, 39.735, 98.605).await.status(), 404, "a hole is outside");
}

#[actix_web::test]
async fn nobody_locates_a_grid_of_another_area() {
    let app = town().await;
    let street = app.street().await;
    draw(&street, 1, square(98.49, 39.73, 0.01)).await.expect(201);
    let other = app.community_worker(MINZHU).await;
    locate(&other, 39.735, 98.495).await.refused(404, "not_found");
    for query in ["lat=91&lon=98", "lat=39&lon=-181", "lat=39", "lat=x&lon=98", "lat=NaN&lon=98", "lat=39&lon=98&h=1"] {
        assert_eq!(street.get(&format!("/v1/grids/locate?{query}")).await.status(), 400, "{query}");
    }
}

async fn collection(who: &Client, query: &str) -> Value {
    let reply = who.get(&format!("/v1/grids?format=geojson{query}")).await.expect(200);
    assert_eq!(reply.header("content-type").as_deref(), Some("application/geo+json"));
    let value = reply.value();
    assert_eq!(value["type"], "FeatureCollection");
    value
}

#[actix_web::test]
async fn a_map_of_no_or_one_grid_is_valid() {
    let app = town().await;
    let street = app.street().await;
    assert_eq!(collection(&street, "").await["features"], json!([]));
    grid(&street, TONGDEXIANG, 9).await;
    assert_eq!(collection(&street, "").await["features"], json!([]), "a grid without a polygon is not on the map");
    let row: GridOut = made(draw(&street, 1, square(98.49, 39.73, 0.01)).await);
    let map = collection(&street, "").await;
    assert_eq!(map["features"].as_array().map(Vec::len), Some(1));
    let feature = &map["features"][0];
    assert_eq!((&feature["type"], &feature["id"]), (&json!("Feature"), &json!(row.code)));
    assert_eq!(feature["geometry"], square(98.49, 39.73, 0.01));
    assert_eq!(feature["properties"]["name"], json!(row.name));
    assert!(feature["properties"].get("polygon").is_none(), "the geometry is not sent twice");
    assert_eq!(collection(&street, "&level=4").await["features"], json!([]));
}

#[actix_web::test]
async fn a_map_and_a_table_hold_more_than_one_chunk_of_grids() {
    let app = town().await;
    let street = app.street().await;
    let mut file =
        String::from("code,parent_code,level,kind,name,households,residents,duty_phone,valid_from,polygon\n");
    for serial in 1..=501 {
        let polygon = square(98.0 + f64::from(serial) / 100.0, 39.0, 0.01).to_string().replace('"', "\"\"");
        file.push_str(&format!("{TONGDEXIANG}{serial:03},,3,basic,网格{serial},,,,2020-06-01,\"{polygon}\"\n"));
    }
    let counts = super::registers::grids(&app, &file);
    assert_eq!((counts.counts().inserted, counts.errors.len()), (501, 0));
    let map = collection(&street, "").await;
    let codes: Vec<&str> =
        map["features"].as_array().expect("features").iter().filter_map(|f| f["id"].as_str()).collect();
    let expected: Vec<String> = (1..=501).map(|serial| format!("{TONGDEXIANG}{serial:03}")).collect();
    assert_eq!(codes, expected);
    let table = street.get("/v1/grids?format=csv").await.expect(200);
    assert_eq!(table.text().lines().count(), 1 + 501);
    let page: GridPage = street.get("/v1/grids?limit=1&include=total").await.json();
    assert_eq!(page.total, Some(501));
}
