//! 业委会会议: more than half of all members there, more than half of all members for it (Henan art. 28); and what a large
//! meeting costs.

use std::sync::atomic::Ordering;

use deliberation::meetings::dto::{MeetingOut, ResolutionOut, Standing};
use serde_json::{Value, json};

use super::{MEETINGS, Table, advance, check_in, decide, item, item_in, resolution_in, vote};
use crate::support::Client;
use crate::territory::made;

/// Seats of five members, of whom three are in office, and the clients of the second and the third.
async fn of_five(t: &Table) -> (Vec<Value>, [Client; 2]) {
    let mut posts = vec![json!(t.owner.appointment.post_id)];
    let mut members = Vec::new();
    for no in 2..=5 {
        let post = t.w.seat(&t.w.owners, "member", no).await;
        if no <= 3 {
            let (client, person) = t.w.owner(&format!("测试·委员{no}"), false).await;
            t.w.elect(&t.w.owners, &person, &post).await;
            t.w.appoint(&person, &post, "elected").await;
            members.push(client);
        }
        posts.push(json!(post.id));
    }
    let mut members = members.into_iter();
    (posts, [members.next().expect("one"), members.next().expect("another")])
}

#[actix_web::test]
async fn three_of_five_decide_and_two_do_not() {
    let mut t = Table::new().await;
    let (posts, [second, third]) = of_five(&t).await;
    let seat =
        |post: &Value| json!({ "organisation_id": t.w.owners.id, "post_id": post, "observer": false, "votes": true });
    let mut body = t.meeting_in();
    body["kind"] = json!("oc_meeting");
    body["area_code"] = json!(t.w.v.home.compound.area_code);
    body["convener_org_id"] = json!(t.w.owners.id);
    body["convener_post_id"] = posts[0].clone();
    body["seats"] = posts[1..].iter().map(seat).collect();
    let mut company = body.clone();
    company["seats"] = json!([{ "organisation_id": t.w.company.id, "observer": false, "votes": true }]);
    t.worker().post(MEETINGS, company).await.refused(422, "meetings.company_votes");
    let meeting: MeetingOut = made(t.worker().post(MEETINGS, body).await);
    assert_eq!((meeting.quorum.voting, meeting.rule.publish_days), (5, 3));
    item(t.worker(), &meeting, item_in("更换物业", "vote")).await;
    let meeting = item(t.worker(), &meeting, item_in("修缮围墙", "vote")).await;
    let meeting = advance(t.worker(), &meeting, "notify", Value::Null).await;
    t.days_later(5).await;
    let again = |client: &Client| crate::appointments::account_id(client);
    let (second, third) = (
        crate::appointments::log_in(t.w.app(), again(&second)).await,
        crate::appointments::log_in(t.w.app(), again(&third)).await,
    );
    let meeting = advance(t.worker(), &meeting, "open", Value::Null).await;
    let code = t.code(&meeting).await;
    for (at, who) in [&t.owner.client, &second, &third].into_iter().enumerate() {
        check_in(who, &meeting, &code).await.expect(200);
        let now = t.now(&meeting).await;
        assert_eq!(now.quorum.met, at == 2, "{} of five", at + 1);
        vote(who, &meeting, "修缮围墙", "agree").await.expect(200);
        vote(who, &meeting, "更换物业", if at == 2 { "against" } else { "agree" }).await.expect(200);
    }
    let seat = meeting.seats.iter().find(|seat| json!(seat.post_id) == posts[4]).expect("a vacant seat");
    let proxy = json!({ "attendance": "proxy", "mode": "onsite", "proxy_person_id": t.manager.person["id"],
        "proxy_document": "委托书" });
    let proxy = t.worker().post(&format!("/v1/meeting-seats/{}/attendance", seat.id), proxy).await;
    proxy.refused(422, "meetings.no_proxies");
    let meeting = advance(t.worker(), &meeting, "close", Value::Null).await;
    assert_eq!(meeting.standing, Some(Standing::Joint));
    let path = format!("{MEETINGS}/{}/resolutions", meeting.id);
    let row: ResolutionOut = made(t.worker().post(&path, resolution_in(&meeting, "更换物业", "majority")).await);
    decide(t.worker(), &row, "adopted").await.refused(422, "resolutions.not_carried");
    let row: ResolutionOut = made(t.worker().post(&path, resolution_in(&meeting, "修缮围墙", "majority")).await);
    decide(t.worker(), &row, "adopted").await.expect(200);
}

/// Two hundred items and sixty seats in no more than eight statements, whoever asks.
#[actix_web::test]
async fn a_large_meeting_is_read_in_eight_statements() {
    let t = Table::new().await;
    let mut body = t.meeting_in();
    for n in 0..56 {
        let unit =
            crate::organisations::body(t.worker(), "social_org", &format!("第{n}社团"), super::TONGDEXIANG).await;
        let seat = json!({ "organisation_id": unit.id, "observer": true, "votes": false });
        body["seats"].as_array_mut().expect("seats").push(seat);
    }
    let meeting: MeetingOut = made(t.worker().post(MEETINGS, body).await);
    for n in 0..200 {
        let mut about = item_in(&format!("议题{n}"), if n % 2 == 0 { "vote" } else { "deliberation" });
        about["object_org_id"] = json!(t.w.company.id);
        about["position"] = json!(n + 1);
        item(t.worker(), &meeting, about).await;
    }
    let more = t.worker().post(&format!("{MEETINGS}/{}/agenda-items", meeting.id), item_in("太多", "report")).await;
    more.refused(422, "meetings.too_many_items");
    let statements = t.w.app().watch_statements().await;
    for who in [t.worker(), &t.neighbour.client] {
        let before = statements.load(Ordering::Relaxed);
        let whole: MeetingOut = who.get(&format!("{MEETINGS}/{}", meeting.id)).await.expect(200).json();
        let asked = statements.load(Ordering::Relaxed) - before;
        assert_eq!((whole.agenda.len(), whole.seats.len()), (200, 60));
        assert!(asked <= 8, "{asked} statements");
    }
}
