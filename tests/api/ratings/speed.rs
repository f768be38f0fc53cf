//! 225 projects × 40 indicators × 3 scorers and the owners, collated in one transaction within ten times the bare reading of
//! the same rows.

use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use diesel::sql_types::{Bool, Integer, Nullable, Text};
use oversight::ratings::dto::{RatingCampaignOut, RatingResultPage, RatingSchemePage};
use platform::db::{Conn, Either};
use serde_json::{Value, json};

use super::{CAMPAIGNS, PANELS, RESULTS, SCHEMES};
use crate::cases::support::account_of;
use crate::demo::loaded;
use crate::organisations::taken;
use crate::support::actors::DISTRICT;
use crate::support::{Client, TestApp};
use crate::territory::made;

const TIMES: u32 = 10;
const RUNS: usize = 5;

#[derive(diesel::QueryableByName)]
struct Point {
    #[diesel(sql_type = Text)]
    project: String,
    #[diesel(sql_type = Text)]
    panel: String,
    #[diesel(sql_type = Integer)]
    position: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    points: Option<i32>,
    #[diesel(sql_type = Bool)]
    vetoed: bool,
}

/// As each engine writes an id down and makes one.
fn words(c: &mut Conn) -> (&'static str, &'static str, &'static str) {
    match c.either() {
        Either::Postgres(_) => ("gen_random_uuid()", "now()", "s.project_id::text"),
        Either::Sqlite(_) => ("randomblob(16)", "1705280400000000", "hex(s.project_id)"),
    }
}

/// A sheet of every assessor for every project, and how satisfied the owners are.
fn score(c: &mut Conn) -> platform::Result<usize> {
    let (id, now, _) = words(c);
    let of = "FROM rating_projects p JOIN rating_campaigns k ON k.id = p.campaign_id AND k.status = 'assessing'";
    let statements = [
        format!(
            "INSERT INTO rating_sheets SELECT {id}, p.id, k.id, a.id, a.panel, 'first', 'draft', NULL, 1, {now}, {now} \
             {of} JOIN rating_assessors a ON a.campaign_id = k.id"
        ),
        "INSERT INTO rating_points SELECT s.id, i.id, 5 + (i.position * 7) % 6, false, NULL FROM rating_sheets s \
         JOIN rating_campaigns k ON k.id = s.campaign_id AND k.status = 'assessing' \
         JOIN rating_indicators i ON i.scheme_id = k.scheme_id"
            .to_owned(),
        format!("UPDATE rating_sheets SET status = 'submitted', submitted_at = {now} WHERE status = 'draft'"),
        format!(
            "INSERT INTO rating_facts SELECT {id}, p.id, p.area_code, 'satisfaction', NULL, '2024-01-10', 8200, 90, '测评', \
             NULL, NULL, NULL, NULL, 1, {now}, {now} {of}"
        ),
    ];
    let mut rows = 0;
    for statement in statements {
        rows = platform::on_each!(c => diesel::sql_query(&statement).execute(c))?;
    }
    Ok(rows)
}

/// The rows that a collation reads, and nothing else done.
fn bare(c: &mut Conn) -> platform::Result<(usize, Duration)> {
    let (_, _, project) = words(c);
    let sql = format!(
        "SELECT {project} AS project, s.panel, i.position, p.points, p.vetoed FROM rating_points p \
         JOIN rating_sheets s ON s.id = p.sheet_id JOIN rating_campaigns k ON k.id = s.campaign_id \
         JOIN rating_indicators i ON i.id = p.indicator_id \
         WHERE k.year = 2024 ORDER BY p.sheet_id"
    );
    let begun = Instant::now();
    let rows: Vec<Point> = platform::on_each!(c => diesel::sql_query(&sql).load(c))?;
    let took = begun.elapsed();
    assert!(rows.iter().all(|row| !row.project.is_empty() && !row.panel.is_empty() && row.position > 0));
    assert!(rows.iter().all(|row| row.points.is_some_and(|points| (5..=10).contains(&points)) && !row.vetoed));
    Ok((rows.len(), took))
}

async fn assessing(app: &TestApp, district: &Client) -> RatingCampaignOut {
    let schemes: RatingSchemePage = district.get(SCHEMES).await.expect(200).json();
    let body = json!({ "scheme_id": schemes.items[0].id, "area_code": DISTRICT, "year": 2024, "quarter": 1,
        "title": "2024年第一季度" });
    let campaign: RatingCampaignOut = made(district.post(CAMPAIGNS, body).await);
    let at = |verb: &str| format!("{CAMPAIGNS}/{}/{verb}", campaign.id);
    let _: RatingCampaignOut = taken(district, &at("open"), Value::Null).await;
    let projects = district.get(&format!("{}?limit=1", at("projects"))).await.expect(200).value();
    for panel in PANELS {
        let assessor = app.actor(platform::auth::Role::Assessor, DISTRICT).await;
        let body = json!({ "account_id": account_of(&assessor).await, "panel": panel,
            "project_ids": [projects["items"][0]["id"]] });
        district.post(&at("assessors"), body).await.expect(201);
    }
    taken(district, &at("assess"), Value::Null).await
}

#[actix_web::test]
async fn collating_a_district_is_within_ten_times_the_bare_read() {
    let app = TestApp::spawn_with(loaded(), |_| {}).await;
    let district = app.district().await;
    let campaign = assessing(&app, &district).await;
    assert_eq!(app.app.db.write(score).await.expect("scored"), 225);
    let mut least = Duration::MAX;
    for _ in 0..RUNS {
        let (rows, took) = app.app.db.write(bare).await.expect("read");
        assert_eq!(rows, 225 * 40 * 3);
        least = least.min(took);
    }
    let begun = Instant::now();
    let done: RatingCampaignOut = taken(&district, &format!("{CAMPAIGNS}/{}/collate", campaign.id), Value::Null).await;
    let took = begun.elapsed();
    println!("collated in {took:?}, the bare read takes {least:?}");
    assert!(done.collated_at.is_some());
    let path = format!("{RESULTS}?campaign_id={}&include=total&limit=1", campaign.id);
    let page: RatingResultPage = district.get(&path).await.expect(200).json();
    assert_eq!(page.total, Some(225));
    assert!(took <= least * TIMES, "collated in {took:?}, the bare read takes {least:?}");
}
