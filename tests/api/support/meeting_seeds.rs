//! One row of each kind of the context `meetings`: a meeting that was called, held and closed on one day.

use deliberation::meetings::dto::{AmendmentId, Disposition, MinutesId, SeatId};
use deliberation::schema::minutes_amendments as amendments;
use diesel::prelude::*;
use platform::history::ActorId;
use serde_json::{Value, json};

use super::actors::TONGDEXIANG;
use super::{Client, TestApp};

/// Ids, as they stand in paths.
pub struct MeetingSeeds {
    pub series: String,
    pub meeting: String,
    pub seat: String,
    pub item: String,
    pub amendment: String,
    pub resolution: String,
    pub action: String,
}

fn id(value: &Value) -> String {
    value.as_str().expect("an id").to_owned()
}

async fn made(client: &Client, path: &str, body: Value) -> Value {
    client.post(path, body).await.expect(201).value()
}

async fn step(client: &Client, path: &str, body: Value) -> Value {
    client.post_with(path, &[("If-Match", "*")], body).await.expect(200).value()
}

impl MeetingSeeds {
    pub async fn plant(app: &TestApp, district: &Client, worker: &Client) -> Self {
        let council = json!({ "kind": "residents_council", "name": "同德巷居民议事会", "area_code": TONGDEXIANG,
            "founded_on": "2023-01-01" });
        let council = id(&made(worker, "/v1/organisations", council).await["id"]);
        let rule = json!({ "cadence": "as_needed", "notice_days": 0, "required_parties": [], "quorum": "none",
            "majority": "of_present", "proxies": true, "amend_days": 3, "sign_days": 5, "publish_days": 15,
            "public": true });
        let rules = json!({ "key": "meetings.kinds", "area_code": TONGDEXIANG,
            "params": { "by_kind": { "onsite_office": rule } }, "legal_basis": "同德巷社区议事规则",
            "effective_from": "2024-01-15" });
        made(district, "/v1/rule-sets", rules).await;
        let series = json!({ "kind": "onsite_office", "area_code": TONGDEXIANG, "title": "现场办公",
            "convener_org_id": council, "starts_on": "2024-01-01" });
        let series = id(&made(worker, "/v1/meeting-series", series).await["id"]);
        let meeting = json!({ "kind": "onsite_office", "area_code": TONGDEXIANG, "title": "现场办公会",
            "convener_org_id": council, "series_id": series, "mode": "onsite", "place": "社区",
            "starts_at": app.clock.now(), "minutes": 60 });
        let meeting = made(worker, "/v1/meetings", meeting).await;
        let (meeting, seat) = (id(&meeting["id"]), id(&meeting["seats"][0]["id"]));
        let at = |verb: &str| format!("/v1/meetings/{meeting}/{verb}");
        let item = json!({ "position": 1, "title": "楼道照明", "kind": "deliberation", "minutes": 10 });
        let item = worker.post(&at("agenda-items"), item).await.expect(200).value();
        let item = id(&item["agenda"][0]["id"]);
        for verb in ["notify", "open", "close"] {
            step(worker, &at(verb), Value::Null).await;
        }
        let resolution = json!({ "item_id": item, "title": "更换灯具", "words": "由物业更换。", "method": "advice" });
        let resolution = id(&made(worker, &at("resolutions"), resolution).await["id"]);
        step(worker, &format!("/v1/resolutions/{resolution}/decide"), json!({ "outcome": "adopted" })).await;
        let action = json!({ "title": "更换灯具", "weight": 1, "owner_org_id": council, "due_on": "2024-03-31" });
        let action = id(&made(worker, &format!("/v1/resolutions/{resolution}/action-items"), action).await["id"]);
        let body = json!({ "body": { "summary": "会议议定一项。", "public_summary": "会议议定一项。" } });
        let minutes = made(worker, &at("minutes"), body).await;
        let amendment = amended(app, &minutes, &seat).await;
        Self { series, meeting, seat, item, amendment, resolution, action }
    }
}

/// Nobody sat at this table: the row is written as it would be.
async fn amended(app: &TestApp, minutes: &Value, seat: &str) -> String {
    let parse = |text: &str| text.parse().expect("an id");
    let (minutes, seat) = (MinutesId(parse(&id(&minutes["id"]))), SeatId(parse(seat)));
    let (amendment, now) = (AmendmentId::fresh(), app.clock.now());
    let written = app.app.db.write(move |c| {
        let row = (
            amendments::id.eq(amendment),
            amendments::minutes_id.eq(minutes),
            amendments::seat_id.eq(seat),
            amendments::words.eq("补充完成时间"),
            amendments::status.eq(Disposition::Open),
            amendments::raised_by.eq(ActorId::fresh()),
            amendments::raised_at.eq(now),
        );
        Ok(diesel::insert_into(amendments::table).values(row).execute(c)?)
    });
    written.await.expect("written");
    amendment.to_string()
}
