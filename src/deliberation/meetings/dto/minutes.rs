use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::page;
use roster::appointments::AppointmentId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::{
    AgendaItemId, AmendmentId, Disposition, MeetingId, MeetingKind, MinutesId, MinutesStatus, SeatId, SignatureKind,
    Standing,
};
use crate::meetings::store::rows::{AmendmentRow, MinutesRow, SignatureRow};

/// 一个议题的记录
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemWords {
    pub item_id: AgendaItemId,
    #[validate(length(min = 1, max = 20000), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 20000)]
    pub words: String,
}

/// 纪要正文
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MinutesBody {
    /// 会议概况
    #[validate(length(min = 1, max = 20000), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 20000, example = "会议由社区居委会主持,四方到会。")]
    pub summary: String,
    /// 各议题的记录, an item once at most
    #[validate(length(max = 200), nested)]
    #[serde(default)]
    #[schema(max_items = 200, example = json!([]))]
    pub items: Vec<ItemWords>,
    /// 公开摘要: what everybody may read; without names, numbers of telephones or of papers
    #[validate(length(min = 1, max = 4000), custom(function = check_not_blank), custom(function = check_public))]
    #[schema(min_length = 1, max_length = 4000, example = "会议通报了三项维修事项,议定两项。")]
    pub public_summary: String,
}

/// A long number may be a telephone's, an identity card's or a bank account's.
fn check_public(words: &str) -> Result<(), ValidationError> {
    if platform::text::holds_long_number(words) { Err(ValidationError::new("personal_data")) } else { Ok(()) }
}

/// 起草纪要; a later version corrects the published one and says why
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MinutesIn {
    #[validate(nested)]
    pub body: MinutesBody,
    /// 更正原因
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub reason: Option<String>,
}

/// 修改草稿: the whole of the body
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MinutesPatch {
    #[validate(nested)]
    pub body: MinutesBody,
}

/// 纪要的一个版本
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MinutesOut {
    pub id: MinutesId,
    pub meeting_id: MeetingId,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    /// 版本号
    #[schema(example = 1, minimum = 1)]
    pub number: i32,
    pub status: MinutesStatus,
    pub body: MinutesBody,
    /// 更正原因
    #[schema(required = true, max_length = 500)]
    pub reason: Option<String>,
    /// 征求意见末日
    #[schema(required = true)]
    pub amend_until: Option<NaiveDate>,
    /// 会签末日
    #[schema(required = true)]
    pub sign_until: Option<NaiveDate>,
    #[schema(max_items = 500)]
    pub amendments: Vec<AmendmentOut>,
    #[schema(max_items = 200)]
    pub signatures: Vec<SignatureOut>,
    /// 内容哈希, SHA-256 of what was published, in canonical JSON
    #[schema(required = true, max_length = 64)]
    pub content_hash: Option<String>,
    #[schema(required = true)]
    pub published_at: Option<Ts>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl MinutesOut {
    pub fn of(row: MinutesRow, amendments: Vec<AmendmentRow>, signatures: Vec<SignatureRow>) -> platform::Result<Self> {
        let body = serde_json::from_value(row.body.0).map_err(platform::Error::internal)?;
        Ok(Self {
            id: row.id,
            meeting_id: row.meeting_id,
            area_code: row.area_code,
            number: row.number,
            status: row.status,
            body,
            reason: row.reason,
            amend_until: row.amend_until,
            sign_until: row.sign_until,
            amendments: amendments.into_iter().map(Into::into).collect(),
            signatures: signatures.into_iter().map(Into::into).collect(),
            content_hash: row.content_hash,
            published_at: row.published_at,
            version: row.version,
            updated_at: row.updated_at,
        })
    }
}

/// 纪要版本, as the list of versions tells of one
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MinutesItem {
    #[schema(example = 1, minimum = 1)]
    pub number: i32,
    pub status: MinutesStatus,
    #[schema(required = true, max_length = 500)]
    pub reason: Option<String>,
    #[schema(required = true, max_length = 64)]
    pub content_hash: Option<String>,
    #[schema(required = true)]
    pub published_at: Option<Ts>,
}

impl From<MinutesRow> for MinutesItem {
    fn from(row: MinutesRow) -> Self {
        Self {
            number: row.number,
            status: row.status,
            reason: row.reason,
            content_hash: row.content_hash,
            published_at: row.published_at,
        }
    }
}

/// 纪要各版本
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MinutesListOut {
    #[schema(max_items = 100)]
    pub items: Vec<MinutesItem>,
}

/// 提出修改意见
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendmentIn {
    /// 所涉议题
    #[schema(nullable = false)]
    pub item_id: Option<AgendaItemId>,
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 2000, example = "第二项的完成时间应为三月底")]
    pub words: String,
}

/// 修改意见
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AmendmentOut {
    pub id: AmendmentId,
    pub seat_id: SeatId,
    #[schema(required = true)]
    pub item_id: Option<AgendaItemId>,
    #[schema(max_length = 2000)]
    pub words: String,
    pub status: Disposition,
    #[schema(required = true, max_length = 1000)]
    pub reply: Option<String>,
    pub raised_at: Ts,
    #[schema(required = true)]
    pub disposed_at: Option<Ts>,
}

impl From<AmendmentRow> for AmendmentOut {
    fn from(row: AmendmentRow) -> Self {
        let AmendmentRow {
            id,
            minutes_id: _,
            seat_id,
            item_id,
            words,
            status,
            reply,
            raised_by: _,
            raised_at,
            disposed_by: _,
            disposed_at,
        } = row;
        Self { id, seat_id, item_id, words, status, reply, raised_at, disposed_at }
    }
}

/// 处理修改意见
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DispositionIn {
    /// 是否采纳
    pub accepted: bool,
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 1000, example = "已按意见改为三月三十一日")]
    pub reply: String,
    /// 采纳后的正文, the whole of it
    #[validate(nested)]
    #[schema(nullable = false)]
    pub body: Option<MinutesBody>,
}

/// 会签
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatureIn {
    /// 保留意见; signed without any where absent
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 1000)]
    pub dissent: Option<String>,
}

/// 会签意见
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SignatureOut {
    pub seat_id: SeatId,
    pub kind: SignatureKind,
    #[schema(required = true, max_length = 1000)]
    pub note: Option<String>,
    #[schema(required = true)]
    pub appointment_id: Option<AppointmentId>,
    pub signed_at: Ts,
}

impl From<SignatureRow> for SignatureOut {
    fn from(row: SignatureRow) -> Self {
        let SignatureRow { minutes_id: _, seat_id, kind, note, appointment_id, signed_by: _, signed_at } = row;
        Self { seat_id, kind, note, appointment_id, signed_at }
    }
}

platform::text_enum! {
    /// 变更
    ChangeKind {
        /// 新增
        Added = "added",
        /// 删除
        Removed = "removed",
        /// 修改
        Changed = "changed",
    }
}

/// 一处变更
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangeOut {
    /// 处: `summary`, `public_summary`, or `items`
    #[schema(example = "items", max_length = 20)]
    pub part: String,
    #[schema(required = true)]
    pub item_id: Option<AgendaItemId>,
    pub change: ChangeKind,
    #[schema(required = true, max_length = 20000)]
    pub before: Option<String>,
    #[schema(required = true, max_length = 20000)]
    pub after: Option<String>,
}

/// 两个版本的差异
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DiffOut {
    #[schema(minimum = 1)]
    pub from: i32,
    #[schema(minimum = 1)]
    pub to: i32,
    #[schema(max_items = 402)]
    pub changes: Vec<ChangeOut>,
}

#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DiffQuery {
    /// 对照的版本号; the one before where absent
    #[validate(range(min = 1))]
    #[param(nullable = false, minimum = 1)]
    pub against: Option<i32>,
}

/// 存证: whether published minutes are still what was published. Anybody may ask; nothing of the content is in it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProofOut {
    pub meeting_id: MeetingId,
    #[schema(minimum = 1)]
    pub number: i32,
    pub published_at: Ts,
    /// 发布时的内容哈希, as the hash-chained history has it
    #[schema(required = true, max_length = 64)]
    pub recorded_hash: Option<String>,
    /// 现存内容的哈希
    #[schema(max_length = 64)]
    pub content_hash: String,
    /// 公开版的哈希, as the history has it and as it is now
    #[schema(required = true, max_length = 64)]
    pub recorded_public_hash: Option<String>,
    #[schema(max_length = 64)]
    pub public_hash: String,
    /// 历史链是否完整
    pub chain_intact: bool,
    /// 是否与发布时一致
    pub intact: bool,
}

/// 公开的会议纪要: no person is in it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PublicMinutesOut {
    pub meeting_id: MeetingId,
    #[schema(minimum = 1)]
    pub number: i32,
    pub kind: MeetingKind,
    #[schema(max_length = 29)]
    pub area_code: String,
    pub standing: Standing,
    pub held_on: NaiveDate,
    pub published_at: Ts,
    /// 公开版全文, as it was published
    #[schema(value_type = Object)]
    pub content: Value,
    #[schema(max_length = 64)]
    pub public_hash: String,
    /// Whether the content still has that hash
    pub intact: bool,
}

page!(
    /// 公开纪要页
    PublicMinutesPage, PublicMinutesOut
);

/// 公开纪要筛选
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublicMinutesQuery {
    /// 区域; a community or what lies in it
    #[param(example = "620902005003")]
    pub area: AreaCode,
}
