//! 星级评定: schemes in versions, a campaign each quarter, and from the points of several independent parties to the star of a
//! compound, each figure of which can be computed again.
//!
//! Owns the schemes with their indicators, the campaigns with the projects that take part, what companies claim, who scores
//! what and the sheets, the facts that cap a star, the results and the appeals against them. Tables: `rating_schemes`,
//! `rating_indicators`, `rating_campaigns`, `rating_projects`, `rating_claims`, `rating_assessors`, `rating_assignments`,
//! `rating_sheets`, `rating_points`, `rating_facts`, `rating_results`, `rating_appeals`.
//!
//! A scheme is never changed once it is published, nor a sheet once it is submitted: the database holds that as well. Nobody
//! scores whom they are bound to, no campaign is collated while a scorer is missing, and no star is confirmed before those
//! concerned have had their days. The star that is confirmed is written down to the compound.

mod api;
pub mod dto;
mod rules;
mod store;

use platform::http::Mount;

pub use rules::PROBLEMS;
pub use rules::params::RULES;
pub use store::figures::{LatestStars, StarCount, StarsApart, latest_stars, star_shares};
pub use store::finals::{FinalResult, final_results};
pub use store::follow::react;
pub use store::past;

platform::scopes! {
    /// 查看星级评定: what is not published yet only to overseers
    RatingsRead = "ratings:read": [
        DistrictCoord, PropertyAuthority, PriceAuthority, IndustryParty, StreetOfficer, CommunitySecretary,
        CommunityWorker, CompanyAdmin, ProjectManager, OcChair, OcMember, Assessor, ContactLeader, Auditor,
    ],
    /// 制定评定办法
    RatingSchemesWrite = "rating_schemes:write": [DistrictCoord, PropertyAuthority, IndustryParty],
    /// 组织评定批次、分配评分人与复核人
    RatingCampaignsRun = "rating_campaigns:run": [DistrictCoord, PropertyAuthority, IndustryParty],
    /// 定星
    RatingsConfirm = "ratings:confirm": [DistrictCoord],
    /// 对标认领: for one's own company
    RatingsClaim = "ratings:claim": [CompanyAdmin, ProjectManager],
    /// 评分与复核
    RatingsScore = "ratings:score": [Assessor],
    /// 查看评分表; an assessor their own
    RatingSheetsRead = "rating_sheets:read": [DistrictCoord, PropertyAuthority, IndustryParty, Assessor, Auditor],
    /// 登记与撤销事实
    RatingFactsRecord = "rating_facts:record": [DistrictCoord, PropertyAuthority, PriceAuthority, StreetOfficer],
    /// 申诉: the company its own result, the authority ex officio
    RatingsAppeal = "ratings:appeal": [PropertyAuthority, CompanyAdmin, ProjectManager],
    /// 动态管理中降星
    RatingsDowngrade = "ratings:downgrade": [DistrictCoord, PropertyAuthority],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}
