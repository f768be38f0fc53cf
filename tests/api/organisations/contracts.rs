//! Contracts: drafted, filed by the authority, one in force per compound, and what territory knows of them.

use platform::auth::Role;
use platform::history::EventPage;
use registry::territory::dto::{CompoundOut, CompoundPage, EvidenceKind, ManagementMode, ModeChangeOut};
use roster::organisations::dto::{ContractOut, ContractPage, ContractStatus, OrganisationOut, TermState};
use serde_json::{Value, json};

use super::{CONTRACTS, ORGANISATIONS, Town, body, contract_in, filing, step, taken, to_status};
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, TestApp};
use crate::territory::{compound, made, mode_change_in, refused_at, registers};

fn at(row: &ContractOut, verb: &str) -> String {
    format!("{CONTRACTS}/{}/{verb}", row.id)
}

/// Somebody who works for the company, wherever it serves.
pub async fn of_company(app: &TestApp, company: &OrganisationOut, roles: &[(Role, &str)]) -> Client {
    let client = app.actor_with(roles).await;
    let me: Value = client.get("/v1/me").await.expect(200).json();
    let account = me["id"].as_str().or(me["account"]["id"].as_str()).expect("an id").to_owned();
    let admin = app.actor(Role::DistrictCoord, DISTRICT).await;
    let grant = json!({ "account_id": account, "role": "company_admin", "organisation_id": company.id,
        "valid_from": "2024-01-15", "reason": "企业任命" });
    admin.post("/v1/grants", grant).await.expect(201);
    // The token that was issued before knows nothing of it; what is read from the rows does.
    client
}

#[actix_web::test]
async fn a_contract_goes_from_its_draft_into_force() {
    let town = Town::new().await;
    let draft = town.draft().await;
    assert_eq!(
        (draft.status, draft.term_state, draft.area_code.as_str()),
        (ContractStatus::Draft, TermState::InTerm, town.compound.area_code.as_str())
    );
    assert_eq!((draft.price_fen, draft.star_tier, draft.commitments.len()), (Some(85), Some(3), 1));
    let path = format!("{CONTRACTS}/{}", draft.id);
    let patch = json!({ "price_fen": 90, "ends_on": null, "term_kind": "indefinite" });
    let changed: ContractOut = town.worker.patch(&path, "\"v1\"", patch).await.expect(200).json();
    assert_eq!((changed.price_fen, changed.ends_on, changed.term_state), (Some(90), None, TermState::Indefinite));
    step(&town.authority, &at(&draft, "file"), filing()).await.refused(409, "organisations.contract_step");
    let sent: ContractOut = taken(&town.worker, &at(&draft, "submit"), json!({})).await;
    assert_eq!(sent.status, ContractStatus::Submitted);
    town.worker.patch(&path, "*", json!({ "price_fen": 1 })).await.refused(409, "organisations.contract_step");
    let back: ContractOut = taken(&town.authority, &at(&draft, "return"), json!({ "note": "补充承诺" })).await;
    assert_eq!((back.status, back.status_note.as_deref()), (ContractStatus::Draft, Some("补充承诺")));
    taken::<ContractOut>(&town.worker, &at(&draft, "submit"), json!({})).await;
    step(&town.worker, &at(&draft, "file"), filing()).await.refused(403, "forbidden");
    let future = json!({ "on": "2024-01-16", "filing_no": "x" });
    step(&town.authority, &at(&draft, "file"), future).await.refused(422, "organisations.in_the_future");
    assert_eq!(town.compound_now().await.serving_contract_id, None);
    let filed: ContractOut = taken(&town.authority, &at(&draft, "file"), filing()).await;
    assert_eq!((filed.status, filed.filing_no.as_deref()), (ContractStatus::Active, Some("肃房备〔2024〕12号")));
    let now = town.compound_now().await;
    assert_eq!(now.serving_contract_id.map(|id| id.0), Some(filed.id.0));
    let history: EventPage = town.worker.get(&format!("{path}/history")).await.json();
    let events: Vec<&str> = history.items.iter().map(|event| event.event.trim_start_matches("contract.")).collect();
    assert_eq!(events, ["drafted", "changed", "submitted", "returned", "submitted", "filed"]);
    assert!(history.items.iter().all(|event| event.intact));
    assert_eq!(town.worker.get(&path).await.etag(), format!("\"v{}\"", filed.version));
}

#[actix_web::test]
async fn bad_members_of_a_contract_are_named() {
    let town = Town::new().await;
    let good = contract_in(&town.company, &town.compound);
    let faults = [
        ("term_kind", json!("eternal")),
        ("ends_on", json!("2022-12-31")),
        ("ends_on", json!(null)),
        ("price_fen", json!(-1)),
        ("star_tier", json!(6)),
        ("commitments", json!([{ "text": "", "measurable": true }])),
        ("commitments", json!([{ "text": "x" }])),
        ("subcontracts_whole_service", json!(true)),
        ("status", json!("active")),
    ];
    refused_at(&town.worker, CONTRACTS, &good, &faults).await;
    let mut whole = good.clone();
    whole["subcontracts_whole_service"] = json!(true);
    town.worker.post(CONTRACTS, whole).await.refused(422, "organisations.whole_subcontract");
    let supplier = body(&town.district, "supplier", "供应商", DISTRICT).await;
    town.worker
        .post(CONTRACTS, contract_in(&supplier, &town.compound))
        .await
        .refused(422, "organisations.not_a_company");
    for side in ["company_id", "compound_id"] {
        let mut nobody = good.clone();
        nobody[side] = json!(uuid::Uuid::nil());
        town.worker.post(CONTRACTS, nobody).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn nobody_files_their_own_contract() {
    let town = Town::new().await;
    let both = town.app.actor_with(&[(Role::StreetOfficer, STREET), (Role::PropertyAuthority, DISTRICT)]).await;
    let draft: ContractOut = made(both.post(CONTRACTS, contract_in(&town.company, &town.compound)).await);
    taken::<ContractOut>(&both, &at(&draft, "submit"), json!({})).await;
    step(&both, &at(&draft, "file"), filing()).await.refused(403, "organisations.own_filing");
    let insider = of_company(&town.app, &town.company, &[(Role::PropertyAuthority, DISTRICT)]).await;
    step(&insider, &at(&draft, "file"), filing()).await.refused(403, "organisations.company_files_itself");
    let firm = town.app.actor(Role::CompanyAdmin, TONGDEXIANG).await;
    step(&firm, &at(&draft, "file"), filing()).await.refused(403, "forbidden");
    firm.post(CONTRACTS, contract_in(&town.company, &town.compound)).await.refused(403, "organisations.not_yours");
    step(&firm, &at(&draft, "withdraw"), json!({ "note": "x" })).await.refused(403, "organisations.not_yours");
    let gone: ContractOut = taken(&both, &at(&draft, "withdraw"), json!({ "note": "双方放弃" })).await;
    assert_eq!(gone.status, ContractStatus::Withdrawn);
    step(&town.authority, &at(&draft, "file"), filing()).await.refused(409, "organisations.contract_step");
}

#[actix_web::test]
async fn one_company_serves_a_compound_at_a_time() {
    let town = Town::new().await;
    town.filed().await;
    let rival = super::company(&town.district, "测试·第二物业").await;
    let second = town.submitted(contract_in(&rival, &town.compound)).await;
    step(&town.authority, &at(&second, "file"), filing()).await.refused(422, "organisations.contract_overlap");
    let still: ContractOut = town.worker.get(&format!("{CONTRACTS}/{}", second.id)).await.json();
    assert_eq!((still.status, still.version), (ContractStatus::Submitted, 2), "nothing is written");
    let elsewhere = compound(&town.worker, TONGDEXIANG, "金水湾").await;
    let third = town.submitted(contract_in(&rival, &elsewhere)).await;
    taken::<OrganisationOut>(&town.district, &format!("{ORGANISATIONS}/{}/status", rival.id), to_status("suspended"))
        .await;
    step(&town.authority, &at(&third, "file"), filing()).await.refused(422, "organisations.company_not_active");
}

#[actix_web::test]
async fn professional_management_needs_a_contract_in_force() {
    let town = Town::new().await;
    let street = town.app.street().await;
    let propose = async |name: &CompoundOut| -> ModeChangeOut {
        let body = mode_change_in(ManagementMode::Professional, EvidenceKind::Contract, "2024-01-12");
        made(town.worker.post(&format!("/v1/compounds/{}/mode-changes", name.id), body).await)
    };
    let change = propose(&town.compound).await;
    let confirm = format!("/v1/mode-changes/{}/confirm", change.id);
    street.post(&confirm, json!({ "note": "同意" })).await.refused(422, "territory.contract_required");
    assert_eq!(town.compound_now().await.management_mode, ManagementMode::None);
    let contract = town.filed().await;
    street.post(&confirm, json!({ "note": "同意" })).await.expect(200);
    assert_eq!(town.compound_now().await.management_mode, ManagementMode::Professional);

    let names = async |filter: &str| -> Vec<String> {
        let page: CompoundPage = town.worker.get(&format!("/v1/compounds?contract={filter}")).await.expect(200).json();
        page.items.into_iter().map(|row| row.compound.name).collect()
    };
    compound(&town.worker, TONGDEXIANG, "自管院").await;
    assert_eq!((names("active").await, names("missing").await), (vec!["康盛花园".to_owned()], vec![]));

    // An export that is read back changes nothing here; where nobody has a contract, it makes no company's compound.
    let table = town.worker.get("/v1/compounds?format=csv").await.expect(200).text();
    let back = registers::compounds(&town.app, &table);
    assert_eq!((back.counts().unchanged, &back.errors), (2, &vec![]));
    let elsewhere = registers::compounds(&crate::territory::town().await, &table);
    assert_eq!(elsewhere.faults(), [(1, "territory.contract_required", "/management_mode")]);
    assert_eq!(elsewhere.counts().inserted, 1);
    // As the end of a contract leaves it.
    let id = contract.compound_id;
    let by = crate::territory::by(&town.app);
    let cut = move |c: &mut platform::db::Conn| {
        registry::territory::store::serving::set_serving_contract(c, id, None, &by).map(drop)
    };
    town.app.app.db.write(cut).await.expect("the note is taken away");
    assert_eq!((names("active").await, names("missing").await), (vec![], vec!["康盛花园".to_owned()]));
}

#[actix_web::test]
async fn a_companys_people_see_what_it_serves_from_the_filing_on() {
    let mut town = Town::new().await;
    let firm = of_company(&town.app, &town.company, &[(Role::Owner, "620902005002-0001")]).await;
    let me: Value = firm.get("/v1/me").await.expect(200).json();
    let account: uuid::Uuid =
        me["id"].as_str().or(me["account"]["id"].as_str()).expect("an id").parse().expect("a uuid");
    let areas = async |app: &TestApp| -> Vec<String> {
        let today = app.clock.today();
        let held = app.app.db.read(move |c| {
            let id = registry::identity::AccountId(account);
            registry::identity::subject_of(c, id, registry::identity::SessionId(uuid::Uuid::nil()), today)
        });
        match held.await.expect("a subject") {
            platform::auth::Subject::Account { grants, .. } => {
                grants.into_iter().filter(|g| g.organisation.is_some()).map(|g| g.area.to_string()).collect()
            }
            platform::auth::Subject::Client { .. } => Vec::new(),
        }
    };
    assert_eq!(areas(&town.app).await, [""; 0]);
    let contract = town.filed().await;
    assert_eq!(areas(&town.app).await, [town.compound.area_code.clone()]);
    let notice = json!({ "by": "owners", "notice_on": "2024-01-15", "effective_on": "2024-03-15", "basis": "决定" });
    taken::<ContractOut>(&town.worker, &at(&contract, "notice"), notice).await;
    town.days_later(60).await;
    super::handover::hand_all_over(&town, &contract, "2024-03-15").await;
    taken::<ContractOut>(&town.worker, &at(&contract, "end"), json!({ "on": "2024-03-15", "reason": "交接完成" }))
        .await;
    assert_eq!(areas(&town.app).await, [""; 0], "and no longer once it has left");
}

#[actix_web::test]
async fn contracts_are_filtered_by_side_state_and_end() {
    let town = Town::new().await;
    town.filed().await;
    let other = compound(&town.worker, TONGDEXIANG, "金水湾").await;
    let mut short = contract_in(&town.company, &other);
    short["ends_on"] = json!("2024-02-14");
    let short = town.submitted(short).await;
    taken::<ContractOut>(&town.authority, &at(&short, "file"), filing()).await;
    let ids = async |query: &str| -> Vec<_> {
        let page: ContractPage = town.worker.get(&format!("{CONTRACTS}?{query}")).await.expect(200).json();
        page.items.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(ids("").await.len(), 2);
    assert_eq!(ids("expiring_within=30").await, [short.id]);
    assert_eq!(ids("expiring_within=29").await, []);
    assert_eq!(ids(&format!("compound_id={}", other.id)).await, [short.id]);
    assert_eq!(ids(&format!("company_id={}", town.company.id)).await.len(), 2);
    assert_eq!(ids("status=draft").await, []);
    assert_eq!(ids(&format!("area={}", other.area_code)).await, [short.id]);
    let page: ContractPage = town.worker.get(&format!("{CONTRACTS}?limit=1&include=total")).await.json();
    assert_eq!((page.items.len(), page.total, page.has_more), (1, Some(2), true));
}
