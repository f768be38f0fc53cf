//! 评优资格事实: what other contexts ask before they honour somebody, each with where it is from. Nothing is decided here.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use registry::territory::dto::CompoundId;
use roster::organisations::{OrganisationId, OrganisationRow, serving};

use super::credit::balance_of;
use super::listings::{ListingRow, published_of};
use super::rankings::count_stars;
use crate::ratings::dto::RatingResultId;
use crate::schema::{ranking_rows as rows, rankings};
use crate::standings::dto::{
    CompoundFactsOut, ListKind, ListedFact, OrganisationFactsOut, QuarterStars, RankingId, SnapshotStatus, StarFact,
};
use crate::standings::rules::listing::check_subject;
use crate::standings::rules::ranking::Quarter;

/// Of which day, and how many quarters before it.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub as_of: NaiveDate,
    pub quarters: u32,
}

impl Asked {
    /// The first of the quarters before the day's own.
    fn since(&self) -> Quarter {
        (0..self.quarters).fold(Quarter::of(self.as_of), |quarter, _| quarter.former())
    }

    /// The last quarter that was over.
    fn until(&self) -> Quarter {
        Quarter::of(self.as_of).former()
    }
}

pub fn of_organisation(c: &mut Conn, organisation: &OrganisationRow, asked: Asked) -> Result<OrganisationFactsOut> {
    let listings: Vec<ListedFact> =
        published_of(c, organisation.id)?.into_iter().filter_map(|row| listed(&row, asked.as_of)).collect();
    let credit = match check_subject(organisation.kind) {
        Ok(()) => Some(balance_of(c, organisation, asked.as_of)?),
        Err(_) => None,
    };
    Ok(OrganisationFactsOut {
        organisation_id: organisation.id,
        as_of: asked.as_of,
        blacklisted: listings.iter().any(|fact| fact.list == ListKind::Black && fact.in_force),
        listings,
        quarters: quarters_of(c, organisation.id, asked)?,
        credit,
    })
}

/// What was published by the day.
fn listed(row: &ListingRow, as_of: NaiveDate) -> Option<ListedFact> {
    let published_on = row.published_on.filter(|published| *published <= as_of)?;
    Some(ListedFact {
        listing_id: row.id,
        list: row.list,
        ground_code: row.ground_code.clone(),
        status: row.days().status_as_of(as_of),
        in_force: row.days().in_force_on(as_of),
        published_on,
        valid_to: row.valid_to,
    })
}

type Starred = (RankingId, i32, i32, i32);

fn quarters_of(c: &mut Conn, company: OrganisationId, asked: Asked) -> Result<Vec<QuarterStars>> {
    let all: Vec<Starred> = rows::table
        .inner_join(rankings::table)
        .filter(rows::company_id.eq(company).and(rankings::status.eq(SnapshotStatus::Standing)))
        .filter(rankings::year.ge(asked.since().year))
        .order((rankings::year.desc(), rankings::quarter.desc(), rankings::id.desc()))
        .select((rankings::id, rankings::year, rankings::quarter, rows::stars))
        .load(c)?;
    let of_time: Vec<Starred> =
        all.into_iter().filter(|(_, year, quarter, _)| in_time(asked, *year, *quarter)).collect();
    let told = |of_one: &[Starred]| {
        let (ranking_id, year, quarter, _) = *of_one.first()?;
        let stars = count_stars(of_one.iter().map(|(.., star)| *star));
        let projects = i64::try_from(of_one.len()).unwrap_or(i64::MAX);
        Some(QuarterStars { year, quarter, ranking_id, projects, stars })
    };
    Ok(of_time.chunk_by(|one, other| one.0 == other.0).filter_map(told).collect())
}

fn in_time(asked: Asked, year: i32, quarter: i32) -> bool {
    (asked.since()..=asked.until()).contains(&Quarter { year, quarter })
}

type StarredProject = (RankingId, i32, i32, i32, i32, i32, RatingResultId);

pub fn of_compound(c: &mut Conn, compound: CompoundId, asked: Asked) -> Result<CompoundFactsOut> {
    let all: Vec<StarredProject> = rows::table
        .inner_join(rankings::table)
        .filter(rows::compound_id.eq(compound).and(rankings::status.eq(SnapshotStatus::Standing)))
        .filter(rankings::year.ge(asked.since().year))
        .order((rankings::year.desc(), rankings::quarter.desc(), rankings::id.desc()))
        .select((
            rankings::id,
            rankings::year,
            rankings::quarter,
            rows::stars,
            rows::score,
            rows::place,
            rows::result_id,
        ))
        .load(c)?;
    let fact = |(ranking_id, year, quarter, star, score, rank, result): StarredProject| StarFact {
        year,
        quarter,
        star,
        score,
        rank,
        ranking_id,
        result_id: result.0,
    };
    let quarters = all.into_iter().map(fact).filter(|fact| in_time(asked, fact.year, fact.quarter)).collect();
    let company = match serving(c, compound, asked.as_of)? {
        Some(company) => roster::organisations::get(c, company)?,
        None => None,
    };
    let company = company.map(|company| of_organisation(c, &company, asked)).transpose()?;
    Ok(CompoundFactsOut { compound_id: compound, as_of: asked.as_of, quarters, company })
}
