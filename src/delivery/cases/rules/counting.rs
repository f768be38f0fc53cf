//! 计数: what each step of a case counts, and what its history comes to when it is counted anew. Pure.
//!
//! A case counts where it lies on the day: under its compound, or its community where it lies in none.

use chrono::NaiveDate;
use platform::clock::date_in_shanghai;
use platform::db::Ts;
use platform::{Error, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Step;
use crate::cases::dto::{CaseKind, Tier};

/// 登记, by channel
pub const REPORTED: &str = "cases.reported";
/// 受理, by kind and category as they were then: `repair/pipe_leak`
pub const ACCEPTED: &str = "cases.accepted";
/// 针对物业的投诉, as they are accepted: complaints of the categories that are against a company. Complaints about noise
/// are accepted as complaints and are not among these.
pub const PROPERTY_COMPLAINTS: &str = "cases.property_complaints";
/// 办结, the first time and again
pub const DONE: &str = "cases.done";
/// 归档, by the level at which it was closed; one that is opened again is counted back
pub const CLOSED: &str = "cases.closed";
/// 重开
pub const REOPENED: &str = "cases.reopened";
/// 并案; one that is undone is counted back
pub const MERGED: &str = "cases.merged";
/// 两难一慢: how many, and how many minutes they took together. 报事到受理, 受理到签收, 签收到办结
pub const INTAKE: &str = "cases.intake";
pub const COORDINATION: &str = "cases.coordination";
pub const IMPLEMENTATION: &str = "cases.implementation";

/// Everything that an area's figures read, in one statement.
pub const ALL: [&str; 10] =
    [REPORTED, ACCEPTED, PROPERTY_COMPLAINTS, DONE, CLOSED, REOPENED, MERGED, INTAKE, COORDINATION, IMPLEMENTATION];

pub const FIRST: &str = "first";
pub const AGAIN: &str = "again";
pub const CASES: &str = "cases";
pub const MINUTES: &str = "minutes";
pub const NO_DIMENSION: &str = "";

const COMPOUND_LENGTH: usize = 17;
const COMMUNITY_LENGTH: usize = 12;

/// Where a case counts that lies here: a compound's code has a hyphen behind the community's, a grid's has none.
pub fn counted_at(area_code: &str) -> &str {
    let length = if area_code.contains('-') { COMPOUND_LENGTH } else { COMMUNITY_LENGTH };
    area_code.get(..length).unwrap_or(area_code)
}

/// A metric, its dimension and by how much it changes.
pub type Change = (&'static str, String, i64);

/// What of a case its counts depend on. Its history says of all of these when they became what they are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Facts {
    pub kind: CaseKind,
    pub category: String,
    pub tier: Tier,
    pub round: i32,
    pub reported_at: Ts,
    pub accepted_at: Option<Ts>,
    pub signed_at: Option<Ts>,
    pub closed_at: Option<Ts>,
}

fn one(metric: &'static str, dimension: &str) -> Change {
    (metric, dimension.to_owned(), 1)
}

/// Full minutes from one step to another, and that there were two steps.
fn took(metric: &'static str, from: Option<Ts>, to: Ts) -> Vec<Change> {
    const MINUTE: i64 = 60_000_000;
    let Some(from) = from else { return Vec::new() };
    let minutes = (to.micros() - from.micros()).max(0) / MINUTE;
    vec![one(metric, CASES), (metric, MINUTES.to_owned(), minutes)]
}

pub fn of_report(channel: &str) -> Vec<Change> {
    vec![one(REPORTED, channel)]
}

/// What a step counts. Only the first round tells how slow the implementation is: those who come back are counted apart.
pub fn of_step(before: &Facts, after: &Facts, step: Step, is_against_company: bool, at: Ts) -> Vec<Change> {
    match step {
        Step::Accept => {
            let mut changes = took(INTAKE, Some(after.reported_at), at);
            changes.push(one(ACCEPTED, &format!("{}/{}", after.kind, after.category)));
            changes.extend(is_against_company.then(|| one(PROPERTY_COMPLAINTS, NO_DIMENSION)));
            changes
        }
        Step::Sign if before.signed_at.is_none() => took(COORDINATION, after.accepted_at, at),
        Step::Finish if after.round == 1 => {
            let mut changes = took(IMPLEMENTATION, after.signed_at, at);
            changes.push(one(DONE, FIRST));
            changes
        }
        Step::Finish => vec![one(DONE, AGAIN)],
        Step::Close => vec![one(CLOSED, after.tier.as_str())],
        Step::Reopen => {
            let undone = before.closed_at.map(|_| (CLOSED, before.tier.to_string(), -1));
            undone.into_iter().chain([one(REOPENED, NO_DIMENSION)]).collect()
        }
        Step::Merge => vec![one(MERGED, NO_DIMENSION)],
        Step::Unmerge => vec![(MERGED, NO_DIMENSION.to_owned(), -1)],
        _ => Vec::new(),
    }
}

/// The member of the event of an acceptance that says whether it was a complaint against a company: by the dictionary in
/// force then, which may be another one now.
pub const AGAINST_COMPANY: &str = "against_company";

/// What an event of a case was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Reported,
    Step(Step),
    /// What changes the case and counts nothing by itself: an extension.
    Change,
}

/// A case as its history tells it, event by event from the first.
#[derive(Debug, Default)]
pub struct Retold(Option<Facts>);

impl Retold {
    /// What the next event counts, and on which day.
    pub fn next(&mut self, told: Told, at: Ts, data: &Value) -> Result<(NaiveDate, Vec<Change>)> {
        let Some(before) = &self.0 else {
            let (facts, channel) = first(told, data)?;
            let day = date_in_shanghai(facts.reported_at);
            self.0 = Some(facts);
            return Ok((day, of_report(channel)));
        };
        let after = match data.get("set").and_then(Value::as_object) {
            Some(set) => before.with(set)?,
            None => before.clone(),
        };
        let against = data.get(AGAINST_COMPANY).and_then(Value::as_bool).unwrap_or(false);
        let changes = match told {
            Told::Step(step) => of_step(before, &after, step, against, at),
            Told::Reported | Told::Change => Vec::new(),
        };
        self.0 = Some(after);
        Ok((date_in_shanghai(at), changes))
    }
}

/// What the first event says.
fn first(told: Told, data: &Value) -> Result<(Facts, &str)> {
    let broken = || Error::internal("the history of a case does not begin with its report");
    let set = data.get("set").and_then(Value::as_object).filter(|_| told == Told::Reported).ok_or_else(broken)?;
    let channel = data.get("channel").and_then(Value::as_str);
    let (at, channel) = data.get("reported_at").zip(channel).ok_or_else(broken)?;
    let mut members = set.clone();
    members.insert("reported_at".to_owned(), at.clone());
    Ok((serde_json::from_value(Value::Object(members)).map_err(Error::internal)?, channel))
}

impl Facts {
    /// The same after what an event says is new.
    fn with(&self, set: &Map<String, Value>) -> Result<Self> {
        let mut after = self.clone();
        for (name, value) in set {
            match name.as_str() {
                "kind" => after.kind = read(value)?,
                "category" => after.category = read(value)?,
                "tier" => after.tier = read(value)?,
                "round" => after.round = read(value)?,
                "accepted_at" => after.accepted_at = read(value)?,
                "signed_at" => after.signed_at = read(value)?,
                "closed_at" => after.closed_at = read(value)?,
                _ => {}
            }
        }
        Ok(after)
    }
}

fn read<'a, T: Deserialize<'a>>(value: &'a Value) -> Result<T> {
    T::deserialize(value).map_err(Error::internal)
}
