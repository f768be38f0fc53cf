//! What is known before somebody is honoured, with where it is from.

use oversight::standings::blacklisted;
use oversight::standings::dto::{CompoundFactsOut, OrganisationFactsOut};
use platform::auth::Role;
use serde_json::json;

use super::{Office, frozen, rated, result_of, step, taken};
use crate::organisations::body;
use crate::support::actors::TONGDEXIANG;
use crate::territory::day;

async fn facts(o: &Office, as_of: &str) -> OrganisationFactsOut {
    let path = format!("/v1/organisations/{}/honour-facts?as_of={as_of}&quarters=2", o.town.company.id);
    o.decider.get(&path).await.expect(200).json()
}

async fn is_blacklisted(o: &Office, as_of: &str) -> bool {
    let (company, as_of) = (o.town.company.id, day(as_of));
    o.app().app.db.read(move |c| blacklisted(c, company, as_of)).await.expect("read")
}

#[actix_web::test]
async fn who_is_on_the_black_list_on_a_day() {
    let mut o = Office::new().await;
    let row = o.published().await;
    // Published on 23 January, in force from the 31st, repaired on 23 July.
    o.days_later(182).await;
    let repair = json!({ "corrected_on": "2024-06-30", "correction": "资料已全部移交。" });
    taken(&o.proposer, &row, "repair", repair).await;
    for (as_of, expected) in [("2024-01-30", false), ("2024-01-31", true), ("2024-07-22", true), ("2024-07-23", false)]
    {
        assert_eq!(is_blacklisted(&o, as_of).await, expected, "{as_of}");
        let told = facts(&o, as_of).await;
        assert_eq!((told.blacklisted, told.listings[0].in_force), (expected, expected), "{as_of}");
    }
    let statuses = ["2024-01-30", "2024-01-31", "2024-07-23"];
    let mut told = Vec::new();
    for as_of in statuses {
        told.push(facts(&o, as_of).await.listings[0].status.as_str());
    }
    assert_eq!(told, ["published", "active", "repaired"]);
    assert!(facts(&o, "2024-01-22").await.listings.is_empty(), "it was not published yet");
}

#[actix_web::test]
async fn what_is_objected_to_is_not_in_force() {
    let mut o = Office::new().await;
    let row = o.published().await;
    let objected = taken(&o.company, &row, "object", json!({ "words": "请复核" })).await;
    o.days_later(30).await;
    assert!(!is_blacklisted(&o, "2024-02-22").await);
    let told = facts(&o, "2024-02-22").await;
    assert_eq!((told.blacklisted, told.listings[0].status.as_str()), (false, "objected"));
    step(&o.decider, &objected, "decide-objection", json!({ "outcome": "dismissed", "reply": "不成立" }))
        .await
        .expect(200);
    assert!(is_blacklisted(&o, "2024-02-22").await);
}

#[actix_web::test]
async fn stars_are_those_of_the_rankings_that_stand() {
    let o = Office::new().await;
    let all = rated(&o.town, &[("甲小区", 9300, 5), ("乙小区", 6500, 2)]).await;
    let of_third = result_of(&all[0].0, &o.town.company, 8100, 4);
    let third = frozen(o.app(), 3, vec![of_third]).await;
    let fourth = frozen(o.app(), 4, all.iter().map(|(_, result)| result.clone()).collect()).await;
    let told = facts(&o, "2024-01-15").await;
    let quarters: Vec<_> = told.quarters.iter().map(|of| (of.quarter, of.ranking_id, of.projects)).collect();
    assert_eq!(quarters, [(4, fourth, 2), (3, third, 1)]);
    let stars: Vec<i64> = told.quarters[0].stars.iter().map(|count| count.projects).collect();
    assert_eq!(stars, [1, 0, 0, 1, 0, 0]);
    assert_eq!(told.credit.expect("a company has credit").balance, 80);
    // Of the fourth quarter nothing was known before it was over.
    assert_eq!(facts(&o, "2023-12-31").await.quarters.len(), 1);
    let path = |id| format!("/v1/compounds/{id}/honour-facts");
    let compound: CompoundFactsOut = o.decider.get(&path(all[0].0.id)).await.expect(200).json();
    let stars: Vec<_> = compound.quarters.iter().map(|fact| (fact.quarter, fact.star, fact.rank)).collect();
    assert_eq!(stars, [(4, 5, 1), (3, 4, 1)]);
    assert_eq!(compound.quarters[0].result_id, all[0].1.result_id.0);
    assert!(compound.company.is_none(), "nobody serves it");
    let served: CompoundFactsOut = o.decider.get(&path(o.town.compound.id)).await.expect(200).json();
    assert_eq!(served.company.expect("who serves it").organisation_id, o.town.company.id);
    let elsewhere = o.app().actor(Role::DistrictCoord, "130402").await;
    elsewhere.get(&path(all[0].0.id)).await.refused(404, "not_found");
    let unit = body(&o.town.worker, "co_located_unit", "测试·小学", TONGDEXIANG).await;
    let path = format!("/v1/organisations/{}/honour-facts", unit.id);
    let told: OrganisationFactsOut = o.decider.get(&path).await.expect(200).json();
    assert!(!told.blacklisted && told.credit.is_none());
}
