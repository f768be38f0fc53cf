//! Results, as far as they may be read, and how far the answering has come.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use platform::Result;
use platform::db::{Conn, Json, Ts};
use platform::quantity::Ratio;

use super::forms;
use super::rows::RoundRow;
use super::sight::View;
use crate::schema::{survey_answers as answers, survey_invitations as invitations};
use crate::surveys::dto::{
    SurveyChannel, SurveyChannelCount, SurveyParty, SurveyPartyCount, SurveyProgressOut, SurveyResult,
    SurveyResultsOut, SurveyStratumCount,
};
use crate::surveys::rules::scores::{Answer, Asked, result};
use crate::surveys::rules::shown::outside;
use crate::surveys::rules::states::is_posted;

/// The answers of a round, in no order that means anything.
fn answers_of(c: &mut Conn, row: &RoundRow) -> Result<Vec<Answer>> {
    let columns = (answers::party, answers::stratum, answers::channel, answers::answers);
    let rows: Vec<(SurveyParty, String, SurveyChannel, Json)> =
        answers::table.filter(answers::round_id.eq(row.id)).select(columns).load(c)?;
    let told = |(party, stratum, channel, Json(answers))| Answer { party, stratum, channel, answers };
    Ok(rows.into_iter().map(told).collect())
}

pub fn compute(c: &mut Conn, row: &RoundRow) -> Result<SurveyResult> {
    let questions = forms::get(c, row.form_id)?.asked()?;
    let (rules, frame) = (row.rules()?, row.frame()?);
    let given = answers_of(c, row)?;
    let asked = Asked {
        kind: row.kind,
        respondents: row.respondents,
        questions: &questions,
        rules: &rules,
        strata: &frame.strata,
        households: frame.households,
    };
    Ok(result(&asked, &given))
}

/// What a caller who looks so closely reads of the result.
pub fn read(row: &RoundRow, view: View, now: Ts) -> Result<SurveyResultsOut> {
    let status = row.standing(now);
    let whole = row.result()?;
    let floor = i64::from(row.rules()?.shown_from);
    let (result, withheld) = match whole {
        Some(whole) if view == View::Overseer => (Some(whole), false),
        Some(whole) if is_posted(status) => {
            let (told, withheld) = outside(&whole, floor);
            (Some(told), withheld)
        }
        other => (None, other.is_some()),
    };
    let hash = row.result_hash.clone().filter(|_| result.is_some());
    Ok(SurveyResultsOut { round_id: row.id, status, result, result_hash: hash, withheld })
}

/// How many have answered, by building and by channel.
pub fn progress(c: &mut Conn, row: &RoundRow) -> Result<SurveyProgressOut> {
    let of_round = answers::table.filter(answers::round_id.eq(row.id));
    let rows: Vec<(SurveyParty, String, SurveyChannel, i64)> = of_round
        .group_by((answers::party, answers::stratum, answers::channel))
        .select((answers::party, answers::stratum, answers::channel, count_star()))
        .load(c)?;
    let invited = invitations::table.filter(invitations::round_id.eq(row.id)).count().get_result(c)?;
    let frame = row.frame()?;
    let asked = row.respondents.asked();
    let (mut parties, mut channels): (BTreeMap<SurveyParty, i64>, BTreeMap<SurveyChannel, i64>) = Default::default();
    let mut strata: BTreeMap<String, (i64, i64)> =
        frame.strata.into_iter().map(|(name, households)| (name, (0, households))).collect();
    for (party, stratum, channel, n) in rows {
        *parties.entry(party).or_default() += n;
        *channels.entry(channel).or_default() += n;
        if party == asked {
            strata.entry(stratum).or_default().0 += n;
        }
    }
    let n = parties.get(&asked).copied().unwrap_or_default();
    let bodies = parties.into_iter().filter(|(party, _)| *party != asked);
    Ok(SurveyProgressOut {
        round_id: row.id,
        response_rate: Ratio::of(n, frame.households),
        parties: bodies.map(|(party, n)| SurveyPartyCount { party, n }).collect(),
        strata: strata
            .into_iter()
            .map(|(stratum, (n, of))| SurveyStratumCount { stratum, response_rate: Ratio::of(n, of) })
            .collect(),
        channels: channels.into_iter().map(|(channel, n)| SurveyChannelCount { channel, n }).collect(),
        invited,
    })
}
