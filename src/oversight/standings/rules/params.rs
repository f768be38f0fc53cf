//! What places may set for themselves about lists, boards and credit.

use std::collections::BTreeMap;

use platform::rule_sets::{Params, RuleKey};
use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use crate::standings::dto::{ListKind, Measure};

/// 列入情形: a ground of one of the lists
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    pub list: ListKind,
    #[validate(length(min = 1, max = 100))]
    pub zh: String,
    #[validate(length(min = 1, max = 160))]
    pub en: String,
}

/// 名单规则: grounds, measures and days
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[validate(schema(function = check_order))]
#[serde(deny_unknown_fields)]
pub struct ListRules {
    /// 陈述申辩期, working days: five at the least
    #[validate(range(min = 5, max = 60))]
    pub hear_days: i64,
    /// 异议期, working days after the publication
    #[validate(range(min = 5, max = 60))]
    pub object_days: i64,
    /// 异议办理期限, working days
    #[validate(range(min = 1, max = 3))]
    pub decide_days: i64,
    /// 需要核查的异议, working days
    #[validate(range(min = 1, max = 7))]
    pub decide_extended_days: i64,
    /// 公布满多少个月方可修复
    #[validate(range(min = 6, max = 60))]
    pub repair_months: u32,
    /// 有效期, months, where the decision names no day
    #[validate(range(min = 1, max = 60))]
    pub valid_months: u32,
    /// 最长有效期, months: five years at the most
    #[validate(range(min = 1, max = 60))]
    pub longest_months: u32,
    /// 列入情形, by code
    #[validate(nested, custom(function = check_codes))]
    pub grounds: BTreeMap<String, Ground>,
    /// 公布的措施: what being listed leads to, and nothing else
    #[validate(custom(function = check_measures))]
    pub measures: BTreeMap<ListKind, Vec<Measure>>,
}

fn check_order(rules: &ListRules) -> Result<(), ValidationError> {
    let ordered = rules.decide_days <= rules.decide_extended_days && rules.valid_months <= rules.longest_months;
    if ordered { Ok(()) } else { Err(ValidationError::new("order")) }
}

fn check_codes(grounds: &BTreeMap<String, Ground>) -> Result<(), ValidationError> {
    let plain = |code: &String| {
        (1..=40).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    if grounds.len() <= 60 && grounds.keys().all(plain) { Ok(()) } else { Err(ValidationError::new("code")) }
}

/// Each measure suits its list: nothing that is meant for the black list is done to who is praised.
fn check_measures(measures: &BTreeMap<ListKind, Vec<Measure>>) -> Result<(), ValidationError> {
    let suits = |(list, all): (&ListKind, &Vec<Measure>)| {
        all.len() <= Measure::ALL.len() && all.iter().all(|measure| measure.suits(*list))
    };
    if measures.iter().all(suits) { Ok(()) } else { Err(ValidationError::new("measure")) }
}

impl Measure {
    /// Rewards are for the red list, the rest for the other two.
    pub fn suits(self, list: ListKind) -> bool {
        let reward = matches!(self, Measure::FewerInspections | Measure::Commendation);
        reward == (list == ListKind::Red)
    }
}

/// The grounds of domain B9, and a few for the other lists: local rules of the demo, no official text.
const GROUNDS: &[(&str, ListKind, &str, &str)] = &[
    ("high_rating", ListKind::Red, "连续获评高星级", "Rated with many stars time and again"),
    ("outstanding_service", ListKind::Red, "服务成效突出", "Outstanding service"),
    ("finding_unrectified", ListKind::Watch, "问题逾期未整改", "A finding was not rectified in time"),
    ("satisfaction_low", ListKind::Watch, "满意度未达及格线", "Satisfaction below the pass line"),
    ("disclosure_incomplete", ListKind::Watch, "五公开不完整", "The five disclosures are incomplete"),
    ("grade_c_thrice", ListKind::Black, "连续三次评为C级", "Graded C three times running"),
    ("satisfaction_half", ListKind::Black, "满意度不高于50%", "Satisfaction of 50 % at most"),
    (
        "complaints_tenth",
        ListKind::Black,
        "查实投诉超过户数的10%",
        "Verified complaints of more than 10 % of the households",
    ),
    ("maintenance_faked", ListKind::Black, "虚报维修套取维修资金", "Faked maintenance to draw the repair fund"),
    ("charging_unlawful", ListKind::Black, "违规收费或强制交易", "Unlawful charging or coercion"),
    ("withdrawal_abrupt", ListKind::Black, "合同期内擅自撤离", "Abrupt withdrawal within the term"),
    ("handover_refused", ListKind::Black, "合同终止后拒不交接", "Refusing the handover after the end"),
    ("criminal_liability", ListKind::Black, "依法承担刑事责任", "Criminal liability"),
    ("accident_liability", ListKind::Black, "对重大事故负有责任", "Liability for a major accident"),
];

impl Default for ListRules {
    fn default() -> Self {
        let ground = |(code, list, zh, en): &(&str, ListKind, &str, &str)| {
            ((*code).to_owned(), Ground { list: *list, zh: (*zh).to_owned(), en: (*en).to_owned() })
        };
        Self {
            hear_days: 5,
            object_days: 5,
            decide_days: 3,
            decide_extended_days: 7,
            repair_months: 6,
            valid_months: 12,
            longest_months: 60,
            grounds: GROUNDS.iter().map(ground).collect(),
            measures: BTreeMap::from([
                (ListKind::Red, vec![Measure::Commendation, Measure::FewerInspections]),
                (ListKind::Watch, vec![Measure::Interview, Measure::MoreInspections]),
                (ListKind::Black, vec![Measure::MoreInspections, Measure::NoHonours, Measure::NoBiddingAdvice]),
            ]),
        }
    }
}

impl Params for ListRules {}

impl ListRules {
    pub fn measures_of(&self, list: ListKind) -> &[Measure] {
        self.measures.get(&list).map(Vec::as_slice).unwrap_or_default()
    }
}

pub const LISTS: RuleKey = RuleKey::new::<ListRules>(
    "standings.lists",
    "红黑名单的情形、措施与期限",
    "Grounds, measures and days of the red, watch and black list",
    "告知与陈述: 河南信用条例第28条;五年上限、异议三日与七日、修复: 山东信用条例第38、39、41条;其余为演示用本地规则,非官方文本",
);

/// 上榜条件: the first or last so many places, or from a score on
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[validate(schema(function = check_pick))]
#[serde(deny_unknown_fields)]
pub struct Pick {
    #[validate(range(min = 1, max = 100))]
    #[serde(default)]
    pub places: Option<i32>,
    /// 分数线, basis points: at least, or below
    #[validate(range(min = 0, max = 10_000))]
    #[serde(default)]
    pub score: Option<i32>,
}

fn check_pick(pick: &Pick) -> Result<(), ValidationError> {
    if pick.places.is_some() || pick.score.is_some() { Ok(()) } else { Err(ValidationError::new("one_of")) }
}

/// 红黑榜规则
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct BoardRules {
    #[validate(nested)]
    pub red: Pick,
    #[validate(nested)]
    pub black: Pick,
    /// 上红榜的最低星级: nobody is praised whose stars were capped below it
    #[validate(range(min = 0, max = 5))]
    #[serde(default = "praised_from")]
    pub red_least_stars: i32,
}

fn praised_from() -> i32 {
    4
}

impl Default for BoardRules {
    fn default() -> Self {
        Self {
            red: Pick { places: Some(10), score: None },
            black: Pick { places: Some(5), score: None },
            red_least_stars: praised_from(),
        }
    }
}

impl Params for BoardRules {}

pub const BOARDS: RuleKey = RuleKey::new::<BoardRules>(
    "standings.boards",
    "红黑榜上榜条件",
    "Who gets on the red and black board",
    "演示用本地规则,非官方文本 · a local rule of the demo, no official text",
);

/// 信用计分规则
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[validate(schema(function = check_months))]
#[serde(deny_unknown_fields)]
pub struct CreditRules {
    /// 基础分
    #[validate(range(min = 0, max = 100))]
    pub base: i32,
    /// 良好分合计上限
    #[validate(range(min = 0, max = 100))]
    pub good_cap: i32,
    /// 单次分值上限
    #[validate(range(min = 1, max = 100))]
    pub most_points: i32,
    /// 有效期, months, where the event names no day
    #[validate(range(min = 1, max = 60))]
    pub valid_months: u32,
    /// 最长有效期, months: five years at the most
    #[validate(range(min = 1, max = 60))]
    pub longest_months: u32,
}

fn check_months(rules: &CreditRules) -> Result<(), ValidationError> {
    if rules.valid_months <= rules.longest_months { Ok(()) } else { Err(ValidationError::new("order")) }
}

impl Default for CreditRules {
    fn default() -> Self {
        Self { base: 80, good_cap: 40, most_points: 20, valid_months: 12, longest_months: 60 }
    }
}

impl Params for CreditRules {}

pub const CREDIT: RuleKey = RuleKey::new::<CreditRules>(
    "standings.credit",
    "企业信用计分",
    "Credit points of companies",
    "基础分80、良好分上限40、默认一年: 参照烟台2022年做法;五年上限: 山东信用条例第38条;全国无统一模板,均为本地规则",
);

/// The rules of this context that places may set.
pub const RULES: &[&RuleKey] = &[&LISTS, &BOARDS, &CREDIT];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_by_itself_passes_its_own_check() {
        assert!(ListRules::default().validate().is_ok());
        assert!(BoardRules::default().validate().is_ok());
        assert!(CreditRules::default().validate().is_ok());
    }

    #[test]
    fn no_place_sets_less_than_the_process_asks_for() {
        let looser: [fn(&mut ListRules); 7] = [
            |rules| rules.hear_days = 4,
            |rules| rules.decide_days = 4,
            |rules| rules.decide_extended_days = 8,
            |rules| rules.repair_months = 5,
            |rules| rules.longest_months = 61,
            |rules| rules.valid_months = rules.longest_months + 1,
            |rules| {
                rules.measures.insert(ListKind::Red, vec![Measure::NoHonours]);
            },
        ];
        for loosen in looser {
            let mut rules = ListRules::default();
            loosen(&mut rules);
            assert!(rules.validate().is_err(), "{rules:?}");
        }
        assert!(BoardRules { red: Pick { places: None, score: None }, ..BoardRules::default() }.validate().is_err());
    }

    #[test]
    fn every_list_has_grounds_and_measures() {
        let rules = ListRules::default();
        for list in ListKind::ALL {
            assert!(rules.grounds.values().any(|ground| ground.list == *list), "{list}");
            assert!(!rules.measures_of(*list).is_empty(), "{list}");
        }
    }
}
