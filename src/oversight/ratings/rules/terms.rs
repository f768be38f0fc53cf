//! What a scheme says beside its indicators: weights, cutoffs, caps and what a star may charge.

use platform::error::At;
use platform::{Error, FieldError, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{CUTOFFS_ORDER, TIERS, WEIGHTS_SUM};
use crate::ratings::dto::{RatingDimension, RatingPanel};

/// 100 %, in basis points.
pub const WHOLE: i32 = 10_000;
pub const BEST: i16 = 5;

/// 维度权重, basis points; together 10000
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DimensionWeights {
    /// 组织建设
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 2000, minimum = 0, maximum = 10_000)]
    pub organisation: i32,
    /// 骨干队伍
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 1500, minimum = 0, maximum = 10_000)]
    pub team: i32,
    /// 服务质量
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 3500, minimum = 0, maximum = 10_000)]
    pub service: i32,
    /// 运营管理
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 2000, minimum = 0, maximum = 10_000)]
    pub operation: i32,
    /// 社会形象
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 1000, minimum = 0, maximum = 10_000)]
    pub image: i32,
}

impl DimensionWeights {
    pub fn of(&self, dimension: RatingDimension) -> i32 {
        match dimension {
            RatingDimension::Organisation => self.organisation,
            RatingDimension::Team => self.team,
            RatingDimension::Service => self.service,
            RatingDimension::Operation => self.operation,
            RatingDimension::Image => self.image,
        }
    }
}

/// 评分方权重, basis points; together 10000
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PanelWeights {
    /// 行业主管部门
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 5000, minimum = 0, maximum = 10_000)]
    pub authority: i32,
    /// 行业协会
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 2500, minimum = 0, maximum = 10_000)]
    pub association: i32,
    /// 同行企业
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 1000, minimum = 0, maximum = 10_000)]
    pub peer: i32,
    /// 业主满意度
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 1500, minimum = 0, maximum = 10_000)]
    pub satisfaction: i32,
}

impl PanelWeights {
    pub fn of(&self, panel: RatingPanel) -> i32 {
        match panel {
            RatingPanel::Authority => self.authority,
            RatingPanel::Association => self.association,
            RatingPanel::Peer => self.peer,
            RatingPanel::Satisfaction => self.satisfaction,
        }
    }
}

/// 星级分数线, basis points: the least score of each star
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cutoffs {
    #[validate(range(min = 1, max = 10_000))]
    #[schema(example = 9000, minimum = 1, maximum = 10_000)]
    pub five: i32,
    #[validate(range(min = 1, max = 10_000))]
    #[schema(example = 8000, minimum = 1, maximum = 10_000)]
    pub four: i32,
    #[validate(range(min = 1, max = 10_000))]
    #[schema(example = 7000, minimum = 1, maximum = 10_000)]
    pub three: i32,
    #[validate(range(min = 1, max = 10_000))]
    #[schema(example = 6000, minimum = 1, maximum = 10_000)]
    pub two: i32,
    #[validate(range(min = 1, max = 10_000))]
    #[schema(example = 5000, minimum = 1, maximum = 10_000)]
    pub one: i32,
}

impl Cutoffs {
    /// From one star to five.
    fn ascending(&self) -> [i32; 5] {
        [self.one, self.two, self.three, self.four, self.five]
    }

    /// As many stars as cutoffs were reached.
    pub fn star_of(&self, score: i32) -> i16 {
        self.ascending().iter().map(|least| i16::from(score >= *least)).sum()
    }
}

/// 封顶规则: the most stars where something of the kind happened
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// 有红线事件或一票否决
    #[validate(range(min = 0, max = 5))]
    #[schema(example = 1, minimum = 0, maximum = 5)]
    pub red_line_star: i16,
    /// 五公开不完整
    #[validate(range(min = 0, max = 5))]
    #[schema(example = 3, minimum = 0, maximum = 5)]
    pub disclosures_star: i16,
    /// 满意度低于此值, basis points
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 6000, minimum = 0, maximum = 10_000)]
    pub satisfaction_below: i32,
    #[validate(range(min = 0, max = 5))]
    #[schema(example = 2, minimum = 0, maximum = 5)]
    pub satisfaction_star: i16,
}

/// 一个星级的政府指导价: per square metre and month
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceTier {
    #[validate(range(min = 1, max = 5))]
    #[schema(example = 4, minimum = 1, maximum = 5)]
    pub star: i16,
    /// 基准价, fen per square metre and month
    #[validate(range(min = 0, max = 100_000))]
    #[schema(example = 150, minimum = 0, maximum = 100_000)]
    pub base_fen: i64,
    /// 上浮幅度, basis points of the base price
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 1000, minimum = 0, maximum = 10_000)]
    pub float_bp: i32,
}

impl PriceTier {
    /// Whether a price lies within base × (1 + float), exactly.
    pub fn allows(&self, charged_fen: i64) -> bool {
        i128::from(charged_fen) * i128::from(WHOLE) <= i128::from(self.base_fen) * i128::from(WHOLE + self.float_bp)
    }
}

/// 评定办法的参数
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemeTerms {
    #[validate(nested)]
    pub dimensions: DimensionWeights,
    #[validate(nested)]
    pub panels: PanelWeights,
    #[validate(nested)]
    pub cutoffs: Cutoffs,
    #[validate(nested)]
    pub caps: Caps,
    /// 星级价目, one for each star
    #[validate(length(min = 5, max = 5), nested)]
    #[schema(min_items = 5, max_items = 5, example = json!([
        { "star": 1, "base_fen": 60, "float_bp": 1000 }, { "star": 2, "base_fen": 90, "float_bp": 1000 },
        { "star": 3, "base_fen": 120, "float_bp": 1000 }, { "star": 4, "base_fen": 150, "float_bp": 1000 },
        { "star": 5, "base_fen": 190, "float_bp": 1000 }]))]
    pub tiers: Vec<PriceTier>,
}

impl SchemeTerms {
    /// The local rule that the product brings along (domain B9); its prices are invented for the demo.
    pub fn usual() -> Self {
        let tier = |star, base_fen| PriceTier { star, base_fen, float_bp: 1000 };
        Self {
            dimensions: DimensionWeights {
                organisation: 2000,
                team: 1500,
                service: 3500,
                operation: 2000,
                image: 1000,
            },
            panels: PanelWeights { authority: 5000, association: 2500, peer: 1000, satisfaction: 1500 },
            cutoffs: Cutoffs { five: 9000, four: 8000, three: 7000, two: 6000, one: 5000 },
            caps: Caps { red_line_star: 1, disclosures_star: 3, satisfaction_below: 6000, satisfaction_star: 2 },
            tiers: vec![tier(1, 60), tier(2, 90), tier(3, 120), tier(4, 150), tier(5, 190)],
        }
    }

    pub fn tier(&self, star: i16) -> Option<&PriceTier> {
        self.tiers.iter().find(|tier| tier.star == star)
    }

    /// Whether the parts fit together; faults are placed below `/terms`.
    pub fn check(&self) -> Result<()> {
        let dimensions = RatingDimension::ALL.iter().map(|of| (of.as_str(), self.dimensions.of(*of)));
        check_sum("dimensions", dimensions)?;
        check_sum("panels", RatingPanel::ALL.iter().map(|of| (of.as_str(), self.panels.of(*of))))?;
        if !self.cutoffs.ascending().is_sorted_by(|lower, higher| lower < higher) {
            return Err(CUTOFFS_ORDER.at("/terms/cutoffs"));
        }
        self.check_tiers()
    }

    fn check_tiers(&self) -> Result<()> {
        let mut tiers = self.tiers.clone();
        tiers.sort_by_key(|tier| tier.star);
        let each_once = tiers.iter().map(|tier| tier.star).eq(1..=BEST);
        let dearer = tiers.is_sorted_by_key(|tier| tier.base_fen);
        if each_once && dearer { Ok(()) } else { Err(TIERS.at("/terms/tiers")) }
    }
}

/// Weights are 100 % together. The fault is placed at the weight that goes beyond, or at the last where they fall short.
fn check_sum<'a>(group: &str, weights: impl Iterator<Item = (&'a str, i32)>) -> Result<()> {
    let (mut sum, mut last) = (0, "");
    for (name, weight) in weights {
        sum += weight;
        last = name;
        if sum > WHOLE {
            return Err(sum_fault(group, name));
        }
    }
    if sum == WHOLE { Ok(()) } else { Err(sum_fault(group, last)) }
}

fn sum_fault(group: &str, name: &str) -> Error {
    let at = At::Pointer(format!("/terms/{group}/{name}"));
    Error::Rule(&WEIGHTS_SUM, vec![FieldError::new(at, WEIGHTS_SUM.code, WEIGHTS_SUM.zh, WEIGHTS_SUM.en)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(error: &Error) -> String {
        match error.report().errors.first().map(|fault| fault.at.clone()) {
            Some(At::Pointer(at)) => at,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_usual_terms_fit_together() {
        assert!(SchemeTerms::usual().check().is_ok());
        assert!(SchemeTerms::usual().validate().is_ok());
    }

    #[test]
    fn a_weight_that_breaks_the_sum_is_named() {
        let mut terms = SchemeTerms::usual();
        terms.panels.satisfaction = 1501;
        assert_eq!(place(&terms.check().expect_err("too much")), "/terms/panels/satisfaction");
        terms.panels.satisfaction = 1499;
        assert_eq!(place(&terms.check().expect_err("too little")), "/terms/panels/satisfaction");
        terms.panels = PanelWeights { authority: 9000, association: 2000, peer: 0, satisfaction: 0 };
        assert_eq!(place(&terms.check().expect_err("too much")), "/terms/panels/association");
    }

    #[test]
    fn cutoffs_rise_and_each_star_has_one_price() {
        let mut terms = SchemeTerms::usual();
        terms.cutoffs.four = 9000;
        assert_eq!(place(&terms.check().expect_err("equal")), "/terms/cutoffs");
        let mut terms = SchemeTerms::usual();
        terms.tiers[0].star = 2;
        assert_eq!(place(&terms.check().expect_err("two of one star")), "/terms/tiers");
        let mut terms = SchemeTerms::usual();
        terms.tiers[0].base_fen = 91;
        assert_eq!(place(&terms.check().expect_err("one star dearer than two")), "/terms/tiers");
    }

    proptest! {
        /// At each cutoff one below, exactly, and one above.
        #[test]
        fn a_star_begins_exactly_at_its_cutoff(mut least in proptest::collection::btree_set(1i32..10_000, 5)) {
            let mut next = || least.pop_first().expect("five");
            let (one, two, three, four, five) = (next(), next(), next(), next(), next());
            let cutoffs = Cutoffs { five, four, three, two, one };
            for (star, at) in (1i16..).zip([one, two, three, four, five]) {
                prop_assert_eq!(cutoffs.star_of(at), star);
                prop_assert_eq!(cutoffs.star_of(at - 1), star - 1);
                prop_assert!(cutoffs.star_of(at + 1) >= star);
            }
        }

        #[test]
        fn a_price_is_allowed_up_to_its_float_and_not_a_fen_beyond(base_fen in 0i64..100_000, float_bp in 0i32..=10_000) {
            let tier = PriceTier { star: 3, base_fen, float_bp };
            let most = base_fen * i64::from(WHOLE + float_bp) / i64::from(WHOLE);
            prop_assert!(tier.allows(most) && !tier.allows(most + 1));
        }
    }
}
