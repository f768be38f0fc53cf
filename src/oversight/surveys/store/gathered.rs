//! 合批收卷: answers that come by tokens at the same moment, written down together ([`platform::db::Gather`]). A household counts
//! once by its claim, so that nobody needs a key to be sure of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use platform::db::{Conn, Db, Either, Gather, Together, fixed, one_of, shaped};
use platform::{Result, in_runs, insert_rows, on_each, rollups};

use super::By;
use super::answering::{Ballot, Invited, invited};
use super::rows::{ClaimRow, FormRow};
use crate::schema::{
    survey_answers, survey_claims as claims, survey_comments, survey_forms, survey_invitations as invitations,
    survey_rounds as rounds,
};
use crate::surveys::dto::{SurveyFormId, SurveySheetIn};

/// The box into which all answers by token of the process go.
#[derive(Clone)]
pub struct BallotBox(Gather<Sheets>);

/// One answer, as it came in.
pub struct Incoming {
    pub token_hash: String,
    pub sheet: Arc<SurveySheetIn>,
    pub by: By,
}

struct Sheets;

impl BallotBox {
    pub fn new(db: Db) -> Self {
        Self(Gather::new(db, Sheets))
    }

    /// The short way: whether it was taken. Where not, the ordinary way is open and says what is wrong.
    pub async fn take(&self, incoming: impl FnOnce() -> Incoming) -> Result<bool> {
        if !self.0.helps() {
            return Ok(false);
        }
        Ok(self.0.write(incoming()).await?.is_some())
    }
}

impl Together for Sheets {
    type Item = Incoming;
    type Made = ();

    fn write(&self, c: &mut Conn, items: &[Incoming]) -> Result<Vec<Option<()>>> {
        let mut ballots = ballots(c, items)?;
        let claimed = claim(c, &ballots)?;
        ballots.retain(|(at, _)| claimed.contains(at));
        insert_rows!(c, survey_answers::table, ballots.iter().map(|(_, ballot)| &ballot.answer).collect())?;
        let words = ballots.iter().flat_map(|(_, ballot)| &ballot.comments).collect();
        insert_rows!(c, survey_comments::table, words)?;
        ballots.iter().for_each(|(_, ballot)| rollups::touch(c, &ballot.area_code));
        Ok((0..items.len()).map(|at| claimed.contains(&at).then_some(())).collect())
    }
}

/// Those that can be written as they are, each with its place among the items: to a round that is open and a form that is frozen.
fn ballots(c: &mut Conn, items: &[Incoming]) -> Result<Vec<(usize, Ballot)>> {
    let hashes: Vec<&str> = items.iter().map(|item| item.token_hash.as_str()).collect();
    let found: Vec<Invited> =
        on_each!(c => fixed(invited!().filter(one_of(invitations::token_hash, &hashes))).load(c))?;
    let found: HashMap<&str, &Invited> = found.iter().map(|one| (one.token_hash.as_str(), one)).collect();
    let forms = forms_of(c, found.values().map(|one| one.form_id).collect())?;
    let ballot = |item: &Incoming| {
        let invited = found.get(item.token_hash.as_str())?;
        invited.may_answer(item.by.at).ok()?;
        let form = forms.get(&invited.form_id).filter(|form| form.frozen_at.is_some())?;
        Ballot::of(invited.round(), form, invited.voice(), &item.sheet).ok()
    };
    Ok(items.iter().enumerate().filter_map(|(at, item)| Some((at, ballot(item)?))).collect())
}

/// Mostly it is one.
fn forms_of(c: &mut Conn, ids: HashSet<SurveyFormId>) -> Result<HashMap<SurveyFormId, FormRow>> {
    let mut forms = HashMap::new();
    for id in ids {
        let row: FormRow = on_each!(c => fixed(survey_forms::table.find(id).select(FormRow::as_select()))
            .get_result(c))?;
        forms.insert(id, row);
    }
    Ok(forms)
}

/// Takes the claims of those who have none; which items these are. Of two with one token the first.
fn claim(c: &mut Conn, ballots: &[(usize, Ballot)]) -> Result<HashSet<usize>> {
    let Either::Postgres(c) = c.either() else { return Ok(HashSet::new()) };
    let key = |row: &ClaimRow| (row.round_id, row.party, row.subject_id);
    let mut rows: Vec<&ClaimRow> = ballots.iter().map(|(_, ballot)| &ballot.claim).collect();
    // In one order, so that two who claim several wait for each other the same way round.
    rows.sort_unstable_by_key(|row| key(row));
    let mut taken = HashSet::new();
    in_runs!(rows, |shape, run| {
        let new = diesel::insert_into(claims::table).values(run).on_conflict_do_nothing();
        let new = shaped(shape, new.returning((claims::round_id, claims::party, claims::subject_id)));
        taken.extend(new.load::<(_, _, _)>(c)?);
    });
    let first = ballots.iter().filter(|(_, ballot)| taken.remove(&key(&ballot.claim)));
    Ok(first.map(|(at, _)| *at).collect())
}
