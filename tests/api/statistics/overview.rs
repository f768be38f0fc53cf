//! A dashboard in one answer: what is open now and its clocks, figures, meetings, stars, the areas below and thirty days.

use std::sync::atomic::Ordering;

use delivery::cases::dto::{ClockKind, Status};
use oversight::statistics::dto::{FigureKey, OverviewField, OverviewOut};
use serde_json::{Value, json};

use super::{one, overview, told};
use crate::cases::support::{CASES, Desk, taken, visit};
use crate::demo::{loaded, log_in};
use crate::support::TestApp;
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};

fn open(told: &OverviewOut, status: Status) -> i64 {
    let cases = told.cases.as_ref().expect("cases");
    cases.by_status.iter().find(|count| count.status == status).expect("every open state is told").cases
}

#[actix_web::test]
async fn what_is_open_now_with_its_clocks() {
    let mut desk = Desk::new().await;
    desk.reported().await;
    desk.in_progress().await;
    taken(desk.worker(), &desk.done().await, "visits", visit("satisfied")).await;
    // Not for the screen: of what only the parties know nothing is listed, and everything is counted.
    let hidden = json!({ "area_code": desk.place(), "kind": "complaint", "category": "service_quality", "channel": "phone",
        "visibility": "parties", "title": "投诉", "body": "请处理。" });
    let hidden = desk.worker().post(CASES, hidden).await.expect(201).value();
    for area in [DISTRICT, STREET, TONGDEXIANG, desk.place()] {
        let told = overview(&desk.district, area, "").await;
        let cases = told.cases.as_ref().expect("cases");
        assert_eq!((cases.open, cases.overdue), (3, 0), "{area}");
        assert_eq!((open(&told, Status::Submitted), open(&told, Status::InProgress)), (2, 1));
        assert_eq!((cases.reported_today, cases.accepted_today, cases.closed_today), (4, 2, 1));
        let clocks = told.clocks.as_ref().expect("clocks");
        assert!(
            clocks.iter().all(|clock| clock.place == "康盛花园" && clock.area_code == desk.place() && !clock.overdue)
        );
        assert!(clocks.iter().all(|clock| json!(clock.case_id) != hidden["id"]));
        assert!(clocks.iter().any(|clock| clock.clock == ClockKind::Accept && clock.status == Status::Submitted));
        assert!(clocks.iter().any(|clock| clock.clock == ClockKind::Resolve && clock.status == Status::InProgress));
        assert!(clocks.is_sorted_by_key(|clock| clock.due_at), "the most urgent first");
        assert!(clocks.iter().all(|clock| told.fresh_until <= clock.due_at));
        let text = serde_json::to_string(&told).expect("JSON");
        assert!(
            !text.contains("管道漏水") && !text.contains("积水") && !text.contains("测试·"),
            "no words, nobody's name"
        );
        let daily = told.daily.as_ref().expect("thirty days");
        assert_eq!((daily.len(), daily[29].day, daily[29].accepted, daily[29].closed), (30, told.as_of, 2, 1));
    }
    desk.minutes_later(60 * 24 * 14).await;
    let told = overview(&desk.district, TONGDEXIANG, "").await;
    assert_eq!(told.cases.expect("cases").overdue, 3, "the time to resolve runs from the report on");
    assert!(told.clocks.expect("clocks").iter().all(|clock| clock.overdue));
}

#[actix_web::test]
async fn the_areas_below_make_up_the_whole() {
    let app = TestApp::spawn_with(loaded(), |_| {}).await;
    let who = log_in(&app, "coord.suzhou").await;
    let district = overview(&who, DISTRICT, "?days=365").await;
    let children = district.children.as_ref().expect("streets");
    assert_eq!(children.len(), 7);
    let coverage = (
        children.iter().map(|line| line.coverage.numerator).sum::<i64>(),
        children.iter().map(|line| line.coverage.denominator).sum::<i64>(),
    );
    assert_eq!(coverage, (424, 459));
    let cases = district.cases.as_ref().expect("cases");
    assert!(cases.open > 0);
    assert_eq!(children.iter().map(|line| line.open).sum::<i64>(), cases.open);
    assert_eq!(children.iter().map(|line| line.overdue).sum::<i64>(), cases.overdue);
    let figures = district.figures.as_ref().expect("figures");
    let of = |key: FigureKey| figures.iter().find(|figure| figure.figure == key).expect("a figure");
    assert_eq!(of(FigureKey::OnTimeClosure).numerator, children.iter().map(|line| line.on_time.numerator).sum::<i64>());
    let accepted: i64 = children.iter().map(|line| line.accepted).sum();
    assert_eq!((of(FigureKey::AcceptedPerDay).numerator, of(FigureKey::AcceptedPerDay).denominator), (accepted, 365));
    assert_eq!(of(FigureKey::ServiceCoverage).percent.as_deref(), Some("92.37"));

    // The same figures as statistics tell, of the same days.
    let (from, to) = (district.from, district.to);
    for key in [
        FigureKey::OnTimeClosure,
        FigureKey::VisitSatisfaction,
        FigureKey::ComplaintRateChange,
        FigureKey::CommitteePartyShare,
    ] {
        let item = one(&who, DISTRICT, key, &format!("from={from}&to={to}")).await;
        let figure = of(key);
        assert_eq!(told(&item), (figure.numerator, figure.denominator, figure.percent.as_deref()), "{key}");
    }
    let street = overview(&who, STREET, "?days=365").await;
    assert_eq!(street.children.expect("communities").len(), 3);
    let community = overview(&who, TONGDEXIANG, "").await;
    let compounds = community.children.expect("compounds");
    assert!(compounds.len() == 21 && compounds.iter().any(|line| line.name == "康盛花园"));
    assert_eq!(overview(&who, "620902005003-0001", "").await.children.map(|lines| lines.len()), Some(0));
}

#[actix_web::test]
async fn stars_ranking_and_meetings_of_the_demo() {
    let app = TestApp::spawn_with(loaded(), |_| {}).await;
    let who = log_in(&app, "coord.suzhou").await;
    let told = overview(&who, DISTRICT, "").await;
    let stars = told.stars.expect("stars");
    assert_eq!((stars.year, stars.quarter, stars.rated), (Some(2023), Some(4), 225));
    let counts: Vec<i64> = stars.stars.iter().map(|share| share.projects.numerator).collect();
    assert_eq!((counts.as_slice(), stars.three_and_above.numerator), ([12, 48, 96, 54, 12, 3].as_slice(), 156));
    let ranking = told.ranking.expect("a ranking");
    assert_eq!((ranking.year, ranking.quarter, ranking.top.len()), (Some(2023), Some(4), 10));
    assert!(ranking.top.is_sorted_by_key(|row| row.rank) && ranking.top[0].rank == 1);
    let own = overview(&who, TONGDEXIANG, "").await.ranking.expect("the district's");
    assert_eq!(own.ranking_id, ranking.ranking_id);
    assert!(own.top.len() == 5 && own.top.iter().all(|row| row.area_code.starts_with(TONGDEXIANG)));
    let year = overview(&who, DISTRICT, "?days=366").await.meetings.expect("meetings");
    assert!(year.sessions > 200 && year.open_actions >= year.overdue_actions);
}

#[actix_web::test]
async fn only_what_is_asked_for_is_told_and_read() {
    let desk = Desk::new().await;
    let statements = desk.app().watch_statements().await;
    let whole = desk.district.get(&format!("/v1/areas/{DISTRICT}/overview")).await.expect(200).value();
    let all = statements.swap(0, Ordering::Relaxed);
    for field in OverviewField::ALL {
        assert!(whole.get(field.as_str()).is_some(), "{field}");
        let told =
            desk.district.get(&format!("/v1/areas/{DISTRICT}/overview?fields={field}")).await.expect(200).value();
        let members: Vec<&str> = told.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(members.len(), 7, "{members:?}");
        assert_eq!(told[field.as_str()], whole[field.as_str()], "{field}");
        let asked = statements.swap(0, Ordering::Relaxed);
        assert!(asked < all, "{field}: {asked} of {all} statements");
    }
}

#[actix_web::test]
async fn as_many_statements_for_a_district_as_for_a_community() {
    let app = TestApp::spawn_with(loaded(), |_| {}).await;
    let who = log_in(&app, "coord.suzhou").await;
    let statements = app.watch_statements().await;
    let mut counts = Vec::new();
    for area in [DISTRICT, STREET, TONGDEXIANG, "620902004007"] {
        statements.store(0, Ordering::Relaxed);
        overview(&who, area, "").await;
        counts.push(statements.load(Ordering::Relaxed));
    }
    assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    assert!(counts[0] <= 30, "{counts:?}");
}

#[actix_web::test]
async fn an_empty_area_has_figures_of_nothing() {
    let app = crate::territory::town().await;
    let who = app.district().await;
    let told = overview(&who, "620902001003", "").await;
    for figure in told.figures.expect("figures") {
        let counts = figure.figure == FigureKey::AcceptedPerDay;
        assert_eq!(figure.percent.is_none() && figure.value.is_none(), !counts, "{figure:?}");
    }
    let stars = told.stars.expect("stars");
    assert_eq!((stars.year, stars.rated, stars.three_and_above.percent), (None, 0, None));
    assert_eq!(told.ranking.map(|ranking| (ranking.ranking_id, ranking.top.len())), Some((None, 0)));
    let value: Value = who.get("/v1/areas/620902001003/overview").await.expect(200).value();
    assert_eq!(value["meetings"]["yield_rate"]["percent"], Value::Null);
}
