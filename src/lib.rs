//! The root: assembles the wings into one service. `main.rs` is the command line over it.

pub mod app;
pub mod config;
mod cors;
pub mod demo;
pub mod import;
pub mod logging;
pub mod migrate;
pub mod openapi;
mod ops;
mod routes;
mod screen;
pub mod start;
pub mod tasks;
pub mod verify;

/// Every scope of the product, in the order of the contexts.
pub fn scopes() -> Vec<platform::auth::ScopeInfo> {
    [
        registry::SCOPES,
        roster::SCOPES,
        delivery::SCOPES,
        deliberation::SCOPES,
        oversight::SCOPES,
        gateway::SCOPES,
        platform::SCOPES,
    ]
    .concat()
    .into_iter()
    .flatten()
    .copied()
    .collect()
}

/// Every rule that places may set for themselves, a list per context.
pub const RULES: &[&[&platform::rule_sets::RuleKey]] = &[
    platform::publicity::RULES,
    registry::territory::RULES,
    roster::organisations::RULES,
    roster::appointments::RULES,
    delivery::cases::RULES,
    deliberation::meetings::RULES,
    oversight::standards::RULES,
    oversight::surveys::RULES,
    oversight::ratings::RULES,
    oversight::standings::RULES,
];

/// How all that is counted is counted anew.
pub fn recounted() -> Vec<platform::rollups::recount::Recounted> {
    [delivery::RECOUNTED, deliberation::RECOUNTED].concat()
}

/// The kinds of entities that the feed does not open by their area alone.
pub const OPENERS: &[gateway::feed::Opener] = &[
    gateway::feed::Opener { entity: "case", scope: "cases:report", visible: delivery::cases::visible_cases },
    gateway::feed::Opener { entity: "case_clock", scope: "cases:read", visible: delivery::cases::visible_clocks },
    gateway::feed::Opener { entity: "notice", scope: "notices:read", visible: deliberation::notices::visible_notices },
    gateway::feed::Opener {
        entity: "alliance_group",
        scope: "alliance_groups:read",
        visible: deliberation::notices::visible_groups,
    },
    gateway::feed::Opener {
        entity: "alliance_post",
        scope: "alliance_groups:read",
        visible: deliberation::notices::visible_posts,
    },
    gateway::feed::Opener {
        entity: "listing",
        scope: "listings:read",
        visible: oversight::standings::visible_listings,
    },
    gateway::feed::Opener {
        entity: "credit_event",
        scope: "credit:read",
        visible: oversight::standings::visible_credit,
    },
    gateway::feed::Opener {
        entity: "survey_round",
        scope: "surveys:read",
        visible: oversight::surveys::visible_rounds,
    },
    gateway::feed::Opener {
        entity: "survey_consequence",
        scope: "surveys:read",
        visible: oversight::surveys::visible_consequences,
    },
    gateway::feed::Opener {
        entity: "service_commitment",
        scope: "commitments:read",
        visible: oversight::standards::visible_commitments,
    },
];

/// Every problem of the product, the wire's own first.
pub fn problems() -> Vec<&'static platform::Problem> {
    let wings = [
        registry::PROBLEMS,
        roster::PROBLEMS,
        delivery::PROBLEMS,
        deliberation::PROBLEMS,
        oversight::PROBLEMS,
        gateway::PROBLEMS,
    ];
    let contexts = [platform::PROBLEMS].into_iter().chain(wings).flatten().copied().flatten().copied();
    platform::error::wire::PROBLEMS.iter().copied().chain(contexts).collect()
}
