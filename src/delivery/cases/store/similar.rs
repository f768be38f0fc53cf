//! Open cases that a new report, or another case, may be a duplicate of.

use diesel::prelude::*;
use platform::Result;
use platform::db::{Conn, Ts};

use super::places::{Place, building_of};
use super::rows::CaseRow;
use crate::cases::dto::{CaseId, Visibility};
use crate::cases::rules::likeness::{Likeness, alike};
use crate::names::compound_names;
use crate::schema::{case_details, case_joins, cases};

/// Reports further back are another matter.
const DAYS: i64 = 30;
/// Candidates that are compared, the newest; of one category in one community there are seldom as many.
const CANDIDATES: i64 = 200;
/// What is shown of them.
const SHOWN: usize = 5;

/// What is compared.
pub struct Subject<'a> {
    pub place: &'a Place,
    pub category: &'a str,
    pub asset: Option<&'a str>,
    /// As [`platform::text::for_search`] makes it.
    pub words: &'a str,
}

/// A case that is like it, how much, and how many have joined it.
pub type Similar = (Named, u32, i64);

/// A case, and the name of its compound.
type Named = (CaseRow, Option<String>);

/// The likest open cases of the same category in the same community. Residents see public ones only. Two statements.
pub fn of(c: &mut Conn, subject: &Subject, not: Option<CaseId>, public: bool, now: Ts) -> Result<Vec<Similar>> {
    let since = now.plus(-chrono::Duration::days(DAYS));
    let mut query = cases::table
        .inner_join(case_details::table)
        .left_join(compound_names::table)
        .into_boxed::<platform::db::Backend>()
        .filter(cases::community_code.eq(subject.place.community_code.clone()))
        .filter(cases::category.eq(subject.category.to_owned()))
        // All of what is open there is one short stretch of an index.
        .filter(cases::closed_at.is_null().and(cases::reported_at.ge(since)));
    if public {
        query = query.filter(cases::visibility.eq(Visibility::Public));
    }
    if let Some(not) = not {
        query = query.filter(cases::id.ne(not));
    }
    let rows: Vec<(CaseRow, String, Option<String>, Option<String>)> = query
        .order((cases::reported_at.desc(), cases::id.desc()))
        .limit(CANDIDATES)
        .select((CaseRow::as_select(), case_details::search_text, case_details::asset, compound_names::name.nullable()))
        .load(c)?;
    let compared = rows.into_iter().map(|(row, words, asset, compound)| {
        let likeness = compare(subject, &row, &words, asset.as_deref());
        ((row, compound), likeness)
    });
    let mut worth: Vec<(Named, Likeness)> = compared.filter(|(_, likeness)| likeness.is_worth_showing()).collect();
    worth.sort_by_key(|((row, _), likeness)| (std::cmp::Reverse(likeness.score()), row.id));
    worth.truncate(SHOWN);
    with_joins(c, worth)
}

fn compare(subject: &Subject, row: &CaseRow, words: &str, asset: Option<&str>) -> Likeness {
    let building = building_of(&subject.place.area_code);
    Likeness {
        same_compound: row.compound_id.is_some() && row.compound_id == subject.place.compound_id,
        same_building: building.is_some() && building == building_of(&row.area_code),
        same_asset: asset.is_some() && asset == subject.asset,
        words: alike(subject.words, words),
    }
}

fn with_joins(c: &mut Conn, worth: Vec<(Named, Likeness)>) -> Result<Vec<Similar>> {
    let ids: Vec<CaseId> = worth.iter().map(|((row, _), _)| row.id).collect();
    let counts: Vec<(CaseId, i64)> = case_joins::table
        .filter(case_joins::case_id.eq_any(ids))
        .group_by(case_joins::case_id)
        .select((case_joins::case_id, diesel::dsl::count_star()))
        .load(c)?;
    let joined = |id: CaseId| counts.iter().find(|(of, _)| *of == id).map_or(0, |(_, n)| *n);
    let told = |(listed, likeness): (Named, Likeness)| {
        let n = joined(listed.0.id);
        (listed, likeness.score(), n)
    };
    Ok(worth.into_iter().map(told).collect())
}
