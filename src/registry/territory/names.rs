//! How Chinese place names are made comparable: the register keeps the raw name, search and move detection use this.

use unicode_normalization::UnicodeNormalization;

/// What registers append to the same community in different years, longest first.
const SUFFIXES: [&str; 10] = [
    "社区居民委员会",
    "社区居委会",
    "社区村委会",
    "村民委员会",
    "居民委员会",
    "居委会",
    "村委会",
    "社区",
    "街道办事处",
    "街道",
];

/// Full-width forms become ordinary ones, letters lower case, white space and middle dots go.
pub fn for_search(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace() && !matches!(c, '·' | '・')).collect()
}

/// The name without what kind of body it is: `飞机场社区居民委员会` and `飞机场社区` are one place.
pub fn core(name: &str) -> String {
    let name = for_search(name);
    let stripped = SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)).filter(|rest| !rest.is_empty());
    stripped.unwrap_or(&name).to_owned()
}

/// A `LIKE` pattern for names that contain what somebody typed; their own `%` and `_` stand for themselves.
pub fn pattern(typed: &str) -> String {
    let escaped = for_search(typed).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_under_its_many_suffixes() {
        for name in ["飞机场社区居民委员会", "飞机场社区居委会", "飞机场社区", "飞机场居委会"]
        {
            assert_eq!(core(name), "飞机场", "{name}");
        }
        assert_eq!(core("社区"), "社区", "a name is never stripped to nothing");
    }

    #[test]
    fn full_width_and_astral_characters() {
        assert_eq!(for_search("(0e)号 院·东"), "(0e)号院东");
        assert_eq!(for_search("𡐓村"), "𡐓村");
        assert_eq!(pattern("50%_"), "%50\\%\\_%");
    }
}
