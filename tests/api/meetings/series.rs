//! Series, and the alarm when the next meeting is overdue.

use deliberation::meetings::dto::{SeriesOut, SeriesPage};

use red_steward::tasks;
use serde_json::{Value, json};

use super::{SERIES, Table, advance, item, item_in, take};
use crate::support::actors::TONGDEXIANG;
use crate::territory::made;

fn series_in(t: &Table) -> Value {
    json!({ "kind": "four_party_joint", "area_code": TONGDEXIANG, "title": "四方联席会议",
        "convener_org_id": t.w.residents.id, "starts_on": "2024-01-01" })
}

#[actix_web::test]
async fn the_next_one_is_due_a_month_after_the_last() {
    let mut t = Table::new().await;
    let series: SeriesOut = made(t.worker().post(SERIES, series_in(&t)).await);
    assert_eq!((series.next_due_on.map(|day| day.to_string()), series.overdue), (Some("2024-02-01".into()), false));
    let mut fewer = series_in(&t);
    fewer["required_parties"] = json!(["community"]);
    t.worker().post(SERIES, fewer).await.refused(422, "meetings.parties_fewer");
    let mut body = t.meeting_in();
    body["series_id"] = json!(series.id);
    let mut other = body.clone();
    other["kind"] = json!("small_stool");
    t.worker().post(super::MEETINGS, other).await.refused(422, "meetings.series_mismatch");
    let meeting: deliberation::meetings::dto::MeetingOut = made(t.worker().post(super::MEETINGS, body).await);
    item(t.worker(), &meeting, item_in("楼道照明", "deliberation")).await;
    advance(t.worker(), &meeting, "notify", Value::Null).await;
    t.days_later(5).await;
    advance(t.worker(), &meeting, "open", Value::Null).await;
    advance(t.worker(), &meeting, "close", Value::Null).await;
    let path = format!("{SERIES}/{}", series.id);
    let held: SeriesOut = t.worker().get(&path).await.expect(200).json();
    assert_eq!(held.next_due_on.map(|day| day.to_string()), Some("2024-02-20".into()));

    t.days_later(31).await;
    let late: SeriesPage = t.worker().get(&format!("{SERIES}?overdue=true&include=total")).await.expect(200).json();
    assert!(late.items.is_empty(), "on its day it is not late");
    t.days_later(1).await;
    let late: SeriesPage = t.worker().get(&format!("{SERIES}?overdue=true&include=total")).await.expect(200).json();
    assert_eq!((late.items.len(), late.total, late.items[0].overdue), (1, Some(1), true));
    for _ in 0..3 {
        tasks::sweep_meetings(&t.w.app().app).await.expect("swept");
    }
    let alarmed: SeriesOut = t.worker().get(&path).await.expect(200).json();
    assert_eq!(alarmed.version, held.version + 1, "one alarm for one day");
    let ended: SeriesOut =
        take(t.worker(), &format!("{path}/end"), json!({ "reason": "并入月度会议" })).await.expect(200).json();
    assert_eq!((ended.next_due_on, ended.overdue), (None, false));
}
