//! Rate budgets per caller, one process at a time; the arithmetic is governor's (GCRA).

use std::num::NonZeroU32;
use std::time::Duration;

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
    Address(String),
}

/// Requests per minute and caller.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    pub name: &'static str,
    pub per_minute: NonZeroU32,
}

/// A default budget, and a stricter one for the addresses where passwords and secrets are tried.
pub struct Limiter {
    general: (Policy, Bucket),
    credentials: (Policy, Bucket),
    clock: DefaultClock,
}

/// What is left of a caller's budget.
pub(super) struct Standing {
    pub policy: &'static str,
    pub quota: u32,
    pub remaining: u32,
    /// Until the budget is whole again, or, when refused, until the next request is let in.
    pub reset_seconds: u64,
    pub refused: bool,
}

fn bucket(policy: Policy) -> Bucket {
    RateLimiter::keyed(Quota::per_minute(policy.per_minute)).with_middleware::<StateInformationMiddleware>()
}

impl Limiter {
    pub fn new(general: NonZeroU32, credentials: NonZeroU32) -> Self {
        let general = Policy { name: "default", per_minute: general };
        let credentials = Policy { name: "credentials", per_minute: credentials };
        Self {
            general: (general, bucket(general)),
            credentials: (credentials, bucket(credentials)),
            clock: DefaultClock::default(),
        }
    }

    pub(super) fn take(&self, path: &str, caller: &Caller) -> Standing {
        let (policy, bucket) = if path.starts_with("/v1/auth/") { &self.credentials } else { &self.general };
        let quota = policy.per_minute.get();
        match bucket.check_key(caller) {
            Ok(snapshot) => {
                let remaining = snapshot.remaining_burst_capacity();
                let used = quota.saturating_sub(remaining);
                let refill = snapshot.quota().replenish_interval().saturating_mul(used);
                Standing { policy: policy.name, quota, remaining, reset_seconds: whole(refill), refused: false }
            }
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.clock.now());
                Standing { policy: policy.name, quota, remaining: 0, reset_seconds: whole(wait).max(1), refused: true }
            }
        }
    }

    /// Forgets callers whose budget is whole again; called by the sweeper, or the table would only grow.
    pub fn forget_idle(&self) {
        self.general.1.retain_recent();
        self.credentials.1.retain_recent();
    }
}

fn whole(span: Duration) -> u64 {
    span.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)
}
