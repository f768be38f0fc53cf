//! Two at once: one wins, and the other is told so.

use diesel::prelude::*;
use futures_util::future::{join, join_all};
use platform::auth::Role;
use registry::schema::organisation_areas;
use roster::organisations::OrganisationId;
use roster::organisations::dto::{ContractOut, ContractPage, ContractStatus, OrganisationOut};
use serde_json::{Value, json};

use super::{CONTRACTS, ORGANISATIONS, Town, committee_in, contract_in, filing, step, to_status};
use crate::support::Reply;
use crate::support::actors::DISTRICT;
use crate::territory::made;

fn sorted(replies: &[Reply]) -> Vec<u16> {
    let mut all: Vec<u16> = replies.iter().map(Reply::status).collect();
    all.sort_unstable();
    all
}

#[actix_web::test]
async fn of_two_filings_of_two_contracts_one_comes_into_force() {
    let town = Town::new().await;
    let rival = super::company(&town.district, "测试·第二物业").await;
    let first = town.submitted(contract_in(&town.company, &town.compound)).await;
    let second = town.submitted(contract_in(&rival, &town.compound)).await;
    let other = town.app.actor(Role::PropertyAuthority, DISTRICT).await;
    let paths = [&first, &second].map(|row| format!("{CONTRACTS}/{}/file", row.id));
    let replies = join_all([step(&town.authority, &paths[0], filing()), step(&other, &paths[1], filing())]).await;
    let statuses = sorted(&replies);
    assert!(statuses[0] == 200 && matches!(statuses[1], 409 | 412 | 422), "{statuses:?}");
    let page: ContractPage = town.worker.get(&format!("{CONTRACTS}?status=active")).await.json();
    assert_eq!(page.items.len(), 1);
    assert_eq!(town.compound_now().await.serving_contract_id.map(|id| id.0), Some(page.items[0].id.0));
}

#[actix_web::test]
async fn of_ten_that_file_one_contract_with_one_version_one_files() {
    let town = Town::new().await;
    let row = town.submitted(contract_in(&town.company, &town.compound)).await;
    let path = format!("{CONTRACTS}/{}/file", row.id);
    let tag = format!("\"v{}\"", row.version);
    let named = [("If-Match", tag.as_str())];
    let replies = join_all((0..10).map(|_| town.authority.post_with(&path, &named, filing()))).await;
    let statuses = sorted(&replies);
    assert_eq!(statuses[0], 200);
    assert!(statuses[1..].iter().all(|status| matches!(status, 409 | 412)), "{statuses:?}");
    let now: ContractOut = town.worker.get(&format!("{CONTRACTS}/{}", row.id)).await.json();
    assert_eq!(now.version, row.version + 1);
    let stale =
        town.authority.post_with(&format!("{CONTRACTS}/{}/return", row.id), &named, json!({ "note": "x" })).await;
    stale.refused(412, "version_stale");
}

#[actix_web::test]
async fn of_two_committees_for_one_compound_one_is_registered() {
    let town = Town::new().await;
    let bodies = [committee_in(&town.compound, 5), committee_in(&town.compound, 7)];
    let replies = join_all(bodies.map(|body| town.worker.post(ORGANISATIONS, body))).await;
    assert_eq!(sorted(&replies), [201, 409]);
}

/// 退出与接管同时: whatever comes first, the rows, the compound and the companies' reach tell one story, and who came too
/// early comes again.
#[actix_web::test]
async fn an_exit_and_the_filing_of_the_successor_at_once_lose_nothing() {
    for _ in 0..3 {
        let mut town = Town::new().await;
        let old = town.filed().await;
        let rival = super::company(&town.district, "测试·第二物业").await;
        let next = town.submitted(contract_in(&rival, &town.compound)).await;
        let notice =
            json!({ "by": "owners", "notice_on": "2024-01-15", "effective_on": "2024-03-15", "basis": "业主大会决定" });
        step(&town.worker, &format!("{CONTRACTS}/{}/notice", old.id), notice).await.expect(200);
        super::handover::hand_all_over(&town, &old, "2024-01-15").await;
        town.days_later(60).await;
        let (end, file) = (format!("{CONTRACTS}/{}/end", old.id), format!("{CONTRACTS}/{}/file", next.id));
        let over = json!({ "on": "2024-03-15", "reason": "交接完成" });
        let (ended, filed) = join(step(&town.worker, &end, over.clone()), step(&town.authority, &file, filing())).await;
        assert!(matches!(ended.status(), 200 | 409 | 412), "{}", ended.text());
        assert!(matches!(filed.status(), 200 | 409 | 412 | 422), "{}", filed.text());
        assert!(ended.status() == 200 || filed.status() != 200, "two companies at once");
        if filed.status() == 422 {
            filed.refused(422, "organisations.contract_overlap");
        }
        if ended.status() != 200 {
            step(&town.worker, &end, over).await.expect(200);
        }
        let now: ContractOut = town.worker.get(&format!("{CONTRACTS}/{}", next.id)).await.json();
        let served = town.compound_now().await.serving_contract_id.map(|id| id.0);
        assert_eq!(served, (filed.status() == 200).then_some(next.id.0));
        if filed.status() != 200 {
            assert_eq!(now.version, next.version, "nothing is written");
            step(&town.authority, &file, filing()).await.expect(200);
        }
        assert_eq!(town.compound_now().await.serving_contract_id.map(|id| id.0), Some(next.id.0));
        let of_old: ContractOut = town.worker.get(&format!("{CONTRACTS}/{}", old.id)).await.json();
        assert_eq!(of_old.status, ContractStatus::Ended);
        let code = town.compound.area_code.clone();
        let reach = town.app.app.db.read(move |c| {
            let there = organisation_areas::table.filter(organisation_areas::area_code.eq(code));
            Ok(there.select(organisation_areas::organisation_id).load::<OrganisationId>(c)?)
        });
        assert_eq!(reach.await.expect("rows"), [rival.id], "the one that left sees nothing there any more");
    }
}

#[actix_web::test]
async fn a_company_does_not_leave_while_a_contract_of_its_is_filed() {
    for _ in 0..4 {
        let town = Town::new().await;
        let row = town.submitted(contract_in(&town.company, &town.compound)).await;
        let status = format!("{ORGANISATIONS}/{}/status", town.company.id);
        step(&town.district, &status, to_status("exiting")).await.expect(200);
        step(&town.district, &format!("{CONTRACTS}/{}/file", row.id), filing()).await.refused(403, "forbidden");
        let path = format!("{CONTRACTS}/{}/file", row.id);
        step(&town.authority, &path, filing()).await.refused(422, "organisations.company_not_active");
    }
}

#[actix_web::test]
async fn a_repeated_request_makes_one_row() {
    let town = Town::new().await;
    let key = [("Idempotency-Key", "\"one-draft\"")];
    let body = contract_in(&town.company, &town.compound);
    let replies = join_all((0..10).map(|_| town.worker.post_with(CONTRACTS, &key, body.clone()))).await;
    assert_eq!(sorted(&replies), vec![201; 10]);
    let page: Value = town.worker.get(&format!("{CONTRACTS}?include=total")).await.json();
    assert_eq!(page["total"], 1);
    made::<OrganisationOut>(town.worker.post(ORGANISATIONS, committee_in(&town.compound, 5)).await);
}
