//! What Tongdexiang's people are told, and what they say to each other.

use deliberation::notices::dto::{
    AllianceGroupPage, AllianceParty, AlliancePostOut, AlliancePostPage, NoticeClass, NoticeItem, NoticePage,
};
use delivery::cases::dto::{CaseOut, Channel, Status};
use platform::history::EventPage;
use red_steward::demo;
use serde_json::json;

use super::{demo_app, log_in};
use crate::support::{Client, TestApp};

#[actix_web::test]
async fn what_is_published_and_said_in_tongdexiang() {
    let app = demo_app().await;
    the_notices(&app).await;
    the_group(&app).await;
    the_leak_that_became_a_case(&app).await;
}

async fn notices(who: &Client) -> Vec<NoticeItem> {
    let page: NoticePage = who.get("/v1/notices").await.expect(200).json();
    page.items
}

async fn the_notices(app: &TestApp) {
    let (owner, tenant) = (log_in(app, "owner.kangsheng").await, log_in(app, "tenant.tongdexiang").await);
    let volunteer = log_in(app, "volunteer.first").await;
    let seen = [notices(&owner).await.len(), notices(&tenant).await.len(), notices(&volunteer).await.len()];
    // The compound's is read by whoever is over it or in it, and the one about refuse by those who live there.
    assert_eq!(seen, [4, 3, 3]);
    let here = notices(&owner).await;
    let pinned: Vec<&str> = here.iter().filter(|item| item.pinned).map(|item| item.title.as_str()).collect();
    assert_eq!(pinned, ["冬季用电用气安全提示"]);
    let legal = here.iter().find(|item| item.class == NoticeClass::Legal).expect("a legal notice");
    assert_eq!(legal.period_ends_on.expect("a period").to_string(), "2024-01-17");
    let secretary = log_in(app, "secretary.tongdexiang").await;
    let path = format!("/v1/notices/{}/withdraw", legal.id);
    let reply = secretary.post_with(&path, &[("If-Match", "*")], json!({ "reason": "改期" })).await;
    reply.refused(409, "notices.in_period");
    let posted = secretary.get("/v1/publicities?kind=legal_notice&status=open").await.expect(200).value();
    assert_eq!(posted["items"][0]["entity_id"], json!(legal.id));
}

async fn group_of(who: &Client) -> AllianceGroupPage {
    who.get("/v1/alliance-groups").await.expect(200).json()
}

async fn the_group(app: &TestApp) {
    let mut parties = Vec::new();
    for name in ["worker.tongdexiang", "company.staff", "owner.kangsheng", "tenant.tongdexiang", "oc.chair"] {
        let page = group_of(&log_in(app, name).await).await;
        parties.push(page.items[0].party.expect("a party"));
    }
    let resident = AllianceParty::Resident;
    assert_eq!(parties, [AllianceParty::Community, AllianceParty::Company, resident, resident, resident]);
    assert!(group_of(&log_in(app, "secretary.guanbeigou").await).await.items.is_empty());
    let tenant = log_in(app, "tenant.tongdexiang").await;
    let group = group_of(&tenant).await.items.remove(0);
    let page: AlliancePostPage =
        tenant.get(&format!("/v1/alliance-groups/{}/posts", group.id)).await.expect(200).json();
    let kinds: Vec<&str> = page.items.iter().map(|post| post.kind.as_str()).collect();
    assert_eq!(kinds, ["warning", "praise", "reply", "problem", "notice"]);
}

async fn the_leak_that_became_a_case(app: &TestApp) {
    let (post, case) = demo::leak().expect("the leak");
    let (owner, worker) = (log_in(app, "owner.kangsheng").await, log_in(app, "worker.tongdexiang").await);
    let said: AlliancePostOut = owner.get(&format!("/v1/alliance-posts/{post}")).await.expect(200).json();
    assert!(said.own && said.is_case && said.case_id == Some(case));
    let out: CaseOut = worker.get(&format!("/v1/cases/{case}")).await.expect(200).json();
    assert_eq!((out.channel, out.title.as_str(), out.status), (Channel::Alliance, "管道漏水", Status::Done));
    let history: EventPage = worker.get(&format!("/v1/cases/{case}/history")).await.expect(200).json();
    assert_eq!(history.items[0].data["source"], json!({ "entity": "alliance_post", "entity_id": post }));
    assert!(history.items.iter().all(|event| event.intact));
    let story = owner.get(&format!("/v1/me/cases/{case}/timeline")).await.expect(200).text();
    assert!(story.contains("由三方联盟群内报事转来"));
}
