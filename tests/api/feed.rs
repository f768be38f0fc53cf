//! The feed over HTTP: who is told of what, that nothing is lost, told twice or out of order, when a stream ends, and what
//! the public screens show.

mod ends;
mod order;
mod polls;
mod screens;
mod sight;
mod streams;

use std::sync::atomic::{AtomicI32, Ordering};

use gateway::feed::dto::FeedPage;
use platform::Result;
use platform::db::{Conn, Ts};
use platform::history::{self, Event};
use serde_json::json;

use crate::support::{Client, TestApp};

/// An event of a grid, as a context records it.
pub fn happening(id: &str, area: &str, at: Ts) -> Event {
    static SEQ: AtomicI32 = AtomicI32::new(1);
    Event {
        entity: "grid",
        entity_id: id.to_owned(),
        seq: SEQ.fetch_add(1, Ordering::Relaxed),
        name: "grid.created",
        area_code: area.to_owned(),
        actor: None,
        at,
        data: json!({ "name": "不外传" }),
    }
}

pub fn record(c: &mut Conn, event: &Event) -> Result<()> {
    history::record_first(c, event.clone())
}

/// Records an event of a grid in an area.
pub async fn happens(app: &TestApp, id: &str, area: &str) {
    let event = happening(id, area, app.clock.now());
    app.app.db.write(move |c| record(c, &event)).await.expect("recorded");
}

pub async fn poll(who: &Client, query: &str) -> FeedPage {
    who.get(&format!("/v1/events{query}")).await.expect(200).json()
}

/// All events behind a position, however many polls it takes.
pub async fn all(who: &Client, after: &str) -> FeedPage {
    let mut page = poll(who, &format!("?after={after}")).await;
    while page.has_more {
        let more = poll(who, &format!("?after={}", page.next)).await;
        page.items.extend(more.items);
        (page.next, page.has_more) = (more.next, more.has_more);
    }
    page
}

/// Polls until there is something, for where another process has written it or a transaction elsewhere holds it back.
pub async fn wait_for(who: &Client, after: &str) -> FeedPage {
    let mut after = after.to_owned();
    for _ in 0..60 {
        let page = poll(who, &format!("?after={after}&wait=1")).await;
        if !page.items.is_empty() {
            return page;
        }
        after = page.next;
    }
    panic!("nothing came behind {after}");
}

/// The feed as another process has it, which remembers nothing yet.
pub fn fresh() -> gateway::feed::Feed {
    let heartbeat = std::time::Duration::from_secs(15);
    let settings = gateway::feed::Settings { heartbeat, streams: 9, streams_per_caller: 9 };
    gateway::feed::Feed::new(settings, red_steward::scopes(), red_steward::OPENERS)
}

/// Has a process's feed hear of all that was written: what other tests write in this cluster may hold it back for a moment.
pub async fn hear_all(feed: &gateway::feed::Feed, app: &TestApp) {
    // The first look only finds where to begin.
    feed.look(&app.app).await.expect("looked");
    for _ in 0..1_200 {
        if feed.look(&app.app).await.expect("looked").is_none() {
            return;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("a transaction elsewhere has not ended for a minute");
}
