//! Where the demo's cases lie, and who gets them there.

use ::roster::organisations::OrganisationId;
use delivery::cases::dto::CaseKind;
use delivery::cases::past::Handler;
use platform::{Error, Result};
use registry::territory::dto::CompoundId;

use crate::demo::compounds;
use crate::demo::divisions::COMMUNITIES;
use crate::demo::plan::Planned;
use crate::demo::roster::{self, Body};

/// A compound.
pub struct Site {
    pub area_code: String,
    pub community: &'static str,
    pub compound: CompoundId,
    company: Option<OrganisationId>,
}

impl Site {
    /// 派单规则: repairs, bookings and complaints are the company's where one serves; the rest is the community's.
    pub fn handler_of(&self, kind: CaseKind) -> Handler {
        let community = Body::ResidentsCommittee(self.community).id();
        let company = self.company.filter(|_| kind != CaseKind::Enquiry);
        Handler::Organisation(company.unwrap_or(community))
    }
}

/// The compounds of each community, by serial.
pub struct Sites(Vec<Vec<Site>>);

impl Sites {
    pub fn of_plan(planned: &[Planned]) -> Self {
        let serving = roster::serving(planned);
        let site = |of: &Planned| Site {
            area_code: of.area_code(),
            community: of.community_code(),
            compound: compounds::id_of(of.community_code(), of.serial),
            company: serving.get(&(of.community, of.serial)).map(|number| Body::Company(*number).id()),
        };
        let of_community = |community| planned.iter().filter(|of| of.community == community).map(site).collect();
        Self((0..COMMUNITIES.len()).map(of_community).collect())
    }

    /// One of a community's compounds, round and round.
    pub fn of(&self, community: usize, number: usize) -> Result<&Site> {
        let sites = self.0.get(community).map(Vec::as_slice).unwrap_or_default();
        sites.get(number % sites.len().max(1)).ok_or_else(|| Error::internal("a community without compounds"))
    }
}
