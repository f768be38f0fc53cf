//! When answers are taken, to the microsecond, whether or not anybody has swept.

use chrono::Duration;
use oversight::surveys::dto::{SurveyRoundOut, SurveyRoundPage, SurveyStatus};
use red_steward::tasks::sweep_surveys;
use serde_json::{Value, json};

use super::{Ground, ROUNDS, answer, at, posting, sheet};
use crate::appointments::{account_id, log_in};
use crate::meetings::take;

async fn stand_in(g: &Ground, status: &str) -> usize {
    let page: SurveyRoundPage = g.worker().get(&format!("{ROUNDS}?status={status}")).await.expect(200).json();
    page.items.len()
}

#[actix_web::test]
async fn the_window_holds_its_first_moment_and_not_its_last() {
    let g = Ground::new(5, 0).await;
    let round = g.published("owners").await;
    let tokens = g.tokens(&round).await;
    let clock = &g.app().clock;
    let (day, moment) = (Duration::days(1), Duration::microseconds(1));
    clock.advance(day - moment);
    answer(g.app(), &tokens[0], sheet(3, 3)).await.refused(409, "surveys.not_open");
    clock.advance(moment);
    answer(g.app(), &tokens[0], sheet(3, 3)).await.expect(204);
    clock.advance(Duration::days(10) - moment);
    answer(g.app(), &tokens[1], sheet(3, 3)).await.expect(204);
    clock.advance(moment);
    answer(g.app(), &tokens[2], sheet(3, 3)).await.refused(409, "surveys.not_open");
    let worker = log_in(g.app(), account_id(g.worker())).await;
    let path = at(&round, "compute");
    let compute = || take(&worker, &path, Value::Null);
    compute().await.refused(409, "surveys.too_early");
    clock.advance(Duration::seconds(60));
    let counted: SurveyRoundOut = compute().await.expect(200).json();
    assert_eq!(counted.n, Some(2));
    compute().await.refused(409, "surveys.wrong_state");
}

#[actix_web::test]
async fn it_is_open_whether_or_not_anybody_swept() {
    let mut g = Ground::new(2, 0).await;
    let round = g.published("owners").await;
    assert_eq!((stand_in(&g, "published").await, stand_in(&g, "open").await), (1, 0));
    g.t.days_later(1).await;
    assert_eq!(g.now(&round).await.status, SurveyStatus::Open);
    assert_eq!((stand_in(&g, "published").await, stand_in(&g, "open").await), (0, 1));
    sweep_surveys(&g.app().app).await.expect("swept");
    assert_eq!((g.now(&round).await.status, stand_in(&g, "open").await), (SurveyStatus::Open, 1));
    g.t.days_later(11).await;
    assert_eq!((g.now(&round).await.status, stand_in(&g, "closed").await), (SurveyStatus::Closed, 1));
    sweep_surveys(&g.app().app).await.expect("swept");
    assert_eq!(stand_in(&g, "closed").await, 1);
    let history = g.worker().get(&at(&round, "history")).await.expect(200).value();
    let names: Vec<&str> =
        history["items"].as_array().expect("items").iter().filter_map(|event| event["event"].as_str()).collect();
    let opened = ["survey_round.drafted", "survey_round.published", "survey_round.opened", "survey_round.closed"];
    assert_eq!(names, opened);
}

#[actix_web::test]
async fn steps_are_taken_in_their_order() {
    let mut g = Ground::new(2, 0).await;
    let form = g.form().await;
    let mut late = g.round_in(&form, "owners");
    late["closes_at"] = json!("2024-01-15T00:00:00Z");
    g.worker().post(ROUNDS, late).await.refused(422, "surveys.window");
    let mut long = g.round_in(&form, "owners");
    long["closes_at"] = json!("2024-04-16T01:00:00Z");
    g.worker().post(ROUNDS, long).await.refused(422, "surveys.window");
    let mut community = g.round_in(&form, "owners");
    community["area_code"] = json!("620902005003");
    g.worker().post(ROUNDS, community).await.refused(422, "surveys.place");
    let draft: SurveyRoundOut = crate::territory::made(g.worker().post(ROUNDS, g.round_in(&form, "owners")).await);
    for (verb, body) in [("compute", Value::Null), ("publicise", posting()), ("finalise", Value::Null)] {
        take(g.worker(), &at(&draft, verb), body).await.refused(409, "surveys.wrong_state");
    }
    let patch = json!({ "title": "改期后的测评" });
    g.worker().patch(&at(&draft, ""), "\"v9\"", patch.clone()).await.refused(412, "version_stale");
    let changed: SurveyRoundOut = g.worker().patch(&at(&draft, ""), "\"v1\"", patch.clone()).await.expect(200).json();
    assert_eq!(changed.title, "改期后的测评");
    let published = g.step(&changed, "publish", Value::Null).await;
    g.worker().patch(&at(&draft, ""), "*", patch).await.refused(409, "surveys.wrong_state");
    assert_eq!(published.households, Some(2));
    g.t.days_later(1).await;
    let reason = json!({ "reason": "改期" });
    take(g.worker(), &at(&draft, "cancel"), reason).await.refused(409, "surveys.wrong_state");
    g.t.w.street.post_with(&at(&draft, "compute"), &[("If-Match", "*")], Value::Null).await.refused(403, "forbidden");
}
