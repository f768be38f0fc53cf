//! The role that comes with a post, granted and ended with it.

use platform::auth::Role;
use roster::appointments::dto::{AppointmentOut, AppointmentState};
use serde_json::json;

use super::{APPOINTMENTS, World, appointment_in, ending, note, step};
use crate::support::actors::TONGDEXIANG;
use crate::territory::made;

#[actix_web::test]
async fn two_posts_that_bring_one_role_rest_on_one_grant() {
    let w = World::new().await;
    let (_, person) = w.somebody("测试·社工", false).await;
    let (first, second) = (w.seat(&w.residents, "staff", 1).await, w.seat(&w.residents, "staff", 2).await);
    let long = w.appoint(&person, &first, "hired").await;
    let mut body = appointment_in(&person, &second, "hired");
    body["term_to"] = json!("2028-12-31");
    let row: AppointmentOut = made(w.district.post(APPOINTMENTS, body).await);
    let longer: AppointmentOut =
        step(&w.street, &format!("{APPOINTMENTS}/{}/activate", row.id), note()).await.expect(200).json();
    assert_eq!(w.roles(&person).await, ["community_worker"], "one grant");
    let long = w.get(long.id).await;
    assert_eq!(long.grant_id, longer.grant_id, "which both rest on");
    let grant = longer.grant_id.expect("a grant");
    let grant = w.district.get(&format!("/v1/grants/{grant}")).await.expect(200).value();
    assert_eq!(grant["valid_to"], "2028-12-31", "as long as the last of them");

    let end = |id| format!("{APPOINTMENTS}/{id}/end");
    step(&w.street, &end(longer.id), ending("2024-01-15", "resigned")).await.expect(200);
    assert_eq!(w.roles(&person).await, ["community_worker"], "the other post needs it still");
    let grant = w.get(long.id).await.grant_id.expect("a grant");
    let grant = w.district.get(&format!("/v1/grants/{grant}")).await.expect(200).value();
    assert_eq!(grant["valid_to"], "2026-12-31", "and no longer than that");
    step(&w.street, &end(long.id), ending("2024-01-15", "resigned")).await.expect(200);
    assert_eq!(w.roles(&person).await, [""; 0]);
}

#[actix_web::test]
async fn a_role_granted_by_hand_is_left_as_it_is() {
    let w = World::new().await;
    let (_, person) = w.somebody("测试·社工", false).await;
    let grant = json!({ "account_id": person["account_id"], "role": "community_worker", "area_code": TONGDEXIANG,
        "valid_from": "2024-01-01", "reason": "手工授权" });
    w.district.post("/v1/grants", grant).await.expect(201);
    let seat = w.seat(&w.residents, "staff", 1).await;
    let row = w.appoint(&person, &seat, "hired").await;
    assert_eq!((row.state, row.grant_id), (AppointmentState::Active, None), "nothing to add");
    step(&w.street, &format!("{APPOINTMENTS}/{}/end", row.id), ending("2024-01-15", "resigned")).await.expect(200);
    assert_eq!(w.roles(&person).await, ["community_worker"], "what somebody granted is theirs to end");
}

/// The office opens what its role opens, and no longer than the office lasts.
#[actix_web::test]
async fn an_officer_acts_while_in_office_and_not_after() {
    let mut w = World::new().await;
    let (client, person) = w.somebody("测试·社工", false).await;
    let id = super::account_id(&client);
    let (_, other) = w.somebody("测试·居民", false).await;
    let path = format!("/v1/persons/{}", other["id"].as_str().unwrap());
    super::log_in(w.app(), id).await.get(&path).await.refused(403, "forbidden");
    let seat = w.seat(&w.residents, "staff", 1).await;
    let row = w.appoint(&person, &seat, "hired").await;
    super::log_in(w.app(), id).await.get(&path).await.expect(200);
    step(&w.street, &format!("{APPOINTMENTS}/{}/end", row.id), ending("2024-01-15", "removed")).await.expect(200);
    super::log_in(w.app(), id).await.get(&path).await.refused(403, "forbidden");

    // By the calendar alone, without anybody's ending it.
    let seat = w.seat(&w.residents, "staff", 2).await;
    let mut body = appointment_in(&person, &seat, "hired");
    body["term_to"] = json!("2024-01-20");
    let row: AppointmentOut = made(w.district.post(APPOINTMENTS, body).await);
    step(&w.street, &format!("{APPOINTMENTS}/{}/activate", row.id), note()).await.expect(200);
    w.days_later(5).await;
    super::log_in(w.app(), id).await.get(&path).await.expect(200);
    w.days_later(1).await;
    super::log_in(w.app(), id).await.get(&path).await.refused(403, "forbidden");
    let lapsed = w.get(row.id).await;
    assert_eq!(
        (lapsed.state, lapsed.ended_on),
        (AppointmentState::Expired, None),
        "read as it is before it is written down"
    );
    red_steward::tasks::sweep(&w.app().app).await.expect("swept");
    let swept = w.get(row.id).await;
    assert_eq!(
        (swept.state, swept.ended_on.map(|day| day.to_string())),
        (AppointmentState::Expired, Some("2024-01-21".into()))
    );
}

/// A company's own post is held for the company: its role counts wherever the company serves.
#[actix_web::test]
async fn a_companys_administrator_acts_where_the_company_serves() {
    let w = World::new().await;
    let (client, person) = w.somebody("测试·企业管理员", false).await;
    let id = super::account_id(&client);
    let post = w.seat(&w.company, "administrator", 1).await;
    assert_eq!(post.role, Some(Role::CompanyAdmin));
    w.appoint(&person, &post, "hired").await;
    let admin = super::log_in(w.app(), id).await;
    let staff = super::post_in(&w.company, "staff", 7);
    let mut here = staff.clone();
    here["area_code"] = json!(w.v.home.compound.area_code);
    admin.post("/v1/posts", here).await.expect(201);
    admin.post("/v1/posts", super::post_in(&w.residents, "staff", 7)).await.refused(404, "not_found");
}

/// Whoever approves hands out the role, so a role above their own is refused.
#[actix_web::test]
async fn nobody_puts_in_force_what_hands_out_more_than_they_could() {
    let w = World::new().await;
    let committee =
        crate::organisations::party_org(&w.district, "community_committee", "同德巷社区党委", TONGDEXIANG).await;
    let seat = w.seat(&committee, "secretary", 1).await;
    let (_, person) = w.somebody("测试·书记", true).await;
    w.elect(&committee, &person, &seat).await;
    let row: AppointmentOut = made(w.v.worker.post(APPOINTMENTS, appointment_in(&person, &seat, "elected")).await);
    let company = w.app().actor(Role::CompanyAdmin, TONGDEXIANG).await;
    let activate = format!("{APPOINTMENTS}/{}/activate", row.id);
    step(&company, &activate, note()).await.refused(403, "appointments.not_your_organisation");
    step(&w.v.secretary, &activate, note()).await.expect(200);
    assert_eq!(w.roles(&person).await, ["community_secretary"]);
}

/// The office was there before the account: the roles come with the link, go over with another, and go with it.
#[actix_web::test]
async fn an_account_that_is_linked_later_brings_the_roles_of_the_office() {
    let w = World::new().await;
    let row = crate::people::person(&w.v.worker, crate::people::person_in("测试·社工")).await;
    let seats = [w.seat(&w.residents, "staff", 1).await, w.seat(&w.residents, "staff", 2).await];
    let held = [w.appoint(&row, &seats[0], "hired").await, w.appoint(&row, &seats[1], "hired").await];
    assert_eq!(held[0].grant_id, None, "nobody to grant it to");
    let path = format!("/v1/persons/{}", row["id"].as_str().unwrap());
    let account = async || crate::people::account_of(&crate::people::resident(w.app()).await).await;
    let (first, second) = (account().await, account().await);
    let roles = async |of: &str| w.roles(&json!({ "account_id": of })).await;
    let link = async |to: Option<&str>| w.v.worker.patch(&path, "*", json!({ "account_id": to })).await.expect(200);

    link(Some(&first)).await;
    assert_eq!(roles(&first).await, ["community_worker"], "one grant for both");
    let (one, two) = (w.get(held[0].id).await, w.get(held[1].id).await);
    assert!(one.grant_id.is_some() && one.grant_id == two.grant_id);
    link(Some(&second)).await;
    assert_eq!((roles(&first).await, roles(&second).await), (vec![], vec!["community_worker".to_owned()]));
    // What is no link leaves the grants as they are.
    let grant = w.get(held[0].id).await.grant_id;
    w.v.worker.patch(&path, "*", json!({ "name": "测试·社工甲" })).await.expect(200);
    assert_eq!(w.get(held[0].id).await.grant_id, grant);
    link(None).await;
    assert_eq!(roles(&second).await, [""; 0]);
    let row = w.get(held[0].id).await;
    assert_eq!((row.state, row.grant_id), (AppointmentState::Active, None), "the office stays");
    link(Some(&second)).await;
    assert_eq!(roles(&second).await, ["community_worker"]);
    step(&w.street, &format!("{APPOINTMENTS}/{}/end", held[0].id), ending("2024-01-15", "resigned")).await.expect(200);
    assert_eq!(roles(&second).await, ["community_worker"]);
    step(&w.street, &format!("{APPOINTMENTS}/{}/end", held[1].id), ending("2024-01-15", "resigned")).await.expect(200);
    assert_eq!(roles(&second).await, [""; 0]);
}

/// A link hands on what the office brings, so it asks for the same power as a grant by hand.
#[actix_web::test]
async fn nobody_links_an_account_to_an_office_above_their_own() {
    let w = World::new().await;
    let committee =
        crate::organisations::party_org(&w.district, "community_committee", "同德巷社区党委", TONGDEXIANG).await;
    let seat = w.seat(&committee, "secretary", 1).await;
    let row = crate::people::person(&w.v.worker, crate::people::person_in("测试·书记")).await;
    w.join_party(super::person_id(&row)).await;
    w.elect(&committee, &row, &seat).await;
    w.appoint(&row, &seat, "elected").await;
    let account = crate::people::account_of(&crate::people::resident(w.app()).await).await;
    let path = format!("/v1/persons/{}", row["id"].as_str().unwrap());
    let link = json!({ "account_id": account });
    w.v.worker.patch(&path, "*", link.clone()).await.refused(403, "identity.grant_beyond_own");
    let still = w.v.worker.get(&path).await.expect(200).value();
    assert_eq!((&still["account_id"], &still["version"]), (&serde_json::Value::Null, &json!(1)), "nothing is written");
    w.v.secretary.patch(&path, "*", link).await.expect(200);
    assert_eq!(w.roles(&json!({ "account_id": account })).await, ["community_secretary"]);
    let unlink = json!({ "account_id": null });
    w.v.worker.patch(&path, "*", unlink.clone()).await.refused(403, "identity.grant_beyond_own");
    w.v.secretary.patch(&path, "*", unlink).await.expect(200);
    assert_eq!(w.roles(&json!({ "account_id": account })).await, [""; 0]);
}
