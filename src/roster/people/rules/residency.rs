//! 居住关系: who may verify whom by what (domain B3, B20).

use chrono::NaiveDate;
use platform::Result;
use platform::auth::Role;
use uuid::Uuid;

use super::{
    COMMUNITY_MISSING, EVIDENCE_GIVEN, OWN_CLAIM, RESIDENCY_DECIDED, RESIDENCY_NOT_OPEN, SAME_CONFIRMER, check_end,
};
use crate::people::dto::{GivenAs, ProofKind, ResidencyKind, ResidencyStatus};

/// The two evidences: a document that somebody has seen, and somebody who knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    Document,
    Confirmation,
}

/// Who gave an evidence, and for whom they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    pub by: Option<Uuid>,
    pub given_as: GivenAs,
}

/// Where a claim stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    pub kind: ResidencyKind,
    pub status: ResidencyStatus,
    /// The account of the person whose residency it is.
    pub claimant: Option<Uuid>,
    /// Who filed it, where the person did so themselves.
    pub filed_by: Option<Uuid>,
    pub document: Option<Given>,
    pub confirmation: Option<Given>,
}

impl Standing {
    fn refuse_claimant(&self, actor: Uuid) -> Result<()> {
        let own = self.claimant == Some(actor) || self.filed_by == Some(actor);
        if own { Err((&OWN_CLAIM).into()) } else { Ok(()) }
    }
}

/// Whether `by` may add an evidence, and whether the residency is verified with it. An owner needs both, from two people
/// of whom one stands for the community; a tenant or a family member needs one.
pub fn may_give(standing: &Standing, evidence: Evidence, actor: Uuid, given_as: GivenAs) -> Result<bool> {
    standing.refuse_claimant(actor)?;
    if standing.status != ResidencyStatus::Applied {
        return Err((&RESIDENCY_DECIDED).into());
    }
    let (same, other) = match evidence {
        Evidence::Document => (standing.document, standing.confirmation),
        Evidence::Confirmation => (standing.confirmation, standing.document),
    };
    if same.is_some() {
        return Err((&EVIDENCE_GIVEN).into());
    }
    match other {
        _ if !standing.kind.is_owner() => Ok(true),
        None => Ok(false),
        Some(other) if other.by == Some(actor) => Err((&SAME_CONFIRMER).into()),
        Some(other) if other.given_as == given_as && given_as == GivenAs::OwnersCommittee => {
            Err((&COMMUNITY_MISSING).into())
        }
        Some(_) => Ok(true),
    }
}

pub fn may_reject(standing: &Standing, actor: Uuid) -> Result<()> {
    standing.refuse_claimant(actor)?;
    if standing.status == ResidencyStatus::Applied { Ok(()) } else { Err((&RESIDENCY_DECIDED).into()) }
}

pub fn may_end(status: ResidencyStatus, from: NaiveDate, on: NaiveDate, today: NaiveDate) -> Result<()> {
    if status != ResidencyStatus::Verified {
        return Err((&RESIDENCY_NOT_OPEN).into());
    }
    check_end(Some(from), on, today)
}

/// Which documents can prove what: title for owners, a lease for tenants.
pub fn document_fits(kind: ResidencyKind, document: ProofKind) -> bool {
    use ProofKind::*;
    match kind {
        ResidencyKind::Owner | ResidencyKind::CoOwner => {
            matches!(document, Deed | PurchaseContract | CourtRuling | Inheritance)
        }
        ResidencyKind::Tenant => document == Lease,
        ResidencyKind::Family => document == HouseholdRegister,
    }
}

/// The role that a verified residency brings.
pub fn role_of(kind: ResidencyKind) -> Role {
    if kind.is_owner() { Role::Owner } else { Role::Resident }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn standing(kind: ResidencyKind) -> Standing {
        let claimant = Some(Uuid::from_u128(1));
        let status = ResidencyStatus::Applied;
        Standing { kind, status, claimant, filed_by: claimant, document: None, confirmation: None }
    }

    fn give(standing: &mut Standing, evidence: Evidence, actor: u128, given_as: GivenAs) -> Result<bool, &'static str> {
        let by = Uuid::from_u128(actor);
        let outcome = may_give(standing, evidence, by, given_as).map_err(|e| e.problem().code);
        if let Ok(done) = outcome {
            let given = Some(Given { by: Some(by), given_as });
            match evidence {
                Evidence::Document => standing.document = given,
                Evidence::Confirmation => standing.confirmation = given,
            }
            if done {
                standing.status = ResidencyStatus::Verified;
            }
        }
        outcome
    }

    #[test]
    fn an_owner_needs_two_people_and_a_tenant_one() {
        use Evidence::*;
        use GivenAs::*;
        let mut owner = standing(ResidencyKind::Owner);
        assert_eq!(give(&mut owner, Document, 1, Community), Err("people.own_claim"));
        assert_eq!(give(&mut owner, Document, 2, Community), Ok(false));
        assert_eq!(give(&mut owner, Document, 3, Community), Err("people.evidence_given"));
        assert_eq!(give(&mut owner, Confirmation, 2, Community), Err("people.same_confirmer"));
        assert_eq!(give(&mut owner, Confirmation, 3, OwnersCommittee), Ok(true));
        assert_eq!(give(&mut owner, Confirmation, 4, Community), Err("people.residency_decided"));
        let mut tenant = standing(ResidencyKind::Tenant);
        assert_eq!(give(&mut tenant, Confirmation, 2, Community), Ok(true));
    }

    #[test]
    fn the_committee_alone_makes_no_owner() {
        use Evidence::*;
        use GivenAs::*;
        let mut owner = standing(ResidencyKind::CoOwner);
        assert_eq!(give(&mut owner, Confirmation, 2, OwnersCommittee), Ok(false));
        assert_eq!(give(&mut owner, Document, 3, OwnersCommittee), Err("people.community_missing"));
        assert_eq!(give(&mut owner, Document, 3, Community), Ok(true));
    }

    #[test]
    fn title_proves_owners_and_a_lease_tenants() {
        for document in ProofKind::ALL {
            let owner = document_fits(ResidencyKind::Owner, *document);
            assert!(!(owner && document_fits(ResidencyKind::Tenant, *document)), "{document}");
            assert_eq!(owner, document_fits(ResidencyKind::CoOwner, *document));
        }
        assert!(!document_fits(ResidencyKind::Owner, ProofKind::Lease));
    }

    proptest! {
        /// Whatever is tried in whatever order, an owner is verified by two people other than the claimant.
        #[test]
        fn no_order_of_steps_verifies_an_owner_by_one_person(
            steps in proptest::collection::vec((any::<bool>(), 1u128..4, any::<bool>()), 0..12),
        ) {
            let mut owner = standing(ResidencyKind::Owner);
            for (document, actor, community) in steps {
                let evidence = if document { Evidence::Document } else { Evidence::Confirmation };
                let given_as = if community { GivenAs::Community } else { GivenAs::OwnersCommittee };
                let _ = give(&mut owner, evidence, actor, given_as);
            }
            if owner.status == ResidencyStatus::Verified {
                let by = |given: Option<Given>| given.and_then(|given| given.by);
                let (seen, known) = (by(owner.document), by(owner.confirmation));
                prop_assert!(seen.is_some() && known.is_some() && seen != known);
                prop_assert!(seen != owner.claimant && known != owner.claimant);
            }
        }
    }
}
