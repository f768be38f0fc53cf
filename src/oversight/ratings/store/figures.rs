//! 星级分布 (F12): how many of the confirmed results of a quarter have how many stars.

use diesel::dsl::count_star;
use diesel::prelude::*;
use platform::Result;
use platform::db::{Conn, Range};
use platform::quantity::Ratio;

use crate::ratings::dto::{RatingCampaignStatus, StarFiguresOut, StarFiguresQuery, StarShare};
use crate::ratings::rules::terms::BEST;
use crate::schema::{rating_campaigns as campaigns, rating_results as results};

/// From how many stars on a project is one of those that the district counts.
const GOOD: i16 = 3;

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
    let of = |star: i16| counts.iter().find(|(known, _)| *known == star).map_or(0, |(_, n)| *n);
    let rated: i64 = counts.iter().map(|(_, n)| n).sum();
    let good: i64 = counts.iter().filter(|(star, _)| *star >= GOOD).map(|(_, n)| n).sum();
    StarFiguresOut {
        area: query.area.as_str().to_owned(),
        year: query.year,
        quarter: query.quarter,
        rated,
        stars: (0..=BEST).rev().map(|star| StarShare { star, projects: Ratio::of(of(star), rated) }).collect(),
        three_and_above: Ratio::of(good, rated),
    }
}
