//! 公示: what is posted before it takes effect, and what those concerned say to it.
//!
//! A posting is a frozen snapshot with its hash. It stands for at least the days that the rule of its kind asks for,
//! counted as Civil Code 201 and 203 count them; everybody in its area may object; it cannot be closed before its last day is
//! over, nor while an objection waits for its decision. It is never edited, only superseded, with the reason.
//!
//! The context that posts something opens and closes the posting in the transaction of its own step: this module owns the
//! clock and the objections, not the decision. Tables: `publicities`, `publicity_objections`.

mod api;
pub mod dto;
mod rules;
mod store;

use crate::http::Mount;

pub use rules::{DAYS, Days, PROBLEMS, RULES, last_day};
pub use store::{
    Closed, NewPublicity, ObjectionRow, PublicityRow, close, content_hash, decide, find, find_objection, get, object,
    open, open_as, open_of, reply, supersede, withdraw,
};

crate::id!(
    /// 公示编号
    PublicityId
);
crate::id!(
    /// 异议编号
    ObjectionId
);

crate::scopes! {
    /// 查看公示: whoever is in the area
    PublicitiesRead = "publicities:read": everyone,
    /// 提出异议, 查看本人异议
    ObjectionsWrite = "objections:write": everyone,
    /// 查看与答复异议
    ObjectionsAnswer = "objections:answer":
        [DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}
