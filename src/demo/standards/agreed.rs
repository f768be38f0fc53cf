//! 目标责任书与承诺: what the community and its companies agreed on, and what is promised at 康盛花园.

use chrono::NaiveDate;
use oversight::standards::dto::{
    CommitmentId, IndicatorResultIn, TargetContractId, TargetDirection, TargetIndicatorIn, TargetResultsIn, TargetUnit,
};
use oversight::standards::past::{self, PastContract, PastPromise};
use platform::Result;
use platform::db::Conn;
use platform::history::By;

use super::by;
use crate::demo::compounds;
use crate::demo::dates::day;
use crate::demo::divisions::TONGDEXIANG;
use crate::demo::ids::{Kind, id_at};
use crate::demo::plan::{KANGSHENG, Planned};
use crate::demo::roster::{self, Body};

const SECRETARY: &str = "secretary.tongdexiang";
const COMPANY: &str = "company.admin";
/// The company that serves 康盛花园, whose administrator is a persona.
const FIRST_COMPANY: usize = 1;
const TITLE: &str = "物业服务质量提升目标责任书";
const SIGNED: NaiveDate = day(2020, 1, 10);
const SETTLED: NaiveDate = day(2021, 1, 8);

pub fn load(c: &mut Conn, planned: &[Planned]) -> Result<()> {
    contracts(c, planned)?;
    promises(c)
}

/// The five of 2020, one for each managed compound of Tongdexiang: 80 % of them were to become boutique compounds, and all
/// five did. How many complaints each had is made up.
fn contracts(c: &mut Conn, planned: &[Planned]) -> Result<()> {
    let serving = roster::serving(planned);
    let here = planned.iter().filter(|of| of.community_code() == TONGDEXIANG);
    let served = here.filter_map(|of| Some((of, *serving.get(&(of.community, of.serial))?)));
    for (number, (of, company)) in (1..).zip(served) {
        let community = by(SECRETARY, SIGNED)?;
        let mut other = by(COMPANY, SIGNED)?;
        other.actor = other.actor.filter(|_| company == FIRST_COMPANY);
        let contract = PastContract {
            id: TargetContractId(id_at(Kind::TargetContract, number, community.at)),
            company: Body::Company(company).id(),
            compound: compounds::id_of(of.community_code(), of.serial),
            area_code: &of.area_code(),
            year: 2020,
            title: TITLE,
            indicators: indicators(),
            signed: (community, other),
            results: results(number),
            settled: by(SECRETARY, SETTLED)?,
        };
        past::agree(c, &contract)?;
    }
    Ok(())
}

fn indicators() -> Vec<TargetIndicatorIn> {
    let indicator =
        |name: &str, unit, direction, target| TargetIndicatorIn { name: name.to_owned(), unit, direction, target };
    vec![
        indicator("精品物业小区创建率", TargetUnit::Percent, TargetDirection::AtLeast, 8000),
        indicator("有效投诉(演示)", TargetUnit::Count, TargetDirection::AtMost, 3),
    ]
}

/// The fourth had one complaint too many.
fn results(number: usize) -> TargetResultsIn {
    let result = |position, numerator, denominator, evidence: &str| IndicatorResultIn {
        position,
        numerator,
        denominator,
        evidence: evidence.to_owned(),
    };
    let complaints = i64::try_from(number % 5).unwrap_or_default();
    TargetResultsIn {
        results: vec![result(1, 5, 5, "街道验收名单"), result(2, complaints, 1, "投诉台账(演示)")]
    }
}

/// 清单式承诺 at 康盛花园: of three that were due in 2023 two were kept on time, and one is due this year.
fn promises(c: &mut Conn) -> Result<()> {
    let kept = |day_done| -> Result<Option<(By, &str, By)>> {
        Ok(Some((by(COMPANY, day_done)?, "报修单与公示照片", by(SECRETARY, day(2024, 1, 8))?)))
    };
    let promised = [
        ("报修三十分钟内到场", "按报修单到场时间计", day(2023, 12, 31), kept(day(2023, 12, 28))?),
        ("公共照明损坏二十四小时内修复", "按报修单修复时间计", day(2023, 12, 31), kept(day(2023, 12, 29))?),
        ("每季度公示收支", "每季度首月公示上季度收支", day(2023, 12, 31), kept(day(2024, 1, 5))?),
        ("电动自行车充电桩增设十个", "现场清点", day(2024, 6, 30), None),
    ];
    let published = by(COMPANY, day(2023, 1, 10))?;
    for (number, (words, measure, due_on, kept)) in (1..).zip(promised) {
        let promise = PastPromise {
            id: CommitmentId(id_at(Kind::Promise, number, published.at)),
            company: Body::Company(FIRST_COMPANY).id(),
            compound: compounds::id_of(TONGDEXIANG, KANGSHENG),
            area_code: &crate::demo::plan::area_code(TONGDEXIANG, KANGSHENG),
            words,
            measure,
            due_on,
            published,
            kept,
        };
        past::promise(c, &promise)?;
    }
    Ok(())
}
