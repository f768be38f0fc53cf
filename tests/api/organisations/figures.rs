//! F3 and F4: computed, with both parts, as of a day.

use platform::quantity::Ratio;
use roster::organisations::dto::{AreaCoverageOut, Coverage, OrganisationFiguresOut, OrganisationOut, TermOut};
use serde_json::{Value, json};

use super::{ORGANISATIONS, Town, committee_in, company, filing, party_org, taken};
use crate::support::Client;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{CANGHOU, MINZHU, compound, made};

fn ratio(numerator: i64, denominator: i64, percent: Option<&str>) -> Ratio {
    Ratio { numerator, denominator, percent: percent.map(str::to_owned) }
}

async fn figures(who: &Client, area: &str, day: &str) -> OrganisationFiguresOut {
    who.get(&format!("/v1/areas/{area}/organisations?as_of={day}")).await.expect(200).json()
}

#[actix_web::test]
async fn compounds_with_a_filed_committee_in_its_term_are_counted() {
    let town = Town::new().await;
    let filed: OrganisationOut = made(town.worker.post(ORGANISATIONS, committee_in(&town.compound, 5)).await);
    let term = filed.term.expect("a term");
    taken::<TermOut>(&town.authority, &format!("/v1/committee-terms/{}/file", term.id), filing()).await;
    let second = compound(&town.worker, TONGDEXIANG, "金水湾").await;
    made::<OrganisationOut>(town.worker.post(ORGANISATIONS, committee_in(&second, 5)).await);
    compound(&town.worker, TONGDEXIANG, "无委院").await;
    let on = async |day: &str| figures(&town.district, DISTRICT, day).await.committee_coverage;
    assert_eq!(on("2024-01-15").await, ratio(1, 3, Some("33.33")), "not filed is not counted");
    assert_eq!(on("2024-01-11").await, ratio(0, 3, Some("0.00")), "before the filing");
    assert_eq!(on("2028-12-31").await, ratio(1, 3, Some("33.33")), "the last day of the term");
    assert_eq!(on("2029-01-01").await, ratio(0, 3, Some("0.00")));
    assert_eq!(figures(&town.district, "620902001", "2024-01-15").await.committee_coverage, ratio(0, 0, None));
    let inside = figures(&town.district, &town.compound.area_code, "2024-01-15").await;
    assert_eq!(inside.committee_coverage, ratio(1, 1, Some("100.00")));
}

#[actix_web::test]
async fn a_committee_counts_where_its_compound_lay_on_the_day() {
    let town = Town::new().await;
    let row: OrganisationOut = made(town.worker.post(ORGANISATIONS, committee_in(&town.compound, 5)).await);
    let term = row.term.expect("a term");
    taken::<TermOut>(
        &town.authority,
        &format!("/v1/committee-terms/{}/file", term.id),
        json!({ "on": "2024-01-05",
        "filing_no": "x" }),
    )
    .await;
    let contract = town.filed().await;
    let to = json!({ "community_code": MINZHU, "on": "2024-01-14", "reason": "社区边界调整" });
    town.district.post(&format!("/v1/compounds/{}/move", town.compound.id), to).await.expect(200);
    let share = async |area: &str, day: &str| figures(&town.district, area, day).await.committee_coverage;
    assert_eq!(share(TONGDEXIANG, "2024-01-13").await, ratio(1, 1, Some("100.00")));
    assert_eq!(share(TONGDEXIANG, "2024-01-14").await, ratio(0, 0, None));
    assert_eq!(share(MINZHU, "2024-01-14").await, ratio(1, 1, Some("100.00")));
    // The rows have followed, and with them who sees them.
    let there = town.app.community_worker(MINZHU).await;
    for path in [format!("{ORGANISATIONS}/{}", row.id), format!("{}/{}", super::CONTRACTS, contract.id)] {
        let now: Value = there.get(&path).await.expect(200).json();
        assert!(now["area_code"].as_str().is_some_and(|code| code.starts_with(MINZHU)), "{now}");
        town.worker.get(&path).await.refused(404, "not_found");
    }
    there.get(&format!("/v1/committee-terms/{}", term.id)).await.expect(200);
}

#[actix_web::test]
async fn what_lies_in_a_community_follows_it_to_another_street() {
    let town = Town::new().await;
    let row = super::body(&town.worker, "residents_committee", "同德巷居委会", TONGDEXIANG).await;
    let committee: OrganisationOut = made(town.worker.post(ORGANISATIONS, committee_in(&town.compound, 5)).await);
    let to = json!({ "new_code": "620902001009", "on": "2024-01-10", "reason": "街道区划调整" });
    town.district.post(&format!("/v1/divisions/{TONGDEXIANG}/move"), to).await.expect(200);
    for id in [row.id, committee.id] {
        let now: OrganisationOut = town.district.get(&format!("{ORGANISATIONS}/{id}")).await.expect(200).json();
        assert!(now.area_code.starts_with("620902001009"), "{}", now.area_code);
    }
}

#[actix_web::test]
async fn organisation_coverage_and_work_coverage_are_two_figures() {
    let town = Town::new().await;
    let district = &town.district;
    let reach = async |of: &OrganisationOut, coverage: &str, members: i32, by: Option<&OrganisationOut>| {
        let mut body = json!({ "formal_members": members, "coverage": coverage, "valid_from": "2024-01-05" });
        if let Some(by) = by {
            body["party_org_id"] = json!(by.id);
        }
        made::<Value>(district.post(&format!("{ORGANISATIONS}/{}/party-coverage", of.id), body).await)
    };
    let branch = party_org(district, "company_branch", "党支部", DISTRICT).await;
    let (own, led, due) = (company(district, "甲").await, company(district, "乙").await, company(district, "丙").await);
    let link = json!({ "person_id": super::person(&town.app).await, "company_id": led.id, "valid_from": "2024-01-02" });
    let link: Value = made(district.post("/v1/instructor-links", link).await);
    reach(&own, "own", 3, Some(&branch)).await;
    reach(&led, "instructor_only", 0, None).await;
    reach(&due, "none", 4, None).await;
    let on = async |day: &str| -> AreaCoverageOut {
        district.get(&format!("/v1/areas/{DISTRICT}/party-coverage?as_of={day}")).await.expect(200).json()
    };
    let now = on("2024-01-15").await;
    // The fourth is the company of the town, of which nothing is recorded.
    assert_eq!(now.companies.organisation_coverage, ratio(1, 4, Some("25.00")));
    assert_eq!(now.companies.work_coverage, ratio(2, 4, Some("50.00")));
    assert_eq!(now.companies.due, 1);
    let of = |coverage| now.companies.by_coverage.iter().find(|c| c.coverage == coverage).map(|c| c.organisations);
    assert_eq!((of(Coverage::Own), of(Coverage::InstructorOnly), of(Coverage::None)), (Some(1), Some(1), Some(2)));
    assert_eq!(now.committees.organisation_coverage, ratio(0, 0, None));
    assert_eq!(on("2024-01-04").await.companies.organisation_coverage, ratio(0, 4, Some("0.00")));
    let end = json!({ "on": "2024-01-14", "reason": "轮换" });
    let id = link["id"].as_str().expect("an id");
    district.post(&format!("/v1/instructor-links/{id}/end"), end).await.expect(200);
    assert_eq!(on("2024-01-15").await.companies.work_coverage, ratio(1, 4, Some("25.00")), "nobody is there any more");
    assert_eq!(on("2024-01-14").await.companies.work_coverage, ratio(2, 4, Some("50.00")));
}

#[actix_web::test]
async fn compounds_under_contract_are_counted_by_the_days_that_it_ran() {
    let town = Town::new().await;
    compound(&town.app.community_worker(CANGHOU).await, CANGHOU, "仓后院").await;
    town.filed().await;
    let on = async |day: &str| figures(&town.district, DISTRICT, day).await;
    assert_eq!(on("2024-01-15").await.contracted_compounds, ratio(1, 2, Some("50.00")));
    assert_eq!(on("2024-01-11").await.contracted_compounds, ratio(0, 2, Some("0.00")), "filed on the 12th");
    assert_eq!((on("2024-01-15").await.companies, on("2022-12-31").await.companies), (1, 0));
}
