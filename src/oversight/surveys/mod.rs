//! 满意度测评、需求调查、四感: what owners and residents are asked, what they answered, and what comes of it.
//!
//! Owns the forms in their versions, the rounds with their frame and their rules, the invitations, the answers and the results,
//! and what follows a round that failed. Tables: `survey_forms`, `survey_rounds`, `survey_invitations`, `survey_claims`,
//! `survey_answers`, `survey_comments`, `survey_calls`, `survey_consequences`.
//!
//! Who has answered and what was answered are two tables without a column in common but the round, so that nobody can put a
//! name to an answer, and a household still counts once. A result is computed once, posted, and final when its posting has
//! ended. A company reads sums of ten answers and more. What fails is rectified and asked again; what fails again may be
//! brought before the owners as a motion (Civil Code 278), which nothing here does for them.

mod api;
pub mod dto;
mod rules;
mod store;

use platform::http::Mount;

pub use rules::PROBLEMS;
pub use rules::params::RULES;
pub use store::follow::react;
pub use store::gathered::BallotBox;
pub use store::opening::{visible_consequences, visible_rounds};
pub use store::past;
pub use store::scores::{SurveyScore, final_scores};
pub use store::sweep::sweep;

platform::scopes! {
    /// 查看问卷
    SurveyFormsRead = "survey_forms:read": everyone,
    /// 编制问卷
    SurveyFormsWrite = "survey_forms:write": [DistrictCoord, StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 查看测评与结果: overseers by place; a company what is about it, those of the place what is posted
    SurveysRead = "surveys:read": everyone,
    /// 组织测评: publish, invite, compute, post
    SurveysRun = "surveys:run": [CommunitySecretary, CommunityWorker],
    /// 答卷: for one's own room, oneself, or the body that one holds an office of
    SurveysAnswer = "surveys:answer": everyone,
    /// 电话代录: never by who is of the company
    SurveysCall = "surveys:call": [StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker],
    /// 查看文字意见: the community only
    SurveyCommentsRead = "survey_comments:read": [CommunitySecretary, CommunityWorker],
    /// 确认测评后果
    ConsequencesConfirm = "survey_consequences:confirm": [DistrictCoord, StreetOfficer],
    /// 整改报告
    ConsequencesReport = "survey_consequences:report": [CompanyAdmin, ProjectManager],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}
