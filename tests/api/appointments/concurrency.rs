//! Two at once: one wins.

use roster::appointments::dto::{AppointmentOut, AppointmentState};
use serde_json::json;

use super::{APPOINTMENTS, World, appointment_in, cross_in, ending, note, step};
use crate::territory::made;

fn statuses(replies: &[crate::support::Reply]) -> Vec<u16> {
    let mut statuses: Vec<u16> = replies.iter().map(crate::support::Reply::status).collect();
    statuses.sort_unstable();
    statuses
}

#[actix_web::test]
async fn of_two_approvals_at_once_one_wins() {
    let mut w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let (row, _) = w.posted(cross_in(&deputy, &seat, &base, "co_opted")).await;
    w.days_later(8).await;
    let approve = format!("{APPOINTMENTS}/{}/approve", row.id);
    let tag = w.street.get(&format!("{APPOINTMENTS}/{}", row.id)).await.expect(200).etag();
    let named = [("If-Match", tag.as_str())];
    let calls = (0..6).map(|n| {
        let who = if n % 2 == 0 { &w.street } else { &w.district };
        who.post_with(&approve, &named, note())
    });
    let replies = futures_util::future::join_all(calls).await;
    let statuses = statuses(&replies);
    assert_eq!(statuses[0], 200, "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| matches!(status, 409 | 412)), "{statuses:?}");
    let row = w.get(row.id).await;
    assert_eq!(row.state, AppointmentState::Active);
    assert_eq!(w.roles(&deputy).await, ["branch_officer", "community_worker"], "one grant, not two");
}

#[actix_web::test]
async fn of_two_holders_of_one_seat_at_once_one_gets_it() {
    let w = World::new().await;
    let seat = w.seat(&w.residents, "part_time_member", 1).await;
    let mut rows = Vec::new();
    for name in ["测试·甲", "测试·乙", "测试·丙"] {
        let (_, person) = w.somebody(name, false).await;
        let row: AppointmentOut = made(w.v.worker.post(APPOINTMENTS, appointment_in(&person, &seat, "co_opted")).await);
        rows.push(row);
    }
    let activations: Vec<String> = rows.iter().map(|row| format!("{APPOINTMENTS}/{}/activate", row.id)).collect();
    let replies = futures_util::future::join_all(activations.iter().map(|path| step(&w.street, path, note()))).await;
    assert_eq!(statuses(&replies), [200, 422, 422]);
    for reply in replies.iter().filter(|reply| reply.status() == 422) {
        reply.refused(422, "appointments.seat_taken");
    }
    let held = w.district.get(&format!("{APPOINTMENTS}?post_id={}", seat.id)).await.value();
    assert_eq!(held["items"].as_array().unwrap().len(), 1);
}

/// Each alone would pass: a seat on the committee, and a job at the company that serves it.
#[actix_web::test]
async fn a_conflict_is_not_slipped_past_by_two_at_once() {
    let w = World::new().await;
    let (_, person) = w.owner("测试·业主", false).await;
    let member = w.seat(&w.owners, "member", 1).await;
    w.elect(&w.owners, &person, &member).await;
    let job = w.seat(&w.company, "staff", 1).await;
    let elected: AppointmentOut =
        made(w.district.post(APPOINTMENTS, appointment_in(&person, &member, "elected")).await);
    let hired: AppointmentOut = made(w.district.post(APPOINTMENTS, appointment_in(&person, &job, "hired")).await);
    let path = |id| format!("{APPOINTMENTS}/{id}/activate");
    let (committee, company) = (path(elected.id), path(hired.id));
    let (a, b) =
        futures_util::future::join(step(&w.street, &committee, note()), step(&w.district, &company, note())).await;
    let mut replies = [a, b];
    replies.sort_by_key(crate::support::Reply::status);
    assert_eq!(statuses(&replies), [200, 422]);
    replies[1].refused(422, "appointments.company_conflict");
}

#[actix_web::test]
async fn a_stale_version_is_refused() {
    let w = World::new().await;
    let (_, _, base) = w.deputy("测试·副主任").await;
    let end = format!("{APPOINTMENTS}/{}/end", base.id);
    let stale = [("If-Match", "\"v1\"")];
    w.street.post_with(&end, &stale, ending("2024-01-15", "removed")).await.refused(412, "version_stale");
    w.street.post(&end, ending("2024-01-15", "removed")).await.refused(428, "version_required");
    step(&w.street, &end, ending("2024-01-15", "removed")).await.expect(200);
}

#[actix_web::test]
async fn the_same_creation_twice_is_one() {
    let w = World::new().await;
    let (_, person) = w.somebody("测试·职工", false).await;
    let seat = w.seat(&w.residents, "staff", 1).await;
    let key = [("Idempotency-Key", "appointment-1")];
    let body = appointment_in(&person, &seat, "hired");
    let first = w.v.worker.post_with(APPOINTMENTS, &key, body.clone()).await.expect(201);
    let again = w.v.worker.post_with(APPOINTMENTS, &key, body.clone()).await.expect(201);
    assert_eq!(first.value()["id"], again.value()["id"]);
    assert_eq!(again.header("idempotency-replayed").as_deref(), Some("true"));
    w.v.worker.post(APPOINTMENTS, body).await.refused(422, "appointments.duplicate");
    assert_eq!(json!(w.get(first.value()["id"].as_str().unwrap()).await.version), json!(1));
}
