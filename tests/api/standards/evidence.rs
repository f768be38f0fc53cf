//! Pictures that an item of a check rests on.

use oversight::standards::dto::{CheckEvidenceOut, CheckEvidencePage, CheckRunOut};
use serde_json::json;

use super::{Held, RUNS, item, record, results_in, submit};
use crate::support::photos::{kept, photo};
use crate::support::{Client, Reply, SentFile};
use crate::territory::outsiders;

async fn show(who: &Client, run: &CheckRunOut, code: &str, bytes: &[u8]) -> Reply {
    let file = SentFile { part: "file", name: "tmp_1.jpg", kind: "image/jpeg", bytes };
    who.post_file(&format!("{RUNS}/{}/evidence", run.id), file, &[("item_code", code)]).await
}

#[actix_web::test]
async fn a_picture_is_what_an_item_passes_with_and_can_be_erased() {
    let held = Held::new().await;
    let worker = &held.t.worker;
    let list = held.published("six_haves", (1..=6).map(|at| item(at, 1, at == 2)).collect()).await;
    let run = held.begun(&list).await;
    record(worker, &run, results_in(&list, &["pass"; 6])).await.expect(200);
    submit(worker, &run).await.refused(422, "standards.evidence_missing");
    show(worker, &run, "S9", &photo(1)).await.refused(422, "standards.item_unknown");
    let pdf = SentFile { part: "file", name: "a.pdf", kind: "application/pdf", bytes: b"%PDF-1.7\n" };
    let path = format!("{RUNS}/{}/evidence", run.id);
    worker.post_file(&path, pdf, &[("item_code", "S2")]).await.refused(422, "standards.not_a_picture");
    for client in outsiders(&held.t.app).await {
        client.get(&path).await.refused(404, "not_found");
    }
    assert_eq!(kept(&held.t.app.files), 0, "nothing of what was refused is left");

    let made = show(worker, &run, "S2", &photo(1)).await.expect(201);
    let content = made.header("location").expect("a Location");
    let one: CheckEvidenceOut = made.json();
    let again: CheckEvidenceOut = show(worker, &run, "S2", &photo(1)).await.expect(201).json();
    assert_eq!((one.item_code.as_str(), again.id), ("S2", one.id), "sent twice it is one");
    let out: CheckRunOut = submit(worker, &run).await.expect(200).json();
    assert_eq!(out.results.iter().map(|line| line.photos).collect::<Vec<_>>(), [0, 1, 0, 0, 0, 0]);
    show(worker, &run, "S2", &photo(2)).await.refused(409, "standards.run_submitted");
    let got = held.manager.get(&content).await.expect(200);
    assert_eq!(platform::secrets::fingerprint(&got.body), one.sha256);
    held.manager.get(&content.replace("/content", "/thumbnail")).await.expect(200);

    let remove = content.replace("/content", "/remove");
    let gone: CheckEvidenceOut = worker.post(&remove, json!({ "reason": "照片中有他人面部" })).await.expect(200).json();
    assert!(gone.removed_at.is_some());
    worker.get(&content).await.refused(404, "not_found");
    let page: CheckEvidencePage = worker.get(&path).await.expect(200).json();
    assert_eq!((page.items.len(), kept(&held.t.app.files)), (1, 0), "that it was there stays");
}
