//! Photos and files of a case.

use platform::db::Ts;
use platform::history::ActorId;
use platform::http::{Binary, check_not_blank};
use platform::media::MediaKind;
use platform::{id, page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::cases::store::files::{FileRow, SeenByResident};

id!(
    /// 文件编号
    FileId
);

text_enum! {
    /// 文件用途
    FilePurpose {
        /// 报事
        Report = "report",
        /// 处理前
        Before = "before",
        /// 处理后
        After = "after",
        /// 回访
        Visit = "visit",
    }
}

/// 上传文件: one file a request
#[derive(ToSchema)]
pub struct FileIn {
    /// 文件: 每次一个, 其部分名任意 (`wx.uploadFile` 的 `name`), 以 `filename` 识别; 出错时一律记为 `#/file` · One a request. Its part
    /// may have any name (`name` of `wx.uploadFile`), as it is told by its `filename`; faults of it are told at `#/file`
    pub file: Binary,
    pub purpose: FilePurpose,
}

/// The text part of [`FileIn`].
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct FileWords {
    pub purpose: FilePurpose,
}

/// 上传报事照片: one file a request
#[derive(ToSchema)]
pub struct MyFileIn {
    /// 文件: 每次一个, 其部分名任意 (`wx.uploadFile` 的 `name`), 以 `filename` 识别; 出错时一律记为 `#/file` · One a request. Its part
    /// may have any name (`name` of `wx.uploadFile`), as it is told by its `filename`; faults of it are told at `#/file`
    pub file: Binary,
}

/// The text parts of [`MyFileIn`]: none.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct NoWords {}

/// 删除文件: what it shows must not be shown
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveFileIn {
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "照片中有他人面部", min_length = 1, max_length = 200)]
    pub reason: String,
}

/// 事件的文件, for who works on the case
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseFileOut {
    pub id: FileId,
    pub purpose: FilePurpose,
    /// 保存的格式
    pub media: MediaKind,
    /// 字节数
    #[schema(example = 412_730, minimum = 1)]
    pub bytes: i32,
    /// 宽, of a picture
    #[schema(required = true, example = 2048, minimum = 1, maximum = 2048)]
    pub width: Option<i32>,
    /// 高, of a picture
    #[schema(required = true, example = 1536, minimum = 1, maximum = 2048)]
    pub height: Option<i32>,
    /// SHA-256 of the bytes
    #[schema(example = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", max_length = 64)]
    pub sha256: String,
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub round: i32,
    /// 是否由报事人上传
    pub by_reporter: bool,
    /// 上传人; `null` for the reporter, who is nobody by name here
    #[schema(required = true, value_type = Option<Uuid>)]
    pub added_by: Option<ActorId>,
    pub created_at: Ts,
    /// 删除时间: the bytes are gone since
    #[schema(required = true)]
    pub removed_at: Option<Ts>,
    /// 删除原因
    #[schema(required = true, max_length = 200)]
    pub remove_reason: Option<String>,
}

impl From<FileRow> for CaseFileOut {
    fn from(row: FileRow) -> Self {
        Self {
            id: row.id,
            purpose: row.purpose,
            media: row.media,
            bytes: row.bytes,
            width: row.width,
            height: row.height,
            sha256: row.sha256,
            round: row.round,
            by_reporter: row.by_reporter,
            added_by: row.added_by,
            created_at: row.created_at,
            removed_at: row.removed_at,
            remove_reason: row.remove_reason,
        }
    }
}

page!(
    /// 事件文件页
    CaseFilePage, CaseFileOut
);

/// 我的事件的文件, as its reporter and those who joined it see it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MyCaseFileOut {
    pub id: FileId,
    pub purpose: FilePurpose,
    pub media: MediaKind,
    #[schema(example = 412_730, minimum = 1)]
    pub bytes: i32,
    #[schema(required = true, example = 2048, minimum = 1, maximum = 2048)]
    pub width: Option<i32>,
    #[schema(required = true, example = 1536, minimum = 1, maximum = 2048)]
    pub height: Option<i32>,
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub round: i32,
    /// 是否由报事人上传
    pub by_reporter: bool,
    pub created_at: Ts,
}

impl From<SeenByResident> for MyCaseFileOut {
    fn from(SeenByResident(row): SeenByResident) -> Self {
        Self {
            id: row.id,
            purpose: row.purpose,
            media: row.media,
            bytes: row.bytes,
            width: row.width,
            height: row.height,
            round: row.round,
            by_reporter: row.by_reporter,
            created_at: row.created_at,
        }
    }
}

page!(
    /// 我的事件文件页
    MyCaseFilePage, MyCaseFileOut
);
