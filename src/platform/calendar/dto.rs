//! What goes over the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::hours::{Hours, Week, check_hours};
use super::rules::{Calendar, Window};
use super::store::{DayRow, Imported, InForce, WeekRow};
use super::{CalendarDayId, CalendarId};
use crate::auth::AreaCode;
use crate::db::Ts;
use crate::error::{Error, Result};
use crate::http::{check_date, check_not_blank, not_null, present};
use crate::text_enum;

/// 工作周: the week of an area and of all below it that have none of their own
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WeekOut {
    pub id: CalendarId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    pub week: Week,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl TryFrom<WeekRow> for WeekOut {
    type Error = Error;

    fn try_from(row: WeekRow) -> Result<Self> {
        let week = row.hours()?;
        let WeekRow { id, area_code, week: _, version, created_at, updated_at } = row;
        Ok(Self { id, area_code, week, version, created_at, updated_at })
    }
}

/// 特殊日: a day whose hours are not those of its weekday
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CalendarDayOut {
    pub id: CalendarDayId,
    /// 设置区域; empty for the whole country
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    #[schema(example = "2024-02-04")]
    pub day: NaiveDate,
    /// 时段: none is a day off, `null` a regular working day (补班)
    #[schema(required = true, max_items = 8)]
    pub hours: Option<Vec<Hours>>,
    #[schema(example = "春节", max_length = 60)]
    pub name: String,
    /// 依据
    #[schema(max_length = 1600)]
    pub source: String,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl TryFrom<DayRow> for CalendarDayOut {
    type Error = Error;

    fn try_from(row: DayRow) -> Result<Self> {
        let hours = row.hours()?;
        let DayRow { id, area_code, day, hours: _, name, source, file_year: _, version, created_at, updated_at } = row;
        Ok(Self { id, area_code, day, hours, name, source, version, created_at, updated_at })
    }
}

/// 有效日历: what holds in an area in a year, and which area has set it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CalendarOut {
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(example = 2024, minimum = 1949, maximum = 2199)]
    pub year: i32,
    pub week: Week,
    /// 所依工作周; `null` where no area has set one and the product's own holds
    #[schema(required = true)]
    pub calendar_id: Option<CalendarId>,
    /// 设置工作周的区域
    #[schema(required = true, max_length = 29)]
    pub week_area_code: Option<String>,
    /// 一个工作日的分钟数
    #[schema(example = 420, minimum = 0, maximum = 1440)]
    pub day_minutes: i64,
    /// 该年的特殊日, by date, each by the nearest area that has set it
    #[schema(max_items = 366)]
    pub days: Vec<CalendarDayOut>,
    /// 下一年的节假日安排尚未导入: from 1 November on
    pub missing_next_year: bool,
}

impl CalendarOut {
    pub(super) fn of(area: &AreaCode, year: i32, found: InForce, missing_next_year: bool) -> Result<Self> {
        let (calendar, week) = (found.calendar()?, found.hours()?);
        let InForce { week: set, days } = found;
        Ok(Self {
            area_code: area.to_string(),
            year,
            week,
            calendar_id: set.as_ref().map(|row| row.id),
            week_area_code: set.map(|row| row.area_code),
            day_minutes: calendar.day_minutes(),
            days: days.into_iter().map(CalendarDayOut::try_from).collect::<Result<_>>()?,
            missing_next_year,
        })
    }
}

/// 年份
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct YearQuery {
    /// 年份; this one where absent
    #[validate(range(min = 1949, max = 2199))]
    #[param(nullable = false, minimum = 1949, maximum = 2199)]
    pub year: Option<i32>,
}

/// 区域
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// 区域; the whole country where absent
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
}

/// 新工作周
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "area_code": "620902005", "week": { "monday": [{ "from": "08:30", "to": "12:00" }],
    "tuesday": [], "wednesday": [], "thursday": [], "friday": [], "saturday": [], "sunday": [] } }))]
pub struct CalendarIn {
    pub area_code: AreaCode,
    #[validate(nested)]
    pub week: Week,
}

/// 修改工作周: the whole week, as it is to be
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "week": { "monday": [{ "from": "08:30", "to": "12:00" }], "tuesday": [], "wednesday": [],
    "thursday": [], "friday": [], "saturday": [], "sunday": [] } }))]
pub struct CalendarPatch {
    #[validate(nested)]
    pub week: Week,
}

/// 新特殊日
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarDayIn {
    pub area_code: AreaCode,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-03-01")]
    pub day: NaiveDate,
    /// 时段: none is a day off, `null` a regular working day; never left out, because the two are opposites
    #[serde(deserialize_with = "given")]
    #[validate(custom(function = check_hours))]
    #[schema(required = true, max_items = 8)]
    pub hours: Option<Vec<Hours>>,
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(example = "停电检修", min_length = 1, max_length = 60)]
    pub name: String,
    /// 依据
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "区政府办通知〔2024〕3号", min_length = 1, max_length = 500)]
    pub source: String,
}

/// With a reader of its own, an optional member must be there.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Vec<Hours>>, D::Error> {
    Option::deserialize(deserializer)
}

/// 修改特殊日
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "hours": [], "name": "停电检修", "source": "街道通知 2024-03" }))]
pub struct CalendarDayPatch {
    /// 时段: none is a day off, `null` a regular working day
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = check_hours))]
    #[schema(value_type = Option<Vec<Hours>>, max_items = 8)]
    pub hours: Option<Option<Vec<Hours>>>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 60)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub source: Option<String>,
}

impl CalendarDayPatch {
    pub(super) fn applied_to(&self, row: &DayRow) -> Result<DayRow> {
        let hours = match &self.hours {
            None => row.hours.clone(),
            Some(hours) => super::store::written_hours(hours.as_ref())?,
        };
        let (name, source) = (self.name.as_ref().unwrap_or(&row.name), self.source.as_ref().unwrap_or(&row.source));
        // Whoever changes a day takes it over from the file that brought it.
        Ok(DayRow { hours, name: name.clone(), source: source.clone(), file_year: None, ..row.clone() })
    }
}

/// 导入结果, in days
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportedOut {
    /// 区域; empty for the whole country
    #[schema(max_length = 29)]
    pub area_code: String,
    #[schema(example = 2024)]
    pub year: i32,
    #[schema(minimum = 0)]
    pub inserted: i64,
    #[schema(minimum = 0)]
    pub changed: i64,
    #[schema(minimum = 0)]
    pub unchanged: i64,
    /// 本次文件不再包含的日期
    #[schema(minimum = 0)]
    pub removed: i64,
}

impl ImportedOut {
    pub(super) fn of(area: &AreaCode, year: i32, done: Imported) -> Self {
        let Imported { inserted, changed, unchanged, removed } = done;
        Self { area_code: area.to_string(), year, inserted, changed, unchanged, removed }
    }
}

text_enum! {
    /// 计时方式
    DueMode {
        /// 工作时间
        Business = "business",
        /// 自然时间, for emergencies
        Wall = "wall",
    }
}

/// 试算
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComputeIn {
    /// 起算时刻
    #[schema(example = "2024-01-12T09:30:00Z")]
    pub start: Ts,
    /// 分钟数
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 527_040))]
    #[schema(nullable = false, minimum = 0, maximum = 527_040)]
    pub minutes: Option<i64>,
    /// 工作日数: each as long as a regular working day of the week in force
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 366))]
    #[schema(nullable = false, example = 1, minimum = 0, maximum = 366)]
    pub working_days: Option<i64>,
    #[schema(inline)]
    pub mode: DueMode,
}

/// 到期时刻, and what was counted up to it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ComputedOut {
    #[schema(max_length = 29)]
    pub area_code: String,
    pub start: Ts,
    /// 到期时刻
    pub due: Ts,
    /// 共计分钟数
    #[schema(minimum = 0)]
    pub minutes: i64,
    /// 计入的时段, the first 1000
    #[schema(max_items = 1000)]
    pub windows: Vec<Window>,
    /// 时段总数
    #[schema(minimum = 0)]
    pub windows_total: i64,
}

/// Windows that are sent: a year of mornings and afternoons.
const MOST_SENT: usize = 1000;

impl ComputedOut {
    pub(super) fn of(area: &AreaCode, (start, due): (Ts, Ts), minutes: i64, mut windows: Vec<Window>) -> Self {
        let windows_total = i64::try_from(windows.len()).unwrap_or(i64::MAX);
        windows.truncate(MOST_SENT);
        Self { area_code: area.to_string(), start, due, minutes, windows, windows_total }
    }
}

impl ComputeIn {
    /// The deadline by a calendar, and the windows that lead to it.
    pub(super) fn compute(&self, area: &AreaCode, calendar: &Calendar) -> Result<ComputedOut> {
        use super::problems;
        let minutes = match (self.minutes, self.working_days, self.mode) {
            (Some(_), Some(_), _) | (None, None, _) => return Err((&problems::ONE_BUDGET).into()),
            (None, Some(_), DueMode::Wall) => return Err(problems::WALL_DAYS.at("/mode")),
            (Some(minutes), None, _) => minutes,
            (None, Some(days), DueMode::Business) => days * calendar.day_minutes(),
        };
        let start = self.start;
        if self.mode == DueMode::Wall {
            let due = start.plus(chrono::Duration::minutes(minutes));
            let windows = if minutes > 0 { vec![Window { from: start, to: due }] } else { vec![] };
            return Ok(ComputedOut::of(area, (start, due), minutes, windows));
        }
        // A day without a minute is none: a week without windows has no working days to count.
        let empty = minutes == 0 && self.working_days.is_some_and(|days| days > 0);
        let due = calendar.add(start, minutes).filter(|_| !empty).ok_or(Error::from(&problems::NEVER))?;
        Ok(ComputedOut::of(area, (start, due), minutes, calendar.windows(start, due)))
    }
}
