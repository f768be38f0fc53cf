//! The standings of the demo: the figures of domain D4, counted from what anybody reads.

use std::collections::{HashMap, HashSet};

use oversight::standings::dto::{
    BoardEntry, BoardOut, BoardPage, CreditBalanceOut, ListKind, ListingPage, ListingStatus, OrganisationFactsOut,
    PublicListingsOut, RankingOut, RankingPage, StandingProofOut,
};

use super::{demo_app, log_in};
use crate::support::{Client, TestApp};

#[actix_web::test]
async fn rankings_boards_and_lists_are_those_of_the_dataset() {
    let app = demo_app().await;
    let anybody = app.anonymous();
    let rankings = the_rankings(&anybody).await;
    the_board(&anybody, rankings.last().expect("four quarters")).await;
    let listed = the_lists(&app).await;
    the_companies(&app, &listed).await;
}

async fn is_proved(anybody: &Client, path: &str) {
    let proof: StandingProofOut = anybody.get(path).await.expect(200).json();
    assert!(proof.intact, "{path}: {proof:?}");
}

/// 225 projects a quarter, ranked as a reader would rank them, and moved as the quarter before says.
async fn the_rankings(anybody: &Client) -> Vec<RankingOut> {
    let page: RankingPage = anybody.get("/v1/public/rankings?area=620902").await.expect(200).json();
    let quarters: Vec<(i32, i32)> = page.items.iter().rev().map(|item| (item.year, item.quarter)).collect();
    assert_eq!(quarters, [(2023, 1), (2023, 2), (2023, 3), (2023, 4)]);
    let mut all: Vec<RankingOut> = Vec::new();
    for item in page.items.iter().rev() {
        let reply = anybody.get(&format!("/v1/public/rankings/{}", item.id)).await.expect(200);
        let out: RankingOut = reply.json();
        is_proved(anybody, &out.proof).await;
        assert_eq!((out.snapshot.projects, out.snapshot.rows.len()), (225, 225));
        assert!(!reply.text().contains("测试·住建部门"), "who froze it is nobody's");
        let before: HashMap<_, i32> = all.last().map_or_else(HashMap::new, |last: &RankingOut| {
            last.snapshot.rows.iter().map(|row| (row.compound_id, row.rank)).collect()
        });
        let scores: Vec<i32> = out.snapshot.rows.iter().map(|row| row.score).collect();
        assert!(scores.is_sorted_by(|one, other| one >= other));
        for row in &out.snapshot.rows {
            let better = scores.iter().filter(|score| **score > row.score).count();
            assert_eq!(usize::try_from(row.rank).expect("small"), better + 1);
            assert_eq!(row.movement, before.get(&row.compound_id).map(|before| before - row.rank));
        }
        all.push(out);
    }
    let last = all.last().expect("four quarters");
    let stars: Vec<(i32, i64)> = last.snapshot.stars.iter().map(|count| (count.star, count.projects)).collect();
    assert_eq!(stars, [(5, 12), (4, 48), (3, 96), (2, 54), (1, 12), (0, 3)]);
    let share = &last.snapshot.three_stars_and_more;
    assert_eq!((share.numerator, share.denominator, share.percent.as_deref()), (156, 225, Some("69.33")));
    assert!(all[1].snapshot.rows.iter().any(|row| row.movement.is_some_and(|moved| moved != 0)));
    all
}

async fn the_board(anybody: &Client, ranking: &RankingOut) {
    let page: BoardPage = anybody.get("/v1/public/boards?area=620902").await.expect(200).json();
    assert_eq!(page.items.len(), 1);
    let out: BoardOut = anybody.get(&format!("/v1/public/boards/{}", page.items[0].id)).await.expect(200).json();
    is_proved(anybody, &out.proof).await;
    let board = &out.snapshot;
    assert_eq!((board.ranking_id, board.year, board.quarter), (ranking.snapshot.ranking_id, 2023, 4));
    assert_eq!((board.red.len(), board.black.len()), (10, 5));
    let ids = |entries: &[BoardEntry]| entries.iter().map(|entry| entry.compound_id).collect::<Vec<_>>();
    let rows = &ranking.snapshot.rows;
    // The one that a fire capped at one star ranks high by its score, and is not praised.
    let praised = rows.iter().filter(|row| row.star >= 4).take(10).map(|row| row.compound_id);
    assert_eq!(ids(&board.red), praised.collect::<Vec<_>>());
    assert!(rows.iter().take(13).any(|row| row.star == 1 && row.score == 9300));
    assert_eq!(ids(&board.black), rows[220..].iter().rev().map(|row| row.compound_id).collect::<Vec<_>>());
}

async fn the_lists(app: &TestApp) -> PublicListingsOut {
    let anybody = app.anonymous();
    let out: PublicListingsOut = anybody.get("/v1/public/listings?area=620902").await.expect(200).json();
    let of = |list: ListKind| {
        let mut statuses: Vec<ListingStatus> =
            out.listings.iter().filter(|one| one.snapshot.list == list).map(|one| one.status).collect();
        statuses.sort_unstable();
        statuses
    };
    assert_eq!(of(ListKind::Red), [ListingStatus::Active; 10]);
    assert_eq!(of(ListKind::Watch), [ListingStatus::Active; 6]);
    assert_eq!(of(ListKind::Black), [ListingStatus::Objected, ListingStatus::Repaired]);
    let listed: HashSet<_> = out.listings.iter().map(|one| one.snapshot.organisation_id).collect();
    assert_eq!(listed.len(), 18);
    assert!(out.listings.iter().all(|one| one.snapshot.organisation_name.starts_with("测试·")), "only what is made up");
    for one in &out.listings {
        is_proved(&anybody, &one.proof).await;
    }
    let authority = log_in(app, "authority.suzhou").await;
    let page: ListingPage = authority.get("/v1/listings?status=objected").await.expect(200).json();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].objection_due_on.expect("a day").to_string(), "2024-01-16");
    assert!(!page.items[0].objection_overdue);
    out
}

async fn the_companies(app: &TestApp, listed: &PublicListingsOut) {
    let who = app.district().await;
    let of = |list: ListKind, status: ListingStatus| {
        let one = listed.listings.iter().find(|one| one.snapshot.list == list && one.status == status);
        one.expect("an entry").snapshot.organisation_id
    };
    let repaired = of(ListKind::Black, ListingStatus::Repaired);
    let facts = |as_of: &str| format!("/v1/organisations/{repaired}/honour-facts?as_of={as_of}&quarters=4");
    for (as_of, blacklisted) in
        [("2023-03-21", false), ("2023-03-22", true), ("2023-10-08", true), ("2023-10-09", false)]
    {
        let out: OrganisationFactsOut = who.get(&facts(as_of)).await.expect(200).json();
        assert_eq!(out.blacklisted, blacklisted, "{as_of}");
    }
    let out: OrganisationFactsOut = who.get(&facts("2024-01-15")).await.expect(200).json();
    let quarters: Vec<i32> = out.quarters.iter().map(|of| of.quarter).collect();
    assert_eq!(quarters, [4, 3, 2, 1]);
    assert!(out.quarters.iter().all(|of| of.projects == 2), "it serves two compounds");
    for (organisation, balance) in [
        (of(ListKind::Red, ListingStatus::Active), 85),
        (of(ListKind::Watch, ListingStatus::Active), 75),
        (repaired, 60),
        (of(ListKind::Black, ListingStatus::Objected), 65),
    ] {
        let out: CreditBalanceOut =
            who.get(&format!("/v1/organisations/{organisation}/credit-balance")).await.expect(200).json();
        assert_eq!((out.balance, out.events.len()), (balance, 1));
    }
}
