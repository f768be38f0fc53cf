//! The words of the checklists. The sources give how many items each has and, of the five disclosures alone, what they are:
//! everything else is demo text, and marked so.

use oversight::standards::dto::ChecklistKind;

/// A checklist as it is published.
pub struct Words {
    pub kind: ChecklistKind,
    pub title: &'static str,
    pub items: &'static [&'static str],
    /// Whether the source lists the items.
    pub official: bool,
}

pub const LISTED: &str = "肃州区经验材料列明";
pub const DEMO: &str =
    "来源只给出条目数,文字为演示文本,可另行起草 · The source gives the number only; the words are demo text";

pub const RED40: Words = Words {
    kind: ChecklistKind::Red40,
    title: "红色物业标准化建设40条(演示文本)",
    official: false,
    items: &[
        "建立小区党组织,公示组织架构",
        "党组织按期换届",
        "物业服务人员中的党员亮明身份",
        "党建指导员到岗并有记录",
        "每月开展一次主题党日",
        "社区党组织每季度听取物业服务情况",
        "四方联席会议按月召开",
        "会议纪要公开",
        "议定事项有人负责并按期办结",
        "交叉任职名单公示",
        "设有党群服务阵地",
        "阵地开放时间公示",
        "设有意见箱或意见码",
        "设有议事场所",
        "设有宣传栏并按月更新",
        "楼院长、单元长信息经本人同意后公示",
        "志愿服务队伍登记在册",
        "志愿服务活动有计划有记录",
        "物业服务人员持证上岗",
        "物业服务人员统一着装佩戴标识",
        "服务电话全天接听",
        "报修按约定时间到场",
        "报修结果回访",
        "投诉当日受理",
        "服务内容与标准公示",
        "收费标准与依据公示",
        "公共收益收支公示",
        "维修资金使用公示",
        "公共区域每日清扫",
        "生活垃圾日产日清",
        "绿地定期养护",
        "电梯按期维保并公示",
        "消防设施按期检测",
        "消防通道畅通",
        "电动自行车集中停放充电",
        "监控设备正常运行",
        "门岗出入有序且不限制居民通行",
        "每周开展矛盾纠纷排查",
        "矛盾纠纷就地调解有记录",
        "每年开展一次服务满意度测评",
    ],
};

pub const SERVICE15: Words = Words {
    kind: ChecklistKind::Service15,
    title: "物业管理和服务标准15项(演示文本)",
    official: false,
    items: &[
        "客户服务",
        "房屋共用部位维护",
        "共用设施设备维护",
        "电梯运行维护",
        "供水设施维护",
        "公共照明维护",
        "消防设施维护",
        "安全防范",
        "车辆停放管理",
        "环境卫生",
        "垃圾分类收运",
        "绿化养护",
        "装饰装修管理",
        "档案管理",
        "应急处置",
    ],
};

pub const ROUTINE15: Words = Words {
    kind: ChecklistKind::Routine15,
    title: "日常工作15项(演示文本)",
    official: false,
    items: &[
        "垃圾每日清运",
        "楼道每日清扫",
        "矛盾纠纷每周排查",
        "门岗值守",
        "夜间巡逻",
        "公共照明巡查",
        "电梯巡查",
        "消防通道巡查",
        "飞线充电巡查",
        "设备房巡查",
        "绿地巡查",
        "报修登记与派工",
        "意见登记与答复",
        "宣传栏更新",
        "值班记录",
    ],
};

pub const SPECIAL10: Words = Words {
    kind: ChecklistKind::Special10,
    title: "突出问题专项整治10项(演示文本)",
    official: false,
    items: &[
        "屋顶堆放杂物",
        "飞线充电",
        "乱贴小广告",
        "楼道堆放杂物",
        "占用消防通道",
        "私搭乱建",
        "毁绿种菜",
        "车辆乱停",
        "乱扔垃圾",
        "不文明养犬",
    ],
};

pub const SIX_HAVES: Words = Words {
    kind: ChecklistKind::SixHaves,
    title: "红色阵地“六有”(演示文本)",
    official: false,
    items: &["有场所", "有标识", "有设施", "有制度", "有活动", "有记录"],
};

/// 五公开, as the source lists them (S3-41).
pub const FIVE_DISCLOSURES: Words = Words {
    kind: ChecklistKind::FiveDisclosures,
    title: "五公开",
    official: true,
    items: &["服务内容", "收费标准", "收费依据", "服务承诺", "投诉电话"],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_as_many_items_as_its_name_says_and_one_is_the_sources_own() {
        let all = [RED40, SERVICE15, ROUTINE15, SPECIAL10, SIX_HAVES, FIVE_DISCLOSURES];
        assert_eq!(all.each_ref().map(|words| words.items.len()), [40, 15, 15, 10, 6, 5]);
        let official: Vec<&str> = all.iter().filter(|words| words.official).map(|words| words.kind.as_str()).collect();
        assert_eq!(official, ["five_disclosures"]);
    }
}
