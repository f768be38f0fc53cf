//! Work that needs no connection but would keep a worker from its requests: pictures, files, another's server. It has
//! threads of its own, so that a slow storage takes none of those that the rows need.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};

use crate::error::{Error, Result};

/// How long work waits for its turn before its caller is answered 503.
const PATIENCE: Duration = Duration::from_secs(5);

/// So many pieces of work of one kind at once.
pub struct Aside {
    kind: &'static str,
    turns: Arc<Semaphore>,
}

impl Aside {
    pub fn new(kind: &'static str, at_once: usize) -> Self {
        Self { kind, turns: Arc::new(Semaphore::new(at_once)) }
    }

    /// Runs `work` on a thread. Its turn goes with it and ends when it does: a caller who gives up ends neither.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(Error::Busy) };
        let (tell, told) = oneshot::channel();
        let job = move || {
            let outcome = work();
            drop(turn);
            // Nobody waits any more where the caller has given up.
            let _ = tell.send(outcome);
        };
        if let Err(cause) = std::thread::Builder::new().name(self.kind.to_owned()).spawn(job) {
            log::error!("no thread for {}: {cause}", self.kind);
            return Err(Error::Busy);
        }
        told.await.map_err(|_| Error::internal(format!("{} ended without an outcome", self.kind)))?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[actix_web::test]
    async fn who_gives_up_does_not_give_the_turn_to_the_next_while_the_work_goes_on() {
        let aside = Aside::new("test", 1);
        let (go_on, wait) = mpsc::channel::<()>();
        let abandoned = aside.run(move || wait.recv().map_err(Error::internal));
        let gave_up = tokio::time::timeout(Duration::from_millis(50), abandoned).await;
        assert!(gave_up.is_err(), "it was still at work");
        assert_eq!(aside.turns.available_permits(), 0, "and still is");
        go_on.send(()).expect("the work waits");
        assert_eq!(aside.run(|| Ok(7)).await.expect("has its turn then"), 7);
        assert_eq!(aside.turns.available_permits(), 1);
    }

    #[actix_web::test]
    async fn work_that_panics_is_a_fault_of_ours_and_keeps_no_turn() {
        let aside = Aside::new("test", 1);
        let outcome = aside.run(|| -> Result<()> { panic!("as it may") }).await;
        assert_eq!(outcome.expect_err("no outcome").problem().status, 500);
        assert_eq!(aside.run(|| Ok(7)).await.expect("the next has its turn"), 7);
    }
}
