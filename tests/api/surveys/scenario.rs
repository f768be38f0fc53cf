//! Domain D5, scenario 8, whole: 58.70 fails, is rectified, asked again and found to be 57.90: a motion may be made, and the
//! contract stands.

use oversight::surveys::dto::{
    SurveyConsequenceOut, SurveyConsequenceStatus, SurveyOutcome, SurveyResultsOut, SurveyRoundOut, SurveyStatus,
};
use oversight::surveys::{SurveyScore, final_scores};
use platform::auth::Role;
use platform::history::EventPage;
use roster::organisations::dto::ContractOut;
use serde_json::{Value, json};

use super::{CONSEQUENCES, Ground, answer_all, answer_as, at, consequences, posting, sheet};
use crate::meetings::take;
use crate::territory::day;

/// Forty owners answer, so many of them with a mark more or less, and one of each body.
async fn asked(g: &Ground, round: &SurveyRoundOut, (others, second): (usize, i32), community: (i32, i32)) {
    let tokens = g.tokens(round).await;
    answer_all(g.app(), &tokens[1..], |nth| if nth < others { sheet(3, second) } else { sheet(3, 3) }).await;
    answer_as(&g.t.director.client, round, "community", sheet(community.0, community.1)).await.expect(204);
    answer_as(&g.t.owner.client, round, "committee", sheet(3, 3)).await.expect(204);
}

async fn result_of(g: &Ground, round: &SurveyRoundOut) -> SurveyResultsOut {
    g.worker().get(&at(round, "results")).await.expect(200).json()
}

async fn now(g: &Ground, id: impl std::fmt::Display) -> SurveyConsequenceOut {
    g.t.w.street.get(&format!("{CONSEQUENCES}/{id}")).await.expect(200).json()
}

#[actix_web::test]
async fn what_fails_twice_may_be_moved_and_is_not_dismissed() {
    let mut g = Ground::new(21, 20).await;
    let round = g.open("three_party").await;
    // 248 of 80 marks are 62.00, 5 of 2 are 50.00, 6 of 2 are 60.00: 37.20 + 12.50 + 9.00.
    asked(&g, &round, (8, 4), (3, 2)).await;
    let first = g.found(&round).await;
    assert_eq!((first.status, first.score_bp, first.n), (SurveyStatus::Final, Some(5870), Some(40)));
    assert_eq!(first.outcome, Some(SurveyOutcome::Fail));
    let told = result_of(&g, &first).await.result.expect("a result");
    let scores: Vec<(Option<i64>, Option<i64>)> =
        told.parties.iter().map(|party| (party.weight_bp, party.score_bp)).collect();
    assert_eq!(scores, [(Some(6000), Some(6200)), (Some(2500), Some(5000)), (Some(1500), Some(6000))]);
    assert_eq!((told.least, told.households), (30, 41));

    // The street confirms; the community that found it could not, and the company is told only then.
    let proposed = consequences(&g.t.w.street).await;
    let id = proposed[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!((proposed.len(), &proposed[0]["status"]), (1, &json!("proposed")));
    assert!(consequences(&g.company().await).await.is_empty());
    let path = |verb: &str| format!("{CONSEQUENCES}/{id}/{verb}");
    let notice = json!({ "notice": "请就保洁、报修两项于期限内整改并报告。" });
    take(g.worker(), &path("confirm"), notice.clone()).await.refused(403, "forbidden");
    let street = g.t.w.street.clone();
    let confirmed: SurveyConsequenceOut = take(&street, &path("confirm"), notice).await.expect(200).json();
    assert_eq!(confirmed.status, SurveyConsequenceStatus::Rectifying);
    // Thirty full days behind the day of the notice, which is the 4th of February: the 5th of March.
    assert_eq!(confirmed.due_on.map(|day| day.to_string()).as_deref(), Some("2024-03-05"));
    // The company and the owners find it among their notices.
    for reader in [&g.company().await, &g.t.owner.client] {
        let notice = format!("/v1/notices/{}", confirmed.notice_id.expect("a notice"));
        let notice = reader.get(&notice).await.expect(200).value();
        let body = notice["body"].as_str().expect("words");
        assert!(body.starts_with("请就保洁、报修两项") && body.contains("2024-03-05"), "{body}");
    }

    // Not asked again before the time is up or the company has said what it did.
    let again =
        json!({ "title": "满意度复测", "opens_at": "2024-02-12T01:00:00Z", "closes_at": "2024-02-22T01:00:00Z" });
    take(g.worker(), &path("recheck"), again.clone()).await.refused(409, "surveys.recheck_early");
    let report = json!({ "report": "已增派保洁人员两名。" });
    take(&g.company().await, &path("report"), report).await.expect(200);
    g.t.days_later(7).await;
    let begun: SurveyConsequenceOut = take(g.worker(), &path("recheck"), again.clone()).await.expect(200).json();
    take(g.worker(), &path("recheck"), again).await.refused(409, "surveys.consequence_state");
    let recheck = begun.recheck_round_id.expect("a recheck");
    let recheck: SurveyRoundOut = g.worker().get(&format!("{}/{recheck}", super::ROUNDS)).await.expect(200).json();
    assert_eq!((recheck.recheck_of, recheck.rules.clone()), (Some(first.id), first.rules.clone()));
    let recheck = g.step(&recheck, "publish", Value::Null).await;
    g.t.days_later(1).await;
    // 226 of 80 marks are 56.50, the bodies say 60.00: 33.90 + 15.00 + 9.00.
    asked(&g, &recheck, (14, 2), (3, 3)).await;
    let second = g.found(&recheck).await;
    assert_eq!((second.score_bp, second.outcome), (Some(5790), Some(SurveyOutcome::Fail)));
    assert_eq!(consequences(&g.t.w.street).await.len(), 1, "a recheck proposes nothing of its own");

    // The street's last word: a motion may be made. Nothing has ended.
    assert_eq!(now(&g, &id).await.status, SurveyConsequenceStatus::Rechecked);
    let note = json!({ "note": "复测程序合规,结论属实" });
    let street = g.t.w.street.clone();
    let concluded: SurveyConsequenceOut = take(&street, &path("conclude"), note.clone()).await.expect(200).json();
    assert_eq!(concluded.status, SurveyConsequenceStatus::MotionEligible);
    take(&street, &path("conclude"), note).await.refused(409, "surveys.consequence_state");
    let company = g.company().await;
    let notices = company.get("/v1/notices").await.expect(200).value();
    let told = notices["items"].as_array().expect("items").iter().find(|notice| notice["title"] == "满意度复测结论");
    let told = told.expect("the street's last word")["id"].as_str().expect("an id").to_owned();
    let told = company.get(&format!("/v1/notices/{told}")).await.expect(200).value();
    assert!(told["body"].as_str().is_some_and(|body| body.contains("民法典第278条")), "{told}");
    let history: EventPage = street.get(&path("history")).await.expect(200).json();
    let events: Vec<&str> = history.items.iter().filter_map(|event| event.event.split('.').nth(1)).collect();
    assert_eq!(events, ["proposed", "notified", "reported", "recheck_begun", "rechecked", "motion_eligible"]);
    let neighbour = g.app().actor(Role::StreetOfficer, "620902004").await;
    neighbour.get(&path("history")).await.refused(404, "not_found");
    let compound = g.t.w.v.home.compound.id;
    let contract = g.worker().get(&format!("/v1/compounds/{compound}")).await.expect(200).value();
    let contract = contract["serving_contract_id"].as_str().expect("a contract").to_owned();
    let contract: ContractOut = g.worker().get(&format!("/v1/service-contracts/{contract}")).await.expect(200).json();
    assert!(contract.ended_on.is_none() && contract.notice_on.is_none());

    let found = async |last: &str| -> Option<SurveyScore> {
        let days = (day("2024-01-01"), day(last));
        let read = g.app().app.db.read(move |c| final_scores(c, &[compound], days));
        read.await.expect("read").remove(&compound)
    };
    let score = found("2024-03-31").await.expect("a score");
    assert_eq!((score.round, score.score_bp, score.n, score.pass), (second.id, 5790, 40, false));
    assert_eq!(found("2024-01-26").await.map(|score| score.score_bp), Some(5870));
    assert_eq!(found("2024-01-25").await, None, "it had not closed by then");
}

#[actix_web::test]
async fn of_too_few_nothing_follows() {
    let mut g = Ground::new(21, 20).await;
    let round = g.open("owners").await;
    let tokens = g.tokens(&round).await;
    answer_all(g.app(), &tokens[..29], |_| sheet(1, 1)).await;
    g.t.days_later(11).await;
    let counted = g.step(&round, "compute", Value::Null).await;
    assert_eq!((counted.status, counted.outcome), (SurveyStatus::Invalid, Some(SurveyOutcome::Insufficient)));
    take(g.worker(), &at(&round, "publicise"), posting()).await.refused(409, "surveys.wrong_state");
    assert!(consequences(&g.t.w.street).await.is_empty());
    let company = g.company().await;
    let told: SurveyRoundOut = company.get(&at(&round, "")).await.expect(200).json();
    assert_eq!((told.score_bp, told.outcome), (None, Some(SurveyOutcome::Insufficient)));
}

/// One more answer is enough: thirty, and a tenth of the households.
#[actix_web::test]
async fn of_enough_it_is_found() {
    let mut g = Ground::new(21, 20).await;
    let round = g.open("owners").await;
    let tokens = g.tokens(&round).await;
    answer_all(g.app(), &tokens[..30], |_| sheet(3, 3)).await;
    let found = g.found(&round).await;
    assert_eq!((found.score_bp, found.outcome), (Some(6000), Some(SurveyOutcome::Pass)), "the pass line passes");
    assert!(consequences(&g.t.w.street).await.is_empty());
}

#[actix_web::test]
async fn nobody_answered_and_nothing_follows() {
    let mut g = Ground::new(2, 0).await;
    let round = g.open("owners").await;
    g.t.days_later(11).await;
    let counted = g.step(&round, "compute", Value::Null).await;
    assert_eq!((counted.n, counted.score_bp, counted.status), (Some(0), None, SurveyStatus::Invalid));
    let told = result_of(&g, &counted).await.result.expect("a result");
    assert_eq!(told.satisfied.and_then(|ratio| ratio.percent), None);
}

/// An objection that was upheld leaves the result void, and what would have followed does not.
#[actix_web::test]
async fn an_upheld_objection_leaves_it_void() {
    let mut g = Ground::new(21, 10).await;
    let round = g.open("owners").await;
    let tokens = g.tokens(&round).await;
    answer_all(g.app(), &tokens, |_| sheet(1, 2)).await;
    let posted = g.posted(&round).await;
    take(g.worker(), &at(&posted, "finalise"), Value::Null).await.refused(409, "publicity.still_running");
    let publicity = posted.publicity_id.expect("a posting");
    let raised = json!({ "content": "有三户称未收到邀请" });
    let raised = g.t.neighbour.client.post(&format!("/v1/publicities/{publicity}/objections"), raised).await;
    let objection = raised.expect(201).value()["id"].as_str().expect("an id").to_owned();
    let of = |verb: &str| format!("/v1/objections/{objection}/{verb}");
    g.worker().post(&of("reply"), json!({ "reply": "经核实属实" })).await.expect(200);
    g.worker().post(&of("decide"), json!({ "outcome": "upheld", "note": "重新组织" })).await.expect(200);
    g.t.days_later(8).await;
    let found = g.step(&posted, "finalise", Value::Null).await;
    assert_eq!((found.status, found.outcome), (SurveyStatus::Invalid, Some(SurveyOutcome::Annulled)));
    assert!(consequences(&g.t.w.street).await.is_empty());
}
