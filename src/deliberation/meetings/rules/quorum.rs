//! 到会与表决. Counted by seats, in whole numbers; every comparison says whether the boundary is inside.

use crate::meetings::dto::{Attendance, MeetingParty, Standing};

use super::params::{KindRule, Majority, Quorum};

/// A seat, as far as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    pub party: MeetingParty,
    pub votes: bool,
    pub attendance: Option<Attendance>,
}

impl Seat {
    pub fn is_there(&self) -> bool {
        matches!(self.attendance, Some(Attendance::Present | Attendance::Proxy | Attendance::Recorded))
    }
}

/// Who is there, of whom it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub voting: i64,
    pub present: i64,
    /// Required and not there.
    pub missing: Vec<MeetingParty>,
    pub met: bool,
}

impl Count {
    /// A meeting without its quorum is a consultation, whatever it was called for.
    pub fn standing(&self) -> Standing {
        if self.met { Standing::Joint } else { Standing::Consultation }
    }
}

/// Whether enough of those who have a vote are there: `more than half` is strict, the others include the number
/// (Civil Code 1259).
pub fn is_enough(quorum: Quorum, present: i64, voting: i64) -> bool {
    match quorum {
        Quorum::None => true,
        Quorum::MoreThanHalf => 2 * present > voting,
        Quorum::TwoThirds => voting > 0 && 3 * present >= 2 * voting,
        Quorum::FourFifths => voting > 0 && 5 * present >= 4 * voting,
    }
}

/// Counts the seats. `required` are the parties of the series or of the kind.
pub fn count(rule: &KindRule, required: &[MeetingParty], seats: &[Seat]) -> Count {
    let of = |there: bool| {
        let counted = seats.iter().filter(|seat| seat.votes && (!there || seat.is_there())).count();
        i64::try_from(counted).unwrap_or(i64::MAX)
    };
    let there = |party: &MeetingParty| seats.iter().any(|seat| seat.party == *party && seat.is_there());
    let missing: Vec<MeetingParty> = required.iter().copied().filter(|party| !there(party)).collect();
    let (voting, present) = (of(false), of(true));
    let met = missing.is_empty() && is_enough(rule.quorum, present, voting);
    Count { voting, present, missing, met }
}

/// 表决结果
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub agree: i64,
    pub against: i64,
    pub abstain: i64,
    /// Voting seats that are there and not recused.
    pub present: i64,
    /// All voting seats that are not recused.
    pub all: i64,
}

impl Tally {
    /// Whether it is carried: more than half, of those who are there or of all members. Whoever is recused counts in neither.
    pub fn carries(&self, majority: Majority) -> bool {
        match majority {
            Majority::OfPresent => 2 * self.agree > self.present,
            Majority::OfAll => 2 * self.agree > self.all,
            Majority::NotHere => false,
        }
    }

    /// 协商一致: whoever is there agrees, and somebody is.
    pub fn is_consensus(&self) -> bool {
        self.present > 0 && self.against == 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::meetings::dto::MeetingKind;

    fn seat(party: MeetingParty, votes: bool, there: bool) -> Seat {
        Seat { party, votes, attendance: there.then_some(Attendance::Present) }
    }

    #[test]
    fn a_party_that_is_missing_makes_it_a_consultation() {
        let rule = KindRule::of(MeetingKind::FourPartyJoint);
        let all = [MeetingParty::Community, MeetingParty::Owners, MeetingParty::Company, MeetingParty::CoLocated];
        let seats = |absent: Option<MeetingParty>| all.map(|party| seat(party, true, Some(party) != absent));
        assert_eq!(count(&rule, &all, &seats(None)).standing(), Standing::Joint);
        for party in all {
            let count = count(&rule, &all, &seats(Some(party)));
            assert_eq!((count.standing(), count.missing), (Standing::Consultation, vec![party]));
        }
    }

    #[test]
    fn an_excuse_is_no_presence_and_an_observer_no_vote() {
        let rule = KindRule::of(MeetingKind::OcMeeting);
        let excused = Seat { party: MeetingParty::Owners, votes: true, attendance: Some(Attendance::Excused) };
        let seats = [excused, seat(MeetingParty::Owners, true, true), seat(MeetingParty::Company, false, true)];
        let count = count(&rule, &[MeetingParty::Owners], &seats);
        assert_eq!((count.voting, count.present, count.met), (2, 1, false), "one of two is not more than half");
    }

    proptest! {
        /// Each quorum at one below, at and one above its boundary.
        #[test]
        fn quorums_at_their_boundaries(voting in 1i64..400) {
            let half = voting / 2;
            prop_assert!(!is_enough(Quorum::MoreThanHalf, half, voting));
            prop_assert!(is_enough(Quorum::MoreThanHalf, half + 1, voting));
            for (quorum, part, of) in [(Quorum::TwoThirds, 2, 3), (Quorum::FourFifths, 4, 5)] {
                let least = (part * voting + of - 1) / of;
                prop_assert!(!is_enough(quorum, least - 1, voting));
                prop_assert!(is_enough(quorum, least, voting) && is_enough(quorum, least + 1, voting));
            }
            prop_assert!(is_enough(Quorum::None, 0, voting));
        }

        /// Majorities at one below, at and one above half, of those present and of all.
        #[test]
        fn majorities_at_their_boundaries(present in 1i64..200, absent in 0i64..200) {
            let all = present + absent;
            let carried = |agree: i64, majority| Tally { agree, present, all, ..Tally::default() }.carries(majority);
            prop_assert!(!carried(present / 2, Majority::OfPresent));
            prop_assert!(carried(present / 2 + 1, Majority::OfPresent));
            prop_assert!(!carried(all / 2, Majority::OfAll));
            prop_assert!(carried(all / 2 + 1, Majority::OfAll));
            prop_assert!(!carried(all, Majority::NotHere), "owners decide by a vote of their own");
        }

        /// What all members carry, those present carry as well: never the other way round.
        #[test]
        fn a_majority_of_all_is_the_stricter(agree in 0i64..200, present in 0i64..200, absent in 0i64..200) {
            let tally = Tally { agree: agree.min(present), present, all: present + absent, ..Tally::default() };
            prop_assert!(!tally.carries(Majority::OfAll) || tally.carries(Majority::OfPresent));
        }
    }
}
