//! What goes over the wire.

mod figure;
mod kinds;
mod overview;
mod reported;
mod statistics;

pub use figure::{Amount, AmountOut, FigureOut};
pub use kinds::{Breakdown, FigureKey, FigureKind, FigureUnit, OverviewField, SheetFormat, TimeStep};
pub use overview::{
    CasesNow, ChildLine, DayCount, LatestRanking, LatestStars, MeetingsNow, OverviewOut, OverviewQuery, RankedProject,
    RunningClock, StatusCount,
};
pub use reported::{ReportedFigureId, ReportedFigureIn, ReportedFigureOut, ReportedFigurePage, ReportedFigureQuery};
pub use statistics::{
    CatalogueEntry, CatalogueOut, FeedName, FigureSeriesOut, GroupOut, ReportedValue, SeriesExportQuery, SeriesPoint,
    SeriesQuery, StatisticOut, StatisticsExportQuery, StatisticsOut, StatisticsQuery,
};
