//! Who answers, and that each counts once.

use futures_util::future::join_all;
use oversight::surveys::dto::{MySurveysOut, SurveyParty, SurveyProgressOut, SurveyRoundOut};
use platform::auth::Role;
use serde_json::{Value, json};

use super::{Ground, ROUNDS, answer, answer_as, at, question, sheet, tokens_in};
use crate::support::Reply;
use crate::support::actors::TONGDEXIANG;
use crate::territory::made;

async fn progress(g: &Ground, round: &SurveyRoundOut) -> SurveyProgressOut {
    g.worker().get(&at(round, "progress")).await.expect(200).json()
}

/// The same token a hundred times at once, and the same household by another token and by its owner's account meanwhile.
#[actix_web::test]
async fn a_household_counts_once_however_often_it_answers_at_once() {
    let mut g = Ground::new(3, 0).await;
    let round = g.open("owners").await;
    let tokens = g.tokens(&round).await;
    // The first answer freezes the form, so that the crowd takes the short way where there is one.
    answer(g.app(), &tokens[1], sheet(3, 3)).await.expect(204);
    let mini = g.worker().post(&at(&round, "invitations"), json!({ "channel": "mini_program" })).await;
    let mini = tokens_in(&mini.expect(200).value());
    let crowd = (0..100).map(|nth| {
        let token = if nth % 10 == 0 { &mini[0] } else { &tokens[0] };
        answer(g.app(), token, sheet(1 + nth % 5, 5))
    });
    let own = answer_as(&g.t.owner.client, &round, "owners", sheet(4, 4));
    let (crowd, own) = futures_util::future::join(join_all(crowd), own).await;
    let all: Vec<Reply> = crowd.into_iter().chain([own]).collect();
    let taken = all.iter().filter(|reply| reply.status() == 204).count();
    assert_eq!(taken, 1, "one of a hundred and one");
    for reply in all.iter().filter(|reply| reply.status() != 204) {
        reply.refused(409, "surveys.answered");
    }
    let told = progress(&g, &round).await;
    assert_eq!((told.response_rate.numerator, told.response_rate.denominator), (2, 3));
}

/// Many households at once: each is taken, none is lost, the first of them freezes the form for all.
#[actix_web::test]
async fn many_households_answer_at_once() {
    let mut g = Ground::new(21, 20).await;
    let round = g.open("owners").await;
    let tokens = g.tokens(&round).await;
    let replies = join_all(tokens.iter().map(|token| answer(g.app(), token, sheet(4, 2)))).await;
    let refused: Vec<u16> = replies.iter().map(Reply::status).filter(|status| *status != 204).collect();
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(progress(&g, &round).await.response_rate.numerator, 41);
    let form = g.worker().get(&format!("{}/{}", super::FORMS, round.form_id)).await.expect(200).value();
    assert_eq!(form["frozen"], true);
}

#[actix_web::test]
async fn owners_answer_for_their_rooms_and_bodies_by_their_offices() {
    let mut g = Ground::new(2, 0).await;
    let round = g.open("three_party").await;
    let mine: MySurveysOut = g.t.owner.client.get("/v1/me/surveys").await.expect(200).json();
    let mut parties: Vec<SurveyParty> = mine.items.iter().map(|item| item.party).collect();
    parties.sort_unstable();
    assert_eq!(parties, [SurveyParty::Owners, SurveyParty::Committee]);
    let told: MySurveysOut = g.t.director.client.get("/v1/me/surveys").await.expect(200).json();
    assert_eq!(told.items.iter().map(|item| item.party).collect::<Vec<_>>(), [SurveyParty::Community]);

    answer_as(&g.t.owner.client, &round, "owners", sheet(4, 5)).await.expect(204);
    answer_as(&g.t.owner.client, &round, "owners", sheet(4, 5)).await.refused(409, "surveys.answered");
    answer_as(&g.t.owner.client, &round, "committee", sheet(3, 3)).await.expect(204);
    answer_as(&g.t.director.client, &round, "community", sheet(3, 3)).await.expect(204);
    let not_theirs = [
        (&g.t.director.client, "owners"),
        (&g.t.owner.client, "community"),
        (&g.t.neighbour.client, "owners"),
        (&g.t.neighbour.client, "committee"),
        (&g.t.owner.client, "residents"),
    ];
    for (who, party) in not_theirs {
        answer_as(who, &round, party, sheet(3, 3)).await.refused(403, "surveys.not_respondent");
    }
    let mine: MySurveysOut = g.t.owner.client.get("/v1/me/surveys").await.expect(200).json();
    assert!(mine.items.iter().all(|item| item.answered));
    let outside = g.app().actor(Role::Owner, "620902005002").await;
    answer_as(&outside, &round, "owners", sheet(3, 3)).await.refused(404, "not_found");
}

#[actix_web::test]
async fn calls_are_entered_by_who_is_not_of_the_company() {
    let mut g = Ground::new(3, 0).await;
    let round = g.open("owners").await;
    let called = |room: &str| json!({ "room_id": room, "sheet": sheet(2, 4) });
    let calls = at(&round, "calls");
    g.double(Role::GridWorker).await.post(&calls, called(&g.rooms[0])).await.refused(403, "surveys.of_the_company");
    g.company().await.post(&calls, called(&g.rooms[0])).await.refused(403, "forbidden");
    let caller = g.app().actor(Role::GridWorker, TONGDEXIANG).await;
    caller.post(&calls, called(&g.rooms[0])).await.expect(204);
    caller.post(&calls, called(&g.rooms[0])).await.refused(409, "surveys.answered");
    caller.post(&calls, json!({ "sheet": sheet(2, 4) })).await.refused(422, "surveys.subject");
    let stranger = "019b0000-0000-7000-8000-00000000dead";
    caller.post(&calls, called(stranger)).await.refused(422, "surveys.subject");
    let elsewhere = g.app().actor(Role::GridWorker, "620902005002").await;
    elsewhere.post(&calls, called(&g.rooms[1])).await.refused(404, "not_found");
    let told = progress(&g, &round).await;
    assert_eq!((told.channels.len(), told.channels[0].channel.as_str()), (1, "phone"));
}

/// A token opens what is asked and nothing of whose it is; one that nobody was given opens nothing.
#[actix_web::test]
async fn a_token_shows_the_form_and_is_given_once() {
    let mut g = Ground::new(3, 2).await;
    let round = g.published("owners").await;
    let second = format!("{}-002", g.area());
    let (worker, path) = (g.worker().clone(), at(&round, "invitations"));
    let batch = |body: Value| worker.post(&path, body);
    let first = batch(json!({ "channel": "web", "stratum": second, "limit": 1 })).await.expect(200).value();
    assert_eq!((tokens_in(&first).len(), &first["remaining"]), (1, &json!(1)));
    let next = batch(json!({ "channel": "web", "stratum": second })).await.expect(200).value();
    assert_eq!((tokens_in(&next).len(), &next["remaining"]), (1, &json!(0)));
    assert_ne!(tokens_in(&first), tokens_in(&next));
    let rest = batch(json!({ "channel": "web" })).await.expect(200).value();
    assert_eq!(tokens_in(&rest).len(), 3, "who has one gets no other");
    assert!(next["items"][0]["room_code"].as_str().expect("a code").starts_with(&second));
    batch(json!({ "channel": "web", "stratum": "620902005003-0009-001" })).await.refused(422, "surveys.subject");

    let token = &tokens_in(&first)[0];
    let anonymous = g.app().anonymous();
    let link = format!("/v1/survey-invitations/{token}");
    let shown = anonymous.get(&link).await.expect(200).value();
    assert_eq!((&shown["status"], &shown["answered"]), (&json!("published"), &json!(false)));
    assert_eq!(shown["questions"].as_array().expect("questions").len(), 2);
    assert!(!shown.to_string().contains("room"), "{shown}");
    anonymous.get("/v1/survey-invitations/nobody-was-given-this").await.refused(404, "not_found");
    answer(g.app(), "nobody-was-given-this", sheet(3, 3)).await.refused(404, "not_found");
    g.t.days_later(1).await;
    for (body, code) in [
        (json!({ "answers": [{ "question": "q1", "score": 6 }] }), "invalid"),
        (json!({ "answers": [{ "question": "q9", "score": 3 }] }), "surveys.answer_unknown"),
        (json!({ "answers": [{ "question": "q1", "text": "好" }] }), "surveys.answer_shape"),
        (json!({ "answers": [] }), "invalid"),
    ] {
        answer(g.app(), token, body).await.refused(422, code);
    }
    answer(g.app(), token, sheet(3, 3)).await.expect(204);
    answer(g.app(), token, sheet(5, 5)).await.refused(409, "surveys.answered");
    assert_eq!(anonymous.get(&link).await.expect(200).value()["answered"], true);
}

/// Residents are persons: a demand of a whole community, by persons who are named.
#[actix_web::test]
async fn residents_answer_for_themselves() {
    let mut g = Ground::new(2, 0).await;
    let mut asked = question("q1", "养老");
    asked["kind"] = json!("choice");
    asked["choices"] = json!([{ "code": "canteen", "text": "老年食堂" }, { "code": "clinic", "text": "卫生站" }]);
    let words = json!({ "code": "q2", "dimension": "其他", "text": "还需要什么?", "kind": "text" });
    let form = json!({ "area_code": TONGDEXIANG, "code": "needs", "kind": "demand", "title": "需求调查",
        "questions": [asked, words] });
    let form = g.worker().post(super::FORMS, form).await.expect(201).value();
    let round = json!({ "form_id": form["id"], "area_code": TONGDEXIANG, "respondents": "residents",
        "title": "需求调查", "opens_at": super::OPENS, "closes_at": super::CLOSES });
    let mut third = round.clone();
    third["respondents"] = json!("three_party");
    g.worker().post(ROUNDS, third).await.refused(422, "surveys.three_party");
    let round: SurveyRoundOut = made(g.worker().post(ROUNDS, round).await);
    let round = g.step(&round, "publish", Value::Null).await;
    let invite = |persons: Value| json!({ "channel": "mini_program", "person_ids": persons });
    let neighbour = json!([g.t.neighbour.person["id"]]);
    let reply = g.worker().post(&at(&round, "invitations"), invite(neighbour)).await;
    reply.refused(422, "surveys.subject");
    let owner = json!([g.t.owner.person["id"]]);
    let tokens = tokens_in(&g.worker().post(&at(&round, "invitations"), invite(owner)).await.expect(200).value());
    g.t.days_later(1).await;
    let chosen = json!({ "answers": [{ "question": "q1", "choice": "clinic" }, { "question": "q2", "text": "座椅" }] });
    answer(g.app(), &tokens[0], chosen.clone()).await.expect(204);
    answer_as(&g.t.owner.client, &round, "residents", chosen).await.refused(409, "surveys.answered");
    let path = format!("/v1/survey-comments?round_id={}", round.id);
    let said = g.worker().get(&path).await.expect(200).value();
    assert_eq!((&said["items"][0]["words"], &said["items"][0]["question"]), (&json!("座椅"), &json!("q2")));
}

#[actix_web::test]
async fn a_lost_code_is_issued_again_and_good_for_nothing_then() {
    let mut g = Ground::new(3, 0).await;
    let round = g.published("owners").await;
    let path = at(&round, "invitations/reissue");
    let home = format!("{}-001-01-0001", g.area());
    let batch =
        g.worker().post(&at(&round, "invitations"), json!({ "channel": "web", "limit": 2 })).await.expect(200).value();
    let home = batch["items"][0]["room_code"].as_str().map_or(home, str::to_owned);
    let lost = tokens_in(&batch);
    let body = json!({ "channel": "web", "room_code": home });
    let told = g.worker().post(&path, body.clone()).await.expect(200).value();
    assert_eq!((&told["room_code"], &told["id"]), (&json!(home), &batch["items"][0]["id"]));
    let fresh = told["token"].as_str().expect("a token").to_owned();
    g.t.days_later(1).await;
    answer(g.app(), &lost[0], sheet(1, 1)).await.refused(404, "not_found");
    answer(g.app(), &fresh, sheet(5, 5)).await.expect(204);
    // Who has answered is not told, and answers no second time.
    let told = g.worker().post(&path, body.clone()).await.expect(200).value();
    answer(g.app(), told["token"].as_str().expect("a token"), sheet(1, 1)).await.refused(409, "surveys.answered");
    assert_eq!(progress(&g, &round).await.response_rate.numerator, 1);

    let none = json!({ "channel": "mini_program", "room_code": home });
    g.worker().post(&path, none).await.refused(409, "surveys.not_invited");
    let outside = json!({ "channel": "web", "room_code": "620902005002-0001-001-01-0101" });
    let problem = g.worker().post(&path, outside).await.refused(422, "surveys.subject");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/room_code"));
    g.worker().post(&path, json!({ "channel": "web" })).await.refused(422, "surveys.subject");
    g.company().await.post(&path, body.clone()).await.refused(403, "forbidden");
    let history = g.worker().get(&at(&round, "history")).await.expect(200);
    assert!(history.text().contains("survey_round.invitation_reissued") && !history.text().contains(&home));
    g.t.days_later(11).await;
    g.worker().post(&path, body).await.refused(409, "surveys.not_open");
}
