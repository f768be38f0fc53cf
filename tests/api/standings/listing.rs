//! An entry from the proposal to its end, each step by whom and from where it may be taken.

use oversight::standings::dto::{ListingOut, ListingPage, ListingStatus, Measure, StatementKind};
use platform::auth::Role;
use platform::history::EventPage;
use serde_json::json;

use super::{LISTINGS, Office, listed, listing_in, publication, step, taken};
use crate::organisations::body;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{made, refused_at};

#[actix_web::test]
async fn from_the_proposal_to_the_publication_and_into_force() {
    let mut o = Office::new().await;
    let row = o.proposed("black", "handover_refused").await;
    assert_eq!((row.status, row.version), (ListingStatus::Proposed, 1));
    o.company.get(&format!("{LISTINGS}/{}", row.id)).await.refused(404, "not_found");
    let row = taken(&o.proposer, &row, "notify", json!({ "notice_no": "肃住建告〔2024〕3号" })).await;
    assert_eq!(row.hear_until.expect("a day").to_string(), "2024-01-22", "five working days, the 15th not counted");
    let words = json!({ "words": "资料已于1月10日移交。" });
    let row = taken(&o.company, &row, "statements", words.clone()).await;
    o.days_later(3).await;
    let hearing = json!({ "held_on": "2024-01-18", "words": "企业到会陈述。" });
    let row = taken(&o.proposer, &row, "hearings", hearing.clone()).await;
    let kinds: Vec<StatementKind> = row.statements.iter().map(|said| said.kind).collect();
    assert_eq!(kinds, [StatementKind::Statement, StatementKind::Hearing]);
    o.days_later(5).await;
    step(&o.company, &row, "statements", words.clone()).await.refused(409, "standings.hearing_over");
    step(&o.proposer, &row, "publish", publication()).await.refused(409, "standings.wrong_state");
    let row = taken(&o.decider, &row, "decide", listed()).await;
    assert_eq!(row.measures, [Measure::MoreInspections, Measure::NoHonours, Measure::NoBiddingAdvice]);
    assert_eq!(row.valid_to.expect("a day").to_string(), "2025-01-23");
    step(&o.company, &row, "statements", words).await.refused(409, "standings.wrong_state");
    step(&o.proposer, &row, "hearings", hearing).await.refused(409, "standings.wrong_state");
    let row = taken(&o.proposer, &row, "publish", publication()).await;
    assert_eq!(
        (row.status, row.object_until.expect("a day").to_string().as_str()),
        (ListingStatus::Published, "2024-01-30")
    );
    o.days_later(8).await;
    let row = o.now(&row).await;
    assert_eq!(row.status, ListingStatus::Active, "nobody objected, and nobody has to sweep");
    o.days_later(360).await;
    assert_eq!(o.now(&row).await.status, ListingStatus::Expired);
    let history: EventPage = o.decider.get(&format!("{LISTINGS}/{}/history", row.id)).await.expect(200).json();
    let names: Vec<&str> = history.items.iter().map(|event| event.event.as_str()).collect();
    let expected =
        ["proposed", "notified", "heard", "heard", "decided", "published"].map(|name| format!("listing.{name}"));
    assert_eq!(names, expected);
    let said = serde_json::to_string(&history).expect("JSON");
    assert!(!said.contains("李四") && !said.contains("移交"), "no word of anybody's is in the history");
}

#[actix_web::test]
async fn who_proposed_it_does_not_decide() {
    let mut o = Office::new().await;
    let row = o.notified().await;
    o.days_later(8).await;
    step(&o.proposer, &row, "decide", listed()).await.refused(403, "standings.same_person");
    let let_be = json!({ "outcome": "rejected", "note": "事实不清。" });
    step(&o.proposer, &row, "decide", let_be.clone()).await.refused(403, "standings.same_person");
    let same = o.now(&row).await;
    assert_eq!((same.status, same.version), (ListingStatus::Notified, row.version), "what was refused changed nothing");
    let other = o.app().actor(Role::PropertyAuthority, DISTRICT).await;
    let row = taken(&other, &row, "decide", let_be).await;
    assert_eq!((row.status, row.next_steps.len()), (ListingStatus::Rejected, 0));
    step(&o.proposer, &row, "publish", publication()).await.refused(409, "standings.wrong_state");
}

#[actix_web::test]
async fn nobody_is_blacklisted_unheard() {
    let mut o = Office::new().await;
    for (list, ground) in [("black", "handover_refused"), ("watch", "finding_unrectified")] {
        let row = o.proposed(list, ground).await;
        step(&o.decider, &row, "decide", listed()).await.refused(422, "standings.not_heard");
        let hearing = json!({ "held_on": "2024-01-15", "words": "未告知。" });
        step(&o.proposer, &row, "hearings", hearing).await.refused(422, "standings.not_heard");
    }
    // Praise needs no hearing, and is in force as it is published.
    let row = o.proposed("red", "high_rating").await;
    let row = taken(&o.decider, &row, "decide", listed()).await;
    let row = taken(&o.proposer, &row, "publish", publication()).await;
    assert_eq!((row.status, row.object_until), (ListingStatus::Active, None));
    o.days_later(0).await;
    let object = json!({ "words": "不愿受表扬" });
    step(&o.company, &row, "object", object).await.refused(409, "standings.wrong_state");
}

#[actix_web::test]
async fn only_companies_and_stations_are_listed() {
    let o = Office::new().await;
    let w = &o.town.worker;
    for kind in ["residents_committee", "co_located_unit", "supplier", "volunteer_squad"] {
        let area = if kind == "supplier" { DISTRICT } else { TONGDEXIANG };
        let who = if kind == "supplier" { &o.town.district } else { w };
        let row = body(who, kind, "测试·某组织", area).await;
        let problem = o.proposer.post(LISTINGS, listing_in(&row, "black", "handover_refused")).await;
        let problem = problem.refused(422, "standings.not_a_subject");
        assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/organisation_id"));
    }
    // A person is no organisation: there is none of that id.
    let person = crate::organisations::person(o.app()).await;
    let mut of_person = o.listing_in("black", "handover_refused");
    of_person["organisation_id"] = json!(person);
    o.proposer.post(LISTINGS, of_person).await.refused(404, "not_found");
    let station = body(w, "red_service_station", "测试·服务站", TONGDEXIANG).await;
    made::<ListingOut>(o.proposer.post(LISTINGS, listing_in(&station, "watch", "finding_unrectified")).await);
    let page: ListingPage = o.decider.get(LISTINGS).await.expect(200).json();
    assert_eq!(page.items.len(), 1, "of all that was tried the station alone is there");
}

#[actix_web::test]
async fn what_is_wrong_with_a_proposal_is_named() {
    let o = Office::new().await;
    let good = o.listing_in("black", "handover_refused");
    let faults = [
        ("area_code", json!(TONGDEXIANG)),
        ("ground_code", json!("unpaid_fees")),
        ("ground_code", json!("finding_unrectified")),
        ("evidence", json!(" ")),
        ("list", json!("grey")),
    ];
    refused_at(&o.proposer, LISTINGS, &good, &faults).await;
    o.proposed("black", "handover_refused").await;
    let again = o.listing_in("black", "charging_unlawful");
    o.proposer.post(LISTINGS, again).await.refused(409, "standings.already_listed");
    o.proposed("watch", "finding_unrectified").await;
}

#[actix_web::test]
async fn a_proposal_is_taken_back_by_who_made_it() {
    let o = Office::new().await;
    let row = o.notified().await;
    let reason = json!({ "reason": "情形引用有误" });
    let other = o.app().actor(Role::PropertyAuthority, DISTRICT).await;
    step(&other, &row, "withdraw", reason.clone()).await.refused(403, "standings.not_proposer");
    let gone = taken(&o.proposer, &row, "withdraw", reason.clone()).await;
    assert_eq!(gone.status, ListingStatus::Withdrawn);
    step(&o.proposer, &gone, "withdraw", reason).await.refused(409, "standings.wrong_state");
    o.proposed("black", "handover_refused").await;
}

#[actix_web::test]
async fn measures_and_days_are_those_of_the_rule() {
    let mut o = Office::new().await;
    let row = o.notified().await;
    o.days_later(8).await;
    let decide = |measures: &[&str], valid_to: &str| json!({ "outcome": "listed", "note": "事实清楚。", "measures": measures, "valid_to": valid_to });
    let problem = step(&o.decider, &row, "decide", decide(&["no_honours", "interview"], "2025-01-01")).await;
    let problem = problem.refused(422, "standings.measure_unknown");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/measures/1"));
    let too_long = step(&o.decider, &row, "decide", decide(&["no_honours"], "2029-01-24")).await;
    too_long.refused(422, "standings.validity_long");
    let row = taken(&o.decider, &row, "decide", decide(&["no_honours"], "2029-01-23")).await;
    assert_eq!(
        (row.measures.as_slice(), row.valid_to.expect("a day").to_string().as_str()),
        (&[Measure::NoHonours][..], "2029-01-23")
    );
}
