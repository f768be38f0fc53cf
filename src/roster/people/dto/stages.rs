use chrono::NaiveDate;
use platform::db::Ts;
use platform::history::ActorId;
use platform::http::check_date;
use platform::{id, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{PartyStatus, PersonId};
use crate::people::store::stages::StageRow;

id!(
    /// 发展阶段记录编号
    StageId
);

text_enum! {
    /// 发展党员阶段, in order
    PartyStage {
        /// 入党申请人
        Applicant = "applicant",
        /// 入党积极分子
        Activist = "activist",
        /// 发展对象
        DevelopmentObject = "development_object",
        /// 预备党员
        Probationary = "probationary",
        /// 正式党员
        Formal = "formal",
    }
}

/// 一个阶段
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({ "stage": "probationary", "on": "2023-07-01",
    "recorded_by": "019b0000-0000-7000-8000-000000000001", "recorded_at": "2023-07-02T01:00:00Z" }))]
pub struct PartyStageOut {
    pub stage: PartyStage,
    pub on: NaiveDate,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub recorded_by: Option<ActorId>,
    pub recorded_at: Ts,
}

impl From<StageRow> for PartyStageOut {
    fn from(row: StageRow) -> Self {
        let StageRow { id: _, person_id: _, stage, reached_on, recorded_by, created_at } = row;
        Self { stage, on: reached_on, recorded_by, recorded_at: created_at }
    }
}

/// 发展党员记录, restricted
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PartyStagesOut {
    pub person_id: PersonId,
    pub party_status: PartyStatus,
    /// 已记录的阶段, in order
    #[schema(max_items = 5)]
    pub stages: Vec<PartyStageOut>,
    /// The person's version, for recording the next
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

/// 记录下一阶段
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyStageIn {
    pub stage: PartyStage,
    #[validate(custom(function = check_date))]
    #[schema(example = "2023-07-01")]
    pub on: NaiveDate,
}
