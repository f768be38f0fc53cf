//! 群内报事 (S0-37): a problem becomes a case, in one call and once.

use deliberation::notices::dto::{AlliancePostOut, PostFiguresOut};
use delivery::cases::dto::{CaseOut, CasePage, Channel, MyCaseOut};
use futures_util::future::join_all;
use platform::auth::Role;
use platform::history::EventPage;
use serde_json::{Value, json};

use super::{GROUPS, POSTS, community_group, hidden, said};
use crate::cases::support::{CASES, Desk, account_of, taken};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, Reply};

const LEAK: &str = "管道漏水\n二楼与三楼之间的管道漏水,楼道有积水。";

fn leak(place: &str) -> Value {
    json!({ "area_code": place, "kind": "repair", "category": "pipe_leak", "fields": { "floor": 2, "indoors": false } })
}

async fn turn(who: &Client, post: &AlliancePostOut, body: Value) -> Reply {
    who.post(&format!("{POSTS}/{}/case", post.id), body).await
}

async fn cases(who: &Client) -> Vec<String> {
    let page: CasePage = who.get(CASES).await.expect(200).json();
    page.items.into_iter().map(|item| item.id.to_string()).collect()
}

#[actix_web::test]
async fn a_problem_becomes_a_case_and_each_knows_the_other() {
    let desk = Desk::new().await;
    let own = community_group(desk.worker()).await;
    let post = said(&desk.resident, &own, "problem", LEAK).await;
    let turned: AlliancePostOut = turn(desk.worker(), &post, leak(desk.place())).await.expect(201).json();
    let id = turned.case_id.expect("the post keeps its case");
    assert!(turned.is_case && turned.version == 2);
    let case: CaseOut = desk.worker().get(&format!("{CASES}/{id}")).await.expect(200).json();
    assert_eq!((case.channel, case.title.as_str(), case.body.as_str()), (Channel::Alliance, "管道漏水", LEAK));
    assert_eq!(case.area_code, desk.place());
    // Its reporter is who wrote the post, who follows it as one of their own.
    let mine: MyCaseOut = desk.resident.get(&format!("/v1/me/cases/{id}")).await.expect(200).json();
    assert!(!mine.joined && mine.body.as_deref() == Some(LEAK));
    for timeline in [
        desk.worker().get(&format!("{CASES}/{id}/timeline")).await,
        desk.resident.get(&format!("/v1/me/cases/{id}/timeline")).await,
    ] {
        assert!(timeline.expect(200).text().contains("由三方联盟群内报事转来"));
    }
    let history: EventPage = desk.worker().get(&format!("{CASES}/{id}/history")).await.expect(200).json();
    let first = &history.items[0];
    assert_eq!(first.data["source"], json!({ "entity": "alliance_post", "entity_id": post.id }));
    assert!(first.intact && history.items.len() == 1);
    // The group learns that it is in hand; which case it is, the community and the author.
    let seen =
        async |who: &Client| -> AlliancePostOut { who.get(&format!("{POSTS}/{}", post.id)).await.expect(200).json() };
    assert_eq!(seen(&desk.resident).await.case_id, Some(id));
    let company = seen(&desk.company).await;
    assert!(company.is_case && company.case_id.is_none());
    // And it goes its way as any other.
    let case = taken(desk.worker(), &case, "accept", json!({})).await;
    taken(desk.worker(), &case, "dispatch", json!({})).await;
    turn(desk.worker(), &post, leak(desk.place())).await.refused(409, "notices.already_case");
}

/// A neighbour reports the same: one case, which both follow.
#[actix_web::test]
async fn a_second_report_is_linked_to_the_case() {
    let desk = Desk::new().await;
    let own = community_group(desk.worker()).await;
    let post = said(&desk.resident, &own, "problem", LEAK).await;
    let turned: AlliancePostOut = turn(desk.worker(), &post, leak(desk.place())).await.expect(201).json();
    let id = turned.case_id.expect("a case");
    let neighbour = desk.app().actor(Role::Owner, &format!("{}-001-01-0102", desk.place())).await;
    let again = said(&neighbour, &own, "problem", "三楼也在漏水").await;
    let link = async |who: &Client, to: Value| -> Reply {
        who.post(&format!("{POSTS}/{}/linked-case", again.id), json!({ "case_id": to })).await
    };
    let no_case = link(desk.worker(), json!(post.id)).await.refused(422, "notices.case_unknown");
    assert_eq!(no_case.errors[0].pointer.as_deref(), Some("#/case_id"));
    link(&desk.app().community_worker("620902005002").await, json!(id)).await.refused(404, "not_found");
    link(&neighbour, json!(id)).await.refused(403, "forbidden");
    let linked: AlliancePostOut = link(desk.worker(), json!(id)).await.expect(200).json();
    assert_eq!((linked.is_case, linked.case_id, linked.version), (true, Some(id), 2));
    let mine: MyCaseOut = neighbour.get(&format!("/v1/me/cases/{id}")).await.expect(200).json();
    assert!(mine.joined);
    let timeline = desk.worker().get(&format!("{CASES}/{id}/timeline")).await.expect(200).text();
    assert!(timeline.contains("三方联盟群内又有居民报告此事") && !timeline.contains("三楼也在漏水"));
    link(desk.worker(), json!(id)).await.refused(409, "notices.already_case");
    turn(desk.worker(), &again, leak(desk.place())).await.refused(409, "notices.already_case");
    assert_eq!(cases(&desk.district).await.len(), 1);
    // Half of what was said is a problem, and every problem is in hand.
    said(&desk.resident, &own, "praise", "修得真快").await;
    let figures: PostFiguresOut = desk.resident.get(&format!("{GROUPS}/{}/figures", own.id)).await.expect(200).json();
    let of = |kind: &str| figures.posts.iter().find(|count| count.kind.as_str() == kind).map(|count| count.posts);
    assert_eq!((of("problem"), of("praise"), of("notice")), (Some(2), Some(1), Some(0)));
    assert_eq!((figures.conversion.numerator, figures.conversion.denominator), (2, 2));
}

/// What lies outside of the group's place, or is over, is no case to link to.
#[actix_web::test]
async fn only_an_open_case_of_the_place_is_linked_to() {
    let desk = Desk::new().await;
    let own = super::group(desk.worker(), desk.place()).await;
    let post = said(&desk.resident, &own, "problem", LEAK).await;
    let elsewhere = desk.app().community_worker(TONGDEXIANG).await;
    let mut body = leak(TONGDEXIANG);
    (body["channel"], body["title"], body["body"]) = (json!("window"), json!("管道漏水"), json!(LEAK));
    let other: CaseOut = elsewhere.post(CASES, body).await.expect(201).json();
    let link = json!({ "case_id": other.id });
    let reply = desk.worker().post(&format!("{POSTS}/{}/linked-case", post.id), link).await;
    reply.refused(422, "notices.case_unknown");
    let turned: AlliancePostOut = turn(desk.worker(), &post, leak(desk.place())).await.expect(201).json();
    let case = turned.case_id.expect("a case");
    let case: CaseOut = desk.worker().get(&format!("{CASES}/{case}")).await.expect(200).json();
    let again = said(&desk.resident, &own, "problem", "还在漏").await;
    let cancel = format!("/v1/me/cases/{}/cancel", case.id);
    desk.resident.post_with(&cancel, &[("If-Match", "*")], Value::Null).await.expect(200);
    let link = json!({ "case_id": case.id });
    let reply = desk.worker().post(&format!("{POSTS}/{}/linked-case", again.id), link).await;
    reply.refused(422, "notices.case_unknown");
}

#[actix_web::test]
async fn two_at_once_make_one_case() {
    let desk = Desk::new().await;
    let own = community_group(desk.worker()).await;
    let post = said(&desk.resident, &own, "problem", LEAK).await;
    let everybody = [desk.worker(), &desk.street, &desk.district, desk.worker(), &desk.street];
    let replies = join_all(everybody.iter().map(|who| turn(who, &post, leak(desk.place())))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status() == 201).count(), 1);
    for reply in replies.iter().filter(|reply| reply.status() != 201) {
        reply.refused(409, "notices.already_case");
    }
    assert_eq!(cases(&desk.district).await.len(), 1);
}

#[actix_web::test]
async fn only_a_problem_that_is_shown_becomes_one_and_only_in_its_place() {
    let desk = Desk::new().await;
    let worker = desk.worker();
    let own = super::group(worker, desk.place()).await;
    let praise = said(&desk.resident, &own, "praise", "谢谢").await;
    turn(worker, &praise, leak(desk.place())).await.refused(409, "notices.not_a_problem");
    let problem = said(&desk.resident, &own, "problem", LEAK).await;
    let faults = [
        ("area_code", json!(TONGDEXIANG), "notices.outside_group"),
        ("area_code", json!(format!("{}-009", desk.place())), "cases.place_unknown"),
        ("category", json!("no_such"), "cases.unknown_category"),
        ("fields", json!({ "colour": "red" }), "cases.field_unknown"),
    ];
    for (member, value, code) in faults {
        let mut body = leak(desk.place());
        body[member] = value;
        let refused = turn(worker, &problem, body).await.refused(422, code);
        let place = refused.errors[0].pointer.as_deref().expect("a pointer");
        assert!(place.starts_with(&format!("#/{member}")), "{code} at {place}");
    }
    for who in [&desk.resident, &desk.company, &desk.branch] {
        turn(who, &problem, leak(desk.place())).await.refused(403, "forbidden");
    }
    let next_door = desk.app().community_worker("620902005002").await;
    turn(&next_door, &problem, leak(desk.place())).await.refused(404, "not_found");
    let gone = hidden(worker, &problem).await;
    turn(worker, &gone, leak(desk.place())).await.refused(409, "notices.post_hidden");
    assert!(cases(&desk.district).await.is_empty(), "nothing of what was refused is left");
}

/// A complaint against the company hides who made it, in the case as it does elsewhere.
#[actix_web::test]
async fn a_complaint_is_not_traced_to_its_author_by_the_company() {
    let desk = Desk::new().await;
    let own = community_group(desk.worker()).await;
    let post = said(&desk.resident, &own, "problem", "楼道多日未清扫").await;
    let body = json!({ "area_code": desk.place(), "kind": "complaint", "category": "service_quality" });
    let turned: AlliancePostOut = turn(desk.worker(), &post, body).await.expect(201).json();
    let id = turned.case_id.expect("a case");
    let case: CaseOut = desk.worker().get(&format!("{CASES}/{id}")).await.expect(200).json();
    assert_eq!(case.identity.as_str(), "hidden");
    let case = taken(desk.worker(), &case, "accept", Value::Null).await;
    taken(desk.worker(), &case, "dispatch", json!({})).await;
    let mut seen = String::new();
    for rest in ["", "/timeline", "/history", "/reporter"] {
        seen += &desk.company.get(&format!("{CASES}/{id}{rest}")).await.text();
    }
    let account = account_of(&desk.resident).await;
    for secret in [account.as_str(), &post.id.to_string(), "演员"] {
        assert!(!seen.contains(secret), "{seen}");
    }
}
