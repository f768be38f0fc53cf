//! Files that a claim rests on.

use platform::db::Ts;
use platform::http::{Binary, check_not_blank};
use platform::media::MediaKind;
use platform::page;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::RatingClaimFileId;
use crate::ratings::store::claim_files::ClaimFileRow;

/// 上传佐证材料: one file a request, and the indicator that it is for
#[derive(ToSchema)]
pub struct RatingClaimFileIn {
    /// 照片或 PDF: 每次一个, 其部分名任意 (`wx.uploadFile` 的 `name`), 以 `filename` 识别; 出错时一律记为 `#/file` · One a request. Its part
    /// may have any name (`name` of `wx.uploadFile`), as it is told by its `filename`; faults of it are told at `#/file`
    pub file: Binary,
    /// 指标代码
    #[schema(example = "FW-01", min_length = 1, max_length = 20)]
    pub indicator_code: String,
}

/// The text parts of [`RatingClaimFileIn`].
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ClaimFileWords {
    #[validate(length(min = 1, max = 20), custom(function = check_not_blank))]
    pub indicator_code: String,
}

/// 佐证材料
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingClaimFileOut {
    pub id: RatingClaimFileId,
    /// 指标代码
    #[schema(max_length = 20)]
    pub indicator_code: String,
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
}

impl From<ClaimFileRow> for RatingClaimFileOut {
    fn from(row: ClaimFileRow) -> Self {
        let ClaimFileRow {
            id,
            claim_id: _,
            indicator_code,
            media,
            storage_key: _,
            thumbnail_key: _,
            bytes,
            width,
            height,
            sha256,
            added_by: _,
            created_at,
        } = row;
        Self { id, indicator_code, media, bytes, width, height, sha256, created_at }
    }
}

page!(
    /// 佐证材料页
    RatingClaimFilePage, RatingClaimFileOut
);
