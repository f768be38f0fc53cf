//! Versions of checklists.

use oversight::standards::dto::{ChecklistOut, ChecklistPage, ChecklistStatus};
use platform::auth::Role;
use serde_json::{Value, json};

use super::{CHECKLISTS, checklist_in, item, items, take, takes};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, Reply};
use crate::territory::{made, outsiders, town};

async fn publish(who: &Client, of: &ChecklistOut) -> Reply {
    take(who, &format!("{CHECKLISTS}/{}/publish", of.id), Value::Null).await
}

#[actix_web::test]
async fn a_version_is_drafted_published_and_superseded() {
    let app = town().await;
    let district = app.district().await;
    let first: ChecklistOut = made(district.post(CHECKLISTS, checklist_in("five_disclosures", items(4))).await);
    assert_eq!((first.number, first.status, first.items.len()), (1, ChecklistStatus::Draft, 4));
    publish(&district, &first).await.refused(422, "standards.item_count");
    let path = format!("{CHECKLISTS}/{}", first.id);
    let whole = district.patch(&path, "\"v1\"", json!({ "items": items(5), "title": "五公开" })).await.expect(200);
    assert_eq!(whole.json::<ChecklistOut>().items.len(), 5);
    let published: ChecklistOut = publish(&district, &first).await.expect(200).json();
    assert_eq!((published.status, published.title.as_str()), (ChecklistStatus::Published, "五公开"));
    district.patch(&path, "*", json!({ "title": "改" })).await.refused(409, "standards.not_draft");
    publish(&district, &first).await.refused(409, "standards.not_draft");

    let second: ChecklistOut = made(district.post(CHECKLISTS, checklist_in("five_disclosures", items(5))).await);
    assert_eq!(second.number, 2);
    let resident = app.actor(Role::Resident, "620902005003-0001").await;
    resident.get(&format!("{CHECKLISTS}/{}", second.id)).await.refused(404, "not_found");
    let all: ChecklistPage = resident.get(CHECKLISTS).await.expect(200).json();
    assert_eq!(all.items.iter().map(|row| row.id).collect::<Vec<_>>(), [first.id], "a draft binds nobody");
    let third = district.post(CHECKLISTS, checklist_in("five_disclosures", items(5))).await;
    third.refused(409, "standards.draft_exists");
    publish(&district, &second).await.expect(200);
    let first: ChecklistOut = district.get(&path).await.expect(200).json();
    assert_eq!((first.status, first.superseded_at.is_some()), (ChecklistStatus::Superseded, true));
    let page: ChecklistPage = resident.get(&format!("{CHECKLISTS}?status=published")).await.expect(200).json();
    assert_eq!(
        page.items.iter().map(|row| row.id).collect::<Vec<_>>(),
        [second.id],
        "what binds those inside is theirs to read"
    );
}

#[actix_web::test]
async fn what_is_published_the_database_itself_refuses_to_change() {
    let app = town().await;
    let district = app.district().await;
    let draft: ChecklistOut = made(district.post(CHECKLISTS, checklist_in("six_haves", items(6))).await);
    assert!(takes(&app, "UPDATE checklist_items SET words = '草稿可改'").await);
    publish(&district, &draft).await.expect(200);
    for sql in [
        "UPDATE checklist_items SET words = '改'",
        "UPDATE checklist_items SET weight = 2",
        "DELETE FROM checklist_items",
        "UPDATE checklists SET title = '改'",
        "UPDATE checklists SET status = 'draft', published_at = NULL",
        "INSERT INTO checklist_items SELECT checklist_id, checklist_id, 7, 'S7', words, NULL, 1, evidence_required, \
         official FROM checklist_items WHERE position = 1",
    ] {
        assert!(!takes(&app, sql).await, "{sql}");
    }
    let now: ChecklistOut = district.get(&format!("{CHECKLISTS}/{}", draft.id)).await.expect(200).json();
    assert!(now.items.len() == 6 && now.items.iter().all(|item| item.words == "草稿可改" && item.weight == 1));
}

#[actix_web::test]
async fn the_district_publishes_in_its_own_area_and_nobody_else() {
    let app = town().await;
    let district = app.district().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    worker.post(CHECKLISTS, checklist_in("six_haves", items(6))).await.refused(403, "forbidden");
    let elsewhere = app.actor(Role::DistrictCoord, "130402").await;
    elsewhere.post(CHECKLISTS, checklist_in("six_haves", items(6))).await.refused(404, "not_found");
    let draft: ChecklistOut = made(district.post(CHECKLISTS, checklist_in("six_haves", items(6))).await);
    let path = format!("{CHECKLISTS}/{}", draft.id);
    for client in outsiders(&app).await.iter().skip(1) {
        client.get(&path).await.refused(404, "not_found");
        publish(client, &draft).await.refused(404, "not_found");
    }
    district.patch(&path, "\"v9\"", json!({ "title": "改" })).await.refused(412, "version_stale");
}

#[actix_web::test]
async fn what_is_wrong_with_a_checklist_is_named() {
    let app = town().await;
    let district = app.district().await;
    let twice = vec![item(1, 1, false), item(1, 1, false)];
    let problem =
        district.post(CHECKLISTS, checklist_in("smart_pilot", twice)).await.refused(422, "standards.item_repeated");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/items/1/code"));
    let mut body = checklist_in("smart_pilot", items(2));
    let first: ChecklistOut = made(district.post(CHECKLISTS, body.clone()).await);
    publish(&district, &first).await.expect(200);
    body["kind"] = json!("six_haves");
    district.post(CHECKLISTS, body).await.refused(422, "standards.kind_differs");
}
