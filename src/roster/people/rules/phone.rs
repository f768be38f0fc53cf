//! 电话号码 of mainland China: what is one, and how it is shown (domain C7: 138****5678).

use validator::ValidationError;

/// Longest code of a landline's area, `0937`.
const AREA_CODE: std::ops::RangeInclusive<usize> = 3..=4;
const LOCAL: std::ops::RangeInclusive<usize> = 7..=8;
const MOBILE_DIGITS: usize = 11;

/// A number as it is stored: eleven digits of a mobile, or area code, hyphen and local number of a landline. Blanks,
/// hyphens inside a mobile number and a leading +86 are typing habits.
pub fn parse_phone(typed: &str) -> Option<String> {
    let compact: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let national = compact.strip_prefix("+86").unwrap_or(&compact).trim_start_matches('-');
    if national.starts_with('0') { landline(national) } else { mobile(national) }
}

fn mobile(text: &str) -> Option<String> {
    let digits = text.replace('-', "");
    let second = digits.as_bytes().get(1).copied().unwrap_or_default();
    let shape = digits.len() == MOBILE_DIGITS && all_digits(&digits);
    (shape && digits.starts_with('1') && (b'3'..=b'9').contains(&second)).then_some(digits)
}

fn landline(text: &str) -> Option<String> {
    let (area, local) = text.split_once('-')?;
    let shape = AREA_CODE.contains(&area.len()) && LOCAL.contains(&local.len());
    let real = !area.starts_with("00") && !local.starts_with(['0', '1']);
    (shape && real && all_digits(area) && all_digits(local)).then(|| format!("{area}-{local}"))
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// A stored number as it is shown: the first three and last four of a mobile, the area code and last three of a landline.
pub fn mask(phone: &str) -> String {
    let last = |n: usize| phone.get(phone.len().saturating_sub(n)..).unwrap_or_default();
    match phone.split_once('-') {
        Some((area, _)) => format!("{area}-****{}", last(3)),
        None => format!("{}****{}", phone.get(..3).unwrap_or_default(), last(4)),
    }
}

/// A field rule: a mobile or landline number of the mainland.
pub fn check_phone(typed: &str) -> Result<(), ValidationError> {
    if parse_phone(typed).is_some() { Ok(()) } else { Err(ValidationError::new("phone")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobiles_and_landlines() {
        for (typed, stored, shown) in [
            ("19909371234", "19909371234", "199****1234"),
            ("199-0937-1234", "19909371234", "199****1234"),
            ("+86 138 1234 5678", "13812345678", "138****5678"),
            ("0937-2612345", "0937-2612345", "0937-****345"),
            ("010-62612345", "010-62612345", "010-****345"),
        ] {
            assert_eq!(parse_phone(typed).as_deref(), Some(stored), "{typed}");
            assert_eq!(mask(stored), shown);
        }
    }

    #[test]
    fn other_numbers_are_none() {
        for typed in [
            "",
            "110",
            "1990937123",
            "199093712345",
            "12909371234",
            "1990937123x",
            "09372612345",
            "0937-0612345",
            "00937-2612345",
            "0937-26123456789",
            "+1 2025550123",
            "１９９０９３７１２３４",
        ] {
            assert_eq!(parse_phone(typed), None, "{typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_shown_number_never_holds_the_middle(tail in "[3-9][0-9]{9}") {
            let phone = parse_phone(&format!("1{tail}")).unwrap_or_default();
            proptest::prop_assert_eq!(phone.len(), 11);
            let shown = mask(&phone);
            proptest::prop_assert!(!shown.contains(&phone[3..7]) || phone[..3].contains(&phone[3..7]) || phone[7..].contains(&phone[3..7]));
            proptest::prop_assert_eq!(shown.chars().filter(|c| *c == '*').count(), 4);
        }
    }
}
