//! 对标认领: one a project, by its own company, at a price that its star allows.

use oversight::ratings::dto::{
    RatingClaimFileOut, RatingClaimFilePage, RatingClaimOut, RatingClaimPage, RatingClaimStatus,
};
use platform::auth::Role;
use platform::media::MediaKind;
use serde_json::{Value, json};

use super::{Rating, indicators};
use crate::organisations::{company, taken};
use crate::support::SentFile;
use crate::support::photos::photo;
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

#[actix_web::test]
async fn what_a_claim_rests_on_is_shown_to_those_who_score_it() {
    let mut rating = Rating::claiming().await;
    let made_claim: RatingClaimOut = made(rating.company.post(&rating.at("claims"), claim(&rating, 4, FILED)).await);
    let own = format!("/v1/rating-claims/{}", made_claim.id);
    let path = format!("{own}/files");
    let bytes = photo(6);
    let file = || SentFile { part: "file", name: "photo.jpg", kind: "image/jpeg", bytes: &bytes };
    let words = [("indicator_code", "service-1")];
    let added: RatingClaimFileOut = made(rating.company.post_file(&path, file(), &words).await);
    assert_eq!((added.indicator_code.as_str(), added.media), ("service-1", MediaKind::Jpeg));
    let again: RatingClaimFileOut = made(rating.company.post_file(&path, file(), &words).await);
    assert_eq!(again.id, added.id, "sent again it is the one that is there");
    let unknown = rating.company.post_file(&path, file(), &[("indicator_code", "x")]).await;
    let problem = unknown.refused(422, "ratings.indicator_unknown");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/indicator_code"));
    rating.company.post_file(&path, file(), &[]).await.refused(422, "invalid");
    rating.district().post_file(&path, file(), &words).await.refused(403, "forbidden");
    let rival = rating.app().actor(Role::ProjectManager, &rating.project.area_code).await;
    rival.post_file(&path, file(), &words).await.refused(404, "not_found");

    // An assessor reads what they score, and nothing else.
    let [scores, other, _] = rating.assessors.as_slice() else { panic!("three panels") };
    for path in [&own, &path] {
        scores.client.get(path).await.refused(404, "not_found");
    }
    rating.assign(scores.on(&rating.project)).await.expect(201);
    let page: RatingClaimFilePage = scores.client.get(&path).await.expect(200).json();
    assert_eq!(page.items.len(), 1);
    let listed: RatingClaimPage = scores.client.get(&rating.at("claims")).await.expect(200).json();
    assert_eq!(listed.items.len(), 1);
    for what in ["content", "thumbnail"] {
        let shown = format!("{path}/{}/{what}", added.id);
        let reply = scores.client.get(&shown).await.expect(200);
        assert_eq!(reply.header("content-type").as_deref(), Some("image/jpeg"));
        other.client.get(&shown).await.refused(404, "not_found");
    }
    let none: RatingClaimPage = other.client.get(&rating.at("claims")).await.expect(200).json();
    assert!(none.items.is_empty());
    rating.advance("assess", Value::Null).await;
    let late = photo(7);
    let late = SentFile { part: "file", name: "photo.jpg", kind: "image/jpeg", bytes: &late };
    rating.company.post_file(&path, late, &words).await.refused(409, "ratings.not_claiming");
}
