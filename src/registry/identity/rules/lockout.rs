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

/// Counts an attempt before it is made, as if it failed; `Err` is the seconds to wait where none may be made now.
pub fn charged(before: Option<Attempts>, limit: i32, now: Ts) -> Result<Attempts, u64> {
    if let Some(wait) = before.and_then(|b| b.locked_until).and_then(|until| seconds_until(until, now)) {
        return Err(wait);
    }
    let failures = before.filter(|b| b.last_failed_at >= forget_before(now)).map_or(0, |b| b.failures);
    let failures = failures.saturating_add(1);
    let locked_until = lock_seconds(failures, limit).map(|s| now.plus(Duration::seconds(s)));
    Ok(Attempts { failures, last_failed_at: now, locked_until })
}

/// Takes one charge back after a success. A lock that only this charge had brought about goes with it.
pub fn refunded(before: Attempts, limit: i32) -> Attempts {
    let failures = (before.failures - 1).max(0);
    let locked_until = before.locked_until.filter(|_| failures >= limit);
    Attempts { failures, locked_until, ..before }
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

    #[test]
    fn five_guesses_then_a_minute_then_two() {
        let mut state = None;
        for _ in 0..4 {
            state = Some(charged(state, LIMIT_PER_ACCOUNT, at(0)).expect("free"));
            assert_eq!(state.and_then(|s: Attempts| s.locked_until), None);
        }
        state = Some(charged(state, LIMIT_PER_ACCOUNT, at(0)).expect("the fifth is still made"));
        assert_eq!(charged(state, LIMIT_PER_ACCOUNT, at(0)), Err(60));
        assert_eq!(charged(state, LIMIT_PER_ACCOUNT, at(59)), Err(1));
        state = Some(charged(state, LIMIT_PER_ACCOUNT, at(60)).expect("the lock is over"));
        assert_eq!(charged(state, LIMIT_PER_ACCOUNT, at(60)), Err(120));
    }

    #[test]
    fn a_day_without_failures_forgets() {
        let old = Attempts { failures: 9, last_failed_at: at(0), locked_until: Some(at(3600)) };
        let fresh = charged(Some(old), LIMIT_PER_ACCOUNT, at(25 * 3600)).expect("free");
        assert_eq!((fresh.failures, fresh.locked_until), (1, None));
    }

    #[test]
    fn a_success_gives_back_only_its_own_charge() {
        let full = Attempts { failures: 20, last_failed_at: at(0), locked_until: Some(at(60)) };
        assert_eq!(refunded(full, LIMIT_PER_ADDRESS).locked_until, None);
        let beyond = Attempts { failures: 21, ..full };
        assert_eq!(refunded(beyond, LIMIT_PER_ADDRESS).locked_until, Some(at(60)));
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
                    Ok(next) => { state = Some(next); made += 1; }
                    Err(wait) => proptest::prop_assert!((1..=3600).contains(&wait)),
                }
            }
            // 5 free, 6 while the lock doubles up to an hour, then one an hour.
            proptest::prop_assert!(made <= 5 + 6 + 24, "{made}");
        }
    }
}
