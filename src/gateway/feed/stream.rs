//! One stream of server-sent events. It is asked for more when its reader has taken what there was, so what it holds is one
//! run of events; what happens meanwhile is kept once for all, and a reader that falls behind that is sent away.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::future::{Either, select};
use futures_util::stream::{self, Stream};
use platform::auth::Principal;
use platform::{App, Error, Result};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::dto::FeedEventOut;
use super::hub::{Feed, Seat};
use super::rules::{Lens, Position, Thin};

/// How long a browser waits before it comes again.
const RETRY: Duration = Duration::from_secs(5);

/// Where a stream begins.
enum Start {
    At(Position),
    /// What the reader has missed is gone.
    Reset,
}

struct Reader {
    feed: Feed,
    app: App,
    principal: Arc<Principal>,
    lens: Lens,
    seat: Seat,
    news: watch::Receiver<()>,
}

struct State {
    reader: Reader,
    first: Option<Start>,
    at: Position,
    /// The last position that the reader was told.
    told: Position,
    /// Whether it has ever been up to date: before that it reads from the rows.
    caught_up: bool,
    silent_since: Instant,
}

/// An event as the reader gets it: id, name, data, and an empty line.
fn frame(thin: &Thin, into: &mut String) -> Result<()> {
    let data = serde_json::to_string(&FeedEventOut::from(thin)).map_err(Error::internal)?;
    // Names and JSON hold no line ends.
    for part in ["id: ", &thin.position.to_string(), "\nevent: ", &thin.event, "\ndata: ", &data, "\n\n"] {
        into.push_str(part);
    }
    Ok(())
}

/// A sign of life; with the position where it has moved past what the reader sees, so that it need not be read again.
fn ping(at: Position, told: Position) -> String {
    if at == told { ": ping\n\n".to_owned() } else { format!(": ping\nid: {at}\n\n") }
}

fn greeting(start: &Start, at: Position) -> String {
    let retry = format!("retry: {}\n\n", RETRY.as_millis());
    match start {
        Start::At(_) => retry,
        Start::Reset => format!("{retry}id: {at}\nevent: reset\ndata: {{\"position\":\"{at}\"}}\n\n"),
    }
}

impl Feed {
    /// A stream for a token that ends at `expires_at`, from behind the named position or from now on.
    pub async fn listen(
        &self,
        app: &App,
        (principal, expires_at): (Arc<Principal>, i64),
        named: Option<Position>,
    ) -> Result<impl Stream<Item = Result<Bytes>> + 'static> {
        let seat = self.seat(&principal, expires_at)?;
        let (news, lens) = (self.news(), self.lens(&principal));
        let start = match self.begin(app, named).await? {
            Some(at) => Start::At(at),
            None => Start::Reset,
        };
        Ok(stream(Reader { feed: self.clone(), app: app.clone(), principal, lens, seat, news }, start))
    }
}

fn stream(reader: Reader, start: Start) -> impl Stream<Item = Result<Bytes>> + 'static {
    let at = match start {
        Start::At(at) => at,
        Start::Reset => reader.feed.end(),
    };
    let silent_since = Instant::now();
    let state = State { reader, first: Some(start), at, told: at, caught_up: false, silent_since };
    stream::unfold(state, |mut state| async move {
        let next = state.next().await.inspect_err(|error| log::warn!("a stream ends: {error}"));
        let text = next.ok().flatten()?;
        state.silent_since = Instant::now();
        Some((Ok(Bytes::from(text)), state))
    })
}

impl State {
    /// What is sent next; `None` where the stream ends.
    async fn next(&mut self) -> Result<Option<String>> {
        if let Some(start) = self.first.take() {
            return Ok(Some(greeting(&start, self.at)));
        }
        loop {
            if self.reader.seat.ended.is() {
                return Ok(None);
            }
            // Before it is looked, so that what comes while it is looked is not slept through.
            self.reader.news.mark_unchanged();
            let run = self.reader.feed.run_behind(&self.reader.app, self.at).await?;
            if self.caught_up && !run.from_memory {
                log::info!("a stream ends: its reader is too slow");
                return Ok(None);
            }
            let reader = &self.reader;
            let seen = reader.feed.seen(&reader.app, &reader.principal, &reader.lens, run.events).await?;
            self.at = run.next;
            self.caught_up |= run.from_memory && !run.more;
            if let Some(last) = seen.last() {
                self.told = last.position;
                let mut text = String::new();
                seen.iter().try_for_each(|thin| frame(thin, &mut text))?;
                return Ok(Some(text));
            }
            if !run.more && !self.something_happens().await {
                let ping = ping(self.at, self.told);
                self.told = self.at;
                return Ok(Some(ping));
            }
        }
    }

    /// Waits for news or the end; `false` where the reader should hear that the stream lives.
    async fn something_happens(&mut self) -> bool {
        let until = self.silent_since + self.reader.feed.heartbeat();
        let (news, end) = (self.reader.news.changed(), self.reader.seat.ended.comes());
        let (news, end) = (std::pin::pin!(news), std::pin::pin!(end));
        match timeout_at(until, select(news, end)).await {
            Ok(Either::Left(_) | Either::Right(_)) => true,
            Err(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use platform::db::Ts;

    use super::*;

    #[test]
    fn an_event_is_framed_as_browsers_read_it() {
        let thin = Thin {
            position: Position { group: 1, number: 2 },
            event: "grid.created".into(),
            entity: "grid".into(),
            entity_id: "7".into(),
            area_code: "620902005003001".into(),
            at: Ts::from_micros(1_700_000_000_000_000),
        };
        let mut text = String::new();
        frame(&thin, &mut text).expect("a frame");
        let lines: Vec<&str> = text.split('\n').collect();
        assert_eq!(lines[0], "id: 0000000000000001-0000000000000002");
        assert_eq!(lines[1], "event: grid.created");
        assert!(lines[2].starts_with("data: {\"position\":\"0000000000000001-0000000000000002\",\"event\""), "{text}");
        assert_eq!(lines[3..], ["", ""]);
    }

    #[test]
    fn a_ping_tells_a_position_only_where_it_has_moved() {
        let (at, later) = (Position { group: 0, number: 5 }, Position { group: 0, number: 6 });
        assert_eq!(ping(at, at), ": ping\n\n");
        assert_eq!(ping(later, at), format!(": ping\nid: {later}\n\n"));
    }
}
