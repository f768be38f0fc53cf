//! Forty indicators. The seeds name how many there are and not what they say, so these are the demo's own words.

use oversight::ratings::dto::{IndicatorEvidence, IndicatorIn, RatingDimension, RatingScorer};

/// What a fault of which voids a rating, by its code.
const VETOES: [&str; 3] = ["FW-08", "YY-05", "YY-08"];

const ORGANISATION: [&str; 8] = [
    "建立党组织或选派党建指导员",
    "党组织参与重大事项研究",
    "四方联席会议按期召开",
    "议定事项按期办结",
    "与社区党组织结对共建",
    "党员亮身份、设先锋岗",
    "红色阵地对居民开放",
    "年度党建计划公开",
];
const TEAM: [&str; 8] = [
    "项目经理持证并常驻",
    "客服人员按户配备",
    "维修人员持证上岗",
    "秩序人员定岗定责",
    "党员骨干占比达标",
    "员工定期培训",
    "员工投诉有处理记录",
    "兼职网格员履职",
];
const SERVICE: [&str; 8] = [
    "公共区域每日清扫",
    "垃圾日产日清",
    "绿化养护到位",
    "设施设备巡检有记录",
    "报修限时到场",
    "电梯维保公示",
    "秩序维护巡查到位",
    "消防设施完好、通道畅通",
];
const OPERATION: [&str; 8] = [
    "服务内容与标准公开",
    "收费依据与标准公开",
    "收支定期公开",
    "公共收益单独列账",
    "维修资金使用合规",
    "合同备案及时",
    "档案资料完整",
    "不以停水停电等方式催费",
];
const IMAGE: [&str; 8] = [
    "标识标牌规范",
    "员工着装统一",
    "服务热线畅通",
    "投诉按期答复",
    "组织便民服务",
    "关爱老幼困难家庭",
    "宣传栏及时更新",
    "居民好评与表扬",
];

const DIMENSIONS: [(&str, RatingDimension, [&str; 8]); 5] = [
    ("ZZ", RatingDimension::Organisation, ORGANISATION),
    ("GG", RatingDimension::Team, TEAM),
    ("FW", RatingDimension::Service, SERVICE),
    ("YY", RatingDimension::Operation, OPERATION),
    ("XX", RatingDimension::Image, IMAGE),
];

const EVIDENCE: [IndicatorEvidence; 4] =
    [IndicatorEvidence::Document, IndicatorEvidence::Record, IndicatorEvidence::Photo, IndicatorEvidence::Visit];

pub fn all() -> Vec<IndicatorIn> {
    let indicator = |(prefix, dimension, at, words): (&str, RatingDimension, usize, &str)| {
        let code = format!("{prefix}-{:02}", at + 1);
        IndicatorIn {
            veto: Some(VETOES.contains(&code.as_str())),
            code,
            dimension,
            words: words.to_owned(),
            max_points: 10,
            evidence: EVIDENCE.get(at % EVIDENCE.len()).copied().unwrap_or(IndicatorEvidence::None),
            scorers: RatingScorer::ALL.to_vec(),
        }
    };
    let of = |(prefix, dimension, words): (&'static str, RatingDimension, [&'static str; 8])| {
        words.into_iter().enumerate().map(move |(at, words)| (prefix, dimension, at, words))
    };
    DIMENSIONS.into_iter().flat_map(of).map(indicator).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_forty_each_with_a_code_of_its_own() {
        let mut codes: Vec<String> = all().into_iter().map(|indicator| indicator.code).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 40);
        assert!(VETOES.iter().all(|code| codes.iter().any(|known| known == code)));
    }
}
