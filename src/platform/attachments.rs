//! 附件: a file on its way to a row that names it, and out again. Bytes go to the storage before the row is written, so a
//! row never points at nothing; where the row is refused they are taken away.

use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::app::App;
use crate::db::{Conn, Ts};
use crate::error::{Error, Result};
use crate::http::{Answer, Download, IfNoneMatch, Made, Once, UploadedFile};
use crate::media::{self, Media, MediaKind};
use crate::storage::{self, Key};

/// A file with the keys under which its bytes are to be, and which no row names yet.
#[derive(Debug)]
pub struct Stored {
    pub media: Media,
    pub key: Key,
    pub thumbnail: Option<Key>,
}

/// How large a file is, as a row keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub bytes: i32,
    pub width: Option<i32>,
    pub height: Option<i32>,
}

impl Stored {
    pub fn of(media: Media) -> Result<Self> {
        let key = Key::fresh(media.kind.ending())?;
        let small = || Key::fresh(MediaKind::Jpeg.ending());
        let thumbnail = media.picture.as_ref().map(|_| small()).transpose()?;
        Ok(Self { media, key, thumbnail })
    }

    pub fn keys(&self) -> Vec<Key> {
        std::iter::once(&self.key).chain(&self.thumbnail).cloned().collect()
    }

    pub fn size(&self) -> Result<Size> {
        let side = |length: u32| i32::try_from(length).map_err(Error::internal);
        let picture = self.media.picture.as_ref();
        Ok(Size {
            bytes: i32::try_from(self.media.bytes.len()).map_err(Error::internal)?,
            width: picture.map(|picture| side(picture.width)).transpose()?,
            height: picture.map(|picture| side(picture.height)).transpose()?,
        })
    }

    /// The small picture and its key.
    fn small(&self) -> Option<(&Key, &[u8])> {
        let picture = self.media.picture.as_ref()?;
        Some((self.thumbnail.as_ref()?, &picture.thumbnail))
    }
}

/// The keys under which a row's bytes are.
pub fn keys(storage_key: &str, thumbnail_key: Option<&str>) -> Result<Vec<Key>> {
    [Some(storage_key), thumbnail_key].into_iter().flatten().map(Key::parse).collect()
}

/// What the writing of the row came to.
pub struct Added<T> {
    pub made: Made<T>,
    /// Whether the row names the keys that were handed in: sent again, a file is the one that is there already.
    pub named: bool,
}

/// Takes a file in for who is permitted: asked before any work is done for them, and again with the row that `add` writes.
pub async fn attach<P: Send + 'static, T: Serialize + 'static>(
    app: &App,
    (once, file): (Once, UploadedFile),
    takes: impl Fn(MediaKind) -> Result<()>,
    permitted: impl Fn(&mut Conn) -> Result<P> + Clone + Send + 'static,
    add: impl Fn(&mut Conn, P, &Stored) -> Result<Added<T>> + Send + 'static,
) -> Result<Answer> {
    if let Some(answer) = once.answered(app).await? {
        return Ok(answer);
    }
    app.db.read(permitted.clone()).await?;
    let media = media::take_in(file).await?;
    takes(media.kind)?;
    let stored = Stored::of(media)?;
    let keys = stored.keys();
    if let Err(error) = put(app, &stored, app.clock.now()).await {
        storage::discard(app, keys).await;
        return Err(error);
    }
    let named = Arc::new(AtomicBool::new(false));
    let is_named = named.clone();
    let written = once
        .make(app, move |c| {
            let whose = permitted(c)?;
            let added = add(c, whose, &stored)?;
            is_named.store(added.named, Ordering::Relaxed);
            Ok(added.made)
        })
        .await;
    let answered_here = written.as_ref().is_ok_and(|answer| !answer.is_replayed());
    if !(answered_here && named.load(Ordering::Relaxed)) {
        storage::discard(app, keys).await;
    }
    written
}

/// Puts the bytes of a file where it says that they are.
async fn put(app: &App, stored: &Stored, now: Ts) -> Result<()> {
    let keys = stored.keys();
    app.db.write(move |c| storage::expect(c, &keys, now)).await?;
    app.storage.put(&stored.key, stored.media.bytes.clone()).await?;
    if let Some((small, bytes)) = stored.small() {
        app.storage.put(small, bytes.to_vec()).await?;
    }
    Ok(())
}

/// A file that a row names.
#[derive(Debug, Clone)]
pub struct Named {
    pub media: MediaKind,
    pub storage_key: String,
    pub thumbnail_key: Option<String>,
    pub sha256: String,
}

/// Its bytes, to be saved under the row's `id`.
pub async fn content(app: &App, file: &Named, id: impl Display, seen: &IfNoneMatch) -> Result<Download> {
    let key = Key::parse(&file.storage_key)?;
    let name = format!("{id}.{}", file.media.ending());
    sent(app, &key, (file.media, file.sha256.clone(), name), seen).await
}

/// The small picture; 404 for what is none.
pub async fn thumbnail(app: &App, file: &Named, id: impl Display, seen: &IfNoneMatch) -> Result<Download> {
    let key = Key::parse(file.thumbnail_key.as_deref().ok_or(Error::NotFound)?)?;
    let (tag, name) = (format!("{}-small", file.sha256), format!("{id}-small.jpg"));
    sent(app, &key, (MediaKind::Jpeg, tag, name), seen).await
}

async fn sent(
    app: &App,
    key: &Key,
    (media, tag, name): (MediaKind, String, String),
    seen: &IfNoneMatch,
) -> Result<Download> {
    let bytes = if seen.has(&tag) { None } else { Some(app.storage.get(key).await?) };
    Ok(Download { bytes, content_type: media.content_type(), tag, name })
}
