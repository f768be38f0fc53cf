//! 存储: bytes by keys of our own, in a folder or in a bucket of an S3-compatible service. What they mean is in the rows.

mod bucket;
mod folder;
mod strays;

use std::path::PathBuf;
use std::sync::Arc;

use uuid::Uuid;

use crate::aside::Aside;
use crate::db::new_id;
use crate::error::{Error, Result};

pub use strays::{condemn, discard, erase, expect, settle, sweep};

crate::problems! {
    UNAVAILABLE = 503 "storage.unavailable", "文件存储暂时不可用,请稍后再试", "The storage of files cannot be reached; try again shortly";
}

/// Bytes on their way at once in a process.
const AT_ONCE: usize = 4;
/// When it is worth asking again.
const RETRY_SECONDS: u64 = 5;

/// Where bytes are kept. Cheap to clone.
#[derive(Clone)]
pub struct Storage(Arc<Kept>);

struct Kept {
    place: Place,
    threads: Aside,
}

enum Place {
    Folder(folder::Folder),
    Bucket(Box<bucket::Bucket>),
}

/// The keys of an S3-compatible service.
#[derive(Clone)]
pub struct Keys {
    pub access: String,
    pub secret: String,
}

/// `ab/cd/<uuid>.<ending>`, the folders being the id's last digits, which are random: made here, and nothing else is one, so
/// that no key leads out of its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

const LONGEST_ENDING: usize = 4;

impl Key {
    pub fn fresh(ending: &str) -> Result<Self> {
        let id = new_id();
        Self::parse(&format!("{}/{id}.{ending}", folders_of(id)))
    }

    pub fn parse(text: &str) -> Result<Self> {
        let key = text.rsplit_once('/').and_then(|(folders, name)| {
            let (id, ending) = name.split_once('.')?;
            let parsed = Uuid::try_parse(id).ok().filter(|parsed| parsed.to_string() == id)?;
            let plain = (1..=LONGEST_ENDING).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_lowercase());
            (plain && folders == folders_of(parsed)).then(|| Self(text.to_owned()))
        });
        key.ok_or_else(|| Error::internal(format!("{text:?} is no key of the storage")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn folders_of(id: Uuid) -> String {
    let [.., folder, below] = id.into_bytes();
    format!("{folder:02x}/{below:02x}")
}

impl Storage {
    /// `file://a/folder`, or `s3://bucket/prefix?endpoint=https://…&region=…` with its keys.
    pub fn open(url: &str, keys: Option<Keys>) -> Result<Self, String> {
        let place = match (url.strip_prefix("file://"), url.strip_prefix("s3://")) {
            (Some(path), _) if !path.is_empty() => Place::Folder(folder::Folder::open(PathBuf::from(path))?),
            (_, Some(rest)) => Place::Bucket(Box::new(bucket::Bucket::open(rest, keys)?)),
            _ => return Err("STORAGE_URL is file://folder or s3://bucket/prefix?endpoint=…&region=…".to_owned()),
        };
        Ok(Self(Arc::new(Kept { place, threads: Aside::new("storage", AT_ONCE) })))
    }

    pub async fn put(&self, key: &Key, bytes: Vec<u8>) -> Result<()> {
        let key = key.clone();
        self.work(move |place| match place {
            Place::Folder(folder) => folder.put(&key, &bytes),
            Place::Bucket(bucket) => bucket.put(&key, &bytes),
        })
        .await
    }

    /// What was put there; 404 where nothing is.
    pub async fn get(&self, key: &Key) -> Result<Vec<u8>> {
        let key = key.clone();
        self.work(move |place| match place {
            Place::Folder(folder) => folder.get(&key),
            Place::Bucket(bucket) => bucket.get(&key),
        })
        .await
    }

    /// Gone afterwards, whether it was there or not.
    pub async fn delete(&self, key: &Key) -> Result<()> {
        let key = key.clone();
        self.work(move |place| match place {
            Place::Folder(folder) => folder.delete(&key),
            Place::Bucket(bucket) => bucket.delete(&key),
        })
        .await
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce(&Place) -> Result<T> + Send + 'static) -> Result<T> {
        let kept = self.0.clone();
        self.0.threads.run(move || work(&kept.place)).await
    }
}

/// What may pass by itself: the caller may ask again, and the cause is for the log.
fn unavailable(cause: impl std::fmt::Display) -> Error {
    log::error!("the storage cannot be reached: {cause}");
    Error::Wait { problem: &UNAVAILABLE, seconds: RETRY_SECONDS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_keys_are_keys() {
        let key = Key::fresh("jpg").expect("a key");
        assert_eq!(Key::parse(key.as_str()).expect("the same"), key);
        let id = "019b0000-0000-7000-8000-000000000a1b";
        assert!(Key::parse(&format!("0a/1b/{id}.pdf")).is_ok());
        let others = [
            format!("0a/1b/{id}"),
            format!("0a/1b/{id}.jpg.exe"),
            format!("0a/1b/{id}.JPG"),
            format!("0a/1c/{id}.jpg"),
            format!("0a1/b/{id}.jpg"),
            format!("/0a/1b/{id}.jpg"),
            format!("0a/1b/{}.jpg", id.to_uppercase()),
            format!("0a/1b/{}.jpg", id.replace('-', "")),
            "../../etc/passwd".to_owned(),
            format!("../1b/{id}.jpg"),
            "0a/1b/..".to_owned(),
            String::new(),
        ];
        for other in others {
            assert!(Key::parse(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn other_places_are_refused() {
        for url in
            ["", "data/files", "file://", "http://x", "s3://", "s3://b?endpoint=ftp://x&region=r", "s3://b?region=r"]
        {
            let keys = Keys { access: "a".into(), secret: "s".into() };
            assert!(Storage::open(url, Some(keys)).is_err(), "{url}");
        }
        assert!(Storage::open("s3://b?endpoint=http://127.0.0.1:1&region=r", None).is_err(), "without its keys");
    }
}
