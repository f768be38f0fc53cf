//! One row of each kind of the context `standards`: in a compound of its own, which a company serves.

use platform::auth::Role;
use serde_json::{Value, json};

use super::actors::{DISTRICT, TONGDEXIANG};
use super::photos::photo;
use super::{Client, SentFile, TestApp};

/// Ids, as they stand in paths.
pub struct StandardSeeds {
    pub checklist: String,
    pub run: String,
    pub evidence: String,
    pub commitment: String,
    pub weekly: String,
    pub assessment: String,
    pub red_line: String,
    pub target_contract: String,
}

async fn made(client: &Client, path: &str, body: Value) -> String {
    client.post(path, body).await.expect(201).value()["id"].as_str().expect("an id").to_owned()
}

async fn step(client: &Client, path: &str, body: Value) {
    client.post_with(path, &[("If-Match", "*")], body).await.expect(200);
}

impl StandardSeeds {
    pub async fn plant(app: &TestApp, district: &Client, worker: &Client) -> Self {
        let (compound, company) = served(app, district, worker).await;
        let manager = app.actor_for(Role::CompanyAdmin, company.parse().expect("an id")).await;
        let items: Vec<Value> = (1..=6).map(item).collect();
        let checklist = json!({ "kind": "six_haves", "code": "six-haves", "area_code": DISTRICT, "title": "六有",
            "source": "测试文本", "items": items });
        let checklist = made(district, "/v1/checklists", checklist).await;
        step(district, &format!("/v1/checklists/{checklist}/publish"), Value::Null).await;
        let run = json!({ "checklist_id": checklist, "compound_id": compound, "checked_on": "2024-01-15" });
        let run = made(worker, "/v1/check-runs", run).await;
        let bytes = photo(7);
        let file = SentFile { part: "file", name: "photo.jpg", kind: "image/jpeg", bytes: &bytes };
        let evidence = worker.post_file(&format!("/v1/check-runs/{run}/evidence"), file, &[("item_code", "S1")]).await;
        let evidence = evidence.expect(201).value()["id"].as_str().expect("an id").to_owned();
        let promise = json!({ "company_id": company, "compound_id": compound, "words": "二十四小时内修复",
            "measurable": false, "due_on": "2024-06-30" });
        let commitment = made(&manager, "/v1/commitments", promise).await;
        step(&manager, &format!("/v1/commitments/{commitment}/publish"), Value::Null).await;
        let question = json!({ "compound_id": compound, "raised_on": "2024-01-12", "words": "电梯停运" });
        let weekly = made(worker, "/v1/weekly-items", question).await;
        let month = json!({ "kind": "monthly_rating", "compound_id": compound, "company_id": company, "year": 2023,
            "period": 12, "score": 9250 });
        let assessment = made(worker, "/v1/assessments", month).await;
        let red_line = json!({ "compound_id": compound, "company_id": company, "happened_on": "2023-11-02",
            "ground": "fund_misuse", "evidence": "审计报告" });
        let red_line = made(worker, "/v1/red-line-deductions", red_line).await;
        let contract = json!({ "compound_id": compound, "company_id": company, "year": 2024, "title": "目标责任书",
            "indicators": [{ "name": "创建率", "unit": "percent", "direction": "at_least", "target": 8000 }] });
        let target_contract = made(worker, "/v1/target-contracts", contract).await;
        Self { checklist, run, evidence, commitment, weekly, assessment, red_line, target_contract }
    }
}

fn item(number: i32) -> Value {
    json!({ "code": format!("S{number}"), "words": format!("测试项{number}"), "weight": 1, "evidence_required": false,
        "official": false })
}

/// A compound, and the company with the contract in force there.
async fn served(app: &TestApp, district: &Client, worker: &Client) -> (String, String) {
    let compound = json!({ "community_code": TONGDEXIANG, "name": "金水湾", "kind": "managed", "address": "西环北路 2 号",
        "management_mode": "none", "opened_on": "2020-01-01" });
    let compound = made(worker, "/v1/compounds", compound).await;
    let company = json!({ "kind": "property_company", "name": "测试·第二物业", "area_code": DISTRICT,
        "founded_on": "2023-01-01" });
    let company = made(district, "/v1/organisations", company).await;
    let active = json!({ "status": "active", "on": "2024-01-10", "reason": "测试" });
    step(district, &format!("/v1/organisations/{company}/status"), active).await;
    let contract = json!({ "company_id": company, "compound_id": compound, "term_kind": "indefinite",
        "starts_on": "2023-01-01" });
    let contract = made(worker, "/v1/service-contracts", contract).await;
    step(worker, &format!("/v1/service-contracts/{contract}/submit"), json!({})).await;
    let authority = app.actor(Role::PropertyAuthority, DISTRICT).await;
    let filing = json!({ "on": "2024-01-12", "filing_no": "肃房备〔2024〕13号" });
    step(&authority, &format!("/v1/service-contracts/{contract}/file"), filing).await;
    (compound, company)
}
