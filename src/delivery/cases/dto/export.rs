use platform::db::Ts;
use serde::Serialize;

use super::{CaseKind, Channel, Outcome, Status, Tier, Urgency};
use crate::cases::rules::params::categories::Category;
use crate::cases::store::lists::Listed;
use crate::cases::store::places::building_of;

/// A case in an export: what it was about, where to the building, and how it went. No title, no words and nobody's name.
#[derive(Debug, Clone, Serialize)]
pub struct CaseRecord {
    pub number: String,
    pub community_code: String,
    pub area_code: String,
    pub compound: Option<String>,
    pub kind: CaseKind,
    pub category: String,
    pub category_zh: Option<String>,
    pub category_en: Option<String>,
    pub channel: Channel,
    pub urgency: Urgency,
    pub status: Status,
    pub tier: Tier,
    pub round: i32,
    pub outcome: Option<Outcome>,
    pub handler: Option<String>,
    pub returns: i32,
    pub reported_at: Ts,
    pub accepted_at: Option<Ts>,
    pub signed_at: Option<Ts>,
    pub due_at: Option<Ts>,
    pub done_at: Option<Ts>,
    pub closed_at: Option<Ts>,
}

impl CaseRecord {
    pub const HEADER: &[&str] = &[
        "number",
        "community_code",
        "area_code",
        "compound",
        "kind",
        "category",
        "category_zh",
        "category_en",
        "channel",
        "urgency",
        "status",
        "tier",
        "round",
        "outcome",
        "handler",
        "returns",
        "reported_at",
        "accepted_at",
        "signed_at",
        "due_at",
        "done_at",
        "closed_at",
    ];

    /// `category`: its entry in the dictionary in force where the case lies, if it has one still.
    pub fn of((row, compound): Listed, category: Option<&Category>, handler: Option<String>) -> Self {
        let area_code = building_of(&row.area_code).map_or_else(|| row.community_code.clone(), str::to_owned);
        Self {
            number: row.number,
            community_code: row.community_code,
            area_code,
            compound,
            kind: row.kind,
            category: row.category,
            category_zh: category.map(|category| category.zh.clone()),
            category_en: category.map(|category| category.en.clone()),
            channel: row.channel,
            urgency: row.urgency,
            status: row.status,
            tier: row.tier,
            round: row.round,
            outcome: row.outcome,
            handler,
            returns: row.returns,
            reported_at: row.reported_at,
            accepted_at: row.accepted_at,
            signed_at: row.signed_at,
            due_at: row.due_at,
            done_at: row.done_at,
            closed_at: row.closed_at,
        }
    }
}
