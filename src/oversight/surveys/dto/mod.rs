//! What goes over the wire.

mod answers;
mod consequences;
mod forms;
mod kinds;
mod results;
mod rounds;

pub use answers::{
    CalledSurveySheetIn, InvitedSurveyOut, MySurveyOut, MySurveysOut, OwnSurveySheetIn, ReissueSurveyInvitationIn,
    SurveyAnswer, SurveyCommentOut, SurveyCommentPage, SurveyCommentQuery, SurveyInvitationsIn, SurveySheetIn,
    SurveyTokenOut, SurveyTokensOut,
};
pub use consequences::{
    ConsequenceNoteIn, RecheckIn, RectificationNoticeIn, RectificationReportIn, SurveyConsequenceOut,
    SurveyConsequencePage, SurveyConsequenceQuery,
};
pub use forms::{
    SurveyChoice, SurveyFormIn, SurveyFormOut, SurveyFormPage, SurveyFormPatch, SurveyFormQuery, SurveyFormVersionIn,
    SurveyQuestion,
};
pub use kinds::{
    SurveyChannel, SurveyCommentId, SurveyConsequenceId, SurveyConsequenceStatus, SurveyFormId, SurveyInvitationId,
    SurveyInvitationWay, SurveyKind, SurveyOutcome, SurveyParty, SurveyQuestionKind, SurveyRespondents, SurveyRoundId,
    SurveyStatus,
};
pub use results::{
    SurveyChannelCount, SurveyDimensionResult, SurveyPartyCount, SurveyPartyResult, SurveyProgressOut,
    SurveyQuestionResult, SurveyResult, SurveyResultsOut, SurveyStratumCount, SurveyStratumResult, SurveyValueCount,
};
pub use rounds::{
    SurveyCancelIn, SurveyPostingIn, SurveyRoundIn, SurveyRoundOut, SurveyRoundPage, SurveyRoundPatch, SurveyRoundQuery,
};
