//! How Chinese names are made comparable: the register keeps the raw name, searches use this.

use unicode_normalization::UnicodeNormalization;

/// Full-width forms become ordinary ones, letters lower case, white space and middle dots go.
pub fn for_search(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace() && !matches!(c, '·' | '・')).collect()
}

/// A `LIKE` pattern for names that contain what somebody typed; their own `%` and `_` stand for themselves.
pub fn pattern(typed: &str) -> String {
    let escaped = for_search(typed).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// As many digits in a row may be a telephone number; a building's number is shorter.
const DIGITS_OF_A_PHONE: usize = 7;

/// Whether there is a number in it that may be a telephone's, an identity card's or an account's: in digits of any script.
pub fn holds_long_number(text: &str) -> bool {
    let mut digits = 0;
    text.chars().any(|char| {
        digits = if char.is_numeric() { digits + 1 } else { 0 };
        digits >= DIGITS_OF_A_PHONE
    })
}

/// 张*: what of a name goes out where the name itself is not needed.
pub fn mask_name(name: &str) -> String {
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(_)) => format!("{first}*"),
        _ => "*".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_name_only_the_first_character_is_left() {
        assert_eq!(mask_name("张三丰"), "张*");
        assert_eq!(mask_name("张"), "*", "a single character would be the whole name");
        assert_eq!(mask_name(""), "*");
    }

    #[test]
    fn full_width_and_astral_characters() {
        assert_eq!(for_search("(0e)号 院·东"), "(0e)号院东");
        assert_eq!(for_search("𡐓村"), "𡐓村");
        assert_eq!(pattern("50%_"), "%50\\%\\_%");
    }
}
