//! What goes over the wire.

mod clocks;
mod committees;
mod contracts;
mod coverage;
mod details;
mod figures;
mod kinds;
mod links;
mod organisations;
mod partnerships;
mod post_areas;

pub use clocks::*;
pub use committees::*;
pub use contracts::*;
pub use coverage::*;
pub use details::*;
pub use figures::*;
pub use kinds::*;
pub use links::*;
pub use organisations::*;
pub use partnerships::*;
pub use post_areas::*;

use chrono::NaiveDate;
use platform::http::{check_date, check_not_blank};
use platform::text_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    /// 状态筛选: `open` (default), `ended` or `all`
    OpenFilter {
        Open = "open",
        Ended = "ended",
        All = "all",
    }
}

/// 结束: from a day on, with the reason. Nothing is deleted.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndLinkIn {
    /// 末日, today at the latest
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub on: NaiveDate,
    /// 原因
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "工作调整")]
    pub reason: String,
}

/// 意见
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractNoteIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "材料齐全")]
    pub note: String,
}
