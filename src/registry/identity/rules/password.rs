//! 密码规则: what a password must be, and how a random one is made that can be read out over the telephone.

use platform::Problem;

use super::predictable::is_predictable;
use super::{PASSWORD_COMMON, PASSWORD_HOLDS_NAME, PASSWORD_LENGTH, PASSWORD_MONOTONOUS};

const LENGTHS: std::ops::RangeInclusive<usize> = 10..=128;
const DIFFERENT_CHARACTERS: usize = 5;

/// Small letters and digits without those that look alike (0 o, 1 l i) and without vowels, so that no word appears.
const READABLE: &[u8; 24] = b"23456789bcdfghjkmnpqrstv";
const GROUPS: usize = 4;
const GROUP_LENGTH: usize = 4;

pub fn check_password(password: &str, username: &str) -> Result<(), &'static Problem> {
    let lower = password.to_lowercase();
    let mut characters: Vec<char> = password.chars().collect();
    if !LENGTHS.contains(&characters.len()) {
        return Err(&PASSWORD_LENGTH);
    }
    characters.sort_unstable();
    characters.dedup();
    if characters.len() < DIFFERENT_CHARACTERS {
        return Err(&PASSWORD_MONOTONOUS);
    }
    if lower.contains(&username.to_lowercase()) {
        return Err(&PASSWORD_HOLDS_NAME);
    }
    if is_predictable(&lower) { Err(&PASSWORD_COMMON) } else { Ok(()) }
}

/// A password of four groups, `7kdm-q2xv-…`, out of random bytes; `None` where they did not suffice.
pub fn random_password_from(random: &[u8]) -> Option<String> {
    // Bytes behind the last whole multiple of 24 are thrown away: taking them modulo 24 would favour some letters.
    let letters = random.iter().filter(|byte| **byte < 240).filter_map(|byte| READABLE.get(usize::from(*byte) % 24));
    let letters: Vec<char> = letters.map(|letter| char::from(*letter)).take(GROUPS * GROUP_LENGTH).collect();
    if letters.len() < GROUPS * GROUP_LENGTH {
        return None;
    }
    let groups: Vec<String> = letters.chunks(GROUP_LENGTH).map(|group| group.iter().collect()).collect();
    Some(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<&'static str> {
        check_password(password, "wang.wu").err().map(|problem| problem.code)
    }

    #[test]
    fn weak_passwords_are_named() {
        assert_eq!(code("short1A!"), Some("identity.password_length"));
        assert_eq!(code(&"ab3d5".repeat(30)), Some("identity.password_length"));
        assert_eq!(code("aaaaaaaabbbb"), Some("identity.password_monotonous"));
        assert_eq!(code("my-Wang.Wu-2024"), Some("identity.password_holds_name"));
        for common in ["PassWord123", "passwordPassword", "123456789012", "QwertyUiop12"] {
            assert_eq!(code(common), Some("identity.password_common"), "{common}");
        }
        assert_eq!(code("红色物业服务千家万户好"), None);
        assert_eq!(code("correct horse battery"), None);
    }

    proptest::proptest! {
        #[test]
        fn random_ones_read_well(random in proptest::collection::vec(0u8.., 64)) {
            if let Some(password) = random_password_from(&random) {
                proptest::prop_assert_eq!(password.len(), 19);
                proptest::prop_assert!(!password.contains(['0', 'o', '1', 'l', 'i', 'a', 'e', 'u']));
            }
        }
    }

    #[test]
    fn too_few_random_bytes_make_none() {
        assert_eq!(random_password_from(&[255; 64]), None);
        assert_eq!(random_password_from(&[0; 16]).as_deref(), Some("2222-2222-2222-2222"));
    }
}
