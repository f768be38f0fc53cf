//! Asks over HTTP, each request another one, and prints what came of it in the form in which oha does. oha itself cannot give
//! each request another method, header or body: cases have a key each, answers of a survey a token, and a day at a desk is
//! reading and writing.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::json;
use uuid::Uuid;

pub struct Load {
    pub address: SocketAddr,
    pub connections: usize,
    pub pace: Pace,
}

#[derive(Debug, Clone, Copy)]
pub enum Pace {
    /// The next as soon as one is answered, for so many seconds.
    Closed { seconds: u64 },
    /// So many a second, whether the others are answered or not. How long one takes is counted from when it was due, so that
    /// a server that stalls is charged for those that had to wait behind it.
    Open { seconds: u64, a_second: f64 },
    /// The next as soon as one is answered, until there are no more.
    All,
}

impl Pace {
    fn seconds(self) -> Option<u64> {
        match self {
            Self::Closed { seconds } | Self::Open { seconds, .. } => Some(seconds),
            Self::All => None,
        }
    }
}

pub struct Request {
    pub text: String,
    /// The status that it is to be answered with.
    pub status: u16,
}

/// The `nth` request of a connection; `None` where it has no more.
pub type Next<'a> = &'a (dyn Fn(usize, usize) -> Option<Request> + Sync);

#[derive(Default)]
struct Tally {
    taken: BTreeMap<String, u64>,
    /// The first other answer, or what else went wrong.
    fault: Option<String>,
    bytes: u64,
    micros: Vec<u64>,
}

pub fn run(load: &Load, next: Next<'_>) -> Result<String, String> {
    let all = Mutex::new(Tally::default());
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for number in 0..load.connections {
            let all = &all;
            scope.spawn(move || {
                let mut own = Tally::default();
                if let Err(error) = keep_asking(load, (number, next), begun, &mut own) {
                    own.fault.get_or_insert(error);
                }
                if let Ok(mut all) = all.lock() {
                    all.add(own);
                }
            });
        }
    });
    let took = begun.elapsed().as_secs_f64();
    let mut all = all.into_inner().map_err(|e| e.to_string())?;
    if let Some(fault) = all.fault {
        return Err(fault);
    }
    all.micros.sort_unstable();
    let at = |percent: usize| {
        let micros = all.micros.get(all.micros.len() * percent / 100).copied();
        micros.map(|micros| Duration::from_micros(micros).as_secs_f64())
    };
    let shares = json!({ "p50": at(50), "p99": at(99) });
    let told = json!({ "statusCodeDistribution": all.taken, "errorDistribution": {},
        "summary": { "total": took, "totalData": all.bytes }, "latencyPercentiles": shares });
    Ok(told.to_string())
}

impl Tally {
    fn add(&mut self, mut other: Self) {
        for (status, taken) in other.taken {
            *self.taken.entry(status).or_default() += taken;
        }
        self.bytes += other.bytes;
        self.micros.append(&mut other.micros);
        self.fault = self.fault.take().or(other.fault);
    }
}

/// When the `nth` request of a connection is due: at once, or at its place in the row of all.
fn due(load: &Load, begun: Instant, number: usize, nth: usize) -> Instant {
    let Pace::Open { a_second, .. } = load.pace else { return Instant::now() };
    let place = u32::try_from(nth * load.connections + number).unwrap_or(u32::MAX);
    begun + Duration::from_secs_f64(f64::from(place) / a_second)
}

fn keep_asking(load: &Load, (number, next): (usize, Next<'_>), begun: Instant, own: &mut Tally) -> Result<(), String> {
    let stream = TcpStream::connect(load.address).map_err(|e| e.to_string())?;
    stream.set_nodelay(true).map_err(|e| e.to_string())?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).map_err(|e| e.to_string())?;
    let mut answers = BufReader::new(stream.try_clone().map_err(|e| e.to_string())?);
    let mut requests = stream;
    let until = load.pace.seconds().map(|seconds| begun + Duration::from_secs(seconds));
    for nth in 0.. {
        let due = due(load, begun, number, nth);
        if until.is_some_and(|until| due >= until) {
            return Ok(());
        }
        let Some(request) = next(number, nth) else { return Ok(()) };
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        requests.write_all(request.text.as_bytes()).map_err(|e| e.to_string())?;
        let (status, bytes) = answer(&mut answers)?;
        if status != request.status {
            return Err(format!("{status} where {} was due: {}", request.status, head_of(&request.text)));
        }
        *own.taken.entry(status.to_string()).or_default() += 1;
        own.bytes += bytes;
        own.micros.push(u64::try_from(due.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    Ok(())
}

fn head_of(request: &str) -> &str {
    request.lines().next().unwrap_or_default()
}

/// A case, in another area each time; each connection goes through them from another one on.
pub fn case(address: SocketAddr, token: &str, areas: &[String], number: usize, nth: usize) -> Option<Request> {
    let area = areas.get((number * 61 + nth) % areas.len().max(1))?;
    let body = json!({ "area_code": area, "kind": "repair", "category": "pipe_leak", "channel": "phone",
        "title": "管道漏水", "body": "二楼与三楼之间的管道漏水,楼道有积水,请尽快派人查看。",
        "fields": { "floor": 2, "indoors": false } });
    let body = body.to_string();
    let text = format!(
        "POST /v1/cases HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nIdempotency-Key: {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        address,
        token,
        Uuid::now_v7(),
        body.len()
    );
    Some(Request { text, status: 201 })
}

fn read(address: SocketAddr, token: &str, path: &str) -> Request {
    let text = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n");
    Request { text, status: 200 }
}

/// What is read and written in turn: of ten requests eight are one of `paths` and two are new cases.
pub fn mixed(
    address: SocketAddr,
    token: &str,
    (areas, paths): (&[String], &[String]),
    number: usize,
    nth: usize,
) -> Option<Request> {
    if nth % 5 == number % 5 {
        return case(address, token, areas, number, nth);
    }
    let path = paths.get((number * 61 + nth) % paths.len().max(1))?;
    Some(read(address, token, path))
}

/// The status of an answer, and the length of its body, which is read past.
pub fn answer(answers: &mut impl BufRead) -> Result<(u16, u64), String> {
    let (status, length) = head(answers)?;
    std::io::copy(&mut answers.take(length), &mut std::io::sink()).map_err(|e| e.to_string())?;
    Ok((status, length))
}

/// The status of an answer, and the length of the body that comes next.
pub fn head(answers: &mut impl BufRead) -> Result<(u16, u64), String> {
    let (mut status, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        if answers.read_line(&mut line).map_err(|e| e.to_string())? == 0 {
            return Err("the server hung up".into());
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if status.is_none() {
            status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
        }
        if let Some((_, value)) = line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        {
            length = value.parse().map_err(|_| "no length".to_owned())?;
        }
    }
    Ok((status.ok_or("no status")?, length))
}
