use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::{Result, page};
use registry::territory::dto::RoomId;
use roster::people::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    SurveyCommentId, SurveyInvitationId, SurveyInvitationWay, SurveyKind, SurveyParty, SurveyQuestion, SurveyRoundId,
    SurveyStatus,
};
use crate::surveys::store::rows::{CommentRow, FormRow, RoundRow};

/// 一道题的回答: one of the three, as the question asks
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyAnswer {
    #[validate(length(min = 1, max = 20))]
    #[schema(min_length = 1, max_length = 20, example = "q1")]
    pub question: String,
    /// 评分
    #[validate(range(min = 1, max = 5))]
    #[schema(nullable = false, minimum = 1, maximum = 5, example = 4)]
    pub score: Option<i32>,
    /// 选项代码
    #[validate(length(min = 1, max = 20))]
    #[schema(nullable = false, min_length = 1, max_length = 20)]
    pub choice: Option<String>,
    /// 文字
    #[validate(length(min = 1, max = 500))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub text: Option<String>,
}

/// 答卷
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveySheetIn {
    /// A question may be left out
    #[validate(length(min = 1, max = 40), nested)]
    #[schema(min_items = 1, max_items = 40, example = json!([{ "question": "q1", "score": 4 }]))]
    pub answers: Vec<SurveyAnswer>,
    /// 其他意见: read by the community only, apart from the marks
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub comment: Option<String>,
}

/// 登录答卷: for one's own room, oneself, or the body that one holds an office of
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnSurveySheetIn {
    /// 以哪一方答卷
    pub party: SurveyParty,
    /// 房屋: of an owner who has several there
    #[schema(nullable = false)]
    pub room_id: Option<RoomId>,
    #[validate(nested)]
    pub sheet: SurveySheetIn,
}

/// 电话代录: for a room or a person of those who are asked
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalledSurveySheetIn {
    /// 房屋, where owners are asked
    #[schema(nullable = false)]
    pub room_id: Option<RoomId>,
    /// 居民, where residents are asked
    #[schema(nullable = false)]
    pub person_id: Option<PersonId>,
    #[validate(nested)]
    pub sheet: SurveySheetIn,
}

/// 发邀请: one token each, told this once
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyInvitationsIn {
    pub channel: SurveyInvitationWay,
    /// 层: a building in a compound, or a compound in a community; all where absent. Of owners
    #[schema(nullable = false, example = "620902005003-0001-001")]
    pub stratum: Option<AreaCode>,
    /// 居民: where residents are asked
    #[validate(length(max = 100))]
    #[serde(default)]
    #[schema(max_items = 100, example = json!([]))]
    pub person_ids: Vec<PersonId>,
    /// 本批最多份数
    #[validate(range(min = 1, max = 500))]
    #[schema(nullable = false, minimum = 1, maximum = 500, default = 200)]
    pub limit: Option<i64>,
}

/// 补发邀请码: one household, or one person
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReissueSurveyInvitationIn {
    pub channel: SurveyInvitationWay,
    /// 房屋代码, where owners are asked
    #[schema(nullable = false, example = "620902005003-0001-001-01-0101")]
    pub room_code: Option<AreaCode>,
    /// 居民, where residents are asked
    #[schema(nullable = false)]
    pub person_id: Option<PersonId>,
}

/// 一份邀请
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SurveyTokenOut {
    pub id: SurveyInvitationId,
    /// 房屋代码
    #[schema(required = true, max_length = 29)]
    pub room_code: Option<String>,
    #[schema(required = true)]
    pub person_id: Option<PersonId>,
    /// 一次性令牌: stored nowhere
    #[schema(max_length = 64)]
    pub token: String,
    /// 网页链接
    #[schema(max_length = 300)]
    pub link: String,
}

/// 一批邀请
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SurveyTokensOut {
    #[schema(max_items = 500)]
    pub items: Vec<SurveyTokenOut>,
    /// 该层尚未邀请的户数
    #[schema(minimum = 0)]
    pub remaining: i64,
}

/// 受邀者所见: the form, and not whose invitation it is
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InvitedSurveyOut {
    pub round_id: SurveyRoundId,
    #[schema(max_length = 120)]
    pub title: String,
    pub kind: SurveyKind,
    pub opens_at: Ts,
    pub closes_at: Ts,
    pub status: SurveyStatus,
    #[schema(max_items = 40)]
    pub questions: Vec<SurveyQuestion>,
    /// 该户或该人是否已答卷, whichever way
    pub answered: bool,
}

impl InvitedSurveyOut {
    pub fn of(round: RoundRow, form: &FormRow, answered: bool, now: Ts) -> Result<Self> {
        Ok(Self {
            round_id: round.id,
            status: round.standing(now),
            title: round.title,
            kind: round.kind,
            opens_at: round.opens_at,
            closes_at: round.closes_at,
            questions: form.asked()?,
            answered,
        })
    }
}

/// 待答的测评
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MySurveyOut {
    pub round_id: SurveyRoundId,
    #[schema(max_length = 120)]
    pub title: String,
    pub kind: SurveyKind,
    pub closes_at: Ts,
    /// 以哪一方答卷
    pub party: SurveyParty,
    /// 房屋, where owners are asked
    #[schema(required = true)]
    pub room_id: Option<RoomId>,
    /// 该户或该人是否已答卷
    pub answered: bool,
}

/// 待答的测评
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct MySurveysOut {
    #[schema(max_items = 1000)]
    pub items: Vec<MySurveyOut>,
}

/// 一条文字意见, without anything that was marked with it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SurveyCommentOut {
    pub id: SurveyCommentId,
    /// 题目代码; `null` where it is said to the whole
    #[schema(required = true, max_length = 20)]
    pub question: Option<String>,
    #[schema(max_length = 500)]
    pub words: String,
}

impl From<CommentRow> for SurveyCommentOut {
    fn from(row: CommentRow) -> Self {
        let CommentRow { round_id: _, id, question, words } = row;
        Self { id, question, words }
    }
}

page!(
    /// 文字意见页
    SurveyCommentPage, SurveyCommentOut
);

/// 哪一次测评的文字意见
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SurveyCommentQuery {
    #[param(example = "019b0000-0000-7000-8000-000000000001")]
    pub round_id: SurveyRoundId,
}
