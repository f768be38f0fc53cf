//! Rankings of results that ratings has confirmed: frozen over HTTP, corrected, and the badge that follows the star.

use oversight::ratings::dto::{
    IndicatorEvidence, IndicatorIn, RatingCampaignId, RatingCampaignStatus, RatingDimension, RatingProjectId,
    RatingResultId, RatingSchemeId, RatingScorer, SchemeTerms,
};
use oversight::ratings::past::{self, PastCampaign, PastProject, PastScheme, PastScores};
use oversight::standings::dto::{
    BoardItem, BoardPage, RankingItem, RankingOut, RankingPage, SnapshotStatus, StandingProofOut,
};
use platform::auth::Role;
use registry::territory::dto::CompoundOut;
use serde_json::json;

use crate::organisations::Town;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Reply};
use crate::territory::{by, compound, made};

const RANKINGS: &str = "/v1/rankings";

/// A town whose projects were rated in the last quarter of 2023, each with the same points from every panel.
struct Rated {
    town: Town,
    authority: Client,
    projects: Vec<(CompoundOut, RatingResultId)>,
}

impl Rated {
    async fn new(scores: &[(&str, i32)]) -> Self {
        let town = Town::new().await;
        let authority = town.app.actor(Role::PropertyAuthority, DISTRICT).await;
        let mut projects = Vec::new();
        let mut past_projects = Vec::new();
        for (name, score) in scores {
            let compound = compound(&town.worker, TONGDEXIANG, name).await;
            let result = RatingResultId::fresh();
            past_projects.push(PastProject {
                id: RatingProjectId::fresh(),
                result,
                compound: compound.id,
                company: town.company.id,
                area_code: compound.area_code.clone(),
                scores: PastScores::Recorded([*score; 4]),
                facts: Vec::new(),
            });
            projects.push((compound, result));
        }
        let (by, scheme) = (by(&town.app), RatingSchemeId::fresh());
        let written = town.app.app.db.write(move |c| {
            past::scheme(c, &scheme_of(scheme, by.at), &by)?;
            let campaign = PastCampaign {
                id: RatingCampaignId::fresh(),
                scheme,
                area_code: DISTRICT,
                year: 2023,
                quarter: 4,
                title: "2023年第四季度星级评定",
                status: RatingCampaignStatus::Monitoring,
                opened_at: by.at,
                confirmed_at: by.at,
                projects: past_projects.clone(),
            };
            past::campaign(c, &campaign, true, &by)
        });
        written.await.expect("rated");
        Self { town, authority, projects }
    }

    async fn freeze(&self) -> Reply {
        self.authority.post(RANKINGS, json!({ "area_code": DISTRICT, "year": 2023, "quarter": 4 })).await
    }

    async fn supersede(&self, row: &RankingItem, reason: &str) -> Reply {
        let tag = format!("\"v{}\"", row.version);
        let path = format!("{RANKINGS}/{}/supersede", row.id);
        self.authority.post_with(&path, &[("If-Match", &tag)], json!({ "reason": reason })).await
    }

    /// A red-line event after the star was confirmed.
    async fn veto(&self, project: usize) {
        let result = self.projects[project].1;
        let body = json!({ "ground": "fire_safety_accident", "occurred_on": "2024-01-10", "source": "消防通报",
            "reason": "消防安全事故" });
        let path = format!("/v1/rating-results/{result}/veto");
        self.authority.post_with(&path, &[("If-Match", "*")], body).await.expect(200);
    }
}

fn scheme_of(id: RatingSchemeId, at: platform::db::Ts) -> PastScheme<'static> {
    let indicator = IndicatorIn {
        code: "FW-01".to_owned(),
        dimension: RatingDimension::Service,
        words: "公共区域每日清扫".to_owned(),
        max_points: 10,
        evidence: IndicatorEvidence::Visit,
        veto: None,
        scorers: vec![RatingScorer::Authority, RatingScorer::Association, RatingScorer::Peer],
    };
    let (title, source) = ("测试办法", "本地规则");
    PastScheme { id, area_code: DISTRICT, title, source, terms: SchemeTerms::usual(), indicators: vec![indicator], at }
}

async fn public(who: &Client, id: &impl std::fmt::Display) -> RankingOut {
    who.get(&format!("/v1/public/rankings/{id}")).await.expect(200).json()
}

fn standing(out: &RankingOut) -> Vec<(String, i32, i32)> {
    out.snapshot.rows.iter().map(|row| (row.compound_name.clone(), row.rank, row.star)).collect()
}

fn told(rows: &[(&str, i32, i32)]) -> Vec<(String, i32, i32)> {
    rows.iter().map(|(name, rank, star)| ((*name).to_owned(), *rank, *star)).collect()
}

#[actix_web::test]
async fn a_quarter_is_ranked_once_and_corrected_by_another() {
    let rated = Rated::new(&[("甲小区", 9300), ("乙小区", 8200), ("丙小区", 8200)]).await;
    let anybody = rated.town.app.anonymous();
    let first: RankingItem = made(rated.freeze().await);
    rated.freeze().await.refused(409, "standings.ranked");
    let before = public(&anybody, &first.id).await;
    assert_eq!(standing(&before), told(&[("甲小区", 1, 5), ("乙小区", 2, 4), ("丙小区", 2, 4)]));
    assert_eq!(before.snapshot.rows[0].result_id, rated.projects[0].1.0);
    let board: BoardItem = made(rated.authority.post("/v1/boards", json!({ "ranking_id": first.id })).await);
    rated.veto(0).await;
    assert_eq!(standing(&public(&anybody, &first.id).await), standing(&before), "what is frozen stays");
    let leaky = rated.supersede(&first, "请致电 13800138000").await.refused(422, "invalid");
    assert_eq!(leaky.errors[0].pointer.as_deref(), Some("#/reason"));
    let second: RankingItem = made(rated.supersede(&first, "一个项目经复核降星").await);
    assert_eq!((second.supersedes, second.status), (Some(first.id), SnapshotStatus::Standing));
    let after = public(&anybody, &second.id).await;
    assert_eq!(standing(&after), told(&[("甲小区", 1, 1), ("乙小区", 2, 4), ("丙小区", 2, 4)]));
    assert_eq!(after.snapshot.reason.as_deref(), Some("一个项目经复核降星"));
    // The old ones stay as they were, and are still proved; the board is the old ranking's.
    for path in [
        format!("/v1/public/rankings/{}/proof", first.id),
        format!("/v1/public/boards/{}/proof", board.id),
        after.proof,
    ] {
        let proof: StandingProofOut = anybody.get(&path).await.expect(200).json();
        assert!(proof.intact, "{path}");
    }
    let latest: RankingOut = anybody.get("/v1/public/rankings/latest?area=620902").await.expect(200).json();
    assert_eq!(latest.content_hash, second.content_hash);
    let page: RankingPage = anybody.get("/v1/public/rankings?area=620902").await.expect(200).json();
    let statuses: Vec<SnapshotStatus> = page.items.iter().map(|item| item.status).collect();
    assert_eq!(statuses, [SnapshotStatus::Standing, SnapshotStatus::Superseded]);
    let boards: BoardPage = anybody.get("/v1/public/boards?area=620902").await.expect(200).json();
    assert_eq!(boards.items[0].status, SnapshotStatus::Superseded);
    let stale = RankingItem { version: 2, ..first.clone() };
    rated.supersede(&stale, "再次更正").await.refused(409, "standings.superseded");
    rated.authority.post("/v1/boards", json!({ "ranking_id": first.id })).await.refused(409, "standings.superseded");
    made::<BoardItem>(rated.authority.post("/v1/boards", json!({ "ranking_id": second.id })).await);
}

#[actix_web::test]
async fn of_two_who_freeze_at_once_one_does() {
    let rated = Rated::new(&[("甲小区", 9300)]).await;
    let (one, other) = futures_util::future::join(rated.freeze(), rated.freeze()).await;
    let mut statuses = [one.status(), other.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[actix_web::test]
async fn a_badge_shows_the_confirmed_star_and_its_quarter() {
    let rated = Rated::new(&[("甲小区", 9300)]).await;
    let anybody = rated.town.app.anonymous();
    let path = format!("/v1/public/compounds/{}/badge.svg", rated.projects[0].0.id);
    let reply = anybody.get(&path).await.expect(200);
    for words in [
        "★★★★★",
        "2023年第4季度",
        "甲小区",
        "<title id=\"t\">甲小区 2023年第4季度 红色物业5星 · 5 stars, 2023 Q4</title>",
    ] {
        assert!(reply.text().contains(words), "{words} in {}", reply.text());
    }
    anybody.get_with(&path, &[("If-None-Match", &reply.etag())]).await.expect(304);
    rated.veto(0).await;
    let after = anybody.get_with(&path, &[("If-None-Match", &reply.etag())]).await.expect(200);
    assert!(after.text().contains("★☆☆☆☆"), "{}", after.text());
}
