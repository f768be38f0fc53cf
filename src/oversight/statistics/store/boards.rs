//! 看板缓存: the overviews that this process has put together, each with the version of its area (ADR 15).
//!
//! A dashboard asks for the same thing every few seconds. As long as nothing in the area has changed, no day has begun and no
//! clock has fallen due, it is answered with what was put together before: one indexed read tells the version. Where nothing
//! was committed at all since the last look (`Db::changes`), not even that. What has changed is put together once, however
//! many ask for it at that moment.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::Bytes;
use chrono::NaiveDate;
use lru::LruCache;
use platform::auth::AreaCode;
use platform::db::{Range, Ts};
use platform::secrets::fingerprint;
use platform::{App, Error, Result, rollups};
use serde::Serialize;

use super::overview::{self, period};
use super::{Scope, check_known};
use crate::statistics::dto::OverviewField;

/// Overviews that are kept, the least asked for forgotten; a district's has some tens of kilobytes.
const KEPT: NonZeroUsize = NonZeroUsize::new(512).unwrap();

/// What may be asked for. It is the same for whoever may ask, so it says nothing of the caller, who was let in before.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    pub area: AreaCode,
    pub days: u16,
    pub fields: Vec<OverviewField>,
}

/// An overview as it goes out.
#[derive(Debug)]
pub struct Board {
    pub body: Bytes,
    /// Of these bytes and no others, in whichever process they were put together.
    pub tag: String,
    version: i64,
    day: NaiveDate,
    /// The next moment at which the clock changes something.
    pub fresh_until: Ts,
}

/// The last overview that a question was answered with.
#[derive(Default)]
struct Slot {
    known: Mutex<Option<Known>>,
    /// Held by whoever puts it together anew.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Known {
    board: Arc<Board>,
    /// `Db::changes` as it stood before the version was last looked at.
    changes: Option<u64>,
}

/// The overviews of a process.
pub struct Boards(Mutex<LruCache<Question, Arc<Slot>>>);

impl Default for Boards {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Slot {
    /// What is known, as far as the calendar and the clocks go.
    fn known(&self, app: &App) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let standing = known.board.day == app.clock.today() && app.clock.now() < known.board.fresh_until;
        standing.then_some(known)
    }

    fn keep(&self, board: &Arc<Board>, changes: Option<u64>) {
        let known = Known { board: board.clone(), changes };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }

    /// What is known, where it still holds.
    async fn holding(&self, app: &App, question: &Question) -> Result<Option<Arc<Board>>> {
        let Some(Known { board, changes }) = self.known(app) else { return Ok(None) };
        let now = app.db.changes();
        if now.is_some() && now == changes {
            return Ok(Some(board));
        }
        let range = Range::under(question.area.as_str());
        let version = app.db.glance(move |c| rollups::version(c, &range)).await?;
        if version != board.version {
            return Ok(None);
        }
        self.keep(&board, now);
        Ok(Some(board))
    }
}

impl Boards {
    fn slot(&self, question: &Question) -> Arc<Slot> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get_or_insert(question.clone(), Arc::default).clone()
    }

    /// The overview as it is now. The caller has been let in to the area.
    pub async fn answer(&self, app: &App, question: Question) -> Result<Arc<Board>> {
        let slot = self.slot(&question);
        if let Some(board) = slot.holding(app, &question).await? {
            return Ok(board);
        }
        let _turn = slot.turn.lock().await;
        // Whoever had the turn before may have done it.
        if let Some(board) = slot.holding(app, &question).await? {
            return Ok(board);
        }
        let changes = app.db.changes();
        let board = Arc::new(put_together(app, question).await?);
        slot.keep(&board, changes);
        Ok(board)
    }
}

/// The version is read first: what is committed meanwhile makes the next look find another.
async fn put_together(app: &App, question: Question) -> Result<Board> {
    let (now, today) = (app.clock.now(), app.clock.today());
    let Question { area, days, fields } = question;
    app.db
        .read(move |c| {
            check_known(c, &area)?;
            let version = rollups::version(c, &Range::under(area.as_str()))?;
            let scope = Scope { area, period: period(days, today), as_of: today, now, today };
            let told = overview::of_area(c, &scope, &fields)?;
            let body = bytes(&told)?;
            Ok(Board { tag: fingerprint(&body), body, version, day: today, fresh_until: told.fresh_until })
        })
        .await
}

fn bytes(told: &impl Serialize) -> Result<Bytes> {
    Ok(Bytes::from(serde_json::to_vec(told).map_err(Error::internal)?))
}
