//! Photos of how a notice hangs.

use deliberation::notices::dto::{NoticeOut, NoticePhotoOut, NoticePhotoPage};
use platform::auth::Role;
use serde_json::json;

use super::{NOTICES, general, legal, published, withdraw};
use crate::support::actors::TONGDEXIANG;
use crate::support::photos::{WHERE_TAKEN, kept, photo};
use crate::support::{Client, Reply, SentFile};
use crate::territory::town;

fn jpeg(bytes: &[u8]) -> SentFile<'_> {
    SentFile { part: "file", name: "tmp_1.jpg", kind: "image/jpeg", bytes }
}

async fn show(who: &Client, of: &NoticeOut, file: SentFile<'_>) -> Reply {
    who.post_file(&format!("{NOTICES}/{}/photos", of.id), file, &[]).await
}

async fn photos(who: &Client, of: &NoticeOut) -> Vec<NoticePhotoOut> {
    let page: NoticePhotoPage = who.get(&format!("{NOTICES}/{}/photos", of.id)).await.expect(200).json();
    page.items
}

#[actix_web::test]
async fn that_it_hangs_is_shown_without_where_the_photo_was_taken() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let resident = app.actor(Role::Resident, "620902005003-0001").await;
    let notice = published(&worker, legal(TONGDEXIANG)).await;
    let made = show(&worker, &notice, jpeg(&photo(1))).await.expect(201);
    let path = made.header("location").expect("a Location");
    let one: NoticePhotoOut = made.json();
    let again: NoticePhotoOut = show(&worker, &notice, jpeg(&photo(1))).await.expect(201).json();
    assert_eq!((again.id, photos(&resident, &notice).await.len()), (one.id, 1), "sent twice it is one");
    show(&worker, &notice, jpeg(&photo(2))).await.expect(201);
    assert_eq!((photos(&resident, &notice).await.len(), kept(&app.files)), (2, 4));
    let got = resident.get(&path).await.expect(200);
    assert_eq!(platform::secrets::fingerprint(&got.body), one.sha256);
    let holds = |bytes: &[u8]| bytes.windows(WHERE_TAKEN.len()).any(|window| window == WHERE_TAKEN);
    assert!(!holds(&got.body) && got.header("content-type").as_deref() == Some("image/jpeg"));
    let small = resident.get(&path.replace("/content", "/thumbnail")).await.expect(200);
    assert!(image::load_from_memory(&small.body).is_ok() && !holds(&small.body));
    resident.get_with(&path, &[("if-none-match", &got.etag())]).await.expect(304);
    show(&resident, &notice, jpeg(&photo(3))).await.refused(403, "forbidden");
    let elsewhere = app.community_worker("620902005002").await;
    elsewhere.get(&path).await.refused(404, "not_found");
    show(&elsewhere, &notice, jpeg(&photo(3))).await.refused(404, "not_found");
    let chair = app.actor(Role::OcChair, TONGDEXIANG).await;
    show(&chair, &notice, jpeg(&photo(3))).await.refused(403, "notices.legal_not_yours");
    assert_eq!(kept(&app.files), 4, "nothing of what was refused is left");
}

#[actix_web::test]
async fn it_takes_pictures_as_long_as_it_stands_and_erases_what_must_not_be_shown() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let notice = published(&worker, general(TONGDEXIANG)).await;
    let pdf = SentFile { name: "a.pdf", kind: "application/pdf", ..jpeg(b"%PDF-1.7\n") };
    let problem = show(&worker, &notice, pdf).await.refused(422, "notices.not_a_picture");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/file"));
    let made = show(&worker, &notice, jpeg(&photo(4))).await.expect(201);
    let content = made.header("location").expect("a Location");
    let remove = content.replace("/content", "/remove");
    let gone: NoticePhotoOut = worker.post(&remove, json!({ "reason": "照片中有他人面部" })).await.expect(200).json();
    assert!(gone.removed_at.is_some());
    worker.get(&content).await.refused(404, "not_found");
    let left = photos(&worker, &notice).await;
    assert_eq!((left.len(), left[0].remove_reason.as_deref()), (1, Some("照片中有他人面部")));
    assert_eq!(kept(&app.files), 0);
    withdraw(&worker, &notice).await.expect(200);
    show(&worker, &notice, jpeg(&photo(5))).await.refused(409, "notices.not_published");
    assert_eq!(kept(&app.files), 0);
}
