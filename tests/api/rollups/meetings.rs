//! What meetings count, from the table to the review and back, in places that move meanwhile.

use deliberation::meetings::dto::ResolutionOut;
use diesel::prelude::*;
use platform::schema::rollups;
use serde_json::{Value, json};

use super::verify::verified;
use super::world::Chance;
use crate::meetings::{Table, advance, item, item_in, take};
use crate::territory::{MINZHU, made};

async fn counted(t: &Table, metric: &'static str) -> i64 {
    let read = t.w.app().app.db.read(move |c| {
        let counts: Vec<i64> = rollups::table.filter(rollups::metric.eq(metric)).select(rollups::n).load(c)?;
        Ok(counts.into_iter().sum())
    });
    read.await.expect("counts")
}

async fn after(t: &Table, row: &ResolutionOut, verb: &str, body: Value) {
    take(t.worker(), &format!("/v1/resolutions/{}/{verb}", row.id), body).await.expect(200);
}

#[actix_web::test]
async fn what_a_meeting_resolved_counts_where_it_was_held_and_is_counted_back() {
    let mut t = Table::new().await;
    let url = t.w.app().database_url().to_owned();
    let meeting = t.opened(&[0, 1, 2, 3]).await;
    let mut from_nowhere = item_in("临时议题", "deliberation");
    from_nowhere["source_kind"] = json!("legacy");
    from_nowhere["source_note"] = json!("遗留问题");
    item(t.worker(), &meeting, from_nowhere).await;
    item(t.worker(), &meeting, item_in("情况通报", "report")).await;
    let meeting = advance(t.worker(), &t.now(&meeting).await, "close", Value::Null).await;
    let rows = [t.adopted(&meeting, "楼道照明", "consensus").await, t.adopted(&meeting, "临时议题", "consensus").await];
    t.published(&meeting).await;
    assert_eq!((counted(&t, "meetings.sessions").await, counted(&t, "meetings.raised").await), (1, 3));
    verified(&url, &[]);
    for row in &rows {
        after(&t, row, "complete", Value::Null).await;
    }
    assert_eq!(counted(&t, "meetings.resolved").await, 2);
    verified(&url, &[]);
    let review = |satisfied: bool| json!({ "satisfied": satisfied, "note": "居民评议" });
    after(&t, &rows[0], "review", review(true)).await;
    after(&t, &rows[1], "review", review(false)).await;
    assert_eq!(counted(&t, "meetings.resolved").await, 1);
    verified(&url, &[]);
    after(&t, &rows[0], "review", review(false)).await;
    assert_eq!(counted(&t, "meetings.resolved").await, 0);
    verified(&url, &[]);
    after(&t, &rows[1], "complete", Value::Null).await;
    let revoke = json!({ "reason": "违反议事规则" });
    take(&t.w.street, &format!("/v1/resolutions/{}/revoke", rows[1].id), revoke.clone()).await.expect(200);
    assert_eq!(counted(&t, "meetings.resolved").await, 0);
    verified(&url, &[]);
    let mut chance = Chance::new();
    for _ in 0..24 {
        let row = chance.of(&rows);
        let (who, verb, body) = match chance.below(12) {
            0..6 => (t.worker(), "complete", Value::Null),
            6..11 => (t.worker(), "review", review(chance.below(2) == 0)),
            _ => (&t.w.street, "revoke", revoke.clone()),
        };
        let reply = take(who, &format!("/v1/resolutions/{}/{verb}", row.id), body).await;
        assert!(reply.status() < 500, "{}", reply.text());
    }
    assert!((0..=1).contains(&counted(&t, "meetings.resolved").await), "one of the two is revoked for good");
    verified(&url, &[]);
}

/// Held in a compound that moves on: what is resolved later counts beside what was raised there.
#[actix_web::test]
async fn what_is_resolved_after_a_move_counts_beside_what_was_raised() {
    let mut t = Table::new().await;
    let url = t.w.app().database_url().to_owned();
    let place = t.w.v.home.compound.area_code.clone();
    let mut chance = Chance::new();
    let mut body = t.meeting_in();
    body["area_code"] = json!(place);
    let meeting = made(t.worker().post(crate::meetings::MEETINGS, body).await);
    let items = 1 + chance.below(4);
    for nth in 0..items {
        item(t.worker(), &meeting, item_in(&format!("议题{nth}"), "deliberation")).await;
    }
    let meeting = advance(t.worker(), &meeting, "notify", Value::Null).await;
    t.days_later(5).await;
    let meeting = advance(t.worker(), &meeting, "open", Value::Null).await;
    let code = t.code(&meeting).await;
    for delegate in t.delegates() {
        crate::meetings::check_in(&delegate.client, &meeting, &code).await.expect(200);
    }
    let meeting = advance(t.worker(), &meeting, "close", Value::Null).await;
    let row = t.adopted(&meeting, "议题0", "consensus").await;
    t.published(&meeting).await;
    verified(&url, &[]);
    let to = json!({ "community_code": MINZHU, "on": t.w.app().clock.today(), "reason": "社区边界调整" });
    let path = format!("/v1/compounds/{}/move", t.w.v.home.compound.id);
    t.w.district.post(&path, to).await.expect(200);
    verified(&url, &[]);
    take(&t.w.district, &format!("/v1/resolutions/{}/complete", row.id), Value::Null).await.expect(200);
    let read = t.w.app().app.db.read(move |c| {
        let resolved = rollups::table.filter(rollups::metric.eq("meetings.resolved").and(rollups::n.ne(0)));
        Ok(resolved.select((rollups::area_code, rollups::n)).load::<(String, i64)>(c)?)
    });
    assert_eq!(read.await.expect("counts"), [(place, 1)]);
    verified(&url, &[]);
}
