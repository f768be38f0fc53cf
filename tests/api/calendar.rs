//! 工作日历 over HTTP: an area's own week, days that replace their weekday, the year's file, and deadlines explained.

use actix_web::http::Method;
use diesel::prelude::*;
use platform::auth::Role;
use platform::calendar::dto::{CalendarDayOut, CalendarOut, ComputedOut, ImportedOut, WeekOut};
use platform::calendar::of_area;
use platform::history::By;
use platform::publicity;
use platform::schema::history;
use serde_json::{Value, json};

use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, TestApp};

const WEEKS: &str = "/v1/calendars";
const DAYS: &str = "/v1/calendar-days";
const IMPORT: &str = "/v1/holiday-imports";

/// 元旦 of 2024 and 春节 with its make-up days, as far as the tests go.
fn file() -> Value {
    let off = (10..=17).map(|day| json!({ "name": "春节", "date": format!("2024-02-{day}"), "isOffDay": true }));
    let made_up = ["2024-02-04", "2024-02-18"].map(|day| json!({ "name": "春节", "date": day, "isOffDay": false }));
    let new_year = ["2023-12-30", "2023-12-31", "2024-01-01"];
    let new_year = new_year.map(|day| json!({ "name": "元旦", "date": day, "isOffDay": true }));
    let days: Vec<Value> = new_year.into_iter().chain(off).chain(made_up).collect();
    json!({ "$schema": "https://example.org/schema.json", "$id": "https://example.org/2024.json", "year": 2024,
        "papers": ["https://www.gov.cn/zhengce/content/202310/content_6911527.htm"], "days": days })
}

fn hours(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(from, to)| json!({ "from": from, "to": to })).collect()
}

/// Monday to Friday from nine to five.
fn nine_to_five() -> Value {
    let (work, off) = (hours(&[("09:00", "17:00")]), hours(&[]));
    json!({ "monday": work, "tuesday": work, "wednesday": work, "thursday": work, "friday": work,
        "saturday": off, "sunday": off })
}

fn day(area: &str, day: &str, hours: Value) -> Value {
    json!({ "area_code": area, "day": day, "hours": hours, "name": "停电检修", "source": "区政府办通知" })
}

/// The country's calendar is the technical role's to bring in.
async fn import(app: &TestApp, file: Value) -> ImportedOut {
    app.actor(Role::PlatformAdmin, "").await.post(IMPORT, file).await.expect(200).json()
}

async fn calendar(who: &Client, area: &str, year: i32) -> CalendarOut {
    who.get(&format!("/v1/areas/{area}/calendar?year={year}")).await.expect(200).json()
}

async fn due(who: &Client, area: &str, start: &str, days: i64) -> ComputedOut {
    let body = json!({ "start": start, "working_days": days, "mode": "business" });
    who.post(&format!("/v1/areas/{area}/calendar/compute"), body).await.expect(200).json()
}

fn counts(done: &ImportedOut) -> [i64; 4] {
    [done.inserted, done.changed, done.unchanged, done.removed]
}

#[actix_web::test]
async fn without_a_row_the_products_own_week_holds() {
    let app = TestApp::spawn().await;
    let found = calendar(&app.street().await, STREET, 2024).await;
    assert_eq!((found.calendar_id, found.week_area_code, found.day_minutes), (None, None, 420));
    assert!(found.days.is_empty() && found.week.saturday.is_empty() && found.week.friday.len() == 2);
    let this_year: CalendarOut = app.street().await.get(&format!("/v1/areas/{STREET}/calendar")).await.json();
    assert_eq!(this_year.year, 2024);
}

#[actix_web::test]
async fn the_file_of_a_year_is_imported_once_however_often_it_comes() {
    let app = TestApp::spawn().await;
    assert_eq!(counts(&import(&app, file()).await), [13, 0, 0, 0]);
    let events = || async {
        let count = |c: &mut _| Ok(history::table.filter(history::entity.eq("calendar_day")).count().get_result(c)?);
        app.app.db.read(count).await.expect("a count")
    };
    let before: i64 = events().await;
    assert_eq!(before, 13, "each day has its history");
    assert_eq!(counts(&import(&app, file()).await), [0, 0, 13, 0]);
    assert_eq!(events().await, before, "the same file again changes nothing");

    // The notice is corrected: one make-up day moves.
    let mut corrected = file();
    corrected["days"][11]["date"] = json!("2024-02-03");
    corrected["days"][12]["name"] = json!("春节补班");
    assert_eq!(counts(&import(&app, corrected).await), [1, 1, 11, 1]);

    let found = calendar(&app.street().await, STREET, 2024).await;
    assert_eq!(found.days.len(), 11, "元旦 of December is in the year before");
    let first = &found.days[0];
    assert_eq!(
        (first.day.to_string().as_str(), first.name.as_str(), first.area_code.as_str()),
        ("2024-01-01", "元旦", "")
    );
    assert!(first.source.contains("gov.cn") && first.hours.as_ref().is_some_and(Vec::is_empty));
    assert_eq!(found.days[1].hours, None, "a make-up day is a regular working day");
    assert_eq!(calendar(&app.street().await, STREET, 2023).await.days.len(), 2);
}

#[actix_web::test]
async fn a_wrong_file_is_refused_by_field_and_writes_nothing() {
    let app = TestApp::spawn().await;
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let with = |pointer: &str, value: Value| {
        let mut body = file();
        *body.pointer_mut(pointer).expect("a member") = value;
        body
    };
    for (body, code, place) in [
        (with("/days/3/date", json!("2024-02-30")), "invalid", "#/days/3/date"),
        (with("/days/3/date", json!("2024-01-01")), "calendar.file", "#/days/3/date"),
        (with("/days/0/date", json!("2023-12-19")), "calendar.file", "#/days/0/date"),
        (with("/days/0/date", json!("2025-01-11")), "calendar.file", "#/days/0/date"),
        (with("/days/0/name", json!("")), "invalid", "#/days/0/name"),
        (with("/days/0/isOffDay", json!("yes")), "invalid", "#/days/0/isOffDay"),
        (with("/days", json!([])), "invalid", "#/days"),
        (with("/year", json!(24)), "invalid", "#/year"),
    ] {
        let problem = admin.post(IMPORT, body).await.refused(422, code);
        assert_eq!(problem.errors[0].pointer.as_deref(), Some(place));
    }
    assert!(calendar(&admin, STREET, 2024).await.days.is_empty());
    app.street().await.post(IMPORT, file()).await.refused(403, "forbidden");
    let district = app.district().await;
    district.post(IMPORT, file()).await.refused(404, "not_found");
    district.post(&format!("{IMPORT}?area={DISTRICT}"), file()).await.expect(200);
    district.post(&format!("{IMPORT}?area={TONGDEXIANG}-0001"), file()).await.refused(422, "calendar.not_a_division");
}

#[actix_web::test]
async fn the_nearest_areas_week_and_days_are_in_force() {
    let app = TestApp::spawn().await;
    import(&app, file()).await;
    let district = app.district().await;
    let reply = district.post(WEEKS, json!({ "area_code": DISTRICT, "week": nine_to_five() })).await.expect(201);
    let week: WeekOut = reply.json();
    assert_eq!(reply.header("location"), Some(format!("{WEEKS}/{}", week.id)));
    district.post(WEEKS, json!({ "area_code": DISTRICT, "week": nine_to_five() })).await.refused(409, "calendar.taken");
    // The street works on a day of the festival, and has a half day of its own.
    let own: CalendarDayOut =
        district.post(DAYS, day(STREET, "2024-02-17", hours(&[("09:00", "12:00")]))).await.expect(201).json();
    district.post(DAYS, day(STREET, "2024-02-17", hours(&[]))).await.refused(409, "calendar.day_taken");

    let here = calendar(&district, TONGDEXIANG, 2024).await;
    assert_eq!(
        (here.calendar_id, here.week_area_code.as_deref(), here.day_minutes),
        (Some(week.id), Some(DISTRICT), 480)
    );
    let of = |found: &CalendarOut, on: &str| found.days.iter().find(|day| day.day.to_string() == on).cloned();
    assert_eq!(of(&here, "2024-02-17").expect("a day").id, own.id);
    assert_eq!(
        of(&here, "2024-02-16").expect("a day").area_code,
        "",
        "the country's days count where nothing is nearer"
    );
    assert_eq!(of(&calendar(&district, DISTRICT, 2024).await, "2024-02-17").expect("a day").area_code, "");

    let date = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day");
    let statements = app.watch_statements().await;
    let found = app.app.db.read(move |c| of_area(c, TONGDEXIANG, date("2024-01-01"), date("2024-12-31"))).await;
    assert!(statements.load(std::sync::atomic::Ordering::SeqCst) <= 2, "two statements");
    let found = found.expect("a calendar");
    assert!(found.is_working_day(date("2024-02-17")) && !found.is_working_day(date("2024-02-16")));
    assert_eq!(
        found.hours_of(date("2024-02-04")),
        found.hours_of(date("2024-02-05")),
        "a make-up day has the week's hours"
    );
}

#[actix_web::test]
async fn a_deadline_is_reckoned_over_the_holidays_and_explained() {
    let app = TestApp::spawn().await;
    import(&app, file()).await;
    let street = app.street().await;
    // Friday 9 February 17:30: half an hour, then the Sunday that makes up.
    let found = due(&street, TONGDEXIANG, "2024-02-09T17:30:00+08:00", 1).await;
    assert_eq!((found.due.to_string().as_str(), found.minutes), ("2024-02-18T09:30:00.000000Z", 420));
    let sum: i64 = found.windows.iter().map(|w| w.to.seconds() - w.from.seconds()).sum();
    assert_eq!((sum, found.windows.len(), found.windows_total), (420 * 60, 3, 3));

    let path = format!("/v1/areas/{TONGDEXIANG}/calendar/compute");
    let wall = json!({ "start": "2024-02-09T17:30:00+08:00", "minutes": 120, "mode": "wall" });
    let wall: ComputedOut = street.post(&path, wall).await.expect(200).json();
    assert_eq!(wall.due.to_string(), "2024-02-09T11:30:00.000000Z");
    let at = "2024-02-09T17:30:00+08:00";
    let both = json!({ "start": at, "minutes": 120, "working_days": 1, "mode": "business" });
    street.post(&path, both).await.refused(422, "calendar.one_budget");
    street.post(&path, json!({ "start": at, "mode": "business" })).await.refused(422, "calendar.one_budget");
    let days = json!({ "start": at, "working_days": 1, "mode": "wall" });
    street.post(&path, days).await.refused(422, "calendar.wall_days");
    let far = json!({ "start": "9999-12-31T00:00:00Z", "minutes": 1, "mode": "business" });
    street.post(&path, far).await.refused(422, "invalid");
    let neighbour = app.actor(Role::StreetOfficer, "620902001").await;
    let asked = json!({ "start": at, "minutes": 120, "mode": "business" });
    neighbour.post(&path, asked).await.refused(404, "not_found");

    let district = app.district().await;
    let mut idle = nine_to_five();
    for weekday in ["monday", "tuesday", "wednesday", "thursday", "friday"] {
        idle[weekday] = json!([]);
    }
    district.post(WEEKS, json!({ "area_code": STREET, "week": idle })).await.expect(201);
    for budget in [json!({ "minutes": 1 }), json!({ "working_days": 1 })] {
        let mut asked = json!({ "start": "2024-03-01T00:00:00Z", "mode": "business" });
        asked.as_object_mut().expect("an object").extend(budget.as_object().expect("an object").clone());
        street.post(&path, asked).await.refused(422, "calendar.never");
    }
}

#[actix_web::test]
async fn a_week_is_changed_at_the_version_that_was_read() {
    let app = TestApp::spawn().await;
    let district = app.district().await;
    let week: WeekOut =
        district.post(WEEKS, json!({ "area_code": STREET, "week": nine_to_five() })).await.expect(201).json();
    let path = format!("{WEEKS}/{}", week.id);
    let body = json!({ "week": nine_to_five() });
    let bare = [("content-type", "application/json")];
    let unversioned = district.send(Method::PATCH, &path, &bare, Some(body.to_string().into_bytes())).await;
    unversioned.refused(428, "version_required");
    let changed: WeekOut = district.patch(&path, "\"v1\"", body.clone()).await.expect(200).json();
    assert_eq!(changed.version, 2);
    district.patch(&path, "\"v1\"", body.clone()).await.refused(412, "version_stale");
    let mut late = nine_to_five();
    late["friday"] = hours(&[("18:00", "24:00"), ("00:00", "06:00")]);
    let refused = district.patch(&path, "\"v2\"", json!({ "week": late })).await.refused(422, "invalid");
    assert_eq!(refused.errors[0].pointer.as_deref(), Some("#/week/friday"), "in order");
    let mut long = nine_to_five();
    long["friday"] = hours(&[("18:00", "24:01")]);
    let refused = district.patch(&path, "\"v2\"", json!({ "week": long })).await.refused(422, "invalid");
    assert_eq!(refused.errors[0].pointer.as_deref(), Some("#/week/friday/0/to"));

    let resident = app.actor(Role::Resident, TONGDEXIANG).await;
    let read: WeekOut = resident.get(&path).await.expect(200).json();
    assert_eq!(read.version, 2, "whom a week binds may read it");
    resident.patch(&path, "\"v2\"", body.clone()).await.refused(403, "forbidden");
    let other = app.actor(Role::DistrictCoord, "130402").await;
    other.get(&path).await.refused(404, "not_found");
    other.patch(&path, "\"v2\"", body.clone()).await.refused(404, "not_found");
    let below = app.actor(Role::DistrictCoord, TONGDEXIANG).await;
    below.patch(&path, "\"v2\"", body).await.refused(404, "not_found");
    other.post(WEEKS, json!({ "area_code": STREET, "week": nine_to_five() })).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_day_is_set_changed_and_taken_away() {
    let app = TestApp::spawn().await;
    import(&app, file()).await;
    let district = app.district().await;
    let made: CalendarDayOut = district.post(DAYS, day(STREET, "2024-03-01", hours(&[]))).await.expect(201).json();
    let path = format!("{DAYS}/{}", made.id);
    assert!(due(&district, STREET, "2024-03-01T09:00:00+08:00", 0).await.windows.is_empty());
    let patch = json!({ "hours": null, "source": "已取消" });
    let changed: CalendarDayOut = district.patch(&path, "\"v1\"", patch.clone()).await.expect(200).json();
    assert_eq!((changed.hours, changed.source.as_str(), changed.name.as_str()), (None, "已取消", "停电检修"));
    district.patch(&path, "\"v1\"", patch.clone()).await.refused(412, "version_stale");
    let other = app.actor(Role::DistrictCoord, "130402").await;
    other.get(&path).await.refused(404, "not_found");
    other.patch(&path, "\"v2\"", patch).await.refused(404, "not_found");

    let remove = format!("{path}/remove");
    let send = |who: &Client, version: &'static str| {
        let (who, remove) = (who.clone(), remove.clone());
        async move { who.post_with(&remove, &[("If-Match", version)], json!({})).await }
    };
    send(&other, "*").await.refused(404, "not_found");
    send(&district, "\"v1\"").await.refused(412, "version_stale");
    send(&district, "\"v2\"").await.expect(200);
    district.get(&path).await.refused(404, "not_found");
    send(&district, "*").await.refused(404, "not_found");
    district.post(DAYS, day(STREET, "2024-03-01", Value::Null)).await.expect(201);

    // The country's days are not the district's to change.
    let national = calendar(&district, STREET, 2024).await.days[0].clone();
    let path = format!("{DAYS}/{}", national.id);
    district.get(&path).await.expect(200);
    district.patch(&path, "\"v1\"", json!({ "name": "元旦节" })).await.refused(404, "not_found");
    let mut absent = day(STREET, "2024-03-02", Value::Null);
    absent.as_object_mut().expect("an object").remove("hours");
    let refused = district.post(DAYS, absent).await.refused(422, "invalid");
    assert_eq!(refused.errors[0].pointer.as_deref(), Some("#/hours"), "off and working are not told apart by silence");
    district
        .post(DAYS, day("620902005003-0001", "2024-03-02", hours(&[])))
        .await
        .refused(422, "calendar.not_a_division");
}

#[actix_web::test]
async fn from_november_on_the_missing_year_is_named() {
    let app = TestApp::spawn().await;
    import(&app, file()).await;
    let to = |on: &str| {
        let on: chrono::NaiveDate = on.parse().expect("a day");
        app.clock.advance(on - app.clock.today());
    };
    to("2024-10-31");
    assert!(!calendar(&app.street().await, STREET, 2024).await.missing_next_year);
    to("2024-11-01");
    assert!(calendar(&app.street().await, STREET, 2024).await.missing_next_year);
    let mut next = file();
    next["year"] = json!(2025);
    next["days"] = json!([{ "name": "元旦", "date": "2025-01-01", "isOffDay": true }]);
    import(&app, next).await;
    assert!(!calendar(&app.street().await, STREET, 2024).await.missing_next_year);
}

/// Civil Code 203: a posting whose last day falls on 春节 runs to the Sunday that makes up.
#[actix_web::test]
async fn a_posting_ends_on_a_working_day() {
    let app = TestApp::spawn().await;
    import(&app, file()).await;
    let asked =
        publicity::NewPublicity { closes_on: "2024-02-12".parse().ok(), ..crate::publicity::posting(TONGDEXIANG) };
    let by = By { actor: None, at: app.clock.now(), today: app.clock.today() };
    let row = app.app.db.write(move |c| publicity::open(c, asked.clone(), &by)).await.expect("posted");
    assert_eq!(row.closes_on.to_string(), "2024-02-18");
}
