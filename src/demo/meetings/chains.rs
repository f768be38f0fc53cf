//! 民情恳谈 → 事务协调 → 成效评议 on twelve issues of 2023, and what Tongdexiang held in 2020: six meetings to set things going
//! and to assess them, three trainings, four joint meetings.

use deliberation::meetings::dto::{ItemKind, MeetingKind};
use deliberation::meetings::past::PastMeeting;

use super::{Numbers, Tables, morning};
use crate::demo::dates::day;
use crate::demo::divisions::{TONGDEXIANG, index_of};

const ISSUES: [&str; 12] = [
    "加装电动车充电桩",
    "老旧管网改造",
    "小区停车位重新划线",
    "单元门更换",
    "健身器材维修",
    "楼顶防水",
    "垃圾分类投放点选址",
    "无障碍坡道",
    "公共晾衣区",
    "绿化补植",
    "门禁系统更新",
    "儿童活动区围栏",
];

pub fn meetings(tables: &Tables, numbers: &mut Numbers) -> Vec<PastMeeting> {
    let mut held = Vec::new();
    for (community, issue) in ISSUES.into_iter().enumerate() {
        let month = 3 + u32::try_from(community % 6).unwrap_or_default();
        let stages = [
            (MeetingKind::OpinionMeeting, "民情恳谈会", day(2023, month, 6)),
            (MeetingKind::Coordination, "事务协调会", day(2023, month, 20)),
            (MeetingKind::Appraisal, "成效评议会", day(2023, month + 2, 15)),
        ];
        let mut follows = None;
        for (kind, name, on) in stages {
            let items = vec![numbers.item(issue.to_owned(), ItemKind::Deliberation, None)];
            let title = format!("{issue}{name}");
            let meeting = numbers.held((community, kind), title, morning(on), tables.at(community), items);
            let meeting = PastMeeting { follows, ..meeting };
            follows = Some(meeting.id);
            held.push(meeting);
        }
    }
    held
}

/// Day, kind, title.
type Held = (chrono::NaiveDate, MeetingKind, &'static str);

const YEAR_2020: [Held; 13] = [
    (day(2020, 3, 2), MeetingKind::DeploymentAssessment, "红色物业工作部署会"),
    (day(2020, 3, 16), MeetingKind::Training, "业委会组建专题培训"),
    (day(2020, 4, 7), MeetingKind::DeploymentAssessment, "红色物业工作推进会"),
    (day(2020, 4, 20), MeetingKind::FourPartyJoint, "第一次联席会议"),
    (day(2020, 5, 11), MeetingKind::DeploymentAssessment, "集中整治推进会"),
    (day(2020, 5, 18), MeetingKind::Training, "物业服务标准专题培训"),
    (day(2020, 6, 8), MeetingKind::FourPartyJoint, "第二次联席会议"),
    (day(2020, 6, 22), MeetingKind::DeploymentAssessment, "半年考核会"),
    (day(2020, 7, 6), MeetingKind::Training, "网格管理专题培训"),
    (day(2020, 7, 13), MeetingKind::FourPartyJoint, "第三次联席会议"),
    (day(2020, 7, 20), MeetingKind::DeploymentAssessment, "精品小区创建推进会"),
    (day(2020, 8, 3), MeetingKind::FourPartyJoint, "第四次联席会议"),
    (day(2020, 8, 10), MeetingKind::DeploymentAssessment, "创建考核会"),
];

pub fn of_2020(tables: &Tables, numbers: &mut Numbers) -> Vec<PastMeeting> {
    let community = index_of(TONGDEXIANG);
    let held = |(on, kind, title): Held| {
        let items = vec![numbers.item(title.to_owned(), ItemKind::Report, None)];
        numbers.held((community, kind), title.to_owned(), morning(on), tables.at(community), items)
    };
    YEAR_2020.into_iter().map(held).collect()
}
