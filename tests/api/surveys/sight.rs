//! Who reads what of a result: all of it those who oversee it, of what is posted and from ten answers on everybody else.

use oversight::surveys::dto::{SurveyResultsOut, SurveyRoundOut, SurveyRoundPage};
use platform::auth::Role;
use platform::publicity::dto::PublicityOut;
use serde_json::{Value, json};

use super::{Ground, ROUNDS, answer_all, answer_as, at, sheet};
use crate::support::Client;
use crate::support::actors::TONGDEXIANG;

async fn results(who: &Client, round: &SurveyRoundOut) -> SurveyResultsOut {
    who.get(&at(round, "results")).await.expect(200).json()
}

fn with_words(words: &str) -> Value {
    let mut sheet = sheet(4, 4);
    sheet["comment"] = json!(words);
    sheet
}

#[actix_web::test]
async fn a_company_reads_sums_of_ten_and_more_and_only_what_is_posted() {
    let mut g = Ground::new(26, 5).await;
    let round = g.open("three_party").await;
    let tokens = g.tokens(&round).await;
    answer_all(g.app(), &tokens, |nth| if nth == 3 { with_words("单元门常年不关") } else { sheet(4, 3) }).await;
    answer_as(&g.t.director.client, &round, "community", sheet(5, 5)).await.expect(204);
    answer_as(&g.t.owner.client, &round, "committee", sheet(2, 2)).await.expect(204);
    g.t.days_later(11).await;
    let counted = g.step(&round, "compute", Value::Null).await;

    let company = g.company().await;
    let early = results(&company, &counted).await;
    assert!(early.result.is_none() && early.withheld, "it is not posted");
    let listed: SurveyRoundPage = company.get(ROUNDS).await.expect(200).json();
    assert!(listed.items.iter().all(|round| round.score_bp.is_none() && round.n.is_none() && round.outcome.is_none()));
    let found: SurveyRoundPage = company.get(&format!("{ROUNDS}?outcome=pass")).await.expect(200).json();
    assert!(found.items.is_empty(), "nor found by what it says");
    let whole = results(g.worker(), &counted).await.result.expect("a result");
    assert_eq!((whole.n, whole.parties[1].score_bp, whole.parties[2].score_bp), (31, Some(10_000), Some(4000)));

    let posted = g.step(&counted, "publicise", super::posting()).await;
    let told = results(&company, &posted).await;
    assert!(told.withheld);
    let sums = told.result.expect("a result");
    assert_eq!((sums.score_bp, sums.n), (whole.score_bp, 31));
    let scores: Vec<Option<i64>> = sums.parties.iter().map(|party| party.score_bp).collect();
    assert_eq!(scores, [whole.parties[0].score_bp, None, None], "of one person each");
    // Five answers in the second building: neither it nor, by subtraction, the first is told apart.
    assert!(sums.strata.iter().all(|stratum| stratum.score_bp.is_none()));
    assert!(whole.strata.iter().all(|stratum| stratum.score_bp.is_none()), "not even to those who oversee it");
    assert_eq!(sums.questions[0].distribution.iter().map(|value| value.n).sum::<i64>(), 31);

    // Not a word of what anybody said, nor how it goes on.
    company.get(&format!("/v1/survey-comments?round_id={}", round.id)).await.refused(403, "forbidden");
    let double = g.double(Role::CommunityWorker).await;
    let comments = format!("/v1/survey-comments?round_id={}", round.id);
    double.get(&comments).await.refused(403, "surveys.of_the_company");
    assert_eq!(results(&double, &posted).await.result.map(|told| told.parties[1].score_bp), Some(None));
    company.get(&at(&round, "progress")).await.refused(404, "not_found");
    company.get(&at(&round, "history")).await.refused(404, "not_found");
    let said = g.worker().get(&comments).await.expect(200).value();
    assert_eq!(
        (said["items"].as_array().map(Vec::len), &said["items"][0]["words"]),
        (Some(1), &json!("单元门常年不关"))
    );

    // What hangs at the gate is the same.
    let posting = posted.publicity_id.expect("a posting");
    let posting: PublicityOut = g.worker().get(&format!("/v1/publicities/{posting}")).await.expect(200).json();
    assert!(posting.intact && posting.snapshot["result"]["score_bp"] == json!(whole.score_bp));
    assert_eq!(posting.snapshot["result"]["parties"][1]["score_bp"], Value::Null);
    assert!(!posting.snapshot.to_string().contains("单元门"));
}

#[actix_web::test]
async fn drafts_are_the_communitys_and_other_places_see_nothing() {
    let g = Ground::new(2, 0).await;
    let form = g.form().await;
    let draft: SurveyRoundOut = crate::territory::made(g.worker().post(ROUNDS, g.round_in(&form, "owners")).await);
    let neighbour = &g.t.neighbour.client;
    neighbour.get(&at(&draft, "")).await.refused(404, "not_found");
    g.company().await.get(&at(&draft, "")).await.refused(404, "not_found");
    let listed: SurveyRoundPage = neighbour.get(ROUNDS).await.expect(200).json();
    assert!(listed.items.is_empty());
    g.step(&draft, "publish", Value::Null).await;
    neighbour.get(&at(&draft, "")).await.expect(200);
    neighbour.get(&at(&draft, "progress")).await.refused(404, "not_found");
    let elsewhere = g.app().actor(Role::CommunitySecretary, "620902005002").await;
    elsewhere.get(&at(&draft, "")).await.refused(404, "not_found");
    let listed: SurveyRoundPage = elsewhere.get(ROUNDS).await.expect(200).json();
    assert!(listed.items.is_empty());
    let run = json!({ "channel": "web" });
    elsewhere.post(&at(&draft, "invitations"), run).await.refused(404, "not_found");
    let here = g.app().actor(Role::CommunitySecretary, TONGDEXIANG).await;
    here.get(&at(&draft, "progress")).await.expect(200);
}
