//! 挂起: the pause ledger. While a hold runs the clocks stand still; when it ends each moves on by exactly the time that it
//! stood, as its mode counts.

use diesel::dsl::min;
use diesel::prelude::*;
use platform::calendar::Calendar;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Either, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, By};
use platform::{Error, Result, id, text_enum};
use serde_json::json;

use super::alarms::alone;
use super::change::{hold as hold_case, permit, save, target_of};
use super::clocks::{ClockRow, after, calendar_at, put as put_clock};
use super::rows::CaseRow;
use super::sight::{Sight, get};
use super::steps::handling;
use crate::cases::dto::{CaseId, ClockKind, ClockMode, HoldIn, Status};
use crate::cases::rules::{
    HOLD_OPEN, HOLD_OVER, HOLD_TOO_LONG, HOLDS_TOO_LONG, NOT_REQUESTED, OWN_REQUEST, Step, WRONG_STATE,
};
use crate::schema::{case_clocks as clocks, case_holds as holds, cases};

id!(
    /// 挂起编号
    HoldId
);

text_enum! {
    /// 挂起原因
    HoldCause {
        /// 等待报事人
        Reporter = "waiting_for_reporter",
        /// 等待材料
        Materials = "waiting_for_materials",
        /// 等待表决
        Vote = "waiting_for_vote",
    }
}

text_enum! {
    /// 挂起状态
    HoldStatus {
        /// 待批准
        Requested = "requested",
        /// 挂起中
        Running = "running",
        /// 已恢复
        Ended = "ended",
        /// 未批准
        Refused = "refused",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = holds, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct HoldRow {
    pub id: HoldId,
    pub case_id: CaseId,
    pub area_code: String,
    pub status: HoldStatus,
    pub cause: HoldCause,
    pub note: String,
    pub until_at: Ts,
    pub requested_by: ActorId,
    pub requested_at: Ts,
    pub decided_by: Option<ActorId>,
    pub decided_at: Option<Ts>,
    pub decision_note: Option<String>,
    pub started_at: Option<Ts>,
    pub ended_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

pub fn of_case(c: &mut Conn, case: CaseId) -> Result<Vec<HoldRow>> {
    Ok(holds::table.filter(holds::case_id.eq(case)).order(holds::id.asc()).select(HoldRow::as_select()).load(c)?)
}

pub fn find(c: &mut Conn, case: CaseId, id: HoldId) -> Result<HoldRow> {
    Ok(holds::table.find(id).filter(holds::case_id.eq(case)).select(HoldRow::as_select()).first(c)?)
}

/// Asked for by the handler at work; the next tier decides.
pub fn request(c: &mut Conn, sight: &Sight, row: &CaseRow, body: &HoldIn, by: &By) -> Result<HoldRow> {
    // Whoever may finish the case may ask for time.
    permit(sight, row, Step::Finish)?;
    let calendar = calendar_at(c, &row.area_code, by.at)?;
    let rule = handling(c, row, by)?;
    let latest = after(&calendar, ClockMode::Working, by.at, rule.max_hold_days * calendar.day_minutes())?;
    if body.until <= by.at || body.until > latest {
        return Err(HOLD_TOO_LONG.at("/until"));
    }
    let wanted = calendar.minutes_between(by.at, body.until);
    if stood_still(c, row, &calendar)? + wanted > rule.max_total_hold_days * calendar.day_minutes() {
        return Err(HOLDS_TOO_LONG.at("/until"));
    }
    let hold = HoldRow {
        id: HoldId::fresh(),
        case_id: row.id,
        area_code: row.area_code.clone(),
        status: HoldStatus::Requested,
        cause: body.cause,
        note: body.note.clone(),
        until_at: body.until,
        requested_by: ActorId(sight.account.0),
        requested_at: by.at,
        decided_by: None,
        decided_at: None,
        decision_note: None,
        started_at: None,
        ended_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(holds::table).values(&hold).execute(c).or_conflict(&HOLD_OPEN)?;
    // The request is part of the case's story, and the case's version moves with it.
    super::change::write(c, row, row.clone(), "case.hold_requested", json!({ "cause": body.cause }), by)?;
    Ok(hold)
}

/// Working minutes that a case has stood still in this round: one hold behind the other would stop its clocks for ever.
fn stood_still(c: &mut Conn, row: &CaseRow, calendar: &Calendar) -> Result<i64> {
    let of_round =
        clocks::case_id.eq(row.id).and(clocks::round.eq(row.round)).and(clocks::clock.eq(ClockKind::Resolve));
    let began: Option<Ts> = clocks::table.filter(of_round).select(min(clocks::started_at)).first(c)?;
    let holds = of_case(c, row.id)?.into_iter().filter_map(|hold| hold.started_at.zip(hold.ended_at));
    let in_round = holds.filter(|(from, _)| began.is_none_or(|began| *from >= began));
    Ok(in_round.map(|(from, to)| calendar.minutes_between(from, to)).sum())
}

/// 批准或不批准, by the tier above and by nobody who asked.
pub fn decide(
    c: &mut Conn,
    sight: &Sight,
    row: &CaseRow,
    hold: &HoldRow,
    (approved, note): (bool, Option<&str>),
    by: &By,
) -> Result<()> {
    let status = permit(sight, row, Step::Suspend)?;
    hold_case(c, row)?;
    if hold.status != HoldStatus::Requested {
        return Err((&NOT_REQUESTED).into());
    }
    if hold.requested_by.0 == sight.account.0 {
        return Err((&OWN_REQUEST).into());
    }
    if approved && hold.until_at <= by.at {
        // Allowed too late, it would end before it began.
        return Err((&HOLD_OVER).into());
    }
    let decided = HoldRow {
        status: if approved { HoldStatus::Running } else { HoldStatus::Refused },
        decided_by: Some(ActorId(sight.account.0)),
        decided_at: Some(by.at),
        decision_note: note.map(str::to_owned),
        started_at: approved.then_some(by.at),
        ..hold.clone()
    };
    put(c, &decided, by)?;
    if !approved {
        super::change::write(c, row, row.clone(), "case.hold_refused", json!({}), by)?;
        return Ok(());
    }
    let running = clocks::case_id.eq(row.id).and(clocks::ended_at.is_null());
    diesel::update(clocks::table.filter(running)).set(clocks::next_at.eq(None::<Ts>)).execute(c)?;
    save(c, row, CaseRow { status, ..row.clone() }, Step::Suspend, json!({ "cause": hold.cause }), by)?;
    Ok(())
}

pub fn withdraw(c: &mut Conn, sight: &Sight, row: &CaseRow, hold: &HoldRow, by: &By) -> Result<()> {
    if hold.status != HoldStatus::Requested {
        return Err((&NOT_REQUESTED).into());
    }
    permit(sight, row, Step::Finish)?;
    put(c, &HoldRow { status: HoldStatus::Withdrawn, ..hold.clone() }, by)?;
    super::change::write(c, row, row.clone(), "case.hold_withdrawn", json!({}), by)?;
    Ok(())
}

fn put(c: &mut Conn, hold: &HoldRow, by: &By) -> Result<()> {
    let next = HoldRow { version: hold.version + 1, updated_at: by.at, ..hold.clone() };
    let target = holds::table.filter(holds::id.eq(hold.id).and(holds::version.eq(hold.version)));
    match diesel::update(target).set(&next).execute(c)? {
        1 => Ok(()),
        _ => Err(Error::Stale { current: hold.version + 1 }),
    }
}

fn running(c: &mut Conn, case: CaseId) -> Result<Option<HoldRow>> {
    let standing = holds::table.filter(holds::case_id.eq(case).and(holds::status.eq(HoldStatus::Running)));
    Ok(standing.select(HoldRow::as_select()).first(c).optional()?)
}

/// 恢复: the hold ends now, or ended when its time was over.
pub fn resume(c: &mut Conn, row: &CaseRow, by: &By) -> Result<CaseRow> {
    let status = target_of(Step::Resume, row)?;
    hold_case(c, row)?;
    let hold = running(c, row.id)?.ok_or_else(|| Error::from(&WRONG_STATE))?;
    let ended_at = hold.until_at.min(by.at);
    put(c, &HoldRow { status: HoldStatus::Ended, ended_at: Some(ended_at), ..hold.clone() }, by)?;
    let stood = (hold.started_at.unwrap_or(ended_at), ended_at);
    let mut resumed = CaseRow { status, ..row.clone() };
    resumed.due_at = move_clocks(c, &resumed, stood, by)?;
    save(c, row, resumed, Step::Resume, json!({}), by)
}

/// Moves every running clock on by the time that it stood; answers when the case is due.
fn move_clocks(c: &mut Conn, row: &CaseRow, stood: (Ts, Ts), by: &By) -> Result<Option<Ts>> {
    let calendar = calendar_at(c, &row.area_code, stood.1)?;
    let mut due_at = row.due_at;
    for clock in super::clocks::running(c, row.id)? {
        let clock = moved(&calendar, clock, stood)?;
        if clock.clock == ClockKind::Resolve {
            due_at = Some(clock.due_at);
        }
        put_clock(c, clock, row, by)?;
    }
    Ok(due_at)
}

/// A clock with each of its moments later by the time that it stood.
fn moved(calendar: &Calendar, mut clock: ClockRow, stood: (Ts, Ts)) -> Result<ClockRow> {
    let later = |at| shifted(calendar, clock.mode, at, stood);
    (clock.half_at, clock.warn_at, clock.due_at) = (later(clock.half_at)?, later(clock.warn_at)?, later(clock.due_at)?);
    Ok(clock)
}

/// A moment later by the time that a clock stood; one that had passed before stays.
pub fn shifted(calendar: &Calendar, mode: ClockMode, at: Ts, (from, to): (Ts, Ts)) -> Result<Ts> {
    if at <= from || to <= from {
        return Ok(at);
    }
    match mode {
        ClockMode::Wall => Ok(at.plus(to.utc() - from.utc())),
        ClockMode::Working => after(calendar, mode, at, calendar.minutes_between(from, to)),
    }
}

/// The pause that a case stands in.
pub fn standing(c: &mut Conn, row: &CaseRow) -> Result<Option<HoldRow>> {
    if row.status == Status::Suspended { running(c, row.id) } else { Ok(None) }
}

/// A case as it is now: a hold whose time is over has ended, whether or not anybody has swept.
pub fn settle(c: &mut Conn, row: CaseRow, by: &By) -> Result<CaseRow> {
    match standing(c, &row)? {
        Some(hold) if hold.until_at <= by.at => {
            let system = By { actor: None, ..*by };
            resume(c, &row, &system)
        }
        _ => Ok(row),
    }
}

/// The same for a reader, who writes nothing down: with the version that settling gives it, so that a step on what was read
/// is a step on what then stands.
pub fn as_of(c: &mut Conn, row: CaseRow, now: Ts) -> Result<CaseRow> {
    let Some(hold) = standing(c, &row)?.filter(|hold| hold.until_at <= now) else { return Ok(row) };
    let clocks = super::clocks::of_case(c, row.id)?;
    let clocks = clocks_as_of(c, &row, clocks, &hold)?;
    let resolve = clocks.iter().find(|clock| clock.clock == ClockKind::Resolve && clock.ended_at.is_none());
    let due_at = resolve.map(|clock| clock.due_at).or(row.due_at);
    Ok(CaseRow { status: Status::InProgress, due_at, version: row.version + 1, ..row })
}

/// The clocks of a case as they go on behind a hold that is over.
pub fn clocks_as_of(c: &mut Conn, row: &CaseRow, clocks: Vec<ClockRow>, hold: &HoldRow) -> Result<Vec<ClockRow>> {
    let calendar = calendar_at(c, &row.area_code, hold.until_at)?;
    let stood = (hold.started_at.unwrap_or(hold.until_at), hold.until_at);
    let go_on = |clock: ClockRow| if clock.ended_at.is_some() { Ok(clock) } else { moved(&calendar, clock, stood) };
    clocks.into_iter().map(go_on).collect()
}

/// Ends holds whose time is over, some at a time; answers how many. A case that was merged while it stood still is nobody's
/// to resume: its hold waits until the merge is undone.
pub fn sweep(c: &mut Conn, now: Ts) -> Result<usize> {
    const RUN: i64 = 50;
    // With the case, so that a sweep waits for nobody.
    let over = holds::table
        .inner_join(cases::table)
        .filter(holds::status.eq(HoldStatus::Running).and(holds::until_at.le(now)))
        .filter(cases::status.eq(Status::Suspended))
        .order(holds::until_at.asc())
        .limit(RUN);
    let rows: Vec<HoldRow> = match c.either() {
        Either::Sqlite(c) => over.select(HoldRow::as_select()).load(c)?,
        Either::Postgres(c) => over.select(HoldRow::as_select()).for_update().skip_locked().load(c)?,
    };
    let by = By { actor: None, at: now, today: date_in_shanghai(now) };
    let mut ended = 0;
    for hold in &rows {
        let row = get(c, hold.case_id)?;
        ended += alone(c, |c| resume(c, &row, &by))?;
    }
    Ok(ended)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: i64 = 60_000_000;

    /// From Monday 2024-01-15 00:00 on, in Shanghai.
    fn at(minutes: i64) -> Ts {
        Ts::from_micros(1_705_248_000_000_000 + minutes * MINUTE)
    }

    /// The usual week with some days off and some made up, in the weeks in which the tests count.
    fn any_calendar() -> impl Strategy<Value = Calendar> {
        let day = |n: i64| date_in_shanghai(at(n * 1440));
        let exceptions = prop::collection::vec((0i64..40, any::<bool>()), 0..8);
        exceptions.prop_map(move |days| {
            let days = days.into_iter().map(|(n, off)| (day(n), off.then(Vec::new)));
            Calendar::new(platform::calendar::Week::default(), days)
        })
    }

    /// Whether a minute is one of working time, by itself.
    fn counts(calendar: &Calendar, minute: i64) -> bool {
        calendar.minutes_between(at(minute), at(minute + 1)) == 1
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Counted minute by minute with those of the pause left out, a budget ends where the shifted date is.
        #[test]
        fn a_pause_takes_nothing_and_gives_nothing(
            calendar in any_calendar(), start in 0i64..10_000, budget in 1i64..2_000, wait in 0i64..8_000, length in 0i64..8_000,
        ) {
            let due = after(&calendar, ClockMode::Working, at(start), budget).expect("a date");
            let (from, to) = (start + wait, start + wait + length);
            let shifted = shifted(&calendar, ClockMode::Working, due, (at(from), at(to))).expect("a date");
            if due <= at(from) {
                prop_assert_eq!(shifted, due);
            } else {
                let runs = |minute: &i64| counts(&calendar, *minute) && !(from..to).contains(minute);
                let last = (start..).filter(runs).nth(usize::try_from(budget - 1).expect("small"));
                prop_assert_eq!(shifted, at(last.expect("it comes") + 1));
            }
        }

        #[test]
        fn a_pause_moves_the_date_by_its_working_minutes(calendar in any_calendar(), from in 0i64..10_000, length in 0i64..8_000, left in 1i64..2_000) {
            let stood = (at(from), at(from + length));
            let due = after(&calendar, ClockMode::Working, stood.0, left).expect("a date");
            let moved = shifted(&calendar, ClockMode::Working, due, stood).expect("a date");
            prop_assert_eq!(calendar.minutes_between(due, moved), calendar.minutes_between(stood.0, stood.1));
            let wall = shifted(&calendar, ClockMode::Wall, at(from + left), stood).expect("a date");
            prop_assert_eq!(wall, at(from + left + length));
        }
    }

    #[test]
    fn a_pause_that_ends_before_it_begins_moves_nothing() {
        let calendar = Calendar::default();
        for mode in [ClockMode::Wall, ClockMode::Working] {
            assert_eq!(shifted(&calendar, mode, at(900), (at(600), at(300))).expect("a date"), at(900));
        }
    }
}
