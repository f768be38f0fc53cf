//! Forms: changed until the first answer, and never after.

use oversight::surveys::dto::{SurveyFormOut, SurveyFormPage, SurveyRoundOut};
use serde_json::{Value, json};

use super::{FORMS, Ground, ROUNDS, answer, form_in, question, sheet};
use crate::organisations::rule_in;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{made, outsiders};

#[actix_web::test]
async fn a_version_is_frozen_by_its_first_answer() {
    let mut g = Ground::new(2, 0).await;
    let round = g.open("owners").await;
    let path = format!("{FORMS}/{}", round.form_id);
    let before: SurveyFormOut = g.worker().get(&path).await.expect(200).json();
    let patch = |title: &str| json!({ "title": title });
    let etag = |form: &SurveyFormOut| format!("\"v{}\"", form.version);
    let changed: SurveyFormOut = g.worker().patch(&path, &etag(&before), patch("二稿")).await.expect(200).json();
    assert!(!changed.frozen && changed.title == "二稿");
    let tokens = g.tokens(&round).await;
    answer(g.app(), &tokens[0], sheet(4, 4)).await.expect(204);
    let frozen: SurveyFormOut = g.worker().get(&path).await.expect(200).json();
    assert!(frozen.frozen);
    g.worker().patch(&path, &etag(&frozen), patch("三稿")).await.refused(409, "surveys.form_frozen");
    let next = json!({ "title": "三稿", "questions": [question("q1", "保洁")] });
    let next: SurveyFormOut = made(g.worker().post(&format!("{path}/versions"), next).await);
    assert_eq!((next.number, next.frozen, next.code), (2, false, frozen.code.clone()));
    let still: SurveyFormOut = g.worker().get(&path).await.expect(200).json();
    assert_eq!((still.questions, still.title), (frozen.questions, "二稿".to_owned()));
}

#[actix_web::test]
async fn forms_are_checked_by_their_kind() {
    let g = Ground::new(1, 0).await;
    let with = |kind: &str, questions: Value| {
        let mut form = form_in();
        (form["kind"], form["questions"]) = (json!(kind), questions);
        form
    };
    let senses = |all: &[&str]| -> Value {
        all.iter().enumerate().map(|(at, sense)| question(&format!("q{at}"), sense)).collect()
    };
    let mut words = question("q1", "其他");
    words["kind"] = json!("text");
    for (form, code) in [
        (with("satisfaction", json!([words])), "surveys.question_kind"),
        (with("satisfaction", json!([question("q1", "保洁"), question("q1", "秩序")])), "surveys.question_code"),
        (with("four_senses", senses(&["gain", "happiness", "safety"])), "surveys.senses"),
        (with("satisfaction", json!([])), "invalid"),
    ] {
        g.worker().post(FORMS, form).await.refused(422, code);
    }
    let four = with("four_senses", senses(&["gain", "happiness", "safety", "liveability"]));
    g.worker().post(FORMS, four.clone()).await.expect(201);
    g.worker().post(FORMS, four).await.refused(409, "surveys.form_exists");
    let page: SurveyFormPage = g.worker().get(&format!("{FORMS}?kind=four_senses")).await.expect(200).json();
    assert_eq!(page.items.len(), 1);
    for outsider in outsiders(g.app()).await {
        outsider.get(&format!("{FORMS}/{}", page.items[0].id)).await.refused(404, "not_found");
    }
}

/// Weights are the whole or no rule; what a round was published under stays with it.
#[actix_web::test]
async fn rules_are_whole_and_pinned() {
    let g = Ground::new(2, 0).await;
    let rules = |owners: i32| {
        json!({ "weights": { "owners_bp": owners, "community_bp": 2500, "committee_bp": 1500 }, "pass_bp": 7000,
            "least_answers": 30, "least_share_bp": 1000, "shown_from": 10, "window_days": 60, "rectify_days": 30 })
    };
    for off in [5999, 6001] {
        let rule = rule_in("surveys.rounds", TONGDEXIANG, rules(off));
        g.t.w.district.post("/v1/rule-sets", rule).await.refused(422, "rule_sets.params");
    }
    let mut fourth = rules(6000);
    fourth["weights"]["company_bp"] = json!(0);
    let fourth = rule_in("surveys.rounds", TONGDEXIANG, fourth);
    g.t.w.district.post("/v1/rule-sets", fourth).await.refused(422, "rule_sets.params");
    let before = g.published("three_party").await;
    let rule = rule_in("surveys.rounds", DISTRICT, rules(6000));
    g.t.w.district.post("/v1/rule-sets", rule).await.expect(201);
    let form: SurveyFormOut = g.worker().get(&format!("{FORMS}/{}", before.form_id)).await.expect(200).json();
    let after: SurveyRoundOut = made(g.worker().post(ROUNDS, g.round_in(&form, "owners")).await);
    let after = g.step(&after, "publish", Value::Null).await;
    let line = |round: &SurveyRoundOut| round.rules.as_ref().map(|rules| rules.pass_bp);
    assert_eq!((line(&g.now(&before).await), line(&after)), (Some(6000), Some(7000)));
    assert!(before.rule_set_id.is_none() && after.rule_set_id.is_some());
}
