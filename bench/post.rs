//! Posts over HTTP as fast as it is taken, each request another one, and prints what came of it in the form in which oha does.
//! oha itself cannot give each request another header or path: cases have a key each, answers of a survey a token.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::json;
use uuid::Uuid;

pub struct Load {
    pub address: SocketAddr,
    pub connections: usize,
    /// The status that each is to be answered with.
    pub status: u16,
    pub until: Until,
}

#[derive(Debug, Clone, Copy)]
pub enum Until {
    Seconds(u64),
    /// There is nothing more to post.
    Done,
}

/// The `nth` request of a connection; `None` where it has no more.
pub type Next<'a> = &'a (dyn Fn(usize, usize) -> Option<String> + Sync);

#[derive(Default)]
struct Tally {
    taken: u64,
    /// The first other answer, or what else went wrong.
    fault: Option<String>,
    bytes: u64,
    micros: Vec<u64>,
}

pub fn run(load: &Load, next: Next<'_>) -> Result<String, String> {
    let all = Mutex::new(Tally::default());
    let begun = Instant::now();
    let until = match load.until {
        Until::Seconds(seconds) => Some(begun + Duration::from_secs(seconds)),
        Until::Done => None,
    };
    std::thread::scope(|scope| {
        for number in 0..load.connections {
            let all = &all;
            scope.spawn(move || {
                let mut own = Tally::default();
                if let Err(error) = keep_posting(load, (number, next), until, &mut own) {
                    own.fault.get_or_insert(error);
                }
                if let Ok(mut all) = all.lock() {
                    all.taken += own.taken;
                    all.bytes += own.bytes;
                    all.micros.append(&mut own.micros);
                    all.fault = all.fault.take().or(own.fault);
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
    let told = json!({ "statusCodeDistribution": { load.status.to_string(): all.taken }, "errorDistribution": {},
        "summary": { "total": took, "totalData": all.bytes }, "latencyPercentiles": shares });
    Ok(told.to_string())
}

fn keep_posting(
    load: &Load,
    (number, next): (usize, Next<'_>),
    until: Option<Instant>,
    own: &mut Tally,
) -> Result<(), String> {
    let stream = TcpStream::connect(load.address).map_err(|e| e.to_string())?;
    stream.set_nodelay(true).map_err(|e| e.to_string())?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).map_err(|e| e.to_string())?;
    let mut answers = BufReader::new(stream.try_clone().map_err(|e| e.to_string())?);
    let mut requests = stream;
    for nth in 0.. {
        let begun = Instant::now();
        if until.is_some_and(|until| begun >= until) {
            return Ok(());
        }
        let Some(request) = next(number, nth) else { return Ok(()) };
        requests.write_all(request.as_bytes()).map_err(|e| e.to_string())?;
        let (status, bytes) = answer(&mut answers)?;
        if status != load.status {
            return Err(format!("what was posted was answered with {status}"));
        }
        own.taken += 1;
        own.bytes += bytes;
        own.micros.push(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    Ok(())
}

/// A case, in another area each time; each connection goes through them from another one on.
pub fn case(address: SocketAddr, token: &str, areas: &[String], number: usize, nth: usize) -> Option<String> {
    let area = areas.get((number * 61 + nth) % areas.len().max(1))?;
    Some(request(address, token, area))
}

fn request(address: SocketAddr, token: &str, area: &str) -> String {
    let body = json!({ "area_code": area, "kind": "repair", "category": "pipe_leak", "channel": "phone",
        "title": "管道漏水", "body": "二楼与三楼之间的管道漏水,楼道有积水,请尽快派人查看。",
        "fields": { "floor": 2, "indoors": false } });
    let body = body.to_string();
    format!(
        "POST /v1/cases HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nIdempotency-Key: {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        address,
        token,
        Uuid::now_v7(),
        body.len()
    )
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
