//! 评分表: one's own, whole, and frozen; and no campaign is collated while a scorer is missing.

use oversight::ratings::dto::{
    RatingAssessorOut, RatingAssessorPage, RatingSheetOut, RatingSheetPage, RatingSheetStatus, RatingTaskPage,
};
use platform::auth::Role;
use serde_json::{Value, json};

use super::{Assessor, RESULTS, Rating, points, satisfaction};
use crate::organisations::step;
use crate::territory::made;

#[actix_web::test]
async fn a_sheet_is_whole_before_it_is_submitted_and_frozen_after() {
    let rating = Rating::assessing().await;
    let [one, other, _] = rating.assessors.as_slice() else { panic!("three panels") };
    let stranger = Assessor::new(rating.app(), "peer").await;
    rating.begin(&stranger.client, points(90)).await.refused(403, "ratings.not_assigned");
    let some = json!({ "points": [{ "code": "team-1", "points": 90 }] });
    let draft: RatingSheetOut = made(rating.begin(&one.client, some).await);
    rating.begin(&one.client, points(90)).await.refused(409, "ratings.sheet_exists");
    let own = format!("/v1/rating-sheets/{}", draft.sheet.id);
    let submit = format!("{own}/submit");
    let missing = step(&one.client, &submit, Value::Null).await.refused(422, "ratings.points_missing");
    assert_eq!(missing.errors.len(), 9, "each indicator that is not answered is named");
    other.client.get(&own).await.refused(404, "not_found");
    step(&other.client, &submit, Value::Null).await.refused(404, "not_found");
    let mut none = points(0);
    none["points"].as_array_mut().expect("points").iter_mut().for_each(|point| point["points"] = Value::Null);
    one.client.patch(&own, "\"v1\"", none).await.expect(200);
    step(&one.client, &submit, Value::Null).await.refused(422, "ratings.nothing_scored");
    one.client.patch(&own, "\"v1\"", points(90)).await.refused(412, "version_stale");
    one.client.patch(&own, "\"v2\"", points(90)).await.expect(200);
    let done: RatingSheetOut = step(&one.client, &submit, Value::Null).await.expect(200).json();
    assert_eq!((done.sheet.status, done.points.len()), (RatingSheetStatus::Submitted, 10));
    one.client.patch(&own, "\"v4\"", points(10)).await.refused(409, "ratings.sheet_frozen");
    step(&one.client, &submit, Value::Null).await.refused(409, "ratings.sheet_frozen");
    let tasks: RatingTaskPage = one.client.get("/v1/me/rating-tasks").await.expect(200).json();
    let task = &tasks.items[0];
    assert_eq!((task.project.id, task.sheet_id), (rating.project.id, Some(done.sheet.id)));
    assert_eq!(task.sheet_status, Some(RatingSheetStatus::Submitted));
    let tasks: RatingTaskPage = other.client.get("/v1/me/rating-tasks").await.expect(200).json();
    assert_eq!((tasks.items.len(), tasks.items[0].sheet_id), (1, None));
    let mine: RatingSheetPage = one.client.get(&rating.at("sheets")).await.expect(200).json();
    let theirs: RatingSheetPage = other.client.get(&rating.at("sheets")).await.expect(200).json();
    assert_eq!((mine.items.len(), theirs.items.len()), (1, 0));
}

#[actix_web::test]
async fn each_fault_of_a_sheet_is_named() {
    let rating = Rating::assessing().await;
    let one = &rating.assessors[0].client;
    let faults = [
        (json!({ "code": "x", "points": 1 }), "ratings.indicator_unknown", "#/points/0/code"),
        (json!({ "code": "team-1", "points": 101 }), "ratings.points_beyond", "#/points/0/points"),
        (json!({ "code": "team-1", "vetoed": true, "note": "否决" }), "ratings.not_a_veto", "#/points/0/vetoed"),
        (json!({ "code": "service-1", "points": 0, "vetoed": true }), "ratings.veto_without_note", "#/points/0/note"),
    ];
    for (point, code, place) in faults {
        let problem = rating.begin(one, json!({ "points": [point] })).await.refused(422, code);
        assert_eq!(problem.errors[0].pointer.as_deref(), Some(place));
    }
}

#[actix_web::test]
async fn a_missing_scorer_is_named_and_nothing_is_written() {
    let mut rating = Rating::assessing().await;
    rating.submitted(&rating.assessors[0], points(90)).await;
    // A draft is nothing yet.
    rating.begin(&rating.assessors[1].client, points(90)).await.expect(201);
    let refused = rating.take("collate", Value::Null).await.refused(409, "ratings.scorer_missing");
    let missing: Vec<&str> = refused.errors.iter().map(|fault| fault.code.as_str()).collect();
    assert_eq!(missing, ["association", "peer", "satisfaction"]);
    assert!(refused.errors[0].detail.contains("康盛花园"), "{refused:?}");
    let path = format!("{RESULTS}?campaign_id={}&include=total", rating.campaign.id);
    assert_eq!(rating.district().get(&path).await.expect(200).value()["total"], 0);
    rating.fact(satisfaction(8000)).await.expect(201);
    rating.fact(satisfaction(8000)).await.refused(409, "ratings.fact_exists");
    let sheet: RatingSheetPage = rating.district().get(&rating.at("sheets")).await.expect(200).json();
    let draft = sheet.items.iter().find(|sheet| sheet.status == RatingSheetStatus::Draft).expect("a draft");
    let submit = format!("/v1/rating-sheets/{}/submit", draft.id);
    step(&rating.assessors[1].client, &submit, Value::Null).await.expect(200);
    rating.submitted(&rating.assessors[2], points(90)).await;
    rating.advance("collate", Value::Null).await;
    assert_eq!(rating.result().await.star, 4, "0.85 × 90 + 0.15 × 80 = 88.5");
    rating.fact(super::red_line()).await.refused(409, "ratings.fact_late");
}

#[actix_web::test]
async fn a_veto_of_one_scorer_caps() {
    let mut rating = Rating::assessing().await;
    let mut vetoed = points(95);
    let list = vetoed["points"].as_array_mut().expect("points");
    let service = list.iter_mut().find(|point| point["code"] == "service-1").expect("the veto indicator");
    (service["vetoed"], service["note"]) = (json!(true), json!("消防通道长期堵塞"));
    rating.submitted(&rating.assessors[0], vetoed).await;
    for assessor in &rating.assessors[1..] {
        rating.submitted(assessor, points(95)).await;
    }
    rating.fact(satisfaction(9500)).await.expect(201);
    rating.advance("collate", Value::Null).await;
    let result = rating.result().await;
    assert_eq!((result.score, result.earned_star, result.star), (9500, 5, 1));
    assert_eq!(result.caps[0].reason.as_str(), "veto_indicator");
}

#[actix_web::test]
async fn who_cannot_go_on_is_released_of_what_they_have_not_scored() {
    let rating = Rating::assessing().await;
    let [gone, scored, _] = rating.assessors.as_slice() else { panic!("three panels") };
    let path = rating.at("release-assessor");
    let all: RatingAssessorPage = rating.district().get(&rating.at("assessors")).await.expect(200).json();
    let id_of = |assessor: &Assessor| {
        let found = all.items.iter().find(|one| one.account_id.to_string() == assessor.account);
        found.expect("on a panel").id
    };
    let body = |assessor: &Assessor| json!({ "assessor_id": id_of(assessor), "reason": "因病不能继续评分" });
    let draft: RatingSheetOut = made(rating.begin(&gone.client, points(10)).await);
    rating.submitted(scored, points(90)).await;
    gone.client.post(&path, body(gone)).await.refused(403, "forbidden");
    rating.district().post(&path, body(scored)).await.refused(409, "ratings.released_late");
    let mut named = body(scored);
    named["project_ids"] = json!([rating.project.id]);
    let problem = rating.district().post(&path, named).await.refused(409, "ratings.released_late");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/project_ids/0"));
    let mut unknown = body(gone);
    unknown["assessor_id"] = json!("019b0000-0000-7000-8000-00000000dead");
    rating.district().post(&path, unknown).await.refused(422, "ratings.not_on_panel");
    let elsewhere = rating.app().actor(Role::DistrictCoord, "130402").await;
    elsewhere.post(&path, body(gone)).await.refused(404, "not_found");

    let released: RatingAssessorOut = rating.district().post(&path, body(gone)).await.expect(200).json();
    assert!(released.project_ids.is_empty());
    gone.client.get(&format!("/v1/rating-sheets/{}", draft.sheet.id)).await.refused(404, "not_found");
    rating.begin(&gone.client, points(90)).await.refused(403, "ratings.not_assigned");
    rating.district().post(&path, body(gone)).await.refused(409, "ratings.released_late");
    // Somebody else takes the place, and the panel is no longer missing.
    let instead = Assessor::new(rating.app(), gone.panel).await;
    rating.assign(instead.on(&rating.project)).await.expect(201);
    rating.submitted(&instead, points(80)).await;
    let refused = rating.take("collate", Value::Null).await.refused(409, "ratings.scorer_missing");
    let missing: Vec<&str> = refused.errors.iter().map(|fault| fault.code.as_str()).collect();
    assert_eq!(missing, ["peer", "satisfaction"]);
}
