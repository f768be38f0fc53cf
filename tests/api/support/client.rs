//! A client that reads like the domain, and replies that read as types.

use std::time::Duration;

use super::Listener;
use actix_web::http::Method;
use platform::http::ProblemBody;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Clone)]
pub struct Client {
    pub base: String,
    pub token: Option<String>,
}

pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Client {
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.send(Method::GET, path, headers, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.post_with(path, &[], body).await
    }

    pub async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Reply {
        self.send(Method::POST, path, &with_json(headers), Some(body.to_string().into_bytes())).await
    }

    /// One file, as a mini-program sends it, with words beside it.
    pub async fn post_file(&self, path: &str, file: SentFile<'_>, words: &[(&str, &str)]) -> Reply {
        let body = multipart(&[file], words);
        self.send(Method::POST, path, &[("content-type", MULTIPART)], Some(body)).await
    }

    pub async fn patch(&self, path: &str, etag: &str, body: Value) -> Reply {
        let headers = with_json(&[("If-Match", etag)]);
        self.send(Method::PATCH, path, &headers, Some(body.to_string().into_bytes())).await
    }

    /// A stream of events, and what it is answered with.
    pub async fn listen(&self, path: &str, headers: &[(&str, &str)]) -> Result<Listener, Reply> {
        let client = awc::Client::builder().disable_timeout().finish();
        let mut request = client.get(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.insert_header(("authorization", format!("Bearer {token}")));
        }
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        let response = request.send().await.expect("an answer");
        match response.status().as_u16() {
            200 => Ok(Listener::of(response)),
            _ => Err(self.send(Method::GET, path, headers, None).await),
        }
    }

    /// Any request, as it is.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Reply {
        let client = awc::Client::builder().timeout(Duration::from_secs(60)).finish();
        let mut request = client.request(method, format!("{}{}", self.base, encode(path)));
        if let Some(token) = &self.token {
            request = request.insert_header(("authorization", format!("Bearer {token}")));
        }
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        let sent = match body {
            Some(body) => request.send_body(body).await,
            None => request.send().await,
        };
        let mut response = sent.expect("an answer");
        let text =
            |value: &actix_web::http::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let all = response.headers().iter();
        let headers: Vec<(String, String)> = all.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        // A stream of events has no whole body.
        let streamed = headers.iter().any(|(name, value)| name == "content-type" && value == "text/event-stream");
        let body =
            if streamed { Vec::new() } else { response.body().limit(64 << 20).await.expect("a whole body").to_vec() };
        Reply { status: response.status().as_u16(), headers, body }
    }
}

/// Its part's name, its own name and type as they are said, and its bytes.
#[derive(Clone, Copy)]
pub struct SentFile<'a> {
    pub part: &'a str,
    pub name: &'a str,
    pub kind: &'a str,
    pub bytes: &'a [u8],
}

pub const MULTIPART: &str = "multipart/form-data; boundary=between-the-parts";

pub fn multipart(files: &[SentFile<'_>], words: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, text) in words {
        let part = format!("--between-the-parts\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for SentFile { part, name, kind, bytes } in files {
        let head = format!(
            "--between-the-parts\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{name}\"\r\n\
             Content-Type: {kind}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--between-the-parts--\r\n");
    body
}

fn with_json<'a>(headers: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [headers, &[("content-type", "application/json")]].concat()
}

/// Chinese in a path or query goes over the wire percent-encoded.
fn encode(path: &str) -> String {
    path.bytes().map(|b| if b.is_ascii_graphic() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

impl Reply {
    pub fn status(&self) -> u16 {
        self.status
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    }

    pub fn etag(&self) -> String {
        self.header("etag").expect("an ETag")
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e} in {} {}", self.status, self.text()))
    }

    #[track_caller]
    pub fn value(&self) -> Value {
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The body as a problem, which every failure has.
    #[track_caller]
    pub fn problem(&self) -> ProblemBody {
        let kind = self.header("content-type");
        assert_eq!(kind.as_deref(), Some("application/problem+json"), "{} {}", self.status, self.text());
        let problem: ProblemBody = self.json();
        assert_eq!(problem.status, self.status, "{}", self.text());
        problem
    }

    /// Asserts the status and hands the reply on.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Asserts a failure with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> ProblemBody {
        let problem = self.problem();
        assert_eq!((self.status, problem.code.as_str()), (status, code), "{}", self.text());
        problem
    }
}
