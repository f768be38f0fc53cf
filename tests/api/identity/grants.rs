//! 授权管理

use chrono::Duration;
use platform::auth::Role;
use registry::identity::{
    self,
    dto::{GrantOut, GrantPage, TokensOut},
};
use serde_json::{Value, json};

use super::{COMMUNITY, OTHER_COMMUNITY, PASSWORD, log_in, make_account, own_id, settled_account};
use crate::support::TestApp;

fn grant(account: impl std::fmt::Display, role: &str, area: &str) -> Value {
    json!({ "account_id": account.to_string(), "role": role, "area_code": area, "valid_from": "2020-01-01",
        "reason": "社区换届任职" })
}

fn today(app: &TestApp, plus_days: i64) -> String {
    (app.clock.today() + Duration::days(plus_days)).to_string()
}

#[actix_web::test]
async fn a_role_is_granted_used_and_ended() {
    let app = TestApp::spawn().await;
    let street = app.actor(Role::StreetOfficer, "620902005").await;
    let made = settled_account(&app, &street, "wang.wu", COMMUNITY).await;
    let reply = street.post("/v1/grants", grant(made.account.id, "community_secretary", COMMUNITY)).await;
    assert_eq!(reply.status(), 201);
    let granted: GrantOut = reply.json();
    assert_eq!(reply.header("location"), Some(format!("/v1/grants/{}", granted.id)));
    let tokens = log_in(&app, "wang.wu", PASSWORD).await;
    assert_eq!(app.with_token(&tokens.access_token).get("/v1/grants").await.status(), 200);

    let path = format!("/v1/grants/{}", granted.id);
    assert_eq!(street.get(&path).await.header("etag").as_deref(), Some("\"v1\""));
    let end = format!("{path}/end");
    let reason = || json!({ "reason": "调离" });
    assert_eq!(street.post(&end, reason()).await.status(), 428);
    assert_eq!(street.post_with(&end, &[("If-Match", "\"v9\"")], reason()).await.status(), 412);
    let ended = street.post_with(&end, &[("If-Match", "\"v1\"")], reason()).await;
    assert_eq!(ended.value()["status"], "ended");
    let again = street.post_with(&end, &[("If-Match", "\"v2\"")], reason()).await;
    assert_eq!(again.problem().code, "identity.grant_ended");

    // The old claims still read, but hand out no power; a refresh brings the new ones.
    let stale = app.with_token(&tokens.access_token);
    let attempt = stale.post("/v1/grants", grant(made.account.id, "volunteer", COMMUNITY)).await;
    assert_eq!(attempt.problem().required_scope.as_deref(), Some("grants:write"));
    let reply = app.anonymous().post("/v1/auth/refresh", json!({ "refresh_token": tokens.refresh_token })).await;
    let fresh = app.with_token(&reply.json::<TokensOut>().access_token);
    assert_eq!(fresh.get("/v1/grants").await.status(), 403);
}

#[actix_web::test]
async fn nobody_grants_beyond_their_rank_area_or_to_themselves() {
    let app = TestApp::spawn().await;
    let secretary = app.actor(Role::CommunitySecretary, COMMUNITY).await;
    let made = make_account(&secretary, "wang.wu", COMMUNITY).await;
    let beyond = [
        ("street_officer", COMMUNITY),
        ("platform_admin", COMMUNITY),
        ("grid_worker", OTHER_COMMUNITY),
        ("grid_worker", "620902005"),
        ("grid_worker", ""),
    ];
    for (role, area) in beyond {
        let reply = secretary.post("/v1/grants", grant(made.account.id, role, area)).await;
        let outcome = (reply.status(), reply.problem().code);
        assert_eq!(outcome, (403, "identity.grant_beyond_own".to_owned()), "{role} {area}");
    }
    let own = own_id(&secretary).await;
    let reply = secretary.post("/v1/grants", grant(own, "grid_worker", COMMUNITY)).await;
    assert_eq!(reply.problem().code, "identity.grant_to_self");
    assert_eq!(secretary.post("/v1/grants", grant(made.account.id, "grid_worker", COMMUNITY)).await.status(), 201);
}

#[actix_web::test]
async fn a_company_hands_on_company_roles_only() {
    let app = TestApp::spawn().await;
    let company = app.actor(Role::CompanyAdmin, "620902005003-0001").await;
    let made = make_account(&company, "wang.wu", "620902005003-0001").await;
    let allowed = company.post("/v1/grants", grant(made.account.id, "company_staff", "620902005003-0001")).await;
    assert_eq!(allowed.status(), 201);
    let refused = company.post("/v1/grants", grant(made.account.id, "grid_worker", "620902005003-0001")).await;
    assert_eq!(refused.problem().code, "identity.grant_beyond_own");
}

#[actix_web::test]
async fn a_grant_is_well_formed_and_single() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let made = make_account(&admin, "wang.wu", COMMUNITY).await;
    let with = |name: &str, value: Value| {
        let mut body = grant(made.account.id, "grid_worker", COMMUNITY);
        body[name] = value;
        body
    };
    for (name, value) in [
        ("role", json!("emperor")),
        ("area_code", json!("62090200500")),
        ("valid_from", json!("2024-02-30")),
        ("valid_from", json!("9999-01-01")),
        ("valid_to", json!("2019-12-31")),
        ("valid_to", json!(today(&app, -1))),
        ("reason", json!(" ")),
        ("surprise", json!(1)),
    ] {
        let reply = admin.post("/v1/grants", with(name, value.clone())).await;
        assert_eq!(reply.status(), 422, "{name} {value}");
        assert_eq!(reply.problem().errors[0].pointer, Some(format!("#/{name}")));
    }
    let unknown = grant("019b0000-0000-7000-8000-000000000000", "grid_worker", COMMUNITY);
    assert_eq!(admin.post("/v1/grants", unknown).await.status(), 404);
    let key = [("Idempotency-Key", "\"one\"")];
    let body = grant(made.account.id, "grid_worker", COMMUNITY);
    let first = admin.post_with("/v1/grants", &key, body.clone()).await;
    let replay = admin.post_with("/v1/grants", &key, body.clone()).await;
    assert_eq!((replay.status(), replay.value()), (201, first.value()));
    let twice = admin.post("/v1/grants", body).await;
    assert_eq!((twice.status(), twice.problem().code.as_str()), (409, "identity.grant_duplicate"));
}

#[actix_web::test]
async fn a_grant_counts_in_its_period_only_and_then_makes_room() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let made = settled_account(&app, &admin, "wang.wu", COMMUNITY).await;
    let mut body = grant(made.account.id, "community_secretary", COMMUNITY);
    body["valid_from"] = json!(today(&app, 1));
    body["valid_to"] = json!(today(&app, 2));
    let made_grant: GrantOut = admin.post("/v1/grants", body.clone()).await.json();
    let path = format!("/v1/grants/{}", made_grant.id);
    let admin_id = own_id(&admin).await;
    for (status, allowed) in [("pending", 403), ("active", 200), ("active", 200), ("expired", 403)] {
        let tokens = log_in(&app, "wang.wu", PASSWORD).await;
        let admin = app.actor(Role::PlatformAdmin, "").await;
        assert_eq!(admin.get(&path).await.value()["status"], status);
        assert_eq!(app.with_token(&tokens.access_token).get("/v1/accounts").await.status(), allowed, "{status}");
        app.clock.advance(Duration::days(1));
    }
    let admin = app.actor(Role::PlatformAdmin, "").await;
    body["valid_from"] = json!(today(&app, 0));
    body["valid_to"] = Value::Null;
    assert_eq!(admin.post("/v1/grants", body).await.status(), 201, "the lapsed one is not in the way");
    let lapsed: GrantOut = admin.get(&path).await.json();
    assert_eq!((lapsed.version, lapsed.ended_by), (2, None));
    assert_eq!(made_grant.granted_by.map(|id| id.to_string()), Some(admin_id));
}

#[actix_web::test]
async fn grants_are_listed_with_filters_in_ones_own_area() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let secretary = app.actor(Role::CommunitySecretary, COMMUNITY).await;
    let made = make_account(&admin, "wang.wu", COMMUNITY).await;
    let here: GrantOut = admin.post("/v1/grants", grant(made.account.id, "grid_worker", COMMUNITY)).await.json();
    let there: GrantOut = admin.post("/v1/grants", grant(made.account.id, "volunteer", OTHER_COMMUNITY)).await.json();
    let ids = |page: GrantPage| page.items.iter().map(|row| row.id).collect::<Vec<_>>();
    let of_account = format!("/v1/grants?account_id={}", made.account.id);
    assert_eq!(ids(admin.get(&of_account).await.json()), [here.id, there.id]);
    assert_eq!(ids(secretary.get(&of_account).await.json()), [here.id]);
    assert_eq!(ids(admin.get(&format!("{of_account}&role=volunteer")).await.json()), [there.id]);
    assert_eq!(ids(admin.get(&format!("{of_account}&area={COMMUNITY}")).await.json()), [here.id]);
    let end = format!("/v1/grants/{}/end", here.id);
    assert_eq!(admin.post_with(&end, &[("If-Match", "*")], json!({ "reason": "调离" })).await.status(), 200);
    assert_eq!(ids(admin.get(&format!("{of_account}&status=active")).await.json()), [there.id]);
    assert_eq!(ids(admin.get(&format!("{of_account}&status=ended")).await.json()), [here.id]);
    assert_eq!(secretary.get(&format!("/v1/grants/{}", there.id)).await.status(), 404);
    let end = format!("/v1/grants/{}/end", there.id);
    let reply = secretary.post_with(&end, &[("If-Match", "\"v1\"")], json!({ "reason": "试试" })).await;
    assert_eq!(reply.status(), 404);
}

/// A role for an organisation counts wherever that serves, follows it, and ends with it.
#[actix_web::test]
async fn a_role_held_for_an_organisation_counts_where_it_serves() {
    let app = TestApp::spawn().await;
    let (company, now) = (uuid::Uuid::now_v7(), app.clock.now());
    let (near, far) = ("620902005003-0001", "620902001002-0001");
    let write = |work: fn(&mut platform::db::Conn, uuid::Uuid) -> platform::Result<()>| {
        let db = app.app.db.clone();
        async move { db.write(move |c| work(c, company)).await.expect("written") }
    };
    write(|c, id| identity::register_organisation(c, id, "620902")).await;
    write(|c, id| identity::organisation_serves(c, id, "620902005003-0001")).await;
    write(|c, id| identity::organisation_serves(c, id, "620902001002-0001")).await;

    let district = app.actor(Role::DistrictCoord, "620902").await;
    let made = settled_account(&app, &district, "wang.wu", COMMUNITY).await;
    let for_company = |role: &str| {
        json!({ "account_id": made.account.id, "role": role, "organisation_id": company, "valid_from": "2024-01-15",
            "reason": "企业任命" })
    };
    let street = app.actor(Role::StreetOfficer, "620902005").await;
    street.post("/v1/grants", for_company("company_admin")).await.refused(403, "identity.grant_beyond_own");
    district
        .post("/v1/grants", for_company("street_officer"))
        .await
        .refused(422, "identity.grant_not_for_organisations");
    let mut both = for_company("company_admin");
    both["area_code"] = json!(COMMUNITY);
    district.post("/v1/grants", both).await.refused(422, "identity.grant_target");
    let mut unknown = for_company("company_admin");
    unknown["organisation_id"] = json!(uuid::Uuid::now_v7());
    district.post("/v1/grants", unknown).await.refused(422, "identity.organisation_unknown");

    let granted: GrantOut = district.post("/v1/grants", for_company("company_admin")).await.expect(201).json();
    assert_eq!(granted.organisation_id.map(|id| id.0), Some(company));
    district.post("/v1/grants", for_company("company_admin")).await.refused(409, "identity.grant_duplicate");

    let tokens = log_in(&app, "wang.wu", PASSWORD).await;
    let areas = |token: &str| {
        let principal = app.app.tokens.verify(token).expect("a good token");
        let platform::auth::Subject::Account { grants, .. } = principal.subject.clone() else { panic!("an account") };
        grants.iter().map(|grant| grant.area.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(areas(&tokens.access_token), [far, near]);

    // The company's administrator hands on the company's roles and no others.
    let admin = app.with_token(&tokens.access_token);
    let colleague = make_account(&district, "li.si", near).await;
    let mut staff = for_company("company_staff");
    staff["account_id"] = json!(colleague.account.id);
    admin.post("/v1/grants", staff.clone()).await.expect(201);
    staff["role"] = json!("oc_chair");
    admin.post("/v1/grants", staff).await.refused(403, "identity.grant_beyond_own");

    write(|c, id| identity::organisation_leaves(c, id, "620902001002-0001")).await;
    let reply = app.anonymous().post("/v1/auth/refresh", json!({ "refresh_token": tokens.refresh_token })).await;
    let tokens: TokensOut = reply.json();
    assert_eq!(areas(&tokens.access_token), [near]);

    app.app.db.write(move |c| identity::end_organisation(c, company, None, "注销", now)).await.expect("ended");
    let ended: GrantOut = district.get(&format!("/v1/grants/{}", granted.id)).await.expect(200).json();
    assert_eq!(ended.end_reason.as_deref(), Some("注销"));
    district.post("/v1/grants", for_company("company_admin")).await.refused(422, "identity.organisation_unknown");
}

/// Two contracts of one company may be filed at once.
#[actix_web::test]
async fn an_area_that_many_write_down_at_once_is_written_once() {
    use diesel::prelude::*;
    use registry::schema::organisation_areas;
    let app = TestApp::spawn().await;
    let company = uuid::Uuid::now_v7();
    let registered = app.app.db.write(move |c| identity::register_organisation(c, company, "620902"));
    registered.await.expect("registered");
    let writes =
        (0..16).map(|_| app.app.db.write(move |c| identity::organisation_serves(c, company, "620902005003-0001")));
    for written in futures_util::future::join_all(writes).await {
        written.expect("written, or found written");
    }
    let rows: i64 = app.app.db.read(|c| Ok(organisation_areas::table.count().get_result(c)?)).await.expect("a count");
    assert_eq!(rows, 1);
}
