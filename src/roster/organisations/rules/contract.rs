//! 物业服务合同: its states, and the clocks of Civil Code 946–950.
//!
//! A period in days begins on the day after the notice (Civil Code 201) and runs out at the end of its last day, so sixty
//! days' notice given on day D lets the contract end with day D + 60 and not before. `effective_on` is that last day.

use chrono::{Duration, NaiveDate};
use platform::Result;
use uuid::Uuid;

use super::params::Notices;
use super::{
    BEFORE_EFFECTIVE, COMPANY_BOUND, COMPANY_FILES_ITSELF, CONTRACT_STEP, CONTRACT_TERM, HANDOVER_INCOMPLETE,
    IN_THE_FUTURE, NOT_FOR_THE_OTHER, NOTICE_TOO_SHORT, OWN_FILING, TOO_EARLY, WHOLE_SUBCONTRACT,
};
use crate::organisations::dto::{ContractStatus, NoticeBy, TermKind, TermState};

/// Days before its last one from which a fixed term counts as running out.
pub const EXPIRING_DAYS: i64 = 90;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    pub kind: TermKind,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
}

/// 期限: a fixed term has a last day, an indefinite one has none.
pub fn check_term(term: &Term) -> Result<()> {
    let fits = match (term.kind, term.ends_on) {
        (TermKind::Fixed, Some(end)) => end >= term.starts_on,
        (TermKind::Indefinite, None) => true,
        _ => false,
    };
    if fits { Ok(()) } else { Err(CONTRACT_TERM.at("/ends_on")) }
}

/// 转委托: parts of the service may be passed on, never the whole (Civil Code 941).
pub fn check_subcontract(whole: bool) -> Result<()> {
    if whole { Err(WHOLE_SUBCONTRACT.at("/subcontracts_whole_service")) } else { Ok(()) }
}

/// Where the term stands on a day. A fixed term that ran out while the service went on is an indefinite one (Civil Code
/// 948): that follows from the dates alone, so it is told on reading and never stored.
pub fn term_state(term: &Term, ended_on: Option<NaiveDate>, today: NaiveDate) -> TermState {
    if ended_on.is_some_and(|on| on < today) {
        return TermState::Over;
    }
    if today < term.starts_on {
        return TermState::NotBegun;
    }
    match term.ends_on {
        None => TermState::Indefinite,
        Some(end) if end < today => TermState::Continued,
        Some(end) if (end - today).num_days() <= EXPIRING_DAYS => TermState::Expiring,
        Some(_) => TermState::InTerm,
    }
}

fn after(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_signed(Duration::days(days)).unwrap_or(day)
}

/// The days of notice that a side owes: the owners 60 (Civil Code 946, 948), the company 90 before the end of a fixed
/// term (947) and 60 where the term is or has become indefinite (948).
pub fn notice_days(by: NoticeBy, state: TermState, t: &Notices) -> i64 {
    match (by, state) {
        (_, TermState::Indefinite | TermState::Continued) => t.indefinite_days,
        (NoticeBy::Owners, _) => t.owners_days,
        (NoticeBy::Company, _) => t.company_days,
    }
}

/// The first day with which the contract can end where notice is given on `notice_on`; the day of the notice is not counted.
pub fn earliest_end(notice_on: NaiveDate, days: i64) -> NaiveDate {
    after(notice_on, days)
}

/// The last day on which a notice of so many days can still be given for an end on `end`.
pub fn last_notice_day(end: NaiveDate, days: i64) -> NaiveDate {
    after(end, -days)
}

/// 通知: long enough, and by the company within a fixed term only to let it run out.
pub fn may_give_notice(
    by: NoticeBy,
    term: &Term,
    (notice_on, effective_on): (NaiveDate, NaiveDate),
    today: NaiveDate,
    t: &Notices,
) -> Result<()> {
    if notice_on > today {
        return Err(IN_THE_FUTURE.at("/notice_on"));
    }
    let state = term_state(term, None, notice_on);
    let indefinite = matches!(state, TermState::Indefinite | TermState::Continued);
    if by == NoticeBy::Company && !indefinite && term.ends_on.is_some_and(|end| end != effective_on) {
        return Err(COMPANY_BOUND.at("/effective_on"));
    }
    if effective_on < earliest_end(notice_on, notice_days(by, state, t)) {
        return Err(NOTICE_TOO_SHORT.at("/effective_on"));
    }
    Ok(())
}

/// 代表哪一方: who acts for the company gives the company's notice, who sits for the owners theirs; the community and the
/// street record either.
pub fn may_speak_for(by: NoticeBy, is_government: bool, is_company: bool, is_committee: bool) -> Result<()> {
    let own = match by {
        NoticeBy::Owners => is_committee,
        NoticeBy::Company => is_company,
    };
    if own || is_government { Ok(()) } else { Err((&NOT_FOR_THE_OTHER).into()) }
}

/// The edges of a contract.
pub fn may_become(from: ContractStatus, to: ContractStatus) -> Result<()> {
    use ContractStatus::*;
    let allowed = matches!(
        (from, to),
        (Draft, Submitted)
            | (Submitted, Draft | Active)
            | (Draft | Submitted, Withdrawn)
            | (Active, NoticeGiven)
            | (NoticeGiven, Handover)
            | (Handover, Ended)
    );
    if allowed { Ok(()) } else { Err((&CONTRACT_STEP).into()) }
}

/// 备案: by the authority; never by who submitted it, and never by somebody of the company (domain B20).
pub fn may_file(submitted_by: Option<Uuid>, filed_by: Uuid, of_the_company: bool) -> Result<()> {
    if submitted_by == Some(filed_by) {
        Err((&OWN_FILING).into())
    } else if of_the_company {
        Err((&COMPANY_FILES_ITSELF).into())
    } else {
        Ok(())
    }
}

/// 交接完成: the whole checklist (Civil Code 949), and not before the day that the notice named (950).
pub fn may_conclude(effective_on: Option<NaiveDate>, open_items: usize, on: NaiveDate, today: NaiveDate) -> Result<()> {
    if on > today {
        Err(IN_THE_FUTURE.at("/on"))
    } else if effective_on.is_none_or(|effective| on < effective) {
        Err(BEFORE_EFFECTIVE.at("/on"))
    } else if open_items > 0 {
        Err((&HANDOVER_INCOMPLETE).into())
    } else {
        Ok(())
    }
}

/// 备案日: a contract is filed when it is concluded, so today at the latest.
pub fn check_filing_day(on: NaiveDate, today: NaiveDate) -> Result<()> {
    if on > today { Err(IN_THE_FUTURE.at("/on")) } else { Ok(()) }
}

/// 交接事项的日期: since the notice, today at the latest.
pub fn check_item_day(notice_on: Option<NaiveDate>, on: NaiveDate, today: NaiveDate) -> Result<()> {
    if on > today {
        Err(IN_THE_FUTURE.at("/done_on"))
    } else if notice_on.is_some_and(|notice| on < notice) {
        Err(TOO_EARLY.at("/done_on"))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn fixed(from: &str, to: &str) -> Term {
        Term { kind: TermKind::Fixed, starts_on: day(from), ends_on: Some(day(to)) }
    }

    const INDEFINITE: &str = "2020-01-01";

    fn indefinite() -> Term {
        Term { kind: TermKind::Indefinite, starts_on: day(INDEFINITE), ends_on: None }
    }

    fn notice(by: NoticeBy, term: &Term, after_days: i64) -> Option<&'static str> {
        let on = day("2024-01-10");
        let verdict = may_give_notice(by, term, (on, after(on, after_days)), day("2024-01-15"), &Notices::default());
        verdict.err().map(|error| error.problem().code)
    }

    #[test]
    fn owners_owe_sixty_days_and_the_day_of_the_notice_is_not_counted() {
        let term = fixed("2023-01-01", "2026-12-31");
        let short = Some("organisations.notice_too_short");
        assert_eq!([59, 60, 61].map(|days| notice(NoticeBy::Owners, &term, days)), [short, None, None]);
        assert_eq!(earliest_end(day("2024-01-10"), 60), day("2024-03-10"));
        assert_eq!(last_notice_day(day("2024-03-10"), 60), day("2024-01-10"));
    }

    #[test]
    fn a_company_owes_ninety_days_before_the_end_of_its_term() {
        let short = Some("organisations.notice_too_short");
        let ends = |days| fixed("2023-01-01", &after(day("2024-01-10"), days).to_string());
        assert_eq!([89, 90, 91].map(|days| notice(NoticeBy::Company, &ends(days), days)), [short, None, None]);
        // Whatever the notice, it cannot leave before its term runs out.
        assert_eq!(notice(NoticeBy::Company, &ends(400), 200), Some("organisations.company_bound"));
    }

    #[test]
    fn sixty_days_for_either_side_where_the_term_is_or_became_indefinite() {
        let short = Some("organisations.notice_too_short");
        for term in [indefinite(), fixed("2020-01-01", "2023-12-31")] {
            for by in [NoticeBy::Owners, NoticeBy::Company] {
                assert_eq!([59, 60, 61].map(|days| notice(by, &term, days)), [short, None, None], "{by}");
            }
        }
    }

    #[test]
    fn a_term_that_ran_out_while_the_service_goes_on_is_indefinite() {
        let term = fixed("2020-01-01", "2024-01-14");
        let state = |on: &str| term_state(&term, None, day(on));
        assert_eq!(state("2019-12-31"), TermState::NotBegun);
        assert_eq!(state("2020-01-01"), TermState::InTerm);
        assert_eq!(state("2023-10-15"), TermState::InTerm, "91 days before");
        assert_eq!(state("2023-10-16"), TermState::Expiring, "90 days before");
        assert_eq!(state("2024-01-14"), TermState::Expiring, "the last day");
        assert_eq!(state("2024-01-15"), TermState::Continued);
        assert_eq!(term_state(&term, Some(day("2024-01-14")), day("2024-01-15")), TermState::Over);
        assert_eq!(term_state(&indefinite(), None, day("2024-01-15")), TermState::Indefinite);
    }

    #[test]
    fn nothing_is_skipped_on_the_way_to_the_end() {
        use ContractStatus::*;
        for from in ContractStatus::ALL {
            for to in ContractStatus::ALL {
                let ok = may_become(*from, *to).is_ok();
                assert!(!ok || !matches!(from, Ended | Withdrawn), "{from} -> {to}");
                assert!(!ok || *to != Ended || *from == Handover, "{from} -> {to}");
                assert!(!ok || *to != Active || *from == Submitted, "{from} -> {to}");
            }
        }
    }

    #[test]
    fn the_service_goes_on_until_all_is_handed_over() {
        let (effective, today) = (Some(day("2024-01-10")), day("2024-01-15"));
        let code =
            |open, on: &str| may_conclude(effective, open, day(on), today).err().map(|error| error.problem().code);
        assert_eq!(code(0, "2024-01-10"), None);
        assert_eq!(code(1, "2024-01-10"), Some("organisations.handover_incomplete"));
        assert_eq!(code(0, "2024-01-09"), Some("organisations.before_effective"));
        assert_eq!(code(0, "2024-01-16"), Some("organisations.in_the_future"));
    }

    #[test]
    fn nobody_files_their_own() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(may_file(Some(a), a, false).is_err());
        assert!(may_file(Some(a), b, true).is_err());
        assert!(may_file(Some(a), b, false).is_ok());
    }

    proptest! {
        #[test]
        fn no_notice_is_shorter_than_the_law_allows(
            by in proptest::sample::select(NoticeBy::ALL.to_vec()), length in 1i64..2000, given in 0i64..2500, wait in 0i64..400,
        ) {
            let start = day("2018-01-01");
            let term = Term { kind: TermKind::Fixed, starts_on: start, ends_on: Some(after(start, length)) };
            let on = after(start, given);
            let effective = after(on, wait);
            let ok = may_give_notice(by, &term, (on, effective), on, &Notices::default()).is_ok();
            prop_assert!(!ok || wait >= 60);
            let within = on <= after(start, length);
            prop_assert!(!ok || !within || by == NoticeBy::Owners || (wait >= 90 && Some(effective) == term.ends_on));
        }
    }
}
