//! 管理模式变更: proposed with evidence, decided by somebody else, exactly one interval open at any time.

use platform::auth::Role;
use platform::history::EventPage;
use registry::territory::dto::{
    CompoundOut, EvidenceKind, ManagementMode, ModeChangeOut, ModeChangePage, ModeChangeStatus, ModeHistoryOut,
};
use registry::territory::store::modes::intervals;
use serde_json::{Value, json};

use super::{CANGHOU, closing, compound, made, mode_change_in, outsiders, proposal, town};
use crate::support::actors::{STREET, TONGDEXIANG};
use crate::support::{Client, Reply, TestApp};

async fn decide(who: &Client, change: &ModeChangeOut, verb: &str) -> Reply {
    who.post(&format!("/v1/mode-changes/{}/{verb}", change.id), json!({ "note": "材料齐全" })).await
}

async fn propose(who: &Client, of: &CompoundOut, body: Value) -> Reply {
    who.post(&format!("/v1/compounds/{}/mode-changes", of.id), body).await
}

/// The intervals, straight from the table: they follow one another without a gap, and the last one is open.
async fn modes_of(app: &TestApp, of: &CompoundOut) -> Vec<ManagementMode> {
    let id = of.id;
    let rows = app.app.db.read(move |c| intervals(c, id)).await.expect("intervals");
    let open = rows.iter().filter(|row| row.valid_to.is_none()).count();
    assert_eq!(open, 1, "exactly one interval is open");
    assert!(rows.windows(2).all(|pair| pair[0].valid_to == Some(pair[1].valid_from)));
    rows.iter().map(|row| row.mode).collect()
}

#[actix_web::test]
async fn a_confirmed_change_ends_one_interval_and_begins_the_next() {
    let app = town().await;
    let (worker, street) = (app.community_worker(TONGDEXIANG).await, app.street().await);
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let change = proposal(&worker, &row, "2023-06-30").await;
    assert_eq!((change.status, change.decided_by), (ModeChangeStatus::Proposed, None));
    assert_eq!(modes_of(&app, &row).await, [ManagementMode::None], "a proposal changes nothing");

    let decided: ModeChangeOut = decide(&street, &change, "confirm").await.expect(200).json();
    assert_eq!((decided.status, decided.version), (ModeChangeStatus::Confirmed, 2));
    assert_ne!(decided.decided_by, Some(decided.proposed_by));
    assert_eq!(modes_of(&app, &row).await, [ManagementMode::None, ManagementMode::SelfManaged]);
    let path = format!("/v1/compounds/{}", row.id);
    let now: CompoundOut = worker.get(&path).await.json();
    assert_eq!((now.management_mode, now.version), (ManagementMode::SelfManaged, 2));
    let history: ModeHistoryOut = worker.get(&format!("{path}/modes")).await.json();
    assert_eq!(history.items[0].valid_to.map(|day| day.to_string()).as_deref(), Some("2023-06-30"));
    assert_eq!(history.items[1].evidence_reference.as_deref(), Some("居民会议决议 2023-06-20"));
    let events: EventPage = worker.get(&format!("{path}/history")).await.json();
    assert_eq!(events.items[1].event, "compound.mode_changed");
    assert_eq!(events.items[1].data["effective_on"], "2023-06-30");
}

#[actix_web::test]
async fn a_rejected_or_withdrawn_change_changes_nothing_and_clears_the_way() {
    let app = town().await;
    let (worker, street) = (app.community_worker(TONGDEXIANG).await, app.street().await);
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    for (verb, status) in [("reject", ModeChangeStatus::Rejected), ("withdraw", ModeChangeStatus::Withdrawn)] {
        let change = proposal(&worker, &row, "2023-06-30").await;
        let decider = if verb == "reject" { &street } else { &worker };
        let decided: ModeChangeOut = decide(decider, &change, verb).await.expect(200).json();
        assert_eq!(decided.status, status);
        assert_eq!(modes_of(&app, &row).await, [ManagementMode::None]);
    }
    let change = proposal(&worker, &row, "2023-06-30").await;
    decide(&street, &change, "confirm").await.expect(200);
}

#[actix_web::test]
async fn the_proposer_never_decides_and_nobody_else_withdraws() {
    let app = town().await;
    let both = app.actor_with(&[(Role::CommunitySecretary, TONGDEXIANG), (Role::StreetOfficer, STREET)]).await;
    let street = app.street().await;
    let row = compound(&both, TONGDEXIANG, "康盛花园").await;
    let change = proposal(&both, &row, "2023-06-30").await;
    for verb in ["confirm", "reject"] {
        decide(&both, &change, verb).await.refused(403, "territory.own_proposal");
    }
    decide(&street, &change, "withdraw").await.refused(403, "territory.not_the_proposer");
    let still: ModeChangeOut = both.get(&format!("/v1/mode-changes/{}", change.id)).await.json();
    assert_eq!((still.status, still.version), (ModeChangeStatus::Proposed, 1));
    decide(&both, &change, "withdraw").await.expect(200);
}

#[actix_web::test]
async fn a_decided_change_is_not_decided_again() {
    let app = town().await;
    let (worker, street) = (app.community_worker(TONGDEXIANG).await, app.street().await);
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let change = proposal(&worker, &row, "2023-06-30").await;
    decide(&street, &change, "confirm").await.expect(200);
    for verb in ["confirm", "reject"] {
        decide(&street, &change, verb).await.refused(409, "territory.change_decided");
    }
    decide(&worker, &change, "withdraw").await.refused(409, "territory.change_decided");
    assert_eq!(modes_of(&app, &row).await.len(), 2);
}

#[actix_web::test]
async fn one_proposal_at_a_time() {
    let app = town().await;
    let (worker, street) = (app.community_worker(TONGDEXIANG).await, app.street().await);
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    proposal(&worker, &row, "2023-06-30").await;
    let body = mode_change_in(ManagementMode::Professional, EvidenceKind::Contract, "2023-07-01");
    propose(&street, &row, body).await.refused(409, "territory.change_open");
}

#[actix_web::test]
async fn what_cannot_take_effect_is_not_proposed() {
    use EvidenceKind::{Contract, Resolution, StationDecision};
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let (own, hired, none) = (ManagementMode::SelfManaged, ManagementMode::Professional, ManagementMode::None);
    for (mode, evidence, on, status, code) in [
        (none, Resolution, "2023-06-30", 409, "territory.mode_unchanged"),
        (own, Contract, "2023-06-30", 422, "territory.evidence_unfit"),
        (hired, StationDecision, "2023-06-30", 422, "territory.evidence_unfit"),
        (own, Resolution, "2024-01-16", 422, "territory.in_the_future"),
        (own, Resolution, "2020-03-06", 422, "territory.mode_before_current"),
        (own, Resolution, "2019-01-01", 422, "territory.mode_before_current"),
    ] {
        propose(&worker, &row, mode_change_in(mode, evidence, on)).await.refused(status, code);
    }
    let good = mode_change_in(own, Resolution, "2023-06-30");
    let path = format!("/v1/compounds/{}/mode-changes", row.id);
    let faults = [
        ("mode", json!("chaos")),
        ("effective_on", json!("2023-06-31")),
        ("evidence", json!(null)),
        ("evidence", json!({ "kind": "rumour", "reference": "x" })),
        ("reason", json!("")),
        ("reason", json!("长".repeat(501))),
        ("proposed_by", json!("me")),
    ];
    super::refused_at(&worker, &path, &good, &faults).await;
    propose(&worker, &row, mode_change_in(own, Resolution, "2024-01-15")).await.expect(201);
    assert_eq!(modes_of(&app, &row).await, [none]);
}

#[actix_web::test]
async fn a_closed_compound_keeps_its_mode() {
    let app = town().await;
    let (worker, street) = (app.community_worker(TONGDEXIANG).await, app.street().await);
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let change = proposal(&worker, &row, "2023-06-30").await;
    worker.post(&format!("/v1/compounds/{}/close", row.id), closing("2024-01-10")).await.expect(200);
    decide(&street, &change, "confirm").await.refused(409, "territory.already_closed");
    decide(&street, &change, "reject").await.expect(200);
    let body = mode_change_in(ManagementMode::SelfManaged, EvidenceKind::Resolution, "2023-07-01");
    propose(&worker, &row, body).await.refused(409, "territory.already_closed");
}

#[actix_web::test]
async fn mode_changes_of_other_areas_do_not_exist() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let change = proposal(&worker, &row, "2023-06-30").await;
    let path = format!("/v1/mode-changes/{}", change.id);
    let [east, stranger] = outsiders(&app).await;
    let neighbour = app.community_worker(CANGHOU).await;
    for who in [&east, &stranger, &neighbour] {
        who.get(&path).await.refused(404, "not_found");
        assert!(who.get("/v1/mode-changes").await.json::<ModeChangePage>().items.is_empty());
    }
    for verb in ["confirm", "reject", "withdraw"] {
        decide(&east, &change, verb).await.refused(404, "not_found");
    }
    let body = mode_change_in(ManagementMode::SelfManaged, EvidenceKind::Resolution, "2023-07-01");
    propose(&neighbour, &row, body).await.refused(404, "not_found");
}

#[actix_web::test]
async fn mode_changes_are_listed_oldest_first_by_status_and_area() {
    let app = town().await;
    let street = app.actor(Role::StreetOfficer, STREET).await;
    let mut ids = Vec::new();
    for (community, name) in [(TONGDEXIANG, "一号院"), (TONGDEXIANG, "二号院"), (CANGHOU, "三号院")] {
        let worker = app.community_worker(community).await;
        let row = compound(&worker, community, name).await;
        let body = mode_change_in(ManagementMode::SelfManaged, EvidenceKind::Resolution, "2023-06-30");
        let change: ModeChangeOut = made(propose(&worker, &row, body).await);
        ids.push(change.id);
        if name == "二号院" {
            decide(&street, &change, "reject").await.expect(200);
        }
    }
    let listed = async |query: &str| -> Vec<_> {
        let page: ModeChangePage = street.get(&format!("/v1/mode-changes?{query}")).await.expect(200).json();
        page.items.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(listed("").await, ids);
    assert_eq!(listed("status=proposed").await, [ids[0], ids[2]]);
    assert_eq!(listed(&format!("area={TONGDEXIANG}")).await, [ids[0], ids[1]]);
    let page: ModeChangePage = street.get("/v1/mode-changes?limit=2&include=total").await.json();
    assert_eq!(page.total, Some(3));
    let cursor = page.next_cursor.expect("a next page");
    assert_eq!(listed(&format!("limit=2&cursor={cursor}")).await, [ids[2]]);
    assert_eq!(street.get("/v1/mode-changes?status=lost").await.status(), 400);
}
