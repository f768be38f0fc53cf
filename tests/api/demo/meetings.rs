//! The meetings of the demo: the figures of domain D2 and D4, each with its two parts, all counted from the rows.

use deliberation::meetings::dto::{ChainOut, MeetingFiguresOut, MeetingKind, MeetingOut, MeetingPage, SeriesPage};
use serde_json::Value;

use super::roster::{all, text};
use super::{demo_app, log_in};
use crate::support::Client;
use crate::support::actors::{DISTRICT, TONGDEXIANG};

async fn figures(who: &Client, area: &str, year: i32) -> MeetingFiguresOut {
    let path = format!("/v1/meeting-figures?area={area}&from={year}-01-01&to={year}-12-31");
    who.get(&path).await.expect(200).json()
}

fn sessions(out: &MeetingFiguresOut, kind: MeetingKind) -> (i64, i64) {
    let of = out.sessions.iter().find(|count| count.kind == kind);
    of.map_or((0, 0), |count| (count.joint, count.consultations))
}

#[actix_web::test]
async fn the_meetings_of_2023_and_of_tongdexiang() {
    let app = demo_app().await;
    let who = app.district().await;
    let out = figures(&who, DISTRICT, 2023).await;
    assert_eq!(sessions(&out, MeetingKind::FourPartyJoint), (287, 0), "14 × 14 + 7 × 13");
    assert_eq!((out.findings.numerator, out.findings.denominator), (196, 196));
    assert_eq!(out.findings.percent.as_deref(), Some("100.00"));
    // The twelve issues were raised three times each and settled in no resolution.
    assert_eq!((out.yield_rate.numerator, out.yield_rate.denominator), (196, 196 + 36));
    for kind in [MeetingKind::OpinionMeeting, MeetingKind::Coordination, MeetingKind::Appraisal] {
        assert_eq!(sessions(&out, kind), (12, 0), "{kind}");
    }
    let out = figures(&who, TONGDEXIANG, 2020).await;
    let of_2020 = [MeetingKind::DeploymentAssessment, MeetingKind::Training, MeetingKind::FourPartyJoint];
    assert_eq!(of_2020.map(|kind| sessions(&out, kind).0), [6, 3, 4]);
    // The figures are those of the rows.
    let rows = all(&who, "/v1/meetings?kind=four_party_joint&from=2023-01-01T00:00:00Z&to=2024-01-01T00:00:00Z&").await;
    assert_eq!(rows.len(), 287);
    assert!(rows.iter().all(|row| text(row, "standing") == "joint"));
    let of = |community: &str| rows.iter().filter(|row| text(row, "area_code") == community).count();
    assert_eq!((of("620902001002"), of("620902007003")), (14, 13));
    let done = all(&who, "/v1/resolutions?status=done&").await;
    assert_eq!(done.len(), 196);
    let series: SeriesPage = who.get("/v1/meeting-series?include=total").await.expect(200).json();
    assert_eq!(series.total, Some(21));
}

#[actix_web::test]
async fn twelve_issues_went_through_all_three_stages() {
    let app = demo_app().await;
    let who = app.district().await;
    let appraisals = all(&who, "/v1/meetings?kind=appraisal&").await;
    assert_eq!(appraisals.len(), 12);
    for row in appraisals {
        let chain: ChainOut = who.get(&format!("/v1/meetings/{}/chain", text(&row, "id"))).await.expect(200).json();
        assert!(chain.complete, "{row}");
    }
}

#[actix_web::test]
async fn one_is_called_for_this_week() {
    let app = demo_app().await;
    let worker = log_in(&app, "worker.tongdexiang").await;
    let page: MeetingPage = worker.get("/v1/meetings?status=notified").await.expect(200).json();
    let meeting: MeetingOut = worker.get(&format!("/v1/meetings/{}", page.items[0].id)).await.expect(200).json();
    assert_eq!((page.items.len(), meeting.seats.len(), meeting.agenda.len()), (1, 4, 3));
    let code: Value = worker.get(&format!("/v1/meetings/{}/check-in-code", meeting.id)).await.expect(200).value();
    assert_eq!(text(&code, "code"), "204116");
    let chair = log_in(&app, "oc.chair").await;
    let mine = chair.get("/v1/me/meetings.ics").await.expect(200).text();
    assert!(mine.contains("一月份四方联席会议"), "the chair's committee sits there: {mine}");
}
