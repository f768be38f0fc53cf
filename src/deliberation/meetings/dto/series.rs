use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::page;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{Cadence, MeetingKind, MeetingParty, SeriesId};
use crate::meetings::store::rows::SeriesRow;

/// 会议系列: what is held again and again
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesIn {
    pub kind: MeetingKind,
    pub area_code: AreaCode,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 120, example = "同德巷社区四方联席会议")]
    pub title: String,
    /// 召集组织
    pub convener_org_id: OrganisationId,
    /// 召开周期; the rule's own where absent
    #[schema(nullable = false)]
    pub cadence: Option<Cadence>,
    /// 必到方: those of the rule and, where named, more
    #[validate(length(max = 8))]
    #[serde(default)]
    #[schema(max_items = 8, example = json!([]))]
    pub required_parties: Vec<MeetingParty>,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-01")]
    pub starts_on: NaiveDate,
}

/// 结束系列
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesEndIn {
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "并入社区月度联席会议", min_length = 1, max_length = 200)]
    pub reason: String,
}

/// 会议系列
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SeriesOut {
    pub id: SeriesId,
    pub kind: MeetingKind,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 120)]
    pub title: String,
    pub convener_org_id: OrganisationId,
    pub cadence: Cadence,
    #[schema(max_items = 8)]
    pub required_parties: Vec<MeetingParty>,
    pub starts_on: NaiveDate,
    /// 上次召开
    #[schema(required = true)]
    pub last_held_on: Option<NaiveDate>,
    /// 下次应开日; `null` where it is held as needed or has ended
    #[schema(required = true)]
    pub next_due_on: Option<NaiveDate>,
    /// 已逾期未开: the day has passed and no meeting was held
    pub overdue: bool,
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 200)]
    pub end_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl SeriesOut {
    pub fn of(row: SeriesRow, today: NaiveDate) -> Self {
        let SeriesRow {
            id,
            kind,
            area_code,
            title,
            cadence,
            required_parties,
            convener_org_id,
            starts_on,
            last_held_on,
            next_due_on,
            alarmed_for: _,
            ended_on,
            end_reason,
            version,
            created_at: _,
            updated_at,
        } = row;
        let next_due_on = next_due_on.filter(|_| ended_on.is_none());
        Self {
            id,
            kind,
            area_code,
            title,
            convener_org_id,
            cadence,
            required_parties: serde_json::from_value(required_parties.0).unwrap_or_default(),
            starts_on,
            last_held_on,
            next_due_on,
            overdue: next_due_on.is_some_and(|due| due < today),
            ended_on,
            end_reason,
            version,
            updated_at,
        }
    }
}

page!(
    /// 会议系列页
    SeriesPage, SeriesOut
);

/// 会议系列筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeriesQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<MeetingKind>,
    /// 已逾期未开
    #[param(nullable = false)]
    pub overdue: Option<bool>,
    /// 含已结束的; only those that still run unless asked for
    #[param(nullable = false)]
    pub with_ended: Option<bool>,
}
