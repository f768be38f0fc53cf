//! Of a run of events, those about rows that a caller may read.

use std::collections::HashSet;

use diesel::prelude::*;
use platform::auth::Principal;
use platform::db::Conn;
use platform::{Error, Result};
use uuid::Uuid;

use super::rows::{ConsequenceRow, RoundRow};
use super::sight::Sight;
use crate::schema::{survey_consequences as consequences, survey_rounds as rounds};
use crate::surveys::dto::{SurveyConsequenceId, SurveyRoundId};

fn parsed<T>(ids: &[String], id: impl Fn(Uuid) -> T) -> Result<Vec<T>> {
    ids.iter().map(|text| text.parse().map(&id).map_err(Error::internal)).collect()
}

pub fn visible_rounds(c: &mut Conn, who: &Principal, ids: &[String]) -> Result<HashSet<String>> {
    let ids = parsed(ids, SurveyRoundId)?;
    let rows: Vec<RoundRow> = rounds::table.filter(rounds::id.eq_any(ids)).select(RoundRow::as_select()).load(c)?;
    let sight = Sight::of_principal(who);
    Ok(rows.into_iter().filter(|row| sight.view(row).is_some()).map(|row| row.id.to_string()).collect())
}

pub fn visible_consequences(c: &mut Conn, who: &Principal, ids: &[String]) -> Result<HashSet<String>> {
    let ids = parsed(ids, SurveyConsequenceId)?;
    let rows: Vec<ConsequenceRow> =
        consequences::table.filter(consequences::id.eq_any(ids)).select(ConsequenceRow::as_select()).load(c)?;
    let sight = Sight::of_principal(who);
    Ok(rows.into_iter().filter(|row| sight.sees_consequence(row)).map(|row| row.id.to_string()).collect())
}
