//! Scenario 16: the published figures of the seeds come out of the demo, each with numerator and denominator, as far as the
//! contexts of the house feed them; nothing of nothing is `null`.

use std::collections::BTreeMap;

use oversight::statistics::dto::{FigureKey, StatisticOut, StatisticsOut};
use red_steward::demo;

use super::{one, statistics, told};
use crate::demo::{load, log_in};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, TestApp, TestDatabase};

async fn whole_demo() -> TestApp {
    let database = TestDatabase::migrated();
    assert!(load(&database), "the demo is loaded");
    assert!(demo::load_september(&database.open(), demo::SEPTEMBER).expect("September loads"));
    TestApp::spawn_with(database, |_| {}).await
}

const YEAR: &str = "from=2023-01-01&to=2023-12-31";
const SEPTEMBER: &str = "from=2023-09-01&to=2023-09-30";
const UNTIL_OCTOBER: &str = "from=2023-09-01&to=2023-10-31";

#[actix_web::test]
async fn the_figures_of_the_seeds() {
    let app = whole_demo().await;
    let who = log_in(&app, "coord.suzhou").await;
    of_the_district(&who).await;
    of_tongdexiang(&who).await;
    of_cases(&who).await;
    of_stars_and_meetings(&who).await;
    the_parts_make_up_the_whole(&who).await;
    by_category_and_company(&who).await;
    of_handan(&app).await;
    of_nothing(&who).await;
}

async fn is(who: &Client, area: &str, figure: FigureKey, query: &str, expected: (i64, i64, Option<&str>)) {
    let item = one(who, area, figure, query).await;
    assert_eq!(told(&item), expected, "{figure} of {area}");
    assert!(!item.source.is_empty() && !item.formula.is_empty());
}

async fn of_the_district(who: &Client) {
    use FigureKey::*;
    is(who, DISTRICT, ServiceCoverage, "", (424, 459, Some("92.37"))).await;
    is(who, DISTRICT, CommitteeEstablishment, "", (395, 459, Some("86.06"))).await;
    is(who, DISTRICT, PartyOrganisationCoverage, "", (8, 88, Some("9.09"))).await;
    is(who, DISTRICT, PartyWorkCoverage, "", (88, 88, Some("100.00"))).await;
    is(who, DISTRICT, HouseholdsPerGrid, "", (100_000, 636, Some("157.23"))).await;
    // What was published stands beside it, with its source.
    let coverage = one(who, DISTRICT, ServiceCoverage, "").await;
    let published = coverage.reported.first().expect("what was published");
    assert_eq!((published.value.as_deref(), published.numerator), (Some("92.37"), None));
    assert!(published.source.contains("肃州区"));
}

async fn of_tongdexiang(who: &Client) {
    use FigureKey::*;
    is(who, TONGDEXIANG, CommitteePartyShare, "", (52, 111, Some("46.85"))).await;
    is(who, TONGDEXIANG, CommitteeVeteranShare, "", (33, 111, Some("29.73"))).await;
    is(who, TONGDEXIANG, CommitteeSize, "", (111, 21, Some("5.29"))).await;
    is(who, TONGDEXIANG, PersonsPerHousehold, "", (18_519, 5180, Some("3.58"))).await;
}

async fn of_cases(who: &Client) {
    use FigureKey::*;
    is(who, DISTRICT, AcceptedPerDay, YEAR, (198_560, 365, Some("544.00"))).await;
    is(who, DISTRICT, ComplaintRate, YEAR, (2019, 100_000, Some("20.19"))).await;
    is(who, DISTRICT, ComplaintRateChange, YEAR, (-981, 3000, Some("-32.70"))).await;
    is(who, DISTRICT, VisitSatisfaction, SEPTEMBER, (548, 580, Some("94.48"))).await;
    is(who, DISTRICT, VisitRate, SEPTEMBER, (580, 16_320, Some("3.55"))).await;
    is(who, DISTRICT, OnTimeClosure, UNTIL_OCTOBER, (16_320, 16_320, Some("100.00"))).await;
    is(who, DISTRICT, IntakeMinutes, SEPTEMBER, (195_840, 16_320, Some("12.00"))).await;
    is(who, DISTRICT, CoordinationMinutes, SEPTEMBER, (326_400, 16_320, Some("20.00"))).await;
    let closed = parts(&statistics(who, DISTRICT, &format!("?figures=closed_at_level&{YEAR}")).await);
    let expected = [("branch", 11_430), ("community", 3912), ("street", 815), ("district", 163)];
    assert_eq!(closed, BTreeMap::from(expected.map(|(part, n)| (part.to_owned(), (n, 16_320)))));
    // A year later it is the year before: 同比 by its two parts.
    let changed = one(who, DISTRICT, ComplaintRate, &format!("{YEAR}&year_on_year=true")).await;
    let before = changed.year_before.expect("the year before");
    assert_eq!((before.numerator, before.denominator, before.value.as_deref()), (3000, 100_000, Some("30.00")));
    assert_eq!(changed.change.expect("a change").percent.as_deref(), Some("-32.70"));
}

/// Both parts of each part.
fn parts(told: &StatisticsOut) -> BTreeMap<String, (i64, i64)> {
    let named = told.items.iter().filter_map(|item| Some((item.part.clone()?, (item.numerator, item.denominator))));
    named.collect()
}

async fn of_stars_and_meetings(who: &Client) {
    let stars = parts(&statistics(who, DISTRICT, "?figures=star_distribution").await);
    let expected = [("5", 12), ("4", 48), ("3", 96), ("2", 54), ("1", 12), ("0", 3)];
    assert_eq!(stars, BTreeMap::from(expected.map(|(star, n)| (star.to_owned(), (n, 225)))));
    is(who, DISTRICT, FigureKey::ThreeStarsAndAbove, "", (156, 225, Some("69.33"))).await;
    is(who, DISTRICT, FigureKey::FindingYield, YEAR, (196, 196, Some("100.00"))).await;
    let sessions = statistics(who, DISTRICT, &format!("?figures=meeting_sessions&{YEAR}")).await;
    assert_eq!(parts(&sessions).get("four_party_joint/joint"), Some(&(287, 1)));
}

/// Whatever is told apart adds up to what it is told of.
async fn the_parts_make_up_the_whole(who: &Client) {
    let figures = "service_coverage,old_compounds,committee_establishment,on_time_closure,visit_satisfaction,\
        accepted_per_day,three_stars_and_above,committee_party_share";
    for area in [DISTRICT, "620902005"] {
        let query = format!("?figures={figures}&{UNTIL_OCTOBER}");
        let whole = statistics(who, area, &query).await;
        let apart = statistics(who, area, &format!("{query}&by=area")).await;
        for item in &whole.items {
            let of: Vec<&StatisticOut> = apart.items.iter().filter(|part| part.figure == item.figure).collect();
            assert!(of.iter().all(|part| part.group.as_ref().is_some_and(|group| group.name.is_some())), "{area}");
            let numerators: i64 = of.iter().map(|part| part.numerator).sum();
            assert_eq!(numerators, item.numerator, "{} of {area}", item.figure);
            if item.figure != FigureKey::AcceptedPerDay {
                assert_eq!(of.iter().map(|part| part.denominator).sum::<i64>(), item.denominator, "{}", item.figure);
            }
        }
    }
    let streets = statistics(who, DISTRICT, "?figures=service_coverage&by=area").await;
    let names: Vec<String> = streets.items.iter().filter_map(|item| item.group.clone()?.name).collect();
    assert_eq!(names.len(), 7);
    assert!(names.iter().any(|name| name == "西北街街道"));
}

async fn by_category_and_company(who: &Client) {
    let told =
        statistics(who, DISTRICT, &format!("?figures=accepted_per_day,on_time_closure&by=category&{UNTIL_OCTOBER}"))
            .await;
    let of = |figure: FigureKey| told.items.iter().filter(move |item| item.figure == figure);
    assert_eq!(of(FigureKey::AcceptedPerDay).map(|item| item.numerator).sum::<i64>(), 61 * 544);
    assert_eq!(of(FigureKey::OnTimeClosure).map(|item| item.numerator).sum::<i64>(), 16_320);
    let leak =
        of(FigureKey::OnTimeClosure).find(|item| item.group.as_ref().is_some_and(|of| of.code.starts_with("repair/")));
    assert!(leak.is_some_and(|item| item.group.as_ref().is_some_and(|group| group.name.is_some())));
    let told = statistics(who, DISTRICT, "?figures=star_distribution&by=company").await;
    assert_eq!(told.items.iter().map(|item| item.numerator).sum::<i64>(), 225);
    let companies: std::collections::BTreeSet<&str> =
        told.items.iter().filter_map(|item| item.group.as_ref().map(|group| group.code.as_str())).collect();
    assert_eq!(companies.len(), 88);
    assert!(told.items.iter().all(|item| item.group.as_ref().is_some_and(|group| group.name.is_some())));
}

/// F2 on the aggregate that the seed published: the compounds of Handan are not in the register.
async fn of_handan(app: &TestApp) {
    let who = app.actor(platform::auth::Role::DistrictCoord, "1304").await;
    let item = one(&who, "1304", FigureKey::OldCompounds, "").await;
    let published = item.reported.first().expect("what was published");
    assert_eq!((published.numerator, published.denominator), (Some(1172), Some(1531)));
    assert_eq!(published.value.as_deref(), Some("76.55"));
    let before = one(&who, "1304", FigureKey::OldCompounds, "as_of=2019-12-14").await;
    assert!(before.reported.is_empty(), "it was not said yet");
}

async fn of_nothing(who: &Client) {
    let told = statistics(who, DISTRICT, "?as_of=2001-01-01").await;
    assert!(told.items.len() > 25);
    for item in &told.items {
        let counts_something = matches!(item.figure, FigureKey::AcceptedPerDay | FigureKey::MeetingSessions);
        assert_eq!(item.numerator, 0, "{item:?}");
        assert_eq!(item.percent.is_none() && item.value.is_none(), !counts_something, "{item:?}");
    }
}

#[actix_web::test]
async fn a_series_is_what_its_steps_come_to() {
    let app = whole_demo().await;
    let who = log_in(&app, "coord.suzhou").await;
    let series = |figure: &str, step: &str, more: &str| {
        let path = format!("/v1/areas/{DISTRICT}/statistics/series?figure={figure}&step={step}{more}");
        let who = who.clone();
        async move { who.get(&path).await.expect(200).json::<oversight::statistics::dto::FigureSeriesOut>() }
    };
    for (step, points) in [("month", 12), ("quarter", 4), ("year", 1), ("week", 53)] {
        let told = series("accepted_per_day", step, "&from=2023-01-01&to=2023-12-31").await;
        assert_eq!(told.items.len(), points, "{step}");
        assert_eq!(told.items.iter().map(|point| point.numerator).sum::<i64>(), 198_560, "{step}");
        assert_eq!(told.items.iter().map(|point| point.denominator).sum::<i64>(), 365, "{step}");
        assert!(told.items.iter().all(|point| point.value.as_deref() == Some("544.00")), "{step}");
    }
    let days = series("accepted_per_day", "day", "&from=2023-09-01&to=2023-09-30").await;
    assert!(days.items.len() == 30 && days.items.iter().all(|point| point.numerator == 544));
    let quarters = series("three_stars_and_above", "quarter", "&from=2023-04-01&to=2024-01-15").await;
    assert_eq!(quarters.items.last().map(|point| (point.numerator, point.denominator)), Some((156, 225)));
    assert_eq!(quarters.items.len(), 4);
    let changed = series("complaint_rate", "year", "&from=2023-01-01&to=2023-12-31&year_on_year=true").await;
    assert_eq!(changed.items[0].change.as_ref().and_then(|change| change.percent.as_deref()), Some("-32.70"));
    let ours = series("service_coverage", "month", "&from=2023-11-01&to=2024-01-15").await;
    assert_eq!(ours.items.last().map(|point| point.percent.as_deref()), Some(Some("92.37")));
}
