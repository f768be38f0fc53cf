//! 指标目录: each figure with its formula, what feeds it and on whose word it is made so (domain B19). What no context of the
//! house counts yet is not in it.

use crate::statistics::dto::{
    Breakdown, CatalogueEntry, CatalogueOut, FeedName, FigureKey, FigureKind, FigureUnit, Step,
};

/// What is known of a figure.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub key: FigureKey,
    pub formula: &'static str,
    pub unit: FigureUnit,
    pub kind: FigureKind,
    pub name: (&'static str, &'static str),
    words: (&'static str, &'static str),
    feeds: &'static [&'static str],
    pub source: &'static str,
    pub by: &'static [Breakdown],
    /// Whether it is a distribution.
    pub parts: bool,
}

const NOTHING: &[Breakdown] = &[];
const AREA: &[Breakdown] = &[Breakdown::Area];
const CASES: &[Breakdown] = &[Breakdown::Area, Breakdown::Category, Breakdown::Company];
const BY_CATEGORY: &[Breakdown] = &[Breakdown::Area, Breakdown::Category];
const STARS: &[Breakdown] = &[Breakdown::Area, Breakdown::Company];

use FigureKey::*;
use FigureKind::{Flow, Stock};
use FigureUnit::*;

/// In the order of the formulas.
pub const ENTRIES: &[Entry] = &[
    Entry {
        key: ServiceCoverage, formula: "F1", unit: Percent, kind: Stock, by: AREA, parts: false,
        name: ("物业服务覆盖率", "Property service coverage"),
        words: ("当日有管理模式的小区 ÷ 当日小区", "compounds with a mode other than none on the day ÷ compounds on the day"),
        feeds: &["compound_placements", "compound_modes"],
        source: "肃州区2023年公布口径: 424/459 = 92.37%",
    },
    Entry {
        key: OldCompounds, formula: "F2", unit: Percent, kind: Stock, by: AREA, parts: false,
        name: ("老旧小区占比", "Share of old compounds"),
        words: ("2000年以前建成的小区 ÷ 建成年份已知的小区", "compounds built before 2000 ÷ compounds whose year is known"),
        feeds: &["compound_placements", "compounds"],
        source: "邯郸市2019年公布口径: 1172/1531 = 76.55%; 国家老旧小区改造以2000年为界",
    },
    Entry {
        key: CommitteeEstablishment, formula: "F3", unit: Percent, kind: Stock, by: AREA, parts: false,
        name: ("业委会、自管委组建率", "Committees established"),
        words: ("有已备案且在任期内的业委会或自管委的小区 ÷ 小区", "compounds with a filed committee in its term ÷ compounds"),
        feeds: &["compound_placements", "committee_terms"],
        source: "民法典第277条; 肃州区2023年公布口径: 395/459 = 86.06%",
    },
    Entry {
        key: PartyOrganisationCoverage, formula: "F4", unit: Percent, kind: Stock, by: AREA, parts: false,
        name: ("物业企业党的组织覆盖率", "Party organisations in property companies"),
        words: ("单独、联合组建或挂靠党组织的物业企业 ÷ 在册物业企业", "companies with an own, joint or affiliated Party organisation ÷ active companies"),
        feeds: &["organisations", "party_coverages"],
        source: "肃州区2023年公布口径: 8/88 = 9.09%",
    },
    Entry {
        key: PartyWorkCoverage, formula: "F4", unit: Percent, kind: Stock, by: AREA, parts: false,
        name: ("物业企业党的工作覆盖率", "Party work in property companies"),
        words: ("有党组织或党建指导员的物业企业 ÷ 在册物业企业", "companies with a Party organisation or an instructor ÷ active companies"),
        feeds: &["organisations", "party_coverages", "instructor_links"],
        source: "肃州区2023年公布口径: 88/88 = 100%",
    },
    Entry {
        key: CommitteePartyShare, formula: "F5", unit: Percent, kind: Stock, by: AREA, parts: false,
        name: ("委员中的党员占比", "Party members on committees"),
        words: ("业委会、自管委在任委员中的党员 ÷ 在任委员", "Party members ÷ members of committees in office"),
        feeds: &["appointments", "persons"],
        source: "同德巷社区2020年公布口径: 52/111 = 46.85%",
    },
    Entry {
        key: CommitteeVeteranShare, formula: "F5", unit: Percent, kind: Stock, by: AREA, parts: false,
        name: ("委员中的退役军人占比", "Veterans on committees"),
        words: ("业委会、自管委在任委员中的退役军人 ÷ 在任委员; 与党员有重合,不可相加", "veterans ÷ members of committees in office; some are Party members as well, so the two are never added up"),
        feeds: &["appointments", "persons"],
        source: "同德巷社区2020年公布口径: 33/111 = 29.73%",
    },
    Entry {
        key: OnTimeClosure, formula: "F6", unit: Percent, kind: Flow, by: CASES, parts: false,
        name: ("按时办结率", "Done on time"),
        words: ("时段内到期且按时办结的事件 ÷ 时段内到期的事件; 批准的延期替代原期限", "due in the period and done by then ÷ due in the period; an approved extension replaces the date"),
        feeds: &["case_clocks", "case_alarms", "case_extensions", "case_holds"],
        source: "肃州区2023年公布口径: 100%",
    },
    Entry {
        key: VisitSatisfaction, formula: "F7", unit: Percent, kind: Flow, by: CASES, parts: false,
        name: ("回访满意度", "Satisfaction on return visits"),
        words: ("满意的有效回访 ÷ 有效回访; 未接通与拒答不计入", "satisfied ÷ answered; who was not reached or would not say is in neither"),
        feeds: &["case_visits"],
        source: "肃州区2023年公布口径: 94.48%",
    },
    Entry {
        key: VisitRate, formula: "F7", unit: Percent, kind: Flow, by: AREA, parts: false,
        name: ("回访率", "Return visits answered"),
        words: ("有效回访 ÷ 首次办结的事件", "answered ÷ done for the first time"),
        feeds: &["case_visits", "rollups"],
        source: "domain B19",
    },
    Entry {
        key: AcceptedPerDay, formula: "F8", unit: PerDay, kind: Flow, by: BY_CATEGORY, parts: false,
        name: ("日均受理", "Accepted a day"),
        words: ("时段内受理的事件 ÷ 日历天数", "accepted in the period ÷ calendar days"),
        feeds: &["rollups"],
        source: "肃州区2023年公布口径: 日均544件",
    },
    Entry {
        key: ComplaintRate, formula: "F9", unit: PerMille, kind: Flow, by: AREA, parts: false,
        name: ("物业投诉率", "Complaints against property companies"),
        words: ("时段内针对物业的投诉 ÷ 户数 × 1000", "complaints against companies in a thousand households"),
        feeds: &["rollups", "compound_placements", "compounds"],
        source: "肃州区2023年公布口径",
    },
    Entry {
        key: ComplaintRateChange, formula: "F9", unit: Percent, kind: Flow, by: AREA, parts: false,
        name: ("物业投诉率同比", "Complaints, year on year"),
        words: ("(本期投诉率 − 上年同期) ÷ 上年同期", "(this period's rate − that of the same days a year before) ÷ the latter"),
        feeds: &["rollups", "compound_placements", "compounds"],
        source: "肃州区2023年公布口径: −32.70%",
    },
    Entry {
        key: StarDistribution, formula: "F12", unit: Percent, kind: Stock, by: STARS, parts: true,
        name: ("星级分布", "Projects by stars"),
        words: ("截至当日最近一期已确认结果中各星级的项目 ÷ 已评项目", "projects of each number of stars ÷ rated, by the latest quarter confirmed by the day"),
        feeds: &["rating_results", "rating_campaigns", "compound_placements"],
        source: "焦作市山阳区公布口径: 三星级以上6个项目",
    },
    Entry {
        key: ThreeStarsAndAbove, formula: "F12", unit: Percent, kind: Stock, by: STARS, parts: false,
        name: ("三星级以上占比", "Three stars and above"),
        words: ("三星级以上的项目 ÷ 已评项目", "projects of three stars and above ÷ rated"),
        feeds: &["rating_results", "rating_campaigns", "compound_placements"],
        source: "焦作市山阳区公布口径: 三星级以上6个项目",
    },
    Entry {
        key: MeetingSessions, formula: "F13", unit: Sessions, kind: Flow, by: AREA, parts: true,
        name: ("会议场次", "Meetings held"),
        words: ("时段内召开的各类会议; 未达到法定人数的为协商", "meetings that closed in the period by kind; one without its quorum is a consultation"),
        feeds: &["rollups"],
        source: "肃州区2023年公布口径: 四方联席会议287场",
    },
    Entry {
        key: MeetingYield, formula: "F13", unit: Percent, kind: Flow, by: AREA, parts: false,
        name: ("议题解决率", "Items resolved"),
        words: ("解决的议题 ÷ 提出的议题", "items resolved ÷ items raised"),
        feeds: &["rollups"],
        source: "domain B19",
    },
    Entry {
        key: FindingYield, formula: "F13", unit: Percent, kind: Flow, by: AREA, parts: false,
        name: ("巡查发现解决率", "Findings resolved at meetings"),
        words: ("会上解决的巡查发现 ÷ 会上提出的巡查发现", "patrol findings resolved ÷ raised at meetings"),
        feeds: &["rollups"],
        source: "肃州区2023年公布口径: 196/196",
    },
    Entry {
        key: ClosedAtLevel, formula: "F23", unit: Percent, kind: Flow, by: AREA, parts: true,
        name: ("本级归档率", "Closed at each level"),
        words: ("在支部、社区、街道、区县归档的事件 ÷ 归档的事件", "closed at branch, community, street and district each ÷ closed"),
        feeds: &["rollups"],
        source: "邯山区实践: 小事不出支部、大事不出社区、难事不出街道",
    },
    Entry {
        key: CommitteeSize, formula: "F25", unit: Persons, kind: Stock, by: AREA, parts: false,
        name: ("委员会平均人数", "Committee size"),
        words: ("业委会、自管委在任委员 ÷ 有在任委员的委员会", "members in office ÷ committees that have any"),
        feeds: &["appointments", "organisations"],
        source: "同德巷社区2020年公布口径: 111/21 = 5.29",
    },
    Entry {
        key: HouseholdsPerGrid, formula: "F25", unit: Households, kind: Stock, by: NOTHING, parts: false,
        name: ("网格平均户数", "Households to a grid"),
        words: ("小区户数 ÷ 网格", "households of the compounds ÷ grids"),
        feeds: &["compound_placements", "compounds", "grids"],
        source: "domain B19",
    },
    Entry {
        key: PersonsPerHousehold, formula: "F25", unit: Persons, kind: Stock, by: AREA, parts: false,
        name: ("户均人口", "Persons to a household"),
        words: ("社区上报人数 ÷ 社区上报户数; 两者都有的社区", "residents ÷ households, of the communities that report both"),
        feeds: &["divisions"],
        source: "同德巷社区2020年公布口径: 18519/5180 = 3.58",
    },
    Entry {
        key: IntakeMinutes, formula: "S0-43", unit: Minutes, kind: Flow, by: AREA, parts: false,
        name: ("反映时长", "Time to acceptance"),
        words: ("报事到受理的分钟数 ÷ 受理的事件", "minutes from the report to its acceptance ÷ cases"),
        feeds: &["rollups"],
        source: "邯山区红色议事厅: 两难一慢之反映难",
    },
    Entry {
        key: CoordinationMinutes, formula: "S0-43", unit: Minutes, kind: Flow, by: AREA, parts: false,
        name: ("协调时长", "Time to the first signature"),
        words: ("受理到首次签收的分钟数 ÷ 签收的事件", "minutes from the acceptance to a handler's first signature ÷ cases"),
        feeds: &["rollups"],
        source: "邯山区红色议事厅: 两难一慢之协调难",
    },
    Entry {
        key: ImplementationMinutes, formula: "S0-43", unit: Minutes, kind: Flow, by: AREA, parts: false,
        name: ("落实时长", "Time to do it"),
        words: ("签收到首次办结的分钟数 ÷ 首次办结的事件", "minutes from the signature to the end of the work, in the first round ÷ cases"),
        feeds: &["rollups"],
        source: "邯山区红色议事厅: 两难一慢之落实慢",
    },
];

/// Every figure has its entry: a test holds that.
pub fn entry(key: FigureKey) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.key == key)
}

pub fn told() -> CatalogueOut {
    CatalogueOut { items: ENTRIES.iter().map(CatalogueEntry::from).collect() }
}

impl From<&Entry> for CatalogueEntry {
    fn from(entry: &Entry) -> Self {
        let Entry { key, formula, unit, kind, name, words, feeds, source, by, parts: _ } = *entry;
        Self {
            figure: key,
            formula: formula.to_owned(),
            name_zh: name.0.to_owned(),
            name_en: name.1.to_owned(),
            words_zh: words.0.to_owned(),
            words_en: words.1.to_owned(),
            unit,
            kind,
            feeds: feeds.iter().map(|feed| FeedName((*feed).to_owned())).collect(),
            source: source.to_owned(),
            breakdowns: by.to_vec(),
            steps: Step::ALL.to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_described_once() {
        for key in FigureKey::ALL {
            assert_eq!(ENTRIES.iter().filter(|entry| entry.key == *key).count(), 1, "{key}");
        }
        assert_eq!(ENTRIES.len(), FigureKey::ALL.len());
    }

    #[test]
    fn texts_fit_what_the_document_says() {
        for entry in told().items {
            let (short, long) = (entry.name_zh.chars().count(), entry.words_en.chars().count());
            assert!((1..=40).contains(&short) && (1..=300).contains(&long), "{entry:?}");
            assert!(entry.words_zh.chars().count() <= 200 && entry.name_en.len() <= 80 && !entry.feeds.is_empty());
        }
    }
}
