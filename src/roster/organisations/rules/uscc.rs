//! 统一社会信用代码: 18 characters, the last of which checks the others (GB 32100-2015, ISO 7064 MOD 31-3).

use super::USCC_INVALID;
use platform::Result;

/// Without I, O, S, V and Z, which are read for digits or for one another.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const BODY: usize = 17;

fn value(c: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == c)
}

/// The check character of the first seventeen; `None` where one of them is not of the alphabet.
pub fn check_character(body: &str) -> Option<char> {
    if body.len() != BODY {
        return None;
    }
    let mut weight = 1;
    let mut sum = 0;
    for c in body.bytes() {
        sum += value(c)? * weight;
        weight = weight * 3 % ALPHABET.len();
    }
    let at = (ALPHABET.len() - sum % ALPHABET.len()) % ALPHABET.len();
    ALPHABET.get(at).map(|c| char::from(*c))
}

pub fn is_valid(code: &str) -> bool {
    code.is_ascii() && code.len() == BODY + 1 && code.get(..BODY).and_then(check_character) == code.chars().last()
}

pub fn check(code: &str) -> Result<()> {
    if is_valid(code) { Ok(()) } else { Err(USCC_INVALID.at("/uscc")) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The example of the standard.
    #[test]
    fn the_standards_example_holds() {
        assert!(is_valid("91350100M000100Y43"));
        for wrong in ["91350100M000100Y44", "91350100M000100Y4", "91350100m000100y43", "91350100I000100Y43", "", "统一"]
        {
            assert!(!is_valid(wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_always_found(body in "[0-9A-HJ-NPQRTUWXY]{17}", at in 0usize..17, other in 0usize..31) {
            let check = check_character(&body).expect("a check character");
            let code = format!("{body}{check}");
            prop_assert!(is_valid(&code));
            let mut bytes = code.clone().into_bytes();
            bytes[at] = ALPHABET[other];
            let changed = String::from_utf8(bytes).expect("ASCII");
            prop_assert_eq!(is_valid(&changed), changed == code);
        }
    }
}
