//! Registering, changing, and the states of bodies.

use platform::auth::Role;
use platform::history::EventPage;
use roster::organisations::OrgStatus;
use roster::organisations::dto::{OrganisationOut, OrganisationPage};
use serde_json::{Value, json};

use super::{ORGANISATIONS, Town, body, body_in, company, credit_code, party_org, step, taken, to_status};
use crate::support::Client;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{made, refused_at, town};

async fn names(who: &Client, query: &str) -> Vec<String> {
    let page: OrganisationPage = who.get(&format!("{ORGANISATIONS}?limit=100&{query}")).await.expect(200).json();
    page.items.into_iter().map(|row| row.name).collect()
}

#[actix_web::test]
async fn bodies_of_every_kind_are_registered_with_their_details() {
    let app = town().await;
    let (district, worker) = (app.district().await, app.community_worker(TONGDEXIANG).await);
    let with = |kind: &str, details: Value| {
        let mut body = body_in(kind, kind, TONGDEXIANG);
        body["details"] = details;
        body
    };
    for body in [
        with(
            "red_service_station",
            json!({ "station": { "compound_ids": [], "local_hire": true, "non_profit": true,
            "positions": 5 } }),
        ),
        with("residents_council", json!({ "council": { "seats": 15 } })),
        with("mutual_aid_association", json!({ "mutual_aid": { "charter": "邻里互助" } })),
        with("co_located_unit", json!({ "unit": { "sector": "学校", "resources": "操场" } })),
        with("residents_committee", json!({})),
        body_in("volunteer_squad", "维修便民队", TONGDEXIANG),
    ] {
        let reply = worker.post(ORGANISATIONS, body.clone()).await.expect(201);
        let row: OrganisationOut = reply.json();
        assert_eq!(row.status, OrgStatus::Founded);
        assert_eq!(reply.value()["details"], body.get("details").cloned().unwrap_or(json!({})));
        assert_eq!(reply.header("location"), Some(format!("{ORGANISATIONS}/{}", row.id)));
        assert_eq!(worker.get(&format!("{ORGANISATIONS}/{}", row.id)).await.value(), reply.value());
    }
    let mut body = body_in("property_company", "测试·物业", DISTRICT);
    body["uscc"] = json!(credit_code(1));
    body["details"] = json!({ "company": { "service_line": "0937-2600002", "employees": 120 } });
    let row: OrganisationOut = made(district.post(ORGANISATIONS, body.clone()).await);
    assert_eq!((row.status, row.uscc), (OrgStatus::Registered, Some(credit_code(1))));
    district.post(ORGANISATIONS, body).await.refused(409, "organisations.uscc_taken");
}

#[actix_web::test]
async fn bad_members_of_a_body_are_named() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let station = |non_profit: bool| {
        json!({ "station": { "compound_ids": [], "local_hire": true, "positions": 1,
        "non_profit": non_profit } })
    };
    let good = body_in("red_service_station", "服务站", TONGDEXIANG);
    let faults = [
        ("kind", json!("club")),
        ("party_kind", json!("company_branch")),
        ("name", json!("")),
        ("name", json!("长".repeat(121))),
        ("uscc", json!("91620902MA00000010")),
        ("uscc", json!("91620902")),
        ("area_code", json!("6209x")),
        ("area_code", json!("620902005003-0009")),
        ("details", station(false)),
        ("details", json!({ "company": {} })),
        ("details", json!({ "council": { "seats": 0 } })),
        ("details", json!({ "station": { "local_hire": true } })),
        (
            "committee",
            json!({ "compound_id": uuid::Uuid::nil(), "seats": 5, "elected_on": "2023-12-20",
            "term_from": "2024-01-01", "term_to": "2028-12-31" }),
        ),
        ("founded_on", json!("2024-01-16")),
        ("status", json!("active")),
    ];
    refused_at(&worker, ORGANISATIONS, &good, &faults).await;
    let mut body = good.clone();
    body["details"] = station(false);
    worker.post(ORGANISATIONS, body).await.refused(422, "organisations.station_for_profit");
    let mut body = body_in("property_company", "物业", TONGDEXIANG);
    body["details"] = json!({ "company": { "service_line": "13800000000" } });
    let problem = worker.post(ORGANISATIONS, body).await.refused(422, "invalid");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/details/company/service_line"), "a mobile is a person's");
    worker
        .post(ORGANISATIONS, body_in("party_org", "支部", TONGDEXIANG))
        .await
        .refused(422, "organisations.party_kind");
    assert_eq!(names(&worker, "").await, [""; 0]);
}

#[actix_web::test]
async fn who_registers_what_follows_the_table_of_powers() {
    let app = town().await;
    let industry = app.actor(Role::IndustryParty, DISTRICT).await;
    let authority = app.actor(Role::PropertyAuthority, DISTRICT).await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let firm = app.actor(Role::CompanyAdmin, TONGDEXIANG).await;
    let branch = |area: &str| {
        let mut body = body_in("party_org", "企业支部", area);
        body["party_kind"] = json!("company_branch");
        body
    };
    worker.post(ORGANISATIONS, branch(TONGDEXIANG)).await.refused(403, "organisations.branch_by_industry_party");
    industry.post(ORGANISATIONS, branch(DISTRICT)).await.expect(201);
    let court = body_in("court", "法院", DISTRICT);
    for who in [&industry, &authority] {
        who.post(ORGANISATIONS, court.clone()).await.refused(403, "organisations.not_yours");
    }
    firm.post(ORGANISATIONS, body_in("supplier", "供应商", TONGDEXIANG)).await.refused(403, "organisations.not_yours");
    authority.post(ORGANISATIONS, body_in("property_company", "物业", DISTRICT)).await.expect(201);
    worker.post(ORGANISATIONS, body_in("property_company", "物业", DISTRICT)).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_body_is_changed_member_by_member() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = body(&worker, "co_located_unit", "第三小学", TONGDEXIANG).await;
    let path = format!("{ORGANISATIONS}/{}", row.id);
    let patch = json!({ "name": "第四小学", "details": { "unit": { "sector": "学校" } }, "uscc": credit_code(2) });
    let reply = worker.patch(&path, "\"v1\"", patch.clone()).await.expect(200);
    let now: OrganisationOut = reply.json();
    assert_eq!((now.name.as_str(), now.version, reply.etag().as_str()), ("第四小学", 2, "\"v2\""));
    let same: OrganisationOut = worker.patch(&path, "\"v2\"", patch).await.expect(200).json();
    assert_eq!(same.version, 2, "what changes nothing makes no version");
    worker.patch(&path, "\"v1\"", json!({ "name": "x" })).await.refused(412, "version_stale");
    worker.patch(&path, "*", json!({ "uscc": "91620902MA00000010" })).await.refused(422, "organisations.uscc_invalid");
    worker
        .patch(&path, "*", json!({ "details": { "council": { "seats": 3 } } }))
        .await
        .refused(422, "organisations.details_unfit");
    let cleared: OrganisationOut = worker.patch(&path, "*", json!({ "uscc": null })).await.expect(200).json();
    assert_eq!(cleared.uscc, None);
    let history: EventPage = worker.get(&format!("{path}/history")).await.json();
    let events: Vec<&str> = history.items.iter().map(|event| event.event.as_str()).collect();
    assert_eq!(events, ["organisation.created", "organisation.changed", "organisation.changed"]);
    assert!(history.items.iter().all(|event| event.intact));
}

#[actix_web::test]
async fn states_follow_one_another_and_the_end_is_the_end() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = body(&worker, "mutual_aid_association", "互助会", TONGDEXIANG).await;
    let path = format!("{ORGANISATIONS}/{}/status", row.id);
    for wrong in ["suspended", "exiting", "exited"] {
        step(&worker, &path, to_status(wrong)).await.refused(409, "organisations.step");
    }
    worker.post(&path, to_status("active")).await.refused(428, "version_required");
    for (status, is) in
        [("active", OrgStatus::Active), ("suspended", OrgStatus::Suspended), ("active", OrgStatus::Active)]
    {
        let now: OrganisationOut = taken(&worker, &path, to_status(status)).await;
        assert_eq!(now.status, is);
    }
    let future = json!({ "status": "dissolved", "on": "2024-01-16", "reason": "x" });
    step(&worker, &path, future).await.refused(422, "organisations.in_the_future");
    let early = json!({ "status": "dissolved", "on": "2022-12-31", "reason": "x" });
    step(&worker, &path, early).await.refused(422, "organisations.too_early");
    let over: OrganisationOut = taken(&worker, &path, to_status("dissolved")).await;
    assert_eq!(over.ended_on.map(|day| day.to_string()).as_deref(), Some("2024-01-10"));
    step(&worker, &path, to_status("active")).await.refused(409, "organisations.ended");
    worker
        .patch(&format!("{ORGANISATIONS}/{}", row.id), "*", json!({ "name": "x" }))
        .await
        .refused(409, "organisations.ended");
    assert_eq!(names(&worker, "").await, [""; 0]);
    assert_eq!(names(&worker, "status=dissolved").await, ["互助会"]);
}

#[actix_web::test]
async fn a_company_exits_only_when_all_is_handed_over() {
    let town = Town::new().await;
    town.filed().await;
    let path = format!("{ORGANISATIONS}/{}/status", town.company.id);
    let leaving: OrganisationOut = taken(&town.district, &path, to_status("exiting")).await;
    assert_eq!(leaving.status, OrgStatus::Exiting);
    step(&town.district, &path, to_status("exited")).await.refused(422, "organisations.still_serving");
    step(&town.district, &path, to_status("dissolved")).await.refused(409, "organisations.step");
    let idle = company(&town.district, "测试·空壳物业").await;
    let path = format!("{ORGANISATIONS}/{}/status", idle.id);
    taken::<OrganisationOut>(&town.district, &path, to_status("exiting")).await;
    let gone: OrganisationOut = taken(&town.district, &path, to_status("exited")).await;
    assert!(gone.ended_on.is_some());
}

#[actix_web::test]
async fn bodies_are_filtered_by_kind_area_state_and_name() {
    let app = town().await;
    let (district, worker) = (app.district().await, app.community_worker(TONGDEXIANG).await);
    company(&district, "第一物业").await;
    body(&district, "property_company", "第二物业", DISTRICT).await;
    body(&worker, "residents_committee", "同德巷居委会", TONGDEXIANG).await;
    party_org(&worker, "community_committee", "同德巷社区党委", TONGDEXIANG).await;
    assert_eq!(names(&district, "kind=property_company").await, ["第一物业", "第二物业"]);
    assert_eq!(names(&district, "status=active").await, ["第一物业"]);
    assert_eq!(names(&district, "q=同德巷").await, ["同德巷居委会", "同德巷社区党委"]);
    assert_eq!(names(&district, "party_kind=community_committee").await, ["同德巷社区党委"]);
    assert_eq!(names(&district, &format!("area={TONGDEXIANG}")).await.len(), 2);
    let page: OrganisationPage = district.get(&format!("{ORGANISATIONS}?limit=3&include=total")).await.json();
    assert_eq!((page.items.len(), page.total), (3, Some(4)));
    let cursor = page.next_cursor.expect("a next page");
    assert_eq!(names(&district, &format!("cursor={cursor}")).await.len(), 1);
}
