//! What places may set for themselves about surveys.

use platform::rule_sets::{Params, RuleKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// The whole, in basis points.
pub const WHOLE: i32 = 10_000;

/// 三方权重, in basis points that add up to the whole
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyWeights {
    /// 业主
    #[validate(range(min = 0, max = 10000))]
    #[schema(minimum = 0, maximum = 10000, example = 6000)]
    pub owners_bp: i32,
    /// 社区
    #[validate(range(min = 0, max = 10000))]
    #[schema(minimum = 0, maximum = 10000, example = 2500)]
    pub community_bp: i32,
    /// 业委会
    #[validate(range(min = 0, max = 10000))]
    #[schema(minimum = 0, maximum = 10000, example = 1500)]
    pub committee_bp: i32,
}

impl SurveyWeights {
    pub fn sum(&self) -> i32 {
        self.owners_bp + self.community_bp + self.committee_bp
    }
}

/// 测评规则: pinned by a round when it is published
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyRules {
    #[validate(nested, custom(function = check_whole))]
    pub weights: SurveyWeights,
    /// 及格线, in basis points
    #[validate(range(min = 1, max = 10000))]
    #[schema(minimum = 1, maximum = 10000, example = 6000)]
    pub pass_bp: i32,
    /// 最少份数
    #[validate(range(min = 10, max = 10000))]
    #[schema(minimum = 10, maximum = 10000, example = 30)]
    pub least_answers: i32,
    /// 最少占户数的比例, in basis points; the greater of the two holds
    #[validate(range(min = 0, max = 10000))]
    #[schema(minimum = 0, maximum = 10000, example = 1000)]
    pub least_share_bp: i32,
    /// 分栋公布与向企业公布的最少份数: never fewer than ten
    #[validate(range(min = 10, max = 1000))]
    #[schema(minimum = 10, maximum = 1000, example = 10)]
    pub shown_from: i32,
    /// 最长答卷天数
    #[validate(range(min = 1, max = 180))]
    #[schema(minimum = 1, maximum = 180, example = 60)]
    pub window_days: i32,
    /// 整改天数
    #[validate(range(min = 1, max = 180))]
    #[schema(minimum = 1, maximum = 180, example = 30)]
    pub rectify_days: i32,
}

fn check_whole(weights: &SurveyWeights) -> Result<(), ValidationError> {
    if weights.sum() == WHOLE { Ok(()) } else { Err(ValidationError::new("not_the_whole")) }
}

impl Default for SurveyRules {
    fn default() -> Self {
        Self {
            weights: SurveyWeights { owners_bp: 6000, community_bp: 2500, committee_bp: 1500 },
            pass_bp: 6000,
            least_answers: 30,
            least_share_bp: 1000,
            shown_from: 10,
            window_days: 60,
            rectify_days: 30,
        }
    }
}

impl Params for SurveyRules {}

pub const ROUNDS: RuleKey = RuleKey::new::<SurveyRules>(
    "surveys.rounds",
    "测评的权重、及格线、最少份数与整改期限",
    "Weights, pass line, fewest answers and time to rectify",
    "演示建议值,非法定标准:三方权重60/25/15、及格线60分、最少30份或户数的10%、整改30日",
);

/// The rules of this context that places may set.
pub const RULES: &[&RuleKey] = &[&ROUNDS];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Three weights are good exactly where they add up to the whole.
        #[test]
        fn weights_are_the_whole(owners_bp in 0i32..=10_000, community_bp in 0i32..=10_000, off in -2i32..=2) {
            let committee_bp = WHOLE - owners_bp - community_bp + off;
            prop_assume!((0..=10_000).contains(&committee_bp));
            let weights = SurveyWeights { owners_bp, community_bp, committee_bp };
            let rules = SurveyRules { weights, ..SurveyRules::default() };
            prop_assert_eq!(rules.validate().is_ok(), off == 0);
        }
    }

    #[test]
    fn what_holds_by_itself_is_good_and_nobody_looks_closer_than_ten() {
        assert!(SurveyRules::default().validate().is_ok());
        assert!(SurveyRules { shown_from: 9, ..SurveyRules::default() }.validate().is_err());
    }
}
