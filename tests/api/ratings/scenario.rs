//! Scenario 9: a red line caps a company of 93 at one star; its appeal overturns that; four stars are not claimed at a price
//! above theirs; and what happens after the star was confirmed takes it down.

use oversight::ratings::dto::{RatingAppealOut, RatingAppealStatus, RatingCapReason, RatingFactPage, RatingResultOut};
use platform::history::EventPage;
use serde_json::{Value, json};

use super::{RESULTS, Rating, posting, red_line};
use crate::organisations::{step, taken};

#[actix_web::test]
async fn a_red_line_caps_and_an_appeal_overturns() {
    let rating = Rating::claiming().await;
    let claim = |fen: i64| json!({ "project_id": rating.project.id, "target_star": 4, "charged_fen": fen });
    let refused = rating.company.post(&rating.at("claims"), claim(166)).await.refused(422, "ratings.price_above_tier");
    assert_eq!(refused.errors[0].pointer.as_deref(), Some("#/charged_fen"));
    rating.company.post(&rating.at("claims"), claim(165)).await.refused(422, "ratings.price_not_filed");
    rating.company.post(&rating.at("claims"), claim(85)).await.expect(201);

    let mut rating = Rating::scored(93).await;
    rating.fact(red_line()).await.expect(201);
    rating.advance("collate", Value::Null).await;
    let result = rating.result().await;
    assert_eq!((result.score, result.earned_star, result.star), (9300, 5, 1));
    assert_eq!(
        result.caps.iter().map(|cap| (cap.reason, cap.star)).collect::<Vec<_>>(),
        [(RatingCapReason::RedLine, 1)]
    );
    let own = format!("{RESULTS}/{}", result.id);
    rating.company.get(&own).await.refused(404, "not_found");
    rating.advance("publicise", posting()).await;
    rating.company.get(&own).await.expect(200);
    // The posting has its seven days, whoever would be done sooner.
    rating.take("open-appeals", Value::Null).await.refused(409, "publicity.still_running");
    rating
        .company
        .post(&format!("{own}/appeals"), json!({ "grounds": "早" }))
        .await
        .refused(409, "ratings.window_over");
    rating.days_later(7).await;
    rating.take("open-appeals", Value::Null).await.refused(409, "publicity.still_running");
    rating.days_later(1).await;
    rating.advance("open-appeals", Value::Null).await;
    rating.take("confirm", Value::Null).await.refused(409, "ratings.window_open");

    let appeal: RatingAppealOut = rating.appeal().await;
    assert_eq!((appeal.status, appeal.contested.score, appeal.contested.star), (RatingAppealStatus::Raised, 9300, 1));
    rating.days_later(8).await;
    rating.take("confirm", Value::Null).await.refused(409, "ratings.appeal_open");
    let revised = overturn(&rating, &appeal).await;
    assert_eq!((revised.score, revised.star, revised.caps.len()), (9300, 5, 0));
    assert!(revised.revised_at.is_some());
    rating.advance("confirm", Value::Null).await;
    let compound = rating.town.compound_now().await;
    assert_eq!((compound.confirmed_star, compound.star_as_of), (Some(5), Some(rating.app().clock.today())));
    assert_eq!(compound.star_result_id.map(|id| id.0), Some(result.id.0));
    taken_down(&mut rating, &result).await;
}

/// Reviewed by another than those who scored it.
async fn overturn(rating: &Rating, appeal: &RatingAppealOut) -> RatingResultOut {
    let at = |verb: &str| format!("/v1/rating-appeals/{}/{verb}", appeal.id);
    let first = json!({ "account_id": rating.assessors[0].account, "panel": "authority" });
    let refused = rating.district().post(&at("reviewers"), first).await.refused(422, "ratings.scored_before");
    assert_eq!(refused.errors[0].pointer.as_deref(), Some("#/account_id"));
    let reviewer = rating.reviewer(&appeal.id.to_string()).await;
    let facts = format!("/v1/rating-projects/{}/facts", rating.project.id);
    let facts: RatingFactPage = rating.company.get(&facts).await.expect(200).json();
    let fire = facts.items.iter().find(|fact| fact.ground.is_some()).expect("the fire");
    let decision =
        |facts: &[Value]| json!({ "outcome": "revised", "decision": "起火系住户用电所致", "struck_fact_ids": facts });
    let other = super::Assessor::new(rating.app(), "peer").await;
    step(&other.client, &at("decide"), decision(&[])).await.refused(403, "ratings.not_reviewer");
    step(&reviewer.client, &at("decide"), decision(&[])).await.refused(422, "ratings.nothing_revised");
    let unknown = json!("019b0000-0000-7000-8000-00000000dead");
    step(&reviewer.client, &at("decide"), decision(&[unknown])).await.refused(422, "ratings.fact_unknown");
    let decided: RatingAppealOut = taken(&reviewer.client, &at("decide"), decision(&[json!(fire.id)])).await;
    assert_eq!(decided.status, RatingAppealStatus::Revised);
    step(&reviewer.client, &at("decide"), decision(&[])).await.refused(409, "ratings.appeal_decided");
    rating.result().await
}

/// A red line after the star was confirmed.
async fn taken_down(rating: &mut Rating, result: &RatingResultOut) {
    let own = format!("{RESULTS}/{}", result.id);
    rating.advance("monitor", Value::Null).await;
    let event = json!({ "ground": "utilities_stopped", "occurred_on": "2024-01-20", "source": "投诉核查报告",
        "reason": "以停水方式催费" });
    let down: RatingResultOut = taken(&rating.town.authority, &format!("{own}/veto"), event.clone()).await;
    assert_eq!((down.star, down.earned_star, down.downgrade_reason.as_deref()), (1, 5, Some("以停水方式催费")));
    assert_eq!(rating.town.compound_now().await.confirmed_star, Some(1));
    let history: EventPage = rating.district().get(&format!("{own}/history")).await.expect(200).json();
    let events: Vec<&str> = history.items.iter().map(|event| event.event.as_str()).collect();
    let all = ["collated", "revised", "confirmed", "downgraded"].map(|event| format!("rating_result.{event}"));
    assert_eq!(events, all);
    assert_eq!(history.items[3].data["ground"], "utilities_stopped");
    assert!(history.items.iter().all(|event| event.intact));
    rating.advance("close", Value::Null).await;
    step(&rating.town.authority, &format!("{own}/veto"), event).await.refused(409, "ratings.not_confirmed");
}

#[actix_web::test]
async fn a_review_that_scores_anew_replaces_what_its_panel_found() {
    let mut rating = Rating::scored(93).await.appealable().await;
    let appeal: RatingAppealOut = rating.appeal().await;
    let again = format!("{RESULTS}/{}/appeals", rating.result().await.id);
    rating.company.post(&again, json!({ "grounds": "再次" })).await.refused(409, "ratings.appeal_exists");
    let reviewer = rating.reviewer(&appeal.id.to_string()).await;
    rating.submitted(&reviewer, super::points(73)).await;
    let path = format!("/v1/rating-appeals/{}/decide", appeal.id);
    let body = json!({ "outcome": "revised", "decision": "主管部门复评" });
    let _: RatingAppealOut = taken(&reviewer.client, &path, body).await;
    let result = rating.result().await;
    // 0.5 × 73 + 0.5 × 93
    assert_eq!((result.authority_score, result.score, result.star), (Some(7300), 8300, 4));
    rating.days_later(8).await;
    rating.advance("confirm", Value::Null).await;
    assert_eq!(rating.town.compound_now().await.confirmed_star, Some(4));
}

#[actix_web::test]
async fn an_upheld_result_stands_and_nobody_else_appeals() {
    let rating = Rating::scored(93).await.appealable().await;
    let path = format!("{RESULTS}/{}/appeals", rating.result().await.id);
    let ex_officio = json!({ "grounds": "异议成立" });
    rating.town.authority.post(&path, ex_officio).await.refused(409, "ratings.no_objection_upheld");
    let appeal: RatingAppealOut = rating.appeal().await;
    let reviewer = rating.reviewer(&appeal.id.to_string()).await;
    let body = json!({ "outcome": "upheld", "decision": "原结论无误" });
    let decided: RatingAppealOut =
        taken(&reviewer.client, &format!("/v1/rating-appeals/{}/decide", appeal.id), body).await;
    assert_eq!(decided.status, RatingAppealStatus::Upheld);
    let result = rating.result().await;
    assert_eq!((result.score, result.star, result.revised_at), (9300, 5, None));
}
