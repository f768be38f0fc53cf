//! Rate budgets per caller, one process at a time; the arithmetic is governor's (GCRA).

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::http::header::HeaderValue;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use uuid::Uuid;

type Bucket = RateLimiter<Caller, DefaultKeyedStateStore<Caller>, DefaultClock, StateInformationMiddleware>;

/// Whose budget it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Caller {
    Principal(Uuid),
    /// A client without a token, by its address.
    Address(Option<IpAddr>),
}

/// Requests per minute and caller.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    pub name: &'static str,
    pub per_minute: NonZeroU32,
}

struct Budget {
    policy: Policy,
    header: HeaderValue,
    bucket: Bucket,
}

impl Budget {
    fn of(policy: Policy) -> Self {
        let header = HeaderValue::try_from(format!("\"{}\";q={};w=60", policy.name, policy.per_minute));
        Self { policy, header: header.unwrap_or(HeaderValue::from_static("default")), bucket: bucket(policy) }
    }
}

/// A default budget, and stricter ones for the addresses where passwords and secrets are tried and for what anybody may
/// poll.
pub struct Limiter {
    general: Budget,
    credentials: Budget,
    screens: Budget,
    clock: DefaultClock,
}

/// What is left of a caller's budget, as the headers say it.
pub(super) struct Standing {
    /// `"default";q=600;w=60`
    pub policy: HeaderValue,
    /// `"default";r=599;t=1`: what remains, and the seconds until the budget is whole again.
    pub left: String,
    /// Where the request is refused: the seconds until the next one is let in.
    pub wait_seconds: Option<u64>,
}

fn bucket(policy: Policy) -> Bucket {
    RateLimiter::keyed(Quota::per_minute(policy.per_minute)).with_middleware::<StateInformationMiddleware>()
}

impl Limiter {
    pub fn new(general: NonZeroU32, credentials: NonZeroU32, screens: NonZeroU32) -> Self {
        let general = Policy { name: "default", per_minute: general };
        let credentials = Policy { name: "credentials", per_minute: credentials };
        let screens = Policy { name: "screens", per_minute: screens };
        let (general, credentials, screens) = (Budget::of(general), Budget::of(credentials), Budget::of(screens));
        Self { general, credentials, screens, clock: DefaultClock::default() }
    }

    pub(super) fn take(&self, path: &str, caller: &Caller) -> Standing {
        let budget = match path {
            path if path.starts_with("/v1/auth/") => &self.credentials,
            path if path.starts_with("/v1/screens/") => &self.screens,
            _ => &self.general,
        };
        let (name, quota) = (budget.policy.name, budget.policy.per_minute.get());
        let (remaining, reset_seconds, refused) = match budget.bucket.check_key(caller) {
            Ok(snapshot) => {
                let remaining = snapshot.remaining_burst_capacity();
                let used = quota.saturating_sub(remaining);
                (remaining, whole(snapshot.quota().replenish_interval().saturating_mul(used)), false)
            }
            Err(not_until) => (0, whole(not_until.wait_time_from(self.clock.now())).max(1), true),
        };
        Standing {
            policy: budget.header.clone(),
            left: format!("\"{name}\";r={remaining};t={reset_seconds}"),
            wait_seconds: refused.then_some(reset_seconds),
        }
    }

    /// Forgets callers whose budget is whole again; called by the sweeper, or the table would only grow.
    pub fn forget_idle(&self) {
        self.general.bucket.retain_recent();
        self.credentials.bucket.retain_recent();
        self.screens.bucket.retain_recent();
    }
}

fn whole(span: Duration) -> u64 {
    span.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)
}
