//! How much memory files may take while they arrive: so many bytes in a process, however many send.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::upload::AROUND_THE_FILE;
use crate::app::Limits;
use crate::error::{Error, Result};

/// How long a file waits for room before its sender is answered 503.
const PATIENCE: Duration = Duration::from_secs(5);
const KIB: usize = 1 << 10;

/// Room for files, counted in KiB.
#[derive(Debug, Clone)]
pub struct UploadRoom(Arc<Semaphore>);

/// What one file takes of it, until it is let go.
pub type Held = Arc<OwnedSemaphorePermit>;

impl UploadRoom {
    /// For one file at least, whatever the limits say.
    pub fn of(limits: Limits) -> Self {
        let bytes = limits.uploads_bytes.max(limits.upload_bytes.saturating_add(AROUND_THE_FILE));
        Self(Arc::new(Semaphore::new((bytes / KIB + 1).min(Semaphore::MAX_PERMITS))))
    }

    /// Waits for room for so many bytes.
    pub async fn take(&self, bytes: usize) -> Result<Held> {
        let wanted = u32::try_from(bytes / KIB + 1).map_err(Error::internal)?;
        match tokio::time::timeout(PATIENCE, self.0.clone().acquire_many_owned(wanted)).await {
            Ok(Ok(held)) => Ok(Arc::new(held)),
            _ => Err(Error::Busy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn what_does_not_fit_waits_until_another_is_let_go() {
        let limits = Limits { upload_bytes: 1 << 20, uploads_bytes: 3 << 20, ..Limits::default() };
        let room = UploadRoom::of(limits);
        let held = room.take(2 << 20).await.expect("room");
        let second = room.take(2 << 20);
        let waits = tokio::time::timeout(Duration::from_millis(50), second).await;
        assert!(waits.is_err(), "both would be more than there is room for");
        let small = room.take(1 << 10).await.expect("room beside it");
        drop((held, small));
        room.take(2 << 20).await.expect("room again");
    }

    #[actix_web::test]
    async fn there_is_room_for_one_of_the_largest() {
        let limits = Limits { upload_bytes: 5 << 20, uploads_bytes: 1, ..Limits::default() };
        UploadRoom::of(limits).take((5 << 20) + AROUND_THE_FILE).await.expect("room");
    }
}
