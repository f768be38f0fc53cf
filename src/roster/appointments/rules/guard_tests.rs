//! The guards against a good case that each test spoils in one way.

use chrono::NaiveDate;
use platform::Problem;
use proptest::prelude::*;
use uuid::Uuid;

use super::directions::Directions;
use super::guards::*;
use super::params::Eligibility;
use super::*;
use crate::appointments::dto::{
    AppointmentId, AppointmentRoute, AppointmentState, InterestRelation, PostDuty, SeatKind,
};
use crate::organisations::{OrgKind, OrganisationId, PartyOrgKind};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn org(n: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(n))
}

fn appointment(n: u128) -> AppointmentId {
    AppointmentId(Uuid::from_u128(n))
}

fn place(n: u128, kind: OrgKind, seat: SeatKind) -> Place {
    let party = (kind == OrgKind::PartyOrg).then_some(PartyOrgKind::CompanyBranch);
    Place { organisation: org(n), kind, party, seat, area: "620902005003-0001".into() }
}

fn held(id: u128, place: Place) -> Held {
    Held {
        id: appointment(id),
        place,
        same_post: false,
        same_person: true,
        state: AppointmentState::Active,
        from: day("2023-01-01"),
        last_day: Some(day("2027-12-31")),
        carry_over: false,
        duty: PostDuty::None,
        regarding: None,
        serving: None,
    }
}

const COMMITTEE: u128 = 1;
const COMPANY: u128 = 2;
const SUPPLIER: u128 = 3;
const COMMUNITY: u128 = 4;

/// A member of the residents' committee is elected to the owners' committee, where they own a flat.
fn good() -> Facts {
    Facts {
        post: Post {
            place: place(COMMITTEE, OrgKind::OwnersCommittee, SeatKind::Member),
            closed: false,
            organisation_ended: false,
            exclusive: true,
            needs_party: false,
            needs_owner: true,
            needs_residence: false,
            routes: vec![AppointmentRoute::Elected],
            max_term_years: 5,
            duty: PostDuty::None,
            regarding: None,
            serving: vec![org(COMPANY)],
            suppliers: vec![org(SUPPLIER)],
        },
        person: Person {
            closed: false,
            account: Some(Uuid::from_u128(70)),
            party_member: false,
            owns: true,
            lives: true,
            elected: true,
            interests: Vec::new(),
        },
        held: vec![held(9, place(COMMUNITY, OrgKind::ResidentsCommittee, SeatKind::DeputyDirector))],
        wish: Wish {
            own: Some(appointment(8)),
            route: AppointmentRoute::Elected,
            home: Some(appointment(9)),
            renews: None,
            from: day("2024-02-01"),
            to: Some(day("2029-01-31")),
        },
        directions: Directions::default(),
        eligibility: Eligibility::default(),
        decider: Some(Decider {
            account: Uuid::from_u128(71),
            proposed_by: Uuid::from_u128(72),
            may_be_proposer: false,
        }),
    }
}

fn failing(facts: &Facts) -> Vec<&'static str> {
    answers(facts).iter().filter(|answer| !answer.passed).map(|answer| answer.problem.code).collect()
}

fn spoilt(spoil: impl FnOnce(&mut Facts)) -> Vec<&'static str> {
    let mut facts = good();
    spoil(&mut facts);
    failing(&facts)
}

fn code(problem: &'static Problem) -> Vec<&'static str> {
    vec![problem.code]
}

#[test]
fn the_good_case_passes_every_guard() {
    assert_eq!(failing(&good()), [""; 0]);
    assert_eq!(good().direction().as_deref(), Some("community_to_committee"));
    assert!(all_pass(&good()).is_ok());
}

#[test]
fn each_guard_fails_for_its_own_reason_alone() {
    assert_eq!(spoilt(|f| f.post.closed = true), code(&POST_CLOSED));
    assert_eq!(spoilt(|f| f.post.organisation_ended = true), code(&ORGANISATION_ENDED));
    assert_eq!(spoilt(|f| f.person.closed = true), code(&PERSON_CLOSED));
    assert_eq!(spoilt(|f| f.wish.route = AppointmentRoute::Assigned), code(&ELECTED_ONLY));
    assert_eq!(spoilt(|f| f.person.elected = false), code(&NO_ELECTION));
    assert_eq!(spoilt(|f| f.person.owns = false), code(&NOT_AN_OWNER));
    assert_eq!(spoilt(|f| f.post.needs_party = true), code(&PARTY_MEMBER));
    assert_eq!(spoilt(|f| f.wish.to = Some(day("2024-02-01"))), code(&TERM_ORDER));
    assert_eq!(spoilt(|f| f.wish.to = None), code(&TERM_MISSING));
    assert_eq!(spoilt(|f| f.wish.to = Some(day("2029-02-01"))), code(&TERM_TOO_LONG));
    assert_eq!(spoilt(|f| f.wish.home = Some(appointment(99))), vec![HOME_POST.code, NO_DIRECTION.code]);
    assert_eq!(spoilt(|f| f.held[0].state = AppointmentState::Ended), code(&HOME_POST));
    assert_eq!(spoilt(|f| f.held[0].place.seat = SeatKind::UnitHead), code(&NO_DIRECTION));
    assert_eq!(spoilt(|f| (f.post.needs_residence, f.person.lives) = (true, false)), code(&NOT_A_RESIDENT));
    assert_eq!(
        spoilt(|f| f.decider = Some(Decider { account: Uuid::from_u128(70), ..f.decider.expect("one") })),
        code(&OWN_APPOINTMENT)
    );
    assert_eq!(
        spoilt(|f| f.decider = Some(Decider { account: Uuid::from_u128(72), ..f.decider.expect("one") })),
        code(&OWN_PROPOSAL)
    );
}

/// T13, 北京 39(4): staff, shareholders, close kin and suppliers, whichever way it is known.
#[test]
fn the_serving_company_does_not_sit_on_the_committee() {
    let employee = |n| held(20, place(n, OrgKind::PropertyCompany, SeatKind::Administrator));
    assert_eq!(spoilt(|f| f.held.push(employee(COMPANY))), code(&COMPANY_CONFLICT));
    assert_eq!(spoilt(|f| f.held.push(employee(SUPPLIER))), code(&COMPANY_CONFLICT));
    assert_eq!(spoilt(|f| f.held.push(employee(77))), [""; 0], "another company's people may");
    for relation in InterestRelation::ALL {
        assert_eq!(spoilt(|f| f.person.interests.push((org(COMPANY), *relation))), code(&COMPANY_CONFLICT));
    }
    assert_eq!(spoilt(|f| f.person.interests.push((org(77), InterestRelation::Employee))), [""; 0]);
    let without_suppliers = |f: &mut Facts| {
        f.eligibility.conflict_with_suppliers = false;
        f.person.interests.push((org(SUPPLIER), InterestRelation::Employee));
    };
    assert_eq!(spoilt(without_suppliers), [""; 0]);
    let hired = |serving| {
        move |f: &mut Facts| {
            f.held.push(Held {
                serving: Some(org(serving)),
                ..held(21, place(50, OrgKind::OwnersCommittee, SeatKind::Chair))
            });
            f.post.place = place(COMPANY, OrgKind::PropertyCompany, SeatKind::Staff);
            f.wish.home = None;
        }
    };
    assert_eq!(spoilt(hired(COMPANY)), code(&COMPANY_CONFLICT), "nor does who sits there enter the company");
    assert_eq!(spoilt(hired(77)), [""; 0]);
    // The same person may enter the community's bodies.
    let to_community = |f: &mut Facts| {
        f.held.push(employee(COMPANY));
        f.post.place.kind = OrgKind::ResidentsCommittee;
        f.wish.home = None;
    };
    assert_eq!(spoilt(to_community), [""; 0]);
}

#[test]
fn ownership_is_waived_only_by_the_rule_set_and_only_for_owners_committees() {
    let waived = |f: &mut Facts| (f.person.owns, f.eligibility.committee_needs_owner) = (false, false);
    assert_eq!(spoilt(waived), [""; 0]);
    assert_eq!(
        spoilt(|f| {
            waived(f);
            f.post.place.kind = OrgKind::SelfManagementCommittee;
        }),
        code(&NOT_AN_OWNER)
    );
}

#[test]
fn a_seat_has_one_holder_at_a_time() {
    let holder = |from: &str, last: Option<&str>| Held {
        same_post: true,
        same_person: false,
        from: day(from),
        last_day: last.map(day),
        ..held(30, place(COMMITTEE, OrgKind::OwnersCommittee, SeatKind::Member))
    };
    assert_eq!(
        spoilt(|f| f.held.push(holder("2023-01-01", Some("2024-02-01")))),
        code(&SEAT_TAKEN),
        "one day is enough"
    );
    assert_eq!(spoilt(|f| f.held.push(holder("2023-01-01", Some("2024-01-31")))), [""; 0]);
    assert_eq!(spoilt(|f| f.held.push(holder("2023-01-01", None))), code(&SEAT_TAKEN));
    let stays_on = |f: &mut Facts| {
        f.held.push(Held {
            state: AppointmentState::CarryOver,
            carry_over: true,
            ..holder("2019-01-01", Some("2023-12-31"))
        });
    };
    assert_eq!(spoilt(stays_on), [""; 0], "who stays on makes room");
    let open = |f: &mut Facts| {
        f.post.exclusive = false;
        f.held.push(holder("2023-01-01", None));
    };
    assert_eq!(spoilt(open), [""; 0]);
}

#[test]
fn nobody_is_appointed_to_one_post_twice() {
    let again = |state| Held {
        same_post: true,
        state,
        ..held(31, place(COMMITTEE, OrgKind::OwnersCommittee, SeatKind::Member))
    };
    assert_eq!(spoilt(|f| f.held.push(again(AppointmentState::Proposed))), code(&DUPLICATE));
    assert_eq!(spoilt(|f| f.held.push(again(AppointmentState::Active))), vec![SEAT_TAKEN.code, DUPLICATE.code]);
    for over in
        [AppointmentState::Rejected, AppointmentState::Withdrawn, AppointmentState::Ended, AppointmentState::Expired]
    {
        assert_eq!(spoilt(|f| f.held.push(again(over))), [""; 0]);
    }
    let renewal = |f: &mut Facts| {
        f.held.push(again(AppointmentState::Expiring));
        f.wish.renews = Some(appointment(31));
    };
    assert_eq!(spoilt(renewal), [""; 0]);
}

#[test]
fn who_supervises_a_company_does_not_assess_it() {
    let assessor = |company| Held {
        duty: PostDuty::Assessment,
        regarding: Some(org(company)),
        ..held(40, place(50, OrgKind::IndustryAssociation, SeatKind::Staff))
    };
    assert_eq!(spoilt(|f| f.held.push(assessor(COMPANY))), code(&BOTH_DUTIES), "a committee supervises who serves it");
    assert_eq!(spoilt(|f| f.held.push(assessor(77))), [""; 0]);
    let supervisor = |f: &mut Facts| f.held.push(Held { duty: PostDuty::Supervision, ..assessor(COMPANY) });
    assert_eq!(spoilt(supervisor), [""; 0], "twice the same duty is none too many");
}

#[test]
fn the_head_of_a_station_is_only_warned() {
    let station = |f: &mut Facts| {
        f.post.place = place(60, OrgKind::RedServiceStation, SeatKind::Head);
        f.post.routes = vec![AppointmentRoute::Elected];
        f.wish.home = None;
    };
    assert_eq!(spoilt(station), code(&NOT_A_BRANCH_OFFICER));
    let mut facts = good();
    station(&mut facts);
    assert!(all_pass(&facts).is_ok());
    facts.held.push(held(61, place(62, OrgKind::PartyOrg, SeatKind::DeputySecretary)));
    assert_eq!(failing(&facts), [""; 0]);
}

#[test]
fn a_company_head_enters_the_community_only_as_a_member() {
    let mut facts = good();
    facts.post.place = place(COMMUNITY, OrgKind::ResidentsCommittee, SeatKind::PartTimeMember);
    facts.post.routes = vec![AppointmentRoute::CoOpted];
    facts.post.needs_owner = false;
    facts.wish.route = AppointmentRoute::CoOpted;
    facts.held = vec![held(9, place(COMPANY, OrgKind::PropertyCompany, SeatKind::Administrator))];
    assert_eq!(failing(&facts), code(&PARTY_MEMBER));
    facts.person.party_member = true;
    assert_eq!(failing(&facts), [""; 0]);
}

#[test]
fn terms_of_years_end_on_the_day_before() {
    assert_eq!(last_of_years(day("2024-02-01"), 5), day("2029-01-31"));
    assert_eq!(last_of_years(day("2024-02-29"), 1), day("2025-02-28"));
    assert_eq!(last_of_years(day("2024-02-29"), 4), day("2028-02-28"));
}

proptest! {
    /// 建房〔2009〕274号 32: whatever the post and the rule set say, nothing longer than five years passes.
    #[test]
    fn no_term_is_longer_than_five_years(post in 1i32..=5, rule in 1i32..=5, offset in 0i64..20_000, length in 1i64..4000) {
        let mut facts = good();
        facts.post.max_term_years = post;
        facts.eligibility.max_term_years = rule;
        facts.wish.from = day("1990-01-01") + chrono::Duration::days(offset);
        facts.wish.to = Some(facts.wish.from + chrono::Duration::days(length));
        let refused = failing(&facts).contains(&TERM_TOO_LONG.code);
        let most = i64::from(post.min(rule)) * 366;
        let least = i64::from(post.min(rule)) * 365 - 1;
        prop_assert!(length < most || refused);
        prop_assert!(length > least || !refused);
    }

    /// Of two holders of one seat, whatever their terms, no day has both.
    #[test]
    fn no_day_has_two_holders(a in 0i64..3000, b in 0i64..3000, first in 1i64..1800, second in 1i64..1800) {
        let start = day("2015-01-01");
        let at = |days| start + chrono::Duration::days(days);
        let mut facts = good();
        facts.wish.from = at(b);
        facts.wish.to = Some(at(b + second));
        facts.held.push(Held {
            same_post: true,
            same_person: false,
            from: at(a),
            last_day: Some(at(a + first)),
            ..held(30, place(COMMITTEE, OrgKind::OwnersCommittee, SeatKind::Member))
        });
        let shared = (a.max(b)..=(a + first).min(b + second)).next().is_some();
        prop_assert_eq!(failing(&facts).contains(&SEAT_TAKEN.code), shared);
    }
}
