//! standards over HTTP: checklists and checks by them, what companies promise and how they are judged month by month, and
//! what they agree on with a community.

mod assessments;
mod at_once;
mod checklists;
mod commitments;
mod evidence;
mod runs;
mod targets;

use oversight::standards::dto::{CheckRunOut, ChecklistOut};
use platform::auth::{AreaCode, Role};
use registry::identity::{self, AccountId, GrantId, NewAccountSpec, NewGrantSpec};
use roster::organisations::dto::ContractOut;
use serde_json::{Value, json};

use crate::organisations::{CONTRACTS, Town, company, contract_in, filing};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Reply, TestApp};
use crate::territory::{compound, made};

pub const CHECKLISTS: &str = "/v1/checklists";
pub const RUNS: &str = "/v1/check-runs";

/// A compound that a company serves under a contract in force since 2023, with the company's administrator.
pub struct Held {
    pub t: Town,
    pub manager: Client,
    pub contract: ContractOut,
}

impl Held {
    pub async fn new() -> Self {
        let t = Town::new().await;
        let contract = t.filed().await;
        let manager = t.app.actor_for(Role::CompanyAdmin, t.company.id.0).await;
        Self { t, manager, contract }
    }

    pub async fn days_later(&mut self, days: i64) {
        self.t.days_later(days).await;
        self.manager = self.t.app.actor_for(Role::CompanyAdmin, self.t.company.id.0).await;
    }

    /// Published by the district.
    pub async fn published(&self, kind: &str, items: Vec<Value>) -> ChecklistOut {
        let draft: ChecklistOut = made(self.t.district.post(CHECKLISTS, checklist_in(kind, items)).await);
        take(&self.t.district, &format!("{CHECKLISTS}/{}/publish", draft.id), Value::Null).await.expect(200).json()
    }

    pub fn run_in(&self, of: &ChecklistOut) -> Value {
        json!({ "checklist_id": of.id, "compound_id": self.t.compound.id, "checked_on": "2024-01-15" })
    }

    pub async fn begun(&self, of: &ChecklistOut) -> CheckRunOut {
        made(self.t.worker.post(RUNS, self.run_in(of)).await)
    }

    /// A check of these results, submitted.
    pub async fn checked(&self, of: &ChecklistOut, results: &[&str]) -> CheckRunOut {
        let run = self.begun(of).await;
        record(&self.t.worker, &run, results_in(of, results)).await.expect(200);
        submit(&self.t.worker, &run).await.expect(200).json()
    }

    /// The administrator of another company, which serves another compound of the community.
    pub async fn neighbour(&self) -> Client {
        let company = company(&self.t.district, "测试·另一物业").await;
        let compound = compound(&self.t.worker, TONGDEXIANG, "帝豪花园").await;
        let draft: ContractOut = made(self.t.worker.post(CONTRACTS, contract_in(&company, &compound)).await);
        let at = |verb: &str| format!("{CONTRACTS}/{}/{verb}", draft.id);
        take(&self.t.worker, &at("submit"), json!({})).await.expect(200);
        take(&self.t.authority, &at("file"), filing()).await.expect(200);
        self.t.app.actor_for(Role::CompanyAdmin, company.id.0).await
    }

    /// Somebody who patrols a grid and is employed by the company that is judged.
    pub async fn employee_with(&self, role: Role) -> Client {
        both(&self.t.app, role, self.t.company.id.0).await
    }
}

async fn both(app: &TestApp, role: Role, company: uuid::Uuid) -> Client {
    let (now, today) = (app.clock.now(), app.clock.today());
    let made = app.app.db.write(move |c| {
        let id = AccountId::fresh();
        let area: AreaCode = TONGDEXIANG.parse().expect("a code");
        let account = NewAccountSpec {
            id,
            username: format!("both-{}", id.0.simple()),
            display_name: "测试·兼职".into(),
            password_hash: "none".into(),
            area: area.clone(),
            must_change_password: false,
            actor: None,
            at: now,
        };
        identity::create_account(c, account)?;
        let home = identity::home_of(c, company)?.expect("a company that roles are held for");
        let held = [(role, area, None), (Role::CompanyStaff, home, Some(company))];
        for (role, area, organisation) in held {
            let grant = NewGrantSpec {
                id: GrantId::fresh(),
                account: id,
                role,
                area,
                organisation,
                valid_from: today,
                valid_to: None,
                reason: "测试".into(),
                actor: None,
                at: now,
            };
            identity::grant_role(c, grant)?;
        }
        let (session, _) = identity::open_session(c, id, "test", "127.0.0.1", now)?;
        Ok((id, identity::subject_of(c, id, session, today)?))
    });
    let (id, subject) = made.await.expect("an actor");
    app.with_token(&app.app.tokens.issue(id.0, subject).expect("a token").token)
}

pub fn checklist_in(kind: &str, items: Vec<Value>) -> Value {
    json!({ "kind": kind, "code": kind.replace('_', "-"), "area_code": DISTRICT, "title": "测试清单", "source": "测试文本",
        "items": items })
}

/// So many items of weight 1.
pub fn items(number: usize) -> Vec<Value> {
    (1..=number).map(|at| item(at, 1, false)).collect()
}

pub fn item(at: usize, weight: i32, evidence_required: bool) -> Value {
    json!({ "code": format!("S{at}"), "words": format!("测试项{at}"), "weight": weight,
        "evidence_required": evidence_required, "official": false })
}

/// A step on whatever version stands.
pub async fn take(who: &Client, path: &str, body: Value) -> Reply {
    who.post_with(path, &[("If-Match", "*")], body).await
}

/// The results of the items in their order.
pub fn results_in(of: &ChecklistOut, results: &[&str]) -> Value {
    let pairs = of.items.iter().zip(results);
    let results: Vec<Value> = pairs.map(|(item, result)| json!({ "code": item.code, "result": result })).collect();
    json!({ "results": results })
}

pub async fn record(who: &Client, run: &CheckRunOut, body: Value) -> Reply {
    who.patch(&format!("{RUNS}/{}", run.id), "*", body).await
}

pub async fn submit(who: &Client, run: &CheckRunOut) -> Reply {
    take(who, &format!("{RUNS}/{}/submit", run.id), Value::Null).await
}

/// Whether the database itself takes a statement.
pub async fn takes(app: &TestApp, sql: &'static str) -> bool {
    app.app.db.write(move |c| Ok(diesel::connection::SimpleConnection::batch_execute(c, sql)?)).await.is_ok()
}
