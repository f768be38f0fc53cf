//! One tree: parents that cover, no circles, and the way up and down.

use futures_util::future::join_all;
use roster::organisations::dto::{OrganisationAncestorsOut, OrganisationOut, OrganisationPage};
use serde_json::{Value, json};

use super::{ORGANISATIONS, body, body_in, party_org, step, to_status};
use crate::support::Client;
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::territory::{CANGHOU, made, town};

async fn hang(who: &Client, child: &OrganisationOut, below: Value) -> crate::support::Reply {
    who.patch(&format!("{ORGANISATIONS}/{}", child.id), "*", json!({ "parent_id": below })).await
}

#[actix_web::test]
async fn a_tree_is_walked_up_and_down() {
    let app = town().await;
    let district = app.district().await;
    let top = party_org(&district, "district_coord", "区委组织部", DISTRICT).await;
    let mut chain = vec![top];
    for (kind, name, area) in [
        ("street_work_committee", "西北街街道党工委", STREET),
        ("community_committee", "同德巷社区党委", TONGDEXIANG),
        ("compound_branch", "康盛花园党支部", TONGDEXIANG),
    ] {
        let mut body = body_in("party_org", name, area);
        body["party_kind"] = json!(kind);
        body["parent_id"] = json!(chain.last().expect("a parent").id);
        chain.push(made(district.post(ORGANISATIONS, body).await));
    }
    let leaf = chain.last().expect("a leaf");
    let up: OrganisationAncestorsOut =
        district.get(&format!("{ORGANISATIONS}/{}/ancestors", leaf.id)).await.expect(200).json();
    let ids: Vec<_> = up.items.iter().map(|row| row.id).collect();
    assert_eq!(ids, chain[..3].iter().map(|row| row.id).collect::<Vec<_>>());
    let worker = app.community_worker(TONGDEXIANG).await;
    let seen: OrganisationAncestorsOut =
        worker.get(&format!("{ORGANISATIONS}/{}/ancestors", leaf.id)).await.expect(200).json();
    assert_eq!(seen.items.len(), 3, "those above are no secret to those below");
    let below: OrganisationPage =
        district.get(&format!("{ORGANISATIONS}/{}/children", chain[1].id)).await.expect(200).json();
    assert_eq!(below.items.iter().map(|row| row.id).collect::<Vec<_>>(), [chain[2].id]);
    let end = format!("{ORGANISATIONS}/{}/status", chain[1].id);
    step(&district, &end, to_status("dissolved")).await.refused(409, "organisations.still_in_use");
}

#[actix_web::test]
async fn a_parent_covers_its_children_and_no_circle_closes() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    let top = body(&district, "government_authority", "住建局", DISTRICT).await;
    let here = body(&street, "residents_committee", "同德巷居委会", TONGDEXIANG).await;
    let squad = body(&street, "volunteer_squad", "志愿队", TONGDEXIANG).await;
    let there = body(&street, "residents_committee", "仓后街居委会", CANGHOU).await;
    hang(&street, &squad, json!(here.id)).await.expect(200);
    hang(&street, &here, json!(top.id)).await.expect(200);
    hang(&street, &squad, json!(there.id)).await.refused(422, "organisations.parent_area");
    hang(&street, &here, json!(squad.id)).await.refused(422, "organisations.cycle");
    hang(&street, &here, json!(here.id)).await.refused(422, "organisations.cycle");
    hang(&street, &here, json!(uuid::Uuid::nil())).await.refused(404, "not_found");
    let mut body = body_in("social_org", "社工站", CANGHOU);
    body["parent_id"] = json!(here.id);
    street.post(ORGANISATIONS, body).await.refused(422, "organisations.parent_area");
    let free: OrganisationOut = hang(&street, &squad, json!(null)).await.expect(200).json();
    assert_eq!(free.parent_id, None);
    let end = format!("{ORGANISATIONS}/{}/status", there.id);
    step(&street, &end, to_status("dissolved")).await.expect(200);
    let other = super::body(&street, "volunteer_squad", "仓后志愿队", CANGHOU).await;
    hang(&street, &other, json!(there.id)).await.refused(422, "organisations.parent_missing");
}

#[actix_web::test]
async fn two_that_hang_each_below_the_other_at_once_do_not_both_succeed() {
    let app = town().await;
    let street = app.street().await;
    for round in 0..5 {
        let a = body(&street, "social_org", &format!("甲{round}"), TONGDEXIANG).await;
        let b = body(&street, "social_org", &format!("乙{round}"), TONGDEXIANG).await;
        let replies = join_all([hang(&street, &a, json!(b.id)), hang(&street, &b, json!(a.id))]).await;
        let won = replies.iter().filter(|reply| reply.status() == 200).count();
        assert_eq!(won, 1, "{:?}", replies.iter().map(|r| r.text()).collect::<Vec<_>>());
        for row in [&a, &b] {
            street.get(&format!("{ORGANISATIONS}/{}/ancestors", row.id)).await.expect(200);
        }
    }
}
