//! Photos and files: who shows what, what is refused and leaves nothing behind, and what is erased.

use delivery::cases::dto::{CaseFileOut, CaseFilePage, CaseOut, FilePurpose, MyCaseFileOut, MyCaseFilePage, Status};
use platform::auth::Role;
use serde_json::json;

use super::support::{CASES, Desk, MINE, account_of, finish, is, report, take, taken};
use crate::support::bombs;
use crate::support::photos::{WHERE_TAKEN, kept, photo};
use crate::support::{Client, MULTIPART, Reply, SentFile, multipart};

fn jpeg(bytes: &[u8]) -> SentFile<'_> {
    SentFile { part: "file", name: "tmp_1.jpg", kind: "image/jpeg", bytes }
}

async fn show(who: &Client, case: &CaseOut, purpose: &str, bytes: &[u8]) -> Reply {
    who.post_file(&format!("{CASES}/{}/files", case.id), jpeg(bytes), &[("purpose", purpose)]).await
}

async fn shown(who: &Client, case: &CaseOut, purpose: &str, bytes: &[u8]) -> CaseFileOut {
    show(who, case, purpose, bytes).await.expect(201).json()
}

async fn files(who: &Client, case: &CaseOut) -> Vec<CaseFileOut> {
    let page: CaseFilePage = who.get(&format!("{CASES}/{}/files", case.id)).await.expect(200).json();
    page.items
}

async fn mine(who: &Client, id: &str) -> Vec<MyCaseFileOut> {
    let page: MyCaseFilePage = who.get(&format!("{MINE}/{id}/files")).await.expect(200).json();
    page.items
}

/// What a resident reported, and the same as staff see it.
async fn reported(desk: &Desk) -> (String, CaseOut) {
    let mine = desk.resident.post(MINE, report(desk.place())).await.expect(201).value();
    let id = mine["id"].as_str().expect("an id").to_owned();
    let case = desk.worker().get(&format!("{CASES}/{id}")).await.expect(200).json();
    (id, case)
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[actix_web::test]
async fn a_photo_of_after_finishes_a_case_without_a_waiver() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    let mut words = finish();
    words.as_object_mut().expect("an object").remove("evidence_waiver");
    shown(&desk.company, &case, "before", &photo(1)).await;
    take(&desk.company, &case, "finish", words.clone()).await.refused(422, "cases.no_evidence");
    let after = shown(&desk.company, &case, "after", &photo(2)).await;
    assert_eq!((after.purpose, after.round, after.by_reporter), (FilePurpose::After, 1, false));
    assert_eq!(desk.now(&case).await.version, case.version, "showing something changes nothing of the case");
    is(&taken(&desk.company, &case, "finish", words).await, Status::Done);
}

#[actix_web::test]
async fn a_photo_is_sent_back_without_its_place_and_only_once() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    let sent = photo(3);
    assert!(holds(&sent, WHERE_TAKEN));
    let made = show(&desk.company, &case, "before", &sent).await.expect(201);
    let path = made.header("location").expect("a Location");
    let file: CaseFileOut = made.json();
    assert_eq!((file.width, file.height, file.media.as_str()), (Some(120), Some(90), "jpeg"));
    let got = desk.worker().get(&path).await.expect(200);
    assert!(!holds(&got.body, WHERE_TAKEN) && !holds(&got.body, b"Exif"));
    assert_eq!(i32::try_from(got.body.len()).expect("short"), file.bytes);
    assert_eq!(platform::secrets::fingerprint(&got.body), file.sha256);
    let said = |name: &str| got.header(name).expect("a header");
    assert_eq!((said("content-type"), said("x-content-type-options")), ("image/jpeg".into(), "nosniff".into()));
    assert_eq!(said("content-disposition"), format!("inline; filename=\"{}.jpg\"", file.id));
    assert_eq!((said("etag"), said("cache-control")), (format!("\"{}\"", file.sha256), "private, no-cache".into()));
    let again = desk.worker().get_with(&path, &[("if-none-match", &said("etag"))]).await.expect(304);
    assert!(again.body.is_empty());
    let small = desk.worker().get(&path.replace("/content", "/thumbnail")).await.expect(200);
    assert_eq!(small.header("content-type").as_deref(), Some("image/jpeg"));
    assert_ne!(small.etag(), said("etag"));
    assert!(image::load_from_memory(&small.body).is_ok() && !holds(&small.body, WHERE_TAKEN));
    desk.street.get(&path).await.expect(200);
    desk.resident.get(&path).await.refused(403, "forbidden");
    let elsewhere = desk.app().actor(Role::CommunityWorker, "620902001002").await;
    elsewhere.get(&path).await.refused(404, "not_found");
    elsewhere.get(&path.replace("/content", "/thumbnail")).await.refused(404, "not_found");
    elsewhere.get(&format!("{CASES}/{}/files", case.id)).await.refused(404, "not_found");
}

#[actix_web::test]
async fn what_is_refused_is_named_and_nothing_is_kept() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    let path = format!("{CASES}/{}/files", case.id);
    let zip = [b"PK\x03\x04".as_slice(), &[0; 4096]].concat();
    let cut = photo(4)[..700].to_vec();
    for (file, code) in [
        (jpeg(&zip), "media.unsupported"),
        (jpeg(b"%PDF-1.7\n"), "media.type_mismatch"),
        (jpeg(&cut), "media.unreadable"),
    ] {
        let problem = desk.company.post_file(&path, file, &[("purpose", "after")]).await.refused(422, code);
        assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/file"), "{code}");
    }
    let pdf = SentFile { name: "a.pdf", kind: "application/pdf", ..jpeg(b"%PDF-1.7\n") };
    desk.company.post_file(&path, pdf, &[("purpose", "after")]).await.refused(422, "cases.not_a_picture");
    let photo = photo(4);
    let good = jpeg(&photo);
    let faults: [(Vec<u8>, &str, &str); 7] = [
        (multipart(&[], &[("purpose", "after")]), "#/file", "missing_field"),
        (multipart(&[good, good], &[("purpose", "after")]), "#/file", "duplicate_field"),
        (multipart(&[jpeg(b"")], &[("purpose", "after")]), "#/file", "empty_file"),
        (multipart(&[good], &[]), "#/purpose", "missing_field"),
        (multipart(&[good], &[("purpose", "souvenir")]), "#/purpose", "unknown_value"),
        (multipart(&[good], &[("purpose", "after"), ("place", "x")]), "#/place", "unknown_field"),
        (multipart(&[SentFile { part: "photo", ..good }, good], &[("purpose", "after")]), "#/file", "duplicate_field"),
    ];
    let send = async |kind: &str, body: Vec<u8>| {
        desk.company.send(actix_web::http::Method::POST, &path, &[("content-type", kind)], Some(body)).await
    };
    for (body, place, code) in faults {
        let problem = send(MULTIPART, body).await.refused(422, "invalid");
        assert_eq!((problem.errors[0].pointer.as_deref(), problem.errors[0].code.as_str()), (Some(place), code));
    }
    send("application/json", b"{}".to_vec()).await.refused(415, "multipart_expected");
    let mut unfinished = multipart(&[good], &[("purpose", "after")]);
    unfinished.truncate(unfinished.len() - 40);
    send(MULTIPART, unfinished).await.refused(400, "malformed_multipart");
    let long = "x".repeat(5000);
    send(MULTIPART, multipart(&[good], &[("purpose", &long)])).await.refused(422, "invalid");
    assert_eq!((files(desk.worker(), &case).await.len(), kept(&desk.app().files)), (0, 0));
}

/// Twelve thousand a side are four hundred megabytes of pixels, in a few hundred bytes.
#[actix_web::test]
async fn a_picture_that_is_too_large_is_refused_in_each_coding() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    let path = format!("{CASES}/{}/files", case.id);
    let side = (12_000, 12_000);
    for (bytes, name, kind) in [
        (bombs::png(side), "a.png", "image/png"),
        (bombs::jpeg(side), "a.jpg", "image/jpeg"),
        (bombs::progressive(side, 1), "a.jpg", "image/jpeg"),
        (bombs::progressive((8_000, 5_000), 1), "a.jpg", "image/jpeg"),
        (bombs::webp(side, side), "a.webp", "image/webp"),
        (bombs::webp((100, 100), side), "a.webp", "image/webp"),
    ] {
        let file = SentFile { part: "file", name, kind, bytes: &bytes };
        let problem = desk.company.post_file(&path, file, &[("purpose", "after")]).await;
        let problem = problem.refused(422, "media.too_many_pixels");
        assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/file"), "{name}");
    }
    assert_eq!((files(desk.worker(), &case).await.len(), kept(&desk.app().files)), (0, 0));
    let fits = bombs::progressive((1_600, 1_200), 2);
    let file = shown(&desk.company, &case, "after", &fits).await;
    assert_eq!((file.width, file.height), (Some(1_600), Some(1_200)), "a progressive one that is not");
}

#[actix_web::test]
async fn fifty_one_megabytes_are_refused_with_the_limit_and_nothing_is_kept() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    let large = [b"\xff\xd8\xff".as_slice(), &vec![0; 51 << 20]].concat();
    let problem = show(&desk.company, &case, "after", &large).await.refused(413, "too_large");
    assert!(problem.errors[0].detail.contains(&(20 << 20).to_string()), "{}", problem.errors[0].detail);
    let over = [b"\xff\xd8\xff".as_slice(), &vec![0; 20 << 20]].concat();
    show(&desk.company, &case, "after", &over).await.refused(413, "too_large");
    assert_eq!((files(desk.worker(), &case).await.len(), kept(&desk.app().files)), (0, 0));
}

#[actix_web::test]
async fn nobody_learns_from_a_file_who_reported() {
    let desk = Desk::new().await;
    let (id, case) = reported(&desk).await;
    let me = account_of(&desk.resident).await;
    let path = format!("{MINE}/{id}/files");
    desk.resident.post_file(&path, jpeg(&photo(5)), &[]).await.expect(201);
    let case = taken(desk.worker(), &case, "accept", json!({})).await;
    let case = taken(desk.worker(), &case, "dispatch", json!({})).await;
    for who in [&desk.company, desk.worker(), &desk.district] {
        let seen = who.get(&format!("{CASES}/{}/files", case.id)).await.expect(200);
        assert!(!seen.text().contains(&me));
        let page: CaseFilePage = seen.json();
        let file = &page.items[0];
        assert_eq!((file.by_reporter, file.added_by, file.purpose), (true, None, FilePurpose::Report));
        who.get(&format!("{CASES}/{}/files/{}/content", case.id, file.id)).await.expect(200);
    }
    let own = mine(&desk.resident, &id).await;
    desk.resident.get(&format!("{path}/{}/content", own[0].id)).await.expect(200);
    desk.resident.get(&format!("{path}/{}/thumbnail", own[0].id)).await.expect(200);
    let stranger = desk.app().actor(Role::Resident, desk.place()).await;
    stranger.get(&path).await.refused(404, "not_found");
    stranger.get(&format!("{path}/{}/content", own[0].id)).await.refused(404, "not_found");
    stranger.post_file(&path, jpeg(&photo(5)), &[]).await.refused(404, "not_found");
    desk.resident.post_file(&path, jpeg(&photo(5)), &[("purpose", "after")]).await.refused(422, "invalid");
}

#[actix_web::test]
async fn a_neighbour_who_joined_sees_the_work_and_not_the_report() {
    let desk = Desk::new().await;
    let (id, case) = reported(&desk).await;
    let path = format!("{MINE}/{id}/files");
    desk.resident.post_file(&path, jpeg(&photo(6)), &[]).await.expect(201);
    shown(desk.worker(), &case, "report", &photo(7)).await;
    let before = shown(desk.worker(), &case, "before", &photo(8)).await;
    let neighbour = desk.app().actor(Role::Owner, desk.place()).await;
    neighbour.post("/v1/me/joined-cases", json!({ "case_id": id })).await.expect(201);
    let seen: Vec<_> = mine(&neighbour, &id).await.into_iter().map(|file| file.id).collect();
    assert_eq!(seen, [before.id]);
    let own = mine(&desk.resident, &id).await;
    assert_eq!(own.len(), 3);
    let reported = own.iter().find(|file| file.by_reporter).expect("the reporter's own");
    neighbour.get(&format!("{path}/{}/content", reported.id)).await.refused(404, "not_found");
    neighbour.get(&format!("{path}/{}/content", before.id)).await.expect(200);
    neighbour.post_file(&path, jpeg(&photo(9)), &[]).await.refused(404, "not_found");
}

#[actix_web::test]
async fn nine_and_no_tenth_and_the_same_again_is_the_same() {
    let desk = Desk::new().await;
    let (id, _) = reported(&desk).await;
    let path = format!("{MINE}/{id}/files");
    let mut ids = Vec::new();
    for number in 1..=9 {
        let file: MyCaseFileOut = desk.resident.post_file(&path, jpeg(&photo(number)), &[]).await.expect(201).json();
        ids.push(file.id);
    }
    let before = kept(&desk.app().files);
    let again: MyCaseFileOut = desk.resident.post_file(&path, jpeg(&photo(9)), &[]).await.expect(201).json();
    assert_eq!(Some(&again.id), ids.last());
    desk.resident.post_file(&path, jpeg(&photo(10)), &[]).await.refused(422, "cases.too_many_files");
    assert_eq!((mine(&desk.resident, &id).await.len(), kept(&desk.app().files)), (9, before));
    assert_eq!(before, 18, "a photo and its small picture each");
}

#[actix_web::test]
async fn two_last_ones_at_once_are_not_both_taken() {
    let desk = Desk::new().await;
    let (id, _) = reported(&desk).await;
    let path = format!("{MINE}/{id}/files");
    for number in 1..=8 {
        desk.resident.post_file(&path, jpeg(&photo(number)), &[]).await.expect(201);
    }
    let photos: Vec<Vec<u8>> = (20..24).map(photo).collect();
    let sent = photos.iter().map(|bytes| desk.resident.post_file(&path, jpeg(bytes), &[]));
    let statuses: Vec<u16> = futures_util::future::join_all(sent).await.iter().map(Reply::status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!((mine(&desk.resident, &id).await.len(), kept(&desk.app().files)), (9, 18));
}

#[actix_web::test]
async fn each_shows_what_is_theirs_to_show_while_the_case_is_open() {
    let desk = Desk::new().await;
    let reported = desk.reported().await;
    shown(desk.worker(), &reported, "report", &photo(1)).await;
    show(&desk.company, &reported, "before", &photo(1)).await.refused(404, "not_found");
    let auditor = desk.app().actor(Role::Auditor, desk.place()).await;
    show(&auditor, &reported, "before", &photo(1)).await.refused(403, "forbidden");
    let overseer = desk.app().actor(Role::GridWorker, desk.place()).await;
    show(&overseer, &reported, "before", &photo(1)).await.refused(403, "cases.not_handler");
    let case = desk.done().await;
    show(&desk.company, &case, "visit", &photo(2)).await.refused(403, "cases.handler_visits");
    shown(desk.worker(), &case, "visit", &photo(2)).await;
    let case = desk.reported().await;
    let refusal = json!({ "reason": "out_of_scope", "explanation": "不属于受理范围" });
    let over = take(desk.worker(), &case, "reject", refusal).await;
    let over: CaseOut = over.expect(200).json();
    show(desk.worker(), &over, "before", &photo(3)).await.refused(409, "cases.files_closed");
}

#[actix_web::test]
async fn what_is_removed_is_erased_and_its_hash_and_reason_stay() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    let after = shown(&desk.company, &case, "after", &photo(1)).await;
    assert_eq!(kept(&desk.app().files), 2);
    let path = format!("{CASES}/{}/files/{}", case.id, after.id);
    let reason = json!({ "reason": "照片中有他人面部" });
    desk.company.post(&format!("{path}/remove"), reason.clone()).await.refused(403, "forbidden");
    let elsewhere = desk.app().actor(Role::CommunityWorker, "620902001002").await;
    elsewhere.post(&format!("{path}/remove"), reason.clone()).await.refused(404, "not_found");
    desk.worker().post(&format!("{path}/remove"), json!({ "reason": " " })).await.refused(422, "invalid");
    assert_eq!(kept(&desk.app().files), 2);
    let gone: CaseFileOut = desk.worker().post(&format!("{path}/remove"), reason).await.expect(200).json();
    assert_eq!(kept(&desk.app().files), 0, "the bytes are gone");
    assert_eq!(
        (gone.sha256.as_str(), gone.remove_reason.as_deref()),
        (after.sha256.as_str(), Some("照片中有他人面部"))
    );
    for part in ["content", "thumbnail"] {
        desk.worker().get(&format!("{path}/{part}")).await.refused(404, "not_found");
    }
    let other = json!({ "reason": "另一个原因" });
    let again: CaseFileOut = desk.worker().post(&format!("{path}/remove"), other).await.expect(200).json();
    assert_eq!(
        (again.removed_at, again.remove_reason),
        (gone.removed_at, gone.remove_reason),
        "the first reason stays"
    );
    assert_eq!(files(desk.worker(), &case).await.len(), 1);
    let mut words = finish();
    words.as_object_mut().expect("an object").remove("evidence_waiver");
    take(&desk.company, &case, "finish", words).await.refused(422, "cases.no_evidence");
    shown(&desk.company, &case, "after", &photo(1)).await;
}
