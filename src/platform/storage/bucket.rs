//! A bucket of an S3-compatible service: each request goes to an address that is signed for it alone.

use std::time::{Duration, Instant};

use rusty_s3::{Credentials, S3Action, UrlStyle};
use ureq::Agent;

use super::{Key, Keys, unavailable};
use crate::error::{Error, Result};

const SIGNED_FOR: Duration = Duration::from_secs(60);
/// For one request, and for all that one call may take.
const TIMEOUT: Duration = Duration::from_secs(15);
const PATIENCE: Duration = Duration::from_secs(35);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Each call may be sent again without harm: a key is written once, and what is gone is gone.
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// More than any file that is taken.
const MOST_BYTES: u64 = 256 << 20;

pub struct Bucket {
    bucket: rusty_s3::Bucket,
    credentials: Credentials,
    /// Before every key; empty, or with a slash at its end.
    prefix: String,
    agent: Agent,
}

impl Bucket {
    /// `bucket/prefix?endpoint=https://…&region=…`, with `style=host` where the bucket is part of the host's name.
    pub fn open(rest: &str, keys: Option<Keys>) -> Result<Self, String> {
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        let said = |wanted: &str| {
            form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
        };
        let keys = keys.ok_or("s3:// needs STORAGE_ACCESS_KEY and STORAGE_SECRET_KEY")?;
        let endpoint = said("endpoint").ok_or("s3:// needs ?endpoint=https://…")?;
        let endpoint = endpoint.parse().map_err(|_| format!("{endpoint} is no address"))?;
        let region = said("region").ok_or("s3:// needs &region=…")?;
        let style = match said("style").as_deref() {
            None | Some("path") => UrlStyle::Path,
            Some("host") => UrlStyle::VirtualHost,
            Some(other) => return Err(format!("style is path or host, not {other}")),
        };
        if name.is_empty() || prefix.split('/').any(|part| matches!(part, "." | "..")) {
            return Err("s3:// needs a bucket, and a prefix without dots".to_owned());
        }
        let bucket = rusty_s3::Bucket::new(endpoint, style, name.to_owned(), region);
        let prefix = prefix.trim_matches('/');
        Ok(Self {
            bucket: bucket.map_err(|e| format!("the bucket's address: {e}"))?,
            credentials: Credentials::new(keys.access, keys.secret),
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            agent: Agent::config_builder()
                .timeout_connect(Some(CONNECT_TIMEOUT))
                .timeout_global(Some(TIMEOUT))
                .max_redirects(0)
                .proxy(None)
                .build()
                .into(),
        })
    }

    fn name(&self, key: &Key) -> String {
        format!("{}{}", self.prefix, key.as_str())
    }

    pub fn put(&self, key: &Key, bytes: &[u8]) -> Result<()> {
        let name = self.name(key);
        persist(|| {
            let url = self.bucket.put_object(Some(&self.credentials), &name).sign(SIGNED_FOR);
            self.agent.put(url.as_str()).send(bytes)
        })
        .map_err(failed)?;
        Ok(())
    }

    pub fn get(&self, key: &Key) -> Result<Vec<u8>> {
        let name = self.name(key);
        let read = persist(|| {
            let url = self.bucket.get_object(Some(&self.credentials), &name).sign(SIGNED_FOR);
            let mut answer = self.agent.get(url.as_str()).call()?;
            answer.body_mut().with_config().limit(MOST_BYTES).read_to_vec()
        });
        read.map_err(|error| match error {
            ureq::Error::StatusCode(404) => Error::NotFound,
            other => failed(other),
        })
    }

    pub fn delete(&self, key: &Key) -> Result<()> {
        let name = self.name(key);
        let deleted = persist(|| {
            let url = self.bucket.delete_object(Some(&self.credentials), &name).sign(SIGNED_FOR);
            self.agent.delete(url.as_str()).call()
        });
        match deleted {
            Ok(_) | Err(ureq::Error::StatusCode(404)) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

/// Calls again what failed in passing, a little later each time.
fn persist<T>(call: impl Fn() -> std::result::Result<T, ureq::Error>) -> std::result::Result<T, ureq::Error> {
    let (since, mut pause) = (Instant::now(), FIRST_PAUSE);
    for _ in 1..ATTEMPTS {
        match call() {
            Err(error) if passes(&error) && since.elapsed() + pause + TIMEOUT <= PATIENCE => {
                log::warn!("the storage is asked again: {error}");
                std::thread::sleep(pause);
                pause *= 4;
            }
            outcome => return outcome,
        }
    }
    call()
}

/// What may be otherwise in a moment.
fn passes(error: &ureq::Error) -> bool {
    use ureq::Error::{ConnectionFailed, HostNotFound, Io, Protocol, StatusCode, Timeout};
    match error {
        StatusCode(status) => matches!(status, 408 | 429 | 500..),
        Io(_) | Timeout(_) | HostNotFound | ConnectionFailed | Protocol(_) => true,
        _ => false,
    }
}

/// The address is signed, so it does not go into the log with the error.
fn failed(error: ureq::Error) -> Error {
    match error {
        passing if passes(&passing) => unavailable(passing),
        ureq::Error::StatusCode(status) => Error::internal(format!("the storage answered {status}")),
        other => Error::internal(format!("the storage cannot be asked: {other}")),
    }
}
