//! 概况: every share with both of its parts, and reported beside derived.

use platform::quantity::Ratio;
use registry::territory::dto::{ManagementMode, ProfileOut};
use serde_json::{Value, json};

use super::{CANGHOU, MINZHU, closing, compound_in, grid, home, made, room, town};
use crate::support::Client;
use crate::support::actors::{STREET, TONGDEXIANG};

async fn profile(who: &Client, area: &str) -> ProfileOut {
    who.get(&format!("/v1/areas/{area}/profile")).await.expect(200).json()
}

#[actix_web::test]
async fn an_empty_area_has_no_shares() {
    let app = town().await;
    let district = app.district().await;
    let figures = profile(&district, CANGHOU).await;
    for share in [&figures.coverage, &figures.old_share, &figures.leader_coverage] {
        assert_eq!(*share, Ratio { numerator: 0, denominator: 0, percent: None });
    }
    assert_eq!((figures.compounds, figures.communities, figures.rooms), (0, 1, 0));
    assert_eq!(figures.modes.len(), ManagementMode::ALL.len());
    assert!(figures.modes.iter().all(|count| count.compounds == 0));
    assert_eq!(profile(&district, "620902").await.communities, 4);
}

#[actix_web::test]
async fn shares_are_counted_with_their_parts() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    for (name, mode, evidence, year) in [
        ("甲", "social_org_agency", "contract", Some(1999)),
        ("乙", "red_station", "station_decision", Some(2000)),
        ("丙", "none", "resolution", Some(1985)),
        ("丁", "self_managed", "resolution", None),
    ] {
        let mut body = compound_in(TONGDEXIANG, name);
        body["management_mode"] = json!(mode);
        body["evidence"] = json!({ "kind": evidence, "reference": "文号" });
        if let Some(year) = year {
            body["built_year"] = json!(year);
        }
        made::<Value>(street.post("/v1/compounds", body).await);
    }
    let first = grid(&street, TONGDEXIANG, 1).await;
    for serial in 2..=3 {
        grid(&street, TONGDEXIANG, serial).await;
    }
    for assignee in ["甲领导", "乙领导"] {
        let body = json!({ "kind": "leader", "grid_id": first.id, "assignee": assignee, "valid_from": "2024-01-01" });
        made::<Value>(district.post("/v1/contact-assignments", body).await);
    }
    let figures = profile(&district, STREET).await;
    assert_eq!(figures.coverage, Ratio { numerator: 3, denominator: 4, percent: Some("75.00".into()) });
    assert_eq!(figures.old_share, Ratio { numerator: 2, denominator: 3, percent: Some("66.67".into()) });
    let led = Ratio { numerator: 1, denominator: 3, percent: Some("33.33".into()) };
    assert_eq!(figures.leader_coverage, led, "two leaders of one grid are one grid");
    assert_eq!(figures.modes.iter().map(|count| count.compounds).sum::<i64>(), figures.compounds);
    let before: ProfileOut =
        district.get(&format!("/v1/areas/{STREET}/profile?as_of=2023-12-31")).await.expect(200).json();
    assert_eq!(before.leader_coverage.numerator, 0);
    let earlier: ProfileOut =
        district.get(&format!("/v1/areas/{STREET}/profile?as_of=2020-03-05")).await.expect(200).json();
    assert_eq!((earlier.compounds, earlier.grids, earlier.coverage.percent), (0, 0, None));
}

#[actix_web::test]
async fn reported_households_stand_beside_the_derived_ones() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    let home = home(&street, TONGDEXIANG, None).await;
    room(&street, &home.unit, "102").await;
    let shop = json!({ "no": "1", "exclusive_area": 5_000, "use_kind": "commercial" });
    made::<Value>(street.post(&format!("/v1/units/{}/rooms", home.unit.id), shop).await);
    let path = format!("/v1/compounds/{}", home.compound.id);
    street.patch(&path, "\"v1\"", json!({ "households": 480 })).await.expect(200);
    let figures = profile(&district, TONGDEXIANG).await;
    assert_eq!((figures.households.reported, figures.households.derived), (None, 2));
    let body = json!({ "households": 5180 });
    district.patch(&format!("/v1/divisions/{TONGDEXIANG}"), "\"v1\"", body).await.expect(200);
    let figures = profile(&district, TONGDEXIANG).await;
    assert_eq!((figures.households.reported, figures.households.derived), (Some(5180), 2));
    assert_eq!(figures.households_of_compounds, 480);
    assert_eq!((figures.buildings, figures.units, figures.rooms), (1, 1, 3));
    assert_eq!(figures.exclusive_area, 2 * 10_050 + 5_000);
    let inside = profile(&district, &home.unit.area_code).await;
    assert_eq!((inside.rooms, inside.households.reported), (3, None));

    street.post(&format!("/v1/rooms/{}/close", home.room.id), closing("2024-01-10")).await.expect(200);
    let figures = profile(&district, TONGDEXIANG).await;
    assert_eq!((figures.households.reported, figures.households.derived), (Some(5180), 1));
}

#[actix_web::test]
async fn an_area_that_is_not_there_or_not_ones_own_has_no_profile() {
    let app = town().await;
    let street = app.street().await;
    let home = home(&street, TONGDEXIANG, None).await;
    for area in [MINZHU, "620902", "620902005099", "620902005003-0099", "620902005003-0001-009", "620902005003001", "x"]
    {
        assert_eq!(street.get(&format!("/v1/areas/{area}/profile")).await.status(), 404, "{area}");
    }
    assert_eq!(profile(&street, &home.compound.area_code).await.compounds, 1);
    for query in ["as_of=2024-02-30", "as_of=", "day=2024-01-01"] {
        assert_eq!(street.get(&format!("/v1/areas/{STREET}/profile?{query}")).await.status(), 400, "{query}");
    }
}
