//! What the register has found is taken at collation: satisfaction of the surveys of the quarter, and the five disclosures of the
//! last check (B8, B9, B10).

use chrono::Duration;
use oversight::ratings::dto::{RatingCapReason, RatingExplanationOut, RatingFactKind};
use oversight::standards::dto::{CheckRunOut, ChecklistOut};
use oversight::surveys::dto::{
    SurveyChannel, SurveyFormId, SurveyKind, SurveyParty, SurveyQuestion, SurveyQuestionKind, SurveyRespondents,
    SurveyRoundId,
};
use oversight::surveys::past::{self, PastAnswers, PastForm, PastRound};
use platform::db::Ts;
use serde_json::{Value, json};

use super::{RESULTS, Rating};
use crate::standards::{CHECKLISTS, RUNS, checklist_in, items, record, results_in, submit, take};
use crate::territory::made;

/// A final round of the rated compound that closed some days ago, at which everybody gave this mark.
async fn asked(rating: &Rating, days_ago: i64, mark: i64) -> SurveyRoundId {
    let closes_at = rating.app().app.clock.now().plus(-Duration::days(days_ago));
    let form = form(closes_at);
    let round = PastRound {
        id: SurveyRoundId::fresh(),
        respondents: SurveyRespondents::Owners,
        title: "测试·满意度测评".to_owned(),
        area_code: rating.project.area_code.clone(),
        compound: Some(rating.project.compound_id),
        company: Some(rating.town.company.id),
        opens_at: closes_at.plus(-Duration::days(3)),
        closes_at,
        households: 100,
        strata: vec![("001".to_owned(), 100)],
        recheck_of: None,
        answers: vec![PastAnswers {
            party: SurveyParty::Owners,
            stratum: "001".to_owned(),
            channel: SurveyChannel::Web,
            marks: vec![mark],
            count: 40,
        }],
    };
    let id = round.id;
    let planted = rating.app().app.db.write(move |c| {
        past::form(c, &form)?;
        past::take_over(c, &form, std::slice::from_ref(&round))
    });
    planted.await.expect("planted");
    id
}

fn form(at: Ts) -> PastForm {
    let id = SurveyFormId::fresh();
    PastForm {
        id,
        area_code: "620902".to_owned(),
        code: format!("service-{}", id.0.simple()),
        kind: SurveyKind::Satisfaction,
        title: "测试·物业服务满意度问卷".to_owned(),
        questions: vec![SurveyQuestion {
            code: "service".to_owned(),
            dimension: "服务".to_owned(),
            text: "您对物业服务的评价(1至5分)".to_owned(),
            kind: SurveyQuestionKind::Scale,
            choices: Vec::new(),
        }],
        made_at: at.plus(-Duration::days(30)),
        frozen_at: Some(at.plus(-Duration::days(3))),
    }
}

#[actix_web::test]
async fn what_a_survey_found_takes_the_place_of_what_was_recorded() {
    let mut rating = Rating::scored(90).await;
    // An earlier round of the quarter gives way to the later one, and one of the year before counts for nothing.
    asked(&rating, 60, 1).await;
    asked(&rating, 8, 5).await;
    let last = asked(&rating, 4, 3).await;
    rating.advance("collate", Value::Null).await;
    let result = rating.result().await;
    assert_eq!((result.satisfaction_score, result.authority_score), (Some(6000), Some(9000)));
    let told: RatingExplanationOut =
        rating.district().get(&format!("{RESULTS}/{}/explanation", result.id)).await.expect(200).json();
    let satisfaction = told.satisfaction.expect("a survey");
    assert_eq!((satisfaction.score, satisfaction.responses), (6000, 40));
    assert!(satisfaction.source.contains(&last.to_string()), "{}", satisfaction.source);
    let facts: Vec<_> = told.facts.iter().filter(|fact| fact.kind == RatingFactKind::Satisfaction).collect();
    let struck: Vec<(Option<i32>, bool)> = facts.iter().map(|fact| (fact.score, fact.struck_at.is_some())).collect();
    assert_eq!(struck, [(Some(9000), true), (Some(6000), false)]);
}

/// Where nobody asked in the quarter, what was recorded with its source stands.
#[actix_web::test]
async fn a_survey_of_another_quarter_is_not_taken() {
    let mut rating = Rating::scored(90).await;
    asked(&rating, 60, 1).await;
    rating.advance("collate", Value::Null).await;
    assert_eq!(rating.result().await.satisfaction_score, Some(9000));
}

/// A red line that the community has recorded caps the star at one; what was recorded twice counts once.
#[actix_web::test]
async fn what_crossed_a_red_line_caps_the_star() {
    let mut rating = Rating::scored(93).await;
    let body = json!({ "compound_id": rating.project.compound_id, "company_id": rating.town.company.id,
        "happened_on": "2024-01-08", "ground": "fire_safety_accident", "evidence": "消防救援机构事故认定书 2024-003" });
    rating.town.worker.post("/v1/red-line-deductions", body).await.expect(201);
    rating.fact(super::red_line()).await.expect(201);
    rating.advance("collate", Value::Null).await;
    let result = rating.result().await;
    assert_eq!((result.earned_star, result.star), (5, 1));
    assert_eq!(result.caps.iter().map(|cap| cap.reason).collect::<Vec<_>>(), [RatingCapReason::RedLine]);
    let told: RatingExplanationOut =
        rating.district().get(&format!("{RESULTS}/{}/explanation", result.id)).await.expect(200).json();
    assert_eq!(told.facts.iter().filter(|fact| fact.kind == RatingFactKind::RedLine).count(), 1);
}

/// 五公开 that a check found incomplete caps the star at three, whatever the score.
#[actix_web::test]
async fn what_a_check_found_missing_caps_the_star() {
    let mut rating = Rating::scored(95).await;
    let draft: ChecklistOut =
        made(rating.district().post(CHECKLISTS, checklist_in("five_disclosures", items(5))).await);
    let list: ChecklistOut =
        take(rating.district(), &format!("{CHECKLISTS}/{}/publish", draft.id), Value::Null).await.expect(200).json();
    let worker = &rating.town.worker;
    let body =
        json!({ "checklist_id": list.id, "compound_id": rating.project.compound_id, "checked_on": "2024-01-15" });
    let run: CheckRunOut = made(worker.post(RUNS, body).await);
    record(worker, &run, results_in(&list, &["pass", "pass", "pass", "pass", "fail"])).await.expect(200);
    submit(worker, &run).await.expect(200);
    rating.advance("collate", Value::Null).await;
    let result = rating.result().await;
    assert_eq!((result.earned_star, result.star), (5, 3));
    let caps: Vec<(RatingCapReason, i16)> = result.caps.iter().map(|cap| (cap.reason, cap.star)).collect();
    assert_eq!(caps, [(RatingCapReason::DisclosuresIncomplete, 3)]);
    let told: RatingExplanationOut =
        rating.district().get(&format!("{RESULTS}/{}/explanation", result.id)).await.expect(200).json();
    assert!(told.facts.iter().any(|fact| fact.source.contains(&run.id.to_string())));
}
