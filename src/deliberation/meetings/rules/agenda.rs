//! 议程: what may come onto it, when, and who keeps out of it.

use platform::Result;
use roster::organisations::{OrgKind, OrganisationId};
use roster::people::PersonId;

use super::params::{KindRule, Majority};
use super::states::is_open_to_planning;
use super::{IMPROMPTU_VOTE, ITEM_FIXED, NO_VOTE_HERE, SOURCE_MISSING};
use crate::meetings::dto::{ItemKind, ItemStatus, MeetingKind, MeetingParty, MeetingStatus, SourceKind};

/// The most that a meeting takes.
pub const MOST_ITEMS: i64 = 200;
pub const MOST_SEATS: i64 = 200;
/// How deep the tree of items goes.
pub const MOST_LEVELS: usize = 3;

/// As what a new item comes in: on the agenda, proposed for it, or as an impromptu motion (临时动议).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub status: ItemStatus,
    pub impromptu: bool,
}

/// Before the notice the convener lists items and others propose them; after it there are impromptu motions only, which are
/// never voted on (北京市物业管理条例 art. 35: no voting on what was not announced).
pub fn entry(status: MeetingStatus, kind: ItemKind, rule: &KindRule, convenes: bool) -> Result<Entry> {
    if kind == ItemKind::Vote && rule.majority == Majority::NotHere {
        return Err(NO_VOTE_HERE.at("/kind"));
    }
    if is_open_to_planning(status) {
        let status = if convenes { ItemStatus::Listed } else { ItemStatus::Proposed };
        return Ok(Entry { status, impromptu: false });
    }
    match status {
        MeetingStatus::Notified | MeetingStatus::InSession if kind == ItemKind::Vote => Err(IMPROMPTU_VOTE.at("/kind")),
        MeetingStatus::Notified | MeetingStatus::InSession => {
            let status = if convenes { ItemStatus::Listed } else { ItemStatus::Proposed };
            Ok(Entry { status, impromptu: true })
        }
        _ => Err((&ITEM_FIXED).into()),
    }
}

/// A source is named by its id; a legacy issue, which is in no register, by words.
pub fn check_source(kind: Option<SourceKind>, has_id: bool, has_note: bool) -> Result<()> {
    match kind {
        None if has_id => Err(SOURCE_MISSING.at("/source_kind")),
        Some(SourceKind::Legacy) if !has_note => Err(SOURCE_MISSING.at("/source_note")),
        Some(kind) if kind != SourceKind::Legacy && !has_id => Err(SOURCE_MISSING.at("/source_id")),
        _ => Ok(()),
    }
}

/// 参会方 of an organisation, by its kind.
pub fn party_of(kind: OrgKind) -> MeetingParty {
    match kind {
        OrgKind::ResidentsCommittee => MeetingParty::Community,
        OrgKind::OwnersCommittee | OrgKind::SelfManagementCommittee => MeetingParty::Owners,
        OrgKind::PropertyCompany | OrgKind::RedServiceStation => MeetingParty::Company,
        OrgKind::CoLocatedUnit => MeetingParty::CoLocated,
        OrgKind::GovernmentAuthority => MeetingParty::Authority,
        OrgKind::PartyOrg => MeetingParty::PartyOrganisation,
        OrgKind::ResidentsCouncil | OrgKind::PartyMassCouncil | OrgKind::MutualAidAssociation => {
            MeetingParty::Residents
        }
        _ => MeetingParty::Other,
    }
}

/// Whether a company may have a vote: never in what owners decide among themselves (domain B5).
pub fn may_vote(kind: MeetingKind, party: MeetingParty) -> bool {
    !matches!(kind, MeetingKind::OcMeeting | MeetingKind::OwnersAssembly) || party != MeetingParty::Company
}

/// 回避: a seat keeps out of an item whose object is its own organisation, or one to which whoever sits there is bound.
pub fn is_recused(
    object: Option<OrganisationId>,
    seat: OrganisationId,
    person: Option<PersonId>,
    bound: &[(PersonId, OrganisationId)],
) -> bool {
    let Some(object) = object else { return false };
    object == seat || person.is_some_and(|person| bound.contains(&(person, object)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_on_the_notice_is_never_voted_on() {
        let rule = KindRule::of(MeetingKind::FourPartyJoint);
        for status in MeetingStatus::ALL {
            for kind in ItemKind::ALL {
                for convenes in [true, false] {
                    let Ok(entry) = entry(*status, *kind, &rule, convenes) else { continue };
                    assert!(!entry.impromptu || *kind != ItemKind::Vote, "{status} {kind}");
                    assert_eq!(entry.impromptu, !is_open_to_planning(*status));
                    assert_eq!(entry.status == ItemStatus::Listed, convenes);
                }
            }
        }
        let appraisal = KindRule::of(MeetingKind::MoralAppraisal);
        assert!(entry(MeetingStatus::Planned, ItemKind::Vote, &appraisal, true).is_err());
        assert!(entry(MeetingStatus::Closed, ItemKind::Report, &rule, true).is_err());
    }

    #[test]
    fn whoever_is_bound_to_the_object_keeps_out() {
        let [object, seat] = [OrganisationId::fresh(), OrganisationId::fresh()];
        let [bound, free] = [PersonId::fresh(), PersonId::fresh()];
        let ties = [(bound, object)];
        assert!(!is_recused(None, object, Some(bound), &ties));
        assert!(is_recused(Some(object), object, Some(free), &ties));
        assert!(is_recused(Some(object), seat, Some(bound), &ties));
        assert!(!is_recused(Some(object), seat, Some(free), &ties));
        assert!(!is_recused(Some(object), seat, None, &ties));
    }

    #[test]
    fn a_source_is_named() {
        use SourceKind::*;
        for kind in [Case, Finding, Survey, Motion, Objection] {
            assert!(check_source(Some(kind), true, false).is_ok() && check_source(Some(kind), false, true).is_err());
        }
        assert!(check_source(Some(Legacy), false, true).is_ok() && check_source(Some(Legacy), false, false).is_err());
        assert!(check_source(None, false, false).is_ok() && check_source(None, true, false).is_err());
    }
}
