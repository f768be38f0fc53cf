use platform::db::Ts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::store::desk::Queue;

/// 一个队列
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QueueOut {
    pub queue: Queue,
    #[schema(example = 7, minimum = 0, maximum = 1_000_000)]
    pub count: i64,
}

/// 工作台
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeskOut {
    pub as_of: Ts,
    #[schema(max_items = 20)]
    pub queues: Vec<QueueOut>,
}

impl DeskOut {
    pub fn of(as_of: Ts, counts: Vec<(Queue, i64)>) -> Self {
        Self { as_of, queues: counts.into_iter().map(|(queue, count)| QueueOut { queue, count }).collect() }
    }
}
