//! What every handler reaches through `Data<App>`.

use crate::auth::Tokens;
use crate::clock::Clock;
use crate::db::Db;
use crate::http::UploadRoom;
use crate::secrets::Secrets;
use crate::storage::Storage;

/// One process's share of the application. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub tokens: Tokens,
    pub secrets: Secrets,
    /// Where the bytes of files are.
    pub storage: Storage,
    /// The address that clients know us by, without a trailing slash; never taken from a request's `Host`.
    pub public_base: String,
    pub limits: Limits,
    /// Where files are while they arrive and are looked at.
    pub uploads: UploadRoom,
}

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a JSON body.
    pub body_bytes: usize,
    /// Seconds in which a body must have arrived.
    pub body_seconds: u64,
    /// Bytes of a file.
    pub upload_bytes: usize,
    /// Seconds in which a file must have arrived, from a telephone in a stairwell.
    pub upload_seconds: u64,
    /// Bytes of all files together that are on their way at once, in memory.
    pub uploads_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            body_seconds: 30,
            upload_bytes: 20 << 20,
            upload_seconds: 120,
            uploads_bytes: 256 << 20,
        }
    }
}
