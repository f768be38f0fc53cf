//! statistics over HTTP: the catalogue, figures of any day with both of their parts, series, what was published beside them, the
//! tables, and a dashboard in one answer that is polled.

mod asked;
mod exports;
mod history;
mod oracle;
mod overview;
mod polls;
mod reported;

use oversight::statistics::dto::{FigureKey, OverviewOut, StatisticOut, StatisticsOut};

use crate::support::Client;

async fn statistics(who: &Client, area: &str, query: &str) -> StatisticsOut {
    who.get(&format!("/v1/areas/{area}/statistics{query}")).await.expect(200).json()
}

/// The figure of a whole that has no parts.
async fn one(who: &Client, area: &str, figure: FigureKey, query: &str) -> StatisticOut {
    let told = statistics(who, area, &format!("?figures={figure}&{query}")).await;
    told.items.into_iter().find(|item| item.part.is_none()).expect("the figure")
}

/// Both parts, and what they come to.
fn told(item: &StatisticOut) -> (i64, i64, Option<&str>) {
    (item.numerator, item.denominator, item.percent.as_deref().or(item.value.as_deref()))
}

async fn overview(who: &Client, area: &str, query: &str) -> OverviewOut {
    who.get(&format!("/v1/areas/{area}/overview{query}")).await.expect(200).json()
}
