//! The yearly file of holidays in the form of holiday-cn, which follows the notices of the State Council. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::hours::Hours;
use super::problems;
use crate::error::{At, Error, FieldError, Result};
use crate::http::check_not_blank;

/// 通知网址, where the notice is published
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(max_length = 300, example = "https://www.gov.cn/zhengce/content/202310/content_6911527.htm")]
pub struct Paper(pub String);

/// 节假日文件: one year in the form of holiday-cn
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayFile {
    #[serde(rename = "$schema", default, deserialize_with = "reference", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 300)]
    pub schema: Option<String>,
    #[serde(rename = "$id", default, deserialize_with = "reference", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 300)]
    pub id: Option<String>,
    #[validate(range(min = 1949, max = 2199))]
    #[schema(example = 2024, minimum = 1949, maximum = 2199)]
    pub year: i32,
    #[validate(length(max = 5), custom(function = check_papers))]
    #[schema(max_items = 5)]
    pub papers: Vec<Paper>,
    #[validate(length(min = 1, max = 120), nested)]
    #[schema(min_items = 1, max_items = 120)]
    pub days: Vec<HolidayDay>,
}

/// 放假或补班的一天
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayDay {
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(example = "元旦", min_length = 1, max_length = 60)]
    pub name: String,
    #[schema(example = "2024-01-01")]
    pub date: NaiveDate,
    /// `false`: 补班, a make-up workday
    #[serde(rename = "isOffDay")]
    pub is_off_day: bool,
}

/// Bounded as it is read: a check would name the member as the source does, without its sign.
fn reference<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let fits = text.chars().count() <= 300;
    if fits { Ok(Some(text)) } else { Err(serde::de::Error::custom("longer than 300 characters")) }
}

fn check_papers(papers: &[Paper]) -> std::result::Result<(), validator::ValidationError> {
    let fits = papers.iter().all(|paper| paper.0.chars().count() <= 300);
    if fits { Ok(()) } else { Err(validator::ValidationError::new("length")) }
}

/// What one day of the file comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// `None`: a regular working day.
    pub hours: Option<Vec<Hours>>,
    pub name: String,
}

impl HolidayFile {
    /// The notices, as the source of each day.
    pub fn source(&self) -> String {
        let papers: Vec<&str> = self.papers.iter().map(|paper| paper.0.as_str()).collect();
        if papers.is_empty() { format!("holiday-cn {}", self.year) } else { papers.join(" ") }
    }

    /// The days by date. A notice may reach a little into the years beside its own: 元旦 begins in December, at times.
    pub fn plan(&self) -> Result<BTreeMap<NaiveDate, Planned>> {
        let first = NaiveDate::from_ymd_opt(self.year - 1, 12, 20).unwrap_or_default();
        let last = NaiveDate::from_ymd_opt(self.year + 1, 1, 10).unwrap_or_default();
        let (mut planned, mut faults) = (BTreeMap::new(), Vec::new());
        for (i, day) in self.days.iter().enumerate() {
            let at = At::Pointer(format!("/days/{i}/date"));
            if day.date < first || day.date > last {
                faults.push(FieldError::new(at, "outside_year", "日期不属于该年度", "lies outside the year"));
                continue;
            }
            let hours = day.is_off_day.then(Vec::new);
            if planned.insert(day.date, Planned { hours, name: day.name.clone() }).is_some() {
                faults.push(FieldError::new(at, "duplicate", "日期重复", "is given twice"));
            }
        }
        if faults.is_empty() { Ok(planned) } else { Err(Error::Rule(&problems::FILE, faults)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(dates: &[(&str, bool)]) -> HolidayFile {
        let day = |(date, off): &(&str, bool)| HolidayDay {
            name: "元旦".into(),
            date: date.parse().expect("a day"),
            is_off_day: *off,
        };
        HolidayFile { schema: None, id: None, year: 2024, papers: vec![], days: dates.iter().map(day).collect() }
    }

    #[test]
    fn a_day_is_off_or_made_up_and_may_lie_a_little_outside_its_year() {
        let planned =
            file(&[("2023-12-30", true), ("2024-02-04", false), ("2025-01-10", true)]).plan().expect("a plan");
        let hours: Vec<_> = planned.values().map(|day| day.hours.clone()).collect();
        assert_eq!(hours, [Some(vec![]), None, Some(vec![])]);
    }

    #[test]
    fn every_wrong_day_is_named() {
        let wrong = file(&[("2024-01-01", true), ("2023-12-19", true), ("2024-01-01", false), ("2025-01-11", true)]);
        let Err(Error::Rule(problem, faults)) = wrong.plan() else { panic!("refused") };
        assert_eq!(problem.code, "calendar.file");
        let named: Vec<_> = faults.iter().map(|fault| (fault.at.clone(), fault.code.to_string())).collect();
        let at = |i: u8, code: &str| (At::Pointer(format!("/days/{i}/date")), code.to_owned());
        assert_eq!(named, [at(1, "outside_year"), at(2, "duplicate"), at(3, "outside_year")]);
    }
}
