//! Who publishes what where, and takes it back.

use deliberation::notices::dto::{NoticeClass, NoticeItem, NoticeOut, NoticePage, NoticeStatus};
use futures_util::future::join_all;
use gateway::feed::dto::ScreenOut;
use platform::auth::Role;
use platform::history::EventPage;
use serde_json::json;

use super::{NOTICES, general, legal, published, step, titles, withdraw};
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::territory::{compound, refused_at, town};

#[actix_web::test]
async fn a_notice_is_published_read_and_withdrawn() {
    let app = town().await;
    let (worker, resident) =
        (app.community_worker(TONGDEXIANG).await, app.actor(Role::Resident, "620902005003-0001").await);
    let mut body = general(TONGDEXIANG);
    body["pinned"] = json!(true);
    let made = worker.post(NOTICES, body).await.expect(201);
    let path = made.header("location").expect("a Location");
    let notice: NoticeOut = made.json();
    assert_eq!((notice.class, notice.status), (NoticeClass::General, NoticeStatus::Published));
    assert!(notice.pinned && notice.roles.is_empty() && notice.publicity_id.is_none());
    let read = resident.get(&path).await.expect(200);
    assert_eq!((read.etag().as_str(), read.json::<NoticeOut>().body.as_str()), ("\"v1\"", "每日上午8时清运一次。"));
    let page: NoticePage = resident.get(&format!("{NOTICES}?pinned=true&include=total")).await.expect(200).json();
    let [NoticeItem { id, read: false, .. }] = page.items[..] else { panic!("{page:?}") };
    assert_eq!((id, page.total), (notice.id, Some(1)));
    assert!(titles(&resident, "?pinned=false").await.is_empty());

    let reason = json!({ "reason": "活动改期" });
    worker.post(&format!("{path}/withdraw"), reason.clone()).await.refused(428, "version_required");
    worker
        .post_with(&format!("{path}/withdraw"), &[("If-Match", "\"v9\"")], reason)
        .await
        .refused(412, "version_stale");
    let gone: NoticeOut = withdraw(&worker, &notice).await.expect(200).json();
    assert_eq!((gone.status, gone.version), (NoticeStatus::Withdrawn, 2));
    assert_eq!(gone.end_reason.as_deref(), Some("活动改期"));
    withdraw(&worker, &gone).await.refused(409, "notices.not_published");
    assert!(titles(&resident, "").await.is_empty());
    assert_eq!(titles(&resident, "?status=withdrawn").await.len(), 1);
    let history: EventPage = worker.get(&format!("{path}/history")).await.expect(200).json();
    let events: Vec<&str> = history.items.iter().map(|event| event.event.as_str()).collect();
    assert_eq!(events, ["notice.published", "notice.withdrawn"]);
    assert!(history.items.iter().all(|event| event.intact && !event.data.to_string().contains("改期")));
}

#[actix_web::test]
async fn each_publishes_what_is_theirs_to_publish() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let place = compound(&worker, TONGDEXIANG, "康盛花园").await.area_code;
    let chair = app.actor(Role::OcChair, &place).await;
    published(&chair, general(&place)).await;
    chair.post(NOTICES, legal(&place)).await.refused(403, "notices.legal_not_yours");
    let wide = app.actor(Role::OcChair, TONGDEXIANG).await;
    wide.post(NOTICES, general(TONGDEXIANG)).await.refused(403, "notices.own_compound");
    published(&app.street().await, general(STREET)).await;
    published(&app.actor(Role::PropertyAuthority, DISTRICT).await, general(DISTRICT)).await;
    // Nobody publishes above their own place, or beside it.
    worker.post(NOTICES, general(STREET)).await.refused(404, "not_found");
    chair.post(NOTICES, general("620902005003-0002")).await.refused(404, "not_found");
    let next_door = app.community_worker("620902005002").await;
    next_door.post(NOTICES, general(TONGDEXIANG)).await.refused(404, "not_found");
    let resident = app.actor(Role::Resident, &place).await;
    resident.post(NOTICES, general(&place)).await.refused(403, "forbidden");
    // What the committee published is the community's to take back as well; what the community posts is not the chair's.
    let posted = published(&worker, legal(&place)).await;
    withdraw(&chair, &posted).await.refused(403, "notices.legal_not_yours");
    let ours = published(&worker, general(&place)).await;
    withdraw(&chair, &ours).await.refused(403, "notices.not_yours");
    let theirs = published(&chair, general(&place)).await;
    withdraw(&next_door, &theirs).await.refused(404, "not_found");
    withdraw(&worker, &theirs).await.expect(200);
    let again = published(&chair, general(&place)).await;
    withdraw(&chair, &again).await.expect(200);
}

#[actix_web::test]
async fn what_is_wrong_with_a_notice_is_named() {
    let app = town().await;
    let district = app.district().await;
    let faults = [
        ("area_code", json!("620902005003001")),
        ("area_code", json!("620902999")),
        ("area_code", json!("620902005003-0009")),
        ("title", json!("   ")),
        ("expires_at", json!("2024-01-15T08:00:00+08:00")),
        ("roles", json!(["landlord"])),
        ("posting", json!({ "places": ["社区公告栏"] })),
    ];
    refused_at(&district, NOTICES, &general(TONGDEXIANG), &faults).await;
    let faults = [
        ("roles", json!(["owner"])),
        ("posting", json!(null)),
        ("posting", json!({ "places": [] })),
        ("posting", json!({ "places": [" "] })),
        ("expires_at", json!("2024-01-20T00:00:00+08:00")),
    ];
    refused_at(&district, NOTICES, &legal(TONGDEXIANG), &faults).await;
    let mut short = legal(TONGDEXIANG);
    short["posting"]["closes_on"] = json!("2024-01-16");
    district.post(NOTICES, short).await.refused(422, "publicity.too_short");
    assert!(titles(&district, "").await.is_empty(), "nothing of what was refused is left");
    let postings = district.get("/v1/publicities").await.expect(200).value();
    assert_eq!(postings["items"], json!([]));
}

#[actix_web::test]
async fn of_two_who_withdraw_at_once_one_does() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let notice = published(&worker, general(TONGDEXIANG)).await;
    let others = [worker.clone(), app.street().await, app.district().await];
    let replies = join_all(others.iter().map(|who| withdraw(who, &notice))).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200, "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| matches!(status, 409 | 412)), "{statuses:?}");
    let history = worker.get(&format!("{NOTICES}/{}/history?include=total", notice.id)).await.expect(200);
    assert_eq!(history.value()["total"], 2);
}

#[actix_web::test]
async fn a_key_publishes_once() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let post = || worker.post_with(NOTICES, &[("Idempotency-Key", "notice-1")], legal(TONGDEXIANG));
    let (first, again) = (post().await.expect(201), post().await.expect(201));
    assert_eq!((first.body, again.header("idempotency-replayed").as_deref()), (again.body, Some("true")));
    assert_eq!(titles(&worker, "").await.len(), 1);
}

/// S0-34: the lobby's screen says that there is a notice, and nothing that somebody typed.
#[actix_web::test]
async fn the_screen_shows_that_there_is_a_notice_and_no_word_of_it() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    compound(&worker, TONGDEXIANG, "康盛花园").await;
    published(&worker, general(TONGDEXIANG)).await;
    published(&worker, legal("620902005003-0001")).await;
    let mut some = general(TONGDEXIANG);
    some["roles"] = json!(["owner"]);
    published(&worker, some).await;
    published(&app.street().await, general(STREET)).await;
    let reply = app.anonymous().get("/v1/screens/620902005003/events").await.expect(200);
    let screen: ScreenOut = reply.json();
    let shown: Vec<(&str, &str, &str)> =
        screen.items.iter().map(|item| (item.kind.as_str(), item.label_zh.as_str(), item.place.as_str())).collect();
    let expected = [("notice.published", "法定公告", "康盛花园"), ("notice.published", "通知公告", "同德巷社区居委会")];
    assert_eq!(shown, expected, "nothing of what is for some only, and nothing wider than a community");
    assert!(!reply.text().contains("清运") && !reply.text().contains("业主大会"), "{}", reply.text());
}

#[actix_web::test]
async fn a_notice_and_a_group_go_with_their_compound() {
    let app = town().await;
    let (district, worker) = (app.district().await, app.community_worker(TONGDEXIANG).await);
    let home = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let resident = app.actor(Role::Resident, &home.area_code).await;
    let notice = published(&worker, legal(&home.area_code)).await;
    let group = super::group(&worker, &home.area_code).await;
    let post = super::said(&resident, &group, "problem", "路灯不亮").await;
    let body = json!({ "community_code": "620902001002", "on": "2024-01-15", "reason": "社区边界调整" });
    district.post(&format!("/v1/compounds/{}/move", home.id), body).await.expect(200);
    let new = app.community_worker("620902001002").await;
    let there: NoticeOut = new.get(&format!("{NOTICES}/{}", notice.id)).await.expect(200).json();
    assert_eq!((there.area_code.as_str(), there.version), ("620902001002-0001", 2));
    new.get(&format!("{}/{}", super::POSTS, post.id)).await.expect(200);
    worker.get(&format!("{NOTICES}/{}", notice.id)).await.refused(404, "not_found");
    worker.get(&format!("{}/{}", super::GROUPS, group.id)).await.refused(404, "not_found");
    step(&new, &there, "withdraw", json!({ "reason": "x" })).await.refused(409, "notices.in_period");
}
