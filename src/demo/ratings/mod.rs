//! 星级评定 (domain D4): the 225 managed compounds in each quarter of 2023, recorded as they came out, so that ranks move; of
//! the last quarter six projects with every sheet, so that an explanation can be seen, and one of 93 whom a fire capped at one
//! star. The prices and the words of the indicators are the demo's own.

mod indicators;
mod plan;

use chrono::Duration;
use oversight::ratings::dto::{
    RatingAssessorId, RatingCampaignId, RatingCampaignStatus, RatingFactId, RatingFactIn, RatingFactKind,
    RatingProjectId, RatingResultId, RatingSchemeId, RatingScorer, RatingSheetId, RedLineGround, SchemeTerms,
};
use oversight::ratings::past::{self, PastAssessor, PastCampaign, PastProject, PastScheme, PastScores, PastSheet};
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Ts};
use platform::history::By;
use platform::{Error, Result};
use registry::territory::dto::ManagementMode;

use self::plan::{QUARTERS, Quarter};
use super::compounds::id_of;
use super::dates::day;
use super::divisions::{DISTRICT, TONGDEXIANG};
use super::ids::{Kind, id, id_at};
use super::personas;
use super::plan::{KANGSHENG, Planned};
use super::roster::{Body, serving};

const YEAR: i32 = 2023;
const LAST: i16 = 4;
/// Projects of the last quarter with every sheet: the best of four stars, 康盛花园 first.
const WITH_SHEETS: usize = 6;
/// The score of the project that a red line capped.
const CAPPED_SCORE: i32 = 9300;

const ASSESSORS: [(&str, RatingScorer); 3] = [
    ("assessor.suzhou", RatingScorer::Authority),
    ("assessor.association", RatingScorer::Association),
    ("assessor.peer", RatingScorer::Peer),
];

/// A compound with the company that serves it.
struct Site<'a> {
    planned: &'a Planned,
    company: usize,
}

pub fn load(c: &mut Conn, planned: &[Planned], by: &By) -> Result<()> {
    let scheme = RatingSchemeId(id(Kind::RatingScheme, 1));
    past::scheme(c, &published(scheme), by)?;
    let sites = sites(planned);
    for quarter in &QUARTERS {
        let campaign = campaign(scheme, quarter, &sites)?;
        past::campaign(c, &campaign, quarter.number == LAST, by)?;
    }
    Ok(())
}

fn published<'a>(id: RatingSchemeId) -> PastScheme<'a> {
    PastScheme {
        id,
        area_code: DISTRICT,
        title: "测试·肃州区星级红色物业评定办法(试行)",
        source: "测试·本地规则: 权重、分数线与封顶为建议值,指标文本与指导价为演示虚构",
        terms: SchemeTerms::usual(),
        indicators: indicators::all(),
        at: morning(day(2023, 3, 1)),
    }
}

fn morning(day: chrono::NaiveDate) -> Ts {
    midnight_in_shanghai(day).plus(Duration::hours(9))
}

/// In the order of their codes.
fn sites(planned: &[Planned]) -> Vec<Site<'_>> {
    let companies = serving(planned);
    let managed = planned.iter().filter(|one| one.mode == ManagementMode::Professional);
    let site = |planned: &'_ Planned| companies.get(&(planned.community, planned.serial)).copied();
    managed.filter_map(|planned| Some(Site { planned, company: site(planned)? })).collect()
}

fn campaign<'a>(scheme: RatingSchemeId, quarter: &'a Quarter, sites: &[Site<'_>]) -> Result<PastCampaign<'a>> {
    let (opened_at, confirmed_at) = (morning(quarter.opened_on), morning(quarter.confirmed_on));
    let mut order = plan::order(sites.len(), quarter.number);
    if quarter.number == LAST {
        put_kangsheng_first(&mut order, sites, quarter);
    }
    let places = order.iter().zip(plan::scores(quarter)).enumerate();
    let projects = places.map(|(place, (site, score))| project(quarter, (place, *site), score, sites));
    let status = if quarter.number == LAST { RatingCampaignStatus::Monitoring } else { RatingCampaignStatus::Closed };
    Ok(PastCampaign {
        id: RatingCampaignId(id_at(Kind::RatingCampaign, number_of(quarter, 0), opened_at)),
        scheme,
        area_code: DISTRICT,
        year: YEAR,
        quarter: quarter.number,
        title: quarter.title,
        status,
        opened_at,
        confirmed_at,
        projects: projects.collect::<Result<_>>()?,
    })
}

/// 康盛花园 is the first of those with four stars.
fn put_kangsheng_first(order: &mut [usize], sites: &[Site<'_>], quarter: &Quarter) {
    let kangsheng = |site: &&usize| {
        let planned = sites.get(**site).map(|site| site.planned);
        planned.is_some_and(|one| one.community_code() == TONGDEXIANG && one.serial == KANGSHENG)
    };
    let first = quarter.stars.first().copied().unwrap_or_default();
    if let Some(at) = order.iter().position(|site| kangsheng(&site)) {
        order.swap(at, first);
    }
}

/// Numbers of different quarters do not meet.
fn number_of(quarter: &Quarter, at: usize) -> usize {
    usize::try_from(quarter.number).unwrap_or_default() * 1000 + at
}

fn project(quarter: &Quarter, (place, at): (usize, usize), score: i32, sites: &[Site<'_>]) -> Result<PastProject> {
    let site = sites.get(at).ok_or_else(|| Error::internal("a place without a project"))?;
    let (number, confirmed_at) = (number_of(quarter, at), morning(quarter.confirmed_on));
    let [five, four, three, two, ..] = quarter.stars;
    let with_sheets = quarter.number == LAST && (five..five + WITH_SHEETS).contains(&place);
    let capped = quarter.number == LAST && place == five + four + three + two;
    let (scores, facts) = if with_sheets {
        (PastScores::Sheets(sheets(number, place)?), vec![(fact_id(number), satisfied(site))])
    } else if capped {
        (PastScores::Recorded(plan::panels(CAPPED_SCORE)), vec![(fact_id(number), fire())])
    } else {
        (PastScores::Recorded(plan::panels(score)), Vec::new())
    };
    Ok(PastProject {
        id: RatingProjectId(id(Kind::RatingProject, number)),
        result: RatingResultId(id_at(Kind::RatingResult, number, confirmed_at)),
        compound: id_of(site.planned.community_code(), site.planned.serial),
        company: Body::Company(site.company).id(),
        area_code: site.planned.area_code(),
        scores,
        facts,
    })
}

fn fact_id(number: usize) -> RatingFactId {
    RatingFactId(id(Kind::RatingFact, number))
}

fn satisfied(site: &Site<'_>) -> RatingFactIn {
    let responses = i32::try_from(site.planned.households / 5).unwrap_or(30).max(30);
    past::satisfaction(day(2023, 12, 20), 8600, responses, "测试·2023年第四季度满意度测评")
}

fn fire() -> RatingFactIn {
    RatingFactIn {
        kind: RatingFactKind::RedLine,
        ground: Some(RedLineGround::FireSafetyAccident),
        occurred_on: day(2023, 11, 8),
        score: None,
        responses: None,
        source: "测试·消防安全事故认定书".to_owned(),
    }
}

/// Eight or nine of ten for everything, and one indicator that does not apply.
fn sheets(number: usize, place: usize) -> Result<Vec<PastSheet>> {
    let sheet = |(panel, (username, scorer)): (usize, &(&str, RatingScorer))| {
        let account = personas::account(username).ok_or_else(|| Error::internal("no such persona"))?;
        let assessor =
            PastAssessor { id: RatingAssessorId(id(Kind::RatingAssessor, panel + 1)), account, panel: *scorer };
        let points = |at: usize| (at % 40 != 13).then(|| 8 + i32::from((at + place + panel).is_multiple_of(2)));
        Ok(PastSheet {
            id: RatingSheetId(id(Kind::RatingSheet, number * 10 + panel)),
            assessor,
            points: (0..40).map(points).collect(),
        })
    };
    ASSESSORS.iter().enumerate().map(sheet).collect()
}
