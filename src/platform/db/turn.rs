//! A place in a queue for the writers, and the caller who waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::doors::PATIENCE;
use crate::error::{Error, Result};

/// What stands in the queue.
pub(super) struct Turn<T> {
    /// Whoever takes it first, the queue's worker or a caller who has waited too long.
    taken: Arc<AtomicBool>,
    tell: oneshot::Sender<Result<T>>,
}

/// Who waits for it.
pub(super) struct Waiter<T> {
    taken: Arc<AtomicBool>,
    told: oneshot::Receiver<Result<T>>,
}

pub(super) fn turn<T>() -> (Turn<T>, Waiter<T>) {
    let (tell, told) = oneshot::channel();
    let taken = Arc::new(AtomicBool::new(false));
    (Turn { taken: taken.clone(), tell }, Waiter { taken, told })
}

impl<T> Turn<T> {
    /// Whether anybody still waits.
    pub fn is_wanted(&self) -> bool {
        !self.tell.is_closed() && !self.taken.load(Ordering::Acquire)
    }

    /// Takes it, where anybody still waits.
    pub fn take(&self) -> bool {
        !self.tell.is_closed() && !self.taken.swap(true, Ordering::AcqRel)
    }

    /// A caller who has left since is told nothing; what was written stands.
    pub fn answer(self, outcome: Result<T>) {
        let _ = self.tell.send(outcome);
    }
}

impl<T> Waiter<T> {
    /// What came of it. What has not begun in time is never begun.
    pub async fn outcome(mut self) -> Result<T> {
        let outcome = match timeout(PATIENCE, &mut self.told).await {
            Ok(outcome) => outcome,
            Err(_) if !self.taken.swap(true, Ordering::AcqRel) => return Err(Error::Busy),
            Err(_) => self.told.await,
        };
        outcome.map_err(|_| Error::internal("the work left no outcome"))?
    }
}
