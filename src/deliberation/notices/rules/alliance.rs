//! The three parties of a group, and what each may say there.

use platform::Result;
use platform::auth::{AreaCode, AreaLevel, Role};
use platform::db::Ts;

use super::{
    ALREADY_CASE, COMMUNITY_ONLY, EXPIRES_PAST, GROUP_LEVEL, NOT_A_PROBLEM, PARENT_EXTRA, PARENT_MISSING, PINNED_EXTRA,
    POST_HIDDEN, POST_SHOWN,
};
use crate::notices::dto::{AllianceParty, AlliancePostKind};

/// The party that a role belongs to. Those who took up a duty in their compound are residents all the same.
pub fn party_of(role: Role) -> Option<AllianceParty> {
    match role {
        Role::DistrictCoord
        | Role::StreetOfficer
        | Role::CommunitySecretary
        | Role::CommunityWorker
        | Role::GridWorker => Some(AllianceParty::Community),
        Role::CompanyAdmin | Role::ProjectManager | Role::CompanyStaff | Role::StationHead | Role::StationStaff => {
            Some(AllianceParty::Company)
        }
        Role::BranchOfficer
        | Role::BuildingHead
        | Role::UnitHead
        | Role::OcChair
        | Role::OcMember
        | Role::Owner
        | Role::Resident => Some(AllianceParty::Resident),
        _ => None,
    }
}

/// Who reads along without a word.
pub const LISTENERS: &[Role] = &[Role::PropertyAuthority, Role::Auditor];

/// Who moderates, in their own area.
pub const MODERATORS: &[Role] =
    &[Role::DistrictCoord, Role::StreetOfficer, Role::CommunitySecretary, Role::CommunityWorker];

pub fn check_level(area: &AreaCode) -> Result<()> {
    let fits = matches!(area.level(), AreaLevel::Community | AreaLevel::Compound);
    if fits { Ok(()) } else { Err(GROUP_LEVEL.at("/area_code")) }
}

/// What somebody is about to say.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    pub kind: AlliancePostKind,
    pub party: AllianceParty,
    pub is_reply: bool,
    pub pinned: bool,
    pub expires_at: Option<Ts>,
}

pub fn check_post(said: Said, now: Ts) -> Result<()> {
    use AlliancePostKind::{Notice, Reply, Warning};
    let Said { kind, party, is_reply, pinned, expires_at } = said;
    if matches!(kind, Notice | Warning) && party != AllianceParty::Community {
        return Err((&COMMUNITY_ONLY).into());
    }
    match (kind, is_reply) {
        (Reply, false) => return Err(PARENT_MISSING.at("/parent_id")),
        (Reply, true) | (_, false) => {}
        (_, true) => return Err(PARENT_EXTRA.at("/parent_id")),
    }
    if kind != Notice && pinned {
        return Err(PINNED_EXTRA.at("/pinned"));
    }
    match expires_at {
        Some(_) if kind != Notice => Err(PINNED_EXTRA.at("/expires_at")),
        Some(at) if at <= now => Err(EXPIRES_PAST.at("/expires_at")),
        _ => Ok(()),
    }
}

/// Whether a post becomes a case: a problem, once, and not what was hidden.
pub fn may_become_case(kind: AlliancePostKind, hidden: bool, is_case: bool) -> Result<()> {
    if kind != AlliancePostKind::Problem {
        Err((&NOT_A_PROBLEM).into())
    } else if is_case {
        Err((&ALREADY_CASE).into())
    } else if hidden {
        Err((&POST_HIDDEN).into())
    } else {
        Ok(())
    }
}

/// `hide`, or show again.
pub fn may_moderate(hidden: bool, hide: bool) -> Result<()> {
    match (hidden, hide) {
        (true, true) => Err((&POST_HIDDEN).into()),
        (false, false) => Err((&POST_SHOWN).into()),
        _ => Ok(()),
    }
}

/// The most characters of a case's title.
const TITLE: usize = 60;

/// The title of a case that nobody gave one: its first line, as far as it fits.
pub fn title_of(body: &str) -> String {
    body.trim().lines().next().unwrap_or_default().trim().chars().take(TITLE).collect()
}

#[cfg(test)]
mod tests {
    use platform::Error;
    use platform::auth::Scope;
    use proptest::prelude::*;

    use super::*;
    use crate::notices::{AllianceGroupsRead, AlliancePostsModerate, AlliancePostsWrite};

    fn now() -> Ts {
        Ts::from_micros(1_705_280_400_000_000)
    }

    fn code(outcome: Result<()>) -> &'static str {
        match outcome {
            Ok(()) => "ok",
            Err(Error::Rule(problem, _)) => problem.code,
            Err(other) => panic!("{other:?}"),
        }
    }

    fn says(kind: AlliancePostKind, party: AllianceParty) -> Said {
        Said { kind, party, is_reply: kind == AlliancePostKind::Reply, pinned: false, expires_at: None }
    }

    #[test]
    fn the_scopes_are_those_of_the_parties() {
        for role in Role::ALL {
            let speaks = party_of(*role).is_some();
            assert_eq!(AlliancePostsWrite::HOLDERS.include(*role), speaks, "{role}");
            assert_eq!(AllianceGroupsRead::HOLDERS.include(*role), speaks || LISTENERS.contains(role), "{role}");
            assert_eq!(AlliancePostsModerate::HOLDERS.include(*role), MODERATORS.contains(role), "{role}");
            assert!(!MODERATORS.contains(role) || party_of(*role) == Some(AllianceParty::Community), "{role}");
        }
    }

    #[test]
    fn a_notice_and_a_warning_are_the_communitys() {
        for kind in AlliancePostKind::ALL {
            for party in AllianceParty::ALL {
                let reserved = matches!(kind, AlliancePostKind::Notice | AlliancePostKind::Warning);
                let allowed = !reserved || *party == AllianceParty::Community;
                assert_eq!(check_post(says(*kind, *party), now()).is_ok(), allowed, "{kind} by {party}");
            }
        }
    }

    #[test]
    fn a_reply_has_something_that_it_replies_to_and_nothing_else_has() {
        use AlliancePostKind::{Praise, Reply};
        let praise = says(Praise, AllianceParty::Resident);
        assert_eq!(code(check_post(Said { is_reply: true, ..praise }, now())), "notices.parent_extra");
        let reply = says(Reply, AllianceParty::Company);
        assert_eq!(code(check_post(Said { is_reply: false, ..reply }, now())), "notices.parent_missing");
        assert_eq!(code(check_post(Said { pinned: true, ..praise }, now())), "notices.pinned_extra");
        let later = Some(now().plus(chrono::Duration::days(1)));
        assert_eq!(code(check_post(Said { expires_at: later, ..praise }, now())), "notices.pinned_extra");
        let notice = says(AlliancePostKind::Notice, AllianceParty::Community);
        assert_eq!(code(check_post(Said { expires_at: later, pinned: true, ..notice }, now())), "ok");
        assert_eq!(code(check_post(Said { expires_at: Some(now()), ..notice }, now())), "notices.expires_past");
    }

    #[test]
    fn a_problem_becomes_a_case_once() {
        use AlliancePostKind::{Praise, Problem};
        assert_eq!(code(may_become_case(Problem, false, false)), "ok");
        assert_eq!(code(may_become_case(Problem, true, true)), "notices.already_case");
        assert_eq!(code(may_become_case(Problem, true, false)), "notices.post_hidden");
        assert_eq!(code(may_become_case(Praise, false, false)), "notices.not_a_problem");
        assert_eq!(code(may_moderate(true, true)), "notices.post_hidden");
        assert_eq!(code(may_moderate(false, false)), "notices.post_shown");
    }

    proptest! {
        #[test]
        fn a_title_fits_and_is_one_line(body in "\\PC{0,80}\n?\\PC{0,80}") {
            let title = title_of(&body);
            prop_assert!(title.chars().count() <= TITLE && !title.contains('\n'));
            prop_assert!(body.contains(&title));
        }
    }
}
