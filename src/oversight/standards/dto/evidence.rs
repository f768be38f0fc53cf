//! Pictures that an item of a check rests on.

use platform::db::Ts;
use platform::http::{Binary, check_not_blank};
use platform::media::MediaKind;
use platform::page;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::CheckEvidenceId;
use crate::standards::store::evidence::EvidenceRow;

/// 上传佐证照片: one file a request, and the item that it is for
#[derive(ToSchema)]
pub struct CheckEvidenceIn {
    /// 照片: 每次一个, 其部分名任意 (`wx.uploadFile` 的 `name`), 以 `filename` 识别; 出错时一律记为 `#/file` · One a request. Its part
    /// may have any name (`name` of `wx.uploadFile`), as it is told by its `filename`; faults of it are told at `#/file`
    pub file: Binary,
    /// 清单项编号
    #[schema(example = "S01", min_length = 1, max_length = 20)]
    pub item_code: String,
}

/// The text parts of [`CheckEvidenceIn`].
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct EvidenceWords {
    #[validate(length(min = 1, max = 20), custom(function = check_not_blank))]
    pub item_code: String,
}

/// 删除照片: what it shows must not be shown
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRemovalIn {
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "照片中有他人面部", min_length = 1, max_length = 200)]
    pub reason: String,
}

/// 佐证照片
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckEvidenceOut {
    pub id: CheckEvidenceId,
    /// 清单项编号
    #[schema(max_length = 20)]
    pub item_code: String,
    /// 保存的格式
    pub media: MediaKind,
    #[schema(example = 412_730, minimum = 1)]
    pub bytes: i32,
    #[schema(required = true, example = 2048, minimum = 1, maximum = 2048)]
    pub width: Option<i32>,
    #[schema(required = true, example = 1536, minimum = 1, maximum = 2048)]
    pub height: Option<i32>,
    /// SHA-256 of the bytes
    #[schema(example = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", max_length = 64)]
    pub sha256: String,
    pub created_at: Ts,
    /// 删除时间: the bytes are gone since
    #[schema(required = true)]
    pub removed_at: Option<Ts>,
    #[schema(required = true, max_length = 200)]
    pub remove_reason: Option<String>,
}

impl From<(EvidenceRow, String)> for CheckEvidenceOut {
    fn from((row, item_code): (EvidenceRow, String)) -> Self {
        let EvidenceRow {
            id,
            run_id: _,
            item_id: _,
            media,
            storage_key: _,
            thumbnail_key: _,
            bytes,
            width,
            height,
            sha256,
            added_by: _,
            removed_at,
            removed_by: _,
            remove_reason,
            created_at,
        } = row;
        Self { id, item_code, media, bytes, width, height, sha256, created_at, removed_at, remove_reason }
    }
}

page!(
    /// 佐证照片页
    CheckEvidencePage, CheckEvidenceOut
);
