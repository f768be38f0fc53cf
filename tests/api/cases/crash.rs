//! kill -9: whoever asks again with the same key finds one case, whenever the server was killed.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use delivery::cases::dto::{CaseOut, CasePage};
use delivery::schema::cases;
use diesel::prelude::*;
use gateway::feed::dto::FeedEventOut;
use platform::db::Manager;
use platform::history::EventPage;
use registry::identity::dto::TokensOut;
use serde_json::{Value, json};

use super::support::{CASES, leak};
use crate::cli::{command, red_steward};
use crate::feed::all;
use crate::identity::PASSWORD;
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, Reply, TestDatabase};

const KILLS: u32 = 20;
/// Longer than a server needs to come up on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The real server in a process of its own.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(database: &TestDatabase) -> Self {
        let mut command = command(&database.url);
        command.env("RUST_LOG", "red_steward=info").env("PUBLIC_BASE_URL", "https://red-steward.example");
        command.env("STORAGE_URL", format!("file://{}", database.files().display()));
        let mut child = command.arg("serve").stderr(Stdio::piped()).spawn().expect("the server starts");
        let said = BufReader::new(child.stderr.take().expect("what it says"));
        let (tell, told) = mpsc::channel();
        // To its end, so that the server never waits for somebody to read.
        std::thread::spawn(move || {
            for line in said.lines().map_while(Result::ok) {
                let address = line.rsplit_once("listening on ").and_then(|(_, at)| at.parse().ok());
                if let Some(address) = address {
                    // Nobody listens any more once the first address is known.
                    tell.send(address).ok();
                }
            }
        });
        let address = told.recv_timeout(PATIENCE).expect("the server listens");
        Self { child, address }
    }

    fn client(&self, token: Option<&str>) -> Client {
        Client { base: format!("http://{}", self.address), token: token.map(str::to_owned) }
    }

    /// Sends the report of a case and waits for nothing.
    fn send(&self, token: &str, key: &str, body: &Value) -> TcpStream {
        let body = body.to_string();
        let request = format!(
            "POST {CASES} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream.write_all(request.as_bytes()).expect("sent");
        stream
    }
}

impl Drop for Server {
    /// SIGKILL: nothing is finished, flushed or said goodbye to.
    fn drop(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

/// What the server had answered by the time it was gone, `None` where that is less than a status.
fn answered(mut stream: TcpStream) -> Option<u16> {
    let mut answer = Vec::new();
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
    // A connection that is reset has still brought what came before.
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer).into_owned();
    text.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

/// Waits until another connection sees one case more: between the commit, then, and the answer.
fn wait_for_commit(database: &TestDatabase, before: i64) {
    let since = Instant::now();
    let mut conn = Manager::new(&database.url).expect("a URL").open().expect("a connection");
    while cases::table.count().get_result::<i64>(&mut conn).expect("a count") == before {
        assert!(since.elapsed() < PATIENCE, "no case was committed");
    }
}

fn ran(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// The register's divisions and a worker of the community, who has logged in.
async fn prepared(database: &TestDatabase) -> String {
    let folder = format!("{}/tests/fixtures/divisions", env!("CARGO_MANIFEST_DIR"));
    let files = ["provinces", "cities", "areas", "streets", "villages"].map(|name| format!("{folder}/{name}.csv"));
    let import: Vec<&str> = ["import", "divisions"].into_iter().chain(files.iter().map(String::as_str)).collect();
    ran(&red_steward(&database.url, &import));
    let account = ["account", "create", "li.na", "--role", "community_worker", "--area", TONGDEXIANG];
    let said = ran(&red_steward(&database.url, &account));
    let initial = said.rsplit(' ').next().expect("a password");

    let server = Server::start(database);
    let log_in = async |password: &str| -> TokensOut {
        let body = json!({ "username": "li.na", "password": password });
        server.client(None).post("/v1/auth/login", body).await.expect(200).json()
    };
    let first = log_in(initial).await;
    let change = json!({ "current_password": initial, "new_password": PASSWORD });
    server.client(Some(&first.access_token)).post("/v1/me/password", change).await.expect(204);
    log_in(PASSWORD).await.access_token
}

fn report(n: u32, kind: &str) -> (String, Value) {
    let mut body = leak(TONGDEXIANG);
    body["title"] = json!(format!("漏水 {kind} {n}"));
    (format!("{kind}-{n}"), body)
}

async fn post(server: &Server, token: &str, (key, body): &(String, Value)) -> Reply {
    server.client(Some(token)).post_with(CASES, &[("Idempotency-Key", key)], body.clone()).await
}

/// How often the server was killed before the commit, behind it, and behind its answer.
#[derive(Debug, Default)]
struct Struck {
    before: u32,
    behind: u32,
    answered: u32,
}

#[actix_web::test]
async fn killed_at_any_moment_it_keeps_what_it_said_and_makes_nothing_twice() {
    let database = TestDatabase::migrated();
    let token = prepared(&database).await;
    let (mut reports, mut struck) = (Vec::new(), Struck::default());
    let mut server = Server::start(&database);
    for n in 0..KILLS {
        let (said, cut_off) = (report(n, "said"), report(n, "cut-off"));
        let made: CaseOut = post(&server, &token, &said).await.expect(201).json();
        reports.push((said, made));

        let stream = server.send(&token, &cut_off.0, &cut_off.1);
        match n % 2 {
            // Up to 30 ms, most of them within what a report takes.
            0 => std::thread::sleep(Duration::from_micros(u64::from(n * n * 75) + random_micros())),
            _ => wait_for_commit(&database, i64::try_from(reports.len()).expect("few")),
        }
        drop(server);
        let answer = answered(stream);
        server = Server::start(&database);
        let again = post(&server, &token, &cut_off).await.expect(201);
        let replayed = again.header("idempotency-replayed").is_some();
        match (replayed, answer) {
            (true, None) => struck.behind += 1,
            (true, Some(status)) => {
                assert_eq!(status, 201);
                struck.answered += 1;
            }
            (false, None) => struck.before += 1,
            (false, Some(status)) => panic!("{status} was answered and nothing of it is there"),
        }
        assert!(replayed || n % 2 == 0, "what was committed is gone");
        reports.push((cut_off, again.json()));
    }
    assert_eq!(struck.before + struck.behind + struck.answered, KILLS, "{struck:?}");
    assert!(struck.behind + struck.answered >= KILLS / 2, "{struck:?}");
    each_is_there_once(&server, &token, &reports).await;
}

/// Less than a millisecond, another one each time.
fn random_micros() -> u64 {
    uuid::Uuid::now_v7().as_u64_pair().1 % 1000
}

async fn each_is_there_once(server: &Server, token: &str, reports: &[((String, Value), CaseOut)]) {
    let who = server.client(Some(token));
    let ids: BTreeSet<String> = reports.iter().map(|(_, case)| case.id.to_string()).collect();
    assert_eq!(ids.len(), reports.len());
    let page: CasePage = who.get(&format!("{CASES}?limit=100&include=total")).await.expect(200).json();
    assert_eq!((page.items.len(), page.total), (reports.len(), i64::try_from(reports.len()).ok()));
    let titles: BTreeSet<String> = page.items.into_iter().map(|case| case.title).collect();
    for (report, case) in reports {
        assert!(titles.contains(report.1["title"].as_str().expect("a title")));
        // Asked a third time, it is still the same answer.
        let again = post(server, token, report).await.expect(201);
        assert!(again.header("idempotency-replayed").is_some());
        assert_eq!(again.json::<CaseOut>().id, case.id);
        let history: EventPage = who.get(&format!("{CASES}/{}/history", case.id)).await.expect(200).json();
        let events: Vec<(&str, i32, bool, &str)> = history
            .items
            .iter()
            .map(|event| (event.event.as_str(), event.seq, event.intact, event.prev_hash.as_str()))
            .collect();
        assert_eq!(events, [("case.reported", 1, true, "")], "{}", report.0);
    }
    let told = told(&who, reports.len()).await;
    assert_eq!(told.len(), reports.len());
    assert_eq!(told.into_iter().map(|event| event.entity_id).collect::<BTreeSet<_>>(), ids);
}

/// What the feed tells of reports. On PostgreSQL it waits for transactions that began earlier, other tests' too.
async fn told(who: &Client, reports: usize) -> Vec<FeedEventOut> {
    let since = Instant::now();
    loop {
        let mut items = all(who, "0").await.items;
        assert!(items.is_sorted_by(|a, b| a.position < b.position), "out of order");
        items.retain(|event| event.event == "case.reported");
        if items.len() >= reports || since.elapsed() > PATIENCE {
            return items;
        }
        actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    }
}
