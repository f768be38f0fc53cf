//! Cases for as many communities as make full pages: five hundred to each, of which seven in eight are closed and the
//! others wait in each of the states in which a case waits. The same number makes the same cases, but for the dates.

use chrono::Duration;
use delivery::cases::Step;
use delivery::cases::dto::{CaseId, CaseKind, Channel, Outcome, VisitOutcome};
use delivery::cases::past::{self, Feed, Handler, Past, Report, Rules};
use diesel::prelude::*;
use platform::calendar::Calendar;
use platform::clock::Clock;
use platform::db::{Db, Ts};
use platform::{Error, Result};
use registry::identity::AccountId;
use registry::schema::compounds;
use registry::territory::dto::CompoundId;
use uuid::Uuid;

const BATCH: usize = 1000;
const TO_A_COMMUNITY: usize = 500;
/// Of so many, one is open.
const OPEN_EVERY: usize = 8;
const CLOSED_OVER_DAYS: i64 = 365;

struct Site {
    id: CompoundId,
    area_code: String,
    community_code: String,
}

/// One of how many, counted from the oldest, and where among the compounds.
struct Turn {
    number: usize,
    of: usize,
    site: usize,
    sites: usize,
}

impl Turn {
    /// How many a compound has had before.
    fn before(&self) -> usize {
        self.number / self.sites.max(1)
    }

    fn is_open(&self) -> bool {
        (self.before() + self.site).is_multiple_of(OPEN_EVERY)
    }

    /// Submitted, accepted, given to somebody, at work: in turn.
    fn steps(&self) -> usize {
        (self.before() / OPEN_EVERY + self.site) % 4
    }
}

pub fn run(db: &Db, wanted: usize) -> Result<()> {
    let sites = sites(db, wanted)?;
    let (rules, now) = (Rules::standard(Calendar::default()), Clock::System.now());
    for start in (0..wanted).step_by(BATCH) {
        let batch = start..(start + BATCH).min(wanted);
        db.write_now(|c| {
            let made = batch.clone().map(|number| {
                let at = number % sites.len().max(1);
                let site = sites.get(at).ok_or_else(|| Error::internal("no compounds"))?;
                case(&rules, site, &Turn { number, of: wanted, site: at, sites: sites.len() }, now)
            });
            past::write(c, made.collect::<Result<_>>()?, Feed::Silent)
        })?;
    }
    Ok(())
}

/// The compounds of the first communities.
fn sites(db: &Db, wanted: usize) -> Result<Vec<Site>> {
    let communities = wanted.div_ceil(TO_A_COMMUNITY).max(1);
    let rows: Vec<(CompoundId, String, String)> = db.with_writer(|c| {
        compounds::table
            .order(compounds::area_code.asc())
            .limit(i64::try_from(communities * 20).unwrap_or(i64::MAX))
            .select((compounds::id, compounds::area_code, compounds::community_code))
            .load(c)
    })??;
    Ok(rows.into_iter().map(|(id, area_code, community_code)| Site { id, area_code, community_code }).collect())
}

/// Spread over a year where it is closed; of this minute where it is open, so that no clock rings while it is measured.
fn reported_at(turn: &Turn, now: Ts) -> Ts {
    if turn.is_open() {
        return now.plus(-Duration::seconds(60));
    }
    let share = |of: i64| of * i64::try_from(turn.number).unwrap_or(0) / i64::try_from(turn.of.max(1)).unwrap_or(1);
    let year = Duration::days(CLOSED_OVER_DAYS).num_milliseconds();
    now.plus(-Duration::days(CLOSED_OVER_DAYS + 3) + Duration::milliseconds(share(year)))
}

/// A UUIDv7 with the number in its last bits, from which the case's own number is made as well: none comes twice.
fn id_of(number: usize, at: Ts) -> CaseId {
    let millis = u64::try_from(at.micros() / 1000).unwrap_or_default();
    let number = u64::try_from(number).unwrap_or_default();
    CaseId(Uuid::from_u64_pair((millis << 16) | 0x7000, (1 << 63) | number))
}

fn case<'a>(rules: &'a Rules, site: &Site, turn: &Turn, now: Ts) -> Result<Past<'a>> {
    let (number, at) = (turn.number, reported_at(turn, now));
    let worker = AccountId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
    let handler = Handler::Person(AccountId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002)));
    let report = Report {
        id: id_of(number, at),
        area_code: site.area_code.clone(),
        community_code: site.community_code.clone(),
        grid_code: None,
        compound_id: Some(site.id),
        kind: CaseKind::Repair,
        category: "pipe_leak",
        channel: Channel::Phone,
        title: format!("管道漏水 {number}"),
        body: "二楼与三楼之间的管道漏水,楼道有积水,请尽快派人查看。".to_owned(),
        identity: None,
        reporter: Some(AccountId(id_of(number, Ts::from_micros(0)).0)),
        at,
    };
    let by = |minutes: i64| (Some(worker), at.plus(Duration::minutes(minutes)));
    let soon = |seconds: i64| (Some(worker), at.plus(Duration::seconds(seconds)));
    let mut case = Past::reported(rules, report)?;
    if turn.is_open() {
        if turn.steps() > 0 {
            case.accept(soon(10))?;
        }
        if turn.steps() > 1 {
            case.dispatch(handler, soon(20))?;
        }
        if turn.steps() > 2 {
            case.sign(soon(30))?;
            case.start(soon(40))?;
        }
        return Ok(case);
    }
    case.accept(by(8))?;
    case.dispatch(handler, by(12))?;
    case.sign(by(30))?;
    case.start(by(45))?;
    case.finish((Outcome::Fixed, "已更换三通接头并清理积水。"), by(120))?;
    case.visit((VisitOutcome::Satisfied, None), Some(Step::Close), by(600))?;
    Ok(case)
}
