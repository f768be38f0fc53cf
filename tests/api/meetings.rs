//! meetings over HTTP: four parties at one table, from the notice to the action that somebody else verified.

mod agenda;
mod attendance;
mod committee;
mod minutes;
mod parallel;
mod rendering;
mod resolutions;
mod scenario;
mod series;
mod steps;

use deliberation::meetings::dto::{MeetingOut, MinutesOut, ResolutionOut, SeatOut};
use roster::appointments::dto::AppointmentOut;
use roster::organisations::dto::OrganisationOut;
use serde_json::{Value, json};

use crate::appointments::{World, account_id, log_in};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, Reply};
use crate::territory::made;

pub const MEETINGS: &str = "/v1/meetings";
pub const SERIES: &str = "/v1/meeting-series";

/// Somebody who sits for an organisation, by an appointment in office.
pub struct Delegate {
    pub client: Client,
    pub person: Value,
    pub appointment: AppointmentOut,
}

/// A community whose four parties each have somebody to send.
pub struct Table {
    pub w: World,
    pub unit: OrganisationOut,
    pub director: Delegate,
    pub owner: Delegate,
    pub manager: Delegate,
    pub neighbour: Delegate,
}

impl Table {
    pub async fn new() -> Self {
        let w = World::new().await;
        let (client, person, appointment) = w.deputy("测试·副主任").await;
        let director = Delegate { client, person, appointment };
        let (client, person) = w.owner("测试·业委会委员", false).await;
        let post = w.seat(&w.owners, "member", 1).await;
        w.elect(&w.owners, &person, &post).await;
        let owner = Delegate { client, appointment: w.appoint(&person, &post, "elected").await, person };
        let (client, person) = w.somebody("测试·物业负责人", false).await;
        let post = w.seat(&w.company, "administrator", 1).await;
        let manager = Delegate { client, appointment: w.appoint(&person, &post, "hired").await, person };
        let unit = crate::organisations::body(&w.v.worker, "co_located_unit", "测试·第三小学", TONGDEXIANG).await;
        let (client, person) = w.somebody("测试·驻区单位代表", false).await;
        let post = w.seat(&unit, "head", 1).await;
        let neighbour = Delegate { client, appointment: w.appoint(&person, &post, "assigned").await, person };
        let mut table = Self { w, unit, director, owner, manager, neighbour };
        // With the roles that came with the posts.
        table.days_later(0).await;
        table
    }

    pub fn worker(&self) -> &Client {
        &self.w.v.worker
    }

    pub fn delegates(&self) -> [&Delegate; 4] {
        [&self.director, &self.owner, &self.manager, &self.neighbour]
    }

    /// Later, with everybody logged in anew.
    pub async fn days_later(&mut self, days: i64) {
        self.w.days_later(days).await;
        for delegate in [&mut self.director, &mut self.owner, &mut self.manager, &mut self.neighbour] {
            delegate.client = log_in(&self.w.v.app, account_id(&delegate.client)).await;
        }
    }

    /// What a four-party meeting on the 20th of January is planned with.
    pub fn meeting_in(&self) -> Value {
        let seat = |organisation: &OrganisationOut, votes: bool| json!({ "organisation_id": organisation.id, "observer": false, "votes": votes });
        json!({ "kind": "four_party_joint", "area_code": TONGDEXIANG, "title": "一月份四方联席会议",
            "convener_org_id": self.w.residents.id, "mode": "onsite", "place": "社区二楼会议室",
            "starts_at": "2024-01-20T01:00:00Z", "minutes": 90,
            "seats": [seat(&self.w.owners, true), seat(&self.w.company, true), seat(&self.unit, true)] })
    }

    pub async fn planned(&self) -> MeetingOut {
        made(self.worker().post(MEETINGS, self.meeting_in()).await)
    }

    /// With one item to deliberate and one to vote on, and called.
    pub async fn called(&self) -> MeetingOut {
        let meeting = self.planned().await;
        item(self.worker(), &meeting, item_in("楼道照明", "deliberation")).await;
        let meeting = item(self.worker(), &meeting, item_in("更换门禁", "vote")).await;
        advance(self.worker(), &meeting, "notify", Value::Null).await
    }

    /// On its day and open, with these people checked in.
    pub async fn opened(&mut self, who: &[usize]) -> MeetingOut {
        let meeting = self.called().await;
        self.days_later(5).await;
        let meeting = advance(self.worker(), &meeting, "open", Value::Null).await;
        let code = self.code(&meeting).await;
        for at in who {
            check_in(&self.delegates()[*at].client, &meeting, &code).await.expect(200);
        }
        self.now(&meeting).await
    }

    pub async fn closed(&mut self, who: &[usize]) -> MeetingOut {
        let meeting = self.opened(who).await;
        advance(self.worker(), &meeting, "close", Value::Null).await
    }

    pub async fn code(&self, meeting: &MeetingOut) -> String {
        let out = self.worker().get(&format!("{MEETINGS}/{}/check-in-code", meeting.id)).await.expect(200).value();
        out["code"].as_str().expect("a code").to_owned()
    }

    pub async fn now(&self, meeting: &MeetingOut) -> MeetingOut {
        self.worker().get(&format!("{MEETINGS}/{}", meeting.id)).await.expect(200).json()
    }

    /// Minutes that everybody has signed and that are published, of a meeting that all four sat at.
    pub async fn published(&mut self, meeting: &MeetingOut) -> MinutesOut {
        let draft: MinutesOut = made(self.worker().post(&minutes_of(meeting), minutes_in("会议议定两项。")).await);
        self.signed_and_published(meeting, draft.number).await
    }

    pub async fn signed_and_published(&mut self, meeting: &MeetingOut, number: i32) -> MinutesOut {
        at_minutes(self.worker(), meeting, number, "circulate").await.expect(200);
        self.days_later(4).await;
        at_minutes(self.worker(), meeting, number, "countersign").await.expect(200);
        for delegate in self.delegates() {
            sign(&delegate.client, meeting, number, json!({})).await.expect(200);
        }
        at_minutes(self.worker(), meeting, number, "publish").await.expect(200).json()
    }

    /// Proposed on the item of this title and adopted.
    pub async fn adopted(&self, meeting: &MeetingOut, title: &str, method: &str) -> ResolutionOut {
        let body = resolution_in(meeting, title, method);
        let row: ResolutionOut =
            made(self.worker().post(&format!("{MEETINGS}/{}/resolutions", meeting.id), body).await);
        decide(self.worker(), &row, "adopted").await.expect(200).json()
    }
}

pub fn item_in(title: &str, kind: &str) -> Value {
    json!({ "position": 1, "title": title, "kind": kind, "minutes": 20 })
}

pub async fn item(who: &Client, meeting: &MeetingOut, body: Value) -> MeetingOut {
    who.post(&format!("{MEETINGS}/{}/agenda-items", meeting.id), body).await.expect(200).json()
}

/// A step on whatever version stands.
pub async fn take(who: &Client, path: &str, body: Value) -> Reply {
    who.post_with(path, &[("If-Match", "*")], body).await
}

pub async fn advance(who: &Client, meeting: &MeetingOut, verb: &str, body: Value) -> MeetingOut {
    take(who, &format!("{MEETINGS}/{}/{verb}", meeting.id), body).await.expect(200).json()
}

pub async fn check_in(who: &Client, meeting: &MeetingOut, code: &str) -> Reply {
    who.post(&format!("{MEETINGS}/{}/check-in", meeting.id), json!({ "code": code, "mode": "onsite" })).await
}

pub async fn vote(who: &Client, meeting: &MeetingOut, title: &str, choice: &str) -> Reply {
    let item = item_of(meeting, title);
    who.post(&format!("/v1/agenda-items/{item}/votes"), json!({ "choice": choice })).await
}

/// The id of the item of this title.
pub fn item_of(meeting: &MeetingOut, title: &str) -> String {
    meeting.agenda.iter().find(|item| item.title == title).expect("an item").id.to_string()
}

/// The seat of an organisation.
pub fn seat_of<'a>(meeting: &'a MeetingOut, organisation: &OrganisationOut) -> &'a SeatOut {
    meeting.seats.iter().find(|seat| seat.organisation_id == organisation.id).expect("a seat")
}

pub fn minutes_of(meeting: &MeetingOut) -> String {
    format!("{MEETINGS}/{}/minutes", meeting.id)
}

pub fn minutes_in(summary: &str) -> Value {
    json!({ "body": { "summary": summary, "items": [], "public_summary": "会议议定两项,均已交办。" } })
}

pub async fn at_minutes(who: &Client, meeting: &MeetingOut, number: i32, verb: &str) -> Reply {
    take(who, &format!("{}/{number}/{verb}", minutes_of(meeting)), Value::Null).await
}

pub async fn sign(who: &Client, meeting: &MeetingOut, number: i32, body: Value) -> Reply {
    who.post(&format!("{}/{number}/signatures", minutes_of(meeting)), body).await
}

pub fn resolution_in(meeting: &MeetingOut, title: &str, method: &str) -> Value {
    json!({ "item_id": item_of(meeting, title), "title": title, "words": "由物业于三月底前完成。", "method": method })
}

pub async fn decide(who: &Client, row: &ResolutionOut, outcome: &str) -> Reply {
    take(who, &format!("/v1/resolutions/{}/decide", row.id), json!({ "outcome": outcome })).await
}
