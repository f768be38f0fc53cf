//! Scenario 4, whole: reported in the group, not mended, up to the community, before the four parties, resolved, done,
//! verified, visited, closed.

use deliberation::meetings::dto::{ActionOut, ResolutionOut, ResolutionStatus};
use delivery::cases::dto::{CaseOut, Status, Tier, TimelinePage};
use platform::auth::Role;
use serde_json::{Value, json};

use super::{Table, advance, check_in, item, item_in, take};
use crate::cases::support::{CASES, contact, finish, leak, taken, taken_now, visit};
use crate::support::actors::TONGDEXIANG;
use crate::territory::made;

#[actix_web::test]
async fn a_case_that_nobody_mended_is_settled_by_four_parties() {
    let mut t = Table::new().await;
    let place = t.w.v.home.compound.area_code.clone();
    let branch = t.w.app().actor(Role::BranchOfficer, &place).await;
    let case: CaseOut = made(t.worker().post(CASES, leak(&place)).await);
    let case = taken(&branch, &case, "accept", json!({})).await;
    let case = taken(&branch, &case, "dispatch", json!({})).await;
    let case = taken(&t.manager.client, &case, "sign", json!({})).await;
    let case = taken(&t.manager.client, &case, "start", contact()).await;
    let case = taken(&t.manager.client, &case, "finish", finish()).await;
    let case = taken(t.worker(), &case, "visits", visit("dissatisfied")).await;
    let case = taken(&t.manager.client, &case, "finish", finish()).await;
    let case = taken(t.worker(), &case, "visits", visit("dissatisfied")).await;
    assert_eq!((case.status, case.tier, case.round), (Status::InProgress, Tier::Community, 3));

    // Onto the agenda of the four parties.
    let meeting = t.planned().await;
    let mut about = item_in("3号楼管道漏水", "deliberation");
    (about["source_kind"], about["source_id"]) = (json!("case"), json!(case.id));
    let meeting = item(t.worker(), &meeting, about).await;
    let meeting = advance(t.worker(), &meeting, "notify", Value::Null).await;
    t.days_later(5).await;
    let meeting = advance(t.worker(), &meeting, "open", Value::Null).await;
    let code = t.code(&meeting).await;
    for delegate in t.delegates() {
        check_in(&delegate.client, &meeting, &code).await.expect(200);
    }
    let meeting = advance(t.worker(), &meeting, "close", Value::Null).await;
    let row = t.adopted(&meeting, "3号楼管道漏水", "consensus").await;
    assert_eq!(row.case_id, Some(case.id));
    let todo = json!({ "title": "更换立管", "weight": 1, "owner_org_id": t.w.company.id, "due_on": "2024-02-28" });
    let todo: ActionOut = made(t.worker().post(&format!("/v1/resolutions/{}/action-items", row.id), todo).await);
    assert_eq!(todo.source_id.map(|id| id.to_string()), Some(case.id.to_string()), "every item names its source");
    t.published(&meeting).await;
    let timeline: TimelinePage = t.worker().get(&format!("{CASES}/{}/timeline", case.id)).await.expect(200).json();
    let told = serde_json::to_string(&timeline).expect("text");
    assert!(told.contains(&row.number), "the resolution is on the case's timeline: {told}");

    // Done, verified by somebody else, and only then the case with it.
    let settle = format!("/v1/resolutions/{}/settle-case", row.id);
    let settlement = json!({ "outcome": "fixed", "resolution": "立管已更换,试水三日无渗漏。" });
    take(t.worker(), &settle, settlement.clone()).await.refused(409, "resolutions.actions_open");
    let act = |verb: &str| format!("/v1/action-items/{}/{verb}", todo.id);
    take(&t.manager.client, &act("accept"), Value::Null).await.expect(200);
    take(&t.manager.client, &act("submit"), json!({ "evidence": "验收单 2024-017" })).await.expect(200);
    take(t.worker(), &act("verify"), json!({ "accepted": true, "note": "现场查看,无渗漏" })).await.expect(200);
    take(t.worker(), &settle, settlement).await.expect(200);
    take(t.worker(), &act("close"), Value::Null).await.expect(200);
    let row: ResolutionOut = t.worker().get(&format!("/v1/resolutions/{}", row.id)).await.expect(200).json();
    assert_eq!(row.status, ResolutionStatus::Done);
    let case: CaseOut = t.worker().get(&format!("{CASES}/{}", case.id)).await.expect(200).json();
    assert_eq!(case.status, Status::Done, "the return visit is next");
    assert_eq!(case.resolution.as_deref(), Some("立管已更换,试水三日无渗漏。"));
    let case = taken_now(t.worker(), &case, "visits", visit("satisfied")).await;
    assert_eq!(case.status, Status::Closed);

    // Each party sees what is theirs: the table its meeting, the public no person, another place nothing.
    for delegate in t.delegates() {
        delegate.client.get(&format!("/v1/resolutions/{}", row.id)).await.expect(200);
    }
    t.neighbour.client.get(&format!("{CASES}/{}", case.id)).await.refused(403, "forbidden");
    let outside = t.w.app().actor(Role::CommunitySecretary, "620902005002").await;
    outside.get(&format!("/v1/resolutions/{}", row.id)).await.refused(404, "not_found");
    let screen = t.w.app().anonymous().get(&format!("/v1/screens/{TONGDEXIANG}/events")).await.expect(200).text();
    for shown in ["minutes.published", "resolution.effective"] {
        assert!(screen.contains(shown), "{shown}: {screen}");
    }
    assert!(!screen.contains("测试·") && !screen.contains("漏水\u{ff0c}"), "no word of anybody");
}
