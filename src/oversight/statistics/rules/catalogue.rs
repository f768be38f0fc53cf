//! 指标目录: each figure with its formula, what feeds it and on whose word it is made so (domain B19). What no context of the
//! house counts yet is not in it.

pub use super::entries::ENTRIES;
use crate::statistics::dto::{
    Breakdown, CatalogueEntry, CatalogueOut, FeedName, FigureKey, FigureKind, FigureUnit, TimeStep,
};

/// What is known of a figure.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub key: FigureKey,
    pub formula: &'static str,
    pub unit: FigureUnit,
    pub kind: FigureKind,
    pub name: (&'static str, &'static str),
    pub words: (&'static str, &'static str),
    pub feeds: &'static [&'static str],
    pub source: &'static str,
    pub by: &'static [Breakdown],
    /// Whether it is a distribution.
    pub parts: bool,
}

/// Every figure has its entry: a test holds that.
pub fn entry(key: FigureKey) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.key == key)
}

pub fn told() -> CatalogueOut {
    CatalogueOut { items: ENTRIES.iter().map(CatalogueEntry::from).collect() }
}

impl From<&Entry> for CatalogueEntry {
    fn from(entry: &Entry) -> Self {
        let Entry { key, formula, unit, kind, name, words, feeds, source, by, parts: _ } = *entry;
        Self {
            figure: key,
            formula: formula.to_owned(),
            name_zh: name.0.to_owned(),
            name_en: name.1.to_owned(),
            words_zh: words.0.to_owned(),
            words_en: words.1.to_owned(),
            unit,
            kind,
            feeds: feeds.iter().map(|feed| FeedName((*feed).to_owned())).collect(),
            source: source.to_owned(),
            breakdowns: by.to_vec(),
            steps: TimeStep::ALL.to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_described_once() {
        for key in FigureKey::ALL {
            assert_eq!(ENTRIES.iter().filter(|entry| entry.key == *key).count(), 1, "{key}");
        }
        assert_eq!(ENTRIES.len(), FigureKey::ALL.len());
    }

    #[test]
    fn texts_fit_what_the_document_says() {
        for entry in told().items {
            let (short, long) = (entry.name_zh.chars().count(), entry.words_en.chars().count());
            assert!((1..=40).contains(&short) && (1..=300).contains(&long), "{entry:?}");
            assert!(entry.words_zh.chars().count() <= 200 && entry.name_en.len() <= 80 && !entry.feeds.is_empty());
        }
    }
}
