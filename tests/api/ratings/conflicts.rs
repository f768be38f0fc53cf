//! 回避: nobody scores whom they are bound to, neither when they are assigned nor when they score.

use platform::auth::Role;
use registry::identity::{self, AccountId, GrantId, NewGrantSpec};
use roster::organisations::OrganisationId;
use roster::people::PersonId;
use serde_json::{Value, json};

use super::{Assessor, Rating, points};
use crate::cases::support::account_of;
use crate::support::actors::{DISTRICT, TONGDEXIANG};

/// Gives an account a role for a company.
async fn employ(rating: &Rating, account: &str, organisation: uuid::Uuid) {
    let account = AccountId(account.parse().expect("an id"));
    let (now, today) = (rating.app().clock.now(), rating.app().clock.today());
    let granted = rating.app().app.db.write(move |c| {
        let area = identity::home_of(c, organisation)?.expect("an organisation that roles are held for");
        let grant = NewGrantSpec {
            id: GrantId::fresh(),
            account,
            role: Role::CompanyStaff,
            area,
            organisation: Some(organisation),
            valid_from: today,
            valid_to: None,
            reason: "测试".into(),
            actor: None,
            at: now,
        };
        identity::grant_role(c, grant).map(drop)
    });
    granted.await.expect("granted");
}

/// Declares that the person behind an account owns a share of the company.
async fn owns(rating: &Rating, account: &str) {
    let worker = &rating.town.worker;
    let person = json!({ "area_code": TONGDEXIANG, "name": "测试·股东" });
    let person = worker.post("/v1/persons", person).await.expect(201).value();
    // The account lies above the community, which therefore could not say whose it is.
    let (id, account) = (person["id"].as_str().expect("an id").to_owned(), account.to_owned());
    let named = rating.app().app.db.write(move |c| {
        use diesel::prelude::*;
        use roster::schema::persons;
        let (id, account): (uuid::Uuid, uuid::Uuid) = (id.parse().expect("an id"), account.parse().expect("an id"));
        let target = persons::table.find(PersonId(id));
        Ok(diesel::update(target).set(persons::account_id.eq(Some(AccountId(account)))).execute(c)?)
    });
    assert_eq!(named.await.expect("named"), 1);
    let declaration = json!({ "person_id": person["id"], "organisation_id": rating.town.company.id,
        "relation": "shareholder", "declared_on": "2024-01-10" });
    worker.post("/v1/interest-declarations", declaration).await.expect(201);
}

async fn refused(rating: &Rating, assessor: &Assessor, why: &str) {
    let problem = rating.assign(assessor.on(&rating.project)).await.refused(422, "ratings.conflict_of_interest");
    let fault = &problem.errors[0];
    assert_eq!((fault.pointer.as_deref(), fault.code.as_str()), (Some("#/project_ids/0"), why));
}

#[actix_web::test]
async fn whoever_is_bound_is_not_assigned() {
    let rating = Rating::claiming().await;
    let employee = Assessor::new(rating.app(), "peer").await;
    employ(&rating, &employee.account, rating.town.company.id.0).await;
    refused(&rating, &employee, "role").await;
    let shareholder = Assessor::new(rating.app(), "peer").await;
    owns(&rating, &shareholder.account).await;
    refused(&rating, &shareholder, "interest").await;
    let room = format!("{}-001-01-0101", rating.project.area_code);
    let owner = rating.app().actor_with(&[(Role::Assessor, DISTRICT), (Role::Owner, &room)]).await;
    let owner = Assessor { account: account_of(&owner).await, client: owner, panel: "authority" };
    refused(&rating, &owner, "home").await;
    // A peer of another company is no conflict.
    let other = crate::organisations::company(rating.district(), "测试·第二物业").await;
    let peer = Assessor::new(rating.app(), "peer").await;
    employ(&rating, &peer.account, other.id.0).await;
    rating.assign(peer.on(&rating.project)).await.expect(201);
}

#[actix_web::test]
async fn whoever_owns_the_company_s_owner_is_not_assigned() {
    let rating = Rating::claiming().await;
    let holding = crate::organisations::company(rating.district(), "测试·控股物业").await;
    let group = crate::organisations::company(rating.district(), "测试·集团物业").await;
    let sister = crate::organisations::company(rating.district(), "测试·姊妹物业").await;
    for (child, parent) in [(rating.town.company.id, holding.id), (holding.id, group.id), (sister.id, group.id)] {
        adopt(&rating, child, parent).await;
    }
    for owner in [&holding, &group] {
        let manager = Assessor::new(rating.app(), "peer").await;
        employ(&rating, &manager.account, owner.id.0).await;
        refused(&rating, &manager, "role").await;
    }
    // Who works beside it under the same owner does not own it.
    let peer = Assessor::new(rating.app(), "peer").await;
    employ(&rating, &peer.account, sister.id.0).await;
    rating.assign(peer.on(&rating.project)).await.expect(201);
}

async fn adopt(rating: &Rating, child: OrganisationId, parent: OrganisationId) {
    let adopted = rating.app().app.db.write(move |c| {
        use diesel::prelude::*;
        use roster::schema::organisations;
        let target = organisations::table.find(child);
        Ok(diesel::update(target).set(organisations::parent_id.eq(Some(parent))).execute(c)?)
    });
    assert_eq!(adopted.await.expect("adopted"), 1);
}

#[actix_web::test]
async fn whoever_is_bound_since_does_not_score() {
    let rating = Rating::assessing().await;
    let [authority, association, peer] = rating.assessors.as_slice() else { panic!("three panels") };
    let begun: Value = rating.begin(&authority.client, points(90)).await.expect(201).value();
    owns(&rating, &authority.account).await;
    employ(&rating, &association.account, rating.town.company.id.0).await;
    let path = format!("/v1/rating-sheets/{}/submit", begun["id"].as_str().expect("an id"));
    let late = authority.client.post_with(&path, &[("If-Match", "*")], Value::Null).await;
    late.refused(422, "ratings.conflict_of_interest");
    rating.begin(&association.client, points(90)).await.refused(422, "ratings.conflict_of_interest");
    rating.begin(&peer.client, points(90)).await.expect(201);
}

#[actix_web::test]
async fn who_is_no_assessor_there_or_on_another_panel_is_not_assigned() {
    let rating = Rating::claiming().await;
    let worker = account_of(&rating.town.worker).await;
    let body = |account: &str, panel: &str| json!({ "account_id": account, "panel": panel, "project_ids": [rating.project.id] });
    rating.assign(body(&worker, "authority")).await.refused(422, "ratings.not_assessor");
    let elsewhere = rating.app().actor(Role::Assessor, "620902001").await;
    rating.assign(body(&account_of(&elsewhere).await, "authority")).await.refused(422, "ratings.not_assessor");
    let nobody = "019b0000-0000-7000-8000-00000000dead";
    rating.assign(body(nobody, "authority")).await.refused(422, "ratings.not_assessor");
    let assessor = &rating.assessors[0].account;
    rating.assign(body(assessor, "authority")).await.expect(201);
    rating.assign(body(assessor, "authority")).await.expect(201);
    rating.assign(body(assessor, "peer")).await.refused(409, "ratings.already_on_panel");
    let unknown = json!({ "account_id": assessor, "panel": "authority", "project_ids": [nobody] });
    rating.assign(unknown).await.refused(422, "ratings.project_unknown");
}
