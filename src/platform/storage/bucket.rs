//! A bucket of an S3-compatible service: each request goes to an address that is signed for it alone.

use std::time::Duration;

use rusty_s3::{Credentials, S3Action, UrlStyle};
use ureq::Agent;

use super::{Key, Keys};
use crate::error::{Error, Result};

const SIGNED_FOR: Duration = Duration::from_secs(60);
const TIMEOUT: Duration = Duration::from_secs(30);
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
            agent: Agent::config_builder().timeout_global(Some(TIMEOUT)).max_redirects(0).proxy(None).build().into(),
        })
    }

    fn name(&self, key: &Key) -> String {
        format!("{}{}", self.prefix, key.as_str())
    }

    pub fn put(&self, key: &Key, bytes: &[u8]) -> Result<()> {
        let name = self.name(key);
        let url = self.bucket.put_object(Some(&self.credentials), &name).sign(SIGNED_FOR);
        self.agent.put(url.as_str()).send(bytes).map_err(failed)?;
        Ok(())
    }

    pub fn get(&self, key: &Key) -> Result<Vec<u8>> {
        let name = self.name(key);
        let url = self.bucket.get_object(Some(&self.credentials), &name).sign(SIGNED_FOR);
        let mut answer = self.agent.get(url.as_str()).call().map_err(|error| match error {
            ureq::Error::StatusCode(404) => Error::NotFound,
            other => failed(other),
        })?;
        answer.body_mut().with_config().limit(MOST_BYTES).read_to_vec().map_err(failed)
    }

    pub fn delete(&self, key: &Key) -> Result<()> {
        let name = self.name(key);
        let url = self.bucket.delete_object(Some(&self.credentials), &name).sign(SIGNED_FOR);
        match self.agent.delete(url.as_str()).call() {
            Ok(_) | Err(ureq::Error::StatusCode(404)) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

/// The address is signed, so it does not go into the log with the error.
fn failed(error: ureq::Error) -> Error {
    match error {
        ureq::Error::StatusCode(status) => Error::internal(format!("the storage answered {status}")),
        ureq::Error::Timeout(_) => Error::Busy,
        other => Error::internal(format!("the storage cannot be reached: {other}")),
    }
}

#[cfg(test)]
#[path = "bucket_tests.rs"]
mod tests;
