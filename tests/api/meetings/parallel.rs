//! Several at once: nobody's voice is lost and none counts twice.

use deliberation::meetings::dto::{MinutesOut, ResolutionOut};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{MEETINGS, Table, advance, at_minutes, check_in, minutes_in, minutes_of, resolution_in, sign, vote};
use crate::territory::made;

fn statuses(replies: &[crate::support::Reply]) -> Vec<u16> {
    let mut all: Vec<u16> = replies.iter().map(crate::support::Reply::status).collect();
    all.sort_unstable();
    all
}

#[actix_web::test]
async fn they_come_in_and_vote_at_once() {
    let mut t = Table::new().await;
    let meeting = t.called().await;
    t.days_later(5).await;
    let meeting = advance(t.worker(), &meeting, "open", Value::Null).await;
    let code = t.code(&meeting).await;
    // Each twice, all at the same moment.
    let twice: Vec<_> = t.delegates().into_iter().flat_map(|delegate| [delegate, delegate]).collect();
    let replies = join_all(twice.iter().map(|delegate| check_in(&delegate.client, &meeting, &code))).await;
    assert_eq!(statuses(&replies), [200, 200, 200, 200, 409, 409, 409, 409]);
    let replies = join_all(twice.iter().map(|delegate| vote(&delegate.client, &meeting, "更换门禁", "agree"))).await;
    assert_eq!(statuses(&replies), [200, 200, 200, 200, 409, 409, 409, 409]);
    let closed = advance(t.worker(), &meeting, "close", Value::Null).await;
    let tally = closed.agenda.iter().find_map(|item| item.vote.clone()).expect("a vote");
    assert_eq!((tally.voted, tally.agree, tally.carried), (4, Some(4), Some(true)));
}

/// Two chairs sign at once; so do two hands for one seat.
#[actix_web::test]
async fn one_signature_a_seat_and_one_publication() {
    let mut t = Table::new().await;
    let meeting = t.closed(&[0, 1, 2, 3]).await;
    let drafts = (0..3).map(|_| {
        let path = minutes_of(&meeting);
        let worker = t.worker();
        async move { worker.post(&path, minutes_in("同时起草")).await }
    });
    assert_eq!(statuses(&join_all(drafts).await), [201, 409, 409]);
    at_minutes(t.worker(), &meeting, 1, "circulate").await.expect(200);
    t.days_later(4).await;
    at_minutes(t.worker(), &meeting, 1, "countersign").await.expect(200);
    let hands: Vec<_> = t.delegates().into_iter().flat_map(|delegate| [delegate, delegate]).collect();
    let replies = join_all(hands.iter().map(|delegate| sign(&delegate.client, &meeting, 1, json!({})))).await;
    assert_eq!(statuses(&replies), [200, 200, 200, 200, 409, 409, 409, 409]);
    let replies = join_all((0..3).map(|_| at_minutes(t.worker(), &meeting, 1, "publish"))).await;
    let published: Vec<u16> = statuses(&replies);
    assert_eq!(published.iter().filter(|status| **status == 200).count(), 1, "{published:?}");
    let out: MinutesOut = t.worker().get(&format!("{}/1", minutes_of(&meeting))).await.expect(200).json();
    assert_eq!(out.signatures.len(), 4);
}

#[actix_web::test]
async fn numbers_are_given_once() {
    let mut t = Table::new().await;
    let meeting = t.closed(&[0, 1, 2, 3]).await;
    let path = format!("{MEETINGS}/{}/resolutions", meeting.id);
    let bodies = [resolution_in(&meeting, "楼道照明", "advice"), resolution_in(&meeting, "更换门禁", "advice")];
    let rows: Vec<ResolutionOut> =
        join_all(bodies.map(|body| t.worker().post(&path, body))).await.into_iter().map(made).collect();
    let mut numbers: Vec<&str> = rows.iter().map(|row| row.number.as_str()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["620902005003-2024-001", "620902005003-2024-002"]);
}
