//! What a place is called without its suffixes: two registers name the same community differently.

use platform::text::for_search;

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

/// The name without what kind of body it is: `飞机场社区居民委员会` and `飞机场社区` are one place.
pub fn core(name: &str) -> String {
    let name = for_search(name);
    let stripped = SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)).filter(|rest| !rest.is_empty());
    stripped.unwrap_or(&name).to_owned()
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
}
