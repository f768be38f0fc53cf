//! Who answers as what: owners for their rooms, residents for themselves, the two bodies by those in office there.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::AreaCode;
use platform::db::{Conn, Ts};
use registry::identity::AccountId;
use registry::territory::dto::RoomId;
use roster::appointments::offices_of;
use roster::organisations::{self, OrgKind};

use super::frame::{Dwelling, Subject, dwellings_of, stratum_of};
use super::rounds::open_around;
use super::rows::{ClaimRow, RoundRow, SubjectId};
use crate::schema::survey_claims as claims;
use crate::surveys::dto::{MySurveyOut, SurveyParty, SurveyRespondents};
use crate::surveys::rules::{NOT_RESPONDENT, SUBJECT};

/// The digits of a community.
const COMMUNITY: usize = 12;

/// A body that somebody is in office of, and where it is.
#[derive(Debug, Clone)]
struct Seat {
    person: SubjectId,
    party: SurveyParty,
    area_code: String,
}

impl Seat {
    /// Whether the body is one of the round's: the community that the compound lies in, the committee of the compound itself.
    fn is_of(&self, round: &RoundRow) -> bool {
        match self.party {
            SurveyParty::Community => round.area_code.get(..COMMUNITY) == Some(self.area_code.as_str()),
            _ => round.area_code == self.area_code,
        }
    }
}

/// The bodies that an account's person is in office of.
fn seats_of(c: &mut Conn, account: AccountId, on: NaiveDate) -> Result<Vec<Seat>> {
    let mut seats = Vec::new();
    for office in offices_of(c, account, on)? {
        let body = organisations::get(c, office.organisation_id)?.filter(|body| body.ended_on.is_none());
        let Some(body) = body else { continue };
        let party = match body.kind {
            OrgKind::ResidentsCommittee => SurveyParty::Community,
            OrgKind::OwnersCommittee | OrgKind::SelfManagementCommittee => SurveyParty::Committee,
            _ => continue,
        };
        seats.push(Seat { person: SubjectId(office.person_id.0), party, area_code: body.area_code });
    }
    Ok(seats)
}

/// For whom an account answers in a round as this party; of several rooms the one that is named.
pub fn own_subject(
    c: &mut Conn,
    round: &RoundRow,
    account: AccountId,
    (party, room): (SurveyParty, Option<RoomId>),
    on: NaiveDate,
) -> Result<Subject> {
    if !asks(round.respondents, party) {
        return Err((&NOT_RESPONDENT).into());
    }
    if !party.is_asked() {
        let mine = seats_of(c, account, on)?.into_iter().find(|seat| seat.party == party && seat.is_of(round));
        let seat = mine.ok_or(&NOT_RESPONDENT)?;
        return Ok(Subject { id: seat.person, stratum: String::new() });
    }
    let mut homes = dwellings_of(c, account, &round.area_code, on)?;
    if party == SurveyParty::Owners {
        homes.retain(|home| home.owns && room.is_none_or(|room| home.room == room));
        homes.dedup_by_key(|home| home.room);
        if homes.len() > 1 {
            return Err(SUBJECT.at("/room_id"));
        }
    }
    let home = homes.first().ok_or(&NOT_RESPONDENT)?;
    Ok(subject_at(round, party, home))
}

fn subject_at(round: &RoundRow, party: SurveyParty, home: &Dwelling) -> Subject {
    let id = if party == SurveyParty::Owners { SubjectId(home.room.0) } else { SubjectId(home.person.0) };
    Subject { id, stratum: stratum_of(&round.area_code, &home.area_code) }
}

fn asks(respondents: SurveyRespondents, party: SurveyParty) -> bool {
    let body = respondents == SurveyRespondents::ThreeParty && !party.is_asked();
    party == respondents.asked() || body
}

/// What an account may answer now, and for what it or somebody of the household has.
pub fn mine(c: &mut Conn, account: AccountId, (now, on): (Ts, NaiveDate)) -> Result<Vec<MySurveyOut>> {
    let homes = dwellings_of(c, account, "", on)?;
    let seats = seats_of(c, account, on)?;
    let places = homes.iter().map(|home| &home.area_code).chain(seats.iter().map(|seat| &seat.area_code));
    let places: Vec<AreaCode> = places.filter_map(|code| code.parse().ok()).collect();
    let mut rounds = open_around(c, &places, now)?;
    // A community's body answers for each of its compounds, which lie below it.
    rounds.extend(super::rounds::open_below(c, seats.iter().map(|seat| seat.area_code.as_str()), now)?);
    rounds.sort_by_key(|round| std::cmp::Reverse(round.id));
    rounds.dedup_by_key(|round| round.id);
    let mut wanted: Vec<(ClaimRow, MySurveyOut)> = Vec::new();
    for round in &rounds {
        let mut subjects: Vec<(SurveyParty, SubjectId, Option<RoomId>)> = asked_homes(round, &homes);
        let held = seats.iter().filter(|seat| asks(round.respondents, seat.party) && seat.is_of(round));
        subjects.extend(held.map(|seat| (seat.party, seat.person, None)));
        subjects.dedup();
        wanted.extend(subjects.into_iter().map(|subject| task(round, subject)));
    }
    mark_answered(c, wanted)
}

fn asked_homes(round: &RoundRow, homes: &[Dwelling]) -> Vec<(SurveyParty, SubjectId, Option<RoomId>)> {
    let here = homes.iter().filter(|home| home.area_code.starts_with(&round.area_code));
    let party = round.respondents.asked();
    match party {
        SurveyParty::Owners => {
            here.filter(|home| home.owns).map(|home| (party, SubjectId(home.room.0), Some(home.room))).collect()
        }
        _ => here.map(|home| (party, SubjectId(home.person.0), None)).collect(),
    }
}

fn task(
    round: &RoundRow,
    (party, subject_id, room_id): (SurveyParty, SubjectId, Option<RoomId>),
) -> (ClaimRow, MySurveyOut) {
    let claim = ClaimRow { round_id: round.id, party, subject_id };
    let told = MySurveyOut {
        round_id: round.id,
        title: round.title.clone(),
        kind: round.kind,
        closes_at: round.closes_at,
        party,
        room_id,
        answered: false,
    };
    (claim, told)
}

fn mark_answered(c: &mut Conn, wanted: Vec<(ClaimRow, MySurveyOut)>) -> Result<Vec<MySurveyOut>> {
    let rounds: Vec<_> = wanted.iter().map(|(claim, _)| claim.round_id).collect();
    let subjects: Vec<_> = wanted.iter().map(|(claim, _)| claim.subject_id).collect();
    let made: Vec<ClaimRow> = claims::table
        .filter(claims::round_id.eq_any(rounds).and(claims::subject_id.eq_any(subjects)))
        .select(ClaimRow::as_select())
        .load(c)?;
    let made: HashSet<_> = made.iter().map(|row| (row.round_id, row.party, row.subject_id)).collect();
    let marked = |(claim, told): (ClaimRow, MySurveyOut)| MySurveyOut {
        answered: made.contains(&(claim.round_id, claim.party, claim.subject_id)),
        ..told
    };
    Ok(wanted.into_iter().map(marked).collect())
}
