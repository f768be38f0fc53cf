//! The rows of the meeting's tables.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::clock::date_in_shanghai;
use platform::db::{Json, Ts};
use platform::history::ActorId;
use platform::rule_sets::RuleSetId;
use registry::identity::AccountId;
use roster::appointments::{AppointmentId, PostId};
use roster::organisations::OrganisationId;
use roster::people::PersonId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::meetings::dto::{
    AgendaItemId, AmendmentId, Attendance, Cadence, Choice, Disposition, ItemKind, ItemStatus, MeetingId, MeetingKind,
    MeetingParty, MeetingStatus, MinutesId, MinutesStatus, Mode, SeatId, SeatRole, SeriesId, SignatureKind, SourceKind,
    Standing,
};
use crate::meetings::rules::params::KindRule;
use crate::meetings::rules::quorum;
use crate::schema::{
    agenda_items, agenda_votes, meeting_minutes, meeting_seats, meeting_series, meetings, minutes_amendments,
    minutes_signatures,
};

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = meeting_series, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct SeriesRow {
    pub id: SeriesId,
    pub kind: MeetingKind,
    pub area_code: String,
    pub title: String,
    pub cadence: Cadence,
    pub required_parties: Json,
    pub convener_org_id: OrganisationId,
    pub starts_on: NaiveDate,
    pub last_held_on: Option<NaiveDate>,
    pub next_due_on: Option<NaiveDate>,
    /// The due day that an alarm has been raised for.
    pub alarmed_for: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// What a list tells of a meeting, as it is read.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = meetings)]
pub struct MeetingLine {
    pub id: MeetingId,
    pub series_id: Option<SeriesId>,
    pub kind: MeetingKind,
    pub area_code: String,
    pub title: String,
    pub mode: Mode,
    pub place: String,
    pub starts_at: Ts,
    pub minutes: i32,
    pub status: MeetingStatus,
    pub standing: Option<Standing>,
    pub version: i32,
    pub updated_at: Ts,
}

/// What a meeting was planned under, pinned: a later rule never changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub rule: KindRule,
    /// Those of the series, or of the rule.
    pub required_parties: Vec<MeetingParty>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = meetings, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct MeetingRow {
    pub id: MeetingId,
    pub series_id: Option<SeriesId>,
    pub follows_id: Option<MeetingId>,
    pub kind: MeetingKind,
    pub area_code: String,
    pub title: String,
    pub convener_org_id: OrganisationId,
    pub mode: Mode,
    pub place: String,
    pub starts_at: Ts,
    pub minutes: i32,
    pub status: MeetingStatus,
    pub status_reason: Option<String>,
    pub standing: Option<Standing>,
    pub terms: Json,
    pub rule_set_id: Option<RuleSetId>,
    pub check_in_code: Option<String>,
    pub notified_at: Option<Ts>,
    pub opened_at: Option<Ts>,
    pub closed_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl MeetingRow {
    pub fn terms(&self) -> Result<Terms> {
        serde_json::from_value(self.terms.0.clone()).map_err(platform::Error::internal)
    }

    /// The day of the meeting in Asia/Shanghai.
    pub fn day(&self) -> NaiveDate {
        date_in_shanghai(self.starts_at)
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = meeting_seats, treat_none_as_default_value = false)]
pub struct SeatRow {
    pub id: SeatId,
    pub meeting_id: MeetingId,
    pub organisation_id: OrganisationId,
    /// Where the seat is that of one post: in a body's own meeting.
    pub post_id: Option<PostId>,
    pub party: MeetingParty,
    pub role: SeatRole,
    pub votes: bool,
    pub attendance: Option<Attendance>,
    pub attend_mode: Option<Mode>,
    pub appointment_id: Option<AppointmentId>,
    pub person_id: Option<PersonId>,
    pub proxy_document: Option<String>,
    pub excuse: Option<String>,
    pub attended_at: Option<Ts>,
    pub attended_by: Option<ActorId>,
}

impl SeatRow {
    pub fn counted(&self) -> quorum::Seat {
        quorum::Seat { party: self.party, votes: self.votes, attendance: self.attendance }
    }

    pub fn is_there(&self) -> bool {
        self.counted().is_there()
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agenda_items, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ItemRow {
    pub id: AgendaItemId,
    pub meeting_id: MeetingId,
    pub parent_id: Option<AgendaItemId>,
    pub position: i32,
    pub title: String,
    pub body: Option<String>,
    pub kind: ItemKind,
    pub minutes: i32,
    pub presenter_org_id: Option<OrganisationId>,
    /// The organisation that it is about: whoever is bound to it keeps out.
    pub object_org_id: Option<OrganisationId>,
    pub source_kind: Option<SourceKind>,
    pub source_id: Option<ItemSourceId>,
    pub source_note: Option<String>,
    pub impromptu: bool,
    pub status: ItemStatus,
    pub status_reason: Option<String>,
    pub proposed_by: AccountId,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

platform::id!(
    /// 来源编号, of whatever kind of source
    ItemSourceId
);

impl From<Uuid> for ItemSourceId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agenda_votes, treat_none_as_default_value = false)]
pub struct VoteRow {
    pub item_id: AgendaItemId,
    pub seat_id: SeatId,
    pub choice: Choice,
    pub appointment_id: Option<AppointmentId>,
    pub cast_by: ActorId,
    pub cast_at: Ts,
}

/// A version, without what is frozen when it is published.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = meeting_minutes, treat_none_as_default_value = false)]
pub struct MinutesRow {
    pub id: MinutesId,
    pub meeting_id: MeetingId,
    pub area_code: String,
    pub number: i32,
    pub status: MinutesStatus,
    pub body: Json,
    pub reason: Option<String>,
    pub amend_until: Option<NaiveDate>,
    pub sign_until: Option<NaiveDate>,
    pub content_hash: Option<String>,
    pub public_hash: Option<String>,
    pub published_at: Option<Ts>,
    pub published_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// What a step changes of a version: what is absent stays and is not written again, for the words may be long.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = meeting_minutes)]
pub struct MinutesChanges {
    pub status: Option<MinutesStatus>,
    pub body: Option<Json>,
    pub amend_until: Option<NaiveDate>,
    pub sign_until: Option<NaiveDate>,
    pub snapshot: Option<Json>,
    pub public_snapshot: Option<Json>,
    pub content_hash: Option<String>,
    pub public_hash: Option<String>,
    pub published_at: Option<Ts>,
    pub published_by: Option<ActorId>,
}

impl MinutesChanges {
    /// A step to another state.
    pub fn to(status: MinutesStatus) -> Self {
        Self { status: Some(status), ..Self::default() }
    }
}

/// What was frozen of a version.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = meeting_minutes)]
pub struct FrozenRow {
    pub snapshot: Option<Json>,
    pub public_snapshot: Option<Json>,
}

/// What everybody may read of a published version.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = meeting_minutes)]
pub struct PublicRow {
    pub id: MinutesId,
    pub number: i32,
    pub public_snapshot: Option<Json>,
    pub public_hash: Option<String>,
    pub published_at: Option<Ts>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = minutes_amendments, treat_none_as_default_value = false)]
pub struct AmendmentRow {
    pub id: AmendmentId,
    pub minutes_id: MinutesId,
    pub seat_id: SeatId,
    pub item_id: Option<AgendaItemId>,
    pub words: String,
    pub status: Disposition,
    pub reply: Option<String>,
    pub raised_by: ActorId,
    pub raised_at: Ts,
    pub disposed_by: Option<ActorId>,
    pub disposed_at: Option<Ts>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = minutes_signatures, treat_none_as_default_value = false)]
pub struct SignatureRow {
    pub minutes_id: MinutesId,
    pub seat_id: SeatId,
    pub kind: SignatureKind,
    pub note: Option<String>,
    pub appointment_id: Option<AppointmentId>,
    pub signed_by: Option<ActorId>,
    pub signed_at: Ts,
}
