use chrono::NaiveDate;
use platform::auth::{AreaCode, Role};
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::page;
use platform::publicity::PublicityId;
use platform::publicity::dto::{Place, check_places};
use platform::quantity::Ratio;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{NoticeClass, NoticeId, NoticeStatus};
use crate::notices::store::notices::{Listed, NoticeRow, Whole};

/// 发布通知
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishNoticeIn {
    pub class: NoticeClass,
    /// 范围: a district, a street, a community or a compound
    #[schema(value_type = String, example = "620902005003", max_length = 29)]
    pub area_code: AreaCode,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(example = "关于春节期间垃圾清运时间调整的通知", min_length = 1, max_length = 120)]
    pub title: String,
    #[validate(length(min = 1, max = 9000), custom(function = check_not_blank))]
    #[schema(example = "2月9日至17日,生活垃圾每日上午8时清运一次。", min_length = 1, max_length = 9000)]
    pub body: String,
    /// 面向的角色; everybody in the area where there are none
    #[validate(length(max = 30))]
    #[schema(nullable = false, max_items = 30, example = json!(["owner", "resident"]))]
    pub roles: Option<Vec<Role>>,
    /// 置顶
    #[schema(nullable = false)]
    pub pinned: Option<bool>,
    /// 失效时间; a legal notice stands at least for its period
    #[schema(nullable = false, example = "2024-02-18T00:00:00+08:00")]
    pub expires_at: Option<Ts>,
    /// 公示安排, of a legal notice
    #[validate(nested)]
    #[schema(nullable = false)]
    pub posting: Option<NoticePostingIn>,
}

/// 公示安排: where and for how long a legal notice hangs
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticePostingIn {
    /// 张贴处
    #[validate(length(min = 1, max = 20), custom(function = check_places))]
    #[schema(min_items = 1, max_items = 20, example = json!(["社区公告栏", "小区北门"]))]
    pub places: Vec<Place>,
    /// 凭证编号; photos of how it hangs are added to the notice
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub evidence: Option<String>,
    /// 末日; the rule's own where absent
    #[validate(custom(function = check_date))]
    #[schema(nullable = false)]
    pub closes_on: Option<NaiveDate>,
}

/// 更正法定公告: a new notice in the place of the old one, whose days begin again
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectNoticeIn {
    /// 更正原因
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "会议时间有误", min_length = 1, max_length = 500)]
    pub reason: String,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(example = "关于召开业主大会会议的公告(更正)", min_length = 1, max_length = 120)]
    pub title: String,
    #[validate(length(min = 1, max = 9000), custom(function = check_not_blank))]
    #[schema(example = "会议改于3月2日上午9时召开。", min_length = 1, max_length = 9000)]
    pub body: String,
    #[schema(nullable = false, example = "2024-04-01T00:00:00+08:00")]
    pub expires_at: Option<Ts>,
    #[validate(nested)]
    pub posting: NoticePostingIn,
}

/// 撤回通知
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawNoticeIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "活动改期", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 通知, as a list tells it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NoticeItem {
    pub id: NoticeId,
    pub class: NoticeClass,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 120)]
    pub title: String,
    /// 是否面向范围内全体
    pub for_everybody: bool,
    pub pinned: bool,
    pub status: NoticeStatus,
    pub published_at: Ts,
    #[schema(required = true)]
    pub expires_at: Option<Ts>,
    /// 公示期末日, of a legal notice
    #[schema(required = true)]
    pub period_ends_on: Option<NaiveDate>,
    /// 本人是否已读
    pub read: bool,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl From<Listed> for NoticeItem {
    fn from(Listed { row, status, read }: Listed) -> Self {
        Self {
            id: row.id,
            class: row.class,
            area_code: row.area_code,
            title: row.title,
            for_everybody: row.for_everybody,
            pinned: row.pinned,
            status,
            published_at: row.published_at,
            expires_at: row.expires_at,
            period_ends_on: row.period_ends_on,
            read,
            version: row.version,
        }
    }
}

page!(
    /// 通知页
    NoticePage, NoticeItem
);

/// 通知
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NoticeOut {
    pub id: NoticeId,
    pub class: NoticeClass,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 120)]
    pub title: String,
    #[schema(max_length = 9000)]
    pub body: String,
    /// 面向的角色; empty where it is for everybody in the area
    #[schema(max_items = 30)]
    pub roles: Vec<Role>,
    pub pinned: bool,
    pub status: NoticeStatus,
    pub published_at: Ts,
    #[schema(required = true)]
    pub expires_at: Option<Ts>,
    /// 公示, of a legal notice: its snapshot, places and objections
    #[schema(required = true)]
    pub publicity_id: Option<PublicityId>,
    /// 公示期末日
    #[schema(required = true)]
    pub period_ends_on: Option<NaiveDate>,
    /// 公示结束时间
    #[schema(required = true)]
    pub posting_ended_at: Option<Ts>,
    /// 所更正的通知
    #[schema(required = true)]
    pub supersedes: Option<NoticeId>,
    /// 撤回或被更正的时间
    #[schema(required = true)]
    pub ended_at: Option<Ts>,
    #[schema(required = true, max_length = 500)]
    pub end_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<Whole> for NoticeOut {
    fn from(Whole { row, roles, status }: Whole) -> Self {
        let NoticeRow {
            id,
            class,
            area_code,
            title,
            body,
            for_everybody: _,
            pinned,
            status: _,
            published_at,
            published_by: _,
            expires_at,
            publicity_id,
            period_ends_on,
            posting_ended_at,
            supersedes,
            ended_at,
            ended_by: _,
            end_reason,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            class,
            area_code,
            title,
            body,
            roles,
            pinned,
            status,
            published_at,
            expires_at,
            publicity_id,
            period_ends_on,
            posting_ended_at,
            supersedes,
            ended_at,
            end_reason,
            version,
            updated_at,
        }
    }
}

/// 通知筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticeQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    /// 状态; those in force where absent
    #[param(inline, nullable = false)]
    pub status: Option<NoticeStatus>,
    #[param(inline, nullable = false)]
    pub class: Option<NoticeClass>,
    /// 是否置顶
    #[param(nullable = false)]
    pub pinned: Option<bool>,
    /// `true`: 只看面向本人而未读的
    #[param(nullable = false)]
    pub unread: Option<bool>,
}

/// 未读通知数
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UnreadNoticesOut {
    /// 面向本人、有效而未读的
    #[schema(example = 2, minimum = 0)]
    pub unread: i64,
}

/// 阅读情况: how many, never who
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NoticeReceiptsOut {
    /// 已读人数, of all who may read it
    #[schema(example = 37, minimum = 0)]
    pub readers: i64,
    /// 阅读率: of the accounts that hold a role in its audience today, those who have read it
    pub rate: Ratio,
}
