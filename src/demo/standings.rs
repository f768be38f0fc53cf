//! 排名、红黑榜与红黑名单 (domain D4): the rankings of the four quarters of 2023, the board of the last; ten companies on the red
//! list, six on the watch list, and two on the black list, of which one has objected and one was repaired. All companies
//! that are listed are made up, and each went through every step on a day of its own.

use chrono::{Duration, NaiveDate};
use oversight::ratings::final_results;
use oversight::standings::dto::{
    BoardId, CreditEventId, CreditEventIn, CreditKind, DecideListingIn, ListKind, ListingId, ListingOutcome,
    NotifyListingIn, ObjectListingIn, PublishListingIn, RankingId, RepairListingIn, RepairRequestId,
};
use oversight::standings::past::{self, PastListing, PastStep};
use platform::clock::midnight_in_shanghai;
use platform::db::Conn;
use platform::history::By;
use platform::{Error, Result};

use super::dates::day;
use super::divisions::DISTRICT;
use super::ids::{Kind, id_at};
use super::personas;
use super::roster::Body;

const PROPOSER: &str = "authority.suzhou";
const DECIDER: &str = "coord.suzhou";

/// When each quarter of 2023 was ranked: once its stars were confirmed.
const RANKED: [NaiveDate; 4] = [day(2023, 4, 28), day(2023, 7, 28), day(2023, 10, 30), day(2024, 1, 12)];

/// Companies by number; the first and the tenth are named by the seeds and are on no list.
const RED: [usize; 10] = [2, 3, 4, 5, 6, 7, 8, 9, 11, 12];
const WATCH: [usize; 6] = [81, 82, 83, 84, 85, 86];
const REPAIRED: usize = 87;
const OBJECTED: usize = 88;

pub fn load(c: &mut Conn) -> Result<()> {
    rank(c)?;
    let mut numbers = Numbers { listing: 0, event: 0 };
    RED.iter().try_for_each(|company| praise(c, &mut numbers, *company))?;
    WATCH.iter().try_for_each(|company| warn(c, &mut numbers, *company))?;
    repaired(c, &mut numbers)?;
    objected(c, &mut numbers)
}

/// Numbers what is kept as it comes.
struct Numbers {
    listing: usize,
    event: usize,
}

/// Ten in the morning of a day, by a persona or by nobody.
fn by(username: Option<&str>, today: NaiveDate) -> Result<By> {
    let account = username.map(|name| personas::account(name).ok_or_else(|| Error::internal("no such persona")));
    let actor = account.transpose()?.map(|account| account.0);
    Ok(By { actor, at: midnight_in_shanghai(today).plus(Duration::hours(10)), today })
}

fn rank(c: &mut Conn) -> Result<()> {
    let mut last = None;
    for (quarter, on) in (1..).zip(RANKED) {
        let by = by(Some(PROPOSER), on)?;
        let results = final_results(c, DISTRICT, 2023, quarter)?;
        let id = RankingId(id_at(Kind::Ranking, usize::try_from(quarter).unwrap_or_default(), by.at));
        last = Some(past::freeze(c, (id, DISTRICT), (2023, quarter.into()), results, &by)?);
    }
    let Some(last) = last else { return Ok(()) };
    let by = by(Some(PROPOSER), day(2024, 1, 12))?;
    past::publish_board(c, BoardId(id_at(Kind::Board, 1, by.at)), &last, &by)
}

/// An entry that is proposed on a day, and the steps that follow, each by whom and when.
fn listed(
    c: &mut Conn,
    numbers: &mut Numbers,
    (company, list, ground_code): (usize, ListKind, &str),
    proposed_on: NaiveDate,
    steps: &[(Option<&str>, NaiveDate, PastStep)],
) -> Result<()> {
    numbers.listing += 1;
    let by_proposer = by(Some(PROPOSER), proposed_on)?;
    let past = PastListing {
        id: ListingId(id_at(Kind::Listing, numbers.listing, by_proposer.at)),
        area_code: DISTRICT,
        organisation: Body::Company(company).id(),
        list,
        ground_code,
        evidence: "测试·演示数据: 证据材料另附。",
    };
    let mut row = past::propose(c, &past, &by_proposer)?;
    for (username, on, step) in steps {
        row = past::take(c, &row, step, &by(*username, *on)?)?;
    }
    Ok(())
}

fn notice(number: usize) -> PastStep {
    PastStep::Notify(NotifyListingIn {
        notice_no: format!("测试·肃住建告〔2023〕{number}号"), hear_until: None
    })
}

fn decision() -> PastStep {
    PastStep::Decide(DecideListingIn {
        outcome: ListingOutcome::Listed,
        note: "测试·演示数据: 事实清楚。".to_owned(),
        measures: None,
        valid_to: None,
    })
}

fn publication(number: usize, reason: &str) -> PastStep {
    PastStep::Publish(PublishListingIn {
        public_reason: reason.to_owned(),
        decision_no: format!("测试·肃住建决〔2023〕{number}号"),
    })
}

/// 信用事件 that goes with an entry.
fn credit(
    c: &mut Conn,
    numbers: &mut Numbers,
    (company, kind, points): (usize, CreditKind, i32),
    (title, on): (&str, NaiveDate),
) -> Result<()> {
    numbers.event += 1;
    let by = by(Some(PROPOSER), on)?;
    let new = CreditEventIn {
        area_code: DISTRICT.parse().map_err(|e: String| Error::internal(e))?,
        organisation_id: Body::Company(company).id(),
        kind,
        points,
        title: title.to_owned(),
        source_doc: format!("测试·肃住建信〔2023〕{}号", numbers.event),
        occurred_on: on,
        valid_to: None,
    };
    past::record_event(c, CreditEventId(id_at(Kind::CreditEvent, numbers.event, by.at)), &new, &by)
}

fn praise(c: &mut Conn, numbers: &mut Numbers, company: usize) -> Result<()> {
    let steps = [
        (Some(DECIDER), day(2023, 10, 18), decision()),
        (Some(PROPOSER), day(2023, 10, 20), publication(company, "连续获评高星级,服务稳定。")),
    ];
    listed(c, numbers, (company, ListKind::Red, "high_rating"), day(2023, 10, 16), &steps)?;
    credit(c, numbers, (company, CreditKind::Good, 5), ("列入红名单", day(2023, 10, 20)))
}

/// Told on 5 September, heard up to the 12th, published on the 15th, in force from the 23rd.
fn warn(c: &mut Conn, numbers: &mut Numbers, company: usize) -> Result<()> {
    let steps = [
        (Some(PROPOSER), day(2023, 9, 5), notice(company)),
        (Some(DECIDER), day(2023, 9, 14), decision()),
        (Some(PROPOSER), day(2023, 9, 15), publication(company, "检查发现的问题逾期未整改。")),
    ];
    listed(c, numbers, (company, ListKind::Watch, "finding_unrectified"), day(2023, 9, 4), &steps)?;
    credit(c, numbers, (company, CreditKind::Bad, 5), ("问题逾期未整改", day(2023, 9, 15)))
}

/// Published on 14 March, corrected in August, and taken off at the company's request once six months had passed.
fn repaired(c: &mut Conn, numbers: &mut Numbers) -> Result<()> {
    let repair = RepairListingIn {
        corrected_on: day(2023, 8, 31),
        correction: "测试·演示数据: 资料已全部移交。".to_owned(),
    };
    let asked_on = day(2023, 9, 20);
    let request = RepairRequestId(id_at(Kind::RepairRequest, 0, midnight_in_shanghai(asked_on)));
    let steps = [
        (Some(PROPOSER), day(2023, 3, 2), notice(REPAIRED)),
        (Some(DECIDER), day(2023, 3, 13), decision()),
        (Some(PROPOSER), day(2023, 3, 14), publication(REPAIRED, "物业服务合同终止后拒不移交资料。")),
        (None, asked_on, PastStep::RequestRepair(request, repair.clone())),
        (Some(PROPOSER), day(2023, 10, 9), PastStep::Repair(repair)),
    ];
    listed(c, numbers, (REPAIRED, ListKind::Black, "handover_refused"), day(2023, 3, 1), &steps)?;
    credit(c, numbers, (REPAIRED, CreditKind::Bad, 20), ("合同终止后拒不交接", day(2023, 3, 14)))
}

/// Objected to on 11 January, the last day for it; decided by the 16th, which is tomorrow.
fn objected(c: &mut Conn, numbers: &mut Numbers) -> Result<()> {
    let objection = ObjectListingIn { words: "测试·演示数据: 收费依据已报备,请复核。".to_owned() };
    let steps = [
        (Some(PROPOSER), day(2023, 12, 19), notice(OBJECTED)),
        (Some(DECIDER), day(2023, 12, 28), decision()),
        (Some(PROPOSER), day(2024, 1, 4), publication(OBJECTED, "未按公示标准收费。")),
        (None, day(2024, 1, 11), PastStep::Object(objection)),
    ];
    listed(c, numbers, (OBJECTED, ListKind::Black, "charging_unlawful"), day(2023, 12, 18), &steps)?;
    credit(c, numbers, (OBJECTED, CreditKind::Bad, 15), ("违规收费", day(2024, 1, 4)))
}
