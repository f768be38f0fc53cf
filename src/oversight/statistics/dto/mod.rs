//! What goes over the wire.

mod figure;
mod kinds;
mod overview;

pub use figure::{Amount, FigureOut};
pub use kinds::{FigureKey, FigureUnit, OverviewField};
pub use overview::{
    CasesNow, ChildLine, DayCount, LatestRanking, LatestStars, MeetingsNow, OverviewOut, OverviewQuery, RankedProject,
    RunningClock, StatusCount,
};
