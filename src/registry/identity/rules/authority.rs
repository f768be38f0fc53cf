//! 授权规则: who may hand on which role where, whose account they may touch, and what a program may be given.

use chrono::NaiveDate;
use platform::auth::{AreaCode, Grant, Role, Scope, ScopeInfo, Visible};
use platform::db::Ts;
use platform::secrets::same;
use platform::{Error, Result, text_enum};
use uuid::Uuid;

use super::{
    ACCOUNT_BEYOND_OWN, ACCOUNT_IS_OWN, GRANT_BEYOND_OWN, GRANT_NOT_FOR_ORGANISATIONS, GRANT_PERIOD, GRANT_TO_SELF,
    OUTSIDE_OWN_AREA, SCOPE_BEYOND_OWN, SCOPE_NOT_DELEGABLE, SCOPE_UNKNOWN,
};

text_enum! {
    /// 授权状态, as of today
    GrantStatus {
        /// 未生效
        Pending = "pending",
        /// 有效
        Active = "active",
        /// 已过期
        Expired = "expired",
        /// 已终止
        Ended = "ended",
    }
}

/// Both days of the period count.
pub fn grant_status(from: NaiveDate, to: Option<NaiveDate>, ended: bool, today: NaiveDate) -> GrantStatus {
    if ended {
        GrantStatus::Ended
    } else if to.is_some_and(|to| to < today) {
        GrantStatus::Expired
    } else if from > today {
        GrantStatus::Pending
    } else {
        GrantStatus::Active
    }
}

pub fn check_period(from: NaiveDate, to: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
    match to {
        Some(to) if to <= from || to < today => Err(GRANT_PERIOD.at("/valid_to")),
        _ => Ok(()),
    }
}

/// What a caller may do by the grants that stand now, whatever their token says.
#[derive(Debug, Clone)]
pub struct Standing {
    pub account: Uuid,
    /// Active grants only.
    pub grants: Vec<Grant>,
}

impl Standing {
    /// The part of it that carries the scope `S`.
    pub fn acting<S: Scope>(&self) -> Result<Standing> {
        let grants: Vec<Grant> = self.grants.iter().filter(|grant| S::HOLDERS.include(grant.role)).cloned().collect();
        if grants.is_empty() {
            return Err(Error::Forbidden { required_scope: S::NAME });
        }
        Ok(Standing { account: self.account, grants })
    }

    pub fn visible(&self) -> Visible {
        Visible::of(self.grants.iter().map(|grant| grant.area.clone()))
    }

    pub fn check_area(&self, area: &AreaCode) -> Result<()> {
        if self.visible().covers(area.as_str()) { Ok(()) } else { Err(OUTSIDE_OWN_AREA.at("/area_code")) }
    }

    /// Whether one single grant reaches both the role and the area; two that each reach one of them do not. Whoever acts
    /// for an organisation reaches the roles that are held for it as well.
    fn reaches(&self, target: &Grant) -> bool {
        let same_body = |own: &Grant| target.organisation.is_some() && own.organisation == target.organisation;
        self.grants
            .iter()
            .any(|own| own.role.may_grant(target.role) && (own.area.covers(target.area.as_str()) || same_body(own)))
    }
}

/// Whether `who` may grant, or end, `target` for the account `whose`. For an organisation its area is the home.
pub fn may_hand_on(who: &Standing, whose: Uuid, target: &Grant) -> Result<()> {
    if who.account == whose {
        return Err((&GRANT_TO_SELF).into());
    }
    if who.reaches(target) { Ok(()) } else { Err((&GRANT_BEYOND_OWN).into()) }
}

/// Roles of offices and of residents are held in a place; only those who work or sit for a body hold them for it.
pub fn check_for_organisation(role: Role) -> Result<()> {
    if role.acts_for_organisation() { Ok(()) } else { Err(GRANT_NOT_FOR_ORGANISATIONS.at("/role")) }
}

/// Whether `who` may change, disable or reset an account that holds `held`. Whoever resets a password can log in with
/// it, so every role that the account holds must be one that `who` could have granted.
pub fn may_manage(who: &Standing, whose: Uuid, held: &[Grant]) -> Result<()> {
    if who.account == whose {
        return Err((&ACCOUNT_IS_OWN).into());
    }
    let all_within = held.iter().all(|grant| who.reaches(grant));
    if all_within { Ok(()) } else { Err((&ACCOUNT_BEYOND_OWN).into()) }
}

/// What concerns persons and power is not for programs.
const NOT_DELEGABLE: [&str; 15] = [
    "me",
    "accounts",
    "grants",
    "api_clients",
    "signing_keys",
    "persons",
    "residencies",
    "party_stages",
    "checkins",
    "consents",
    "directory",
    "data_requests",
    "appointments",
    "elections",
    "interests",
];

/// Whether `who` may give a program `scopes` over `area`: each must be one that they carry there themselves.
pub fn check_client(who: &Standing, catalogue: &[ScopeInfo], scopes: &[String], area: &AreaCode) -> Result<()> {
    for (i, scope) in scopes.iter().enumerate() {
        let at = format!("/scopes/{i}");
        let Some(info) = catalogue.iter().find(|info| info.name == scope) else {
            return Err(SCOPE_UNKNOWN.at(at));
        };
        let noun = scope.split(':').next().unwrap_or_default();
        if NOT_DELEGABLE.contains(&noun) {
            return Err(SCOPE_NOT_DELEGABLE.at(at));
        }
        let carries = |own: &Grant| info.holders.include(own.role) && own.area.covers(area.as_str());
        if !who.grants.iter().any(carries) {
            return Err(SCOPE_BEYOND_OWN.at(at));
        }
    }
    Ok(())
}

/// Whether a secret with this fingerprint opens: the current one, or the one before it for its last day.
pub fn secret_opens(given: &str, current: &str, previous: Option<(&str, Ts)>, now: Ts) -> bool {
    let before = previous.is_some_and(|(hash, until)| now < until && same(given.as_bytes(), hash.as_bytes()));
    same(given.as_bytes(), current.as_bytes()) || before
}

/// The scopes that somebody with these grants carries, somewhere.
pub fn scopes_of(catalogue: &[ScopeInfo], grants: &[Grant]) -> Vec<String> {
    let carried = |info: &&ScopeInfo| match info.holders {
        platform::auth::Holders::Everyone => true,
        holders => grants.iter().any(|grant| holders.include(grant.role)),
    };
    catalogue.iter().filter(carried).map(|info| info.name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn area(code: &str) -> AreaCode {
        code.parse().expect("a code")
    }

    fn standing(grants: &[(Role, &str)]) -> Standing {
        let grants = grants.iter().map(|(role, code)| Grant::over(*role, area(code))).collect();
        Standing { account: Uuid::from_u128(1), grants }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn code(outcome: Result<()>) -> Option<&'static str> {
        outcome.err().map(|error| error.problem().code)
    }

    #[test]
    fn rank_and_area_must_come_from_one_grant() {
        let who = standing(&[(Role::StreetOfficer, "620902005"), (Role::CommunitySecretary, "620902001002")]);
        let other = Uuid::from_u128(2);
        assert_eq!(code(may_hand_on(&who, other, &Grant::over(Role::StreetOfficer, area("620902005")))), None);
        let there = area("620902001002");
        assert_eq!(
            code(may_hand_on(&who, other, &Grant::over(Role::StreetOfficer, there.clone()))),
            Some("identity.grant_beyond_own")
        );
        assert_eq!(
            code(may_hand_on(&who, Uuid::from_u128(1), &Grant::over(Role::Owner, there))),
            Some("identity.grant_to_self")
        );
    }

    #[test]
    fn a_body_hands_on_its_own_roles_and_no_others() {
        let (own, other) = (Some(Uuid::from_u128(7)), Some(Uuid::from_u128(8)));
        let held = |role, code, organisation| Grant { role, area: area(code), organisation };
        // The company serves one compound; its home is the district.
        let admin = held(Role::CompanyAdmin, "620902005003-0001", own);
        let who = Standing { account: Uuid::from_u128(1), grants: vec![admin] };
        let hand_on = |target| code(may_hand_on(&who, Uuid::from_u128(2), &target));
        assert_eq!(hand_on(held(Role::CompanyStaff, "620902", own)), None);
        assert_eq!(hand_on(held(Role::CompanyStaff, "620902", other)), Some("identity.grant_beyond_own"));
        assert_eq!(hand_on(held(Role::CompanyStaff, "620902", None)), Some("identity.grant_beyond_own"));
        assert_eq!(hand_on(held(Role::OcChair, "620902", own)), Some("identity.grant_beyond_own"));
        assert!(check_for_organisation(Role::CommunitySecretary).is_err());
    }

    #[test]
    fn an_account_with_one_role_beyond_is_out_of_reach() {
        let who = standing(&[(Role::CommunitySecretary, "620902005003")]);
        let held = |role, code| [Grant::over(role, area(code))];
        let other = Uuid::from_u128(2);
        assert_eq!(code(may_manage(&who, other, &[])), None);
        assert_eq!(code(may_manage(&who, other, &held(Role::GridWorker, "620902005003001"))), None);
        let elsewhere = held(Role::GridWorker, "620902001002001");
        assert_eq!(code(may_manage(&who, other, &elsewhere)), Some("identity.account_beyond_own"));
        let above = held(Role::StreetOfficer, "620902005");
        assert_eq!(code(may_manage(&who, other, &above)), Some("identity.account_beyond_own"));
    }

    #[test]
    fn both_days_of_a_period_count() {
        let (from, to) = (day("2024-01-10"), Some(day("2024-01-20")));
        let status = |today| grant_status(from, to, false, day(today));
        assert_eq!(status("2024-01-09"), GrantStatus::Pending);
        assert_eq!(status("2024-01-10"), GrantStatus::Active);
        assert_eq!(status("2024-01-20"), GrantStatus::Active);
        assert_eq!(status("2024-01-21"), GrantStatus::Expired);
        assert_eq!(grant_status(from, to, true, day("2024-01-15")), GrantStatus::Ended);
        assert_eq!(code(check_period(from, Some(from), from)), Some("identity.grant_period"));
        assert_eq!(code(check_period(from, to, day("2024-01-21"))), Some("identity.grant_period"));
        assert_eq!(code(check_period(from, None, day("2024-01-21"))), None);
    }

    #[test]
    fn a_program_gets_only_what_its_maker_carries_there() {
        let who = standing(&[(Role::DistrictCoord, "620902")]);
        let check = |scope: &str, at: &str| code(check_client(&who, &catalogue(), &[scope.to_owned()], &area(at)));
        assert_eq!(check("grids:read", "620902005"), None);
        assert_eq!(check("grids:read", "130402"), Some("identity.scope_beyond_own"));
        assert_eq!(check("grids:close", "620902"), Some("identity.scope_beyond_own"));
        assert_eq!(check("grants:write", "620902"), Some("identity.scope_not_delegable"));
        assert_eq!(check("no:such", "620902"), Some("identity.scope_unknown"));
    }

    fn catalogue() -> Vec<ScopeInfo> {
        use platform::auth::Holders;
        let info = |name, roles| ScopeInfo { name, holders: Holders::Roles(roles) };
        vec![
            info("grids:read", &[Role::DistrictCoord]),
            info("grids:close", &[Role::StreetOfficer]),
            info("grants:write", &[Role::DistrictCoord]),
        ]
    }

    fn any_role() -> impl Strategy<Value = Role> {
        proptest::sample::select(Role::ALL)
    }

    fn any_area() -> impl Strategy<Value = AreaCode> {
        "(62|13)?".prop_flat_map(|head| {
            let tails = if head.is_empty() { vec![""] } else { vec!["", "09", "0902", "0902005", "0902005003"] };
            proptest::sample::select(tails).prop_map(move |tail| area(&format!("{head}{tail}")))
        })
    }

    proptest! {
        #[test]
        fn nobody_hands_on_beyond_their_rank_or_area(
            own in proptest::collection::vec((any_role(), any_area()), 0..4), role in any_role(), at in any_area(),
        ) {
            let grants = own.into_iter().map(|(role, area)| Grant::over(role, area)).collect();
            let who = Standing { account: Uuid::from_u128(1), grants };
            let target = Grant::over(role, at.clone());
            let allowed = may_hand_on(&who, Uuid::from_u128(2), &target).is_ok();
            let highest = who.grants.iter().filter(|own| own.area.covers(at.as_str())).map(|own| own.role.rank()).max();
            prop_assert!(!allowed || highest.is_some_and(|rank| rank >= role.rank()));
            prop_assert!(may_hand_on(&who, who.account, &target).is_err());
            // What could be granted can be managed, and nothing else can.
            prop_assert_eq!(may_manage(&who, Uuid::from_u128(2), &[target]).is_ok(), allowed);
        }
    }
}
