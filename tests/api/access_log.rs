//! What the access log says of a request: one line, with its route and who called, but where that would tell on a reporter.

use std::sync::{Mutex, Once, PoisonError};

use log::kv::Key;
use log::{Level, LevelFilter, Log, Metadata, Record};
use serde_json::json;

use crate::cases::support::{CASES, Desk, MINE, account_of, report};
use crate::support::Client;

/// Request id, route and caller of each line.
static LINES: Mutex<Vec<[String; 3]>> = Mutex::new(Vec::new());

struct Listener;

impl Log for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "access" && metadata.level() <= Level::Info
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let pairs = record.key_values();
            let text = |name| pairs.get(Key::from_str(name)).map(|value| value.to_string()).unwrap_or_default();
            let line = ["request_id", "route", "caller"].map(text);
            LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }

    fn flush(&self) {}
}

fn listen() {
    static SET: Once = Once::new();
    SET.call_once(|| {
        log::set_logger(&Listener).expect("no other logger");
        log::set_max_level(LevelFilter::Info);
    });
}

/// The route and the caller in the line of a request.
fn line_of(id: &str) -> (String, String) {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    let mut of_request = lines.iter().filter(|[request, ..]| request == id);
    let [_, route, caller] = of_request.next().expect("a line").clone();
    assert!(of_request.next().is_none(), "one line a request");
    (route, caller)
}

async fn logged(who: &Client, id: &str, path: &str) -> (String, String) {
    who.get_with(path, &[("X-Request-Id", id)]).await.expect(200);
    line_of(id)
}

#[actix_web::test]
async fn it_names_the_caller_and_never_who_reports() {
    listen();
    let desk = Desk::new().await;
    let (worker, resident) = (account_of(desk.worker()).await, account_of(&desk.resident).await);
    assert_eq!(logged(desk.worker(), "log-worker", CASES).await, ("/v1/cases".into(), worker));
    for identity in ["open", "hidden", "anonymous"] {
        let mut body = report(desk.place());
        body["identity"] = json!(identity);
        let id = format!("log-{identity}");
        desk.resident.post_with(MINE, &[("X-Request-Id", &id)], body).await.expect(201);
        assert_eq!(line_of(&id), ("/v1/me/cases".into(), String::new()), "{identity}");
    }
    let mine = desk.resident.get(MINE).await.expect(200).value();
    let path = format!("{MINE}/{}", mine["items"][0]["id"].as_str().expect("an id"));
    assert_eq!(logged(&desk.resident, "log-mine", &path).await, ("/v1/me/cases/{id}".into(), String::new()));
    assert_eq!(logged(&desk.resident, "log-files", &format!("{path}/files")).await.1, "");
    // What has nothing to do with reports is logged as ever.
    assert_eq!(logged(&desk.resident, "log-me", "/v1/me").await, ("/v1/me".into(), resident));
}
