//! 2023 年 9 月 case by case (domain D4): 16 320 cases, 544 a day, all done in time, 25 of them by a date that was put off;
//! 600 visited, of whom 580 answered and 548 were satisfied; the 32 who were not had their cases opened again.
//!
//! The seven days that tests load by themselves are the first of the month: 3 808 cases. Cases of the last days are due
//! behind the National Day week, so the month's are all due by the end of October.

use chrono::{Duration, NaiveDate};
use delivery::cases::Step;
use delivery::cases::dto::{CaseId, CaseKind, Outcome, Tier, VisitOutcome, VisitReason};
use delivery::cases::past::{self, Ask, Feed, Handler, Past, Report, Rules};
use platform::calendar;
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Ts};
use platform::{Error, Result};
use registry::identity::AccountId;

use super::plan::{self, PER_DAY, Planned, SEPTEMBER, Subject};
use super::sites::Sites;
use super::words;
use crate::demo::dates::day;
use crate::demo::divisions::{DISTRICT, TONGDEXIANG, index_of};
use crate::demo::ids::{Kind, id_at};
use crate::demo::personas;
use crate::demo::plan::{KANGSHENG, share};

/// 两难一慢 in minutes, in turn: 12, 20 and 75 on the average.
const INTAKE: [i64; 5] = [4, 8, 12, 16, 20];
const COORDINATION: [i64; 3] = [10, 20, 30];
const IMPLEMENTATION: [i64; 4] = [30, 60, 90, 120];
/// Of a hundred, how many are closed at each level.
const BRANCH: usize = 70;
const COMMUNITY: usize = 94;
const STREET: usize = 99;

const EXTENDED: usize = 25;
const EXTENDED_DAYS: usize = 20;
const EXTENSION: i32 = 5;

/// 600 visits: 568 of the first 25 days' cases, all satisfied but for 20 who are not reached, and 32 dissatisfied on the
/// two days after.
const CONTENT: usize = 568;
const CONTENT_DAYS: usize = 25;
const UNREACHED_DAYS: usize = 20;
const DISSATISFIED_DAYS: std::ops::Range<usize> = 25..27;
const DISSATISFIED_EACH: usize = 16;
/// The first working day behind the holidays, a make-up day.
const BACK_AT_WORK: NaiveDate = day(2023, 10, 7);

/// What is put off is looked for behind those that are visited.
const BEHIND_VISITED: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visited {
    Not,
    Satisfied(VisitOutcome),
    Unreached,
    Dissatisfied,
}

fn visited(nth: usize, index: usize) -> Visited {
    if nth < CONTENT_DAYS && index < share(CONTENT, CONTENT_DAYS, nth) {
        return match index {
            0 if nth < UNREACHED_DAYS => Visited::Unreached,
            _ if index.is_multiple_of(2) => Visited::Satisfied(VisitOutcome::VerySatisfied),
            _ => Visited::Satisfied(VisitOutcome::Satisfied),
        };
    }
    if DISSATISFIED_DAYS.contains(&nth) && index < DISSATISFIED_EACH { Visited::Dissatisfied } else { Visited::Not }
}

fn reported_at(nth: usize, index: usize) -> Ts {
    // From seven in the morning until nine in the evening.
    let seconds = i64::try_from(index).unwrap_or_default() * 92;
    at(plan::date(SEPTEMBER.start + nth), 7, 0).plus(Duration::seconds(seconds))
}

fn id_of(nth: usize, index: usize) -> CaseId {
    CaseId(id_at(Kind::Case, nth * PER_DAY + index + 1, reported_at(nth, index)))
}

/// The first case of a day.
pub fn first_of(nth: usize) -> CaseId {
    id_of(nth, 0)
}

/// Loads one day of the month, from 0.
pub fn load(c: &mut Conn, sites: &Sites, nth: usize) -> Result<()> {
    let rules = Rules::standard(calendar::of_area(c, DISTRICT, day(2023, 8, 1), day(2023, 12, 31))?);
    let month =
        Month { rules: &rules, sites, company: account("company.manager")?, decider: account("street.xibeijie")? };
    past::write(c, month.of_day(nth)?, Feed::Silent)
}

fn account(username: &str) -> Result<AccountId> {
    personas::account(username).ok_or_else(|| Error::internal("no such persona"))
}

struct Month<'a> {
    rules: &'a Rules,
    sites: &'a Sites,
    company: AccountId,
    decider: AccountId,
}

fn at(day: NaiveDate, hour: i64, minute: i64) -> Ts {
    midnight_in_shanghai(day).plus(Duration::minutes(hour * 60 + minute))
}

fn turn(of: &[i64], number: usize) -> i64 {
    of.get(number % of.len().max(1)).copied().unwrap_or_default()
}

impl<'a> Month<'a> {
    fn of_day(&self, nth: usize) -> Result<Vec<Past<'a>>> {
        let events = plan::events(SEPTEMBER.start + nth);
        let extended = if nth < EXTENDED_DAYS { share(EXTENDED, EXTENDED_DAYS, nth) } else { 0 };
        let here = index_of(TONGDEXIANG);
        let fit = |event: &&Planned| {
            event.index >= BEHIND_VISITED && event.community == here && event.subject == Subject::Repair
        };
        let put_off: Vec<usize> = events.iter().filter(fit).take(extended).map(|event| event.index).collect();
        events.iter().map(|event| self.case(nth, event, put_off.contains(&event.index))).collect()
    }

    fn report(&self, nth: usize, event: &Planned, put_off: bool) -> Result<(Report, Handler)> {
        let reported = reported_at(nth, event.index);
        let spread = usize::try_from(event.draw / 64 % 1000).unwrap_or_default();
        let site = self.sites.of(event.community, if put_off { KANGSHENG - 1 } else { spread })?;
        let (kind, category) = words::class_of(event);
        let category = if put_off { words::ROAD } else { category };
        let (title, body) = words::about(category);
        let report = Report {
            id: id_of(nth, event.index),
            area_code: site.area_code.clone(),
            community_code: site.community.to_owned(),
            grid_code: None,
            compound_id: Some(site.compound),
            kind,
            category,
            channel: words::channel_of(event),
            title: title.to_owned(),
            body: body.to_owned(),
            identity: None,
            reporter: None,
            at: reported,
        };
        Ok((report, site.handler_of(kind)))
    }

    fn case(&self, nth: usize, event: &Planned, put_off: bool) -> Result<Past<'a>> {
        let number = nth * PER_DAY + event.index;
        let (report, handler) = self.report(nth, event, put_off)?;
        let (kind, after) = (report.kind, |from: Ts, minutes: i64| from.plus(Duration::minutes(minutes)));
        let accepted = after(report.at, turn(&INTAKE, number));
        let signed = after(accepted, turn(&COORDINATION, number));
        let mut case = Past::reported(self.rules, report)?;
        case.accept((None, accepted))?;
        case.dispatch(handler, (None, after(accepted, 5)))?;
        case.sign((None, signed))?;
        case.start((None, after(signed, 5)))?;
        Self::raise(&mut case, number, signed)?;
        let done = if put_off { self.put_off(&mut case)? } else { after(signed, turn(&IMPLEMENTATION, number)) };
        case.finish((outcome_of(kind), words::result_of(kind)), (None, done))?;
        Self::end(&mut case, (nth, event.index), done)?;
        Ok(case)
    }

    /// Level by level up to the one that closes it.
    fn raise(case: &mut Past, number: usize, signed: Ts) -> Result<()> {
        let closes = match number % 100 {
            ..BRANCH => Tier::Branch,
            BRANCH..COMMUNITY => Tier::Community,
            COMMUNITY..STREET => Tier::Street,
            _ => Tier::District,
        };
        case.raise_to(closes, (None, signed.plus(Duration::minutes(10))))
    }

    /// Asked for two hours before the date, allowed at once, and done a working day behind the old date.
    fn put_off(&self, case: &mut Past) -> Result<Ts> {
        let calendar = &self.rules.calendar;
        let none = || Error::internal("the calendar has no working time");
        let due = case.case.due_at.ok_or_else(none)?;
        let asked = calendar.before(due, 120).ok_or_else(none)?;
        let decided = (self.decider, calendar.before(due, 90).ok_or_else(none)?);
        let ask = Ask { asked: (self.company, asked), decided: Some(decided) };
        case.extend(EXTENSION, "等待材料到货", ask)?;
        calendar.add(due, calendar.day_minutes()).ok_or_else(none)
    }

    fn end(case: &mut Past, (nth, index): (usize, usize), done: Ts) -> Result<()> {
        let minute = i64::try_from(index).unwrap_or_default();
        let next = plan::date(SEPTEMBER.start + nth + 1);
        match visited(nth, index) {
            Visited::Not => case.close_unvisited(done.plus(Duration::minutes(30))),
            Visited::Satisfied(outcome) => case.visit((outcome, None), Some(Step::Close), (None, at(next, 10, minute))),
            Visited::Unreached => {
                let missed = (VisitOutcome::Unreachable, None);
                case.visit(missed, None, (None, at(next, 10, 0)))?;
                case.visit(missed, None, (None, at(next, 14, 0)))?;
                case.visit(missed, Some(Step::Close), (None, at(next, 17, 0)))
            }
            Visited::Dissatisfied => {
                let reason = Some(VisitReason::NotFixed);
                case.visit((VisitOutcome::Dissatisfied, reason), Some(Step::Reopen), (None, at(next, 10, minute)))?;
                case.finish((Outcome::Fixed, "已返工,问题解决。"), (None, at(next, 16, minute)))?;
                case.visit((VisitOutcome::Satisfied, None), Some(Step::Close), (None, at(BACK_AT_WORK, 9, minute)))
            }
        }
    }
}

fn outcome_of(kind: CaseKind) -> Outcome {
    if kind == CaseKind::Enquiry { Outcome::Answered } else { Outcome::Fixed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_hundred_are_visited() {
        let all = (0..SEPTEMBER.len()).flat_map(|nth| (0..PER_DAY).map(move |index| visited(nth, index)));
        let all: Vec<Visited> = all.filter(|visited| *visited != Visited::Not).collect();
        let count = |wanted: &dyn Fn(&Visited) -> bool| all.iter().filter(|visited| wanted(visited)).count();
        assert_eq!(all.len(), 600);
        assert_eq!(count(&|v| matches!(v, Visited::Satisfied(_))), 548);
        assert_eq!((count(&|v| *v == Visited::Unreached), count(&|v| *v == Visited::Dissatisfied)), (20, 32));
    }

    #[test]
    fn the_minutes_are_twelve_twenty_and_seventy_five_on_the_average() {
        let mean = |of: &[i64]| of.iter().sum::<i64>() / i64::try_from(of.len()).expect("few");
        assert_eq!([mean(&INTAKE), mean(&COORDINATION), mean(&IMPLEMENTATION)], [12, 20, 75]);
    }
}
