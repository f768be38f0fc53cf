//! 党的覆盖: the ladder from an own branch down to nothing (domain B2, C10).

use platform::Result;

use super::params::JointBranches;
use super::{
    BRANCH_MEMBERS, INSTRUCTOR_MISSING, JOINT_UNITS, MEMBERS_TOO_FEW, NOT_A_PARTY_ORG, NOT_COVERABLE, PARTY_ORG_NEEDED,
};
use crate::organisations::dto::{Coverage, OrgKind, PartyOrgKind};

impl Coverage {
    pub const BY_ORGANISATION: [Coverage; 3] = [Coverage::Own, Coverage::Joint, Coverage::Affiliated];

    /// 组织覆盖: an organisation of the Party reaches it. Work coverage takes in the instructors as well, and the two are
    /// told apart everywhere.
    pub fn is_by_organisation(self) -> bool {
        Self::BY_ORGANISATION.contains(&self)
    }
}

/// 应建未建: three formal members or more, and no own branch.
pub fn is_due(formal_members: i32, coverage: Coverage) -> bool {
    formal_members >= BRANCH_MEMBERS && coverage != Coverage::Own
}

/// Companies and committees are what the ladder is kept for.
pub fn may_be_covered(kind: OrgKind) -> Result<()> {
    if kind == OrgKind::PropertyCompany || kind.is_committee() { Ok(()) } else { Err((&NOT_COVERABLE).into()) }
}

/// What a rung needs: enough members for an own branch, a Party organisation of the fitting kind, an open instructor.
pub fn check(
    coverage: Coverage,
    formal_members: i32,
    party_org: Option<PartyOrgKind>,
    has_instructor: bool,
) -> Result<()> {
    use PartyOrgKind::*;
    if coverage == Coverage::Own && formal_members < BRANCH_MEMBERS {
        return Err(MEMBERS_TOO_FEW.at("/formal_members"));
    }
    if coverage == Coverage::InstructorOnly && !has_instructor {
        return Err(INSTRUCTOR_MISSING.at("/coverage"));
    }
    let fits = match (coverage, party_org) {
        (Coverage::Own, Some(kind)) => matches!(kind, CompanyBranch | OcBranch | GeneralBranch),
        (Coverage::Joint, Some(kind)) => kind == JointBranch,
        (Coverage::Affiliated, Some(kind)) => !matches!(kind, JointBranch | BuildingGroup | MemberKeyHousehold),
        (Coverage::InstructorOnly | Coverage::None, None) => return Ok(()),
        _ => return Err(PARTY_ORG_NEEDED.at("/party_org_id")),
    };
    if fits { Ok(()) } else { Err(NOT_A_PARTY_ORG.at("/party_org_id")) }
}

/// 联合党支部: `others` are the units that it covers already.
pub fn check_joint(others: i64, t: &JointBranches) -> Result<()> {
    if others < t.max_units { Ok(()) } else { Err(JOINT_UNITS.at("/party_org_id")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(outcome: Result<()>) -> Option<&'static str> {
        outcome.err().map(|error| error.problem().code)
    }

    #[test]
    fn three_members_are_due_a_branch_until_they_have_it() {
        for members in 0..6 {
            for coverage in Coverage::ALL {
                let due = is_due(members, *coverage);
                assert_eq!(due, members >= 3 && *coverage != Coverage::Own, "{members} {coverage}");
            }
        }
    }

    #[test]
    fn each_rung_needs_its_own() {
        let check = |coverage, members, party, instructor| code(check(coverage, members, party, instructor));
        let branch = Some(PartyOrgKind::CompanyBranch);
        assert_eq!(check(Coverage::Own, 3, branch, false), None);
        assert_eq!(check(Coverage::Own, 2, branch, false), Some("organisations.members_too_few"));
        assert_eq!(check(Coverage::Own, 3, None, false), Some("organisations.party_org_needed"));
        assert_eq!(check(Coverage::Joint, 1, branch, false), Some("organisations.not_a_party_org"));
        assert_eq!(check(Coverage::Joint, 1, Some(PartyOrgKind::JointBranch), false), None);
        assert_eq!(check(Coverage::InstructorOnly, 0, None, false), Some("organisations.instructor_missing"));
        assert_eq!(check(Coverage::InstructorOnly, 0, None, true), None);
        assert_eq!(check(Coverage::None, 0, branch, true), Some("organisations.party_org_needed"));
    }

    #[test]
    fn a_joint_branch_has_room_for_five() {
        let taken: Vec<bool> = (0..7).map(|others| check_joint(others, &JointBranches::default()).is_ok()).collect();
        assert_eq!(taken, [true, true, true, true, true, false, false]);
    }
}
