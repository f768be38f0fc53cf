//! How a file is sent: what its part is called, and what happens when it is sent again.

use actix_web::http::Method;
use delivery::cases::dto::{CaseFileOut, CaseFilePage, CaseOut};
use futures_util::future::join_all;

use super::support::{CASES, Desk, MINE, report};
use crate::support::photos::{kept, photo};
use crate::support::{Client, MULTIPART, Reply, SentFile, multipart};

fn jpeg(bytes: &[u8]) -> SentFile<'_> {
    SentFile { part: "file", name: "tmp_1.jpg", kind: "image/jpeg", bytes }
}

async fn send(who: &Client, path: &str, key: Option<&str>, body: Vec<u8>) -> Reply {
    let mut headers = vec![("content-type", MULTIPART)];
    headers.extend(key.map(|key| ("Idempotency-Key", key)));
    who.send(Method::POST, path, &headers, Some(body)).await
}

async fn count(who: &Client, case: &CaseOut) -> usize {
    let page: CaseFilePage = who.get(&format!("{CASES}/{}/files", case.id)).await.expect(200).json();
    page.items.len()
}

fn is_replayed(reply: &Reply) -> bool {
    reply.header("idempotency-replayed").as_deref() == Some("true")
}

#[actix_web::test]
async fn a_key_is_good_for_one_photo_and_its_words() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    let path = format!("{CASES}/{}/files", case.id);
    let (one, other) = (photo(1), photo(2));
    let before = [("purpose", "before")];
    let first = send(&desk.company, &path, Some("k1"), multipart(&[jpeg(&one)], &before)).await.expect(201);
    assert!(!is_replayed(&first));
    let file: CaseFileOut = first.json();
    assert_eq!(first.header("location"), Some(format!("{path}/{}/content", file.id)));
    // A mini-program that tries again has another temporary name.
    let renamed = SentFile { part: "photo", name: "tmp_2.jpg", ..jpeg(&one) };
    let again = send(&desk.company, &path, Some("k1"), multipart(&[renamed], &before)).await.expect(201);
    assert!(is_replayed(&again));
    assert_eq!((&again.body, again.header("location")), (&first.body, first.header("location")));
    for (bytes, words) in [(&other, [("purpose", "before")]), (&one, [("purpose", "after")])] {
        let reply = send(&desk.company, &path, Some("k1"), multipart(&[jpeg(bytes)], &words)).await;
        reply.refused(422, "idempotency_key_reused");
    }
    assert_eq!((count(desk.worker(), &case).await, kept(&desk.app().files)), (1, 2));
    send(&desk.company, &path, Some("k2"), multipart(&[jpeg(&other)], &before)).await.expect(201);
    assert_eq!((count(desk.worker(), &case).await, kept(&desk.app().files)), (2, 4));
}

#[actix_web::test]
async fn twenty_at_once_with_one_key_are_one_file() {
    let desk = Desk::new().await;
    let mine = desk.resident.post(MINE, report(desk.place())).await.expect(201).value();
    let path = format!("{MINE}/{}/files", mine["id"].as_str().expect("an id"));
    let sent = multipart(&[jpeg(&photo(1))], &[]);
    let replies = join_all((0..20).map(|_| send(&desk.resident, &path, Some("k"), sent.clone()))).await;
    let statuses: Vec<u16> = replies.iter().map(Reply::status).collect();
    assert_eq!(statuses, [201; 20]);
    assert!(replies.iter().all(|reply| reply.body == replies[0].body));
    assert_eq!(replies.iter().filter(|reply| !is_replayed(reply)).count(), 1);
    assert_eq!(kept(&desk.app().files), 2, "one photo and its small picture");
}

#[actix_web::test]
async fn the_part_of_the_file_may_have_any_name() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    let path = format!("{CASES}/{}/files", case.id);
    let words = [("purpose", "before")];
    for (number, part) in (1..).zip(["file", "photo", "照片", "files[0]", ""]) {
        let bytes = photo(number);
        let body = multipart(&[SentFile { part, ..jpeg(&bytes) }], &words);
        send(&desk.company, &path, None, body).await.expect(201);
    }
    let bytes = photo(9);
    let plain = multipart(&[SentFile { part: "PART", ..jpeg(&bytes) }], &words);
    // Bytes that are no text, so the head is changed as bytes.
    let with_head = |head: &[u8]| {
        let old = b"name=\"PART\"; filename=\"tmp_1.jpg\"";
        let at = plain.windows(old.len()).position(|window| window == old).expect("the head");
        [&plain[..at], head, &plain[at + old.len()..]].concat()
    };
    let extended = with_head("name=\"p\"; filename*=UTF-8''%E7%85%A7.jpg".as_bytes());
    send(&desk.company, &path, None, extended).await.expect(201);
    let unnamed = with_head(b"name=\"file\"");
    send(&desk.company, &path, None, unnamed).await.expect(201);
    assert_eq!(count(desk.worker(), &case).await, 6, "the last two are one photo");
    let lying = multipart(&[SentFile { part: "photo", name: "a.png", ..jpeg(&bytes) }], &words);
    let problem = send(&desk.company, &path, None, lying).await.refused(422, "media.type_mismatch");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/file"), "whatever its part is called");
    let two = multipart(&[SentFile { part: "a", ..jpeg(&bytes) }, SentFile { part: "b", ..jpeg(&bytes) }], &words);
    let problem = send(&desk.company, &path, None, two).await.refused(422, "invalid");
    assert_eq!(problem.errors[0].code, "duplicate_field");
}
