//! The rows of a case, and the part of it that steps change.

use diesel::prelude::*;
use platform::db::{Json, Ts};
use platform::history::ActorId;
use platform::rule_sets::RuleSetId;
use platform::{Error, Result};
use registry::identity::AccountId;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::cases::dto::{CaseId, CaseKind, Channel, Identity, Outcome, Status, Tier, Urgency, Visibility};
use crate::schema::{case_details, case_reporters, cases};

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cases, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CaseRow {
    pub id: CaseId,
    pub number: String,
    pub area_code: String,
    pub community_code: String,
    pub grid_code: Option<String>,
    pub compound_id: Option<CompoundId>,
    pub kind: CaseKind,
    pub category: String,
    pub channel: Channel,
    pub urgency: Urgency,
    pub title: String,
    pub status: Status,
    pub tier: Tier,
    pub round: i32,
    pub outcome: Option<Outcome>,
    pub visibility: Visibility,
    pub identity: Identity,
    pub handler_org_id: Option<OrganisationId>,
    pub handler_id: Option<AccountId>,
    pub responsible_org_id: Option<OrganisationId>,
    pub responsible_id: Option<AccountId>,
    pub due_at: Option<Ts>,
    pub returns: i32,
    pub merged_into: Option<CaseId>,
    pub reported_at: Ts,
    pub accepted_at: Option<Ts>,
    pub signed_at: Option<Ts>,
    pub done_at: Option<Ts>,
    pub closed_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// What steps change: every event says which of these have a new value, so the events alone rebuild them. No words of
/// anybody are among them, and nobody's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub kind: CaseKind,
    pub category: String,
    pub urgency: Urgency,
    pub status: Status,
    pub tier: Tier,
    pub round: i32,
    pub outcome: Option<Outcome>,
    pub visibility: Visibility,
    pub handler_org_id: Option<OrganisationId>,
    pub handler_id: Option<AccountId>,
    pub responsible_org_id: Option<OrganisationId>,
    pub responsible_id: Option<AccountId>,
    pub due_at: Option<Ts>,
    pub returns: i32,
    pub merged_into: Option<CaseId>,
    pub accepted_at: Option<Ts>,
    pub signed_at: Option<Ts>,
    pub done_at: Option<Ts>,
    pub closed_at: Option<Ts>,
}

impl From<&CaseRow> for State {
    fn from(row: &CaseRow) -> Self {
        Self {
            kind: row.kind,
            category: row.category.clone(),
            urgency: row.urgency,
            status: row.status,
            tier: row.tier,
            round: row.round,
            outcome: row.outcome,
            visibility: row.visibility,
            handler_org_id: row.handler_org_id,
            handler_id: row.handler_id,
            responsible_org_id: row.responsible_org_id,
            responsible_id: row.responsible_id,
            due_at: row.due_at,
            returns: row.returns,
            merged_into: row.merged_into,
            accepted_at: row.accepted_at,
            signed_at: row.signed_at,
            done_at: row.done_at,
            closed_at: row.closed_at,
        }
    }
}

/// The members of a state as JSON.
fn members(state: &State) -> Result<Map<String, Value>> {
    match serde_json::to_value(state).map_err(Error::internal)? {
        Value::Object(members) => Ok(members),
        _ => Err(Error::internal("a state is an object")),
    }
}

/// The new values of what differs; everything where there was nothing before.
pub fn difference(before: Option<&CaseRow>, after: &CaseRow) -> Result<Value> {
    let mut new = members(&State::from(after))?;
    if let Some(before) = before {
        let old = members(&State::from(before))?;
        new.retain(|name, value| old.get(name) != Some(value));
    }
    Ok(Value::Object(new))
}

/// The state that a case's events lead to: each event's `set` over those before it.
pub fn replay<'a>(events: impl IntoIterator<Item = &'a Value>) -> Result<State> {
    let mut state = Map::new();
    for set in events.into_iter().filter_map(|data| data.get("set")?.as_object()) {
        state.extend(set.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    serde_json::from_value(Value::Object(state)).map_err(Error::internal)
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_details, treat_none_as_default_value = false)]
pub struct DetailsRow {
    pub case_id: CaseId,
    pub body: String,
    pub search_text: String,
    pub fields: Json,
    pub place: Option<String>,
    pub lat_e6: Option<i32>,
    pub lon_e6: Option<i32>,
    pub asset: Option<String>,
    pub category_set_id: Option<RuleSetId>,
    pub policy_set_id: Option<RuleSetId>,
    /// The policy that was chosen, as it stood.
    pub policy: Json,
    pub resolution: Option<String>,
    pub evidence_waiver: Option<String>,
}

/// Of the details what an answer tells: the policy alone would be larger than all else.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = case_details)]
pub struct SaidRow {
    pub body: String,
    pub fields: Json,
    pub place: Option<String>,
    pub lat_e6: Option<i32>,
    pub lon_e6: Option<i32>,
    pub asset: Option<String>,
    pub resolution: Option<String>,
    pub evidence_waiver: Option<String>,
}

impl From<DetailsRow> for SaidRow {
    fn from(row: DetailsRow) -> Self {
        let DetailsRow { body, fields, place, lat_e6, lon_e6, asset, resolution, evidence_waiver, .. } = row;
        Self { body, fields, place, lat_e6, lon_e6, asset, resolution, evidence_waiver }
    }
}

/// Of a case what a list tells, and by what lists are made.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cases)]
pub struct ListedRow {
    pub id: CaseId,
    pub number: String,
    pub area_code: String,
    pub community_code: String,
    pub grid_code: Option<String>,
    pub compound_id: Option<CompoundId>,
    pub kind: CaseKind,
    pub category: String,
    pub channel: Channel,
    pub urgency: Urgency,
    pub title: String,
    pub status: Status,
    pub tier: Tier,
    pub round: i32,
    pub outcome: Option<Outcome>,
    pub identity: Identity,
    pub handler_org_id: Option<OrganisationId>,
    pub handler_id: Option<AccountId>,
    pub responsible_org_id: Option<OrganisationId>,
    pub responsible_id: Option<AccountId>,
    pub due_at: Option<Ts>,
    pub returns: i32,
    pub reported_at: Ts,
    pub accepted_at: Option<Ts>,
    pub signed_at: Option<Ts>,
    pub done_at: Option<Ts>,
    pub closed_at: Option<Ts>,
    pub version: i32,
}

impl From<CaseRow> for ListedRow {
    fn from(row: CaseRow) -> Self {
        let CaseRow {
            id,
            number,
            area_code,
            community_code,
            grid_code,
            compound_id,
            kind,
            category,
            channel,
            urgency,
            title,
            status,
            tier,
            round,
            outcome,
            identity,
            handler_org_id,
            handler_id,
            responsible_org_id,
            responsible_id,
            due_at,
            returns,
            reported_at,
            accepted_at,
            signed_at,
            done_at,
            closed_at,
            version,
            ..
        } = row;
        Self {
            id,
            number,
            area_code,
            community_code,
            grid_code,
            compound_id,
            kind,
            category,
            channel,
            urgency,
            title,
            status,
            tier,
            round,
            outcome,
            identity,
            handler_org_id,
            handler_id,
            responsible_org_id,
            responsible_id,
            due_at,
            returns,
            reported_at,
            accepted_at,
            signed_at,
            done_at,
            closed_at,
            version,
        }
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_reporters, treat_none_as_default_value = false)]
pub struct ReporterRow {
    pub case_id: CaseId,
    pub account_id: Option<ActorId>,
    pub name: Option<String>,
    pub phone_sealed: Option<Vec<u8>>,
    pub phone_masked: Option<String>,
    pub created_at: Ts,
}

/// Digits and letters that nobody confuses on the phone.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const NUMBER_TAIL: u32 = 7;

/// 工单号: the day and seven characters of the id's random part. No counter: writers would queue for it.
pub fn number_of(id: CaseId, day: chrono::NaiveDate) -> String {
    // The last 64 bits of a UUIDv7 are random but for two.
    let mut rest = id.0.as_u64_pair().1;
    let mut text = day.format("%y%m%d-").to_string();
    for _ in 0..NUMBER_TAIL {
        let at = usize::try_from(rest % 32).unwrap_or_default();
        text.push(char::from(ALPHABET.get(at).copied().unwrap_or(b'0')));
        rest /= 32;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_of_the_day() {
        let day = chrono::NaiveDate::from_ymd_opt(2023, 9, 1).expect("a day");
        let number = number_of(CaseId::fresh(), day);
        assert!(number.starts_with("230901-") && number.len() == 14, "{number}");
        assert_ne!(number, number_of(CaseId::fresh(), day));
    }
}
