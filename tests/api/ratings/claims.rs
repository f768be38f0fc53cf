//! 对标认领: one a project, by its own company, at a price that its star allows.

use oversight::ratings::dto::{RatingClaimOut, RatingClaimPage, RatingClaimStatus};
use platform::auth::Role;
use serde_json::{Value, json};

use super::{Rating, indicators};
use crate::organisations::{company, taken};
use crate::territory::made;

/// What the contract on file says, in fen.
const FILED: i64 = 85;

fn claim(rating: &Rating, star: i16, fen: i64) -> Value {
    json!({ "project_id": rating.project.id, "target_star": star, "charged_fen": fen })
}

#[actix_web::test]
async fn a_company_claims_once_for_its_own_project() {
    let rating = Rating::claiming().await;
    let path = rating.at("claims");
    let mut body = claim(&rating, 5, FILED);
    body["self_points"] = json!([{ "code": "service-1", "points": 100 }, { "code": "team-1", "points": 50 }]);
    body["evidence"] = json!([{ "code": "service-1", "reference": "保洁台账" }]);
    let made_claim: RatingClaimOut = made(rating.company.post(&path, body.clone()).await);
    // (3500 × 100 % + 1500 × 50 %) / 5000
    assert_eq!((made_claim.self_score, made_claim.status), (Some(8500), RatingClaimStatus::Submitted));
    rating.company.post(&path, body.clone()).await.refused(409, "ratings.claim_exists");
    let own = format!("/v1/rating-claims/{}", made_claim.id);
    let withdrawn: RatingClaimOut =
        taken(&rating.company, &format!("{own}/withdraw"), json!({ "reason": "更正" })).await;
    assert_eq!(withdrawn.status, RatingClaimStatus::Withdrawn);
    rating.company.post(&path, claim(&rating, 3, FILED)).await.expect(201);
    let page: RatingClaimPage = rating.company.get(&path).await.expect(200).json();
    assert_eq!(page.items.len(), 2);
    // Another company, even one whose people see the place.
    let other = company(rating.district(), "测试·第二物业").await;
    let rival = rating.app().actor_for(Role::ProjectManager, other.id.0).await;
    rival.post(&path, claim(&rating, 3, FILED)).await.refused(403, "forbidden");
    let rival_there = rating.app().actor(Role::ProjectManager, &rating.project.area_code).await;
    rival_there.post(&path, claim(&rating, 3, FILED)).await.refused(403, "ratings.not_your_company");
    rival_there.get(&own).await.refused(404, "not_found");
    let none: RatingClaimPage = rival_there.get(&path).await.expect(200).json();
    assert!(none.items.is_empty(), "what others claim is theirs");
}

#[actix_web::test]
async fn each_fault_of_a_claim_is_named() {
    let mut rating = Rating::claiming().await;
    let path = rating.at("claims");
    let with = |member: &str, value: Value| {
        let mut body = claim(&rating, 4, FILED);
        body[member] = value;
        body
    };
    let faults = [
        (with("charged_fen", json!(166)), "ratings.price_above_tier", "#/charged_fen"),
        // One star allows 66 fen, and 85 are charged by the contract.
        (with("target_star", json!(1)), "ratings.price_above_tier", "#/charged_fen"),
        (with("charged_fen", json!(FILED - 1)), "ratings.price_not_filed", "#/charged_fen"),
        (with("charged_fen", json!(FILED + 1)), "ratings.price_not_filed", "#/charged_fen"),
        (with("project_id", json!("019b0000-0000-7000-8000-00000000dead")), "ratings.project_unknown", "#/project_id"),
        (
            with("self_points", json!([{ "code": "service-1", "points": 101 }])),
            "ratings.points_beyond",
            "#/self_points/0/points",
        ),
        (
            with("self_points", json!([{ "code": "x", "points": 1 }])),
            "ratings.indicator_unknown",
            "#/self_points/0/code",
        ),
        (
            with("evidence", json!([{ "code": "x", "reference": "台账" }])),
            "ratings.indicator_unknown",
            "#/evidence/0/code",
        ),
    ];
    for (body, code, place) in faults {
        let problem = rating.company.post(&path, body).await.refused(422, code);
        assert_eq!(problem.errors[0].pointer.as_deref(), Some(place));
    }
    assert_eq!(indicators().len(), 10);
    let body = claim(&rating, 4, FILED);
    rating.advance("assess", Value::Null).await;
    rating.company.post(&path, body).await.refused(409, "ratings.not_claiming");
}
