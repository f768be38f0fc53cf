//! What a caller reads of ratings: overseers whatever lies in their area; everybody else what was published, and a company
//! besides what is its own.

use platform::auth::{Principal, Role, Scope, Visible};
use registry::identity::AccountId;
use roster::organisations::OrganisationId;

use crate::ratings::RatingsRead;
use crate::ratings::dto::RatingCampaignStatus;
use crate::ratings::rules::states::PUBLISHED;

/// Who reads a rating while it is being made.
const OVERSEERS: &[Role] = &[
    Role::DistrictCoord,
    Role::PropertyAuthority,
    Role::PriceAuthority,
    Role::IndustryParty,
    Role::StreetOfficer,
    Role::CommunitySecretary,
    Role::CommunityWorker,
    Role::ContactLeader,
    Role::Auditor,
];

/// Who acts for a company.
pub const COMPANY: &[Role] = &[Role::CompanyAdmin, Role::ProjectManager];

#[derive(Debug, Clone)]
pub struct Sight {
    /// Wherever the caller reads anything.
    pub seen: Visible,
    pub overseen: Visible,
    pub companies: Vec<OrganisationId>,
    /// Who reads what they are to score.
    pub account: AccountId,
}

impl Sight {
    pub fn of(who: &Principal) -> Self {
        let readers: Vec<Role> = Role::ALL.iter().copied().filter(|role| RatingsRead::HOLDERS.include(*role)).collect();
        Self {
            seen: who.visible_as(&readers, RatingsRead::NAME),
            overseen: who.visible_as(OVERSEERS, RatingsRead::NAME),
            companies: who.organisations(COMPANY).into_iter().map(OrganisationId).collect(),
            account: AccountId(who.id),
        }
    }

    /// Whether a result of this place is one that the caller reads.
    pub fn reads(&self, area_code: &str, status: RatingCampaignStatus) -> bool {
        self.overseen.covers(area_code) || (self.seen.covers(area_code) && PUBLISHED.contains(&status))
    }

    /// Whether something of a company at this place is one that the caller reads, whatever the campaign's state.
    pub fn is_of(&self, area_code: &str, company: Option<OrganisationId>) -> bool {
        self.overseen.covers(area_code) || company.is_some_and(|company| self.companies.contains(&company))
    }
}

#[cfg(test)]
mod tests {
    use platform::auth::{Grant, Subject};
    use uuid::Uuid;

    use super::*;

    fn sight(role: Role, area: &str) -> Sight {
        let grants = vec![Grant::over(role, area.parse().expect("a code"))];
        Sight::of(&Principal { id: Uuid::nil(), subject: Subject::Account { session: Uuid::nil(), grants } })
    }

    #[test]
    fn what_is_not_published_is_for_overseers() {
        let compound = "620902005003-0001";
        let (officer, manager) = (sight(Role::StreetOfficer, "620902005"), sight(Role::ProjectManager, compound));
        for status in RatingCampaignStatus::ALL {
            assert!(officer.reads(compound, *status));
            assert_eq!(manager.reads(compound, *status), PUBLISHED.contains(status), "{status}");
        }
        assert!(!officer.reads("620902001001-0001", RatingCampaignStatus::Closed));
        assert!(!sight(Role::Owner, compound).reads(compound, RatingCampaignStatus::Closed), "no scope of theirs");
    }
}
