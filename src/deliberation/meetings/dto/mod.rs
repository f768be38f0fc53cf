//! What goes over the wire.

mod actions;
mod agenda;
mod figures;
mod kinds;
mod meetings;
mod minutes;
mod resolutions;
mod seats;
mod series;

pub use actions::{
    ActionEvidenceIn, ActionIn, ActionOut, ActionPage, ActionQuery, ActionReturnIn, ProgressIn, ReassignIn,
    VerificationIn,
};
pub use agenda::{AgendaItemIn, AgendaItemOut, AgendaItemPatch, ItemReasonIn, VoteIn, VoteOut};
pub use figures::{KindCount, MeetingFiguresOut, MeetingFiguresQuery};
pub use kinds::{
    ActionItemId, ActionStatus, AgendaItemId, AmendmentId, Attendance, AttendanceAs, Cadence, Choice, Disposition,
    ItemKind, ItemStatus, Level, MeetingId, MeetingKind, MeetingParty, MeetingStatus, Method, MinutesId, MinutesStatus,
    Mode, ResolutionId, ResolutionStatus, SeatId, SeatRole, SeriesId, SignatureKind, SourceKind, Standing,
    VersionNumber,
};
pub use meetings::{
    ChainOut, MeetingIn, MeetingItem, MeetingOut, MeetingPage, MeetingPatch, MeetingQuery, MyMeetingsOut, PostponeIn,
    QuorumOut, StepReasonIn,
};
pub use minutes::{
    AmendmentIn, AmendmentOut, ChangeKind, ChangeOut, DiffOut, DiffQuery, DispositionIn, ItemWords, MinutesBody,
    MinutesIn, MinutesItem, MinutesListOut, MinutesOut, MinutesPatch, ProofOut, PublicMinutesOut, PublicMinutesPage,
    PublicMinutesQuery, SignatureIn, SignatureOut,
};
pub use resolutions::{
    ResolutionDecisionIn, ResolutionIn, ResolutionOut, ResolutionOutcome, ResolutionPage, ResolutionQuery, ReviewIn,
    SettlementIn, SupersedeIn, TallyOut,
};
pub use seats::{AttendanceIn, CheckInCodeOut, CheckInIn, SeatIn, SeatOut};
pub use series::{SeriesEndIn, SeriesIn, SeriesOut, SeriesPage, SeriesQuery};
