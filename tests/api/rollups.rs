//! The counts that figures are read from: how often an area has changed, and whether the counts are what their rows come to.

mod drive;
mod meetings;
mod verify;
mod versions;
mod world;

use platform::db::Range;
use platform::rollups;

use crate::support::TestApp;

/// How often anything has changed in an area, or above it.
pub async fn version(app: &TestApp, area: &str) -> i64 {
    let range = Range::under(area);
    app.app.db.read(move |c| rollups::version(c, &range)).await.expect("a version")
}
