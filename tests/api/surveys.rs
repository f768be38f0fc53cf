//! surveys over HTTP: asked, answered by those who are asked and once, counted, posted, and what follows.

mod answering;
mod detached;
mod forms;
mod scenario;
mod sight;
mod windows;

use oversight::surveys::dto::{SurveyFormOut, SurveyRoundOut};
use platform::auth::Role;
use registry::identity::{self, GrantId, NewGrantSpec};
use serde_json::{Value, json};

use crate::appointments::{account_id, log_in};
use crate::meetings::{Table, take};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, Reply, TestApp};
use crate::territory::{building, made, room, unit};

pub const FORMS: &str = "/v1/survey-forms";
pub const ROUNDS: &str = "/v1/survey-rounds";
pub const CONSEQUENCES: &str = "/v1/survey-consequences";

pub const OPENS: &str = "2024-01-16T01:00:00Z";
pub const CLOSES: &str = "2024-01-26T01:00:00Z";

/// A compound that a company serves, with an owners' committee, a residents' committee, and rooms in two buildings.
pub struct Ground {
    pub t: Table,
    /// In the order of their codes; the first is the home of the committee's member.
    pub rooms: Vec<String>,
}

impl Ground {
    /// So many rooms in the first building, the home included, and so many in the second.
    pub async fn new(first: usize, second: usize) -> Self {
        let t = Table::new().await;
        let home = &t.w.v.home;
        let mut rooms = vec![home.room.id.to_string()];
        for no in 1..first {
            rooms.push(room(t.worker(), &home.unit, &format!("{}", 200 + no)).await.id.to_string());
        }
        if second > 0 {
            let house = building(t.worker(), &home.compound, "2", None).await;
            let stairs = unit(t.worker(), &house, "1").await;
            for no in 0..second {
                rooms.push(room(t.worker(), &stairs, &format!("{}", 100 + no)).await.id.to_string());
            }
        }
        Self { t, rooms }
    }

    pub fn app(&self) -> &TestApp {
        self.t.w.app()
    }

    pub fn worker(&self) -> &Client {
        self.t.worker()
    }

    pub fn area(&self) -> &str {
        &self.t.w.v.home.compound.area_code
    }

    pub async fn form(&self) -> SurveyFormOut {
        made(self.worker().post(FORMS, form_in()).await)
    }

    pub fn round_in(&self, form: &SurveyFormOut, respondents: &str) -> Value {
        json!({ "form_id": form.id, "area_code": self.area(), "respondents": respondents,
            "title": "一季度满意度测评", "opens_at": OPENS, "closes_at": CLOSES })
    }

    pub async fn published(&self, respondents: &str) -> SurveyRoundOut {
        let form = self.form().await;
        let round: SurveyRoundOut = made(self.worker().post(ROUNDS, self.round_in(&form, respondents)).await);
        self.step(&round, "publish", Value::Null).await
    }

    /// Published and, a day later, open.
    pub async fn open(&mut self, respondents: &str) -> SurveyRoundOut {
        let round = self.published(respondents).await;
        self.t.days_later(1).await;
        self.now(&round).await
    }

    pub async fn now(&self, round: &SurveyRoundOut) -> SurveyRoundOut {
        self.worker().get(&at(round, "")).await.expect(200).json()
    }

    pub async fn step(&self, round: &SurveyRoundOut, verb: &str, body: Value) -> SurveyRoundOut {
        take(self.worker(), &at(round, verb), body).await.expect(200).json()
    }

    /// One token for each room, in the order of their codes.
    pub async fn tokens(&self, round: &SurveyRoundOut) -> Vec<String> {
        let reply = self.worker().post(&at(round, "invitations"), json!({ "channel": "web", "limit": 500 })).await;
        tokens_in(&reply.expect(200).value())
    }

    /// Closed, counted, posted and found.
    pub async fn found(&mut self, round: &SurveyRoundOut) -> SurveyRoundOut {
        let posted = self.posted(round).await;
        self.t.days_later(8).await;
        self.step(&posted, "finalise", Value::Null).await
    }

    pub async fn posted(&mut self, round: &SurveyRoundOut) -> SurveyRoundOut {
        self.t.days_later(11).await;
        let counted = self.step(round, "compute", Value::Null).await;
        self.step(&counted, "publicise", posting()).await
    }

    /// An administrator of the company that is judged, logged in now.
    pub async fn company(&self) -> Client {
        self.app().actor_for(Role::CompanyAdmin, self.t.w.company.id.0).await
    }

    /// Somebody of the community with this role, who works for the company as well.
    pub async fn double(&self, role: Role) -> Client {
        let client = self.app().actor(role, TONGDEXIANG).await;
        let (account, company) = (account_id(&client), self.t.w.company.id.0);
        let (at, today) = (self.app().clock.now(), self.app().clock.today());
        let granted = self.app().app.db.write(move |c| {
            let area = identity::home_of(c, company)?.expect("an organisation that roles are held for");
            let spec = NewGrantSpec {
                id: GrantId::fresh(),
                account,
                role: Role::CompanyStaff,
                area,
                organisation: Some(company),
                valid_from: today,
                valid_to: None,
                reason: "测试".into(),
                actor: None,
                at,
            };
            identity::grant_role(c, spec)
        });
        granted.await.expect("a grant");
        log_in(self.app(), account).await
    }
}

pub fn at(round: &SurveyRoundOut, verb: &str) -> String {
    let path = format!("{ROUNDS}/{}", round.id);
    if verb.is_empty() { path } else { format!("{path}/{verb}") }
}

pub fn tokens_in(batch: &Value) -> Vec<String> {
    let items = batch["items"].as_array().expect("items");
    items.iter().map(|item| item["token"].as_str().expect("a token").to_owned()).collect()
}

pub fn question(code: &str, dimension: &str) -> Value {
    json!({ "code": code, "dimension": dimension, "text": format!("您对{dimension}是否满意?"), "kind": "scale" })
}

pub fn form_in() -> Value {
    json!({ "area_code": TONGDEXIANG, "code": "property_satisfaction", "kind": "satisfaction",
        "title": "物业服务满意度问卷", "questions": [question("q1", "保洁"), question("q2", "报修")] })
}

pub fn posting() -> Value {
    json!({ "places": ["小区公告栏"] })
}

/// Two marks.
pub fn sheet(first: i32, second: i32) -> Value {
    json!({ "answers": [{ "question": "q1", "score": first }, { "question": "q2", "score": second }] })
}

pub async fn answer(app: &TestApp, token: &str, sheet: Value) -> Reply {
    app.anonymous().post(&format!("/v1/survey-invitations/{token}/answers"), sheet).await
}

pub async fn answer_all(app: &TestApp, tokens: &[String], sheet_of: impl Fn(usize) -> Value) {
    for (at, token) in tokens.iter().enumerate() {
        answer(app, token, sheet_of(at)).await.expect(204);
    }
}

pub async fn answer_as(who: &Client, round: &SurveyRoundOut, party: &str, sheet: Value) -> Reply {
    who.post(&at(round, "answers"), json!({ "party": party, "sheet": sheet })).await
}

pub async fn consequences(who: &Client) -> Vec<Value> {
    let page = who.get(CONSEQUENCES).await.expect(200).value();
    page["items"].as_array().expect("items").clone()
}
