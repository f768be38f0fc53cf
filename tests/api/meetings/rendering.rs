//! What is printed, and what calendars take over.

use serde_json::json;

use super::{MEETINGS, Table, advance, minutes_in, minutes_of};
use crate::territory::made;

#[actix_web::test]
async fn minutes_are_printed_as_they_were_signed() {
    let mut t = Table::new().await;
    let meeting = t.closed(&[0, 1, 2, 3]).await;
    t.adopted(&meeting, "楼道照明", "consensus").await;
    let draft: deliberation::meetings::dto::MinutesOut =
        made(t.worker().post(&minutes_of(&meeting), minutes_in("<script>alert(1)</script> 议定两项")).await);
    let print = format!("{}/1/print", minutes_of(&meeting));
    let page = t.worker().get(&print).await.expect(200);
    assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("default-src 'none'")));
    let text = page.text();
    assert!(text.contains("草稿,未发布") && text.contains("&lt;script&gt;") && !text.contains("<script"), "{text}");
    t.signed_and_published(&meeting, draft.number).await;
    let text = t.neighbour.client.get(&print).await.expect(200).text();
    for part in
        ["一月份四方联席会议纪要", "同德巷居委会", "楼道照明", "620902005003-2024-001", "签署", "SHA-256", "@page"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("草稿") && !text.contains("测试·副主任"), "no names on paper that goes round");
    // Whatever is written to the rows afterwards, the paper says what was signed.
    let sql = "UPDATE agenda_items SET title = '另一个题目'";
    let altered = t.w.app().app.db.write(move |c| Ok(diesel::connection::SimpleConnection::batch_execute(c, sql)?));
    altered.await.expect("altered");
    assert!(!t.worker().get(&print).await.expect(200).text().contains("另一个题目"));
}

#[actix_web::test]
async fn the_sheet_has_names_and_is_the_conveners() {
    let mut t = Table::new().await;
    let meeting = t.opened(&[0]).await;
    let path = format!("{MEETINGS}/{}/attendance-sheet", meeting.id);
    let text = t.worker().get(&path).await.expect(200).text();
    assert!(text.contains("测试·副主任") && text.contains("应到表决席位 4,实到 1"), "{text}");
    t.manager.client.get(&path).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_calendar_follows_what_is_put_off_and_cancelled() {
    let t = Table::new().await;
    let feed = || async { t.manager.client.get("/v1/me/meetings.ics").await.expect(200).text() };
    t.planned().await;
    assert!(!feed().await.contains("BEGIN:VEVENT"), "what is being planned is nobody's appointment yet");
    let meeting = t.called().await;
    let text = feed().await;
    for line in [
        "BEGIN:VCALENDAR",
        "SUMMARY:一月份四方联席会议",
        "DTSTART:20240120T010000Z",
        "DTEND:20240120T023000Z",
        "STATUS:CONFIRMED",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let uid = format!("UID:{}@red-steward", meeting.id);
    assert!(text.contains(&uid) && text.lines().all(|line| line.len() <= 75), "lines are folded");
    advance(t.worker(), &meeting, "cancel", json!({ "reason": "与街道会议冲突" })).await;
    let text = feed().await;
    assert!(text.contains(&uid) && text.contains("STATUS:CANCELLED"), "{text}");
    let mine = t.manager.client.get("/v1/me/meetings").await.expect(200).value();
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(1));
}
