//! Money, floor area and shares in integers; no float touches them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// 金额, integer fen (0.01 yuan). Up to 2^53−1, so that JavaScript reads it exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(minimum = -9_007_199_254_740_991i64, maximum = 9_007_199_254_740_991i64)]
pub struct Fen(pub i64);

/// 建筑面积, integer hundredths of a square metre: 10 000 is 100.00 m².
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(minimum = 0, maximum = 9_007_199_254_740_991i64)]
pub struct CentiSquareMetres(pub i64);

/// 比率, a share with both of its parts. `percent` is a decimal text with two places, rounded half up, and `null` where
/// the denominator is 0: no share of nothing is 100 %.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ratio {
    /// 分子
    #[schema(example = 424)]
    pub numerator: i64,
    /// 分母
    #[schema(example = 459)]
    pub denominator: i64,
    /// 百分比, two decimal places
    #[schema(required = true, example = "92.37", max_length = 24, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    pub percent: Option<String>,
}

impl Ratio {
    pub fn of(numerator: i64, denominator: i64) -> Self {
        let percent = (denominator != 0).then(|| percent(numerator, denominator));
        Self { numerator, denominator, percent }
    }

    /// 同比: `(now − before) / before`, exactly, for two counts over the same base.
    pub fn change(before: i64, now: i64) -> Self {
        Self::of(now - before, before)
    }
}

/// 平均值, a sum over a number, with both. `value` is a decimal text with two places, rounded half up, and `null` where the
/// number is 0: the mean of nothing is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quotient {
    /// 分子
    #[schema(example = 198_560)]
    pub numerator: i64,
    /// 分母
    #[schema(example = 365)]
    pub denominator: i64,
    /// 商, two decimal places
    #[schema(required = true, example = "544.00", max_length = 24, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    pub value: Option<String>,
}

impl Quotient {
    pub fn of(numerator: i64, denominator: i64) -> Self {
        Self { numerator, denominator, value: (denominator != 0).then(|| two_places(numerator, denominator, 100)) }
    }

    /// 千分率: so many in a thousand.
    pub fn per_thousand(numerator: i64, denominator: i64) -> Self {
        Self { numerator, denominator, value: (denominator != 0).then(|| two_places(numerator, denominator, 100_000)) }
    }
}

/// Half up means away from zero at exactly half, as statistics bulletins round.
fn percent(numerator: i64, denominator: i64) -> String {
    two_places(numerator, denominator, 10_000)
}

/// `hundredths` is the factor that makes the quotient one of hundredths of the unit asked for.
fn two_places(numerator: i64, denominator: i64, hundredths: i128) -> String {
    let (n, d) = (i128::from(numerator) * hundredths, i128::from(denominator));
    let negative = (n < 0) != (d < 0);
    let (n, d) = (n.abs(), d.abs());
    let hundredths = (2 * n + d) / (2 * d);
    let sign = if negative && hundredths != 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published figures of the seeds (domain B19), each with its two parts.
    #[test]
    fn the_seeds_figures() {
        let figures = [
            (424, 459, "92.37"),
            (395, 459, "86.06"),
            (1172, 1531, "76.55"),
            (8, 88, "9.09"),
            (88, 88, "100.00"),
            (52, 111, "46.85"),
            (33, 111, "29.73"),
            (548, 580, "94.48"),
            (5, 16, "31.25"),
            (2, 21, "9.52"),
        ];
        for (numerator, denominator, percent) in figures {
            assert_eq!(Ratio::of(numerator, denominator).percent.as_deref(), Some(percent));
        }
        assert_eq!(Ratio::change(3000, 2019).percent.as_deref(), Some("-32.70"));
    }

    #[test]
    fn means_and_rates_per_thousand() {
        let value = |quotient: Quotient| quotient.value;
        assert_eq!(value(Quotient::of(198_560, 365)).as_deref(), Some("544.00"));
        assert_eq!(value(Quotient::of(5, 3)).as_deref(), Some("1.67"));
        assert_eq!(value(Quotient::per_thousand(2019, 100_000)).as_deref(), Some("20.19"));
        assert_eq!(value(Quotient::of(0, 0)), None);
        assert_eq!(value(Quotient::per_thousand(1, 0)), None);
    }

    #[test]
    fn nothing_has_no_share() {
        assert_eq!(Ratio::of(0, 0).percent, None);
    }

    proptest::proptest! {
        #[test]
        fn rounding_is_within_half_a_hundredth(n in -1_000_000_000i64..1_000_000_000, d in 1i64..1_000_000_000) {
            let text = Ratio::of(n, d).percent.unwrap_or_default().replace('.', "");
            let hundredths: i128 = text.parse().unwrap_or(i128::MAX);
            let twice_error = (2 * (hundredths * i128::from(d) - i128::from(n) * 10_000)).abs();
            proptest::prop_assert!(twice_error <= i128::from(d));
        }
    }
}
