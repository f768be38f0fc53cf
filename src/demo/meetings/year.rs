//! 2023: 14 communities met 14 times and 7 met 13 times, once a month and once more at the end of June and, for the 14, of
//! November. The 14 settled one finding of a patrol at each: 196 in all.

use chrono::{Duration, NaiveDate};
use deliberation::meetings::dto::{ItemKind, MeetingKind, SourceKind};
use deliberation::meetings::past::PastMeeting;

use super::{Numbers, Tables, morning, series_id};
use crate::demo::dates::day;
use crate::demo::divisions::COMMUNITIES;

/// Communities that met fourteen times; the others met thirteen times.
const FOURTEEN: usize = 14;
const MONTHS: u32 = 12;

const FINDINGS: [&str; 7] =
    ["楼道堆放杂物", "消防通道停车", "井盖松动", "路灯不亮", "外墙瓷砖空鼓", "化粪池外溢", "电动车飞线充电"];

/// The days on which a community met: once a month from the 8th on, communities a day apart so that the street can attend. The
/// year's last was ten days later: it looked back on the year.
fn days(community: usize) -> Vec<NaiveDate> {
    let first = 8 + u32::try_from(community % 7).unwrap_or_default();
    let monthly = (1..=MONTHS).map(|month| day(2023, month, if month == MONTHS { first + 10 } else { first }));
    let once_more = [(day(2023, 6, 26), true), (day(2023, 11, 27), community < FOURTEEN)];
    let more = once_more.into_iter().filter(|(_, held)| *held).map(|(day, _)| day);
    let mut days: Vec<NaiveDate> = monthly.chain(more).collect();
    days.sort_unstable();
    days
}

/// The last meeting of the year.
pub fn last_day(community: usize) -> NaiveDate {
    days(community).pop().unwrap_or_default()
}

pub fn meetings(tables: &Tables, numbers: &mut Numbers) -> Vec<PastMeeting> {
    let communities = 0..COMMUNITIES.len();
    communities.flat_map(|community| of_community(community, tables, numbers)).collect()
}

fn of_community(community: usize, tables: &Tables, numbers: &mut Numbers) -> Vec<PastMeeting> {
    let mut held = Vec::new();
    for (nth, on) in days(community).into_iter().enumerate() {
        let mut item = match FINDINGS.get((community + nth) % FINDINGS.len()) {
            Some(finding) if community < FOURTEEN => {
                let note = format!("{}网格巡查发现", (on - Duration::days(6)).format("%-m月%-d日"));
                numbers.item((*finding).to_owned(), ItemKind::Deliberation, Some((SourceKind::Finding, note)))
            }
            _ => numbers.item("上月工作通报".to_owned(), ItemKind::Report, None),
        };
        if item.source.is_some() {
            let serial = i32::try_from(nth + 1).unwrap_or_default();
            item.resolved = Some((numbers.resolution(), serial, "由物业企业限期整改,社区现场核验。".to_owned()));
        }
        let title = format!("{}四方联席会议", on.format("%Y年%-m月"));
        let kind = (community, MeetingKind::FourPartyJoint);
        let meeting = numbers.held(kind, title, morning(on), tables.at(community), vec![item]);
        held.push(PastMeeting { series: Some(series_id(community)), ..meeting });
    }
    held
}
