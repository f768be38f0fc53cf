//! 签名密钥的时间: which key signs at a moment, and which are published and accepted.

use chrono::Duration;
use platform::db::Ts;

/// How long third parties may keep our published keys.
pub const JWKS_CACHE_SECONDS: i64 = 300;
/// A new key is published this long before it signs: longer than [`JWKS_CACHE_SECONDS`] and a minute in which our own
/// processes read their keys again.
pub const LEAD: Duration = Duration::minutes(10);
/// A key is accepted this long after it stopped signing: longer than a token lives.
pub const OVERLAP: Duration = Duration::minutes(20);

/// When one key is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTimes {
    pub signs_from: Ts,
    pub retires_at: Option<Ts>,
}

/// Whether the key is published and what it signed is accepted.
pub fn in_force(key: &KeyTimes, now: Ts) -> bool {
    key.retires_at.is_none_or(|end| now < end)
}

/// The key that signs: the latest whose time has come.
pub fn signer<K>(keys: &[K], times: impl Fn(&K) -> KeyTimes, now: Ts) -> Option<&K> {
    let begun = keys.iter().filter(|key| times(key).signs_from <= now && in_force(&times(key), now));
    begun.max_by_key(|key| times(key).signs_from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN_MINUTES: i64 = 15;

    fn minute(n: i64) -> Ts {
        Ts::from_micros(1_705_280_400_000_000 + n * 60_000_000)
    }

    /// As the store does it: a rotation adds a key and lets every standing one run out.
    fn rotate(keys: &mut Vec<KeyTimes>, now: Ts) {
        if keys.iter().any(|key| key.signs_from > now) {
            return;
        }
        let signs_from = now.plus(LEAD);
        let end = signs_from.plus(OVERLAP);
        keys.iter_mut().for_each(|key| key.retires_at = key.retires_at.or(Some(end)));
        keys.push(KeyTimes { signs_from, retires_at: None });
    }

    #[test]
    fn a_key_is_known_everywhere_before_it_signs() {
        assert!(LEAD > Duration::seconds(JWKS_CACHE_SECONDS) + Duration::minutes(1));
        assert!(OVERLAP > Duration::minutes(TOKEN_MINUTES + 1));
    }

    proptest::proptest! {
        #[test]
        fn there_is_always_one_signer_and_every_live_token_verifies(
            pauses in proptest::collection::vec(0i64..60, 0..12), probe in 0i64..600,
        ) {
            let mut keys = vec![KeyTimes { signs_from: minute(0), retires_at: None }];
            let mut now = 0;
            for pause in pauses {
                now += pause;
                if now > probe { break; }
                rotate(&mut keys, minute(now));
            }
            proptest::prop_assert!(signer(&keys, |key| *key, minute(probe)).is_some());
            for issued in (probe - TOKEN_MINUTES).max(0)..=probe {
                let by = signer(&keys, |key| *key, minute(issued)).expect("a signer");
                proptest::prop_assert!(in_force(by, minute(probe)));
            }
        }
    }
}
