//! What is not published is for overseers, and what a caller may not see is not there.

use oversight::ratings::dto::{RatingProjectPage, RatingResultPage};
use platform::auth::Role;
use serde_json::Value;

use super::{CAMPAIGNS, RESULTS, Rating, posting};
use crate::support::Client;
use crate::support::actors::{DISTRICT, STREET};

async fn results(who: &Client) -> usize {
    let page: RatingResultPage = who.get(RESULTS).await.expect(200).json();
    page.items.len()
}

#[actix_web::test]
async fn results_are_for_overseers_until_they_are_posted() {
    let mut rating = Rating::scored(85).await;
    rating.advance("collate", Value::Null).await;
    let own = format!("{RESULTS}/{}", rating.result().await.id);
    let street = rating.app().actor(Role::StreetOfficer, STREET).await;
    let chair = rating.app().actor(Role::OcChair, &rating.project.area_code).await;
    let outsider = rating.app().actor(Role::StreetOfficer, "620902001").await;
    let assessor = &rating.assessors[0].client;
    assert_eq!((results(&street).await, results(&chair).await, results(assessor).await), (1, 0, 0));
    for path in [own.clone(), format!("{own}/explanation"), format!("{own}/history")] {
        street.get(&path).await.expect(200);
        for who in [&chair, assessor, &rating.company, &outsider] {
            who.get(&path).await.refused(404, "not_found");
        }
    }
    rating.advance("publicise", posting()).await;
    for who in [&street, &chair, &rating.company] {
        who.get(&own).await.expect(200);
        assert_eq!(results(who).await, 1);
    }
    outsider.get(&own).await.refused(404, "not_found");
    assert_eq!(results(&outsider).await, 0);
}

#[actix_web::test]
async fn those_below_see_their_campaign_and_only_their_projects() {
    let rating = Rating::claiming().await;
    let path = format!("{CAMPAIGNS}/{}", rating.campaign.id);
    for who in [&rating.company, &rating.assessors[0].client] {
        who.get(&path).await.expect(200);
        let page: RatingProjectPage = who.get(&format!("{path}/projects")).await.expect(200).json();
        assert_eq!(page.items.len(), 1);
    }
    let next_door = rating.app().actor(Role::StreetOfficer, "620902001").await;
    let page: RatingProjectPage = next_door.get(&format!("{path}/projects")).await.expect(200).json();
    assert!(page.items.is_empty());
    let elsewhere = rating.app().actor(Role::DistrictCoord, "130402").await;
    elsewhere.get(&path).await.refused(404, "not_found");
    let figures = format!("/v1/star-figures?area={DISTRICT}&year=2024&quarter=1");
    elsewhere.get(&figures).await.refused(404, "not_found");
    let none = rating.district().get(&figures).await.expect(200).value();
    assert_eq!((&none["rated"], &none["three_and_above"]["percent"]), (&0.into(), &Value::Null));
}
