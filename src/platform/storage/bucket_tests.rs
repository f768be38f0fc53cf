//! Against a server of the test's own that keeps objects in memory and checks each signature for itself.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::storage::{Key, Keys, Storage};

const SECRET: &str = "the test's secret";
const REGION: &str = "cn-test-1";

struct Request {
    method: String,
    path: String,
    query: String,
    host: String,
    body: Vec<u8>,
}

fn read(stream: &TcpStream) -> Request {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).expect("a request line");
    let mut words = first.split(' ');
    let (method, target) = (words.next().expect("a method"), words.next().expect("a target"));
    let (path, query) = target.split_once('?').expect("a query");
    let (mut host, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a header");
        let Some((name, value)) = line.trim().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "host" => host = value.trim().to_owned(),
            "content-length" => length = value.trim().parse().expect("a length"),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a whole body");
    Request { method: method.into(), path: path.into(), query: query.into(), host, body }
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

fn answer(stream: &mut TcpStream, status: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).expect("an answer");
}

/// Ends with the test's process.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let mut objects: HashMap<String, Vec<u8>> = HashMap::new();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let request = read(&stream);
            if !is_signed(&request) {
                answer(&mut stream, "403 Forbidden", b"");
                continue;
            }
            match request.method.as_str() {
                "PUT" => {
                    objects.insert(request.path, request.body);
                    answer(&mut stream, "200 OK", b"");
                }
                "DELETE" => {
                    objects.remove(&request.path);
                    answer(&mut stream, "204 No Content", b"");
                }
                _ => match objects.get(&request.path) {
                    Some(bytes) if request.path.starts_with("/photos/of/cases/") => {
                        answer(&mut stream, "200 OK", bytes)
                    }
                    _ => answer(&mut stream, "404 Not Found", b""),
                },
            }
        }
    });
    format!("http://{address}")
}

fn storage(server: &str, secret: &str) -> Storage {
    let keys = Keys { access: "access".into(), secret: secret.into() };
    let url = format!("s3://photos/of/cases?endpoint={server}&region={REGION}");
    Storage::open(&url, Some(keys)).expect("opens")
}

#[actix_web::test]
async fn what_was_put_is_got_until_it_is_deleted() {
    let storage = storage(&serve(), SECRET);
    let key = Key::fresh("jpg").expect("a key");
    let bytes: Vec<u8> = (0..300_000u32).map(|n| n.to_le_bytes()[0]).collect();
    assert_eq!(storage.get(&key).await.expect_err("nothing is there").problem().status, 404);
    storage.put(&key, bytes.clone()).await.expect("put");
    assert_eq!(storage.get(&key).await.expect("got"), bytes);
    storage.delete(&key).await.expect("deleted");
    storage.delete(&key).await.expect("deleted again");
    assert_eq!(storage.get(&key).await.expect_err("gone").problem().status, 404);
}

#[actix_web::test]
async fn a_wrong_secret_is_an_error_of_ours_that_tells_no_address() {
    let storage = storage(&serve(), "another secret");
    let key = Key::fresh("jpg").expect("a key");
    let error = storage.put(&key, b"x".to_vec()).await.expect_err("refused");
    assert_eq!(error.problem().status, 500);
    assert!(error.to_string().contains("403") && !error.to_string().contains("X-Amz"), "{error}");
}

#[actix_web::test]
async fn a_service_that_is_away_is_an_error_of_ours() {
    let storage = storage("http://127.0.0.1:1", SECRET);
    let key = Key::fresh("jpg").expect("a key");
    assert_eq!(storage.get(&key).await.expect_err("nobody there").problem().status, 500);
}
