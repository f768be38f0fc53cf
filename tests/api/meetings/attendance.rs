//! Who sits where: by an appointment in office, by a proxy in writing, or excused.

use deliberation::meetings::dto::{Attendance, Standing};
use platform::auth::Role;
use serde_json::{Value, json};

use super::{Table, advance, check_in, seat_of, take};

#[actix_web::test]
async fn by_the_code_on_the_seat_of_ones_own_organisation() {
    let mut t = Table::new().await;
    let meeting = t.called().await;
    let code = t.code(&meeting).await;
    check_in(&t.owner.client, &meeting, &code).await.refused(422, "meetings.too_early");
    t.days_later(5).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    check_in(&t.owner.client, &meeting, wrong).await.refused(422, "meetings.wrong_code");
    check_in(t.worker(), &meeting, &code).await.refused(403, "meetings.no_seat");
    check_in(&t.owner.client, &meeting, &code).await.expect(200);
    check_in(&t.owner.client, &meeting, &code).await.refused(409, "meetings.attended");
    let now = t.now(&meeting).await;
    let seat = seat_of(&now, &t.w.owners);
    assert_eq!((seat.attendance, seat.appointment_id), (Some(Attendance::Present), Some(t.owner.appointment.id)));
    assert_eq!(seat.title.as_deref(), Some("测试岗位 member 1"));
    // The code is the convener's to show, not the table's to read.
    let path = format!("/v1/meetings/{}/check-in-code", meeting.id);
    t.manager.client.get(&path).await.refused(403, "forbidden");
}

/// A party missing from the quorum: the record is a consultation, never a joint meeting.
#[actix_web::test]
async fn a_missing_party_makes_it_a_consultation() {
    for missing in 0..4 {
        let mut t = Table::new().await;
        let there: Vec<usize> = (0..4).filter(|at| *at != missing).collect();
        let closed = t.closed(&there).await;
        assert_eq!(closed.standing, Some(Standing::Consultation), "without {missing}");
        assert_eq!((closed.quorum.present, closed.quorum.voting, closed.quorum.missing.len()), (3, 4, 1));
    }
}

#[actix_web::test]
async fn written_down_by_the_convener() {
    let mut t = Table::new().await;
    let meeting = t.opened(&[0]).await;
    let at = |seat: &deliberation::meetings::dto::SeatOut| format!("/v1/meeting-seats/{}/attendance", seat.id);
    let (owners, company, unit) =
        (at(seat_of(&meeting, &t.w.owners)), at(seat_of(&meeting, &t.w.company)), at(seat_of(&meeting, &t.unit)));
    let present =
        |appointment: Value| json!({ "attendance": "present", "mode": "paper", "appointment_id": appointment });
    // An appointment of another organisation does not sit here, nor does nobody.
    let other = present(json!(t.manager.appointment.id));
    t.worker().post(&owners, other).await.refused(422, "meetings.not_in_office");
    let problem = t.worker().post(&owners, json!({ "attendance": "present", "mode": "onsite" })).await;
    let problem = problem.refused(422, "meetings.attendance_incomplete");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/appointment_id"));
    t.worker().post(&owners, present(json!(t.owner.appointment.id))).await.expect(200);
    let proxy = json!({ "attendance": "proxy", "mode": "online", "proxy_person_id": t.manager.person["id"],
        "proxy_document": "授权委托书 2024-01-18" });
    let mut nobody = proxy.clone();
    nobody["proxy_person_id"] = json!("019b0000-0000-7000-8000-00000000dead");
    t.worker().post(&company, nobody).await.refused(422, "meetings.attendance_incomplete");
    t.worker().post(&company, proxy.clone()).await.expect(200);
    t.worker().post(&unit, proxy).await.refused(409, "meetings.person_seated");
    t.worker().post(&unit, json!({ "attendance": "excused", "excuse": "开学筹备" })).await.expect(200);
    let now = t.now(&meeting).await;
    assert_eq!(seat_of(&now, &t.w.company).attendance, Some(Attendance::Proxy));
    assert!(!now.quorum.met, "an excuse is no presence");
    // Excused, and there after all.
    let code = t.code(&meeting).await;
    check_in(&t.neighbour.client, &meeting, &code).await.expect(200);
    assert!(t.now(&meeting).await.quorum.met);
    let foreign = t.w.app().actor(Role::CommunityWorker, "620902005002").await;
    let excused = json!({ "attendance": "excused", "excuse": "外区" });
    foreign.post(&owners, excused).await.refused(404, "not_found");
}

#[actix_web::test]
async fn an_appointment_that_has_ended_sits_nowhere() {
    let mut t = Table::new().await;
    let meeting = t.opened(&[]).await;
    let end = format!("/v1/appointments/{}/end", t.director.appointment.id);
    let on = json!({ "on": "2024-01-20", "cause": "resigned", "note": "测试" });
    take(&t.w.v.secretary, &end, on).await.expect(200);
    let code = t.code(&meeting).await;
    t.days_later(1).await;
    check_in(&t.director.client, &meeting, &code).await.refused(404, "not_found");
    let closed = advance(t.worker(), &meeting, "close", Value::Null).await;
    assert_eq!(closed.standing, Some(Standing::Consultation));
    assert!(closed.seats.iter().all(|seat| seat.attendance.is_none()));
}
