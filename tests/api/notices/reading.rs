//! Whom a notice reaches, who has read it, and when it is over.

use std::collections::BTreeSet;

use chrono::Duration;
use deliberation::notices::dto::{NoticeOut, NoticePage, NoticeReceiptsOut, NoticeStatus};
use platform::auth::{Role, Subject};
use serde_json::json;

use super::{NOTICES, general, published, titles, unread};
use crate::cases::support::Desk;
use crate::feed::{all, hear_all};
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, TestApp};
use crate::territory::{compound, town};

async fn titled(who: &Client, area: &str, title: &str) -> NoticeOut {
    let mut body = general(area);
    body["title"] = json!(title);
    published(who, body).await
}

async fn read(who: &Client, of: &NoticeOut) {
    who.post(&format!("{NOTICES}/{}/read", of.id), json!({})).await.expect(204);
}

async fn receipts(who: &Client, of: &NoticeOut) -> (i64, i64, i64, Option<String>) {
    let out: NoticeReceiptsOut = who.get(&format!("{NOTICES}/{}/receipts", of.id)).await.expect(200).json();
    (out.readers, out.rate.numerator, out.rate.denominator, out.rate.percent)
}

#[actix_web::test]
async fn it_concerns_those_inside_its_area_and_those_over_it() {
    let app = town().await;
    let (district, worker) = (app.district().await, app.community_worker(TONGDEXIANG).await);
    let (own, other) =
        (compound(&worker, TONGDEXIANG, "康盛花园").await.area_code, compound(&worker, TONGDEXIANG, "同德小区").await);
    for (area, title) in [
        (DISTRICT, "区"),
        (STREET, "街道"),
        ("620902001", "别的街道"),
        (TONGDEXIANG, "社区"),
        (own.as_str(), "小区"),
        (other.area_code.as_str(), "别的小区"),
    ] {
        titled(&district, area, title).await;
    }
    let resident = app.actor(Role::Resident, &format!("{own}-001-01-0101")).await;
    assert_eq!(titles(&resident, "").await, ["小区", "社区", "街道", "区"], "the newest first");
    assert_eq!(titles(&resident, &format!("?area={TONGDEXIANG}")).await, ["小区", "社区"]);
    assert_eq!(unread(&resident).await, 4);
    // Who is over a place reads what is published in it; what is addressed to others is not unread.
    assert_eq!(titles(&worker, "").await, ["别的小区", "小区", "社区", "街道", "区"]);
    assert_eq!(unread(&worker).await, 3);
    let nobody = app.actor_with(&[]).await;
    assert!(titles(&nobody, "").await.is_empty() && unread(&nobody).await == 0);
    let elsewhere = app.actor(Role::DistrictCoord, "130402").await;
    assert!(titles(&elsewhere, "").await.is_empty());
}

#[actix_web::test]
async fn pages_go_on_where_they_ended() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    for number in 0..5 {
        titled(&worker, TONGDEXIANG, &number.to_string()).await;
    }
    let first: NoticePage = worker.get(&format!("{NOTICES}?limit=3&include=total")).await.expect(200).json();
    assert_eq!((first.items.len(), first.total, first.has_more), (3, Some(5), true));
    let cursor = first.next_cursor.expect("a cursor");
    assert_eq!(titles(&worker, &format!("?limit=3&include=total&cursor={cursor}")).await, ["1", "0"]);
}

#[actix_web::test]
async fn a_notice_for_some_is_kept_from_the_others() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let place = "620902005003-0001-001-01-0101";
    let (owner, tenant) = (app.actor(Role::Owner, place).await, app.actor(Role::Resident, place).await);
    let both = app.actor_with(&[(Role::Resident, place), (Role::Owner, "620902001002")]).await;
    let (auditor, volunteer) =
        (app.actor(Role::Auditor, DISTRICT).await, app.actor(Role::Volunteer, TONGDEXIANG).await);
    app.run_feed();
    hear_all(&app.feed, &app).await;
    let mut body = general(TONGDEXIANG);
    body["roles"] = json!(["owner", "oc_chair", "owner"]);
    let notice = published(&worker, body).await;
    assert_eq!(notice.roles, [Role::OcChair, Role::Owner]);
    hear_all(&app.feed, &app).await;
    let path = format!("{NOTICES}/{}", notice.id);
    let told =
        async |who: &Client| all(who, "0").await.items.iter().any(|event| event.entity_id == notice.id.to_string());
    for (who, name) in [(&owner, "an owner"), (&worker, "the worker"), (&auditor, "an auditor")] {
        who.get(&path).await.expect(200);
        assert!(titles(who, "").await.len() == 1 && told(who).await, "{name}");
    }
    // An owner elsewhere is none here.
    for (who, name) in [(&tenant, "a tenant"), (&volunteer, "a volunteer"), (&both, "an owner elsewhere")] {
        for rest in ["", "/photos"] {
            who.get(&format!("{path}{rest}")).await.refused(404, "not_found");
        }
        who.post(&format!("{path}/read"), json!({})).await.refused(404, "not_found");
        assert!(titles(who, "").await.is_empty() && unread(who).await == 0, "{name}");
        assert!(!told(who).await, "{name}");
    }
}

#[actix_web::test]
async fn those_who_have_read_it_are_counted_and_not_named() {
    let desk = Desk::new().await;
    let worker = desk.worker();
    let owner = desk.app().actor(Role::Owner, &format!("{}-001-01-0101", desk.place())).await;
    let notice = published(worker, general(TONGDEXIANG)).await;
    // Inside the community: the worker, the branch, the resident, the owner, and who works there for the company.
    assert_eq!(receipts(worker, &notice).await, (0, 0, 5, Some("0.00".into())));
    assert_eq!(unread(&desk.company).await, 1);
    for who in [&owner, &desk.company, &desk.company] {
        read(who, &notice).await;
    }
    assert_eq!((unread(&desk.company).await, unread(&desk.resident).await), (0, 1));
    // Who reads it from above is a reader, and not one of those whom it is for.
    read(&desk.street, &notice).await;
    assert_eq!(receipts(worker, &notice).await, (3, 2, 5, Some("40.00".into())));
    let page: NoticePage = owner.get(&format!("{NOTICES}?include=total")).await.expect(200).json();
    assert!(page.items[0].read);
    assert!(titles(&owner, "?unread=true").await.is_empty());
    assert_eq!(titles(&desk.resident, "?unread=true").await.len(), 1);
    desk.resident.get(&format!("{NOTICES}/{}/receipts", notice.id)).await.refused(403, "forbidden");
    let mut body = general(TONGDEXIANG);
    body["roles"] = json!(["owner"]);
    let for_owners = published(worker, body).await;
    assert_eq!(receipts(worker, &for_owners).await, (0, 0, 1, Some("0.00".into())));
    read(&owner, &for_owners).await;
    assert_eq!(receipts(worker, &for_owners).await, (1, 1, 1, Some("100.00".into())));
    let mut body = general(TONGDEXIANG);
    body["roles"] = json!(["mediator"]);
    let for_nobody = published(worker, body).await;
    assert_eq!(receipts(worker, &for_nobody).await, (0, 0, 0, None), "a share of nobody is none");
}

async fn ids(who: &Client, query: &str) -> BTreeSet<String> {
    let page: NoticePage = who.get(&format!("{NOTICES}?limit=100{query}")).await.expect(200).json();
    page.items.into_iter().map(|item| item.id.to_string()).collect()
}

/// Who reads a notice is decided row by row and in the list, and whom it is for in the list of the unread and in the rate:
/// the two of each agree, whatever the place and the roles.
#[actix_web::test]
async fn a_list_has_what_can_be_read_and_a_rate_counts_those_who_have_it_unread() {
    let desk = Desk::new().await;
    let (app, compound) = (desk.app(), desk.place().to_owned());
    let room = format!("{compound}-001-01-0101");
    let everybody = [
        desk.district.clone(),
        desk.street.clone(),
        desk.worker().clone(),
        desk.branch.clone(),
        desk.company.clone(),
        desk.resident.clone(),
        desk.town.district.clone(),
        desk.town.authority.clone(),
        app.actor_with(&[(Role::Owner, &room), (Role::Volunteer, "620902001")]).await,
        app.actor_with(&[(Role::Volunteer, DISTRICT), (Role::Owner, "620902001002-0001")]).await,
        app.actor(Role::OcChair, &compound).await,
        app.actor(Role::GridWorker, "620902005003001").await,
        app.actor(Role::Auditor, STREET).await,
    ];
    let mut notices = Vec::new();
    for area in [DISTRICT, STREET, "620902001", TONGDEXIANG, "620902005002", &compound] {
        for roles in [json!([]), json!(["owner"]), json!(["volunteer", "project_manager"]), json!(["street_officer"])] {
            let mut body = general(area);
            body["roles"] = roles;
            notices.push(published(&desk.district, body).await);
        }
    }
    let mut unread = Vec::new();
    for who in &everybody {
        let listed = ids(who, "").await;
        for notice in &notices {
            let read = who.get(&format!("{NOTICES}/{}", notice.id)).await.status() == 200;
            assert_eq!(read, listed.contains(&notice.id.to_string()), "{notice:?}");
        }
        unread.push(ids(who, "&unread=true").await);
        assert!(unread.iter().flatten().count() > 0 && unread.last().is_some_and(|own| own.is_subset(&listed)));
    }
    for notice in &notices {
        let having = unread.iter().filter(|own| own.contains(&notice.id.to_string())).count();
        let (_, _, addressed, _) = receipts(&desk.district, notice).await;
        assert_eq!(i64::try_from(having).expect("few"), addressed, "{notice:?}");
    }
}

#[actix_web::test]
async fn it_expires_by_itself() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let mut body = general(TONGDEXIANG);
    body["expires_at"] = json!("2024-01-16T08:00:00+08:00");
    let notice = published(&worker, body).await;
    assert_eq!(titles(&worker, "").await.len(), 1);
    app.clock.advance(Duration::hours(23));
    let worker = app.community_worker(TONGDEXIANG).await;
    let now: NoticeOut = worker.get(&format!("{NOTICES}/{}", notice.id)).await.expect(200).json();
    assert_eq!((now.status, now.version), (NoticeStatus::Expired, 1));
    assert!(titles(&worker, "").await.is_empty() && unread(&worker).await == 0);
    assert_eq!(titles(&worker, "?status=expired").await.len(), 1);
}

#[actix_web::test]
async fn a_program_reads_what_is_published_in_its_area() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    published(&worker, general(TONGDEXIANG)).await;
    assert_eq!(titles(&program(&app, STREET), "").await.len(), 1);
    assert!(titles(&program(&app, "130402"), "").await.is_empty());
}

fn program(app: &TestApp, area: &str) -> Client {
    let subject = Subject::Client { scopes: vec!["notices:read".into()], area: area.parse().expect("a code") };
    app.with_token(&app.app.tokens.issue(uuid::Uuid::now_v7(), subject).expect("a token").token)
}

/// However many there are: who reads it is decided by the statement that finds it.
#[actix_web::test]
async fn two_statements_for_a_page() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let resident = app.actor(Role::Resident, "620902005003-0001").await;
    for number in 0..8 {
        titled(&worker, TONGDEXIANG, &number.to_string()).await;
    }
    let statements = app.watch_statements().await;
    assert_eq!(titles(&resident, "").await.len(), 8);
    assert_eq!(statements.load(std::sync::atomic::Ordering::Relaxed), 2);
}
