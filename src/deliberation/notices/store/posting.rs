//! 公示 of a legal notice: what is posted, under which rule, and what is shown of any notice on the screens.

use chrono::Duration;
use platform::auth::{AreaLevel, Visible};
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Ts};
use platform::history::By;
use platform::publicity::{DAYS, Days, NewPublicity};
use platform::rule_sets;
use platform::screen::{self, ScreenItem};
use platform::{Error, Result};
use registry::territory::store::{compounds, divisions};
use serde_json::json;

use super::area_of;
use super::notices::{ENTITY, NoticeRow};
use crate::notices::dto::{NoticeClass, NoticeId, NoticePostingIn};

/// The kind of the posting, as rules of days name it.
pub const KIND: &str = "legal_notice";
/// How long a general notice is shown on the screens, where it does not expire before.
const SHOWN_DAYS: i64 = 7;

/// The posting of a notice, with the days that the rule of its place asks for.
pub fn posting_of(
    c: &mut Conn,
    (id, area_code): (NoticeId, &str),
    (title, body): (&str, &str),
    asked: &NoticePostingIn,
    by: &By,
) -> Result<NewPublicity> {
    let (rule_set_id, days): (_, Days) =
        rule_sets::in_force(c, &[&DAYS], &area_of(area_code)?, by.today)?.get(&DAYS)?;
    Ok(NewPublicity {
        kind: KIND,
        entity: ENTITY,
        entity_id: id.to_string(),
        area_code: area_code.to_owned(),
        title: title.to_owned(),
        snapshot: json!({ "title": title, "body": body }),
        places: asked.places.iter().map(|place| place.0.clone()).collect(),
        evidence: asked.evidence.clone(),
        closes_on: asked.closes_on,
        rule_set_id,
        min_days: days.of(KIND),
    })
}

/// Shows on the public screens that there is a notice: what it is called in the dictionary and where it counts. Only of what
/// is for everybody, and only where screens hang: a street's notice would be a line on those of each of its communities.
pub fn show(c: &mut Conn, row: &NoticeRow, by: &By) -> Result<()> {
    let area = area_of(&row.area_code)?;
    let place = match area.level() {
        _ if !row.for_everybody => return Ok(()),
        AreaLevel::Community => divisions::find(c, &Visible::everything(), area.as_str())?.name,
        AreaLevel::Compound => compounds::known(c, Some(area.as_str()), "", "")?.ok_or(Error::NotFound)?.name,
        _ => return Ok(()),
    };
    let label = match row.class {
        NoticeClass::General => ("通知公告", "Notice"),
        NoticeClass::Legal => ("法定公告", "Legal notice"),
    };
    let item = ScreenItem {
        area_code: &area,
        at: by.at,
        kind: "notice.published",
        label,
        place: &place,
        status: "published",
        source: (ENTITY, &row.id.to_string()),
        expires_at: shown_until(row, by.at),
    };
    screen::post(c, &[item])
}

/// A legal notice as long as its period runs.
fn shown_until(row: &NoticeRow, now: Ts) -> Ts {
    let period = row.period_ends_on.and_then(|last| last.succ_opt()).map(midnight_in_shanghai);
    let until = period.unwrap_or_else(|| now.plus(Duration::days(SHOWN_DAYS)));
    row.expires_at.map_or(until, |expires| expires.min(until))
}
