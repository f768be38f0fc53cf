//! Who may register what, and from which state an organisation goes to which.

use platform::Result;
use platform::auth::Role;

use super::{
    BRANCH_BY_INDUSTRY_PARTY, ENDED, FILE_FIRST, NAME_KIND, NOT_YOURS, PARENT_AREA, PARENT_MISSING, STATION_FOR_PROFIT,
    STEP,
};
use crate::organisations::dto::{OrgKind, OrgStatus, PartyOrgKind};

impl OrgKind {
    /// 业委会或自管委.
    pub fn is_committee(self) -> bool {
        matches!(self, OrgKind::OwnersCommittee | OrgKind::SelfManagementCommittee)
    }

    /// Whether people act for it wherever it is at home: its posts carry roles (identity).
    pub fn acts_at_home(self) -> bool {
        use OrgKind::*;
        self.is_committee() || matches!(self, RedServiceStation | PartyOrg | MutualAidAssociation | VolunteerSquad)
    }

    pub fn first_status(self) -> OrgStatus {
        if self == OrgKind::PropertyCompany { OrgStatus::Registered } else { OrgStatus::Founded }
    }
}

impl PartyOrgKind {
    /// 企业党支部: founded by the industry's Party committee (domain B20).
    pub fn is_of_companies(self) -> bool {
        matches!(self, PartyOrgKind::CompanyBranch | PartyOrgKind::JointBranch | PartyOrgKind::AffiliatedBranch)
    }
}

impl OrgStatus {
    pub fn is_over(self) -> bool {
        matches!(self, OrgStatus::Dissolved | OrgStatus::Exited)
    }
}

/// A Party organisation names its sub-kind, and nothing else does.
pub fn check_party_kind(kind: OrgKind, party_kind: Option<PartyOrgKind>) -> Result<()> {
    if (kind == OrgKind::PartyOrg) == party_kind.is_some() { Ok(()) } else { Err(NAME_KIND.at("/party_kind")) }
}

/// 谁登记什么 (domain B20, B2): `roles` are those that the caller holds over the organisation's area.
pub fn may_register(roles: &[Role], kind: OrgKind, party_kind: Option<PartyOrgKind>) -> Result<()> {
    use OrgKind::*;
    if party_kind.is_some_and(PartyOrgKind::is_of_companies) {
        let founds = roles.iter().any(|role| matches!(role, Role::IndustryParty | Role::DistrictCoord));
        return if founds { Ok(()) } else { Err((&BRANCH_BY_INDUSTRY_PARTY).into()) };
    }
    let may = |role: &Role| match role {
        Role::DistrictCoord | Role::StreetOfficer | Role::CommunitySecretary | Role::CommunityWorker => true,
        Role::IndustryParty => matches!(kind, PartyOrg | IndustryAssociation),
        Role::PropertyAuthority => {
            kind.is_committee()
                || matches!(
                    kind,
                    PropertyCompany | IndustryAssociation | ServiceProvider | Supplier | RedServiceStation
                )
        }
        // A company changes what is its own and registers nothing.
        _ => false,
    };
    if roles.iter().any(may) { Ok(()) } else { Err((&NOT_YOURS).into()) }
}

/// 状态由主管方决定: whoever acts for the company alone changes its particulars, never its state.
pub fn may_decide_status(only_for_itself: bool) -> Result<()> {
    if only_for_itself { Err((&NOT_YOURS).into()) } else { Ok(()) }
}

/// The edges. Companies: registered → active → exiting → exited; the others: founded → active → dissolved; suspended and
/// back on the way. A committee becomes active by its filing only.
pub fn may_become(kind: OrgKind, from: OrgStatus, to: OrgStatus) -> Result<()> {
    use OrgStatus::*;
    if from.is_over() {
        return Err((&ENDED).into());
    }
    if kind.is_committee() && (from, to) == (Founded, Active) {
        return Err((&FILE_FIRST).into());
    }
    let company = kind == OrgKind::PropertyCompany;
    let allowed = match (from, to) {
        (Active, Suspended) | (Suspended, Active) => true,
        (Registered, Active) | (Active | Suspended, Exiting) | (Exiting, Exited) => company,
        (Founded, Active) | (Founded | Active | Suspended, Dissolved) => !company,
        _ => false,
    };
    if allowed { Ok(()) } else { Err((&STEP).into()) }
}

/// 上级: it stands, and its area covers the child's.
pub fn may_nest(parent: (OrgStatus, &str), child_area: &str) -> Result<()> {
    let (status, area) = parent;
    if status.is_over() {
        Err(PARENT_MISSING.at("/parent_id"))
    } else if child_area.starts_with(area) {
        Ok(())
    } else {
        Err(PARENT_AREA.at("/parent_id"))
    }
}

/// 红色物业服务站: never for profit (seed S0-17).
pub fn check_station(non_profit: bool) -> Result<()> {
    if non_profit { Ok(()) } else { Err(STATION_FOR_PROFIT.at("/details/station/non_profit")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_end_and_each_kind_has_its_own_words() {
        for kind in OrgKind::ALL {
            for from in OrgStatus::ALL {
                for to in OrgStatus::ALL {
                    let ok = may_become(*kind, *from, *to).is_ok();
                    let foreign = |status: &OrgStatus| match kind {
                        OrgKind::PropertyCompany => matches!(status, OrgStatus::Founded | OrgStatus::Dissolved),
                        _ => matches!(status, OrgStatus::Registered | OrgStatus::Exiting | OrgStatus::Exited),
                    };
                    assert!(!ok || (!from.is_over() && from != to), "{kind} {from} -> {to}");
                    assert!(!ok || (!foreign(from) && !foreign(to)), "{kind} {from} -> {to}");
                }
            }
        }
    }

    #[test]
    fn a_company_leaves_through_its_handover() {
        let step = |from, to| may_become(OrgKind::PropertyCompany, from, to).is_ok();
        assert!(step(OrgStatus::Active, OrgStatus::Exiting) && step(OrgStatus::Exiting, OrgStatus::Exited));
        assert!(!step(OrgStatus::Active, OrgStatus::Exited) && !step(OrgStatus::Exiting, OrgStatus::Active));
    }

    #[test]
    fn branches_of_companies_are_the_industrys_to_found() {
        let branch = Some(PartyOrgKind::CompanyBranch);
        let code = |roles: &[Role], kind, sub| may_register(roles, kind, sub).err().map(|e| e.problem().code);
        assert_eq!(code(&[Role::IndustryParty], OrgKind::PartyOrg, branch), None);
        let refused = Some("organisations.branch_by_industry_party");
        assert_eq!(code(&[Role::CommunitySecretary], OrgKind::PartyOrg, branch), refused);
        assert_eq!(code(&[Role::CompanyAdmin], OrgKind::PropertyCompany, None), Some("organisations.not_yours"));
        assert_eq!(code(&[Role::CommunityWorker], OrgKind::OwnersCommittee, None), None);
    }

    proptest::proptest! {
        #[test]
        fn a_parent_always_covers(parent in "[0-9]{0,12}", child in "[0-9]{1,12}") {
            let nests = may_nest((OrgStatus::Active, &parent), &child).is_ok();
            proptest::prop_assert_eq!(nests, child.starts_with(&parent));
        }
    }
}
