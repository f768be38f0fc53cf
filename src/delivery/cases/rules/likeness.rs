//! 疑似重复: how alike two reports are, by place, subject and words. A radius is useless in a tower block, so place is the
//! compound and the building.

use std::collections::BTreeSet;

/// What two reports have in common, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness {
    pub same_compound: bool,
    pub same_building: bool,
    pub same_asset: bool,
    /// 0–100
    pub words: u32,
}

impl Likeness {
    /// 0–100: half of it the place, half the words.
    pub fn score(self) -> u32 {
        let place = match (self.same_asset, self.same_building, self.same_compound) {
            (true, _, _) => 50,
            (false, true, _) => 40,
            (false, false, true) => 20,
            (false, false, false) => 0,
        };
        place + self.words / 2
    }

    /// Worth showing to somebody who is about to report.
    pub fn is_worth_showing(self) -> bool {
        self.score() >= 30
    }
}

/// Pairs of neighbouring characters: Chinese has no spaces between words.
fn pairs(text: &str) -> BTreeSet<(char, char)> {
    text.chars().zip(text.chars().skip(1)).collect()
}

/// The share of pairs that two texts have in common (Jaccard), in hundredths, rounded down.
pub fn alike(a: &str, b: &str) -> u32 {
    let (a, b) = (pairs(a), pairs(b));
    let (common, all) = (a.intersection(&b).count(), a.union(&b).count());
    match all {
        0 => 0,
        all => u32::try_from(common * 100 / all).unwrap_or(100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_alike_and_others_are_not() {
        assert_eq!(alike("管道漏水", "管道漏水"), 100);
        assert!(alike("二楼管道漏水", "三楼管道漏水了") >= 50);
        assert_eq!(alike("管道漏水", "噪音扰民"), 0);
        assert_eq!(alike("", "漏"), 0);
    }

    #[test]
    fn the_building_weighs_more_than_the_compound() {
        let of = |same_building, words| Likeness { same_compound: true, same_building, same_asset: false, words };
        assert!(of(true, 10).score() > of(false, 40).score());
        assert!(!of(false, 10).is_worth_showing() && of(true, 0).is_worth_showing());
    }

    proptest::proptest! {
        #[test]
        fn likeness_has_no_order_and_bounds(a in "[漏水管道楼ab]{0,12}", b in "[漏水管道楼ab]{0,12}") {
            proptest::prop_assert_eq!(alike(&a, &b), alike(&b, &a));
            proptest::prop_assert!(alike(&a, &b) <= 100);
            proptest::prop_assert!(a.chars().count() < 2 || alike(&a, &a) == 100);
        }
    }
}
