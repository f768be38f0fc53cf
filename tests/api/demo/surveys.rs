//! What the demo's people were asked, and what came of it: scenario 8's figures, and those of the last quarter.

use oversight::surveys::dto::{
    SurveyConsequencePage, SurveyConsequenceStatus, SurveyOutcome, SurveyResultsOut, SurveyRoundOut, SurveyRoundPage,
    SurveyStatus,
};
use serde_json::json;

use super::{demo_app, log_in};
use crate::support::Client;

const DIHAO: &str = "620902005003-0002";

async fn rounds(who: &Client, query: &str) -> SurveyRoundPage {
    who.get(&format!("/v1/survey-rounds?include=total&limit=100&{query}")).await.expect(200).json()
}

async fn results(who: &Client, round: &SurveyRoundOut) -> SurveyResultsOut {
    who.get(&format!("/v1/survey-rounds/{}/results", round.id)).await.expect(200).json()
}

#[actix_web::test]
async fn what_the_district_was_asked_and_what_came_of_it() {
    let app = demo_app().await;
    let coordinator = log_in(&app, "coord.suzhou").await;
    // 225 compounds of the last quarter and two rounds of 帝豪花园; two are open.
    for (query, total) in [("status=final", 227), ("outcome=pass", 223), ("outcome=fail", 4), ("status=open", 2)] {
        assert_eq!(rounds(&coordinator, query).await.total, Some(total), "{query}");
    }
    let found: SurveyConsequencePage = coordinator.get("/v1/survey-consequences").await.expect(200).json();
    let statuses: Vec<SurveyConsequenceStatus> = found.items.iter().map(|row| row.status).collect();
    use SurveyConsequenceStatus::{MotionEligible, Proposed};
    assert_eq!(statuses, [Proposed, Proposed, MotionEligible]);

    let worker = log_in(&app, "worker.tongdexiang").await;
    let here = rounds(&worker, &format!("area={DIHAO}&outcome=fail")).await.items;
    let scores: Vec<(Option<i32>, SurveyStatus)> = here.iter().map(|round| (round.score_bp, round.status)).collect();
    assert_eq!(scores, [(Some(5790), SurveyStatus::Final), (Some(5870), SurveyStatus::Final)]);
    for (round, scores) in here.iter().zip([[5650, 6000, 6000], [6200, 5000, 6000]]) {
        let told = results(&worker, round).await.result.expect("a result");
        let found: Vec<Option<i64>> = told.parties.iter().map(|party| party.score_bp).collect();
        assert_eq!((found, told.outcome), (scores.map(Some).to_vec(), SurveyOutcome::Fail));
        assert!(told.n >= told.least && told.strata.len() > 1);
        let history = worker.get(&format!("/v1/survey-rounds/{}/history", round.id)).await.expect(200).value();
        let events = history["items"].as_array().expect("items");
        assert!(events.len() == 7 && events.iter().all(|event| event["intact"] == json!(true)));
    }
}

#[actix_web::test]
async fn the_newcomer_invites_and_an_owner_is_asked() {
    let app = demo_app().await;
    let worker = log_in(&app, "worker.tongdexiang").await;
    let open = rounds(&worker, "status=open&kind=satisfaction").await.items;
    let batch = json!({ "channel": "web", "limit": 2 });
    let batch = worker.post(&format!("/v1/survey-rounds/{}/invitations", open[0].id), batch).await.expect(200).value();
    let token = batch["items"][0]["token"].as_str().expect("a token");
    let sheet = json!({ "answers": [{ "question": "cleaning", "score": 5 }], "comment": "保洁比去年好" });
    let path = format!("/v1/survey-invitations/{token}/answers");
    app.anonymous().post(&path, sheet.clone()).await.expect(204);
    app.anonymous().post(&path, sheet).await.refused(409, "surveys.answered");
    let company = log_in(&app, "company.admin").await;
    let told: SurveyRoundPage = rounds(&company, "status=open").await;
    assert!(told.items.iter().all(|round| round.n.is_none() && round.score_bp.is_none()));
}
