//! Opens many streams of the feed, changes compounds meanwhile, and prints what the streams cost and how late events are.
//!
//! An event's delay is counted from the moment that its write's handler takes its time, so the write itself is in it. The
//! reader shares two cores with the server: it looks for line ends and little else, and reads the time of one stream in
//! twenty.

use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use actix_web::rt;
use chrono::{DateTime, Utc};
use platform::clock::Clock;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};

/// A worker of the demo: the feed asks whether its readers' session still stands.
const WHO: (&str, &str) = ("worker.tongdexiang", "demo-worker-tongdexiang-2024");
/// Connections that write, each to compounds of its own: of two changes of one at once the second is refused.
const WRITERS: usize = 10;
const TIMED: usize = 20;

pub struct Load {
    pub address: SocketAddr,
    pub pid: u32,
    pub streams: usize,
    /// Changes a second.
    pub writes: u64,
    pub seconds: u64,
}

#[derive(Deserialize)]
struct LoggedIn {
    access_token: String,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
}

#[derive(Deserialize)]
struct Event {
    at: DateTime<Utc>,
}

#[derive(Default)]
struct Heard {
    /// Events by stream.
    counts: Vec<AtomicU64>,
    delays_ms: Mutex<Vec<f64>>,
    open: AtomicU64,
    over: AtomicBool,
}

pub fn run(load: &Load) -> Result<String, String> {
    let mut caller = Caller::of(load.address)?;
    let (username, password) = WHO;
    let logged_in: LoggedIn =
        caller.ask("POST", "/v1/auth/login", &json!({ "username": username, "password": password }))?;
    caller.token = logged_in.access_token;
    let page: Page = caller.ask("GET", "/v1/compounds?limit=50", &Value::Null)?;
    let compounds: Vec<String> = page.items.into_iter().map(|item| item.id).collect();
    // What a server allocates once is none of the streams' cost.
    change(load, &caller.token, &compounds, 3)?;
    // The last of these is told before the streams begin.
    std::thread::sleep(Duration::from_secs(1));
    let before = rss_mb(load.pid)?;
    let heard = Heard { counts: (0..load.streams).map(|_| AtomicU64::new(0)).collect(), ..Heard::default() };
    let heard = Arc::new(heard);
    let reader = {
        let (heard, address, token) = (heard.clone(), load.address, caller.token.clone());
        std::thread::spawn(move || rt::System::new().block_on(listen_all(address, token, heard)))
    };
    wait_for(Duration::from_secs(30), || heard.open.load(Ordering::Relaxed) as usize == load.streams)?;
    std::thread::sleep(Duration::from_secs(5));
    let idle = rss_mb(load.pid)?;
    let (sent, took) = change(load, &caller.token, &compounds, load.seconds)?;
    std::thread::sleep(Duration::from_secs(2));
    let busy = rss_mb(load.pid)?;
    heard.over.store(true, Ordering::Relaxed);
    reader.join().map_err(|_| "the reader panicked")??;
    let counts = || heard.counts.iter().map(|count| count.load(Ordering::Relaxed));
    let mut delays = heard.delays_ms.lock().map_err(|e| e.to_string())?.clone();
    delays.sort_unstable_by(f64::total_cmp);
    let told = json!({ "streams": load.streams, "idle_mb": idle - before, "busy_mb": busy - before, "sent": sent,
        "writes_per_second": sent as f64 / took.as_secs_f64(), "least": counts().min(), "most": counts().max(),
        "p50_ms": delays.get(delays.len() / 2), "p99_ms": delays.get(delays.len() * 99 / 100) });
    Ok(told.to_string())
}

fn wait_for(most: Duration, is_so: impl Fn() -> bool) -> Result<(), String> {
    let begun = Instant::now();
    while !is_so() {
        if begun.elapsed() > most {
            return Err("not all streams were opened in time".into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn rss_mb(pid: u32) -> Result<f64, String> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).map_err(|e| e.to_string())?;
    let line = status.lines().find(|line| line.starts_with("VmRSS")).ok_or("no VmRSS")?;
    let kilobytes: f64 = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).ok_or("no size")?;
    Ok(kilobytes / 1024.0)
}

/// Changes compounds as often as the load says, for some seconds: how many changes, and how long they took.
fn change(load: &Load, token: &str, compounds: &[String], seconds: u64) -> Result<(u64, Duration), String> {
    let (begun, wanted) = (Instant::now(), load.writes * seconds);
    let sent = AtomicU64::new(0);
    let fault: Mutex<Option<String>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (sent, fault) = (&sent, &fault);
            scope.spawn(move || {
                let own: Vec<&String> = compounds.iter().skip(writer).step_by(WRITERS).collect();
                if let Err(error) = change_in_turn(load, token, &own, (begun, wanted, seconds), sent)
                    && let Ok(mut fault) = fault.lock()
                {
                    fault.get_or_insert(error);
                }
            });
        }
    });
    match fault.into_inner().map_err(|e| e.to_string())? {
        Some(fault) => Err(fault),
        None => Ok((sent.into_inner(), begun.elapsed())),
    }
}

/// Takes the next change when its moment has come, whoever took the one before. Ends in time, whatever is left.
fn change_in_turn(
    load: &Load,
    token: &str,
    compounds: &[&String],
    (begun, wanted, seconds): (Instant, u64, u64),
    sent: &AtomicU64,
) -> Result<(), String> {
    let mut caller = Caller::of(load.address)?;
    token.clone_into(&mut caller.token);
    let give_up = begun + Duration::from_secs(seconds * 2);
    for compound in compounds.iter().cycle() {
        let number = sent.fetch_add(1, Ordering::Relaxed);
        if number >= wanted || Instant::now() > give_up {
            sent.fetch_sub(1, Ordering::Relaxed);
            return Ok(());
        }
        let due = begun + Duration::from_micros(number * 1_000_000 / load.writes);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let brand = json!({ "brand": format!("德治{number}") });
        caller.ask::<IgnoredAny>("PATCH", &format!("/v1/compounds/{compound}"), &brand)?;
    }
    Err("no compounds".into())
}

/// A connection for one request after another.
struct Caller {
    address: SocketAddr,
    requests: TcpStream,
    answers: BufReader<TcpStream>,
    token: String,
}

impl Caller {
    fn of(address: SocketAddr) -> Result<Self, String> {
        let requests = TcpStream::connect(address).map_err(|e| e.to_string())?;
        requests.set_nodelay(true).map_err(|e| e.to_string())?;
        let answers = BufReader::new(requests.try_clone().map_err(|e| e.to_string())?);
        Ok(Self { address, requests, answers, token: String::new() })
    }

    fn ask<T: DeserializeOwned>(&mut self, method: &str, path: &str, body: &Value) -> Result<T, String> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        if !self.token.is_empty() {
            request.push_str(&format!("Authorization: Bearer {}\r\n", self.token));
        }
        if !body.is_empty() {
            request.push_str("Content-Type: application/json\r\n");
        }
        if method == "PATCH" {
            request.push_str("If-Match: *\r\n");
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        self.requests.write_all(request.as_bytes()).map_err(|e| e.to_string())?;
        let (status, length) = super::post::head(&mut self.answers)?;
        let mut answer = Vec::new();
        (&mut self.answers).take(length).read_to_end(&mut answer).map_err(|e| e.to_string())?;
        if !(200..300).contains(&status) {
            return Err(format!("{method} {path} was answered with {status}"));
        }
        serde_json::from_slice(&answer).map_err(|e| e.to_string())
    }
}

async fn listen_all(address: SocketAddr, token: String, heard: Arc<Heard>) -> Result<(), String> {
    let listeners: Vec<_> = (0..heard.counts.len())
        .map(|number| rt::spawn(listen(address, token.clone(), number, heard.clone())))
        .collect();
    while !heard.over.load(Ordering::Relaxed) {
        rt::time::sleep(Duration::from_millis(50)).await;
    }
    for listener in listeners {
        if listener.is_finished() {
            listener.await.map_err(|e| e.to_string())??;
            return Err("a stream ended".into());
        }
        listener.abort();
    }
    Ok(())
}

async fn listen(address: SocketAddr, token: String, number: usize, heard: Arc<Heard>) -> Result<(), String> {
    let stream = rt::net::TcpStream::connect(address).await.map_err(|e| e.to_string())?;
    let request = format!("GET /v1/events/stream HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.writable().await.map_err(|e| e.to_string())?;
    if stream.try_write(request.as_bytes()).map_err(|e| e.to_string())? != request.len() {
        return Err("a request was not taken at once".into());
    }
    let (mut buffer, mut rest) = (vec![0; 16 * 1024], Vec::new());
    let mut is_open = false;
    loop {
        stream.readable().await.map_err(|e| e.to_string())?;
        let read = match stream.try_read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error.to_string()),
        };
        rest.extend_from_slice(buffer.get(..read).unwrap_or_default());
        let whole = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let lines: Vec<u8> = rest.drain(..whole).collect();
        if !is_open {
            if !lines.starts_with(b"HTTP/1.1 200") {
                return Err(String::from_utf8_lossy(&lines).chars().take(60).collect());
            }
            is_open = true;
            heard.open.fetch_add(1, Ordering::Relaxed);
        }
        for line in lines.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"data: ")) {
            hear(line.get(6..).unwrap_or_default(), number, &heard)?;
        }
    }
}

fn hear(event: &[u8], number: usize, heard: &Heard) -> Result<(), String> {
    if let Some(count) = heard.counts.get(number) {
        count.fetch_add(1, Ordering::Relaxed);
    }
    if number.is_multiple_of(TIMED) {
        let event: Event = serde_json::from_slice(event).map_err(|e| e.to_string())?;
        let late = (Clock::System.now().micros() - event.at.timestamp_micros()) as f64 / 1000.0;
        heard.delays_ms.lock().map_err(|e| e.to_string())?.push(late);
    }
    Ok(())
}
