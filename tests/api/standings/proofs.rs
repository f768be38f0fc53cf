//! What is frozen is proved: whatever is edited by SQL is told, to anybody who asks.

use oversight::standings::dto::{BoardItem, RankingId, StandingProofOut};
use platform::auth::Role;
use serde_json::json;

use super::{Office, frozen, rated};
use crate::organisations::Town;
use crate::support::{Client, TestApp};
use crate::territory::{made, run_sql};

async fn proof(anybody: &Client, path: &str) -> StandingProofOut {
    anybody.get(&format!("{path}/proof")).await.expect(200).json()
}

/// Each alteration by itself, and taken back.
async fn told_of(app: &TestApp, path: &str, alterations: &[(&'static str, &'static str)]) {
    let anybody = app.anonymous();
    for (alter, restore) in alterations {
        let before = proof(&anybody, path).await;
        assert!(before.intact && before.chain_intact && before.rows_intact, "before {alter}");
        assert_eq!(before.recorded_hash, before.content_hash);
        run_sql(app, alter).await;
        assert!(!proof(&anybody, path).await.intact, "{alter}");
        run_sql(app, restore).await;
    }
    run_sql(app, "UPDATE history SET data = '{\"content_hash\":\"0\"}' WHERE event IN ('ranking.frozen', 'listing.published', 'board.published')").await;
    let told = proof(&anybody, path).await;
    assert!(!told.intact && !told.chain_intact, "and the chain is broken");
}

async fn ranking(town: &Town) -> RankingId {
    let all = rated(town, &[("甲小区", 9300, 5), ("乙小区", 7000, 3), ("丙小区", 4000, 0)]).await;
    frozen(&town.app, 4, all.into_iter().map(|(_, result)| result).collect()).await
}

#[actix_web::test]
async fn a_ranking_that_is_edited_is_told() {
    let town = Town::new().await;
    let id = ranking(&town).await;
    let alterations = [
        (
            "UPDATE rankings SET document = replace(document, '\"score\":9300', '\"score\":9301')",
            "UPDATE rankings SET document = replace(document, '\"score\":9301', '\"score\":9300')",
        ),
        (
            "UPDATE rankings SET document = replace(document, '\"snapshot\"', '\"snapshut\"')",
            "UPDATE rankings SET document = replace(document, '\"snapshut\"', '\"snapshot\"')",
        ),
        (
            "UPDATE rankings SET content_hash = 'x' || content_hash",
            "UPDATE rankings SET content_hash = substr(content_hash, 2)",
        ),
        // The rows beside it are what facts are told from.
        ("UPDATE ranking_rows SET stars = 4 WHERE stars = 5", "UPDATE ranking_rows SET stars = 5 WHERE stars = 4"),
    ];
    told_of(&town.app, &format!("/v1/public/rankings/{id}"), &alterations).await;
}

#[actix_web::test]
async fn a_board_that_is_edited_is_told() {
    let town = Town::new().await;
    let id = ranking(&town).await;
    let authority = town.app.actor(Role::PropertyAuthority, "620902").await;
    let board: BoardItem = made(authority.post("/v1/boards", json!({ "ranking_id": id })).await);
    let alterations = [
        (
            "UPDATE boards SET document = replace(document, '甲小区', '丁小区')",
            "UPDATE boards SET document = replace(document, '丁小区', '甲小区')",
        ),
        ("UPDATE boards SET quarter = 3", "UPDATE boards SET quarter = 4"),
    ];
    told_of(&town.app, &format!("/v1/public/boards/{}", board.id), &alterations).await;
}

#[actix_web::test]
async fn a_listing_that_is_edited_is_told() {
    let mut o = Office::new().await;
    let row = o.decided().await;
    let path = format!("/v1/public/listings/{}", row.id);
    o.app().anonymous().get(&format!("{path}/proof")).await.refused(404, "not_found");
    let row = super::taken(&o.proposer, &row, "publish", super::publication()).await;
    let told = proof(&o.app().anonymous(), &path).await;
    assert_eq!(told.content_hash, row.content_hash);
    let alterations = [
        (
            "UPDATE listings SET document = replace(document, '拒不移交', '已经移交')",
            "UPDATE listings SET document = replace(document, '已经移交', '拒不移交')",
        ),
        ("UPDATE listings SET valid_to = '2024-06-30'", "UPDATE listings SET valid_to = '2025-01-23'"),
        (
            "UPDATE listings SET ground_code = 'accident_liability'",
            "UPDATE listings SET ground_code = 'handover_refused'",
        ),
    ];
    told_of(o.app(), &path, &alterations).await;
}
