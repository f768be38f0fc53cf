//! Who sees which bodies: those of one's area, those above it, and the companies that serve in it. Never another district's.

use platform::auth::Role;
use roster::organisations::dto::{ContractOut, ContractPage, OrganisationOut, OrganisationPage};
use serde_json::json;

use super::{CONTRACTS, ORGANISATIONS, Town, body, body_in, committee_in, party_org, step, taken};
use crate::support::Client;
use crate::support::actors::TONGDEXIANG;
use crate::territory::{AIRPORT, CANGHOU, MINZHU, home, made, outsiders};

async fn seen(who: &Client) -> Vec<String> {
    let page: OrganisationPage = who.get(&format!("{ORGANISATIONS}?limit=100")).await.expect(200).json();
    page.items.into_iter().map(|row| row.name).collect()
}

#[actix_web::test]
async fn a_neighbour_sees_what_is_above_but_not_what_is_beside() {
    let town = Town::new().await;
    let row = body(&town.worker, "residents_committee", "同德巷居委会", TONGDEXIANG).await;
    let neighbour = town.app.community_worker(CANGHOU).await;
    assert_eq!(seen(&neighbour).await, ["测试·第一物业"], "the district's company is above");
    assert_eq!(seen(&town.worker).await, ["测试·第一物业", "同德巷居委会"]);
    let path = format!("{ORGANISATIONS}/{}", row.id);
    for who in outsiders(&town.app).await.iter().chain([&neighbour]) {
        for part in ["", "/children", "/ancestors", "/history"] {
            who.get(&format!("{path}{part}")).await.refused(404, "not_found");
        }
    }
    let street = town.app.actor(Role::StreetOfficer, "620902001").await;
    street.patch(&path, "*", json!({ "name": "x" })).await.refused(404, "not_found");
    let firm = format!("{ORGANISATIONS}/{}", town.company.id);
    neighbour.get(&firm).await.expect(200);
    neighbour.patch(&firm, "*", json!({ "name": "x" })).await.refused(404, "not_found");
    let stranger = town.app.actor(Role::DistrictCoord, "130402").await;
    stranger.get(&firm).await.refused(404, "not_found");
    assert_eq!(seen(&stranger).await, [""; 0]);
}

#[actix_web::test]
async fn a_company_from_elsewhere_is_seen_where_it_serves() {
    let town = Town::new().await;
    // A company at home in one community that serves a compound of another one.
    let home = town.app.community_worker(MINZHU).await;
    let firm: OrganisationOut = made(home.post(ORGANISATIONS, body_in("property_company", "民主街物业", MINZHU)).await);
    taken::<OrganisationOut>(&home, &format!("{ORGANISATIONS}/{}/status", firm.id), super::to_status("active")).await;
    let street = town.app.street().await;
    let contract = super::contract_in(&firm, &town.compound);
    street.post(CONTRACTS, contract.clone()).await.refused(404, "not_found");
    let wide = town.app.actor(Role::StreetOfficer, "620902").await;
    let draft: ContractOut = made(wide.post(CONTRACTS, contract).await);
    taken::<ContractOut>(&wide, &format!("{CONTRACTS}/{}/submit", draft.id), json!({})).await;
    let path = format!("{ORGANISATIONS}/{}", firm.id);
    town.worker.get(&path).await.refused(404, "not_found");
    taken::<ContractOut>(&town.authority, &format!("{CONTRACTS}/{}/file", draft.id), super::filing()).await;
    town.worker.get(&path).await.expect(200);
    assert!(seen(&town.worker).await.contains(&"民主街物业".to_owned()));
    assert!(!seen(&town.app.community_worker(CANGHOU).await).await.contains(&"民主街物业".to_owned()));
}

#[actix_web::test]
async fn an_owner_reads_the_bodies_and_the_contract_of_the_compound() {
    let town = Town::new().await;
    let theirs = home(&town.worker, TONGDEXIANG, None).await;
    let committee: OrganisationOut = made(town.worker.post(ORGANISATIONS, committee_in(&theirs.compound, 5)).await);
    let draft: ContractOut =
        made(town.worker.post(CONTRACTS, super::contract_in(&town.company, &theirs.compound)).await);
    let other = town.draft().await;
    let owner = town.app.actor(Role::Owner, &theirs.room.area_code).await;
    owner.get(&format!("{ORGANISATIONS}/{}", committee.id)).await.expect(200);
    owner.get(&format!("{CONTRACTS}/{}/clocks", draft.id)).await.expect(200);
    let page: ContractPage = owner.get(CONTRACTS).await.expect(200).json();
    assert_eq!(page.items.iter().map(|row| row.id).collect::<Vec<_>>(), [draft.id]);
    owner.get(&format!("{CONTRACTS}/{}", other.id)).await.refused(404, "not_found");
    owner.get("/v1/party-coverages").await.refused(403, "forbidden");
    let grid_worker = town.app.actor(Role::GridWorker, &format!("{TONGDEXIANG}001")).await;
    grid_worker.get(&format!("{ORGANISATIONS}/{}", committee.id)).await.expect(200);
}

#[actix_web::test]
async fn contracts_of_other_areas_do_not_exist() {
    let town = Town::new().await;
    let row = town.filed().await;
    let path = format!("{CONTRACTS}/{}", row.id);
    let [east, stranger] = outsiders(&town.app).await;
    for who in [&east, &stranger, &town.app.community_worker(CANGHOU).await] {
        who.get(&path).await.refused(404, "not_found");
        who.get(&format!("{path}/clocks")).await.refused(404, "not_found");
        assert_eq!(who.get(CONTRACTS).await.json::<ContractPage>().items, []);
    }
    step(&east, &format!("{path}/handover"), json!({})).await.refused(404, "not_found");
    let far = town.app.actor(Role::PropertyAuthority, "130402").await;
    step(&far, &format!("{path}/file"), super::filing()).await.refused(404, "not_found");
    let there = town.app.community_worker(AIRPORT).await;
    there.post(CONTRACTS, super::contract_in(&town.company, &town.compound)).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_households_name_stays_out_of_the_history() {
    let town = Town::new().await;
    let row = party_org(&town.worker, "member_key_household", "测试·王芳中心户", TONGDEXIANG).await;
    let history = town.worker.get(&format!("{ORGANISATIONS}/{}/history", row.id)).await.expect(200);
    assert!(!history.text().contains("王芳"), "{}", history.text());
}
