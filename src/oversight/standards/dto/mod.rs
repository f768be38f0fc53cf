//! What goes over the wire.

mod assessments;
mod checklists;
mod commitments;
mod evidence;
mod figures;
mod kinds;
mod red_lines;
mod runs;
mod targets;
mod weekly;

pub use assessments::{
    AssessmentIn, AssessmentOut, AssessmentPage, AssessmentPartOut, AssessmentQuery, AssessmentWithdrawalIn,
    DeductionOut,
};
pub use checklists::{
    ChecklistIn, ChecklistItem, ChecklistItemIn, ChecklistItemOut, ChecklistOut, ChecklistPage, ChecklistPatch,
    ChecklistQuery,
};
pub use commitments::{
    CommitmentConfirmIn, CommitmentFiguresOut, CommitmentFiguresQuery, CommitmentIn, CommitmentOut, CommitmentPage,
    CommitmentPatch, CommitmentQuery, CommitmentReportIn,
};
pub use evidence::{CheckEvidenceIn, CheckEvidenceOut, CheckEvidencePage, EvidenceRemovalIn, EvidenceWords};
pub use figures::{AreaCheckFiguresOut, AreaCheckFiguresQuery, AsOfQuery, CompoundCheckFiguresOut, KindFiguresOut};
pub use kinds::{
    AssessmentId, AssessmentKind, AssessmentStatus, CheckEvidenceId, CheckResult, CheckRunId, CheckRunStatus,
    ChecklistId, ChecklistItemId, ChecklistKind, ChecklistStatus, CommitmentId, CommitmentStatus, RedLineGround,
    RedLineId, TargetContractId, TargetContractStatus, TargetDirection, TargetUnit, WeeklyItemId,
};
pub use red_lines::{RedLineIn, RedLineOut, RedLinePage, RedLineQuery, RedLineRevocationIn};
pub use runs::{
    CheckResultIn, CheckResultOut, CheckRunIn, CheckRunItem, CheckRunOut, CheckRunPage, CheckRunPatch, CheckRunQuery,
};
pub use targets::{
    IndicatorResultIn, TargetContractIn, TargetContractItem, TargetContractOut, TargetContractPage,
    TargetContractPatch, TargetContractQuery, TargetIndicatorIn, TargetIndicatorOut, TargetResultsIn,
};
pub use weekly::{WeeklyAnswerIn, WeeklyItemIn, WeeklyItemOut, WeeklyItemPage, WeeklyItemQuery};
