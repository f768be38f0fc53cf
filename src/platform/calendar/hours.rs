//! Times of a day as they are written, and the week that they make up.

use std::fmt;
use std::str::FromStr;

use chrono::Weekday;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

const MINUTES_A_DAY: u16 = 24 * 60;

/// Windows a day: morning, afternoon, evening, and some to spare.
pub const MOST_WINDOWS: usize = 8;

/// A time of day to the minute; `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    pub const fn at(hour: u16, minute: u16) -> Self {
        let minutes = hour * 60 + minute;
        Self(if minutes > MINUTES_A_DAY { MINUTES_A_DAY } else { minutes })
    }

    /// Minutes since midnight.
    pub fn minutes(self) -> i64 {
        i64::from(self.0)
    }
}

impl FromStr for TimeOfDay {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "a time of day is written HH:MM, 00:00 to 24:00";
        let two = |part: &str| {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u16>().ok())
        };
        let (hour, minute) = text.split_once(':').ok_or(FORM)?;
        match (two(hour).flatten(), two(minute).flatten()) {
            (Some(hour), Some(minute)) if hour < 24 && minute < 60 || (hour, minute) == (24, 0) => {
                Ok(Self::at(hour, minute))
            }
            _ => Err(FORM),
        }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for TimeOfDay {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("时刻 · A time of day in Asia/Shanghai, `24:00` is its end"))
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"))
            .min_length(Some(5))
            .max_length(Some(5))
            .examples(["08:30"])
            .into()
    }
}
impl ToSchema for TimeOfDay {}

/// 时段: half-open, so that what ends at 12:00 and what begins at 12:00 share no moment
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "from": "08:30", "to": "12:00" }))]
pub struct Hours {
    pub from: TimeOfDay,
    pub to: TimeOfDay,
}

impl Hours {
    pub const fn new(from: TimeOfDay, to: TimeOfDay) -> Self {
        Self { from, to }
    }

    pub fn minutes(self) -> i64 {
        self.to.minutes() - self.from.minutes()
    }
}

/// Windows in order that do not overlap; for `#[validate(custom(function = check_hours))]`.
pub fn check_hours(hours: &[Hours]) -> Result<(), ValidationError> {
    let in_order = hours.iter().zip(hours.iter().skip(1)).all(|(one, next)| one.to <= next.from);
    let fits = hours.len() <= MOST_WINDOWS && in_order && hours.iter().all(|one| one.from < one.to);
    if fits { Ok(()) } else { Err(ValidationError::new("windows")) }
}

/// The same windows in order, each once: nothing that is counted may be counted twice.
pub(super) fn normal(mut hours: Vec<Hours>) -> Vec<Hours> {
    hours.retain(|one| one.from < one.to);
    hours.sort_unstable();
    hours.dedup_by(|next, one| {
        let joins = next.from <= one.to;
        if joins {
            one.to = one.to.max(next.to);
        }
        joins
    });
    hours
}

/// 一周: the windows of each weekday; none is a day off
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "monday": [{ "from": "08:30", "to": "12:00" }, { "from": "14:30", "to": "18:00" }],
    "tuesday": [{ "from": "08:30", "to": "12:00" }, { "from": "14:30", "to": "18:00" }],
    "wednesday": [{ "from": "08:30", "to": "12:00" }, { "from": "14:30", "to": "18:00" }],
    "thursday": [{ "from": "08:30", "to": "12:00" }, { "from": "14:30", "to": "18:00" }],
    "friday": [{ "from": "08:30", "to": "12:00" }, { "from": "14:30", "to": "18:00" }], "saturday": [],
    "sunday": [] }))]
pub struct Week {
    #[validate(custom(function = check_hours))]
    #[schema(max_items = 8)]
    pub monday: Vec<Hours>,
    #[validate(custom(function = check_hours))]
    #[schema(max_items = 8)]
    pub tuesday: Vec<Hours>,
    #[validate(custom(function = check_hours))]
    #[schema(max_items = 8)]
    pub wednesday: Vec<Hours>,
    #[validate(custom(function = check_hours))]
    #[schema(max_items = 8)]
    pub thursday: Vec<Hours>,
    #[validate(custom(function = check_hours))]
    #[schema(max_items = 8)]
    pub friday: Vec<Hours>,
    #[validate(custom(function = check_hours))]
    #[schema(max_items = 8)]
    pub saturday: Vec<Hours>,
    #[validate(custom(function = check_hours))]
    #[schema(max_items = 8)]
    pub sunday: Vec<Hours>,
}

impl Default for Week {
    /// Monday to Friday, 08:30–12:00 and 14:30–18:00: the office hours of the seed district.
    fn default() -> Self {
        let morning = Hours::new(TimeOfDay::at(8, 30), TimeOfDay::at(12, 0));
        let afternoon = Hours::new(TimeOfDay::at(14, 30), TimeOfDay::at(18, 0));
        Self::of([1, 2, 3, 4, 5].map(|_| vec![morning, afternoon]), [vec![], vec![]])
    }
}

impl Week {
    pub fn of([monday, tuesday, wednesday, thursday, friday]: [Vec<Hours>; 5], weekend: [Vec<Hours>; 2]) -> Self {
        let [saturday, sunday] = weekend;
        Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday }
    }

    pub fn on(&self, weekday: Weekday) -> &[Hours] {
        match weekday {
            Weekday::Mon => &self.monday,
            Weekday::Tue => &self.tuesday,
            Weekday::Wed => &self.wednesday,
            Weekday::Thu => &self.thursday,
            Weekday::Fri => &self.friday,
            Weekday::Sat => &self.saturday,
            Weekday::Sun => &self.sunday,
        }
    }

    fn days(&self) -> [&Vec<Hours>; 7] {
        let Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = self;
        [monday, tuesday, wednesday, thursday, friday, saturday, sunday]
    }

    pub(super) fn normal(self) -> Self {
        let Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = self;
        Self::of([monday, tuesday, wednesday, thursday, friday].map(normal), [saturday, sunday].map(normal))
    }

    /// 正常工作日: the windows that most of its working days have, the earlier in the week where two have as many.
    pub fn regular(&self) -> &[Hours] {
        let days = self.days();
        let times = |hours: &Vec<Hours>| days.iter().filter(|other| **other == hours).count();
        let working = days.iter().rev().filter(|hours| !hours.is_empty());
        // Backwards, because the last of the greatest wins.
        working.max_by_key(|hours| times(hours)).map(|hours| hours.as_slice()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_written_one_way_and_may_be_midnight_at_its_end() {
        for text in ["00:00", "08:30", "23:59", "24:00"] {
            assert_eq!(text.parse::<TimeOfDay>().expect("a time").to_string(), text);
        }
        for text in ["", "8:30", "24:01", "25:00", "12:60", "12-30", "+1:00", "012:00", "12:00:00", "午:00"] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
    }

    #[test]
    fn windows_that_overlap_or_run_backwards_are_refused() {
        let hours = |from: &str, to: &str| Hours::new(from.parse().expect("a time"), to.parse().expect("a time"));
        assert!(check_hours(&[hours("08:30", "12:00"), hours("12:00", "24:00")]).is_ok());
        assert!(check_hours(&[hours("08:30", "12:00"), hours("11:59", "18:00")]).is_err());
        assert!(check_hours(&[hours("14:30", "18:00"), hours("08:30", "12:00")]).is_err());
        assert!(check_hours(&[hours("12:00", "12:00")]).is_err());
        assert!(check_hours(&[]).is_ok());
        assert!(check_hours(&[hours("00:00", "24:00"); 9]).is_err());
    }

    #[test]
    fn the_regular_day_is_the_one_that_most_working_days_are() {
        let hours = |from, to| vec![Hours::new(TimeOfDay::at(from, 0), TimeOfDay::at(to, 0))];
        let mut week = Week::default();
        assert_eq!(week.regular(), week.monday.as_slice());
        week.monday = hours(8, 12);
        assert_eq!(week.regular(), week.tuesday.as_slice());
        let even = Week::of([hours(8, 12), hours(8, 16), vec![], vec![], vec![]], [vec![], vec![]]);
        assert_eq!(even.regular(), even.monday.as_slice());
    }
}
