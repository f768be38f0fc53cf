//! A service that keeps objects in memory, checks each signature for itself, and fails as it is told to.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use platform::storage::Keys;
use sha2::{Digest, Sha256};

pub const SECRET: &str = "the test's secret";
const REGION: &str = "cn-test-1";
/// Before each object's key.
const PREFIX: &str = "/photos/of/cases/";

/// What happens to a request instead of its answer.
#[derive(Clone, Copy)]
pub enum Fault {
    Answers(u16),
    HangsUp,
    /// Answers well, but later.
    TakesItsTime(Duration),
}

/// How many of the requests, and of which method.
struct Trouble {
    method: &'static str,
    times: usize,
    fault: Fault,
}

#[derive(Default)]
struct Kept {
    objects: HashMap<String, Vec<u8>>,
    troubles: Vec<Trouble>,
    asked: usize,
}

/// Ends with the test's process.
pub struct Bucket {
    address: String,
    kept: Arc<Mutex<Kept>>,
}

struct Request {
    method: String,
    path: String,
    query: String,
    host: String,
    body: Vec<u8>,
}

impl Bucket {
    pub fn serve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let kept = Arc::new(Mutex::new(Kept::default()));
        let shared = kept.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = shared.clone();
                std::thread::spawn(move || serve_one(&stream, &kept));
            }
        });
        Self { address, kept }
    }

    pub fn url(&self) -> String {
        format!("s3://photos/of/cases?endpoint={}&region={REGION}", self.address)
    }

    pub fn keys(secret: &str) -> Keys {
        Keys { access: "access".into(), secret: secret.into() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().expect("what is kept")
    }

    /// The next so many requests of a method fail; `usize::MAX` is all of them, and an empty method any.
    pub fn fail(&self, method: &'static str, times: usize, fault: Fault) {
        self.kept().troubles.push(Trouble { method, times, fault });
    }

    pub fn recover(&self) {
        self.kept().troubles.clear();
    }

    pub fn objects(&self) -> usize {
        self.kept().objects.len()
    }

    /// Requests so far, those that failed among them.
    pub fn asked(&self) -> usize {
        self.kept().asked
    }
}

fn serve_one(stream: &TcpStream, kept: &Mutex<Kept>) {
    let Some(request) = read(stream) else { return };
    let fault = next_fault(&mut kept.lock().expect("what is kept"), &request.method);
    match fault {
        Some(Fault::HangsUp) => return,
        Some(Fault::Answers(status)) => return answer(stream, status, b""),
        Some(Fault::TakesItsTime(time)) => std::thread::sleep(time),
        None => {}
    }
    if !is_signed(&request) {
        return answer(stream, 403, b"");
    }
    let mut kept = kept.lock().expect("what is kept");
    match request.method.as_str() {
        "PUT" => {
            kept.objects.insert(request.path, request.body);
            answer(stream, 200, b"");
        }
        "DELETE" => {
            kept.objects.remove(&request.path);
            answer(stream, 204, b"");
        }
        _ => match kept.objects.get(&request.path).filter(|_| request.path.starts_with(PREFIX)) {
            Some(bytes) => answer(stream, 200, bytes),
            None => answer(stream, 404, b""),
        },
    }
}

fn next_fault(kept: &mut Kept, method: &str) -> Option<Fault> {
    kept.asked += 1;
    let mut troubles = kept.troubles.iter_mut();
    let trouble = troubles.find(|one| one.times > 0 && (one.method.is_empty() || one.method == method))?;
    trouble.times -= 1;
    Some(trouble.fault)
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let (path, query) = target.split_once('?')?;
    let (mut host, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "host" => host = value.trim().to_owned(),
            "content-length" => length = value.trim().parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { method: method.into(), path: path.into(), query: query.into(), host, body })
}

/// Who asks may have gone.
fn answer(mut stream: &TcpStream, status: u16, body: &[u8]) {
    let head = format!("HTTP/1.1 {status} So\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

fn mac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key");
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// AWS Signature Version 4 for a query, written down from its description.
fn is_signed(request: &Request) -> bool {
    let pairs: Vec<&str> = request.query.split('&').collect();
    let value = |wanted: &str| {
        let found = pairs.iter().find_map(|pair| pair.strip_prefix(wanted)?.strip_prefix('='));
        found.unwrap_or_default().to_owned()
    };
    let (date, given) = (value("X-Amz-Date"), value("X-Amz-Signature"));
    let day = date.get(..8).unwrap_or_default();
    let scope = format!("{day}/{REGION}/s3/aws4_request");
    let mut signed: Vec<&str> = pairs.iter().copied().filter(|pair| !pair.starts_with("X-Amz-Signature=")).collect();
    signed.sort_unstable();
    let canonical = format!(
        "{}\n{}\n{}\nhost:{}\n\nhost\nUNSIGNED-PAYLOAD",
        request.method,
        request.path,
        signed.join("&"),
        request.host
    );
    let digest = hex(&Sha256::digest(canonical.as_bytes()));
    let key = [day, REGION, "s3", "aws4_request"]
        .iter()
        .fold(format!("AWS4{SECRET}").into_bytes(), |key, part| mac(&key, part));
    let wanted = hex(&mac(&key, &format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{digest}")));
    let credential = format!("access%2F{}", scope.replace('/', "%2F"));
    given == wanted && value("X-Amz-Credential") == credential && value("X-Amz-Expires") == "60"
}
