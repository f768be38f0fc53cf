//! Results that stand, as the contexts above ask for them.

use diesel::prelude::*;
use platform::auth::AreaCode;
use platform::db::{Conn, Range};
use platform::{Error, Result};
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;

use crate::names::{compound_names, organisation_names};
use crate::ratings::dto::{RatingCampaignId, RatingCampaignStatus, RatingResultId};
use crate::schema::{rating_campaigns as campaigns, rating_results as results};

/// A result whose star was confirmed, with the names of whom it is about.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct FinalResult {
    pub result_id: RatingResultId,
    pub campaign_id: RatingCampaignId,
    pub compound_id: CompoundId,
    pub compound_name: String,
    pub company_id: Option<OrganisationId>,
    pub company_name: Option<String>,
    pub area_code: String,
    pub year: i32,
    pub quarter: i16,
    /// Basis points.
    pub score: i32,
    pub star: i16,
}

/// The confirmed results of a quarter in an area and all below it, by code. One statement. A campaign that was closed after
/// its monitoring has confirmed results as well.
pub fn final_results(c: &mut Conn, area: &str, year: i32, quarter: i16) -> Result<Vec<FinalResult>> {
    let area: AreaCode = area.parse().map_err(|e: String| Error::internal(e))?;
    let Range { from, to } = Range::under(area.as_str());
    use RatingCampaignStatus::{Closed, Final, Monitoring};
    Ok(results::table
        .inner_join(campaigns::table)
        .inner_join(compound_names::table.on(compound_names::id.eq(results::compound_id)))
        .left_join(organisation_names::table.on(results::company_id.eq(organisation_names::id.nullable())))
        .filter(results::year.eq(year).and(results::quarter.eq(quarter)))
        .filter(results::area_code.ge(from).and(results::area_code.lt(to)))
        .filter(campaigns::status.eq_any([Final, Monitoring, Closed]))
        .order(results::area_code)
        .select((
            results::id,
            results::campaign_id,
            results::compound_id,
            compound_names::name,
            results::company_id,
            organisation_names::name.nullable(),
            results::area_code,
            results::year,
            results::quarter,
            results::score,
            results::stars,
        ))
        .load(c)?)
}
