use platform::db::Ts;
use platform::history::ActorId;
use platform::http::check_not_blank;
use platform::{page, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use crate::cases::store::comments::{CommentId, CommentRow};
use crate::cases::store::timeline::Moment;

text_enum! {
    /// 发言方
    StandsFor {
        /// 报事人
        Reporter = "reporter",
        /// 受理方
        Desk = "desk",
        /// 承办方
        Handler = "handler",
        /// 系统
        System = "system",
    }
}

text_enum! {
    /// 可见范围
    Audience {
        /// 当事各方, the reporter included
        Parties = "parties",
        /// 工作人员
        Staff = "staff",
    }
}

/// 备注: by those who work on a case
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentIn {
    pub audience: Audience,
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(example = "已联系供热公司,明早到场。", min_length = 1, max_length = 1000)]
    pub body: String,
}

/// 补充说明: by the reporter
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MyCommentIn {
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(example = "今天上午家里都有人。", min_length = 1, max_length = 1000)]
    pub body: String,
}

/// 备注
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({ "id": "019b0000-0000-7000-8000-000000000001", "stands_for": "handler",
    "audience": "parties", "body": "配件明天到货", "author_id": "019b0000-0000-7000-8000-000000000002",
    "at": "2024-01-15T01:00:00Z" }))]
pub struct CommentOut {
    #[schema(value_type = Uuid)]
    pub id: CommentId,
    pub stands_for: StandsFor,
    pub audience: Audience,
    #[schema(max_length = 1000)]
    pub body: String,
    /// 发言人; `null` for the reporter and the system
    #[schema(required = true, value_type = Option<Uuid>)]
    pub author_id: Option<ActorId>,
    pub at: Ts,
}

impl From<CommentRow> for CommentOut {
    fn from(row: CommentRow) -> Self {
        let CommentRow { id, case_id: _, author_id, stands_for, audience, body, at } = row;
        Self { id, stands_for, audience, body, author_id, at }
    }
}

text_enum! {
    /// 时间线条目
    MomentKind {
        /// 步骤
        Step = "step",
        /// 备注
        Comment = "comment",
        /// 回访
        Visit = "visit",
        /// 催办
        Alarm = "alarm",
        /// 照片与文件
        File = "file",
        /// 查看号码: somebody opened the reporter's number; only the reporter is told
        Access = "access",
    }
}

/// 时间线的一条
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MomentOut {
    pub at: Ts,
    pub kind: MomentKind,
    /// 由哪一方: the side, never who
    pub stands_for: StandsFor,
    /// 事件名、催办名、发言方、回访结果、文件类别或查看用途
    #[schema(example = "case.accepted", max_length = 80)]
    pub code: String,
    /// 文字, of a comment, or what a number was opened for
    #[schema(required = true, max_length = 1000)]
    pub text: Option<String>,
    /// 新值: codes only, never words or names
    #[schema(required = true, value_type = Option<Object>)]
    pub data: Option<Value>,
}

impl From<Moment> for MomentOut {
    fn from(moment: Moment) -> Self {
        let Moment { at, key: _, kind, stands_for, code, text, data } = moment;
        Self { at, kind, stands_for, code, text, data }
    }
}

page!(
    /// 时间线页
    TimelinePage, MomentOut
);
