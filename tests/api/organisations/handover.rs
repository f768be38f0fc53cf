//! Notice, clocks, handover: Civil Code 946–950.

use platform::auth::Role;
use roster::organisations::dto::{ClocksOut, ContractOut, ContractStatus, HandoverItem, NoticeBy, TermState};
use serde_json::{Value, json};

use super::{CONTRACTS, Town, contract_in, filing, rule_in, step, taken};
use crate::support::actors::TONGDEXIANG;

fn at(row: &ContractOut, verb: &str) -> String {
    format!("{CONTRACTS}/{}/{verb}", row.id)
}

fn notice(by: &str, on: &str, effective: &str) -> Value {
    json!({ "by": by, "notice_on": on, "effective_on": effective, "basis": "业主大会决定 2024-01-05" })
}

/// The whole checklist, item by item.
pub async fn hand_all_over(town: &Town, row: &ContractOut, on: &str) {
    taken::<ContractOut>(&town.worker, &at(row, "handover"), json!({})).await;
    for item in HandoverItem::ALL {
        let done = json!({ "item": item, "done_on": on, "note": "双方清点无误" });
        taken::<ContractOut>(&town.worker, &at(row, "handover-items"), done).await;
    }
}

async fn clocks(town: &Town, row: &ContractOut) -> ClocksOut {
    town.worker.get(&at(row, "clocks")).await.expect(200).json()
}

#[actix_web::test]
async fn owners_give_sixty_days_and_the_day_of_the_notice_is_not_counted() {
    let town = Town::new().await;
    let row = town.filed().await;
    let path = at(&row, "notice");
    // From 10 January, not counted: 21 days of it, 29 of February and 10 of March are sixty.
    step(&town.worker, &path, notice("owners", "2024-01-10", "2024-03-09"))
        .await
        .refused(422, "organisations.notice_too_short");
    step(&town.worker, &path, notice("owners", "2024-01-16", "2024-06-01"))
        .await
        .refused(422, "organisations.in_the_future");
    let noticed: ContractOut = taken(&town.worker, &path, notice("owners", "2024-01-10", "2024-03-10")).await;
    assert_eq!((noticed.status, noticed.notice_by), (ContractStatus::NoticeGiven, Some(NoticeBy::Owners)));
    step(&town.worker, &path, notice("owners", "2024-01-10", "2024-03-10"))
        .await
        .refused(409, "organisations.contract_step");
    let told = clocks(&town, &row).await;
    assert_eq!((told.notices.len(), told.must_keep_serving), (0, true));
}

#[actix_web::test]
async fn a_company_lets_its_term_run_out_with_ninety_days_notice() {
    let town = Town::new().await;
    let until = async |end: &str| {
        let mut body = contract_in(&town.company, &town.compound);
        body["ends_on"] = json!(end);
        town.submitted(body).await
    };
    // Ninety days from 10 January are over with 9 April.
    let row = until("2024-04-09").await;
    let row: ContractOut = taken(&town.authority, &at(&row, "file"), filing()).await;
    let path = at(&row, "notice");
    step(&town.worker, &path, notice("company", "2024-01-11", "2024-04-09"))
        .await
        .refused(422, "organisations.notice_too_short");
    step(&town.worker, &path, notice("company", "2024-01-10", "2024-04-08"))
        .await
        .refused(422, "organisations.company_bound");
    taken::<ContractOut>(&town.worker, &path, notice("company", "2024-01-10", "2024-04-09")).await;
}

#[actix_web::test]
async fn each_side_speaks_for_itself() {
    let town = Town::new().await;
    let row = town.filed().await;
    let chair = town.app.actor(Role::OcChair, &town.compound.area_code).await;
    let stranger = town.app.actor(Role::CompanyAdmin, TONGDEXIANG).await;
    let path = at(&row, "notice");
    step(&chair, &path, notice("company", "2024-01-10", "2025-12-31"))
        .await
        .refused(403, "organisations.not_for_the_other");
    for by in ["owners", "company"] {
        step(&stranger, &path, notice(by, "2024-01-10", "2025-12-31"))
            .await
            .refused(403, "organisations.not_for_the_other");
    }
    taken::<ContractOut>(&chair, &path, notice("owners", "2024-01-10", "2024-03-10")).await;
}

#[actix_web::test]
async fn a_term_that_runs_out_while_the_service_goes_on_is_indefinite() {
    let mut town = Town::new().await;
    let mut body = contract_in(&town.company, &town.compound);
    body["ends_on"] = json!("2024-02-14");
    let row = town.submitted(body).await;
    let row: ContractOut = taken(&town.authority, &at(&row, "file"), filing()).await;
    let told = clocks(&town, &row).await;
    assert_eq!((told.term_state, told.days_to_end), (TermState::Expiring, Some(30)));
    let company = told.notices.iter().find(|n| n.by == NoticeBy::Company).expect("the company's");
    assert_eq!((company.days, company.earliest_end), (90, None), "too late to refuse to renew");
    town.days_later(31).await;
    let told = clocks(&town, &row).await;
    assert_eq!((told.term_state, told.days_to_end), (TermState::Continued, Some(-1)));
    assert!(told.notices.iter().all(|n| n.days == 60 && n.source.contains("948")), "{:?}", told.notices);
    let read: ContractOut = town.worker.get(&format!("{CONTRACTS}/{}", row.id)).await.json();
    assert_eq!((read.term_state, read.version), (TermState::Continued, row.version), "told on reading, never stored");
    let path = at(&row, "notice");
    step(&town.worker, &path, notice("company", "2024-02-15", "2024-04-14"))
        .await
        .refused(422, "organisations.notice_too_short");
    taken::<ContractOut>(&town.worker, &path, notice("company", "2024-02-15", "2024-04-15")).await;
}

#[actix_web::test]
async fn a_contract_ends_when_all_is_handed_over_and_not_before_its_day() {
    let mut town = Town::new().await;
    let row = town.filed().await;
    let end = |on: &str| json!({ "on": on, "reason": "交接完成" });
    step(&town.worker, &at(&row, "handover"), json!({})).await.refused(409, "organisations.contract_step");
    taken::<ContractOut>(&town.worker, &at(&row, "notice"), notice("owners", "2024-01-15", "2024-03-15")).await;
    step(&town.worker, &at(&row, "end"), end("2024-01-15")).await.refused(409, "organisations.contract_step");
    let begun: ContractOut = taken(&town.worker, &at(&row, "handover"), json!({})).await;
    assert_eq!(begun.handover.len(), HandoverItem::ALL.len());
    let keys = json!({ "item": "keys", "done_on": "2024-01-15", "note": "40 把" });
    let done: ContractOut = taken(&town.worker, &at(&row, "handover-items"), keys.clone()).await;
    let entry = done.handover.iter().find(|entry| entry.item == HandoverItem::Keys).expect("the keys");
    assert_eq!((entry.note.as_deref(), entry.done_by.is_some()), (Some("40 把"), true));
    step(&town.worker, &at(&row, "handover-items"), keys).await.refused(409, "organisations.item_done");
    let early = json!({ "item": "seals", "done_on": "2024-01-14", "note": "x" });
    step(&town.worker, &at(&row, "handover-items"), early).await.refused(422, "organisations.too_early");
    step(&town.worker, &at(&row, "end"), end("2024-01-15")).await.refused(422, "organisations.before_effective");
    assert!(clocks(&town, &row).await.must_keep_serving);

    town.days_later(60).await;
    step(&town.worker, &at(&row, "end"), end("2024-03-15")).await.refused(422, "organisations.handover_incomplete");
    assert_eq!(clocks(&town, &row).await.open_handover_items, 7);
    for item in HandoverItem::ALL.iter().filter(|item| **item != HandoverItem::Keys) {
        let done = json!({ "item": item, "done_on": "2024-03-15", "note": "双方清点无误" });
        taken::<ContractOut>(&town.worker, &at(&row, "handover-items"), done).await;
    }
    let over: ContractOut = taken(&town.worker, &at(&row, "end"), end("2024-03-15")).await;
    assert_eq!(
        (over.status, over.ended_on.map(|day| day.to_string()).as_deref()),
        (ContractStatus::Ended, Some("2024-03-15"))
    );
    assert_eq!(town.compound_now().await.serving_contract_id, None);
    let told = clocks(&town, &row).await;
    assert!(!told.must_keep_serving && told.open_handover_items == 0);
    let rival = super::company(&town.district, "测试·第二物业").await;
    let next = town.submitted(contract_in(&rival, &town.compound)).await;
    taken::<ContractOut>(&town.authority, &at(&next, "file"), filing()).await;
}

#[actix_web::test]
async fn a_place_may_ask_for_a_longer_notice_and_the_clocks_name_its_rule() {
    let town = Town::new().await;
    let row = town.filed().await;
    let told = clocks(&town, &row).await;
    assert_eq!((told.rule.key.as_str(), told.rule.rule_set_id), ("organisations.notices", None));
    assert!(told.rule.legal_basis.contains("946") && told.explanation.contains("提前60日"), "{}", told.explanation);
    let longer = json!({ "owners_days": 75, "company_days": 120, "indefinite_days": 60 });
    let rule = rule_in("organisations.notices", TONGDEXIANG, longer);
    let rule = town.district.post("/v1/rule-sets", rule).await.expect(201).value();
    let short = json!({ "owners_days": 59, "company_days": 90, "indefinite_days": 60 });
    let short = town.district.post("/v1/rule-sets", rule_in("organisations.notices", TONGDEXIANG, short)).await;
    let short = short.refused(422, "rule_sets.params");
    assert_eq!(short.errors[0].pointer.as_deref(), Some("#/params/owners_days"), "never below the Civil Code");

    let told = clocks(&town, &row).await;
    assert_eq!((json!(told.rule.rule_set_id), told.rule.area_code.as_deref()), (rule["id"].clone(), Some(TONGDEXIANG)));
    assert_eq!(told.notices.iter().map(|n| n.days).collect::<Vec<_>>(), [75, 120]);
    assert!(told.explanation.contains("提前75日"), "{}", told.explanation);
    let path = at(&row, "notice");
    // Seventy-five days from 15 January are over with 30 March.
    step(&town.worker, &path, notice("owners", "2024-01-15", "2024-03-29"))
        .await
        .refused(422, "organisations.notice_too_short");
    taken::<ContractOut>(&town.worker, &path, notice("owners", "2024-01-15", "2024-03-30")).await;
}
