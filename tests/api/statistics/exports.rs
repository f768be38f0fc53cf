//! Statistics and series as tables: CSV and workbooks, under Chinese headings.

use std::io::Read;

use platform::auth::Role;

use super::statistics;
use crate::cases::support::Desk;
use crate::demo::{loaded, log_in};
use crate::support::TestApp;
use crate::support::actors::{DISTRICT, TONGDEXIANG};

#[actix_web::test]
async fn a_table_says_what_the_answer_says() {
    let app = TestApp::spawn_with(loaded(), |_| {}).await;
    let who = log_in(&app, "coord.suzhou").await;
    let query =
        "figures=service_coverage,complaint_rate_change,star_distribution&by=area&from=2023-01-01&to=2023-12-31";
    let told = statistics(&who, DISTRICT, &format!("?{query}")).await;
    let reply = who.get(&format!("/v1/areas/{DISTRICT}/statistics/export?format=csv&{query}")).await.expect(200);
    assert_eq!(reply.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));
    assert_eq!(reply.header("content-disposition").as_deref(), Some("attachment; filename=\"statistics.csv\""));
    assert_eq!(reply.header("cache-control").as_deref(), Some("no-store"));
    let text = reply.text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("指标代码,公式,指标,分项,分组代码,分组名称,单位,分子,分母,百分比,数值,截至日"),
        "{}",
        lines[0]
    );
    assert_eq!(lines.len(), told.items.len() + 1);
    for (line, item) in lines[1..].iter().zip(&told.items) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!((cells[0], cells[1]), (item.figure.as_str(), item.formula.as_str()));
        assert_eq!((cells[7], cells[8]), (&*item.numerator.to_string(), &*item.denominator.to_string()), "{line}");
        assert_eq!(cells[9], item.percent.clone().unwrap_or_default());
    }
    assert!(text.contains("物业服务覆盖率") && text.contains("西北街街道"));
}

#[actix_web::test]
async fn a_workbook_is_one() {
    let app = TestApp::spawn_with(loaded(), |_| {}).await;
    let who = log_in(&app, "coord.suzhou").await;
    let series =
        "statistics/series/export?format=xlsx&figure=accepted_per_day&from=2023-01-01&to=2023-12-31&step=month";
    let reply = who.get(&format!("/v1/areas/{DISTRICT}/{series}")).await.expect(200);
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    assert_eq!(reply.header("content-type").as_deref(), Some(kind));
    assert_eq!(reply.header("content-disposition").as_deref(), Some("attachment; filename=\"series.xlsx\""));
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(reply.body)).expect("a workbook is an archive");
    let mut part = |name: &str| {
        let mut text = String::new();
        book.by_name(name).expect("a part").read_to_string(&mut text).expect("XML");
        text
    };
    assert!(part("xl/sharedStrings.xml").contains("指标代码") && part("xl/sharedStrings.xml").contains("日均受理"));
    let sheet = part("xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("<row ").count(), 13, "a row of headings and twelve months");
    assert!(sheet.contains("<v>16320</v>") && sheet.contains("<v>544</v>"), "numbers are numbers");
}

#[actix_web::test]
async fn a_table_is_for_who_may_take_one() {
    let desk = Desk::new().await;
    let at = |area: &str| format!("/v1/areas/{area}/statistics/export?format=csv&figures=service_coverage");
    desk.worker().get(&at(TONGDEXIANG)).await.refused(403, "forbidden");
    let secretary = desk.app().actor(Role::CommunitySecretary, TONGDEXIANG).await;
    secretary.get(&at(TONGDEXIANG)).await.expect(200);
    secretary.get(&at(DISTRICT)).await.refused(404, "not_found");
    let series = format!(
        "/v1/areas/{DISTRICT}/statistics/series/export?format=csv&figure=service_coverage&from=2024-01-01&to=2024-01-15&step=day"
    );
    secretary.get(&series).await.refused(404, "not_found");
    assert_eq!(desk.district.get(&series).await.expect(200).text().lines().count(), 16);
}
