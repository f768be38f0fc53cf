//! Who sits where in the demo: the figures of domain D2 and D3, each with its two parts, all counted from the rows.

use std::collections::{BTreeMap, BTreeSet};

use platform::auth::Role;
use platform::quantity::Ratio;
use roster::appointments::dto::FiguresOut;
use roster::organisations::dto::{AreaCoverageOut, Coverage, OrganisationFiguresOut, PostAreaCounts};
use roster::people::dto::CheckinCountOut;
use serde_json::Value;

use super::{demo_app, log_in};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, TestApp};

fn parts(ratio: &Ratio) -> (i64, i64, Option<&str>) {
    (ratio.numerator, ratio.denominator, ratio.percent.as_deref())
}

/// Every row of a list, page by page.
pub async fn all(who: &Client, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let behind = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = who.get(&format!("{path}limit=100{behind}")).await.expect(200).value();
        rows.extend(page["items"].as_array().cloned().unwrap_or_default());
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return rows;
        }
    }
}

pub fn text<'a>(row: &'a Value, member: &str) -> &'a str {
    row[member].as_str().unwrap_or_else(|| panic!("{member} in {row}"))
}

#[actix_web::test]
async fn the_figures_of_who_sits_where() {
    let app = demo_app().await;
    let who = app.district().await;
    the_district(&who).await;
    the_community(&who).await;
    coverage_of_companies(&who).await;
    counts_of_members_and_posts(&who).await;
    committees_by_kind(&who).await;
    members_own_where_they_sit(&who).await;
    heads_live_where_they_serve(&who).await;
    personas_have_their_place(&app).await;
    // 南巷院 is in another city: its crossing counts there and not in the district.
    let handan = app.actor(Role::DistrictCoord, "130402").await;
    let out: FiguresOut = handan.get("/v1/areas/130402/figures").await.expect(200).json();
    let directions: Vec<(&str, i64)> =
        out.by_direction.iter().map(|count| (count.direction.as_str(), count.appointments)).collect();
    assert_eq!(directions, [("branch_to_station", 1)]);
}

async fn the_district(who: &Client) {
    let out: FiguresOut = who.get(&format!("/v1/areas/{DISTRICT}/figures")).await.expect(200).json();
    assert_eq!(parts(&out.service_coverage), (424, 459, Some("92.37")));
    assert_eq!(parts(&out.committee_coverage), (395, 459, Some("86.06")));
    assert_eq!(parts(&out.organisation_coverage), (8, 88, Some("9.09")));
    assert_eq!(parts(&out.work_coverage), (88, 88, Some("100.00")));
    assert_eq!(parts(&out.leader_coverage), (636, 636, Some("100.00")));
    let directions: BTreeMap<&str, i64> =
        out.by_direction.iter().map(|count| (count.direction.as_str(), count.appointments)).collect();
    let expected = [
        ("branch_to_big_committee", 80),
        ("community_to_committee", 150),
        ("community_to_company_branch", 60),
        ("company_to_community", 90),
    ];
    assert_eq!((out.cross_appointments, directions), (380, BTreeMap::from(expected)));
    // Of the 90 of companies one in ten is in its last days.
    assert_eq!((out.expiring, out.checkins), (9, 3800));

    let out: OrganisationFiguresOut = who.get(&format!("/v1/areas/{DISTRICT}/organisations")).await.expect(200).json();
    assert_eq!((out.companies, parts(&out.contracted_compounds).0), (88, 225));
}

async fn the_community(who: &Client) {
    let out: FiguresOut = who.get(&format!("/v1/areas/{TONGDEXIANG}/figures")).await.expect(200).json();
    assert_eq!(parts(&out.party_members), (52, 111, Some("46.85")));
    assert_eq!(parts(&out.veterans), (33, 111, Some("29.73")));
    assert_eq!(parts(&out.building_heads), (110, 110, Some("100.00")));
    assert_eq!(parts(&out.unit_heads), (411, 411, Some("100.00")));
    assert_eq!(parts(&out.committee_coverage), (21, 21, Some("100.00")));
    let vacant = who.get(&format!("/v1/vacancies?area={TONGDEXIANG}&include=total")).await.expect(200).value();
    assert_eq!(vacant["total"], 0, "{vacant}");
}

async fn coverage_of_companies(who: &Client) {
    let out: AreaCoverageOut = who.get(&format!("/v1/areas/{DISTRICT}/party-coverage")).await.expect(200).json();
    let of = |wanted| out.companies.by_coverage.iter().find(|c| c.coverage == wanted).map(|c| c.organisations);
    let ladder = [Coverage::Own, Coverage::Joint, Coverage::Affiliated, Coverage::InstructorOnly, Coverage::None];
    assert_eq!(ladder.map(of), [Some(5), Some(2), Some(1), Some(80), Some(0)]);
    assert_eq!(out.companies.due, 0);
    let seeds = all(who, "/v1/party-coverages?coverage=own&").await;
    for name in ["新东名都", "洪洋"] {
        let found = who.get(&format!("/v1/organisations?q={name}&kind=property_company")).await.expect(200).value();
        let company = text(&found["items"][0], "id").to_owned();
        assert!(seeds.iter().any(|row| text(row, "organisation_id") == company), "{name} has a branch of its own");
    }
    let instructors = all(who, "/v1/instructor-links?").await;
    let people: BTreeSet<&str> = instructors.iter().map(|row| text(row, "person_id")).collect();
    assert_eq!((instructors.len(), people.len()), (80, 80));
}

async fn counts_of_members_and_posts(who: &Client) {
    let out: CheckinCountOut = who.get(&format!("/v1/areas/{DISTRICT}/checkin-count")).await.expect(200).json();
    assert_eq!((out.headcount, out.by_name, out.by_unit, out.units), (3800, 60, 3740, 210));
    let out: PostAreaCounts = who.get(&format!("/v1/areas/{DISTRICT}/post-areas")).await.expect(200).json();
    assert_eq!((out.demonstration_posts, out.pioneer_posts, out.responsibility_areas), (35, 47, 82));
}

async fn committees_by_kind(who: &Client) {
    let kinds = [
        ("owners_committee", 215),
        ("self_management_committee", 180),
        ("property_company", 88),
        ("residents_committee", 21),
        ("red_service_station", 6),
    ];
    for (kind, expected) in kinds {
        let page = who.get(&format!("/v1/organisations?kind={kind}&limit=1&include=total")).await.expect(200).value();
        assert_eq!(page["total"], expected, "{kind}");
    }
    let terms = all(who, &format!("/v1/committee-terms?area={TONGDEXIANG}&")).await;
    let here: Vec<&Value> = terms.iter().filter(|term| text(term, "area_code").starts_with(TONGDEXIANG)).collect();
    assert!(here.iter().all(|term| text(term, "term_to").starts_with("2025") && term["filed_late"] == false));
    for term in &terms {
        let seats = term["seats"].as_i64().expect("seats");
        assert!(seats % 2 == 1 && seats >= 5 && !term["filed_on"].is_null(), "{term}");
    }
}

/// 111 members, each a verified owner in the compound; 52 of the Party, 33 veterans, 14 both.
async fn members_own_where_they_sit(who: &Client) {
    let mut members = Vec::new();
    for kind in ["chair", "deputy_chair", "member"] {
        let held = all(who, &format!("/v1/appointments?area={TONGDEXIANG}&kind={kind}&")).await;
        // The residents' committee has members too, in the community itself.
        members.extend(held.into_iter().filter(|row| text(row, "area_code").len() > TONGDEXIANG.len()));
    }
    assert_eq!(members.len(), 111);
    let homes = all(who, "/v1/residencies?kind=owner&status=verified&").await;
    for member in &members {
        let owns = |home: &Value| {
            home["person_id"] == member["person_id"] && text(home, "area_code").starts_with(text(member, "area_code"))
        };
        assert!(homes.iter().any(owns), "{member}");
        assert_eq!((text(member, "route"), &text(member, "term_to")[..4]), ("elected", "2025"));
    }
    let of = |rows: Vec<Value>| rows.iter().map(|row| text(row, "id").to_owned()).collect::<BTreeSet<_>>();
    let party = of(all(who, "/v1/persons?party_status=formal&").await);
    let veterans = of(all(who, "/v1/persons?veteran=true&").await);
    let both: Vec<&str> = members.iter().map(|member| text(member, "person_id")).collect();
    let count = |wanted: &dyn Fn(&str) -> bool| both.iter().filter(|person| wanted(person)).count();
    assert_eq!(count(&|person| party.contains(person)), 52);
    assert_eq!(count(&|person| veterans.contains(person)), 33);
    assert_eq!(count(&|person| party.contains(person) && veterans.contains(person)), 14);
}

async fn heads_live_where_they_serve(who: &Client) {
    let homes = all(who, "/v1/residencies?status=verified&").await;
    for (kind, expected) in [("building_head", 110), ("unit_head", 411)] {
        let heads = all(who, &format!("/v1/appointments?kind={kind}&")).await;
        let places: BTreeSet<&str> = heads.iter().map(|row| text(row, "area_code")).collect();
        assert_eq!((heads.len(), places.len()), (expected, expected), "one {kind} each");
        for head in &heads {
            let lives = |home: &Value| {
                home["person_id"] == head["person_id"] && text(home, "area_code").starts_with(text(head, "area_code"))
            };
            assert!(homes.iter().any(lives), "{head}");
        }
    }
}

/// The personas hold in the roster what they hold as roles.
async fn personas_have_their_place(app: &TestApp) {
    let offices = [
        ("oc.chair", &["chair"][..]),
        ("oc.member", &["member"]),
        ("company.admin", &["administrator"]),
        ("company.manager", &["project_manager", "part_time_member"]),
        ("company.staff", &["staff"]),
        ("grid.parttime", &["staff"]),
        ("secretary.tongdexiang", &["secretary"]),
        ("worker.tongdexiang", &["staff"]),
        ("mediator.tongdexiang", &["mediator"]),
        ("station.nanxiang", &["deputy_secretary", "head"]),
    ];
    for (username, seats) in offices {
        let who = log_in(app, username).await;
        let own = who.get("/v1/me/appointments").await.expect(200).value();
        let items = own["items"].as_array().cloned().unwrap_or_default();
        let held: Vec<&str> = items.iter().map(|row| text(row, "seat_kind")).collect();
        assert_eq!(held, seats, "{username}");
        // What brings a role names the grant, and so takes it back when it ends.
        let part_time = |row: &&Value| text(row, "seat_kind") == "part_time_member";
        assert!(items.iter().filter(|row| !part_time(row)).all(|row| !row["grant_id"].is_null()), "{username}");
    }
    for (username, kind) in [("owner.kangsheng", "owner"), ("tenant.tongdexiang", "tenant")] {
        let who = log_in(app, username).await;
        let own = who.get("/v1/me/residencies").await.expect(200).value();
        assert_eq!((own["items"].as_array().map(Vec::len), text(&own["items"][0], "kind")), (Some(1), kind));
    }
}
