//! 会议成效 (F13), counted as it happens: sessions when they close; what was raised with them, and what was resolved of it on
//! the day of its meeting, so that a share never mixes the items of different meetings.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::dsl::{case_when, count_star, sum};
use diesel::prelude::*;
use diesel::sql_types::Integer;
use platform::auth::AreaCode;
use platform::db::{Conn, Range};
use platform::quantity::Ratio;
use platform::rollups::{self, Count, Period};
use platform::{Result, history};

use super::actions::{OPEN, WAITING};
use super::rows::{ItemRow, MeetingRow};
use super::{By, agenda};
use crate::meetings::dto::{
    ActionStatus, ItemKind, ItemStatus, KindCount, MeetingFiguresOut, MeetingFiguresQuery, MeetingKind, SourceKind,
    Standing,
};
use crate::schema::action_items;

/// 场次, by kind and standing: `four_party_joint/joint`
pub const SESSIONS: &str = "meetings.sessions";
/// 提出的议题, by source; `none` where it came from nowhere
pub const RAISED: &str = "meetings.raised";
/// 解决的议题, by source
pub const RESOLVED: &str = "meetings.resolved";

const NO_SOURCE: &str = "none";

/// The dimension under which an item counts.
pub fn source_of(source: Option<SourceKind>) -> &'static str {
    source.map_or(NO_SOURCE, SourceKind::as_str)
}

/// The dimension under which a session counts.
pub fn session_of(kind: MeetingKind, standing: Standing) -> String {
    format!("{kind}/{standing}")
}

/// Whether an item counts as raised: what was on the table to be settled, not a report.
fn counts(item: &ItemRow) -> bool {
    item.status == ItemStatus::Listed && item.kind != ItemKind::Report
}

/// Counts a meeting that has closed, and what was raised at it where it was more than a consultation.
pub fn count_session(c: &mut Conn, meeting: &MeetingRow, _by: &By) -> Result<()> {
    let standing = meeting.standing.unwrap_or(Standing::Consultation);
    let count = |metric, dimension: String, n| Count {
        metric,
        area_code: meeting.area_code.clone(),
        day: meeting.day(),
        dimension,
        n,
    };
    let session = count(SESSIONS, session_of(meeting.kind, standing), 1);
    let raised = agenda::rows_of(c, meeting.id)?;
    let raised = raised.iter().filter(|item| counts(item));
    let raised = raised.map(|item| count(RAISED, source_of(item.source_kind).to_owned(), 1));
    rollups::add_all(c, &rollups::summed(raised.chain([session])))
}

/// The event with which a session counts.
pub const CLOSED: &str = "meeting.closed";

/// Counts an item as resolved, or by less than nothing where that is taken back: where its meeting was held, beside what was
/// raised there, wherever the place belongs to since.
pub fn count_resolved(c: &mut Conn, meeting: &MeetingRow, item: &ItemRow, n: i64) -> Result<()> {
    let told = history::retold(c, super::meetings::ENTITY, &[meeting.id.to_string()])?;
    let closed = told.into_iter().find(|event| event.event == CLOSED);
    let count = Count {
        metric: RESOLVED,
        area_code: closed.map_or_else(|| meeting.area_code.clone(), |event| event.area_code),
        day: meeting.day(),
        dimension: source_of(item.source_kind).to_owned(),
        n,
    };
    rollups::add_all(c, &[count])
}

/// The figures of an area and a period.
pub fn of_area(c: &mut Conn, query: &MeetingFiguresQuery, today: NaiveDate) -> Result<MeetingFiguresOut> {
    let period = Period { from: query.from, to: query.to };
    let range = Range::under(query.area.as_str());
    let mut of = |metric| -> Result<BTreeMap<String, i64>> {
        Ok(rollups::sum(c, &range, period, metric)?.into_iter().collect())
    };
    let (sessions, raised, resolved) = (of(SESSIONS)?, of(RAISED)?, of(RESOLVED)?);
    let finding = SourceKind::Finding.as_str();
    let one = |counts: &BTreeMap<String, i64>| counts.get(finding).copied().unwrap_or(0);
    let actions = actions_now(c, &query.area, period, today)?;
    Ok(MeetingFiguresOut {
        area: query.area.to_string(),
        from: query.from,
        to: query.to,
        sessions: told(&sessions),
        yield_rate: Ratio::of(resolved.values().sum(), raised.values().sum()),
        findings: Ratio::of(one(&resolved), one(&raised)),
        on_time: Ratio::of(actions.in_time, actions.due),
    })
}

fn told(sessions: &BTreeMap<String, i64>) -> Vec<KindCount> {
    let of = |kind: MeetingKind, standing| sessions.get(&session_of(kind, standing)).copied().unwrap_or(0);
    let counted = MeetingKind::ALL.iter().map(|kind| KindCount {
        kind: *kind,
        joint: of(*kind, Standing::Joint),
        consultations: of(*kind, Standing::Consultation),
    });
    counted.filter(|count| count.joint + count.consultations != 0).collect()
}

/// 行动项现状, with how many of those due in a period were handed in by their day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ActionsNow {
    pub open: i64,
    pub overdue: i64,
    pub in_time: i64,
    pub due: i64,
}

/// The action items of an area now. What is due today is not late yet. Two statements.
pub fn actions_now(c: &mut Conn, area: &AreaCode, period: Period, today: NaiveDate) -> Result<ActionsNow> {
    let range = Range::under(area.as_str());
    let last = period.to.min(today.pred_opt().unwrap_or(today));
    let inside = || action_items::area_code.ge(range.from.clone()).and(action_items::area_code.lt(range.to.clone()));
    macro_rules! number_of {
        ($condition:expr) => {
            sum(case_when($condition, 1.into_sql::<Integer>()).otherwise(0.into_sql::<Integer>()))
        };
    }
    let late = action_items::status.eq_any(WAITING).and(action_items::due_on.lt(today));
    let (open, overdue): (i64, Option<i64>) = action_items::table
        .filter(inside())
        .filter(action_items::status.eq_any(OPEN))
        .select((count_star(), number_of!(late)))
        .first(c)?;
    let in_time = action_items::submitted_on
        .is_not_null()
        .and(action_items::submitted_on.assume_not_null().le(action_items::due_on));
    let (due, in_time): (i64, Option<i64>) = action_items::table
        .filter(inside())
        .filter(action_items::due_on.between(period.from, last))
        .filter(action_items::status.ne(ActionStatus::Cancelled))
        .select((count_star(), number_of!(in_time)))
        .first(c)?;
    Ok(ActionsNow { open, overdue: overdue.unwrap_or(0), in_time: in_time.unwrap_or(0), due })
}
