//! What goes over the wire.

mod calls;
mod cases;
mod deadlines;
mod desk;
mod dictionaries;
mod export;
mod figures;
mod files;
mod filters;
mod intake;
mod kinds;
mod mine;
mod pauses;
mod similar;
mod steps;
mod story;
mod visits;

pub use calls::{CallOut, CallPage, ReporterPhoneOut};
pub use cases::{CaseItem, CaseOut, CasePage, ReporterOut};
pub use deadlines::{AlarmOut, ClockOut, DeadlinesOut};
pub use desk::DeskOut;
pub use dictionaries::{CategoriesOut, DueOut, PolicyMatchIn, PolicyMatchOut, RoutingMatchIn, RoutingMatchOut};
pub use export::CaseRecord;
pub use figures::{
    AcceptedCount, CaseFiguresOut, CaseFiguresQuery, ComplaintFigures, Latencies, ReportedCount, TierShare, VisitCount,
};
pub use files::{
    CaseFileOut, CaseFilePage, FileId, FileIn, FilePurpose, FileWords, MyCaseFileOut, MyCaseFilePage, MyFileIn,
    NoWords, RemoveFileIn,
};
pub use filters::{CaseFilter, CaseQuery, CaseSort, ExportFormat, ExportQuery};
pub use intake::{CaseIn, NewCase, NewReporter, ReportIn, ReporterIn};
pub use kinds::{
    CaseId, CaseKind, Channel, ClockEnd, ClockKind, ClockMode, Identity, Outcome, Status, Tier, Urgency, Visibility,
};
pub use mine::{FollowedCaseOut, MyCaseOut, MyCasePage};
pub use pauses::{ExtensionIn, ExtensionOut, ExtensionsOut, HoldIn, HoldOut, HoldsOut, RequestDecisionIn};
pub use similar::{JoinIn, SimilarCaseOut, SimilarCasesOut, SimilarIn, SimilarOut, SimilarsOut};
pub use steps::{
    DispatchIn, EdgeOut, EscalateIn, FinishIn, MergeIn, ReclassifyIn, RedelegateIn, RejectIn, RejectReason, ReopenIn,
    ReturnIn, ReturnReason, StartIn, StepsOut, TransferIn,
};
pub use story::{Audience, CommentIn, CommentOut, MomentKind, MomentOut, MyCommentIn, StandsFor, TimelinePage};
pub use visits::{FeedbackIn, VisitChannel, VisitIn, VisitOut, VisitOutcome, VisitReason, VisitsOut};
