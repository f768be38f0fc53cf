//! A reader of server-sent events.

use std::time::Duration;

use actix_web::web::Bytes;
use awc::error::PayloadError;
use futures_util::StreamExt;
use futures_util::stream::LocalBoxStream;
use gateway::feed::dto::FeedEventOut;

/// Longer than a test on a busy machine takes.
const PATIENCE: Duration = Duration::from_secs(40);

pub struct Listener {
    pub headers: Vec<(String, String)>,
    body: LocalBoxStream<'static, Result<Bytes, PayloadError>>,
    buffer: String,
}

/// What stands between two empty lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    pub id: Option<String>,
    pub event: Option<String>,
    pub data: Option<String>,
    pub retry: Option<String>,
    pub comment: Option<String>,
}

impl Heard {
    fn of(block: &str) -> Self {
        let mut heard = Self::default();
        for line in block.lines() {
            let (field, value) = line.split_once(": ").expect("a field and a value");
            let place = match field {
                "id" => &mut heard.id,
                "event" => &mut heard.event,
                "data" => &mut heard.data,
                "retry" => &mut heard.retry,
                "" => &mut heard.comment,
                other => panic!("a field {other:?}"),
            };
            assert_eq!(place.replace(value.to_owned()), None, "{field} twice in {block:?}");
        }
        heard
    }
}

impl Listener {
    pub(super) fn of<S>(response: awc::ClientResponse<S>) -> Self
    where
        S: futures_util::Stream<Item = Result<Bytes, PayloadError>> + Unpin + 'static,
    {
        let text = |value: &actix_web::http::header::HeaderValue| value.to_str().expect("text").to_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        Self { headers, body: response.boxed_local(), buffer: String::new() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The next block; `None` where the stream ends.
    pub async fn block(&mut self) -> Option<Heard> {
        loop {
            if let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let heard = Heard::of(block);
                self.buffer = rest.to_owned();
                return Some(heard);
            }
            let next = actix_web::rt::time::timeout(PATIENCE, self.body.next()).await.expect("something in time");
            match next {
                Some(chunk) => self.buffer.push_str(std::str::from_utf8(&chunk.expect("a chunk")).expect("UTF-8")),
                None => return None,
            }
        }
    }

    /// The next event, past signs of life; `None` where the stream ends.
    pub async fn event(&mut self) -> Option<Heard> {
        loop {
            match self.block().await {
                Some(heard) if heard.event.is_none() => {}
                other => return other,
            }
        }
    }

    /// The next event as its data.
    pub async fn told(&mut self) -> FeedEventOut {
        let heard = self.event().await.expect("an event");
        let told: FeedEventOut = serde_json::from_str(&heard.data.expect("data")).expect("an event");
        assert_eq!((Some(&told.position), Some(&told.event)), (heard.id.as_ref(), heard.event.as_ref()));
        told
    }

    /// Reads to the end of the stream.
    pub async fn ends(mut self) {
        while self.block().await.is_some() {}
    }
}
