//! Invitations: tokens that are told once, of which only the hash is kept.

use std::collections::HashSet;

use diesel::prelude::*;
use platform::auth::AreaCode;
use platform::db::{Conn, Range};
use platform::history::{ActorId, record};
use platform::secrets::{fingerprint, random_text};
use platform::{Result, insert_rows};
use registry::territory::dto::RoomId;
use roster::people::PersonId;
use serde_json::json;

use super::frame::{persons, stratum_of};
use super::rows::{InvitationRow, RoundRow, SubjectId};
use super::{By, no_longer, rounds};
use crate::names::room_places;
use crate::schema::{survey_invitations as invitations, survey_rounds};
use crate::surveys::dto::{
    ReissueSurveyInvitationIn, SurveyInvitationId, SurveyInvitationWay, SurveyInvitationsIn, SurveyParty, SurveyStatus,
    SurveyTokenOut, SurveyTokensOut,
};
use crate::surveys::rules::{NOT_INVITED, NOT_OPEN, SUBJECT};

/// Random bytes of a token.
const TOKEN_BYTES: usize = 24;
/// Tokens of one batch where nobody says how many.
const BATCH: i64 = 200;

/// Invites the next of a stratum, or the persons that are named, who have no invitation of this way yet.
pub fn invite(
    c: &mut Conn,
    round: &RoundRow,
    asked: &SurveyInvitationsIn,
    (public_base, by): (&str, &By),
) -> Result<SurveyTokensOut> {
    check_invites(round, by)?;
    let limit = usize::try_from(asked.limit.unwrap_or(BATCH)).unwrap_or_default();
    let invited = already(c, round, asked.channel)?;
    let party = round.respondents.asked();
    let mut waiting = match party {
        SurveyParty::Owners if asked.person_ids.is_empty() => rooms(c, round, asked.stratum.as_ref())?,
        SurveyParty::Residents if asked.stratum.is_none() && !asked.person_ids.is_empty() => {
            named(c, round, asked, by)?
        }
        _ => return Err(SUBJECT.at("/person_ids")),
    };
    waiting.retain(|one| !invited.contains(&one.subject));
    let remaining = waiting.len().saturating_sub(limit);
    waiting.truncate(limit);
    let (mut rows, mut items) = (Vec::with_capacity(waiting.len()), Vec::with_capacity(waiting.len()));
    for Waiting { subject, stratum, room_code } in waiting {
        let token = random_text(TOKEN_BYTES)?;
        let row = InvitationRow {
            id: SurveyInvitationId::fresh(),
            round_id: round.id,
            party,
            subject_id: subject,
            stratum,
            channel: asked.channel,
            token_hash: fingerprint(token.as_bytes()),
            created_by: by.actor.map(ActorId),
            created_at: by.at,
        };
        items.push(told(&row, room_code, (public_base, token)));
        rows.push(row);
    }
    insert_rows!(c, invitations::table, rows.iter().collect())?;
    note(c, round, ("survey_round.invited", rows.len(), asked.channel), by)?;
    Ok(SurveyTokensOut { items, remaining: i64::try_from(remaining).unwrap_or(i64::MAX) })
}

fn check_invites(round: &RoundRow, by: &By) -> Result<()> {
    let standing = round.standing(by.at);
    let invites = matches!(standing, SurveyStatus::Published | SurveyStatus::Open);
    if invites { Ok(()) } else { Err((&NOT_OPEN).into()) }
}

fn told(row: &InvitationRow, room_code: Option<String>, (public_base, token): (&str, String)) -> SurveyTokenOut {
    let person_id = room_code.is_none().then_some(PersonId(row.subject_id.0));
    let link = format!("{public_base}/v1/survey-invitations/{token}");
    SurveyTokenOut { id: row.id, room_code, person_id, token, link }
}

/// 补发: another code in the place of one that was lost, which is good for nothing from then on. Whether it has been used is not
/// told: who has answered is refused when they answer again, by whichever code.
pub fn reissue(
    c: &mut Conn,
    round: &RoundRow,
    asked: &ReissueSurveyInvitationIn,
    (public_base, by): (&str, &By),
) -> Result<SurveyTokenOut> {
    check_invites(round, by)?;
    let (subject, at) = match (round.respondents.asked(), &asked.room_code, asked.person_id) {
        (SurveyParty::Owners, Some(code), None) => (room_of(c, round, code)?, "/room_code"),
        (SurveyParty::Residents, None, Some(person)) => (Some(SubjectId(person.0)), "/person_id"),
        (SurveyParty::Owners, ..) => return Err(SUBJECT.at("/room_code")),
        _ => return Err(SUBJECT.at("/person_id")),
    };
    let subject = subject.ok_or_else(|| SUBJECT.at(at))?;
    let of = invitations::round_id.eq(round.id).and(invitations::channel.eq(asked.channel));
    let mine = invitations::table.filter(of.and(invitations::subject_id.eq(subject)));
    let row: Option<InvitationRow> = mine.select(InvitationRow::as_select()).first(c).optional()?;
    let row = row.ok_or_else(|| NOT_INVITED.at(at))?;
    let token = random_text(TOKEN_BYTES)?;
    let set = invitations::token_hash.eq(fingerprint(token.as_bytes()));
    diesel::update(invitations::table.find(row.id)).set(set).execute(c)?;
    note(c, round, ("survey_round.invitation_reissued", 1, asked.channel), by)?;
    Ok(told(&row, asked.room_code.as_ref().map(ToString::to_string), (public_base, token)))
}

fn room_of(c: &mut Conn, round: &RoundRow, code: &AreaCode) -> Result<Option<SubjectId>> {
    if !code.as_str().starts_with(&round.area_code) {
        return Ok(None);
    }
    let room = room_places::table.filter(room_places::area_code.eq(code.as_str()));
    let room: Option<RoomId> = room.select(room_places::id).first(c).optional()?;
    Ok(room.map(|id| SubjectId(id.0)))
}

struct Waiting {
    subject: SubjectId,
    stratum: String,
    room_code: Option<String>,
}

fn already(c: &mut Conn, round: &RoundRow, way: SurveyInvitationWay) -> Result<HashSet<SubjectId>> {
    let of_round = invitations::round_id.eq(round.id).and(invitations::channel.eq(way));
    let subjects: Vec<SubjectId> = invitations::table.filter(of_round).select(invitations::subject_id).load(c)?;
    Ok(subjects.into_iter().collect())
}

/// The open rooms of a stratum, or of all.
fn rooms(c: &mut Conn, round: &RoundRow, stratum: Option<&AreaCode>) -> Result<Vec<Waiting>> {
    let inside = stratum.map_or(round.area_code.as_str(), AreaCode::as_str);
    if !inside.starts_with(&round.area_code) {
        return Err(SUBJECT.at("/stratum"));
    }
    let range = Range::under(inside);
    let rooms: Vec<(RoomId, String)> = room_places::table
        .filter(room_places::area_code.ge(range.from).and(room_places::area_code.lt(range.to)))
        .filter(room_places::closed_on.is_null())
        .order(room_places::area_code)
        .select((room_places::id, room_places::area_code))
        .load(c)?;
    let waiting = |(id, code): (RoomId, String)| Waiting {
        subject: SubjectId(id.0),
        stratum: stratum_of(&round.area_code, &code),
        room_code: Some(code),
    };
    Ok(rooms.into_iter().map(waiting).collect())
}

/// Persons who are named, each of whom lives at the place.
fn named(c: &mut Conn, round: &RoundRow, asked: &SurveyInvitationsIn, by: &By) -> Result<Vec<Waiting>> {
    let found = persons(c, round, &asked.person_ids, by.today)?;
    let stranger = asked.person_ids.iter().position(|id| !found.iter().any(|one| one.id.0 == id.0));
    if let Some(at) = stranger {
        return Err(SUBJECT.at(format!("/person_ids/{at}")));
    }
    let waiting = found.into_iter().map(|one| Waiting { subject: one.id, stratum: one.stratum, room_code: None });
    Ok(waiting.collect())
}

/// How many were invited which way stands in the history; whom, does not.
fn note(
    c: &mut Conn,
    round: &RoundRow,
    (event, count, way): (&'static str, usize, SurveyInvitationWay),
    by: &By,
) -> Result<()> {
    let version = round.version + 1;
    let target =
        survey_rounds::table.filter(survey_rounds::id.eq(round.id).and(survey_rounds::version.eq(round.version)));
    let set = (survey_rounds::version.eq(version), survey_rounds::updated_at.eq(by.at));
    // Two batches at once would invite the same.
    no_longer(diesel::update(target).set(set).execute(c)?, version)?;
    let data = json!({ "invited": count, "channel": way });
    record(c, by.event(rounds::ENTITY, round.id, version, event, &round.area_code, data))
}
