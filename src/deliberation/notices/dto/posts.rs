use delivery::cases::dto::{CaseId, CaseKind, Urgency};
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::history::ActorId;
use platform::http::check_not_blank;
use platform::page;
use platform::quantity::Ratio;
use platform::text::mask_name;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    AllianceGroupId, AllianceParty, AlliancePostId, AlliancePostKind, HideReason, ModerationAction, ModerationId,
};
use crate::notices::store::moderation::ModerationRow;
use crate::notices::store::posts::{PostRow, Told};

/// 群内发言
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlliancePostIn {
    pub kind: AlliancePostKind,
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(example = "3号楼二楼与三楼之间管道漏水。", min_length = 1, max_length = 2000)]
    pub body: String,
    /// 所回复的发言, of a reply
    #[schema(nullable = false)]
    pub parent_id: Option<AlliancePostId>,
    /// 置顶, of a notice
    #[schema(nullable = false)]
    pub pinned: Option<bool>,
    /// 失效时间, of a notice
    #[schema(nullable = false)]
    pub expires_at: Option<Ts>,
}

/// 群内发言, as the group reads it: by which party and whom, masked
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AlliancePostOut {
    pub id: AlliancePostId,
    pub group_id: AllianceGroupId,
    pub kind: AlliancePostKind,
    #[schema(required = true)]
    pub parent_id: Option<AlliancePostId>,
    pub party: AllianceParty,
    /// 发言人, masked
    #[schema(example = "王*", max_length = 10)]
    pub author: String,
    /// 是否本人
    pub own: bool,
    #[schema(max_length = 2000)]
    pub body: String,
    pub pinned: bool,
    #[schema(required = true)]
    pub expires_at: Option<Ts>,
    /// 是否已失效
    pub expired: bool,
    /// 是否已转为事件
    pub is_case: bool,
    /// 事件编号: for the community and for the author
    #[schema(required = true)]
    pub case_id: Option<CaseId>,
    /// 隐藏时间: only those who moderate see what is hidden
    #[schema(required = true)]
    pub hidden_at: Option<Ts>,
    #[schema(required = true)]
    pub hide_reason: Option<HideReason>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub created_at: Ts,
}

impl From<Told> for AlliancePostOut {
    fn from(Told { row, author, own, by_community, expired }: Told) -> Self {
        let in_hand = row.case();
        let PostRow {
            id,
            group_id,
            area_code: _,
            parent_id,
            kind,
            party,
            author_id: _,
            body,
            pinned,
            expires_at,
            case_id: _,
            linked_case_id: _,
            hidden_at,
            hide_reason,
            version,
            created_at,
            updated_at: _,
        } = row;
        Self {
            id,
            group_id,
            kind,
            parent_id,
            party,
            author: mask_name(&author),
            own,
            body,
            pinned,
            expires_at,
            expired,
            is_case: in_hand.is_some(),
            case_id: in_hand.filter(|_| own || by_community),
            hidden_at,
            hide_reason,
            version,
            created_at,
        }
    }
}

page!(
    /// 群内发言页
    AlliancePostPage, AlliancePostOut
);

/// 群内发言筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AlliancePostQuery {
    #[param(inline, nullable = false)]
    pub kind: Option<AlliancePostKind>,
    /// 某条发言的回复
    #[param(nullable = false)]
    pub parent_id: Option<AlliancePostId>,
    /// 是否置顶
    #[param(nullable = false)]
    pub pinned: Option<bool>,
}

/// 隐藏发言
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HidePostIn {
    pub reason: HideReason,
    /// 说明, kept in the log
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "发言中有他人电话号码", min_length = 1, max_length = 500)]
    pub note: String,
}

/// 恢复发言
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnhidePostIn {
    /// 说明, kept in the log
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "经核实并非他人信息", min_length = 1, max_length = 500)]
    pub note: String,
}

/// 管理记录
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ModerationOut {
    pub id: ModerationId,
    pub post_id: AlliancePostId,
    pub action: ModerationAction,
    #[schema(required = true)]
    pub reason: Option<HideReason>,
    #[schema(max_length = 500)]
    pub note: String,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub moderator_id: Option<ActorId>,
    pub at: Ts,
}

impl From<ModerationRow> for ModerationOut {
    fn from(row: ModerationRow) -> Self {
        let ModerationRow { id, group_id: _, post_id, action, reason, note, moderator_id, at } = row;
        Self { id, post_id, action, reason, note, moderator_id, at }
    }
}

page!(
    /// 管理记录页
    ModerationPage, ModerationOut
);

/// 群内报事转为事件: its words are the post's, its reporter is who wrote it
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseFromPostIn {
    pub kind: CaseKind,
    /// 分类, of the dictionary in force at the place
    #[validate(length(min = 1, max = 40))]
    #[schema(example = "pipe_leak", min_length = 1, max_length = 40)]
    pub category: String,
    /// 地点, inside the group's; the group's own where absent
    #[schema(nullable = false, value_type = Option<String>, example = "620902005003-0001-001", max_length = 29)]
    pub area_code: Option<AreaCode>,
    /// 标题; the first line of the post where absent
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "管道漏水", min_length = 1, max_length = 60)]
    pub title: Option<String>,
    #[schema(nullable = false)]
    pub urgency: Option<Urgency>,
    /// 分类要求的附加项
    #[serde(default)]
    #[schema(nullable = false, value_type = Option<Object>, example = json!({ "floor": 2, "indoors": false }))]
    pub fields: Option<Map<String, Value>>,
}

/// 并入已有事件: the case that another report has become already
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkPostIn {
    pub case_id: CaseId,
}

/// 某类发言条数
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostCount {
    pub kind: AlliancePostKind,
    #[schema(example = 12, minimum = 0)]
    pub posts: i64,
}

/// 联盟群统计: what is shown in the group, counted as it is asked
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostFiguresOut {
    /// 各类发言条数, every kind
    #[schema(max_items = 10)]
    pub posts: Vec<PostCount>,
    /// 报事转化率: problems that are a case, or linked to one, of all problems
    pub conversion: Ratio,
}
