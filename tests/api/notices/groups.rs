//! 三方联盟群: who is in a group, and what each party says there.

use deliberation::notices::dto::{
    AllianceGroupOut, AllianceGroupPage, AllianceParty, AlliancePostKind, AlliancePostOut,
};
use platform::auth::Role;
use serde_json::{Value, json};

use super::{GROUPS, POSTS, community_group, group, posts, said, say};
use crate::cases::support::Desk;
use crate::support::Client;
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::territory::town;

async fn of(who: &Client, group: &AllianceGroupOut) -> Option<AllianceParty> {
    let seen: AllianceGroupOut = who.get(&format!("{GROUPS}/{}", group.id)).await.expect(200).json();
    seen.party
}

async fn groups(who: &Client, query: &str) -> usize {
    let page: AllianceGroupPage = who.get(&format!("{GROUPS}{query}")).await.expect(200).json();
    page.items.len()
}

/// S0-36: the community by its offices, the company as long as it serves there, residents by living there.
#[actix_web::test]
async fn three_parties_are_in_a_group_by_what_they_are() {
    let desk = Desk::new().await;
    let (worker, app) = (desk.worker(), desk.app());
    let own = community_group(worker).await;
    assert_eq!(own.party, Some(AllianceParty::Community));
    let compound = group(worker, desk.place()).await;
    let resident = app.actor(Role::Resident, &format!("{}-001-01-0101", desk.place())).await;
    let neighbour = app.actor(Role::Owner, "620902005003-0002").await;
    for (who, party) in [
        (worker, AllianceParty::Community),
        (&desk.street, AllianceParty::Community),
        (&desk.company, AllianceParty::Company),
        (&desk.branch, AllianceParty::Resident),
        (&resident, AllianceParty::Resident),
    ] {
        assert_eq!((of(who, &own).await, of(who, &compound).await), (Some(party), Some(party)));
        assert_eq!(groups(who, "").await, 2);
    }
    assert_eq!(of(&neighbour, &own).await, Some(AllianceParty::Resident));
    neighbour.get(&format!("{GROUPS}/{}", compound.id)).await.refused(404, "not_found");
    neighbour.get(&format!("{GROUPS}/{}/posts", compound.id)).await.refused(404, "not_found");
    let auditor = app.actor(Role::Auditor, DISTRICT).await;
    assert_eq!(of(&auditor, &own).await, None, "reads along");
    say(&auditor, &own, json!({ "kind": "praise", "body": "好" })).await.refused(403, "forbidden");
    let volunteer = app.actor(Role::Volunteer, TONGDEXIANG).await;
    volunteer.get(GROUPS).await.refused(403, "forbidden");
    let elsewhere = app.actor(Role::CommunityWorker, "620902005002").await;
    assert_eq!(groups(&elsewhere, "").await, 0);
    elsewhere.get(&format!("{GROUPS}/{}", own.id)).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_group_is_of_a_community_or_a_compound_and_closes() {
    let app = town().await;
    let (worker, street) = (app.community_worker(TONGDEXIANG).await, app.street().await);
    let resident = app.actor(Role::Resident, TONGDEXIANG).await;
    let body = |area: &str| json!({ "area_code": area, "name": "联盟群" });
    street.post(GROUPS, body(STREET)).await.refused(422, "notices.group_level");
    let problem = worker.post(GROUPS, body("620902005003-0009")).await.problem();
    assert_eq!((problem.status, problem.errors[0].pointer.as_deref()), (422, Some("#/area_code")));
    worker.post(GROUPS, body("620902005002")).await.refused(404, "not_found");
    resident.post(GROUPS, body(TONGDEXIANG)).await.refused(403, "forbidden");
    let own = community_group(&worker).await;
    said(&resident, &own, "praise", "谢谢社区").await;
    let close = format!("{GROUPS}/{}/close", own.id);
    let reason = json!({ "reason": "并入社区大群" });
    worker.post(&close, reason.clone()).await.refused(428, "version_required");
    let next_door = app.community_worker("620902005002").await;
    next_door.post_with(&close, &[("If-Match", "*")], reason.clone()).await.refused(404, "not_found");
    let closed: AllianceGroupOut =
        worker.post_with(&close, &[("If-Match", "\"v1\"")], reason.clone()).await.expect(200).json();
    assert!(closed.closed_at.is_some() && closed.version == 2);
    worker.post_with(&close, &[("If-Match", "\"v2\"")], reason).await.refused(409, "notices.group_closed");
    say(&resident, &own, json!({ "kind": "praise", "body": "好" })).await.refused(409, "notices.group_closed");
    assert_eq!(posts(&resident, &own, "").await.len(), 1, "what was said stays to be read");
    assert_eq!((groups(&resident, "").await, groups(&resident, "?status=closed").await), (0, 1));
}

#[actix_web::test]
async fn each_party_says_what_is_theirs_to_say() {
    let desk = Desk::new().await;
    let own = community_group(desk.worker()).await;
    let problem = said(&desk.resident, &own, "problem", "3号楼管道漏水").await;
    assert_eq!((problem.kind, problem.party), (AlliancePostKind::Problem, AllianceParty::Resident));
    let reply = json!({ "kind": "reply", "body": "马上到场", "parent_id": problem.id });
    let reply: AlliancePostOut = say(&desk.company, &own, reply).await.expect(201).json();
    assert_eq!((reply.party, reply.parent_id), (AllianceParty::Company, Some(problem.id)));
    said(desk.worker(), &own, "warning", "请勿飞线充电").await;
    let notice = json!({ "kind": "notice", "body": "周六停水", "pinned": true,
        "expires_at": "2024-01-20T18:00:00+08:00" });
    let notice: AlliancePostOut = say(desk.worker(), &own, notice).await.expect(201).json();
    assert!(notice.pinned && !notice.expired);
    for who in [&desk.resident, &desk.company] {
        for kind in ["notice", "warning"] {
            let refused = say(who, &own, json!({ "kind": kind, "body": "停水" })).await;
            refused.refused(403, "notices.community_only");
        }
    }
    let faults = [
        (json!({ "kind": "reply", "body": "好" }), "notices.parent_missing", "#/parent_id"),
        (json!({ "kind": "praise", "body": "好", "parent_id": problem.id }), "notices.parent_extra", "#/parent_id"),
        (
            json!({ "kind": "reply", "body": "好", "parent_id": "019b0000-0000-7000-8000-00000000dead" }),
            "notices.parent_unknown",
            "#/parent_id",
        ),
        (json!({ "kind": "praise", "body": "好", "pinned": true }), "notices.pinned_extra", "#/pinned"),
    ];
    for (body, code, place) in faults {
        let refused = say(&desk.resident, &own, body).await.refused(422, code);
        assert_eq!(refused.errors[0].pointer.as_deref(), Some(place));
    }
    let kinds = |posts: Vec<AlliancePostOut>| posts.into_iter().map(|post| post.kind.as_str()).collect::<Vec<_>>();
    assert_eq!(kinds(posts(&desk.resident, &own, "").await), ["notice", "warning", "reply", "problem"]);
    assert_eq!(kinds(posts(&desk.resident, &own, "?kind=problem").await), ["problem"]);
    assert_eq!(kinds(posts(&desk.resident, &own, &format!("?parent_id={}", problem.id)).await), ["reply"]);
    assert_eq!(kinds(posts(&desk.resident, &own, "?pinned=true").await), ["notice"]);
}

/// C7: readers know the party and a masked name; neither name nor account, and no number.
#[actix_web::test]
async fn nobody_reads_more_of_an_author_than_a_masked_name() {
    let desk = Desk::new().await;
    let own = community_group(desk.worker()).await;
    let post = said(&desk.resident, &own, "problem", "路灯不亮").await;
    assert_eq!((post.author.as_str(), post.own), ("测*", true));
    let account = crate::cases::support::account_of(&desk.resident).await;
    for who in [&desk.company, desk.worker(), &desk.district] {
        let seen = who.get(&format!("{POSTS}/{}", post.id)).await.expect(200);
        let members: Value = seen.value();
        assert_eq!((&members["author"], &members["own"]), (&json!("测*"), &json!(false)));
        let all = [seen.text(), who.get(&format!("{GROUPS}/{}/posts", own.id)).await.expect(200).text()].concat();
        for secret in ["测试·演员", account.as_str(), "author_id"] {
            assert!(!all.contains(secret), "{all}");
        }
    }
}

#[actix_web::test]
async fn one_statement_for_what_was_said() {
    let desk = Desk::new().await;
    let own = community_group(desk.worker()).await;
    for _ in 0..6 {
        said(&desk.resident, &own, "praise", "好").await;
    }
    let statements = desk.app().watch_statements().await;
    assert_eq!(posts(&desk.company, &own, "").await.len(), 6);
    assert_eq!(statements.load(std::sync::atomic::Ordering::Relaxed), 2, "the group and its posts");
}
