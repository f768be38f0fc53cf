//! Exports: every row of the filter, however many, and nothing of anybody.

use delivery::cases::dto::CasePage;
use platform::auth::Role;
use serde_json::{Value, json};

use super::desk::many_roads;
use super::support::{CASES, Desk, leak};
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};

#[actix_web::test]
async fn an_export_has_every_row_of_the_list() {
    let desk = Desk::new().await;
    // More than one run of each.
    many_roads(&desk, 320).await;
    let mut words = leak(&format!("{}-001", desk.place()));
    words["area_code"] = json!(desk.place());
    words["title"] = json!("=王阿姨家漏水");
    words["reporter"] = json!({ "name": "测试·王芳", "phone": "199-0937-1234" });
    desk.worker().post(CASES, words).await.expect(201);
    for (role, area, filter) in [
        (Role::DistrictCoord, DISTRICT, ""),
        (Role::StreetOfficer, STREET, "&status=submitted"),
        (Role::CommunitySecretary, TONGDEXIANG, "&open=true"),
        (Role::Auditor, DISTRICT, "&category=pipe_leak"),
    ] {
        let who = desk.app().actor(role, area).await;
        let list: CasePage = who.get(&format!("{CASES}?limit=1&include=total{filter}")).await.expect(200).json();
        let total = usize::try_from(list.total.expect("a total")).expect("not negative");
        let csv = who.get(&format!("{CASES}/export?format=csv{filter}")).await.expect(200);
        assert_eq!(csv.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));
        let text = csv.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len() - 1, total > 0), (total, true), "{role}");
        assert!(lines[0].starts_with("number,community_code,area_code,compound,kind,category,category_zh"));
        let ndjson = who.get(&format!("{CASES}/export?format=ndjson{filter}")).await.expect(200);
        assert_eq!(ndjson.header("content-type").as_deref(), Some("application/x-ndjson"));
        let rows: Vec<Value> =
            ndjson.text().lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
        assert_eq!(rows.len(), total, "{role}");
        assert!(rows.iter().all(|row| row["category_zh"].is_string() && row.get("title").is_none()));
        for secret in ["王", "阿姨", "1990937", "199****"] {
            assert!(!text.contains(secret) && !ndjson.text().contains(secret), "{secret}");
        }
    }
}

#[actix_web::test]
async fn a_place_is_no_nearer_than_the_building_and_a_row_has_words() {
    let desk = Desk::new().await;
    let case = desk.dispatched().await;
    let secretary = desk.app().actor(Role::CommunitySecretary, TONGDEXIANG).await;
    let row: Value = serde_json::from_str(
        secretary.get(&format!("{CASES}/export?format=ndjson")).await.expect(200).text().trim_end(),
    )
    .expect("one line");
    assert_eq!((row["number"].as_str(), row["category_zh"].as_str()), (Some(case.number.as_str()), Some("管道漏水")));
    assert!(row["handler"].is_string() && row["area_code"].as_str().expect("a code").len() <= 21);
    let plain = secretary.get(&format!("{CASES}/export")).await.expect(200);
    assert_eq!(plain.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));
}

#[actix_web::test]
async fn an_export_is_for_some_and_its_parameters_are_checked() {
    let desk = Desk::new().await;
    desk.reported().await;
    for who in [desk.worker(), &desk.company, &desk.branch] {
        let refused = who.get(&format!("{CASES}/export")).await.refused(403, "forbidden");
        assert_eq!(refused.required_scope.as_deref(), Some("cases:export"));
    }
    let stranger = desk.app().actor(Role::DistrictCoord, "130402").await;
    assert_eq!(stranger.get(&format!("{CASES}/export?format=ndjson")).await.expect(200).text(), "");
    let auditor = desk.app().actor(Role::Auditor, DISTRICT).await;
    auditor.get(&format!("{CASES}/export?format=xlsx")).await.refused(400, "bad_parameter");
    auditor.get(&format!("{CASES}/export?limit=5")).await.refused(400, "bad_parameter");
}
