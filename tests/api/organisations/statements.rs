//! Lists cost the same number of statements whatever the length of a page.

use std::sync::atomic::Ordering;

use platform::auth::Role;
use roster::organisations::dto::{ContractOut, OrganisationOut};
use serde_json::{Value, json};

use super::{CONTRACTS, ORGANISATIONS, Town, body, committee_in, company, contract_in, filing, party_org, step, taken};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{compound, made};

/// A compound with a committee and a contract in force, and one more row of everything that is listed.
async fn one_more(town: &Town, council: &OrganisationOut, person: &str, n: usize) {
    let (worker, district) = (&town.worker, &town.district);
    let firm = company(district, &format!("第{n}物业")).await;
    let yard = compound(worker, TONGDEXIANG, &format!("第{n}院")).await;
    let mut committee = committee_in(&yard, 5);
    committee["parent_id"] = json!(council.id);
    let committee: OrganisationOut = made(worker.post(ORGANISATIONS, committee).await);
    let term = committee.term.expect("a term");
    step(&town.authority, &format!("/v1/committee-terms/{}/file", term.id), filing()).await.expect(200);
    let contract = town.submitted(contract_in(&firm, &yard)).await;
    let _: ContractOut = taken(&town.authority, &format!("{CONTRACTS}/{}/file", contract.id), filing()).await;
    let supplier = body(district, "supplier", &format!("第{n}供应商"), DISTRICT).await;
    let branch = party_org(district, "company_branch", &format!("第{n}党支部"), DISTRICT).await;
    let unit = body(worker, "co_located_unit", &format!("第{n}小学"), TONGDEXIANG).await;
    let reach =
        json!({ "formal_members": 3, "coverage": "own", "party_org_id": branch.id, "valid_from": "2024-01-05" });
    for (path, row) in [
        (format!("{ORGANISATIONS}/{}/party-coverage", firm.id), reach),
        (
            "/v1/instructor-links".to_owned(),
            json!({ "person_id": person, "company_id": firm.id, "valid_from": "2024-01-01" }),
        ),
        (
            "/v1/supplier-links".to_owned(),
            json!({ "company_id": firm.id, "supplier_id": supplier.id, "services": "电梯", "valid_from": "2024-01-01" }),
        ),
        (
            "/v1/partnerships".to_owned(),
            json!({ "area_code": TONGDEXIANG, "title": "共建", "parties": [unit.id, council.id], "topics": ["共享停车"],
                "starts_on": "2024-01-01" }),
        ),
        (
            "/v1/post-areas".to_owned(),
            json!({ "kind": "pioneer_post", "name": "先锋岗", "area_code": TONGDEXIANG, "opened_on": "2023-06-01" }),
        ),
    ] {
        district.post(&path, row).await.expect(201);
    }
}

#[actix_web::test]
async fn no_list_asks_more_than_four_times() {
    let town = Town::new().await;
    let council = body(&town.worker, "residents_committee", "同德巷居委会", TONGDEXIANG).await;
    let person = super::person(&town.app).await;
    let reader = town.app.actor(Role::DistrictCoord, DISTRICT).await;
    let statements = town.app.watch_statements().await;
    let lists = [
        ORGANISATIONS.to_owned(),
        format!("{ORGANISATIONS}/{}/children", council.id),
        "/v1/committee-terms".to_owned(),
        CONTRACTS.to_owned(),
        "/v1/party-coverages".to_owned(),
        "/v1/instructor-links".to_owned(),
        "/v1/supplier-links".to_owned(),
        "/v1/partnerships".to_owned(),
        "/v1/post-areas".to_owned(),
    ];
    let mut before: Vec<(usize, usize)> = Vec::new();
    for (round, rows) in [(0, 0..1), (1, 1..4)] {
        for n in rows {
            one_more(&town, &council, &person, n).await;
        }
        for (i, path) in lists.iter().enumerate() {
            statements.store(0, Ordering::Relaxed);
            let page: Value = reader.get(&format!("{path}?include=total&limit=100")).await.expect(200).value();
            let (asked, found) = (statements.load(Ordering::Relaxed), page["items"].as_array().expect("items").len());
            assert!((1..=4).contains(&asked) && found > 0, "{path}: {asked} statements for {found} rows");
            if round == 0 {
                before.push((asked, found));
            } else {
                assert!(asked == before[i].0 && found >= before[i].1 + 3, "{path}: {asked} statements, {found} rows");
            }
        }
    }
}
