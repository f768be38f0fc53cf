//! 登录锁定: how many guesses one name or one address has, and how long each further one costs.

use std::net::IpAddr;

use chrono::Duration;
use platform::db::Ts;
use platform::secrets::fingerprint;

/// Failures of one user name before it is locked.
pub const LIMIT_PER_ACCOUNT: i32 = 5;
/// Failures from one address before it is locked; whole offices share one.
pub const LIMIT_PER_ADDRESS: i32 = 20;
const FIRST_LOCK_SECONDS: i64 = 60;
const LONGEST_LOCK_SECONDS: i64 = 3600;
const FORGOTTEN_AFTER: Duration = Duration::hours(24);

/// What is known of one subject's failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    pub failures: i32,
    pub last_failed_at: Ts,
    pub locked_until: Option<Ts>,
}

/// The same for a known and an unknown name; the name itself is not kept.
pub fn user_subject(username: &str) -> String {
    format!("user:{}", fingerprint(username.to_lowercase().as_bytes()))
}

/// An IPv6 customer has a whole /64 to choose from, so that counts as one address.
pub fn address_subject(address: &str) -> Option<String> {
    match address.parse::<IpAddr>().ok()? {
        IpAddr::V4(v4) => Some(format!("addr:{v4}")),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Some(format!("addr:{a:x}:{b:x}:{c:x}:{d:x}::/64"))
        }
    }
}

/// Failures older than this count no more.
pub fn forget_before(now: Ts) -> Ts {
    now.plus(-FORGOTTEN_AFTER)
}

fn lock_seconds(failures: i32, limit: i32) -> Option<i64> {
    let beyond = u32::try_from(failures - limit).ok()?;
    let doubled = 1i64.checked_shl(beyond.min(30)).unwrap_or(i64::MAX);
    Some(FIRST_LOCK_SECONDS.saturating_mul(doubled).min(LONGEST_LOCK_SECONDS))
}

/// An attempt that was counted before it was made: what its subject was known for until then, and since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    pub before: Option<Attempts>,
    pub after: Attempts,
}

/// Counts an attempt before it is made, as if it failed; `Err` is the seconds to wait where none may be made now.
pub fn charged(before: Option<Attempts>, limit: i32, now: Ts) -> Result<Charge, u64> {
    if let Some(wait) = before.and_then(|b| b.locked_until).and_then(|until| seconds_until(until, now)) {
        return Err(wait);
    }
    let before = before.filter(|b| b.last_failed_at >= forget_before(now));
    let failures = before.map_or(0, |b| b.failures).saturating_add(1);
    let locked_until = lock_seconds(failures, limit).map(|s| now.plus(Duration::seconds(s)));
    // When the last failure was is for `failed` to say: a success must not keep old failures from being forgotten.
    let last_failed_at = before.map_or(now, |b| b.last_failed_at);
    Ok(Charge { before, after: Attempts { failures, last_failed_at, locked_until } })
}

/// The attempt did fail: what was counted for it is as old as this failure.
pub fn failed(standing: Attempts, now: Ts) -> Attempts {
    Attempts { last_failed_at: standing.last_failed_at.max(now), ..standing }
}

/// Takes one charge back after a success. What stood before it stands again; where others have tried meanwhile, what is
/// left is theirs, and a lock that needed this charge goes with it.
pub fn refunded(standing: Attempts, charge: Charge, limit: i32) -> Option<Attempts> {
    if standing == charge.after {
        return charge.before;
    }
    let failures = standing.failures - 1;
    let locked_until = standing.locked_until.filter(|_| failures >= limit);
    (failures > 0).then_some(Attempts { failures, locked_until, ..standing })
}

fn seconds_until(until: Ts, now: Ts) -> Option<u64> {
    let micros = u64::try_from(until.micros() - now.micros()).ok().filter(|micros| *micros > 0)?;
    Some(micros.div_ceil(1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_705_280_400_000_000;

    fn at(seconds: i64) -> Ts {
        Ts::from_micros(START + seconds * 1_000_000)
    }

    fn after(before: Option<Attempts>, limit: i32, seconds: i64) -> Result<Attempts, u64> {
        charged(before, limit, at(seconds)).map(|charge| charge.after)
    }

    /// So many failures in a row, the last one at 0 seconds; whatever lock they brought is over.
    fn known_for(failures: i32, limit: i32) -> Option<Attempts> {
        let locked_until = lock_seconds(failures, limit).map(|_| at(0));
        (failures > 0).then_some(Attempts { failures, last_failed_at: at(0), locked_until })
    }

    #[test]
    fn five_guesses_then_a_minute_then_two() {
        let mut state = None;
        for _ in 0..4 {
            state = Some(after(state, LIMIT_PER_ACCOUNT, 0).expect("free"));
            assert_eq!(state.and_then(|s: Attempts| s.locked_until), None);
        }
        state = Some(after(state, LIMIT_PER_ACCOUNT, 0).expect("the fifth is still made"));
        assert_eq!(after(state, LIMIT_PER_ACCOUNT, 0), Err(60));
        assert_eq!(after(state, LIMIT_PER_ACCOUNT, 59), Err(1));
        state = Some(after(state, LIMIT_PER_ACCOUNT, 60).expect("the lock is over"));
        assert_eq!(after(state, LIMIT_PER_ACCOUNT, 60), Err(120));
    }

    #[test]
    fn a_day_without_failures_forgets() {
        let old = Attempts { failures: 9, last_failed_at: at(0), locked_until: Some(at(3600)) };
        let fresh = after(Some(old), LIMIT_PER_ACCOUNT, 25 * 3600).expect("free");
        assert_eq!((fresh.failures, fresh.locked_until), (1, None));
    }

    #[test]
    fn an_office_that_logs_in_all_day_is_forgotten_a_day_after_its_last_failure() {
        let mut state = known_for(LIMIT_PER_ADDRESS, LIMIT_PER_ADDRESS);
        for hour in 1..=25 {
            let charge = charged(state, LIMIT_PER_ADDRESS, at(hour * 3600)).expect("nobody failed since");
            state = refunded(charge.after, charge, LIMIT_PER_ADDRESS);
        }
        assert_eq!(state, None);
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        assert_eq!(address_subject("2001:db8:1:2:3::4"), address_subject("2001:db8:1:2::9"));
        assert_ne!(address_subject("2001:db8:1:2::4"), address_subject("2001:db8:1:3::4"));
        assert_eq!(address_subject("10.0.0.1").as_deref(), Some("addr:10.0.0.1"));
        assert_eq!(address_subject(""), None);
    }

    proptest::proptest! {
        /// However the guesser paces themselves, a day holds few guesses and no lock is longer than an hour.
        #[test]
        fn a_guesser_gets_few_guesses_a_day(pauses in proptest::collection::vec(0i64..4000, 1..400)) {
            let (mut state, mut now, mut made) = (None, 0, 0);
            for pause in pauses {
                now += pause;
                if now > 86_400 { break; }
                match charged(state, LIMIT_PER_ACCOUNT, at(now)) {
                    Ok(charge) => { state = Some(failed(charge.after, at(now))); made += 1; }
                    Err(wait) => proptest::prop_assert!((1..=3600).contains(&wait)),
                }
            }
            // 5 free, 6 while the lock doubles up to an hour, then one an hour.
            proptest::prop_assert!(made <= 5 + 6 + 24, "{made}");
        }

        /// Whatever was known before: a success leaves it as it was, and the next attempt is as free as this one.
        #[test]
        fn a_success_leaves_what_stood_before(failures in 0i32..40, limit in 1i32..30, seconds in 0i64..86_400) {
            let before = known_for(failures, limit);
            let charge = charged(before, limit, at(seconds)).expect("no lock stands");
            let left = refunded(charge.after, charge, limit);
            proptest::prop_assert_eq!(left, before);
            proptest::prop_assert!(charged(left, limit, at(seconds)).is_ok());
        }

        /// Attempts that are under way together, each ending as it will, in any order: what is left is what the failed
        /// ones alone would have left.
        #[test]
        fn of_attempts_at_once_only_the_failed_ones_count(
            failures in 0i32..25,
            ends in proptest::collection::vec((proptest::bool::ANY, 0u8..), 1..12),
        ) {
            let limit = LIMIT_PER_ADDRESS;
            let before = known_for(failures, limit);
            let mut standing = before;
            let mut under_way = Vec::new();
            for (fails, order) in ends {
                // Who meets a lock makes no attempt.
                if let Ok(charge) = charged(standing, limit, at(60)) {
                    standing = Some(charge.after);
                    under_way.push((order, fails, charge));
                }
            }
            under_way.sort_by_key(|(order, ..)| *order);
            let mut alone = before;
            for (_, fails, charge) in under_way {
                if fails {
                    standing = standing.map(|state| failed(state, at(61)));
                    let counted = Attempts { locked_until: None, ..alone.unwrap_or(charge.after) };
                    let failures = alone.map_or(0, |a| a.failures) + 1;
                    let locked_until = lock_seconds(failures, limit).map(|s| at(60).plus(Duration::seconds(s)));
                    alone = Some(failed(Attempts { failures, locked_until, ..counted }, at(61)));
                } else {
                    standing = standing.and_then(|state| refunded(state, charge, limit));
                }
            }
            proptest::prop_assert_eq!(standing, alone);
        }
    }
}
