//! What each step of an entry asks for: who, and after how many days.

use chrono::{Months, NaiveDate};
use platform::Result;
use platform::auth::{AreaCode, AreaLevel};
use platform::calendar::Calendar;
use platform::media::MediaKind;
use roster::organisations::OrgKind;
use uuid::Uuid;

use super::params::ListRules;
use super::{
    AREA_LEVEL, CORRECTED_WHEN, EXTENDED, EXTENSION_LATE, GROUND_UNKNOWN, HEARING_OVER, HEARING_RUNS, HEARING_SHORT,
    HELD_WHEN, MEASURE_UNKNOWN, NOT_A_PICTURE, NOT_A_SUBJECT, NOT_HEARD, NOT_PROPOSER, OBJECTION_LATE, PHOTO_STATE,
    REPAIR_EARLY, REPAIR_RED, SAME_PERSON, TOO_MANY_PHOTOS, TOO_MANY_STATEMENTS, VALIDITY_LONG, VALIDITY_SHORT,
};
use crate::standings::dto::{ListKind, ListingStatus, Measure};

/// The most photos and statements of one entry.
const MOST_PHOTOS: i64 = 30;
const MOST_STATEMENTS: i64 = 50;

/// Nobody is listed but an organisation that serves: no person, no household, no committee of theirs.
pub fn check_subject(kind: OrgKind) -> Result<()> {
    let serves = matches!(kind, OrgKind::PropertyCompany | OrgKind::RedServiceStation);
    if serves { Ok(()) } else { Err(NOT_A_SUBJECT.at("/organisation_id")) }
}

/// Lists are kept by districts and streets.
pub fn check_area(area: &AreaCode) -> Result<()> {
    let fits = matches!(area.level(), AreaLevel::District | AreaLevel::Street);
    if fits { Ok(()) } else { Err(AREA_LEVEL.at("/area_code")) }
}

pub fn check_ground(list: ListKind, code: &str, rules: &ListRules) -> Result<()> {
    let known = rules.grounds.get(code).is_some_and(|ground| ground.list == list);
    if known { Ok(()) } else { Err(GROUND_UNKNOWN.at("/ground_code")) }
}

/// The measures of a decision: those that are named, which are among the published ones, or all of these.
pub fn measures(list: ListKind, named: Option<&[Measure]>, rules: &ListRules) -> Result<Vec<Measure>> {
    let published = rules.measures_of(list);
    let Some(named) = named else { return Ok(published.to_vec()) };
    match named.iter().position(|measure| !published.contains(measure)) {
        Some(at) => Err(MEASURE_UNKNOWN.at(format!("/measures/{at}"))),
        None => Ok(named.to_vec()),
    }
}

/// 职责分离: a step on what somebody proposed is somebody else's.
pub fn check_other(proposed_by: Uuid, by: Option<Uuid>) -> Result<()> {
    if by == Some(proposed_by) { Err((&SAME_PERSON).into()) } else { Ok(()) }
}

pub fn check_own(proposed_by: Uuid, by: Option<Uuid>) -> Result<()> {
    if by == Some(proposed_by) { Ok(()) } else { Err((&NOT_PROPOSER).into()) }
}

/// The last of so many working days behind a day, which is not counted itself (Civil Code 201).
pub fn working_days(calendar: &Calendar, from: NaiveDate, days: i64) -> NaiveDate {
    // A calendar without working days would let no period end.
    calendar.working_days_after(from, days).unwrap_or(NaiveDate::MAX)
}

/// 陈述申辩期: what the notice names, and not less than the rule's.
pub fn hear_until(
    calendar: &Calendar,
    today: NaiveDate,
    asked: Option<NaiveDate>,
    rules: &ListRules,
) -> Result<NaiveDate> {
    let least = working_days(calendar, today, rules.hear_days);
    match asked {
        Some(asked) if asked < least => Err(HEARING_SHORT.at("/hear_until")),
        asked => Ok(asked.unwrap_or(least)),
    }
}

/// Said in time: up to the end of the last day.
pub fn may_state(hear_until: Option<NaiveDate>, today: NaiveDate, said: i64) -> Result<()> {
    if hear_until.is_none_or(|last| today > last) {
        Err((&HEARING_OVER).into())
    } else if said >= MOST_STATEMENTS {
        Err((&TOO_MANY_STATEMENTS).into())
    } else {
        Ok(())
    }
}

/// A hearing that was held is written down afterwards, as long as nothing is decided.
pub fn check_held(held_on: NaiveDate, notified_on: Option<NaiveDate>, today: NaiveDate, said: i64) -> Result<()> {
    if said >= MOST_STATEMENTS {
        return Err((&TOO_MANY_STATEMENTS).into());
    }
    let fits = notified_on.is_some_and(|notified| notified <= held_on) && held_on <= today;
    if fits { Ok(()) } else { Err(HELD_WHEN.at("/held_on")) }
}

/// To put somebody on the watch or the black list: they were told, and their time to be heard is over. Praise may come at
/// once.
pub fn check_heard(list: ListKind, hear_until: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
    match (list, hear_until) {
        (ListKind::Red, _) => Ok(()),
        (_, None) => Err((&NOT_HEARD).into()),
        (_, Some(last)) if today <= last => Err((&HEARING_RUNS).into()),
        _ => Ok(()),
    }
}

/// The day so many months later; where there is none of its number, the last of the month (Civil Code 202).
fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// 有效期末日: what the decision names, or the rule's own.
pub fn valid_to(today: NaiveDate, asked: Option<NaiveDate>, rules: &ListRules) -> Result<NaiveDate> {
    match asked {
        None => Ok(months_after(today, rules.valid_months)),
        Some(asked) if asked <= today => Err(VALIDITY_SHORT.at("/valid_to")),
        Some(asked) if asked > months_after(today, rules.longest_months) => Err(VALIDITY_LONG.at("/valid_to")),
        Some(asked) => Ok(asked),
    }
}

/// 异议期末日 of what is published today; praise is in force at once.
pub fn object_until(list: ListKind, calendar: &Calendar, today: NaiveDate, rules: &ListRules) -> Option<NaiveDate> {
    (list != ListKind::Red).then(|| working_days(calendar, today, rules.object_days))
}

/// It takes effect the day after the last on which it can be objected to, and is valid beyond that.
pub fn active_from(
    today: NaiveDate,
    object_until: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
) -> Result<NaiveDate> {
    let from = object_until.and_then(|last| last.succ_opt()).unwrap_or(today);
    if valid_to.is_some_and(|last| from <= last) { Ok(from) } else { Err((&VALIDITY_SHORT).into()) }
}

pub fn may_object(object_until: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
    let in_time = object_until.is_some_and(|last| today <= last);
    if in_time { Ok(()) } else { Err((&OBJECTION_LATE).into()) }
}

/// Once, and before the time is over: counted from the objection, not from the extension.
pub fn may_extend(extended: bool, due_on: NaiveDate, today: NaiveDate) -> Result<()> {
    if extended {
        Err((&EXTENDED).into())
    } else if today > due_on {
        Err((&EXTENSION_LATE).into())
    } else {
        Ok(())
    }
}

/// 修复: corrected since, and so many months after the publication.
pub fn may_repair(
    list: ListKind,
    published_on: Option<NaiveDate>,
    corrected_on: NaiveDate,
    today: NaiveDate,
    rules: &ListRules,
) -> Result<()> {
    let Some(published_on) = published_on.filter(|_| list != ListKind::Red) else { return Err((&REPAIR_RED).into()) };
    if today < months_after(published_on, rules.repair_months) {
        Err((&REPAIR_EARLY).into())
    } else if corrected_on < published_on || corrected_on > today {
        Err(CORRECTED_WHEN.at("/corrected_on"))
    } else {
        Ok(())
    }
}

/// Evidence comes before the decision, and what shows a correction while the entry stands.
pub fn may_show(status: ListingStatus, shown: i64) -> Result<()> {
    use ListingStatus::{Active, Notified, Objected, Proposed, Published};
    if !matches!(status, Proposed | Notified | Published | Objected | Active) {
        Err((&PHOTO_STATE).into())
    } else if shown >= MOST_PHOTOS {
        Err((&TOO_MANY_PHOTOS).into())
    } else {
        Ok(())
    }
}

pub fn check_picture(kind: MediaKind) -> Result<()> {
    if kind.is_picture() { Ok(()) } else { Err(NOT_A_PICTURE.at("/file")) }
}

#[cfg(test)]
#[path = "listing_tests.rs"]
mod tests;
