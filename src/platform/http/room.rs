//! How much memory files may take while they arrive: so many bytes in a process, however many send. What has arrived counts
//! and not what is announced, so that nobody keeps others out by promising much and sending nothing.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::Limits;
use crate::error::{Error, Result};

/// How long a file waits for room before its sender is answered 503.
const PATIENCE: Duration = Duration::from_secs(5);
/// What room is counted in.
const PIECE: usize = 64 << 10;

/// Room for files.
#[derive(Debug, Clone)]
pub struct UploadRoom(Arc<Semaphore>);

/// The room that one file takes, until it is let go.
#[derive(Debug)]
pub(super) struct Held {
    room: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
}

impl UploadRoom {
    /// For one file at least, whatever the limits say.
    pub fn of(limits: Limits) -> Self {
        let bytes = limits.uploads_bytes.max(limits.upload_bytes);
        Self(Arc::new(Semaphore::new(bytes.div_ceil(PIECE).min(Semaphore::MAX_PERMITS))))
    }

    /// For a file of which nothing has arrived yet.
    pub(super) fn enter(&self) -> Held {
        Held { room: self.0.clone(), permit: None }
    }
}

impl Held {
    /// Waits until there is room for so many bytes of the file in all.
    pub async fn grow_to(&mut self, bytes: usize) -> Result<()> {
        let held = self.permit.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = bytes.div_ceil(PIECE).saturating_sub(held);
        if missing == 0 {
            return Ok(());
        }
        let missing = u32::try_from(missing).map_err(Error::internal)?;
        let more = tokio::time::timeout(PATIENCE, self.room.clone().acquire_many_owned(missing)).await;
        let Ok(Ok(more)) = more else { return Err(Error::Busy) };
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            none => *none = Some(more),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    #[actix_web::test]
    async fn what_does_not_fit_waits_until_another_is_let_go() {
        let room = UploadRoom::of(Limits { upload_bytes: MIB, uploads_bytes: 3 * MIB, ..Limits::default() });
        let (mut first, mut second) = (room.enter(), room.enter());
        first.grow_to(MIB).await.expect("room");
        first.grow_to(2 * MIB).await.expect("room");
        second.grow_to(MIB).await.expect("room beside it");
        let waits = tokio::time::timeout(Duration::from_millis(50), second.grow_to(2 * MIB)).await;
        assert!(waits.is_err(), "both would be more than there is room for");
        drop(first);
        second.grow_to(3 * MIB).await.expect("all of it");
    }

    #[actix_web::test]
    async fn who_has_sent_nothing_keeps_nobody_out() {
        let room = UploadRoom::of(Limits { upload_bytes: MIB, uploads_bytes: MIB, ..Limits::default() });
        let waiting: Vec<Held> = (0..100).map(|_| room.enter()).collect();
        room.enter().grow_to(MIB).await.expect("room");
        drop(waiting);
    }

    #[actix_web::test]
    async fn there_is_room_for_one_of_the_largest() {
        let room = UploadRoom::of(Limits { upload_bytes: 5 * MIB, uploads_bytes: 1, ..Limits::default() });
        room.enter().grow_to(5 * MIB).await.expect("room");
    }
}
