//! 常见密码: what is among the first that anybody tries, by how it is made and not by a list of all there are. The words and
//! runs are our own choice.

/// So many characters that no run, word, year or repetition accounts for make a password more than its pattern.
const NEEDED: usize = 4;
const SHORTEST_RUN: usize = 3;

/// What fingers run along, either way: digits, the alphabet, and keyboards by row, by column and zigzag.
const LINES: &[&str] = &[
    "01234567890-=",
    "!@#$%^&*()",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "1a2b3c4d5e6f7g8h9i0j",
    "147258369",
];

/// What people here call a password, an account, this service, and those whom they love.
const WORDS: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "administrator",
    "admin",
    "iloveyou",
    "welcome",
    "letmein",
    "woaini",
    "wodemima",
    "mima",
    "zhongguo",
    "hongguanjia",
    "hongsewuye",
    "redsteward",
    "5201314",
    "1314",
    "520",
    "qq",
];

/// Whether somebody who guesses patterns before anything else is soon there: one piece again and again, or hardly more than
/// runs and words. `lower` is in small letters.
pub fn is_predictable(lower: &str) -> bool {
    is_one_piece_repeated(lower) || is_hardly_more_than_patterns(lower)
}

fn is_one_piece_repeated(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let repeats = |period: usize| characters.iter().zip(characters.iter().skip(period)).all(|(a, b)| a == b);
    (1..=characters.len() / 2).any(repeats)
}

fn is_hardly_more_than_patterns(text: &str) -> bool {
    let (mut rest, mut unaccounted) = (text, 0);
    while let Some(first) = rest.chars().next() {
        let pattern = pattern_at_start(rest);
        if pattern == 0 {
            unaccounted += 1;
        }
        rest = rest.get(pattern.max(first.len_utf8())..).unwrap_or_default();
    }
    unaccounted < NEEDED
}

/// How many bytes at the start are a word, a year, a run or one character over and over; 0 where none is.
fn pattern_at_start(rest: &str) -> usize {
    let word = WORDS.iter().filter(|word| rest.starts_with(**word)).map(|word| word.len()).max();
    let year = rest.get(..4).filter(|year| (year.starts_with("19") || year.starts_with("20")) && is_number(year));
    [word, year.map(str::len), longest_run(rest), same_over_and_over(rest)].into_iter().flatten().max().unwrap_or(0)
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn longest_run(rest: &str) -> Option<usize> {
    let longest = |line: &str| {
        let lengths = (SHORTEST_RUN..=line.len()).rev();
        lengths.into_iter().find(|length| rest.get(..*length).is_some_and(|start| line.contains(start)))
    };
    let back = |line: &&str| longest(&line.chars().rev().collect::<String>());
    LINES.iter().filter_map(|line| longest(line).max(back(line))).max()
}

fn same_over_and_over(rest: &str) -> Option<usize> {
    let first = rest.chars().next()?;
    let times = rest.chars().take_while(|c| *c == first).count();
    (times >= SHORTEST_RUN).then_some(times * first.len_utf8())
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;

    use super::*;

    #[test]
    fn the_first_that_anybody_tries_are_known() {
        for common in [
            "passwordpassword",
            "123456789012",
            "qwertyuiop12",
            "0123456789",
            "0987654321",
            "12345678910",
            "1234567890a",
            "1234567890-=",
            "1q2w3e4r5t6y",
            "1qaz2wsx3edc",
            "aa123456789",
            "abc123456789",
            "abcd123456",
            "abcdefg123",
            "admin@123456",
            "administrator",
            "asdfghjkl123",
            "hongguanjia123",
            "hongsewuye2024",
            "iloveyou123",
            "password2024!",
            "p@ssw0rd123",
            "qazwsxedcrfv",
            "qq123456789",
            "qwer1234567",
            "redsteward123",
            "woaini5201314",
            "wodemima123",
            "zhongguo123",
            "zxcvbnm123456",
            "abc123abc123",
            "ab1!ab1!ab1!ab",
            "11111222223333344444",
            "红色物业红色物业红色物业",
            "zyxwvu987654",
        ] {
            assert!(is_predictable(common), "{common}");
        }
    }

    #[test]
    fn what_holds_a_pattern_may_still_be_more_than_it() {
        for good in [
            "correct horse battery",
            "红色物业服务千家万户好",
            "春眠不觉晓-处处闻啼鸟",
            "7kdm-q2xv-h3np-98rt",
            "zhangsan1990",
            "my-secret-2024",
            "wangwu123456",
        ] {
            assert!(!is_predictable(good), "{good}");
        }
    }

    proptest::proptest! {
        #[test]
        fn one_piece_again_and_again_is_predictable(piece in "[a-z0-9!红]{1,12}", times in 2usize..6, cut in 0usize..12) {
            let tail: String = piece.chars().take(cut).collect();
            proptest::prop_assert!(is_predictable(&(piece.repeat(times) + &tail)));
        }

        #[test]
        fn a_word_a_run_and_three_characters_are_predictable(
            word in 0..WORDS.len(), line in 0..LINES.len(), from in 0usize..5, more in "[^a-z0-9]{0,3}",
        ) {
            let run: String = LINES[line].chars().skip(from).take(4).collect();
            let text = format!("{}{more}{run}", WORDS[word]);
            proptest::prop_assert!(is_predictable(&text.to_lowercase()), "{}", text);
        }

        /// What we make ourselves, where it is as random as it nearly always is.
        #[test]
        fn four_groups_of_readable_letters_are_not(letters in proptest::sample::subsequence(
            "23456789bcdfghjkmnpqrstv".chars().collect::<Vec<_>>(), 16,
        ).prop_shuffle()) {
            let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
            let password = groups.join("-");
            proptest::prop_assert!(!is_predictable(&password), "{}", password);
        }
    }
}
