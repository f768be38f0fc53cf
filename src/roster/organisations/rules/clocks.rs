//! 合同时钟: what each side may still do until when, explained from the dates of the contract.

use chrono::NaiveDate;

use platform::rule_sets::dto::AppliedRule;

use super::contract::{EXPIRING_DAYS, Term, earliest_end, last_notice_day, notice_days, term_state};
use super::params::Notices;
use crate::organisations::dto::{ClocksOut, ContractId, ContractStatus, NoticeBy, NoticeClock, TermState};

/// What of a contract the clocks are told from.
#[derive(Debug, Clone, Copy)]
pub struct Dates {
    pub id: ContractId,
    pub term: Term,
    pub status: ContractStatus,
    pub effective_on: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
    pub open_items: usize,
}

pub fn tell(dates: &Dates, today: NaiveDate, (t, rule): (&Notices, AppliedRule)) -> ClocksOut {
    let state = term_state(&dates.term, dates.ended_on, today);
    let in_force = ContractStatus::IN_FORCE.contains(&dates.status);
    let may_be_noticed = dates.status == ContractStatus::Active;
    let notices = if may_be_noticed {
        NoticeBy::ALL.iter().map(|by| notice(*by, &dates.term, state, today, t)).collect()
    } else {
        Vec::new()
    };
    ClocksOut {
        contract_id: dates.id,
        as_of: today,
        status: dates.status,
        term_state: state,
        explanation: explain(state, t),
        ends_on: dates.term.ends_on,
        days_to_end: dates.term.ends_on.map(|end| (end - today).num_days()),
        notices,
        rule,
        effective_on: dates.effective_on,
        must_keep_serving: in_force && today >= dates.term.starts_on,
        open_handover_items: i64::try_from(dates.open_items).unwrap_or(i64::MAX),
    }
}

fn notice(by: NoticeBy, term: &Term, state: TermState, today: NaiveDate, t: &Notices) -> NoticeClock {
    let days = notice_days(by, state, t);
    let earliest = earliest_end(today, days);
    let indefinite = matches!(state, TermState::Indefinite | TermState::Continued);
    let earliest_end = match (by, term.ends_on) {
        // Within a fixed term the company can only let it run out, and only with its notice in time.
        (NoticeBy::Company, Some(end)) if !indefinite => (earliest <= end).then_some(end),
        _ => Some(earliest),
    };
    let source = match (indefinite, by) {
        (true, _) => "民法典第948条 · Civil Code 948",
        (false, NoticeBy::Owners) => "民法典第946条 · Civil Code 946",
        (false, NoticeBy::Company) => "民法典第947条 · Civil Code 947",
    };
    let last_notice_day = term.ends_on.filter(|_| !indefinite).map(|end| last_notice_day(end, days));
    NoticeClock { by, days, earliest_end, last_notice_day, source: source.to_owned() }
}

fn explain(state: TermState, t: &Notices) -> String {
    let Notices { owners_days, company_days, indefinite_days } = t;
    match state {
        TermState::NotBegun => "合同期限尚未开始 · The term has not begun".to_owned(),
        TermState::InTerm => format!(
            "定期合同期内: 业主共同决定可提前{owners_days}日通知解聘,企业不续约须于届满{company_days}日前通知 · Within the fixed term"
        ),
        TermState::Expiring => format!(
            "{EXPIRING_DAYS}日内届满: 续订、选聘或提前通知 · It runs out within {EXPIRING_DAYS} days: renew, choose anew, or give notice"
        ),
        TermState::Continued => format!(
            "届满后继续服务,原合同继续有效,服务期限为不定期,双方可提前{indefinite_days}日通知解除(第948条) · Continued past its end, hence indefinite"
        ),
        TermState::Indefinite => format!(
            "不定期合同: 双方可提前{indefinite_days}日通知解除(第948条) · Indefinite: either side, at {indefinite_days} days' notice"
        ),
        TermState::Over => "已终止 · Over".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisations::dto::TermKind;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn told(ends_on: Option<&str>, today: &str) -> ClocksOut {
        let kind = if ends_on.is_some() { TermKind::Fixed } else { TermKind::Indefinite };
        let term = Term { kind, starts_on: day("2021-01-01"), ends_on: ends_on.map(day) };
        let dates = Dates {
            id: ContractId(uuid::Uuid::nil()),
            term,
            status: ContractStatus::Active,
            effective_on: None,
            ended_on: None,
            open_items: 0,
        };
        let rule = AppliedRule {
            key: "organisations.notices".to_owned(),
            rule_set_id: None,
            area_code: None,
            legal_basis: "民法典".to_owned(),
        };
        tell(&dates, day(today), (&Notices::default(), rule))
    }

    #[test]
    fn a_company_that_is_late_with_its_notice_is_bound_until_the_term_has_run_out() {
        let company = |today: &str| told(Some("2024-04-14"), today).notices[1].earliest_end;
        assert_eq!(company("2024-01-15"), Some(day("2024-04-14")), "ninety days before");
        assert_eq!(company("2024-01-16"), None, "eighty-nine days before");
        assert_eq!(company("2024-04-15"), Some(day("2024-06-14")), "sixty days once it has run out");
        assert_eq!(told(Some("2024-04-14"), "2024-01-10").notices[1].last_notice_day, Some(day("2024-01-15")));
    }

    #[test]
    fn both_sides_have_sixty_days_without_a_term() {
        let clocks = told(None, "2024-01-15");
        assert_eq!(clocks.term_state, TermState::Indefinite);
        assert!(clocks.notices.iter().all(|n| (n.days, n.earliest_end) == (60, Some(day("2024-03-15")))));
        assert!(clocks.must_keep_serving && clocks.days_to_end.is_none());
    }
}
