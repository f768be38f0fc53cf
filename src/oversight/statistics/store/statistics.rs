//! Statistics as they were asked for: figures of an area, told apart where asked, beside the year before and what was published.

use std::collections::{BTreeSet, HashMap};

use delivery::cases::figures::{change_of_rates, year_before};
use platform::Result;
use platform::db::Conn;
use platform::quantity::Ratio;
use registry::territory::store::standing::family;

use super::counts::{Counts, Part};
use super::{Scope, names, reported};
use crate::statistics::dto::{
    Amount, AmountOut, Breakdown, FigureKey, GroupOut, ReportedValue, StatisticOut, StatisticsOut,
};
use crate::statistics::rules::asked::Asked;
use crate::statistics::rules::catalogue::Entry;

/// The keys that figures are told of, each with what it is called; the whole by `None`.
type Groups = Vec<(Option<String>, Option<GroupOut>)>;

pub fn of_area(c: &mut Conn, scope: &Scope, asked: &Asked) -> Result<StatisticsOut> {
    let now = Counts::read(c, scope, asked.by, &asked.figures)?;
    let before = match asked.year_on_year {
        true => Some(Counts::read(c, &year_earlier(scope), asked.by, &asked.figures)?),
        false => None,
    };
    let mut keys = now.keys();
    keys.extend(before.iter().flat_map(Counts::keys));
    let groups = groups(c, scope, asked.by, keys)?;
    let published = published(c, scope, asked, &groups)?;
    let mut items = Vec::new();
    for entry in &asked.figures {
        for (key, group) in &groups {
            let parts = now.parts(entry.key, key.as_deref());
            let earlier = before.as_ref().map(|before| before.parts(entry.key, key.as_deref()));
            let area = group.as_ref().map_or(scope.area.as_str(), |group| &group.code);
            for part in parts {
                let reported = published.get(&(area.to_owned(), entry.key, part.name.clone()));
                let earlier = earlier.as_deref().map(|parts| same_part(parts, &part));
                items.push(told(entry, group.clone(), part, earlier, (scope, reported)));
            }
        }
    }
    Ok(StatisticsOut {
        area: scope.area.to_string(),
        as_of: scope.as_of,
        from: scope.period.from,
        to: scope.period.to,
        by: asked.by,
        items,
    })
}

/// The same days a year before, as they were known then.
pub fn year_earlier(scope: &Scope) -> Scope {
    let day = year_before(platform::rollups::Period { from: scope.as_of, to: scope.as_of }).to;
    scope.at(year_before(scope.period), day)
}

/// What a part came to a year before; nothing of nothing where it was not there.
pub fn same_part(parts: &[Part], wanted: &Part) -> Amount {
    let found = parts.iter().find(|part| part.name == wanted.name).map(|part| part.amount.clone());
    found.unwrap_or_else(|| match wanted.amount {
        Amount::Share(_) => Amount::Share(Ratio::of(0, 0)),
        Amount::Mean(_) => Amount::Mean(platform::quantity::Quotient::of(0, 0)),
    })
}

/// 同比, of what came to so much and comes to so much.
pub fn change(before: &AmountOut, now: &AmountOut) -> Ratio {
    change_of_rates((before.numerator, before.denominator), (now.numerator, now.denominator))
}

fn told(
    entry: &Entry,
    group: Option<GroupOut>,
    part: Part,
    earlier: Option<Amount>,
    (scope, reported): (&Scope, Option<&Vec<ReportedValue>>),
) -> StatisticOut {
    let now = AmountOut::from(part.amount);
    let year_before = earlier.map(AmountOut::from);
    StatisticOut {
        figure: entry.key,
        formula: entry.formula.to_owned(),
        part: part.name,
        group,
        unit: entry.unit,
        change: year_before.as_ref().map(|before| change(before, &now)),
        year_before,
        numerator: now.numerator,
        denominator: now.denominator,
        percent: now.percent,
        value: now.value,
        as_of: scope.as_of,
        source: entry.source.to_owned(),
        reported: reported.cloned().unwrap_or_default(),
    }
}

/// Of areas every one that stood on the day, whether or not anything counts there.
fn groups(c: &mut Conn, scope: &Scope, by: Option<Breakdown>, keys: BTreeSet<String>) -> Result<Groups> {
    let named = |code: String, name: Option<String>| (Some(code.clone()), Some(GroupOut { code, name }));
    Ok(match by {
        None => vec![(None, None)],
        Some(Breakdown::Area) => {
            let (own, children) = family(c, scope.area.as_str(), scope.as_of)?;
            let mut names: HashMap<String, String> =
                children.into_iter().map(|child| (child.code, child.name)).collect();
            names.extend(own.map(|name| (scope.area.to_string(), name)));
            let standing = names.keys().filter(|code| *code != scope.area.as_str()).cloned();
            let all: BTreeSet<String> = keys.into_iter().chain(standing).filter(|key| !key.is_empty()).collect();
            all.into_iter().map(|code| named(code.clone(), names.get(&code).cloned())).collect()
        }
        Some(Breakdown::Category) => {
            let names = names::of_categories(c, &scope.area, scope.as_of)?;
            keys.into_iter().map(|code| named(code.clone(), names.get(&code).cloned())).collect()
        }
        Some(Breakdown::Company) => {
            let names = names::of_organisations(c, keys.iter())?;
            let group = |key: String| {
                let known = names.get(&key);
                let code = known.map_or_else(String::new, |(id, _)| id.to_string());
                (Some(key), Some(GroupOut { code, name: known.map(|(_, name)| name.clone()) }))
            };
            keys.into_iter().map(group).collect()
        }
    })
}

type Published = HashMap<(String, FigureKey, Option<String>), Vec<ReportedValue>>;

/// What was published of the area, or of those below it where figures are told apart by them.
fn published(c: &mut Conn, scope: &Scope, asked: &Asked, groups: &Groups) -> Result<Published> {
    let codes: Vec<String> = match asked.by {
        None => vec![scope.area.to_string()],
        Some(Breakdown::Area) => groups.iter().filter_map(|(key, _)| key.clone()).collect(),
        // Nobody publishes by category or company.
        Some(_) => return Ok(Published::new()),
    };
    let figures: Vec<FigureKey> = asked.figures.iter().map(|entry| entry.key).collect();
    let mut all = Published::new();
    for row in reported::known(c, &codes, &figures, scope.as_of)? {
        let of = (row.area_code.clone(), row.figure, row.part.clone());
        all.entry(of).or_default().push(row.into());
    }
    Ok(all)
}
