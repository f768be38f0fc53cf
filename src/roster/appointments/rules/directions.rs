//! 方向: from which seat of which organisation to which seat of which other one may cross (domain B4). A rule set: each
//! place may widen or narrow it; what follows is what holds where none has.

use platform::rule_sets::{Params, RuleKey};
use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use crate::appointments::dto::SeatKind;
use crate::organisations::{OrgKind, PartyOrgKind};

/// One end of a direction. An empty list of Party kinds or seats is any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct End {
    pub org: OrgKind,
    #[serde(default)]
    #[validate(length(max = 20))]
    pub party: Vec<PartyOrgKind>,
    #[serde(default)]
    #[validate(length(max = 20))]
    pub seats: Vec<SeatKind>,
}

impl End {
    pub fn fits(&self, org: OrgKind, party: Option<PartyOrgKind>, seat: SeatKind) -> bool {
        self.org == org
            && (self.party.is_empty() || party.is_some_and(|party| self.party.contains(&party)))
            && (self.seats.is_empty() || self.seats.contains(&seat))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Direction {
    /// The word by which it is counted.
    #[validate(length(min = 1, max = 60))]
    pub name: String,
    /// Any of these.
    #[validate(length(min = 1, max = 10), nested)]
    pub from: Vec<End>,
    /// To any of these.
    #[validate(length(min = 1, max = 10), nested)]
    pub to: Vec<End>,
    /// Only for Party members, whatever the seat asks for.
    #[serde(default)]
    pub party_member: bool,
}

/// 交叉任职方向矩阵
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Directions {
    #[validate(length(min = 1, max = 40), nested, custom(function = check_names))]
    pub directions: Vec<Direction>,
}

fn check_names(directions: &[Direction]) -> Result<(), ValidationError> {
    // 北京市物业管理条例 39(4): no rule set may open an owners' committee to those who come from a company.
    let opens = |d: &Direction| {
        let from_company = d.from.iter().any(|end| matches!(end.org, OrgKind::PropertyCompany | OrgKind::Supplier));
        from_company && d.to.iter().any(|end| end.org == OrgKind::OwnersCommittee)
    };
    let twice = |(at, d): (usize, &Direction)| directions.iter().skip(at + 1).any(|other| other.name == d.name);
    if directions.iter().any(opens) {
        Err(ValidationError::new("company_to_committee"))
    } else if directions.iter().enumerate().any(twice) {
        Err(ValidationError::new("name_twice"))
    } else {
        Ok(())
    }
}

impl Params for Directions {}

impl Directions {
    pub fn find(
        &self,
        from: (OrgKind, Option<PartyOrgKind>, SeatKind),
        to: (OrgKind, Option<PartyOrgKind>, SeatKind),
    ) -> Option<&Direction> {
        let fits = |ends: &[End], (org, party, seat)| ends.iter().any(|end| end.fits(org, party, seat));
        self.directions.iter().find(|direction| fits(&direction.from, from) && fits(&direction.to, to))
    }
}

pub const DIRECTIONS: RuleKey = RuleKey::new::<Directions>(
    "appointments.directions",
    "交叉任职方向",
    "Directions of cross-appointment",
    "五地做法归纳(邯郸、焦作、肃州) · as practised in Handan, Jiaozuo and Suzhou District",
);

fn end(org: OrgKind, party: &[PartyOrgKind], seats: &[SeatKind]) -> End {
    End { org, party: party.to_vec(), seats: seats.to_vec() }
}

fn direction(name: &str, from: Vec<End>, to: Vec<End>) -> Direction {
    Direction { name: name.to_owned(), from, to, party_member: false }
}

impl Default for Directions {
    /// Domain B4, in its order.
    fn default() -> Self {
        use OrgKind::{OwnersCommittee, PartyMassCouncil, PartyOrg, PropertyCompany, RedServiceStation};
        use OrgKind::{ResidentsCommittee, SelfManagementCommittee};
        use PartyOrgKind as P;
        use SeatKind as S;
        let officers = [S::Secretary, S::GeneralBranchSecretary, S::DeputySecretary, S::CommitteeMember];
        let heads = [S::Secretary, S::GeneralBranchSecretary];
        let of_company = [P::CompanyBranch, P::JointBranch, P::AffiliatedBranch, P::GeneralBranch];
        let community = [P::CommunityCommittee, P::GeneralBranch];
        let two_committees = || {
            vec![
                end(ResidentsCommittee, &[], &[S::Director, S::DeputyDirector, S::Member]),
                end(PartyOrg, &community, &officers),
            ]
        };
        let chairs = || vec![end(ResidentsCommittee, &[], &[S::Director, S::DeputyDirector])];
        let part_time = || {
            vec![end(ResidentsCommittee, &[], &[S::PartTimeMember]), end(PartyOrg, &community, &[S::PartTimeMember])]
        };
        let directions = vec![
            direction(
                "community_to_committee",
                two_committees(),
                vec![end(OwnersCommittee, &[], &[]), end(SelfManagementCommittee, &[], &[])],
            ),
            direction("community_to_company_branch", chairs(), vec![end(PartyOrg, &of_company, &heads)]),
            direction("community_to_committee_branch", chairs(), vec![end(PartyOrg, &[P::OcBranch], &officers)]),
            Direction {
                party_member: true,
                ..direction(
                    "company_to_community",
                    vec![end(PropertyCompany, &[], &[S::Head, S::Administrator, S::ProjectManager])],
                    part_time(),
                )
            },
            direction(
                "company_branch_to_community",
                vec![end(PartyOrg, &of_company, &heads)],
                [part_time(), vec![end(PartyMassCouncil, &[], &[S::PartTimeMember, S::Member])]].concat(),
            ),
            direction(
                "branch_to_big_committee",
                vec![end(PartyOrg, &[&of_company[..], &[P::OcBranch]].concat(), &heads)],
                vec![end(PartyOrg, &[P::BigCommittee], &[S::PartTimeMember])],
            ),
            direction(
                "branch_to_station",
                vec![end(
                    PartyOrg,
                    &[P::CompoundBranch, P::BuildingGroup, P::OcBranch],
                    &[S::Secretary, S::DeputySecretary],
                )],
                vec![end(RedServiceStation, &[], &[S::Head])],
            ),
            direction(
                "company_to_grid",
                vec![end(PropertyCompany, &[], &[S::Staff, S::ProjectManager])],
                vec![end(ResidentsCommittee, &[], &[S::PartTimeGridWorker])],
            ),
        ];
        Self { directions }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RC: OrgKind = OrgKind::ResidentsCommittee;
    const OC: OrgKind = OrgKind::OwnersCommittee;
    const COMPANY: OrgKind = OrgKind::PropertyCompany;
    const PARTY: OrgKind = OrgKind::PartyOrg;

    fn name(
        from: (OrgKind, Option<PartyOrgKind>, SeatKind),
        to: (OrgKind, Option<PartyOrgKind>, SeatKind),
    ) -> Option<String> {
        Directions::default().find(from, to).map(|direction| direction.name.clone())
    }

    #[test]
    fn the_directions_of_the_seeds() {
        use PartyOrgKind as P;
        use SeatKind as S;
        let cases = [
            ((RC, None, S::Member), (OC, None, S::Member), "community_to_committee"),
            (
                (RC, None, S::Director),
                (PARTY, Some(P::GeneralBranch), S::GeneralBranchSecretary),
                "community_to_company_branch",
            ),
            (
                (RC, None, S::DeputyDirector),
                (PARTY, Some(P::OcBranch), S::CommitteeMember),
                "community_to_committee_branch",
            ),
            ((COMPANY, None, S::Administrator), (RC, None, S::PartTimeMember), "company_to_community"),
            (
                (PARTY, Some(P::CompanyBranch), S::Secretary),
                (PARTY, Some(P::CommunityCommittee), S::PartTimeMember),
                "company_branch_to_community",
            ),
            (
                (PARTY, Some(P::OcBranch), S::Secretary),
                (PARTY, Some(P::BigCommittee), S::PartTimeMember),
                "branch_to_big_committee",
            ),
            (
                (PARTY, Some(P::CompoundBranch), S::DeputySecretary),
                (OrgKind::RedServiceStation, None, S::Head),
                "branch_to_station",
            ),
            ((COMPANY, None, S::Staff), (RC, None, S::PartTimeGridWorker), "company_to_grid"),
        ];
        for (from, to, expected) in cases {
            assert_eq!(name(from, to).as_deref(), Some(expected));
        }
    }

    /// T13: a company's people enter the community, never an owners' committee.
    #[test]
    fn no_company_seat_crosses_to_a_committee() {
        for from in SeatKind::ALL {
            for to in SeatKind::ALL {
                assert_eq!(name((COMPANY, None, *from), (OC, None, *to)), None);
            }
        }
    }

    #[test]
    fn a_rule_set_that_opens_committees_to_companies_is_refused() {
        assert!(DIRECTIONS.check(&DIRECTIONS.default()).is_ok());
        let mut opened = Directions::default();
        opened.directions.push(direction("x", vec![end(COMPANY, &[], &[])], vec![end(OC, &[], &[])]));
        assert!(DIRECTIONS.check(&serde_json::json!(opened)).is_err());
        let mut twice = Directions::default();
        twice.directions.extend(Directions::default().directions);
        assert!(DIRECTIONS.check(&serde_json::json!(twice)).is_err());
    }
}
