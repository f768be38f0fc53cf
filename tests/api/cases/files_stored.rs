//! Files and the storage: one that is away, one that is slow, and what is left where something ended in between.

use std::time::Duration;

use delivery::cases::dto::{CaseFileOut, CaseFilePage, CaseOut};
use diesel::prelude::*;
use futures_util::future::join_all;
use platform::schema::stray_objects;
use platform::storage::{self, Key};
use red_steward::tasks;
use serde_json::json;

use super::support::{CASES, Desk};
use crate::support::bucket::{Bucket, Fault, SECRET};
use crate::support::photos::{kept, photo};
use crate::support::{Client, Reply, SentFile};
use crate::territory::town_with;

async fn desk_with(bucket: &Bucket) -> Desk {
    let (url, keys) = (bucket.url(), Bucket::keys(SECRET));
    let town = town_with(|config| {
        config.storage_url = url;
        config.storage_access_key = Some(keys.access);
        config.storage_secret_key = Some(keys.secret);
    });
    Desk::on(town.await).await
}

async fn show(who: &Client, case: &CaseOut, bytes: &[u8]) -> Reply {
    let file = SentFile { part: "file", name: "tmp_1.jpg", kind: "image/jpeg", bytes };
    who.post_file(&format!("{CASES}/{}/files", case.id), file, &[("purpose", "after")]).await
}

async fn count(desk: &Desk, case: &CaseOut) -> usize {
    let page: CaseFilePage = desk.worker().get(&format!("{CASES}/{}/files", case.id)).await.expect(200).json();
    page.items.len()
}

/// What is noted as being without a row.
async fn strays(desk: &Desk) -> i64 {
    desk.app().app.db.read(|c| Ok(stray_objects::table.count().get_result(c)?)).await.expect("a count")
}

async fn sweep(desk: &Desk) {
    tasks::sweep(&desk.app().app).await.expect("swept");
}

#[track_caller]
fn is_unavailable(reply: &Reply) {
    reply.refused(503, "storage.unavailable");
    assert_eq!(reply.header("retry-after").as_deref(), Some("5"));
}

#[actix_web::test]
async fn a_bucket_keeps_photos_as_a_folder_does() {
    let bucket = Bucket::serve();
    let desk = desk_with(&bucket).await;
    let case = desk.in_progress().await;
    let made = show(&desk.company, &case, &photo(1)).await.expect(201);
    let (path, file) = (made.header("location").expect("a Location"), made.json::<CaseFileOut>());
    assert_eq!((bucket.objects(), strays(&desk).await), (2, 0));
    let got = desk.worker().get(&path).await.expect(200);
    assert_eq!(platform::secrets::fingerprint(&got.body), file.sha256);
    desk.worker().get(&path.replace("/content", "/thumbnail")).await.expect(200);
    show(&desk.company, &case, &photo(1)).await.expect(201);
    assert_eq!((bucket.objects(), strays(&desk).await), (2, 0), "the same again is the same");
    let remove = path.replace("/content", "/remove");
    desk.worker().post(&remove, json!({ "reason": "照片中有他人面部" })).await.expect(200);
    assert_eq!((bucket.objects(), strays(&desk).await), (0, 0));
}

#[actix_web::test]
async fn a_storage_that_is_away_is_503_and_nothing_is_half_stored() {
    let bucket = Bucket::serve();
    let desk = desk_with(&bucket).await;
    let case = desk.in_progress().await;
    let stands = show(&desk.company, &case, &photo(1)).await.expect(201).header("location").expect("a Location");
    bucket.fail("", usize::MAX, Fault::HangsUp);
    is_unavailable(&show(&desk.company, &case, &photo(2)).await);
    is_unavailable(&desk.worker().get(&stands).await);
    desk.worker().get(&format!("{CASES}/{}", case.id)).await.expect(200);
    assert_eq!((count(&desk, &case).await, bucket.objects(), strays(&desk).await), (1, 2, 2));
    bucket.recover();
    desk.worker().get(&stands).await.expect(200);
    show(&desk.company, &case, &photo(2)).await.expect(201);
    assert_eq!((count(&desk, &case).await, bucket.objects()), (2, 4));
    desk.app().clock.advance(chrono::Duration::minutes(61));
    sweep(&desk).await;
    assert_eq!((bucket.objects(), strays(&desk).await), (4, 0), "what is named stays");
}

#[actix_web::test]
async fn a_photo_whose_small_picture_could_not_be_put_is_taken_back() {
    let bucket = Bucket::serve();
    let desk = desk_with(&bucket).await;
    let case = desk.in_progress().await;
    // The first is put well, the second is refused three times.
    bucket.fail("PUT", 1, Fault::TakesItsTime(Duration::ZERO));
    bucket.fail("PUT", 3, Fault::Answers(503));
    is_unavailable(&show(&desk.company, &case, &photo(1)).await);
    assert_eq!((count(&desk, &case).await, bucket.objects(), strays(&desk).await), (0, 0, 0));
    bucket.fail("PUT", 2, Fault::Answers(503));
    show(&desk.company, &case, &photo(1)).await.expect(201);
    assert_eq!((count(&desk, &case).await, bucket.objects()), (1, 2), "in passing, nobody hears of it");
}

#[actix_web::test]
async fn what_cannot_be_erased_now_is_swept_later() {
    let bucket = Bucket::serve();
    let desk = desk_with(&bucket).await;
    let case = desk.in_progress().await;
    let path = show(&desk.company, &case, &photo(1)).await.expect(201).header("location").expect("a Location");
    bucket.fail("DELETE", usize::MAX, Fault::Answers(503));
    let removal = desk.worker().post(&path.replace("/content", "/remove"), json!({ "reason": "有他人面部" })).await;
    is_unavailable(&removal);
    desk.worker().get(&path).await.refused(404, "not_found");
    assert_eq!((bucket.objects(), strays(&desk).await), (2, 2));
    assert!(tasks::sweep(&desk.app().app).await.is_err(), "it is away still");
    bucket.recover();
    sweep(&desk).await;
    assert_eq!((bucket.objects(), strays(&desk).await), (0, 0));
}

/// A process that ends between the bytes and their row.
#[actix_web::test]
async fn bytes_that_no_row_came_to_name_are_swept_after_an_hour() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    show(&desk.company, &case, &photo(1)).await.expect(201);
    let app = &desk.app().app;
    let (key, now) = (Key::fresh("jpg").expect("a key"), app.clock.now());
    let keys = vec![key.clone()];
    let noted = keys.clone();
    app.db.write(move |c| storage::expect(c, &noted, now)).await.expect("noted");
    app.storage.put(&key, b"x".to_vec()).await.expect("put");
    sweep(&desk).await;
    assert_eq!((kept(&desk.app().files), strays(&desk).await), (3, 1), "somebody may be about to name it");
    app.clock.advance(chrono::Duration::minutes(61));
    sweep(&desk).await;
    assert_eq!((kept(&desk.app().files), strays(&desk).await), (2, 0), "what is named stays");
    let late = app.db.write(move |c| storage::settle(c, &keys)).await;
    assert_eq!(late.expect_err("given up").problem().status, 503, "what was swept cannot be named any more");
}

/// More uploads and downloads wait for the storage than the process has connections.
#[actix_web::test]
async fn a_slow_storage_does_not_keep_the_rows_waiting() {
    let bucket = Bucket::serve();
    let desk = desk_with(&bucket).await;
    let case = desk.in_progress().await;
    let path = show(&desk.company, &case, &photo(1)).await.expect(201).header("location").expect("a Location");
    bucket.fail("GET", usize::MAX, Fault::TakesItsTime(Duration::from_secs(3)));
    let slow = join_all((0..12).map(|_| desk.worker().get(&path)));
    let rows = async {
        actix_web::rt::time::sleep(Duration::from_millis(300)).await;
        let asked = std::time::Instant::now();
        let place = format!("{CASES}/{}", case.id);
        for reply in join_all((0..8).map(|_| desk.worker().get(&place))).await {
            reply.expect(200);
        }
        asked.elapsed()
    };
    let (replies, rows) = futures_util::future::join(slow, rows).await;
    assert!(rows < Duration::from_secs(2), "{rows:?}");
    let statuses: Vec<u16> = replies.iter().map(Reply::status).collect();
    assert!(statuses.iter().all(|status| [200, 503].contains(status)) && statuses.contains(&200), "{statuses:?}");
}
