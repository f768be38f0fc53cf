//! Who sees and does what: those over the area, the organisation itself, and nobody else.

use oversight::standings::dto::{ListingPage, ListingPhotoOut, ListingPhotoPage};
use platform::auth::Role;
use serde_json::json;

use super::{LISTINGS, Office, step};
use crate::support::SentFile;
use crate::support::photos::{WHERE_TAKEN, kept, photo};

async fn seen(who: &crate::support::Client) -> usize {
    let page: ListingPage = who.get(LISTINGS).await.expect(200).json();
    page.items.len()
}

#[actix_web::test]
async fn an_organisation_sees_its_own_from_the_notice_on_and_no_other_does() {
    let o = Office::new().await;
    let rival = o.rival().await;
    let row = o.proposed("black", "handover_refused").await;
    assert_eq!((seen(&o.company).await, seen(&o.decider).await), (0, 1));
    let row = super::taken(&o.proposer, &row, "notify", json!({ "notice_no": "3号" })).await;
    assert_eq!((seen(&o.company).await, seen(&rival).await), (1, 0));
    o.company.get(&format!("{LISTINGS}/{}", row.id)).await.expect(200);
    rival.get(&format!("{LISTINGS}/{}", row.id)).await.refused(404, "not_found");
    let words = json!({ "words": "替同行陈述" });
    step(&rival, &row, "statements", words.clone()).await.refused(404, "not_found");
    step(&o.decider, &row, "statements", words).await.refused(403, "forbidden");
    step(&o.company, &row, "withdraw", json!({ "reason": "撤" })).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn another_areas_rows_are_not_there() {
    let o = Office::new().await;
    let row = o.notified().await;
    let path = format!("{LISTINGS}/{}", row.id);
    let elsewhere = [Role::DistrictCoord, Role::PropertyAuthority].map(|role| o.app().actor(role, "130402"));
    for who in futures_util::future::join_all(elsewhere).await {
        who.get(&path).await.refused(404, "not_found");
        assert_eq!(seen(&who).await, 0);
        step(&who, &row, "decide", super::listed()).await.refused(404, "not_found");
    }
    let elsewhere = o.app().actor(Role::PropertyAuthority, "130402").await;
    elsewhere.post(LISTINGS, o.listing_in("watch", "finding_unrectified")).await.refused(404, "not_found");
    let mut there = o.listing_in("watch", "finding_unrectified");
    there["area_code"] = json!("130402");
    elsewhere.post(LISTINGS, there).await.refused(404, "not_found");
    for role in [Role::Owner, Role::Resident, Role::OcChair] {
        o.app().actor(role, "620902").await.get(&path).await.refused(403, "forbidden");
    }
}

#[actix_web::test]
async fn evidence_is_shown_to_those_concerned_without_where_it_was_taken() {
    let mut o = Office::new().await;
    let row = o.notified().await;
    let path = format!("{LISTINGS}/{}/photos", row.id);
    let jpeg = |bytes| SentFile { part: "file", name: "tmp_1.jpg", kind: "image/jpeg", bytes };
    let bytes = photo(1);
    let made = o.proposer.post_file(&path, jpeg(&bytes), &[]).await.expect(201);
    let content = made.header("location").expect("a Location");
    let one: ListingPhotoOut = made.json();
    let again: ListingPhotoOut = o.proposer.post_file(&path, jpeg(&bytes), &[]).await.expect(201).json();
    let page: ListingPhotoPage = o.company.get(&path).await.expect(200).json();
    assert_eq!((again.id, page.items.len(), kept(&o.app().files)), (one.id, 1, 2), "sent twice it is one");
    let got = o.company.get(&content).await.expect(200);
    assert!(!got.body.windows(WHERE_TAKEN.len()).any(|window| window == WHERE_TAKEN));
    o.company.get(&content.replace("/content", "/thumbnail")).await.expect(200);
    o.company.get_with(&content, &[("if-none-match", &got.etag())]).await.expect(304);
    o.company.post_file(&path, jpeg(&bytes), &[]).await.refused(403, "forbidden");
    let pdf = SentFile { name: "a.pdf", kind: "application/pdf", ..jpeg(b"%PDF-1.7\n") };
    o.proposer.post_file(&path, pdf, &[]).await.refused(422, "standings.not_a_picture");
    let elsewhere = o.app().actor(Role::PropertyAuthority, "130402").await;
    elsewhere.get(&content).await.refused(404, "not_found");
    elsewhere.post_file(&path, jpeg(&bytes), &[]).await.refused(404, "not_found");
    o.days_later(8).await;
    super::taken(&o.decider, &row, "decide", super::listed()).await;
    let late = photo(2);
    o.proposer.post_file(&path, jpeg(&late), &[]).await.refused(409, "standings.photo_state");
    assert_eq!(kept(&o.app().files), 2, "nothing of what was refused is left");
}

#[actix_web::test]
async fn of_two_who_decide_at_once_one_does() {
    let mut o = Office::new().await;
    let row = o.notified().await;
    o.days_later(8).await;
    let other = o.app().actor(Role::PropertyAuthority, "620902").await;
    let both = [&o.decider, &other].map(|who| step(who, &row, "decide", super::listed()));
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(both).await.iter().map(|reply| reply.status()).collect();
    statuses.sort_unstable();
    assert!(statuses[0] == 200 && matches!(statuses[1], 409 | 412), "{statuses:?}");
}
