//! The figures of an area: what counts, when, and that nothing of nothing is no figure.

use std::sync::atomic::Ordering;

use delivery::cases::Step;
use delivery::cases::dto::{CaseFiguresOut, CaseId, CaseKind, Channel, ClockKind, Outcome, Tier, VisitOutcome};
use delivery::cases::past::{self, Ask, Cause, Feed, Handler, Past, Report, Rules};
use delivery::schema::case_clocks;
use diesel::prelude::*;
use platform::auth::Role;
use platform::calendar::Calendar;
use platform::clock::midnight_in_shanghai;
use platform::db::Ts;
use platform::quantity::{Quotient, Ratio};
use registry::identity::AccountId;
use roster::organisations::OrganisationId;
use serde_json::{Value, json};

use super::support::{Desk, finish, take, taken, visit};
use crate::support::Client;
use crate::support::actors::{DISTRICT, TONGDEXIANG};

async fn figures(who: &Client, area: &str, query: &str) -> CaseFiguresOut {
    who.get(&format!("/v1/areas/{area}/case-figures{query}")).await.expect(200).json()
}

fn parts(ratio: &Ratio) -> (i64, i64) {
    (ratio.numerator, ratio.denominator)
}

fn mean(mean: &Quotient) -> (i64, i64, Option<&str>) {
    (mean.numerator, mean.denominator, mean.value.as_deref())
}

#[actix_web::test]
async fn each_step_is_counted_where_and_when_it_happens() {
    let mut desk = Desk::new().await;
    let (first, twin) = (desk.reported().await, desk.reported().await);
    desk.minutes_later(12).await;
    let case = taken(&desk.branch, &first, "accept", json!({})).await;
    let case = taken(&desk.branch, &case, "dispatch", json!({})).await;
    desk.minutes_later(20).await;
    let case = taken(&desk.company, &case, "sign", json!({})).await;
    let case = taken(&desk.company, &case, "start", json!({ "contact_note": "已联系" })).await;
    desk.minutes_later(70).await;
    let case = taken(&desk.company, &case, "finish", finish()).await;
    let case = taken(desk.worker(), &case, "visits", visit("dissatisfied")).await;
    let case = taken(&desk.company, &case, "finish", finish()).await;
    take(desk.worker(), &twin, "merge", json!({ "target_id": first.id })).await.expect(200);
    taken(desk.worker(), &case, "visits", visit("very_satisfied")).await;

    for area in [DISTRICT, TONGDEXIANG, desk.place()] {
        let out = figures(&desk.district, area, "").await;
        assert_eq!((out.from.to_string(), out.to.to_string()), ("2024-01-01".into(), "2024-01-15".into()), "the month");
        assert_eq!(mean(&out.accepted_per_day), (1, 15, Some("0.07")));
        let accepted: Vec<_> = out.accepted.iter().map(|n| (n.kind, n.category.as_str(), n.accepted)).collect();
        assert_eq!(accepted, [(CaseKind::Repair, "pipe_leak", 1)]);
        let channel = |channel| out.reported.iter().find(|n| n.channel == channel).map(|n| n.reported);
        assert_eq!((channel(Channel::Alliance), channel(Channel::Phone)), (Some(2), Some(0)));
        // 两难一慢: the second round is another story.
        assert_eq!(mean(&out.latencies.intake), (12, 1, Some("12.00")));
        assert_eq!(mean(&out.latencies.coordination), (20, 1, Some("20.00")));
        assert_eq!(mean(&out.latencies.implementation), (70, 1, Some("70.00")));
        assert_eq!((parts(&out.duplicates), parts(&out.reopened)), ((1, 2), (1, 1)));
        assert_eq!((parts(&out.satisfaction), parts(&out.visit_rate)), ((1, 2), (2, 1)));
        let closed = |tier| out.closed_at.iter().find(|share| share.tier == tier).map(|share| parts(&share.share));
        assert_eq!((closed(Tier::Branch), closed(Tier::Community)), (Some((1, 1)), Some((0, 1))));
    }
    // Nobody had a day's time yet, so nothing was due.
    let out = figures(&desk.district, DISTRICT, "").await;
    assert_eq!((parts(&out.on_time), out.on_time.percent), ((0, 0), None));
}

#[actix_web::test]
async fn what_is_taken_back_is_counted_back() {
    let desk = Desk::new().await;
    let closed = taken(desk.worker(), &desk.done().await, "visits", visit("satisfied")).await;
    taken(desk.worker(), &closed, "reopen", json!({ "reason": "又漏水了" })).await;
    let (target, twin) = (desk.reported().await, desk.reported().await);
    let merged = taken(desk.worker(), &twin, "merge", json!({ "target_id": target.id })).await;
    taken(desk.worker(), &merged, "unmerge", json!({})).await;
    let out = figures(&desk.district, TONGDEXIANG, "").await;
    assert!(out.closed_at.iter().all(|share| share.share.denominator == 0 && share.share.percent.is_none()));
    assert_eq!((parts(&out.reopened), parts(&out.duplicates)), ((1, 1), (0, 3)));
}

#[actix_web::test]
async fn complaints_about_neighbours_are_none_against_the_company() {
    let desk = Desk::new().await;
    for category in ["service_quality", "noise_complaint"] {
        let body = json!({ "area_code": desk.place(), "kind": "complaint", "category": category, "channel": "phone",
            "title": "投诉", "body": "请处理。" });
        let case = desk.worker().post("/v1/cases", body).await.expect(201).json();
        taken(desk.worker(), &case, "accept", json!({})).await;
    }
    let out = figures(&desk.district, TONGDEXIANG, "").await;
    assert_eq!(out.accepted.iter().map(|n| n.accepted).sum::<i64>(), 2);
    assert_eq!(out.complaints.rate.numerator, 1);
    // The year before nothing was counted: there is nothing to compare with.
    assert_eq!(out.complaints.change.percent, None);
}

#[actix_web::test]
async fn nothing_of_nothing_is_no_figure() {
    let desk = Desk::new().await;
    let out = desk.district.get(&format!("/v1/areas/{TONGDEXIANG}/case-figures?from=2023-01-01&to=2023-01-31")).await;
    let out: Value = out.expect(200).value();
    for ratio in ["on_time", "reopened_on_time", "satisfaction", "visit_rate", "duplicates", "reopened"] {
        assert_eq!((&out[ratio]["denominator"], &out[ratio]["percent"]), (&json!(0), &Value::Null), "{ratio}");
    }
    for latency in ["intake", "coordination", "implementation"] {
        assert_eq!(out["latencies"][latency]["value"], Value::Null, "{latency}");
    }
    assert_eq!(out["accepted_per_day"], json!({ "numerator": 0, "denominator": 31, "value": "0.00" }));
}

#[actix_web::test]
async fn figures_are_for_ones_own_area_and_a_period_that_can_be() {
    let desk = Desk::new().await;
    let path = |area: &str, query: &str| format!("/v1/areas/{area}/case-figures{query}");
    desk.worker().get(&path("620902004007", "")).await.refused(404, "not_found");
    desk.worker().get(&path(DISTRICT, "")).await.refused(404, "not_found");
    desk.district.get(&path("620902999", "")).await.refused(404, "not_found");
    desk.district.get(&path(&format!("{}-001", desk.place()), "")).await.refused(404, "not_found");
    desk.company.get(&path(desk.place(), "")).await.refused(403, "forbidden");
    let patrol = desk.app().actor(Role::ContactLeader, "620902005003001").await;
    patrol.get(&path(TONGDEXIANG, "")).await.expect(200);
    patrol.get(&path(desk.place(), "")).await.refused(404, "not_found");
    for query in
        ["?from=2024-01-02&to=2024-01-01", "?from=2022-01-01&to=2024-01-01", "?as_of=2023-12-31&from=2024-01-01"]
    {
        desk.district.get(&path(DISTRICT, query)).await.refused(400, "bad_parameter");
    }
}

#[actix_web::test]
async fn six_statements_whatever_the_area() {
    let desk = Desk::new().await;
    desk.done().await;
    let statements = desk.app().watch_statements().await;
    for area in ["62", DISTRICT, TONGDEXIANG, desk.place()] {
        let country = desk.app().actor(Role::DistrictCoord, "62").await;
        statements.store(0, Ordering::Relaxed);
        figures(&country, area, "?from=2023-01-16&to=2024-01-15").await;
        let asked = statements.load(Ordering::Relaxed);
        assert!((1..=6).contains(&asked), "{area}: {asked} statements");
    }
}

fn at(day: u32, hour: i64, minute: i64) -> Ts {
    let day = chrono::NaiveDate::from_ymd_opt(2024, 1, day).expect("a day");
    midnight_in_shanghai(day).plus(chrono::Duration::minutes(hour * 60 + minute))
}

/// Somebody at work on a broken road since Monday the 8th at ten: by the rules it is due on Thursday at ten.
fn at_work(rules: &Rules) -> Past<'_> {
    let report = Report {
        id: CaseId::fresh(),
        area_code: TONGDEXIANG.to_owned(),
        community_code: TONGDEXIANG.to_owned(),
        grid_code: None,
        compound_id: None,
        kind: CaseKind::Repair,
        category: "road_damage",
        channel: Channel::Phone,
        title: "路面坑洼".to_owned(),
        body: "路面坑洼。".to_owned(),
        identity: None,
        reporter: None,
        at: at(8, 10, 0),
    };
    let mut case = Past::reported(rules, report).expect("reported");
    let handler = Handler::Organisation(OrganisationId::fresh());
    case.accept((None, at(8, 10, 10))).expect("accepted");
    case.dispatch(handler, (None, at(8, 10, 20))).expect("dispatched");
    case.sign((None, at(8, 10, 30))).expect("signed");
    case.start((None, at(8, 10, 40))).expect("started");
    case
}

fn done(mut case: Past<'_>, when: Ts) -> Past<'_> {
    case.finish((Outcome::Fixed, "已修复。"), (None, when)).expect("done");
    case
}

/// Asked for on Wednesday.
fn extended(mut case: Past<'_>, working_days: i32, decided: Ts) -> Past<'_> {
    let ask = Ask { asked: (AccountId::fresh(), at(10, 9, 0)), decided: Some((AccountId::fresh(), decided)) };
    case.extend(working_days, "等待材料", ask).expect("extended");
    case
}

/// The figures of January, on the 15th at nine, with these cases there.
async fn with(make: impl Fn(&Rules) -> Vec<Past<'_>> + Send + 'static) -> CaseFiguresOut {
    let desk = Desk::new().await;
    let rules = Rules::standard(Calendar::default());
    let written = desk.app().app.db.write(move |c| past::write(c, make(&rules), Feed::Silent)).await;
    written.expect("written");
    figures(&desk.district, TONGDEXIANG, "?from=2024-01-01&to=2024-01-31").await
}

/// The fixture `late` of domain D4: one overdue and open, one late and closed, beside one in time.
#[actix_web::test]
async fn what_is_overdue_counts_against_done_or_not() {
    let out = with(|rules| {
        let late = || done(at_work(rules), at(11, 10, 1));
        let mut closed = late();
        closed.visit((VisitOutcome::Satisfied, None), Some(Step::Close), (None, at(12, 9, 0))).expect("closed");
        vec![done(at_work(rules), at(11, 10, 0)), closed, at_work(rules)]
    })
    .await;
    assert_eq!((parts(&out.on_time), out.on_time.percent.as_deref(), out.overdue_open), ((1, 3), Some("33.33"), 1));
}

/// Asked for in time, an extension counts from the day that it is allowed, even where the old date has passed by then.
#[actix_web::test]
async fn an_extension_replaces_the_date() {
    let out = with(|rules| {
        let in_time = extended(at_work(rules), 1, at(10, 9, 30));
        let afterwards = extended(at_work(rules), 1, at(11, 10, 30));
        let too_late = extended(at_work(rules), 1, at(10, 9, 30));
        vec![done(in_time, at(12, 10, 0)), done(afterwards, at(12, 10, 0)), done(too_late, at(12, 10, 1))]
    })
    .await;
    assert_eq!((parts(&out.on_time), out.overdue_open), ((2, 3), 0));
}

/// A clock's date is also moved when a case is classed otherwise. What it set off by then stands.
#[actix_web::test]
async fn another_date_undoes_no_breach_and_a_pause_is_none() {
    let desk = Desk::new().await;
    let rules = Rules::standard(Calendar::default());
    let made = move |c: &mut platform::db::Conn| {
        let mut overdue = at_work(&rules);
        overdue.ring(at(11, 10, 1));
        let overdue = done(overdue, at(12, 10, 0));
        let moved = overdue.case.id;
        let mut held = at_work(&rules);
        let asked = (AccountId::fresh(), at(9, 10, 0));
        held.hold(Cause::Materials, "等待材料", at(22, 18, 0), asked, (AccountId::fresh(), at(9, 11, 0)))
            .expect("held");
        past::write(c, vec![overdue, held], Feed::Silent)?;
        let resolve = case_clocks::case_id.eq(moved).and(case_clocks::clock.eq(ClockKind::Resolve));
        diesel::update(case_clocks::table.filter(resolve)).set(case_clocks::due_at.eq(at(12, 18, 0))).execute(c)?;
        Ok(())
    };
    desk.app().app.db.write(made).await.expect("written");
    let out = figures(&desk.district, TONGDEXIANG, "?from=2024-01-01&to=2024-01-31").await;
    assert_eq!((parts(&out.on_time), out.overdue_open), ((0, 1), 0));
}
