//! 党的覆盖: the ladder, and who is due a branch.

use roster::organisations::dto::{Coverage, CoverageOut, CoveragePage, InstructorLinkOut, OrganisationOut};
use serde_json::{Value, json};

use super::{ORGANISATIONS, body, committee_in, company, party_org, step, to_status};
use crate::support::Client;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{compound, made, town};

fn reach(coverage: &str, members: i32, party_org: Option<&OrganisationOut>, from: &str) -> Value {
    let mut body = json!({ "formal_members": members, "coverage": coverage, "valid_from": from });
    if let Some(party_org) = party_org {
        body["party_org_id"] = json!(party_org.id);
    }
    body
}

async fn record(who: &Client, of: &OrganisationOut, body: Value) -> crate::support::Reply {
    who.post(&format!("{ORGANISATIONS}/{}/party-coverage", of.id), body).await
}

async fn listed(who: &Client, query: &str) -> Vec<CoverageOut> {
    let page: CoveragePage = who.get(&format!("/v1/party-coverages?{query}")).await.expect(200).json();
    page.items
}

#[actix_web::test]
async fn a_company_climbs_the_ladder_and_each_step_keeps_its_days() {
    let app = town().await;
    let district = app.district().await;
    let firm = company(&district, "第一物业").await;
    let none: CoverageOut = made(record(&district, &firm, reach("none", 3, None, "2023-01-01")).await);
    assert!(none.due, "three members and no branch");
    assert_eq!(listed(&district, "due=true").await.len(), 1);
    let branch = party_org(&district, "company_branch", "第一物业党支部", DISTRICT).await;
    let body = reach("own", 3, Some(&branch), "2023-07-01");
    let own: CoverageOut = made(record(&district, &firm, body.clone()).await);
    assert_eq!((own.coverage, own.due), (Coverage::Own, false));
    record(&district, &firm, body).await.refused(409, "organisations.coverage_taken");
    let all = listed(&district, &format!("organisation_id={}&status=all", firm.id)).await;
    let days: Vec<_> =
        all.iter().map(|row| (row.valid_from.to_string(), row.valid_to.map(|d| d.to_string()))).collect();
    assert_eq!(days, [("2023-01-01".into(), Some("2023-07-01".into())), ("2023-07-01".into(), None)]);
    assert_eq!(listed(&district, "due=true").await, []);
    let one: CoverageOut = district.get(&format!("/v1/party-coverages/{}", own.id)).await.expect(200).json();
    assert_eq!(one, own);
    // The branch reaches a company, so it does not end under it.
    step(&district, &format!("{ORGANISATIONS}/{}/status", branch.id), to_status("dissolved"))
        .await
        .refused(409, "organisations.still_in_use");
}

#[actix_web::test]
async fn each_rung_asks_for_what_it_stands_on() {
    let app = town().await;
    let district = app.district().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let firm = company(&district, "第一物业").await;
    let branch = party_org(&district, "company_branch", "党支部", DISTRICT).await;
    let joint = party_org(&district, "joint_branch", "联合党支部", DISTRICT).await;
    let supplier = body(&district, "supplier", "供应商", DISTRICT).await;
    let day = "2024-01-01";
    for (body, code) in [
        (reach("own", 2, Some(&branch), day), "organisations.members_too_few"),
        (reach("own", 3, None, day), "organisations.party_org_needed"),
        (reach("own", 3, Some(&joint), day), "organisations.not_a_party_org"),
        (reach("joint", 1, Some(&branch), day), "organisations.not_a_party_org"),
        (reach("joint", 1, Some(&supplier), day), "organisations.not_a_party_org"),
        (reach("none", 1, Some(&branch), day), "organisations.party_org_needed"),
        (reach("instructor_only", 0, None, day), "organisations.instructor_missing"),
        (reach("none", 0, None, "2024-01-16"), "organisations.in_the_future"),
        (reach("none", -1, None, day), "invalid"),
    ] {
        record(&district, &firm, body).await.refused(422, code);
    }
    record(&district, &supplier, reach("none", 0, None, day)).await.refused(422, "organisations.not_coverable");
    record(&worker, &firm, reach("none", 0, None, day)).await.refused(403, "forbidden");
    let link = json!({ "person_id": super::person(&app).await, "company_id": firm.id, "valid_from": day });
    made::<InstructorLinkOut>(district.post("/v1/instructor-links", link).await);
    made::<CoverageOut>(record(&district, &firm, reach("instructor_only", 0, None, day)).await);
    let home = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let committee: OrganisationOut = made(worker.post(ORGANISATIONS, committee_in(&home, 5)).await);
    made::<CoverageOut>(record(&district, &committee, reach("none", 4, None, day)).await);
}

#[actix_web::test]
async fn a_joint_branch_reaches_five_units_at_most() {
    let app = town().await;
    let district = app.district().await;
    let joint = party_org(&district, "joint_branch", "联合党支部", DISTRICT).await;
    let mut firms = Vec::new();
    for n in 1..=6 {
        firms.push(company(&district, &format!("第{n}物业")).await);
    }
    for firm in &firms[..5] {
        made::<CoverageOut>(record(&district, firm, reach("joint", 2, Some(&joint), "2023-01-01")).await);
    }
    record(&district, &firms[5], reach("joint", 2, Some(&joint), "2023-01-01"))
        .await
        .refused(422, "organisations.joint_units");
    // One of the five again is no sixth.
    made::<CoverageOut>(record(&district, &firms[0], reach("joint", 1, Some(&joint), "2024-01-01")).await);
    assert_eq!(listed(&district, &format!("party_org_id={}", joint.id)).await.len(), 5);
}

#[actix_web::test]
async fn a_place_may_have_smaller_joint_branches() {
    let app = town().await;
    let district = app.district().await;
    let joint = party_org(&district, "joint_branch", "联合党支部", DISTRICT).await;
    let rule = super::rule_in("organisations.joint_branches", DISTRICT, json!({ "max_units": 2 }));
    district.post("/v1/rule-sets", rule).await.expect(201);
    let today = |members| reach("joint", members, Some(&joint), "2024-01-15");
    for n in 1..=2 {
        let firm = company(&district, &format!("第{n}物业")).await;
        made::<CoverageOut>(record(&district, &firm, today(2)).await);
    }
    let third = company(&district, "第3物业").await;
    record(&district, &third, today(2)).await.refused(422, "organisations.joint_units");
}
