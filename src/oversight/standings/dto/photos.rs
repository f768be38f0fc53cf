//! Photos that show what an entry says.

use platform::db::Ts;
use platform::http::Binary;
use platform::media::MediaKind;
use platform::page;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::ListingPhotoId;
use crate::standings::store::photos::PhotoRow;

/// 上传证据照片: one file a request
#[derive(ToSchema)]
pub struct ListingPhotoIn {
    /// 照片: 每次一个, 其部分名任意 (`wx.uploadFile` 的 `name`), 以 `filename` 识别; 出错时一律记为 `#/file` · One a request. Its part
    /// may have any name (`name` of `wx.uploadFile`), as it is told by its `filename`; faults of it are told at `#/file`
    pub file: Binary,
}

/// The text parts of [`ListingPhotoIn`]: none.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ListingPhotoWords {}

/// 证据照片
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ListingPhotoOut {
    pub id: ListingPhotoId,
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

impl From<PhotoRow> for ListingPhotoOut {
    fn from(row: PhotoRow) -> Self {
        let PhotoRow {
            id,
            listing_id: _,
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
        Self { id, media, bytes, width, height, sha256, created_at }
    }
}

page!(
    /// 证据照片页
    ListingPhotoPage, ListingPhotoOut
);
