//! What one caller sees of the feed.

use std::collections::HashMap;

use platform::auth::{Principal, ScopeInfo, Visible};

use super::Thin;

/// Which scope opens which kind of entity. An event is sent to whoever may read what it is about: a holder of the scope over
/// an area that covers the event's.
pub const OPENED_BY: &[(&str, &str)] = &[
    ("division", "divisions:read"),
    ("grid", "grids:read"),
    ("compound", "compounds:read"),
    ("mode_change", "compounds:read"),
    ("building", "compounds:read"),
    ("unit", "compounds:read"),
    ("room", "rooms:read"),
    ("contact_assignment", "contacts:read"),
    ("rule_set", "rule_sets:read"),
    ("calendar", "calendars:read"),
    ("calendar_day", "calendars:read"),
    ("publicity", "publicities:read"),
    ("objection", "objections:answer"),
    ("residency", "residencies:read"),
    ("data_request", "data_requests:read"),
    ("organisation", "organisations:read"),
    ("committee_term", "organisations:read"),
    ("partnership", "organisations:read"),
    ("post_area", "organisations:read"),
    ("service_contract", "contracts:read"),
    ("party_coverage", "party_coverage:read"),
    ("instructor_link", "party_coverage:read"),
    ("supplier_link", "party_coverage:read"),
    ("post", "posts:read"),
    ("appointment", "appointments:read"),
    ("election_record", "appointments:read"),
    ("meeting_series", "meeting_figures:read"),
    ("meeting", "meeting_figures:read"),
    ("agenda_item", "meeting_figures:read"),
    ("minutes", "meeting_figures:read"),
    ("resolution", "meeting_figures:read"),
    ("action_item", "meeting_figures:read"),
    ("rating_scheme", "ratings:read"),
    ("rating_campaign", "ratings:read"),
    ("rating_claim", "ratings:read"),
    ("rating_fact", "ratings:read"),
    ("rating_result", "ratings:read"),
    ("rating_appeal", "ratings:read"),
    ("rating_assessor", "rating_campaigns:run"),
    ("rating_sheet", "rating_campaigns:run"),
    // Frozen for everybody to read.
    ("ranking", "publicities:read"),
    ("board", "publicities:read"),
    ("survey_form", "survey_forms:read"),
    ("checklist", "checklists:read"),
    ("check_run", "check_runs:read"),
    ("weekly_item", "assessments:read"),
    ("assessment", "assessments:read"),
    ("red_line", "assessments:read"),
    ("target_contract", "target_contracts:read"),
    ("reported_figure", "statistics:read"),
];

/// Kinds that are never sent: who may do what, and what only a person's own file tells. A kind that is in neither list is
/// not sent either; a test asks that each is in one.
pub const NEVER_SENT: &[&str] = &[
    "account",
    "role_grant",
    "api_client",
    "signing_key",
    "person",
    "publication_consent",
    "member_checkin",
    "interest_declaration",
];

/// Whether a caller sees an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    No,
    Yes,
    /// The opener of the kind has to be asked.
    Ask,
}

/// The kinds that a caller may read of, each with where.
#[derive(Debug, Clone)]
pub struct Lens {
    open: HashMap<&'static str, Visible>,
    asked: Vec<&'static str>,
}

impl Lens {
    /// `asked` are the kinds with an opener, each with the scope without which there is nothing to ask.
    pub fn of(
        principal: &Principal,
        scopes: &[ScopeInfo],
        asked: impl Iterator<Item = (&'static str, &'static str)>,
    ) -> Self {
        let opened = |scope: &str| {
            let info = scopes.iter().find(|info| info.name == scope)?;
            principal.visible_by(info)
        };
        let by_area = OPENED_BY.iter().filter_map(|(entity, scope)| Some((*entity, opened(scope)?)));
        let asked: Vec<_> = asked.filter(|(_, scope)| opened(scope).is_some()).map(|(entity, _)| entity).collect();
        Self { open: by_area.collect(), asked }
    }

    pub fn sees(&self, thin: &Thin) -> Sight {
        if self.asked.contains(&thin.entity.as_str()) {
            return Sight::Ask;
        }
        match self.open.get(thin.entity.as_str()) {
            Some(visible) if visible.covers(&thin.area_code) => Sight::Yes,
            _ => Sight::No,
        }
    }

    /// Whether there is anything that the caller could ever see.
    pub fn is_blind(&self) -> bool {
        self.open.is_empty() && self.asked.is_empty()
    }
}
