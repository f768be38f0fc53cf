//! The cases of the demo: the published figures of 2023 (domain D4), each with its two parts, and a desk with work for
//! every persona.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use delivery::cases::dto::{CaseFiguresOut, CaseKind, CasePage, Tier, VisitOutcome};
use delivery::schema::cases;
use diesel::prelude::*;
use platform::history::EventPage;
use platform::quantity::{Quotient, Ratio};
use platform::schema::{history, outbox, rollups};
use red_steward::demo;

use super::{load, log_in};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, TestApp, TestDatabase};

/// With September case by case.
async fn with_september() -> TestApp {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    let database = TestDatabase::filled(&MADE, "september", |database| {
        assert!(load(database), "the demo is loaded");
        let db = database.open();
        assert!(demo::load_september(&db, demo::SEPTEMBER).expect("September loads"));
        assert!(!demo::load_september(&db, demo::SEPTEMBER).expect("it was there already"));
    });
    TestApp::spawn_with(database, |_| {}).await
}

fn ratio(ratio: &Ratio) -> (i64, i64, Option<&str>) {
    (ratio.numerator, ratio.denominator, ratio.percent.as_deref())
}

fn mean(mean: &Quotient) -> (i64, i64, Option<&str>) {
    (mean.numerator, mean.denominator, mean.value.as_deref())
}

async fn figures(who: &Client, area: &str, from: &str, to: &str) -> CaseFiguresOut {
    who.get(&format!("/v1/areas/{area}/case-figures?from={from}&to={to}")).await.expect(200).json()
}

#[actix_web::test]
async fn the_published_figures_of_2023() {
    let app = with_september().await;
    let who = log_in(&app, "coord.suzhou").await;
    the_year(&who).await;
    september(&who).await;
    due_until_october(&who).await;
    the_communities_make_up_the_district(&who).await;
    the_rows_behind_the_counts(&app, &who).await;
    the_counts_are_those_of_the_rows(&app).await;
}

/// F8 and F9, and the split of D4 by weight.
async fn the_year(who: &Client) {
    let out = figures(who, DISTRICT, "2023-01-01", "2023-12-31").await;
    assert_eq!(mean(&out.accepted_per_day), (198_560, 365, Some("544.00")));
    assert_eq!(mean(&out.complaints.rate), (2019, 100_000, Some("20.19")));
    assert_eq!(mean(&out.complaints.rate_before), (3000, 100_000, Some("30.00")));
    assert_eq!(ratio(&out.complaints.change), (-981, 3000, Some("-32.70")));
    let of = |kind: &str, categories: &[&str]| -> i64 {
        let wanted = out.accepted.iter().filter(|count| count.kind.as_str() == kind);
        wanted.filter(|count| categories.is_empty() || categories.contains(&&*count.category)).map(|c| c.accepted).sum()
    };
    let split = [
        (of("repair", &[]), 34),
        (of("complaint", &[]), 8),
        (of("enquiry", &[]), 18),
        (of("service", &["booking"]), 20),
        (of("service", &["payment"]), 15),
        (of("service", &["housekeeping"]), 5),
    ];
    for (count, weight) in split {
        assert!((count - 198_560 * weight / 100).abs() < 1000, "{count} for {weight} %");
    }
    assert_eq!(split.iter().map(|(count, _)| count).sum::<i64>(), 198_560);
    let against: i64 = of("complaint", &["service_quality", "fee_complaint", "staff_conduct"]);
    assert_eq!(against, 2019, "the others are about neighbours");
    // F23: what is there case by case was all closed within the year.
    let closed: Vec<_> = out.closed_at.iter().map(|share| (share.tier, ratio(&share.share))).collect();
    let expected = [
        (Tier::Branch, (11_430, 16_320, Some("70.04"))),
        (Tier::Community, (3912, 16_320, Some("23.97"))),
        (Tier::Street, (815, 16_320, Some("4.99"))),
        (Tier::District, (163, 16_320, Some("1.00"))),
    ];
    assert_eq!(closed, expected);
}

/// F7 and the three latencies.
async fn september(who: &Client) {
    let out = figures(who, DISTRICT, "2023-09-01", "2023-09-30").await;
    assert_eq!(mean(&out.accepted_per_day), (16_320, 30, Some("544.00")));
    assert_eq!(ratio(&out.satisfaction), (548, 580, Some("94.48")));
    assert_eq!(ratio(&out.visit_rate), (580, 16_320, Some("3.55")));
    let visits = |outcome| out.visits.iter().find(|count| count.outcome == outcome).map(|count| count.visits);
    // Each of the twenty was called three times.
    assert_eq!(visits(VisitOutcome::Unreachable), Some(60));
    assert_eq!(visits(VisitOutcome::Dissatisfied), Some(32));
    assert_eq!(ratio(&out.reopened), (32, 16_320, Some("0.20")));
    assert_eq!(ratio(&out.duplicates), (0, 16_320, Some("0.00")));
    assert_eq!(mean(&out.latencies.intake), (195_840, 16_320, Some("12.00")));
    assert_eq!(mean(&out.latencies.coordination), (326_400, 16_320, Some("20.00")));
    assert_eq!(mean(&out.latencies.implementation), IMPLEMENTATION);
}

/// 75 minutes on the average, but for the 25 that waited for material.
const IMPLEMENTATION: (i64, i64, Option<&str>) = (1_411_744, 16_320, Some("86.50"));
/// Of September's cases, those that were due within it: the others were due behind the National Day week.
const DUE_IN_SEPTEMBER: i64 = 12_862;

/// F6.
async fn due_until_october(who: &Client) {
    let out = figures(who, DISTRICT, "2023-09-01", "2023-10-31").await;
    assert_eq!(ratio(&out.on_time), (16_320, 16_320, Some("100.00")));
    assert_eq!(ratio(&out.reopened_on_time), (32, 32, Some("100.00")));
    assert_eq!(out.overdue_open, 0);
    let out = figures(who, DISTRICT, "2023-09-01", "2023-09-30").await;
    assert_eq!(ratio(&out.on_time), (DUE_IN_SEPTEMBER, DUE_IN_SEPTEMBER, Some("100.00")));
}

async fn the_communities_make_up_the_district(who: &Client) {
    let page = who.get("/v1/divisions?level=community&area=620902&limit=100").await.expect(200).value();
    let (mut accepted, mut on_time) = (0, 0);
    let communities = page["items"].as_array().cloned().unwrap_or_default();
    assert_eq!(communities.len(), 21);
    for community in communities {
        let code = community["code"].as_str().expect("a code");
        let out = figures(who, code, "2023-09-01", "2023-10-31").await;
        accepted += out.accepted.iter().map(|count| count.accepted).sum::<i64>();
        on_time += out.on_time.numerator;
    }
    // October is there in counts only.
    assert_eq!((accepted, on_time), (61 * 544, 16_320));
}

async fn the_rows_behind_the_counts(app: &TestApp, who: &Client) {
    let september = "reported_from=2023-08-31T16:00:00Z&reported_to=2023-09-30T16:00:00Z";
    let page: CasePage = who.get(&format!("/v1/cases?{september}&limit=5&include=total")).await.expect(200).json();
    assert_eq!(page.total, Some(16_320));
    let week = "reported_from=2023-08-31T16:00:00Z&reported_to=2023-09-07T16:00:00Z";
    let page7: CasePage = who.get(&format!("/v1/cases?{week}&limit=1&include=total")).await.expect(200).json();
    assert_eq!(page7.total, Some(3808), "the seven days that tests load by themselves");
    for case in &page.items {
        let history: EventPage = who.get(&format!("/v1/cases/{}/history", case.id)).await.expect(200).json();
        assert!(history.items.len() >= 7 && history.items.iter().all(|event| event.intact));
        let mut prev = String::new();
        for event in &history.items {
            assert_eq!(event.prev_hash, prev);
            prev.clone_from(&event.hash);
        }
    }
    let before = platform::db::Ts::from_micros(1_700_000_000_000_000);
    let (kept, told, counted) = app
        .app
        .db
        .read(move |c| {
            let of_case = history::table.filter(history::entity.eq("case").and(history::at.lt(before)));
            let kept: i64 = of_case.count().get_result(c)?;
            let told: i64 =
                outbox::table.filter(outbox::entity.eq("case").and(outbox::at.lt(before))).count().get_result(c)?;
            let counted: Vec<i64> =
                rollups::table.filter(rollups::metric.eq("cases.done")).select(rollups::n).load(c)?;
            Ok((kept, told, counted.iter().sum::<i64>()))
        })
        .await
        .expect("the counts");
    assert!(kept > 7 * 16_320, "{kept} events");
    assert_eq!(told, 0, "what is long past is no news");
    assert!(counted >= 16_320 + 32);
}

/// A case as it was accepted: place, day, kind and category, and the moment.
type Accepted = (String, CaseKind, String, Option<platform::db::Ts>);

/// What was counted with each step is what the rows come to when they are counted again.
async fn the_counts_are_those_of_the_rows(app: &TestApp) {
    let day = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day");
    let (first, last) = (day("2023-09-01"), day("2023-09-30"));
    let (rows, counts) = app
        .app
        .db
        .read(move |c| {
            let columns = (cases::area_code, cases::kind, cases::category, cases::accepted_at);
            let rows: Vec<Accepted> = cases::table.filter(cases::accepted_at.is_not_null()).select(columns).load(c)?;
            let counts: Vec<(String, chrono::NaiveDate, String, i64)> = rollups::table
                .filter(rollups::metric.eq("cases.accepted").and(rollups::day.between(first, last)))
                .select((rollups::area_code, rollups::day, rollups::dimension, rollups::n))
                .load(c)?;
            Ok((rows, counts))
        })
        .await
        .expect("both");
    let mut counted = BTreeMap::new();
    for (area, kind, category, at) in rows {
        let day = platform::clock::date_in_shanghai(at.expect("accepted"));
        if (first..=last).contains(&day) {
            *counted.entry((area, day, format!("{kind}/{category}"))).or_insert(0) += 1;
        }
    }
    let kept: BTreeMap<_, _> =
        counts.into_iter().map(|(area, day, dimension, n)| ((area, day, dimension), n)).collect();
    assert!(counted == kept, "{} and {} counts", counted.len(), kept.len());
}

/// Somebody's list of cases.
async fn listed(who: &Client, filter: &str) -> CasePage {
    who.get(&format!("/v1/cases?limit=100&{filter}")).await.expect(200).json()
}

#[actix_web::test]
async fn every_persona_has_work_today() {
    let app = super::demo_app().await;
    let worker = log_in(&app, "worker.tongdexiang").await;
    let open = listed(&worker, "open=true").await.items;
    assert!((35..=45).contains(&open.len()), "{} cases in Tongdexiang", open.len());
    for status in ["submitted", "accepted", "done"] {
        assert!(!listed(&worker, &format!("status={status}")).await.items.is_empty(), "{status}");
    }
    let now = app.clock.now();
    let tonight = platform::db::Ts::from_micros(now.micros() + 9 * 3_600_000_000);
    assert!(open.iter().any(|case| case.due_at.is_some_and(|due| due < now)), "overdue");
    assert!(open.iter().any(|case| case.due_at.is_some_and(|due| due > now && due < tonight)), "due today");
    for (persona, filter) in [
        ("secretary.tongdexiang", "status=dispatched"),
        ("grid.fulltime", "status=dispatched"),
        ("grid.parttime", "status=in_progress"),
        ("mediator.tongdexiang", "status=dispatched"),
        ("street.xibeijie", "tier=street&open=true"),
        ("street.xincheng", "tier=street&open=true"),
        ("coord.suzhou", "tier=district&open=true"),
        ("authority.suzhou", "tier=district&open=true"),
        ("company.admin", "status=dispatched"),
        ("company.manager", "status=suspended"),
        ("company.staff", "status=signed"),
        ("station.nanxiang", "status=submitted"),
        ("station.nanxiang", "status=dispatched"),
        ("worker.guanbeigou", "status=done"),
        ("secretary.guangsha", "status=submitted"),
        ("auditor.suzhou", "status=merged"),
    ] {
        let who = log_in(&app, persona).await;
        assert!(!listed(&who, filter).await.items.is_empty(), "{persona}: {filter}");
    }
    for (persona, at_least) in [("owner.kangsheng", 6), ("tenant.tongdexiang", 3)] {
        let mine = log_in(&app, persona).await.get("/v1/me/cases?limit=100").await.expect(200).value();
        let count = mine["items"].as_array().map(Vec::len).unwrap_or_default();
        assert!(count >= at_least, "{persona}: {count}");
    }
    let patrol = log_in(&app, "grid.fulltime").await;
    let here = figures(&patrol, TONGDEXIANG, "2024-01-01", "2024-01-15").await;
    assert!(here.overdue_open > 0 && here.accepted_per_day.numerator > 30, "the community of one's grid");
    patrol.get("/v1/areas/620902004007/case-figures").await.refused(404, "not_found");
}
