//! Who may publish what where, and how long it stands.

use chrono::NaiveDate;
use platform::Result;
use platform::auth::{AreaCode, AreaLevel, Role};
use platform::clock::midnight_in_shanghai;
use platform::db::Ts;

use super::{
    EXPIRES_IN_PERIOD, EXPIRES_PAST, IN_PERIOD, LEGAL_FOR_EVERYBODY, LEGAL_NOT_YOURS, LEVEL, NOT_PUBLISHED, NOT_YOURS,
    ONLY_LEGAL, OWN_COMPOUND, POSTING_ENDED, POSTING_EXTRA, POSTING_MISSING,
};
use crate::notices::dto::{NoticeClass, NoticeStanding, NoticeStatus};

/// Who publishes for the public side: of any class, anywhere in their own area.
const OFFICES: &[Role] = &[
    Role::DistrictCoord,
    Role::PropertyAuthority,
    Role::StreetOfficer,
    Role::CommunitySecretary,
    Role::CommunityWorker,
];

/// Who sees what is published in their area, for whichever roles it is.
pub const OVERSEERS: &[Role] = &[
    Role::DistrictCoord,
    Role::PropertyAuthority,
    Role::StreetOfficer,
    Role::CommunitySecretary,
    Role::CommunityWorker,
    Role::Auditor,
];

/// A grid and a compound are not below each other, so of a notice for a grid nobody who lives there would be found.
pub fn check_level(area: &AreaCode) -> Result<()> {
    use AreaLevel::{Community, Compound, District, Street};
    let fits = matches!(area.level(), District | Street | Community | Compound);
    if fits { Ok(()) } else { Err(LEVEL.at("/area_code")) }
}

/// `roles` are those that the caller publishes by over the area; a program has none.
pub fn may_publish(class: NoticeClass, area: &AreaCode, roles: &[Role]) -> Result<()> {
    let by_office = roles.iter().any(|role| OFFICES.contains(role));
    let by_committee = roles.contains(&Role::OcChair);
    match class {
        _ if by_office => Ok(()),
        NoticeClass::Legal => Err((&LEGAL_NOT_YOURS).into()),
        NoticeClass::General if by_committee && area.level() != AreaLevel::Compound => Err((&OWN_COMPOUND).into()),
        NoticeClass::General => Ok(()),
    }
}

/// The same for a step on a notice that stands: an office answers for all that is published in its area, a committee only for
/// what is its `own`.
pub fn may_act_on(class: NoticeClass, area: &AreaCode, roles: &[Role], own: bool) -> Result<()> {
    may_publish(class, area, roles)?;
    let by_office = roles.iter().any(|role| OFFICES.contains(role));
    if by_office || own { Ok(()) } else { Err((&NOT_YOURS).into()) }
}

/// Whether the parts of a new notice belong together. What is posted is for everybody to read, so a legal notice is.
pub fn check_parts(class: NoticeClass, for_everybody: bool, has_posting: bool) -> Result<()> {
    match class {
        NoticeClass::Legal if !for_everybody => Err(LEGAL_FOR_EVERYBODY.at("/roles")),
        NoticeClass::Legal if !has_posting => Err(POSTING_MISSING.at("/posting")),
        NoticeClass::General if has_posting => Err(POSTING_EXTRA.at("/posting")),
        _ => Ok(()),
    }
}

/// The last day of a period runs to its end (Civil Code 203), so nothing expires before the midnight behind it.
pub fn check_expiry(expires_at: Option<Ts>, period_ends_on: Option<NaiveDate>, now: Ts) -> Result<()> {
    let Some(expires_at) = expires_at else { return Ok(()) };
    if expires_at <= now {
        return Err(EXPIRES_PAST.at("/expires_at"));
    }
    let over = period_ends_on.and_then(|last| last.succ_opt()).map(midnight_in_shanghai);
    if over.is_some_and(|over| expires_at < over) { Err(EXPIRES_IN_PERIOD.at("/expires_at")) } else { Ok(()) }
}

/// The state as it is read: nothing has to be swept for a notice to expire.
pub fn status_at(standing: NoticeStanding, expires_at: Option<Ts>, now: Ts) -> NoticeStatus {
    match standing {
        NoticeStanding::Withdrawn => NoticeStatus::Withdrawn,
        NoticeStanding::Superseded => NoticeStatus::Superseded,
        NoticeStanding::Published if expires_at.is_some_and(|at| at <= now) => NoticeStatus::Expired,
        NoticeStanding::Published => NoticeStatus::Published,
    }
}

/// What is posted, as far as steps on the notice ask.
#[derive(Debug, Clone, Copy)]
pub struct Posted {
    pub period_ends_on: Option<NaiveDate>,
    pub ended: bool,
}

pub fn may_withdraw(standing: NoticeStanding, posted: Posted, today: NaiveDate) -> Result<()> {
    if standing != NoticeStanding::Published {
        Err((&NOT_PUBLISHED).into())
    } else if posted.period_ends_on.is_some_and(|last| today <= last) {
        Err((&IN_PERIOD).into())
    } else {
        Ok(())
    }
}

/// For what is done to a posting: its end, or another in its place.
pub fn may_end_posting(standing: NoticeStanding, posted: Posted) -> Result<()> {
    if standing != NoticeStanding::Published {
        Err((&NOT_PUBLISHED).into())
    } else if posted.period_ends_on.is_none() {
        Err((&ONLY_LEGAL).into())
    } else if posted.ended {
        Err((&POSTING_ENDED).into())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use platform::Error;
    use platform::clock::date_in_shanghai;
    use proptest::prelude::*;

    use super::*;

    fn area(code: &str) -> AreaCode {
        code.parse().expect("a code")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn code(outcome: Result<()>) -> &'static str {
        match outcome {
            Ok(()) => "ok",
            Err(Error::Rule(problem, _)) => problem.code,
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_notice_is_for_a_district_a_street_a_community_or_a_compound() {
        for fits in ["620902", "620902005", "620902005003", "620902005003-0001"] {
            assert!(check_level(&area(fits)).is_ok(), "{fits}");
        }
        for other in ["", "62", "6209", "620902005003001", "620902005003-0001-001", "620902005003-0001-001-01-0101"] {
            assert_eq!(code(check_level(&area(other))), "notices.level", "{other}");
        }
    }

    #[test]
    fn offices_publish_anything_and_a_committee_general_notices_of_its_compound() {
        use NoticeClass::{General, Legal};
        let (community, compound) = (area("620902005003"), area("620902005003-0001"));
        for class in [General, Legal] {
            assert_eq!(code(may_publish(class, &community, &[Role::CommunityWorker])), "ok");
        }
        assert_eq!(code(may_publish(General, &compound, &[Role::OcChair])), "ok");
        assert_eq!(code(may_publish(General, &community, &[Role::OcChair])), "notices.own_compound");
        assert_eq!(code(may_publish(Legal, &compound, &[Role::OcChair])), "notices.legal_not_yours");
        assert_eq!(code(may_publish(Legal, &compound, &[])), "notices.legal_not_yours", "a program");
        assert_eq!(code(may_publish(Legal, &compound, &[Role::OcChair, Role::StreetOfficer])), "ok");
    }

    #[test]
    fn a_committee_takes_back_its_own_only() {
        use NoticeClass::{General, Legal};
        let compound = area("620902005003-0001");
        let act = |class, role, own| code(may_act_on(class, &compound, &[role], own));
        assert_eq!(act(General, Role::OcChair, true), "ok");
        assert_eq!(act(General, Role::OcChair, false), "notices.not_yours");
        assert_eq!(act(Legal, Role::OcChair, true), "notices.legal_not_yours");
        assert_eq!(act(Legal, Role::CommunityWorker, false), "ok");
    }

    #[test]
    fn a_legal_notice_is_posted_for_everybody_and_a_general_one_is_not_posted() {
        use NoticeClass::{General, Legal};
        assert_eq!(code(check_parts(Legal, true, true)), "ok");
        assert_eq!(code(check_parts(Legal, false, true)), "notices.legal_for_everybody");
        assert_eq!(code(check_parts(Legal, true, false)), "notices.posting_missing");
        assert_eq!(code(check_parts(General, false, false)), "ok");
        assert_eq!(code(check_parts(General, true, true)), "notices.posting_extra");
    }

    #[test]
    fn what_has_ended_takes_no_step() {
        let posted = Posted { period_ends_on: Some(day("2024-01-22")), ended: false };
        let general = Posted { period_ends_on: None, ended: false };
        for ended in [NoticeStanding::Withdrawn, NoticeStanding::Superseded] {
            assert_eq!(code(may_withdraw(ended, posted, day("2024-03-01"))), "notices.not_published");
            assert_eq!(code(may_end_posting(ended, posted)), "notices.not_published");
        }
        assert_eq!(code(may_withdraw(NoticeStanding::Published, general, day("2024-01-15"))), "ok");
        assert_eq!(code(may_end_posting(NoticeStanding::Published, general)), "notices.only_legal");
        let over = Posted { ended: true, ..posted };
        assert_eq!(code(may_end_posting(NoticeStanding::Published, over)), "notices.posting_ended");
    }

    proptest! {
        /// B18: a legal notice is neither withdrawn nor does it expire before its last day is over.
        #[test]
        fn a_legal_notice_stands_for_its_whole_period(last in 0i64..200, later in -200i64..200, minutes in 0i64..1440) {
            let opened = day("2024-01-15");
            let last_day = opened + chrono::Duration::days(last);
            let moment = midnight_in_shanghai(last_day + chrono::Duration::days(later))
                .plus(chrono::Duration::minutes(minutes));
            let over = date_in_shanghai(moment) > last_day;
            let posted = Posted { period_ends_on: Some(last_day), ended: false };
            let today = date_in_shanghai(moment);
            prop_assert_eq!(may_withdraw(NoticeStanding::Published, posted, today).is_ok(), over);
            let before = midnight_in_shanghai(day("2023-01-01"));
            prop_assert_eq!(check_expiry(Some(moment), Some(last_day), before).is_ok(), over);
        }

        #[test]
        fn it_is_read_as_expired_from_its_moment_on(expires in 0i64..1000, now in 0i64..1000) {
            let status = status_at(NoticeStanding::Published, Some(Ts::from_micros(expires)), Ts::from_micros(now));
            prop_assert_eq!(status == NoticeStatus::Expired, expires <= now);
            prop_assert_eq!(check_expiry(Some(Ts::from_micros(expires)), None, Ts::from_micros(now)).is_ok(), expires > now);
        }
    }
}
