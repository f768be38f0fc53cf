//! 星级分布 (F12): how many of the confirmed results of a quarter have how many stars.

use chrono::{Days, NaiveDate};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{SmallInt, Text};
use platform::Result;
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Engine, Range, Ts};
use platform::quantity::Ratio;

use crate::names::placed_compounds as placements;
use crate::ratings::dto::{RatingCampaignStatus, StarFiguresOut, StarFiguresQuery, StarShare};
use crate::ratings::rules::terms::BEST;
use crate::schema::{rating_campaigns as campaigns, rating_results as results};

/// From how many stars on a project is one of those that the district counts.
const GOOD: i16 = 3;

/// What results are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StarsApart {
    /// As many characters of the compound's code; by none it is the whole.
    Place(usize),
    Company,
}

/// Confirmed results of one key and star.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct StarCount {
    pub key: String,
    pub star: i16,
    pub projects: i64,
}

/// The latest quarter of which results in an area were confirmed by a day, and how they came out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LatestStars {
    pub quarter: Option<(i32, i16)>,
    pub counts: Vec<StarCount>,
}

/// Confirmed results of the compounds that lay under a range on a day, as far as they were confirmed by its end.
macro_rules! confirmed_by {
    ($range:expr, $day:expr) => {{
        use RatingCampaignStatus::{Closed, Final, Monitoring};
        let Range { from, to } = $range.clone();
        results::table
            .inner_join(campaigns::table)
            .inner_join(placements::table.on(placements::compound_id.eq(results::compound_id)))
            .filter(placements::area_code.ge(from).and(placements::area_code.lt(to)))
            .filter(placements::valid_from.le($day))
            .filter(placements::valid_to.is_null().or(placements::valid_to.assume_not_null().gt($day)))
            .filter(campaigns::status.eq_any([Final, Monitoring, Closed]))
            .filter(results::confirmed_at.assume_not_null().lt(end_of($day)))
    }};
}

fn end_of(day: NaiveDate) -> Ts {
    midnight_in_shanghai(day.checked_add_days(Days::new(1)).unwrap_or(day))
}

/// F12 as of a day: a project counts where its compound lay on it. Two statements.
pub fn latest_stars(c: &mut Conn, range: &Range, day: NaiveDate, apart: StarsApart) -> Result<LatestStars> {
    let quarter: Option<(i32, i16)> = confirmed_by!(range, day)
        .order((results::year.desc(), results::quarter.desc()))
        .select((results::year, results::quarter))
        .first(c)
        .optional()?;
    let Some((year, number)) = quarter else { return Ok(LatestStars::default()) };
    let key = match (apart, c.engine()) {
        (StarsApart::Place(length), _) => format!("SUBSTR(compound_placements.area_code, 1, {length})"),
        (StarsApart::Company, Engine::Sqlite) => "COALESCE(LOWER(HEX(rating_results.company_id)), '')".to_owned(),
        (StarsApart::Company, Engine::Postgres) => "COALESCE(CAST(rating_results.company_id AS TEXT), '')".to_owned(),
    };
    let counts = confirmed_by!(range, day)
        .filter(results::year.eq(year).and(results::quarter.eq(number)))
        .group_by(sql::<Text>("1, 2"))
        .order(sql::<Text>("1, 2"))
        .select((sql::<Text>(&key), sql::<SmallInt>("rating_results.stars"), count_star()))
        .load(c)?;
    Ok(LatestStars { quarter, counts })
}

/// Each number of stars with its share of the rated, from five to none, and the share of three and more.
pub fn star_shares(counts: &[(i16, i64)]) -> (i64, Vec<StarShare>, Ratio) {
    let of = |star: i16| counts.iter().filter(|(known, _)| *known == star).map(|(_, n)| n).sum();
    let rated: i64 = counts.iter().map(|(_, n)| n).sum();
    let good: i64 = counts.iter().filter(|(star, _)| *star >= GOOD).map(|(_, n)| n).sum();
    let shares = (0..=BEST).rev().map(|star| StarShare { star, projects: Ratio::of(of(star), rated) }).collect();
    (rated, shares, Ratio::of(good, rated))
}

pub fn of_area(c: &mut Conn, query: &StarFiguresQuery) -> Result<StarFiguresOut> {
    let Range { from, to } = Range::under(query.area.as_str());
    use RatingCampaignStatus::{Closed, Final, Monitoring};
    let counts: Vec<(i16, i64)> = results::table
        .inner_join(campaigns::table)
        .filter(results::year.eq(query.year).and(results::quarter.eq(query.quarter)))
        .filter(results::area_code.ge(from).and(results::area_code.lt(to)))
        .filter(campaigns::status.eq_any([Final, Monitoring, Closed]))
        .group_by(results::stars)
        .select((results::stars, count_star()))
        .load(c)?;
    Ok(figures(query, &counts))
}

fn figures(query: &StarFiguresQuery, counts: &[(i16, i64)]) -> StarFiguresOut {
    let (rated, stars, three_and_above) = star_shares(counts);
    StarFiguresOut {
        area: query.area.as_str().to_owned(),
        year: query.year,
        quarter: query.quarter,
        rated,
        stars,
        three_and_above,
    }
}
