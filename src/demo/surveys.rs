//! 测评 (domain D4, D5): a satisfaction round of each of the 225 managed compounds in the last quarter of 2023, two of which
//! failed; 帝豪花园's two of scenario 8, behind which a motion may be made; and two that are open now. The questions are the
//! demo's own.

use chrono::{Duration, NaiveDate};
use oversight::surveys::dto::{
    SurveyChannel, SurveyConsequenceId, SurveyFormId, SurveyKind, SurveyOutcome, SurveyParty, SurveyQuestion,
    SurveyQuestionKind, SurveyRespondents, SurveyRoundId,
};
use oversight::surveys::past::{self, PastAnswers, PastConsequence, PastForm, PastRectification, PastRound};
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Ts};
use platform::{Error, Result};
use registry::territory::dto::ManagementMode;
use roster::organisations::OrganisationId;

use super::compounds::id_of;
use super::dates::day;
use super::divisions::{DISTRICT, TONGDEXIANG, index_of};
use super::ids::{Kind, id_at};
use super::plan::{KANGSHENG, Planned};
use super::roster::{Body, serving};
use super::tongdexiang;

/// 帝豪花园, by its serial.
const SCENARIO_8: usize = 2;

const SERVICE: [(&str, &str); 8] = [
    ("cleaning", "保洁"),
    ("order", "秩序维护"),
    ("green", "绿化养护"),
    ("repair", "维修响应"),
    ("facilities", "共用设施"),
    ("disclosure", "收费公开"),
    ("manner", "服务态度"),
    ("requests", "诉求办理"),
];
const SENSES: [(&str, &str); 4] =
    [("gain", "获得感"), ("happiness", "幸福感"), ("safety", "安全感"), ("liveability", "宜居感")];

/// Marks that were given in turn, by how good a compound is: from 92.00 down to 68.00.
const LEVELS: [[i64; 5]; 5] = [[5, 5, 4, 5, 4], [4, 5, 4, 4, 5], [4, 4, 3, 5, 4], [3, 4, 4, 3, 5], [4, 3, 3, 4, 3]];
/// 56.00, in the two that failed.
const POOR: [i64; 5] = [3, 3, 2, 3, 3];
/// Which of the managed compounds, in the order of their codes.
const FAILED: [usize; 2] = [60, 141];

/// Numbers what comes.
struct Numbers<'a> {
    planned: &'a [Planned],
    serving: std::collections::BTreeMap<(usize, usize), usize>,
    rounds: usize,
    consequences: usize,
}

impl Numbers<'_> {
    fn round(&mut self, at: Ts) -> SurveyRoundId {
        self.rounds += 1;
        SurveyRoundId(id_at(Kind::SurveyRound, self.rounds, at))
    }

    fn consequence(&mut self, at: Ts) -> SurveyConsequenceId {
        self.consequences += 1;
        SurveyConsequenceId(id_at(Kind::SurveyConsequence, self.consequences, at))
    }

    fn company(&self, of: &Planned) -> Option<OrganisationId> {
        self.serving.get(&(of.community, of.serial)).map(|number| Body::Company(*number).id())
    }

    /// A round of a compound, which nobody has answered yet.
    fn of(&mut self, of: &Planned, title: String, (opens, closes): (NaiveDate, NaiveDate)) -> PastRound {
        let (opens_at, closes_at) = (hour(opens, 9), hour(closes, 18));
        PastRound {
            id: self.round(opens_at),
            respondents: SurveyRespondents::Owners,
            title,
            area_code: of.area_code(),
            compound: Some(id_of(of.community_code(), of.serial)),
            company: self.company(of),
            opens_at,
            closes_at,
            households: small(of.households),
            strata: buildings_of(of),
            recheck_of: None,
            answers: Vec::new(),
        }
    }
}

fn hour(day: NaiveDate, hour: i64) -> Ts {
    midnight_in_shanghai(day).plus(Duration::hours(hour))
}

fn small(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The buildings of a compound whose rooms are registered, with their rooms.
fn buildings_of(of: &Planned) -> Vec<(String, i64)> {
    let layout = tongdexiang::compounds().into_iter().find(|layout| layout.serial == of.serial);
    let layout = layout.filter(|_| of.community_code() == TONGDEXIANG);
    let rooms = layout.map(|layout| layout.buildings).unwrap_or_default();
    let rooms = rooms.iter().map(|units| small(units.iter().sum()));
    (1..).zip(rooms).map(|(no, rooms)| (format!("{no:03}"), rooms)).collect()
}

/// As many as it takes to be enough: thirty, and a tenth of the households.
fn enough(households: usize) -> usize {
    households.div_ceil(10).max(30)
}

fn form(number: usize, code: &str, kind: SurveyKind, title: &str, asked: &[(&str, &str)]) -> PastForm {
    let made_at = hour(day(2023, 3, 1), 9);
    let question = |(code, name): &(&str, &str)| SurveyQuestion {
        code: (*code).to_owned(),
        dimension: (if kind == SurveyKind::FourSenses { *code } else { *name }).to_owned(),
        text: format!("您对{name}的评价(1至5分)"),
        kind: SurveyQuestionKind::Scale,
        choices: Vec::new(),
    };
    PastForm {
        id: SurveyFormId(id_at(Kind::SurveyForm, number, made_at)),
        area_code: DISTRICT.to_owned(),
        code: code.to_owned(),
        kind,
        title: title.to_owned(),
        questions: asked.iter().map(question).collect(),
        made_at,
        frozen_at: None,
    }
}

pub fn load(c: &mut Conn, planned: &[Planned]) -> Result<()> {
    let first_answer = Some(hour(day(2023, 4, 1), 10));
    let title = "物业服务满意度问卷(演示题目)";
    let service = form(1, "property_satisfaction", SurveyKind::Satisfaction, title, &SERVICE);
    let service = PastForm { frozen_at: first_answer, ..service };
    let senses = form(2, "four_senses", SurveyKind::FourSenses, "居民四感问卷(演示题目)", &SENSES);
    past::form(c, &service)?;
    past::form(c, &senses)?;
    let mut numbers = Numbers { planned, serving: serving(planned), rounds: 0, consequences: 0 };
    scenario_8(c, &service, &mut numbers)?;
    last_quarter(c, &service, &mut numbers)?;
    open_now(c, (&service, &senses), &mut numbers)
}

fn at_tongdexiang(planned: &[Planned], serial: usize) -> Result<&Planned> {
    let found = planned.iter().find(|of| of.community == index_of(TONGDEXIANG) && of.serial == serial);
    found.ok_or_else(|| Error::internal("the compound is not planned"))
}

/// So many answers of a party, in turn from the buildings, of which so many have one mark and the others another.
fn alike(
    party: SurveyParty,
    strata: &[(String, i64)],
    (some, mark): (usize, i64),
    (rest, other): (usize, i64),
) -> Vec<PastAnswers> {
    let marks = std::iter::repeat_n(mark, some).chain(std::iter::repeat_n(other, rest));
    let building = |at: usize| strata.get(at % strata.len().max(1)).map(|(name, _)| name.clone()).unwrap_or_default();
    let answer = |(at, mark): (usize, i64)| PastAnswers {
        party,
        stratum: if party.is_asked() { building(at) } else { String::new() },
        channel: if at % 4 == 3 { SurveyChannel::MiniProgram } else { SurveyChannel::Web },
        marks: vec![mark; SERVICE.len()],
        count: 1,
    };
    marks.enumerate().map(answer).collect()
}

/// 58.70 and, asked again, 57.90: of the owners 62.00 and 56.50, of the community 50.00 and 60.00, of the committee 60.00.
fn scenario_8(c: &mut Conn, form: &PastForm, numbers: &mut Numbers<'_>) -> Result<()> {
    use SurveyParty::{Committee, Community, Owners};
    let of = at_tongdexiang(numbers.planned, SCENARIO_8)?;
    let three = |round: PastRound| PastRound { respondents: SurveyRespondents::ThreeParty, ..round };
    let title = format!("{}2023年第二季度满意度测评", of.name);
    let first = three(numbers.of(of, title, (day(2023, 4, 1), day(2023, 4, 15))));
    let tens = enough(of.households).div_ceil(10);
    let answers = [
        alike(Owners, &first.strata, (tens, 4), (9 * tens, 3)),
        alike(Community, &[], (1, 2), (1, 3)),
        alike(Committee, &[], (0, 2), (5, 3)),
    ];
    let first = PastRound { answers: answers.concat(), ..first };
    let title = format!("{}2023年满意度复测", of.name);
    let again = three(numbers.of(of, title, (day(2023, 7, 1), day(2023, 7, 15))));
    let forties = enough(of.households).div_ceil(40);
    let answers = [
        alike(Owners, &again.strata, (7 * forties, 2), (33 * forties, 3)),
        alike(Community, &[], (0, 2), (2, 3)),
        alike(Committee, &[], (0, 2), (5, 3)),
    ];
    let again = PastRound { recheck_of: Some(first.id), answers: answers.concat(), ..again };
    let found = past::take_over(c, form, &[first.clone(), again.clone()])?;
    if found != [Some(SurveyOutcome::Fail); 2] {
        return Err(Error::internal("scenario 8 did not fail twice"));
    }
    let proposed_at = hour(day(2023, 4, 26), 9);
    let company = first.company.ok_or_else(|| Error::internal("nobody serves the compound of scenario 8"))?;
    let consequence = PastConsequence {
        id: numbers.consequence(proposed_at),
        round: first.id,
        area_code: first.area_code,
        compound: id_of(TONGDEXIANG, SCENARIO_8),
        company,
        proposed_at,
        confirmed: Some(PastRectification {
            notice: "满意度58.70分,低于及格线60分。请就保洁、维修响应两项于三十日内整改并报告。".to_owned(),
            notified_at: hour(day(2023, 5, 10), 9),
            due_on: day(2023, 6, 9),
            report: "已增派保洁人员两名,维修改为两小时内到场。".to_owned(),
            reported_at: hour(day(2023, 6, 5), 15),
            recheck: again.id,
            recheck_outcome: SurveyOutcome::Fail,
            concluded_at: hour(day(2023, 8, 1), 9),
        }),
    };
    past::consequence(c, &consequence)
}

/// Of every compound that a company manages.
fn last_quarter(c: &mut Conn, form: &PastForm, numbers: &mut Numbers<'_>) -> Result<()> {
    let managed = numbers.planned.iter().filter(|of| of.mode == ManagementMode::Professional);
    let mut rounds = Vec::new();
    for (index, of) in managed.enumerate() {
        let title = format!("{}2023年第四季度满意度测评", of.name);
        let round = numbers.of(of, title, (day(2023, 12, 1), day(2023, 12, 15)));
        rounds.push(PastRound { answers: in_turn(&round, index, enough(of.households) + index % 7), ..round });
    }
    let found = past::take_over(c, form, &rounds)?;
    let failed = rounds.iter().zip(found).filter(|(_, outcome)| *outcome == Some(SurveyOutcome::Fail));
    for (round, _) in failed {
        let Some((compound, company)) = round.compound.zip(round.company) else { continue };
        let proposed_at = round.closes_at.plus(Duration::days(10));
        let consequence = PastConsequence {
            id: numbers.consequence(proposed_at),
            round: round.id,
            area_code: round.area_code.clone(),
            compound,
            company,
            proposed_at,
            confirmed: None,
        };
        past::consequence(c, &consequence)?;
    }
    Ok(())
}

/// Answers whose marks follow one another by how good the compound is.
fn in_turn(round: &PastRound, index: usize, count: usize) -> Vec<PastAnswers> {
    let level = if FAILED.contains(&index) { POOR } else { LEVELS.get(index % LEVELS.len()).copied().unwrap_or(POOR) };
    let mark = |at: usize| level.get(at % level.len()).copied().unwrap_or(3);
    let building = |at: usize| {
        let strata = &round.strata;
        strata.get(at % strata.len().max(1)).map(|(name, _)| name.clone()).unwrap_or_default()
    };
    let answer = |at: usize| PastAnswers {
        party: SurveyParty::Owners,
        stratum: building(at),
        channel: [SurveyChannel::Web, SurveyChannel::MiniProgram, SurveyChannel::Phone]
            .get(at % 3)
            .copied()
            .unwrap_or(SurveyChannel::Web),
        marks: (0..SERVICE.len()).map(|question| mark(at * 3 + question + index)).collect(),
        count: 1,
    };
    (0..count).map(answer).collect()
}

/// 康盛花园 asks its owners, the community its residents.
fn open_now(c: &mut Conn, (service, senses): (&PastForm, &PastForm), numbers: &mut Numbers<'_>) -> Result<()> {
    let of = at_tongdexiang(numbers.planned, KANGSHENG)?;
    let title = format!("{}2024年第一季度满意度测评", of.name);
    let round = numbers.of(of, title, (day(2024, 1, 12), day(2024, 1, 26)));
    past::publish(c, service, &round)?;
    let compounds = numbers.planned.iter().filter(|of| of.community == index_of(TONGDEXIANG));
    let strata: Vec<(String, i64)> = compounds.map(|of| (format!("{:04}", of.serial), small(of.households))).collect();
    let opens_at = hour(day(2024, 1, 10), 9);
    let round = PastRound {
        id: numbers.round(opens_at),
        respondents: SurveyRespondents::Residents,
        title: "同德巷社区居民四感调查".to_owned(),
        area_code: TONGDEXIANG.to_owned(),
        compound: None,
        company: None,
        opens_at,
        closes_at: hour(day(2024, 1, 31), 18),
        households: strata.iter().map(|(_, households)| households).sum(),
        strata,
        recheck_of: None,
        answers: Vec::new(),
    };
    past::publish(c, senses, &round)
}

#[cfg(test)]
mod tests {
    use super::super::plan::area_code;
    use super::*;

    #[test]
    fn a_tenth_of_the_households_and_thirty_at_least() {
        assert_eq!([enough(0), enough(300), enough(301), enough(1000)], [30, 30, 31, 100]);
    }

    #[test]
    fn the_compound_of_scenario_8_has_buildings() {
        let planned = super::super::plan::compounds();
        let of = at_tongdexiang(&planned, SCENARIO_8).expect("planned");
        assert_eq!((of.name.as_str(), of.area_code()), ("帝豪花园", area_code(TONGDEXIANG, SCENARIO_8)));
        assert_eq!(buildings_of(of).iter().map(|(_, rooms)| rooms).sum::<i64>(), small(of.households));
    }
}
