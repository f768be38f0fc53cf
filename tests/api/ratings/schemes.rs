//! Schemes: what does not fit together is named, and what is published is never changed.

use oversight::ratings::dto::{RatingSchemeOut, RatingSchemePage, RatingSchemeStatus};
use serde_json::{Value, json};

use super::{CAMPAIGNS, Rating, SCHEMES, campaign_in, indicators, published, scheme_in, terms};
use crate::organisations::{step, taken};
use crate::support::Client;
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::territory::{made, town};

async fn refused_at(who: &Client, body: Value, code: &str, at: &str) {
    let problem = who.post(SCHEMES, body).await.refused(422, code);
    assert_eq!(problem.errors[0].pointer.as_deref(), Some(at));
}

#[actix_web::test]
async fn what_does_not_fit_together_is_named() {
    let app = town().await;
    let district = app.district().await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = scheme_in(DISTRICT);
        change(&mut body);
        body
    };
    let fourth = with(&|body| body["terms"]["panels"]["satisfaction"] = json!(1600));
    refused_at(&district, fourth, "ratings.weights_sum", "#/terms/panels/satisfaction").await;
    let short = with(&|body| body["terms"]["dimensions"]["image"] = json!(999));
    refused_at(&district, short, "ratings.weights_sum", "#/terms/dimensions/image").await;
    let level = with(&|body| body["terms"]["cutoffs"]["four"] = json!(9000));
    refused_at(&district, level, "ratings.cutoffs_order", "#/terms/cutoffs").await;
    let cheap = with(&|body| body["terms"]["tiers"][4]["base_fen"] = json!(100));
    refused_at(&district, cheap, "ratings.tiers", "#/terms/tiers").await;
    let twice = with(&|body| body["indicators"][3]["code"] = body["indicators"][0]["code"].clone());
    refused_at(&district, twice, "ratings.indicator_twice", "#/indicators/3/code").await;
    let community = with(&|body| body["area_code"] = json!(TONGDEXIANG));
    refused_at(&district, community, "ratings.level", "#/area_code").await;
    let elsewhere = app.actor(platform::auth::Role::DistrictCoord, "130402").await;
    elsewhere.post(SCHEMES, scheme_in(DISTRICT)).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_draft_is_changed_and_a_published_scheme_is_not() {
    let app = town().await;
    let district = app.district().await;
    let draft: RatingSchemeOut = made(district.post(SCHEMES, scheme_in(DISTRICT)).await);
    assert_eq!((draft.scheme.number, draft.scheme.status), (1, RatingSchemeStatus::Draft));
    let path = format!("{SCHEMES}/{}", draft.scheme.id);
    let below = app.actor(platform::auth::Role::StreetOfficer, STREET).await;
    below.get(&path).await.refused(404, "not_found");
    let none: RatingSchemePage = below.get(SCHEMES).await.expect(200).json();
    assert!(none.items.is_empty(), "a draft binds nobody");
    let half = json!({ "indicators": &indicators()[..4] });
    district.patch(&path, "\"v1\"", half).await.expect(200);
    let incomplete = step(&district, &format!("{path}/publish"), Value::Null).await;
    let incomplete = incomplete.refused(409, "ratings.scheme_incomplete");
    let places: Vec<_> = incomplete.errors.iter().filter_map(|fault| fault.pointer.clone()).collect();
    assert_eq!(places, ["#/indicators/service", "#/indicators/operation", "#/indicators/image"]);
    district.patch(&path, "\"v2\"", json!({ "indicators": indicators() })).await.expect(200);
    let done: RatingSchemeOut = taken(&district, &format!("{path}/publish"), Value::Null).await;
    assert_eq!(
        (done.scheme.status, done.scheme.version, done.indicators.len()),
        (RatingSchemeStatus::Published, 4, 10)
    );
    district.patch(&path, "\"v4\"", json!({ "title": "改" })).await.refused(409, "ratings.scheme_frozen");
    step(&district, &format!("{path}/publish"), Value::Null).await.refused(409, "ratings.scheme_frozen");
    let next = published(&district).await;
    assert_eq!(next.scheme.number, 2);
    let page: RatingSchemePage = district.get(&format!("{SCHEMES}?status=published")).await.expect(200).json();
    assert_eq!(page.items.len(), 2);
}

/// The database itself keeps what was published and what was submitted.
#[actix_web::test]
async fn not_even_the_database_lets_it_be_changed() {
    let rating = Rating::scored(90).await;
    for sql in [
        "UPDATE rating_schemes SET title = 'x'",
        "UPDATE rating_indicators SET max_points = 1",
        "DELETE FROM rating_indicators",
        "UPDATE rating_sheets SET panel = 'peer'",
        "UPDATE rating_points SET points = 1",
        "DELETE FROM rating_points",
    ] {
        let done = rating.app().app.db.write(move |c| Ok(diesel::connection::SimpleConnection::batch_execute(c, sql)?));
        assert!(done.await.is_err(), "{sql}");
    }
}

#[actix_web::test]
async fn a_campaign_stands_on_a_published_scheme_once_a_quarter() {
    let rating = Rating::claiming().await;
    let district = rating.district();
    district.post(CAMPAIGNS, campaign_in(&rating.scheme, 1)).await.refused(409, "ratings.campaign_exists");
    let draft: RatingSchemeOut = made(district.post(SCHEMES, scheme_in(DISTRICT)).await);
    district.post(CAMPAIGNS, campaign_in(&draft, 2)).await.refused(422, "ratings.scheme_unknown");
    // A street's campaign stands on its district's scheme, but no project is rated twice in a quarter.
    let mut street = campaign_in(&rating.scheme, 1);
    street["area_code"] = json!(STREET);
    let street = district.post(CAMPAIGNS, street).await.expect(201).value();
    let path = format!("{CAMPAIGNS}/{}/open", street["id"].as_str().expect("an id"));
    step(district, &path, Value::Null).await.refused(409, "ratings.already_rated");
    let mut empty = campaign_in(&rating.scheme, 1);
    empty["area_code"] = json!("620902001");
    let empty = district.post(CAMPAIGNS, empty).await.expect(201).value();
    let path = format!("{CAMPAIGNS}/{}/open", empty["id"].as_str().expect("an id"));
    step(district, &path, Value::Null).await.refused(409, "ratings.no_projects");
    let wrong = rating.take("confirm", Value::Null).await.refused(409, "ratings.wrong_state");
    assert!(wrong.errors[0].detail.contains("assess"), "{wrong:?}");
    assert_eq!(terms()["panels"]["authority"], 5000);
}
