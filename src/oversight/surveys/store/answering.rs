//! An answer taken: that somebody has answered, and what was answered, as two rows that nothing joins. No event tells of it, and
//! nothing of it has a time.

use diesel::prelude::*;
use platform::db::{Conn, Json, Ts, fixed};
use platform::error::OrConflict;
use platform::{Result, insert_rows, on_each, rollups};
use registry::identity::AccountId;
use uuid::Uuid;

use super::frame::Subject;
use super::rows::{AnswerId, AnswerRow, CallsRow, ClaimRow, CommentRow, FormRow, InvitationRow, RoundRow, SubjectId};
use super::{By, forms};
use crate::schema::{
    survey_answers as answers, survey_calls as calls, survey_claims as claims, survey_comments as comments,
    survey_forms, survey_invitations as invitations, survey_rounds as rounds,
};
use crate::surveys::dto::{
    SurveyChannel, SurveyCommentId, SurveyFormId, SurveyParty, SurveyRoundId, SurveySheetIn, SurveyStatus,
};
use crate::surveys::rules::ANSWERED;
use crate::surveys::rules::forms::check_answers;
use crate::surveys::rules::states::may_answer;

/// What there is to write of one answer.
#[derive(Debug, Clone)]
pub struct Ballot {
    pub claim: ClaimRow,
    pub answer: AnswerRow,
    pub comments: Vec<CommentRow>,
    /// That of the round. No event tells of an answer, but the area's overview may count it.
    pub area_code: String,
}

/// A round and its area.
type RoundIn<'a> = (SurveyRoundId, &'a str);

/// Who answers, as what and which way.
#[derive(Debug, Clone)]
pub struct Voice {
    pub party: SurveyParty,
    pub subject: Subject,
    pub channel: SurveyChannel,
}

impl Ballot {
    /// Where the answers fit the form. Ids are drawn at random, for those that are counted up tell the order.
    pub fn of((round, area): RoundIn<'_>, form: &FormRow, voice: Voice, sheet: &SurveySheetIn) -> Result<Self> {
        let checked = check_answers(&form.asked()?, &sheet.answers)?;
        let words = checked.words.into_iter().map(|(question, words)| (Some(question), words));
        let words = words.chain(sheet.comment.iter().map(|comment| (None, comment.clone())));
        let Voice { party, subject, channel } = voice;
        let comment =
            |(question, words)| CommentRow { round_id: round, id: SurveyCommentId(Uuid::new_v4()), question, words };
        Ok(Self {
            claim: ClaimRow { round_id: round, party, subject_id: subject.id },
            answer: AnswerRow {
                round_id: round,
                id: AnswerId(Uuid::new_v4()),
                party,
                stratum: subject.stratum,
                channel,
                answers: Json(checked.answers),
            },
            comments: words.map(comment).collect(),
            area_code: area.to_owned(),
        })
    }
}

/// Takes an answer to a round that is open; a second one of the same household or person is refused by the database.
pub fn cast(c: &mut Conn, round: &RoundRow, voice: Voice, sheet: &SurveySheetIn, by: &By) -> Result<()> {
    may_answer(round.status, round.opens_at, round.closes_at, by.at)?;
    let form = forms::get(c, round.form_id)?;
    cast_for(c, ((round.id, &round.area_code), &form), voice, sheet, by)
}

fn cast_for(
    c: &mut Conn,
    (round, form): (RoundIn<'_>, &FormRow),
    voice: Voice,
    sheet: &SurveySheetIn,
    by: &By,
) -> Result<()> {
    let ballot = Ballot::of(round, form, voice, sheet)?;
    if form.frozen_at.is_none() {
        forms::freeze(c, form, by)?;
    }
    on_each!(c => fixed(diesel::insert_into(claims::table).values(&ballot.claim)).execute(c)).or_conflict(&ANSWERED)?;
    on_each!(c => fixed(diesel::insert_into(answers::table).values(&ballot.answer)).execute(c))?;
    insert_rows!(c, comments::table, ballot.comments.iter().collect())?;
    rollups::touch(c, &ballot.area_code);
    Ok(())
}

/// An invitation as far as an answer by it needs it.
#[derive(Debug, Clone, Queryable)]
pub struct Invited {
    pub token_hash: String,
    pub party: SurveyParty,
    pub subject_id: SubjectId,
    pub stratum: String,
    pub channel: crate::surveys::dto::SurveyInvitationWay,
    pub round_id: SurveyRoundId,
    pub status: SurveyStatus,
    pub opens_at: Ts,
    pub closes_at: Ts,
    pub form_id: SurveyFormId,
    pub area_code: String,
}

impl Invited {
    pub fn round(&self) -> RoundIn<'_> {
        (self.round_id, &self.area_code)
    }

    pub fn voice(&self) -> Voice {
        let subject = Subject { id: self.subject_id, stratum: self.stratum.clone() };
        Voice { party: self.party, subject, channel: self.channel.into() }
    }

    pub fn may_answer(&self, now: Ts) -> Result<()> {
        may_answer(self.status, self.opens_at, self.closes_at, now)
    }
}

/// Invitations with their rounds; a macro, for the type of a join has no short name.
macro_rules! invited {
    () => {
        invitations::table.inner_join(rounds::table).select((
            invitations::token_hash,
            invitations::party,
            invitations::subject_id,
            invitations::stratum,
            invitations::channel,
            rounds::id,
            rounds::status,
            rounds::opens_at,
            rounds::closes_at,
            rounds::form_id,
            rounds::area_code,
        ))
    };
}
pub(super) use invited;

/// Takes an answer by a token; one that nobody was given is a 404.
pub fn cast_by_token(c: &mut Conn, token_hash: &str, sheet: &SurveySheetIn, by: &By) -> Result<()> {
    let asked = || invited!().filter(invitations::token_hash.eq(token_hash));
    let invited: Invited = on_each!(c => fixed(asked()).get_result(c))?;
    invited.may_answer(by.at)?;
    let form: FormRow = on_each!(c => fixed(survey_forms::table.find(invited.form_id)
        .select(FormRow::as_select())).get_result(c))?;
    cast_for(c, (invited.round(), &form), invited.voice(), sheet, by)
}

/// What the holder of a token is shown: the round, the form, and whether the household or person has answered.
pub fn shown_to(c: &mut Conn, token_hash: &str) -> Result<(RoundRow, FormRow, bool)> {
    let invitation: InvitationRow = invitations::table
        .filter(invitations::token_hash.eq(token_hash))
        .select(InvitationRow::as_select())
        .first(c)?;
    let round = super::sight::get(c, invitation.round_id)?;
    let form = forms::get(c, round.form_id)?;
    let claim = (invitation.round_id, invitation.party, invitation.subject_id);
    let claimed: i64 = claims::table.find(claim).count().get_result(c)?;
    Ok((round, form, claimed > 0))
}

/// Counts an answer that somebody entered for another: how many, never whose.
pub fn count_call(c: &mut Conn, round: SurveyRoundId, account: AccountId) -> Result<()> {
    let row = CallsRow { round_id: round, account_id: account, entered: 1 };
    on_each!(c => diesel::insert_into(calls::table)
        .values(&row)
        .on_conflict((calls::round_id, calls::account_id))
        .do_update()
        .set(calls::entered.eq(calls::entered + 1))
        .execute(c))?;
    Ok(())
}
