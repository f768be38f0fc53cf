//! The storage by itself, in a folder and in a bucket: what holds of one holds of the other.

use std::time::Duration;

use actix_web::rt::time::timeout;
use platform::storage::{Key, Storage};

use crate::support::bucket::{Bucket, Fault, SECRET};
use crate::support::photos::kept;

fn in_bucket(bucket: &Bucket, secret: &str) -> Storage {
    Storage::open(&bucket.url(), Some(Bucket::keys(secret))).expect("opens")
}

fn key() -> Key {
    Key::fresh("jpg").expect("a key")
}

async fn behaves(storage: &Storage) {
    let (one, other) = (key(), key());
    let bytes: Vec<u8> = (0..300_000u32).map(|n| n.to_le_bytes()[0]).collect();
    assert_eq!(storage.get(&one).await.expect_err("nothing is there").problem().status, 404);
    storage.put(&one, bytes.clone()).await.expect("put");
    storage.put(&one, bytes.clone()).await.expect("put again");
    storage.put(&other, b"other".to_vec()).await.expect("put");
    assert_eq!(storage.get(&one).await.expect("got"), bytes);
    storage.delete(&one).await.expect("deleted");
    storage.delete(&one).await.expect("deleted again");
    assert_eq!(storage.get(&one).await.expect_err("gone").problem().status, 404);
    assert_eq!(storage.get(&other).await.expect("the other stays"), b"other");
    let many: Vec<Key> = (0..12).map(|_| key()).collect();
    let put = many.iter().map(|key| storage.put(key, key.as_str().as_bytes().to_vec()));
    assert!(futures_util::future::join_all(put).await.iter().all(Result::is_ok), "more than have their turn at once");
    for key in &many {
        assert_eq!(storage.get(key).await.expect("got"), key.as_str().as_bytes());
    }
}

#[actix_web::test]
async fn a_folder_keeps_what_was_put_until_it_is_deleted() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("files");
    behaves(&Storage::open(&format!("file://{}", place.display()), None).expect("opens")).await;
    assert_eq!(kept(&place), 13, "nothing unfinished stays behind");
}

#[actix_web::test]
async fn a_bucket_keeps_what_was_put_until_it_is_deleted() {
    let bucket = Bucket::serve();
    behaves(&in_bucket(&bucket, SECRET)).await;
    assert_eq!(bucket.objects(), 13);
}

#[actix_web::test]
async fn a_wrong_secret_is_an_error_of_ours_that_tells_no_address_and_is_not_tried_again() {
    let bucket = Bucket::serve();
    let error = in_bucket(&bucket, "another secret").put(&key(), b"x".to_vec()).await.expect_err("refused");
    assert_eq!((error.problem().status, bucket.asked()), (500, 1));
    assert!(error.to_string().contains("403") && !error.to_string().contains("X-Amz"), "{error}");
}

#[actix_web::test]
async fn what_fails_in_passing_is_tried_again_and_not_for_ever() {
    let bucket = Bucket::serve();
    let storage = in_bucket(&bucket, SECRET);
    let key = key();
    for fault in [Fault::Answers(503), Fault::Answers(429), Fault::HangsUp] {
        bucket.fail("", 2, fault);
        storage.put(&key, b"x".to_vec()).await.expect("put at the third try");
        bucket.fail("", 1, fault);
        assert_eq!(storage.get(&key).await.expect("got at the second"), b"x");
        bucket.fail("", 2, fault);
        storage.delete(&key).await.expect("deleted at the third");
    }
    let before = bucket.asked();
    bucket.fail("", usize::MAX, Fault::Answers(500));
    let error = storage.put(&key, b"x".to_vec()).await.expect_err("given up");
    assert_eq!((error.problem().code, error.problem().status), ("storage.unavailable", 503));
    assert_eq!(bucket.asked() - before, 3);
}

#[actix_web::test]
async fn a_service_that_nobody_answers_for_is_unavailable() {
    let url = "s3://photos?endpoint=http://127.0.0.1:1&region=r";
    let storage = Storage::open(url, Some(Bucket::keys(SECRET))).expect("opens");
    for error in [
        storage.get(&key()).await.expect_err("nobody there"),
        storage.put(&key(), b"x".to_vec()).await.expect_err("nobody there"),
        storage.delete(&key()).await.expect_err("nobody there"),
    ] {
        assert_eq!(error.problem().code, "storage.unavailable");
    }
}

#[actix_web::test]
async fn a_folder_that_cannot_be_written_is_unavailable() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("files");
    let storage = Storage::open(&format!("file://{}", place.display()), None).expect("opens");
    std::fs::remove_dir(&place).expect("empty");
    std::fs::write(&place, b"something else").expect("written");
    let error = storage.put(&key(), b"x".to_vec()).await.expect_err("no folder");
    assert_eq!(error.problem().code, "storage.unavailable");
}

#[actix_web::test]
async fn who_gives_up_leaves_the_others_their_turn() {
    let bucket = Bucket::serve();
    let storage = in_bucket(&bucket, SECRET);
    bucket.fail("PUT", 4, Fault::TakesItsTime(Duration::from_millis(600)));
    let keys: Vec<Key> = (0..4).map(|_| key()).collect();
    let put = futures_util::future::join_all(keys.iter().map(|key| storage.put(key, b"x".to_vec())));
    assert!(timeout(Duration::from_millis(100), put).await.is_err(), "all four are slow");
    storage.put(&key(), b"x".to_vec()).await.expect("put after them");
    for _ in 0..100 {
        if bucket.objects() == 5 {
            return;
        }
        actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("what was given up did not go on to its end: {}", bucket.objects());
}
