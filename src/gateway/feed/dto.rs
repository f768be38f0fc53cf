//! What goes over the wire.

use platform::db::Ts;
use platform::screen::ScreenRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::rules::Thin;

/// 事件: that something happened to what, where and when; what it says is read there
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeedEventOut {
    /// 位置: opaque; texts are in the order of the feed
    #[schema(example = "00000000000002f1-000000000000002a", max_length = 33)]
    pub position: String,
    /// 事件
    #[schema(example = "compound.mode_confirmed", max_length = 80)]
    pub event: String,
    /// 对象种类
    #[schema(example = "compound", max_length = 40)]
    pub entity: String,
    /// 对象编号: its id or code
    #[schema(example = "019b0000-0000-7000-8000-000000000001", max_length = 40)]
    pub entity_id: String,
    /// 发生时的区域代码
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    /// 时间
    pub at: Ts,
}

impl From<&Thin> for FeedEventOut {
    fn from(thin: &Thin) -> Self {
        let Thin { position, event, entity, entity_id, area_code, at } = thin.clone();
        Self { position: position.to_string(), event, entity, entity_id, area_code, at }
    }
}

/// 一段事件: what came behind a position
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FeedPage {
    #[schema(max_items = 100)]
    pub items: Vec<FeedEventOut>,
    /// 下次从这里继续: to be sent as `after`
    #[schema(example = "00000000000002f1-000000000000002a", max_length = 33)]
    pub next: String,
    /// 是否还有: ask again at once
    pub has_more: bool,
    /// 须重新读取: what came behind `after` is no longer kept; read anew what you show, then go on from `next`
    pub reset: bool,
}

/// Which events.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FeedQuery {
    /// 从此位置之后; `0` from the oldest that is kept; from now on where it is not given
    #[param(max_length = 33, nullable = false)]
    #[validate(length(max = 33))]
    pub after: Option<String>,
    /// 最多条数, 1–100
    #[param(minimum = 1, maximum = 100, default = 100, nullable = false)]
    #[validate(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// 没有事件时最多等待的秒数, 0–25
    #[param(minimum = 0, maximum = 25, default = 0, nullable = false)]
    #[validate(range(max = 25))]
    pub wait: Option<u32>,
}

/// Where a stream goes on.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StreamQuery {
    /// 从此位置之后, where the header `Last-Event-ID` cannot be sent; the header comes first
    #[param(max_length = 33, nullable = false)]
    #[validate(length(max = 33))]
    pub last_event_id: Option<String>,
}

/// 大屏条目: nothing of a person, no text that somebody typed
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ScreenItemOut {
    /// 时间
    pub at: Ts,
    /// 种类
    #[schema(example = "case.opened", max_length = 80)]
    pub kind: String,
    /// 名称
    #[schema(example = "路灯不亮", max_length = 60)]
    pub label_zh: String,
    /// Name
    #[schema(example = "Street light out", max_length = 60)]
    pub label_en: String,
    /// 地点: the compound, and the building's number at most
    #[schema(example = "康盛花园 3号楼", max_length = 60)]
    pub place: String,
    /// 状态
    #[schema(example = "open", max_length = 40)]
    pub status: String,
}

impl From<ScreenRow> for ScreenItemOut {
    fn from(row: ScreenRow) -> Self {
        let ScreenRow { position: _, at, kind, label_zh, label_en, place, status } = row;
        Self { at, kind, label_zh, label_en, place, status }
    }
}

/// 大屏: what a community's screens show, the newest first
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ScreenOut {
    #[schema(max_items = 50)]
    pub items: Vec<ScreenItemOut>,
}

/// How much of it.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ScreenQuery {
    /// 最多条数, 1–50
    #[param(minimum = 1, maximum = 50, default = 20, nullable = false)]
    #[validate(range(min = 1, max = 50))]
    pub limit: Option<u32>,
}
