//! 排名、红黑榜与红黑名单: where projects and companies stand, openly.
//!
//! Three artefacts that are not one (domain T8). A ranking is a quarter's confirmed results, frozen. A board (红黑榜) is its
//! head and its tail by the place's rule, informs, and has no effect in law. A list (红黑名单) has grounds, measures, a
//! validity and a way out, and nobody is put on it who was not told and heard; only companies and stations are listed, never
//! a person. Credit events count for and against the same organisations. What is published is frozen with its hash, goes out
//! byte for byte, and is proved by the history. Tables: `rankings`, `ranking_rows`, `boards`, `listings`,
//! `listing_statements`, `listing_objections`, `listing_photos`, `credit_events`.

mod api;
pub mod dto;
mod rules;
mod store;

use platform::http::Mount;

pub use rules::PROBLEMS;
pub use rules::params::RULES;
pub use store::follow::react;
pub use store::listings::blacklisted;
pub use store::opening::{visible_credit, visible_listings};
pub use store::past;
pub use store::published::{LatestTop, latest_top};
pub use store::rankings::RankedRow;
pub use store::sweep::sweep;

platform::scopes! {
    /// 查看名单条目: those over the area, and the organisation's own people
    ListingsRead = "listings:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, Auditor, CompanyAdmin,
        ProjectManager, StationHead,
    ],
    /// 提出、告知、公布与修复名单条目
    ListingsWrite = "listings:write": [PropertyAuthority],
    /// 决定名单条目与异议; never by who proposed it
    ListingsDecide = "listings:decide": [DistrictCoord, PropertyAuthority],
    /// 陈述申辩、提出异议: the organisation itself
    ListingsAnswer = "listings:answer": [CompanyAdmin, StationHead],
    /// 查看信用事件与信用分
    CreditRead = "credit:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, Auditor, CompanyAdmin,
        ProjectManager, StationHead,
    ],
    /// 登记与撤销信用事件
    CreditWrite = "credit:write": [PropertyAuthority],
    /// 生成排名, 发布红黑榜
    RankingsPublish = "rankings:publish": [DistrictCoord, PropertyAuthority],
    /// 查看评优资格事实
    HonourFactsRead = "honour_facts:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, Auditor,
    ],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}
