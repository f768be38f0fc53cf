//! Counts by keys of one kind, from which figures are made, of one key or of all together. What is read at once is read once.

use std::collections::BTreeSet;

use delivery::cases::apart::Apart;
use platform::Result;
use platform::db::Conn;
use registry::territory::store::standing::child_length;

use super::Scope;
use super::cases::CaseCounts;
use super::roster::StandingCounts;
use crate::ratings::StarsApart;
use crate::statistics::dto::{Amount, Breakdown, FigureKey};
use crate::statistics::rules::catalogue::Entry;

/// A part of a figure, or the whole of one that has no parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub name: Option<String>,
    pub amount: Amount,
}

impl Part {
    pub fn whole(amount: Amount) -> Self {
        Self { name: None, amount }
    }

    pub fn named(name: &str, amount: Amount) -> Self {
        Self { name: Some(name.to_owned()), amount }
    }
}

/// Whether a row counts at a key; at none it counts in any case.
pub fn is_at(key: Option<&str>, row: &str) -> bool {
    key.is_none_or(|key| key == row)
}

/// Something of which figures are made.
pub trait Counted {
    /// Every key that something counts under, as often as it comes.
    fn keys(&self) -> Vec<&str>;
    /// The parts of a figure at a key, or of everything; `None` where it is none of these.
    fn parts(&self, figure: FigureKey, key: Option<&str>) -> Option<Vec<Part>>;
}

/// Everything that was asked for of a scope, in as few statements as there are kinds of it.
pub struct Counts {
    cases: CaseCounts,
    standing: StandingCounts,
}

impl Counts {
    pub fn read(c: &mut Conn, scope: &Scope, by: Option<Breakdown>, figures: &[&Entry]) -> Result<Self> {
        let figures: Vec<FigureKey> = figures.iter().map(|entry| entry.key).collect();
        let (cases, stars) = match by {
            None => (Apart::WHOLE, StarsApart::Place(0)),
            Some(Breakdown::Area) => {
                let length = child_length(&scope.area).unwrap_or(0);
                (Apart::Place(length), StarsApart::Place(length))
            }
            Some(Breakdown::Category) => (Apart::Category, StarsApart::Place(0)),
            Some(Breakdown::Company) => (Apart::Handler, StarsApart::Company),
        };
        Ok(Self {
            cases: CaseCounts::read(c, scope, cases, &figures, &[])?,
            standing: StandingCounts::read(c, scope, stars, &figures)?,
        })
    }

    pub fn keys(&self) -> BTreeSet<String> {
        self.cases.keys().into_iter().chain(self.standing.keys()).map(str::to_owned).collect()
    }

    pub fn parts(&self, figure: FigureKey, key: Option<&str>) -> Vec<Part> {
        self.cases.parts(figure, key).or_else(|| self.standing.parts(figure, key)).unwrap_or_default()
    }
}
