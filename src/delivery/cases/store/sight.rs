//! Which cases a caller sees, and as whom: an overseer by the place, a handler what they have in hand, a reporter their own.

use diesel::prelude::*;
use platform::auth::{Actor, AreaCode, Grant, Principal, Scope, Visible};
use platform::db::{Conn, fixed};
use platform::history::By;
use platform::{Error, Result};
use registry::identity::AccountId;
use roster::organisations::OrganisationId;

use super::rows::{CaseRow, ListedRow};
use crate::cases::CasesRead;
use crate::cases::dto::{CaseId, Identity, Tier};
use crate::cases::rules::machine::Party;
use crate::cases::rules::parties::{HANDLERS, OVERSEERS, PERSONS, desk_of, sits_over};
use crate::cases::rules::{HANDLER_VISITS, NOT_ABOVE, NOT_HANDLER, NOT_REPORTER, NOT_YOUR_TIER};
use crate::schema::cases;

/// What a caller may look at.
#[derive(Debug, Clone)]
pub struct Sight {
    /// Overseen by place.
    pub areas: Visible,
    /// Handled for these organisations.
    pub organisations: Vec<OrganisationId>,
    pub account: AccountId,
    /// Whether a case may be given to the caller by name outside of what they oversee.
    pub named: bool,
    /// The desks that the caller sits at, with their places, each once.
    desks: Vec<(Tier, AreaCode)>,
}

/// As whom a case is seen: it decides what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenAs {
    /// By the place: may learn who reported, where that is not anonymous.
    Overseer,
    /// Has it, or had it, in hand.
    Handler,
}

/// Of a case, what decides as whom it is seen.
#[derive(Debug, Clone, Copy)]
pub struct Bearings<'a> {
    area_code: &'a str,
    grid_code: Option<&'a str>,
    identity: Identity,
    organisations: [Option<OrganisationId>; 2],
    accounts: [Option<AccountId>; 2],
}

macro_rules! bearings {
    ($row:ty) => {
        impl<'a> From<&'a $row> for Bearings<'a> {
            fn from(row: &'a $row) -> Self {
                Self {
                    area_code: &row.area_code,
                    grid_code: row.grid_code.as_deref(),
                    identity: row.identity,
                    organisations: [row.handler_org_id, row.responsible_org_id],
                    accounts: [row.handler_id, row.responsible_id],
                }
            }
        }
    };
}
bearings!(CaseRow);
bearings!(ListedRow);

impl Sight {
    pub fn of<S: Scope>(who: &Actor<S>) -> Self {
        Self::of_principal(who.principal())
    }

    pub fn of_principal(who: &Principal) -> Self {
        let desks = who.grants().iter().filter_map(|grant| Some((desk_of(grant.role)?, grant.area.clone())));
        let mut desks: Vec<(Tier, AreaCode)> = desks.collect();
        desks.sort_unstable();
        desks.dedup();
        let elsewhere = |grant: &Grant| PERSONS.contains(&grant.role) && !OVERSEERS.contains(&grant.role);
        Self {
            areas: who.visible_as(OVERSEERS, CasesRead::NAME),
            organisations: who.organisations(HANDLERS).into_iter().map(OrganisationId).collect(),
            account: AccountId(who.id),
            named: who.grants().iter().any(elsewhere),
            desks,
        }
    }

    /// Of some places only, whatever else the caller has in hand.
    pub fn by_place<S: Scope>(who: &Actor<S>) -> Self {
        let account = AccountId(who.id());
        Self { areas: who.visible(), organisations: Vec::new(), account, named: false, desks: Vec::new() }
    }

    /// As whom the caller sees this case.
    pub fn sees<'a>(&self, case: impl Into<Bearings<'a>>) -> Option<SeenAs> {
        let case = case.into();
        let overseen = self.areas.covers(case.area_code) || case.grid_code.is_some_and(|grid| self.areas.covers(grid));
        let in_hand = match case.identity {
            // A grid worker who was given the case is its handler, whatever else they oversee; a desk stays the desk.
            Identity::Open => self.handles(case) && self.desk_over(case).is_none(),
            // Whom the reporter keeps out of sight is out of sight for who works on the case, desk or not.
            Identity::Hidden | Identity::Anonymous => self.has_had(case),
        };
        match overseen {
            true if in_hand => Some(SeenAs::Handler),
            true => Some(SeenAs::Overseer),
            false => self.has_had(case).then_some(SeenAs::Handler),
        }
    }

    /// Whether the caller has the case in hand.
    pub fn handles<'a>(&self, case: impl Into<Bearings<'a>>) -> bool {
        let Bearings { organisations: [organisation, _], accounts: [account, _], .. } = case.into();
        self.is_any(organisation, account)
    }

    /// The highest desk that the caller sits at over the case.
    pub fn desk_over<'a>(&self, case: impl Into<Bearings<'a>>) -> Option<Tier> {
        let case = case.into();
        let over = self.desks.iter().filter(|(_, area)| area.covers(case.area_code));
        over.map(|(tier, _)| *tier).max()
    }

    /// The places of the caller's desks, each with the tiers that it is asked about; none twice.
    pub fn desks_for(&self, tiers: fn(Tier) -> &'static [Tier]) -> Vec<(&AreaCode, &'static [Tier])> {
        let desks = self.desks.iter().map(|(own, area)| (area, tiers(*own))).filter(|(_, tiers)| !tiers.is_empty());
        // By length, so that a desk that covers another comes before it.
        let mut desks: Vec<_> = desks.collect();
        desks.sort_by_key(|(area, tiers)| (area.as_str().len(), std::cmp::Reverse(tiers.len())));
        let mut kept: Vec<(&AreaCode, &'static [Tier])> = Vec::with_capacity(desks.len());
        for (area, tiers) in desks {
            let within = |(over, all): &(&AreaCode, &[Tier])| {
                over.covers(area.as_str()) && tiers.iter().all(|tier| all.contains(tier))
            };
            if !kept.iter().any(within) {
                kept.push((area, tiers));
            }
        }
        kept
    }

    /// `Ok` where the caller is this party to the case.
    pub fn stands(&self, party: Party, row: &CaseRow) -> Result<()> {
        let own = self.desk_over(row);
        let (stands, refusal) = match party {
            Party::Desk => (own.is_some_and(|own| sits_over(own, row.tier)), &NOT_YOUR_TIER),
            Party::Handler => (self.handles(row), &NOT_HANDLER),
            // At the top there is no tier above; the district decides for itself.
            Party::Above => (own.is_some_and(|own| own >= row.tier.above().unwrap_or(row.tier)), &NOT_ABOVE),
            Party::Visitor if self.has_had(row) => (false, &HANDLER_VISITS),
            Party::Visitor => (own.is_some_and(|own| own >= Tier::Community), &NOT_YOUR_TIER),
            Party::Reporter | Party::System => (false, &NOT_REPORTER),
        };
        if stands { Ok(()) } else { Err(refusal.into()) }
    }

    /// Whether the caller is of the house that has or had the case in hand.
    fn has_had<'a>(&self, case: impl Into<Bearings<'a>>) -> bool {
        let case = case.into();
        case.organisations.into_iter().zip(case.accounts).any(|(house, person)| self.is_any(house, person))
    }

    fn is_any(&self, house: Option<OrganisationId>, person: Option<AccountId>) -> bool {
        house.is_some_and(|id| self.organisations.contains(&id)) || person == Some(self.account)
    }
}

/// A case, whoever asks: for work that has asked already, or that nobody asked for.
pub fn get(c: &mut Conn, id: CaseId) -> Result<CaseRow> {
    // On each engine by itself: the combined backend would write the SQL out anew for every call of this hottest query.
    Ok(platform::on_each!(c => fixed(cases::table.find(id).select(CaseRow::as_select())).get_result(c))?)
}

/// The same, settled first: what time has done to the case comes before what the caller does.
pub fn find_to_change(c: &mut Conn, sight: &Sight, id: CaseId, by: &By) -> Result<(CaseRow, SeenAs)> {
    let (row, seen) = find(c, sight, id)?;
    Ok((super::as_of::settle(c, row, by)?, seen))
}

/// Whether there is such a case, whoever asks.
pub fn exists(c: &mut Conn, id: CaseId) -> Result<bool> {
    let found: i64 = cases::table.find(id).count().get_result(c)?;
    Ok(found == 1)
}

/// A case that the caller oversees or handles; 404 otherwise.
pub fn find(c: &mut Conn, sight: &Sight, id: CaseId) -> Result<(CaseRow, SeenAs)> {
    let row = get(c, id)?;
    let seen = sight.sees(&row).ok_or(Error::NotFound)?;
    Ok((row, seen))
}
