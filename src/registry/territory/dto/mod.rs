//! What goes over the wire.

mod buildings;
mod compounds;
mod contacts;
mod divisions;
mod grids;
mod modes;
mod pilots;
mod profile;

pub use buildings::*;
pub use compounds::*;
pub use contacts::*;
pub use divisions::*;
pub use grids::*;
pub use modes::*;
pub use pilots::Pilot;
pub use profile::*;

use chrono::NaiveDate;
use platform::http::{check_date, check_not_blank};
use platform::text_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    /// 状态筛选: `open` (default), `closed` or `all`
    Lifecycle {
        Open = "open",
        Closed = "closed",
        All = "all",
    }
}

/// 撤销: closes a row from a day on. Nothing is deleted.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseIn {
    /// 撤销日, the first day on which it is no longer there; today at the latest
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub on: NaiveDate,
    /// 原因
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "并入相邻网格")]
    pub reason: String,
}
