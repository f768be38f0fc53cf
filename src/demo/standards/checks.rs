//! 检查 of 2023: the forty at the thirty demonstration sites, the fifteen of service and of routine at every managed
//! compound, and the campaign against ten problems at all 459.

use chrono::NaiveDate;
use oversight::standards::dto::{
    CheckResult, CheckRunId, ChecklistId, ChecklistIn, ChecklistItemId, ChecklistItemIn, ChecklistKind,
};
use oversight::standards::past::{self, PastRun};
use platform::auth::AreaCode;
use platform::db::Conn;
use platform::history::By;
use platform::{Error, Result};
use registry::territory::dto::CompoundKind;

use super::by;
use super::words::{DEMO, FIVE_DISCLOSURES, LISTED, RED40, ROUTINE15, SERVICE15, SIX_HAVES, SPECIAL10, Words};
use crate::demo::compounds;
use crate::demo::dates::day;
use crate::demo::divisions::DISTRICT;
use crate::demo::ids::{Kind, id_at};
use crate::demo::plan::Planned;

/// 样板小区
const SITES: usize = 30;
const PUBLISHED: NaiveDate = day(2023, 2, 1);
const ITEMS: usize = 100;
const RUNS: usize = 1000;

/// When each kind was checked; nobody has checked the others yet.
const CHECKED: [(Words, Option<NaiveDate>); 6] = [
    (RED40, Some(day(2023, 12, 11))),
    (SERVICE15, Some(day(2023, 12, 18))),
    (ROUTINE15, Some(day(2023, 12, 20))),
    (SPECIAL10, Some(day(2023, 10, 16))),
    (SIX_HAVES, None),
    (FIVE_DISCLOSURES, None),
];

pub fn load(c: &mut Conn, planned: &[Planned]) -> Result<()> {
    for (number, (words, checked_on)) in CHECKED.iter().enumerate() {
        let published = by("coord.suzhou", PUBLISHED)?;
        let ids: Vec<ChecklistItemId> = (1..=words.items.len())
            .map(|at| ChecklistItemId(id_at(Kind::ChecklistItem, number * ITEMS + at, published.at)))
            .collect();
        let id = ChecklistId(id_at(Kind::Checklist, number + 1, published.at));
        let whole = past::publish(c, (id, &ids), &checklist(words)?, &published)?;
        if let Some(day) = checked_on {
            let by = by("assessor.suzhou", *day)?;
            let runs: Vec<(String, &Planned)> = checked(words.kind, planned).map(|of| (of.area_code(), of)).collect();
            let runs: Vec<PastRun<'_>> =
                runs.iter().enumerate().map(|(at, of)| run(words, (number, at), of, by)).collect();
            past::check(c, &whole, &runs)?;
        }
    }
    Ok(())
}

fn checklist(words: &Words) -> Result<ChecklistIn> {
    let item = |(at, text): (usize, &&str)| ChecklistItemIn {
        code: format!("{:02}", at + 1),
        words: (*text).to_owned(),
        words_en: None,
        weight: 1,
        evidence_required: needs_evidence(at),
        official: words.official,
    };
    Ok(ChecklistIn {
        kind: words.kind,
        code: words.kind.as_str().replace('_', "-"),
        area_code: DISTRICT.parse::<AreaCode>().map_err(|e: String| Error::internal(e))?,
        title: words.title.to_owned(),
        source: if words.official { LISTED } else { DEMO }.to_owned(),
        items: words.items.iter().enumerate().map(item).collect(),
    })
}

/// Every fifth item passes with evidence only.
fn needs_evidence(item: usize) -> bool {
    item % 5 == 4
}

/// Where a kind is checked, by code.
fn checked(kind: ChecklistKind, planned: &[Planned]) -> Box<dyn Iterator<Item = &Planned> + '_> {
    let managed = || planned.iter().filter(|of| of.kind == CompoundKind::Managed);
    match kind {
        // The first of each community's managed compounds, and the second of the first communities.
        ChecklistKind::Red40 => {
            Box::new(managed().filter(|of| of.serial == 1).chain(managed().filter(|of| of.serial == 2)).take(SITES))
        }
        ChecklistKind::Service15 | ChecklistKind::Routine15 => Box::new(managed()),
        _ => Box::new(planned.iter()),
    }
}

fn run<'a>(words: &Words, (kind, at): (usize, usize), (code, of): &'a (String, &Planned), by: By) -> PastRun<'a> {
    let shown = |item| needs_evidence(item).then_some("查阅台账与现场照片");
    PastRun {
        id: CheckRunId(id_at(Kind::CheckRun, kind * RUNS + at + 1, by.at)),
        compound: compounds::id_of(of.community_code(), of.serial),
        area_code: code,
        by,
        results: (0..words.items.len()).map(|item| (result(words.kind, at, item), shown(item))).collect(),
    }
}

/// Of twenty items one fails and one is met in part, at each compound others; at the campaign one of ten does not apply.
fn result(kind: ChecklistKind, compound: usize, item: usize) -> CheckResult {
    match (compound * 7 + item * 3) % 20 {
        0 => CheckResult::Fail,
        1 => CheckResult::Partial,
        2 | 3 if kind == ChecklistKind::Special10 => CheckResult::Na,
        _ => CheckResult::Pass,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::plan;

    #[test]
    fn thirty_sites_two_hundred_and_twenty_five_and_all() {
        let planned = plan::compounds();
        let of = |kind| checked(kind, &planned).count();
        assert_eq!(of(ChecklistKind::Red40), 30);
        assert_eq!((of(ChecklistKind::Service15), of(ChecklistKind::Routine15)), (225, 225));
        assert_eq!(of(ChecklistKind::Special10), 459);
        let named =
            checked(ChecklistKind::Red40, &planned).filter(|of| ["居雅苑", "欣露园"].contains(&of.name.as_str()));
        assert_eq!(named.count(), 2, "the sites that the source names are among them");
    }
}
