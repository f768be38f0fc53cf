//! Today's desk: each scene acted out up to where it has come, by the personas who would have.

use chrono::{Duration, NaiveDate};
use deliberation::notices::source_of;
use delivery::cases::Step;
use delivery::cases::dto::{CaseId, Outcome, VisitOutcome, VisitReason};
use delivery::cases::past::{self, Ask, Cause, Feed, Handler, Past, Report, Rules, StandsFor};
use platform::calendar;
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Ts};
use platform::{Error, Result};
use registry::identity::AccountId;

use super::desk_case;
use super::scenes::{Scene, Stage, To, Twist, scenes};
use super::words;
use crate::demo::compounds;
use crate::demo::dates::day;
use crate::demo::divisions::{DISTRICT, FEIJICHANG, TONGDEXIANG};
use crate::demo::ids::now;
use crate::demo::roster::Body;
use crate::demo::{grids, notices, personas};

const COMMUNITY_DIGITS: usize = 12;
const COMPOUND_LENGTH: usize = 17;
/// Minutes after the report; what is reported shortly before nine has its first steps in time before nine.
const ACCEPTED: i64 = 6;
const DISPATCHED: i64 = 10;
const SIGNED: i64 = 40;
const STARTED: i64 = 60;
const RAISED: i64 = 70;
const DONE: i64 = 150;
const VISITED: i64 = 190;

pub fn load(c: &mut Conn) -> Result<()> {
    let rules = Rules::standard(calendar::of_area(c, DISTRICT, day(2023, 12, 1), day(2024, 4, 30))?);
    let mut cases: Vec<Past> = Vec::new();
    for (number, scene) in (1..).zip(scenes()) {
        cases.push(act(&rules, number, &scene)?);
    }
    past::write(c, cases, Feed::Told)
}

fn account(username: &str) -> Result<AccountId> {
    personas::account(username).ok_or_else(|| Error::internal("no such persona"))
}

/// Who sits at the community's desk.
fn desk_of(place: &str) -> Result<AccountId> {
    account(match place.get(..COMMUNITY_DIGITS) {
        Some(TONGDEXIANG) => "worker.tongdexiang",
        Some(FEIJICHANG) => "station.nanxiang",
        _ => "worker.guanbeigou",
    })
}

fn at((date, hour, minute): (u32, i64, i64)) -> Ts {
    let date: NaiveDate = day(2024, 1, date);
    midnight_in_shanghai(date).plus(Duration::minutes(hour * 60 + minute))
}

fn report_of(number: usize, scene: &Scene) -> Result<Report> {
    let community = scene.place.get(..COMMUNITY_DIGITS).unwrap_or(scene.place);
    let serial = scene.place.get(COMMUNITY_DIGITS + 1..COMPOUND_LENGTH).and_then(|serial| serial.parse().ok());
    let (title, body) = scene.words();
    let reporter = match scene.reporter {
        Some(username) => Some(account(username)?),
        None => None,
    };
    Ok(Report {
        id: desk_case(number),
        area_code: scene.place.to_owned(),
        community_code: community.to_owned(),
        grid_code: grid_of(scene),
        compound_id: serial.map(|serial: usize| compounds::id_of(community, serial)),
        kind: scene.kind,
        category: scene.category,
        channel: scene.channel,
        title: title.to_owned(),
        body: body.to_owned(),
        identity: scene.identity,
        reporter,
        at: at(scene.at),
    })
}

/// The patrols' grids: 康盛花园's first buildings lie in the first, and what the second patrol has in hand in the second.
fn grid_of(scene: &Scene) -> Option<String> {
    let first = scene.place.starts_with("620902005003-0001-001");
    let second = matches!(scene.to, To::Person("grid.parttime"));
    (first || second).then(|| grids::code(TONGDEXIANG, if first { 1 } else { 2 }))
}

/// The handler, and who acts for them.
fn hands(to: To) -> Result<(Handler, AccountId)> {
    Ok(match to {
        To::Company => (Handler::Organisation(Body::Company(1).id()), account("company.staff")?),
        To::Station => (Handler::Organisation(Body::Station(FEIJICHANG, 1).id()), account("station.nanxiang")?),
        To::Person(username) => {
            let person = account(username)?;
            (Handler::Person(person), person)
        }
    })
}

fn act<'a>(rules: &'a Rules, number: usize, scene: &Scene) -> Result<Past<'a>> {
    let (desk, (handler, hand)) = (desk_of(scene.place)?, hands(scene.to)?);
    let report = report_of(number, scene)?;
    let after = |minutes: i64| report.at.plus(Duration::minutes(minutes));
    let [accepted, dispatched, signed, started, done, visited] =
        [ACCEPTED, DISPATCHED, SIGNED, STARTED, DONE, VISITED].map(after);
    let (kind, raised) = (report.kind, after(RAISED));
    let mut case = Past::reported(rules, report)?;
    if let Some((post, _)) = notices::leak().filter(|_| scene.is_of_the_group()) {
        case.came_of(&source_of(post));
    }
    if scene.stage >= Stage::Accepted {
        case.accept((Some(desk), accepted))?;
    }
    if scene.stage >= Stage::Dispatched {
        case.dispatch(handler, (Some(desk), dispatched))?;
    }
    if scene.stage >= Stage::Signed {
        case.sign((Some(hand), signed))?;
    }
    if scene.stage >= Stage::Started {
        case.say(StandsFor::Handler, "已与报事人联系,约定上门时间。", (Some(hand), started));
        case.start((Some(hand), started))?;
    }
    twist(&mut case, number, scene, (desk, hand, raised))?;
    if scene.stage >= Stage::Done {
        case.finish((Outcome::Fixed, words::result_of(kind)), (Some(hand), done))?;
    }
    if scene.twist == Twist::Reopened {
        let answer = (VisitOutcome::Dissatisfied, Some(VisitReason::NotFixed));
        case.visit(answer, Some(Step::Reopen), (Some(desk), visited))?;
    }
    if scene.stage == Stage::Closed {
        case.visit((VisitOutcome::Satisfied, None), Some(Step::Close), (Some(desk), visited))?;
    }
    case.ring(now());
    Ok(case)
}

fn twist(
    case: &mut Past,
    number: usize,
    scene: &Scene,
    (desk, hand, at_moment): (AccountId, AccountId, Ts),
) -> Result<()> {
    let street = account("street.xibeijie")?;
    match scene.twist {
        Twist::None | Twist::Reopened => Ok(()),
        Twist::Raised(to) => case.raise_to(to, (Some(desk), at_moment)),
        Twist::Held => {
            let asked = at_moment.plus(Duration::minutes(30));
            let allowed = (street, at_moment.plus(Duration::minutes(60)));
            case.hold(Cause::Materials, "等待器材配件到货", at((22, 18, 0)), (hand, asked), allowed)
        }
        Twist::Asked => {
            let ask = Ask { asked: (account("company.manager")?, at((12, 17, 0))), decided: None };
            case.extend(3, "灯具型号停产,需另行采购", ask)
        }
        Twist::Merged => case.merge(first_leak(number), (desk, at((15, 8, 52)))),
    }
}

/// The second case of the desk, which was reported a minute before.
fn first_leak(number: usize) -> CaseId {
    const FIRST: usize = 2;
    desk_case(FIRST.min(number))
}
