use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::{id, page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    AccessOut, CheckinOut, ConsentOut, Gender, PartyStageOut, PartyStatus, PersonId, ResidencyOut, Skill, skills_of,
};
use crate::people::store::persons::PersonRow;
use crate::people::store::requests::RequestRow;

id!(
    /// 个人信息请求编号
    DataRequestId
);

text_enum! {
    /// 请求种类 (个人信息保护法 45–47)
    DataRequestKind {
        /// 更正
        Correction = "correction",
        /// 删除
        Deletion = "deletion",
        /// 复制
        Copy = "copy",
    }
}

text_enum! {
    /// 请求状态
    DataRequestStatus {
        /// 待答复
        Open = "open",
        /// 已同意
        Granted = "granted",
        /// 已拒绝
        Refused = "refused",
    }
}

text_enum! {
    /// 答复
    DataDecision {
        /// 同意
        Granted = "granted",
        /// 拒绝
        Refused = "refused",
    }
}

/// 我的人员记录, in clear: only its subject reads this
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OwnPersonOut {
    pub id: PersonId,
    #[schema(example = "620902005003", max_length = 17)]
    pub area_code: String,
    #[schema(example = "测试·张明", max_length = 40)]
    pub name: String,
    #[schema(required = true, example = "19909371234", max_length = 30)]
    pub phone: Option<String>,
    #[schema(required = true)]
    pub gender: Option<Gender>,
    #[schema(required = true, minimum = 1900, maximum = 2100)]
    pub birth_year: Option<i32>,
    pub party_status: PartyStatus,
    pub veteran: bool,
    pub retired: bool,
    pub cadre: bool,
    #[schema(max_items = 20)]
    pub skills: Vec<Skill>,
    pub self_registered: bool,
    #[schema(required = true)]
    pub closed_on: Option<NaiveDate>,
    pub created_at: Ts,
    pub updated_at: Ts,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl OwnPersonOut {
    pub(in crate::people) fn of(row: PersonRow, phone: Option<String>) -> Self {
        Self {
            id: row.id,
            skills: skills_of(&row),
            area_code: row.area_code,
            name: row.name,
            phone,
            gender: row.gender,
            birth_year: row.birth_year,
            party_status: row.party_status,
            veteran: row.veteran,
            retired: row.retired,
            cadre: row.cadre,
            self_registered: row.self_registered,
            closed_on: row.closed_on,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

/// 我的全部信息: everything that people holds about the caller (PIPL 45)
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MyDataOut {
    pub as_of: Ts,
    pub person: OwnPersonOut,
    #[schema(max_items = 1000)]
    pub residencies: Vec<ResidencyOut>,
    #[schema(max_items = 1000)]
    pub consents: Vec<ConsentOut>,
    #[schema(max_items = 5)]
    pub party_stages: Vec<PartyStageOut>,
    #[schema(max_items = 1000)]
    pub checkins: Vec<CheckinOut>,
    #[schema(max_items = 1000)]
    pub requests: Vec<DataRequestOut>,
    /// 最近的查看留痕; all of them by `list_my_accesses`
    #[schema(max_items = 1000)]
    pub accesses: Vec<AccessOut>,
}

/// 个人信息请求
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DataRequestIn {
    pub kind: DataRequestKind,
    /// 请求内容
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(example = "出生年份登记有误, 请更正", min_length = 1, max_length = 1000)]
    pub text: String,
}

/// 答复请求, with the reason that the person reads (PIPL 50)
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DataAnswerIn {
    pub decision: DataDecision,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "已按不动产登记更正", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 个人信息请求与答复
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DataRequestOut {
    pub id: DataRequestId,
    pub person_id: PersonId,
    #[schema(example = "620902005003", max_length = 17)]
    pub area_code: String,
    pub kind: DataRequestKind,
    #[schema(max_length = 1000)]
    pub text: String,
    pub status: DataRequestStatus,
    /// 答复期限: fifteen working days after filing, by the calendar in force
    pub due_on: NaiveDate,
    /// 答复理由
    #[schema(required = true, max_length = 500)]
    pub reason: Option<String>,
    pub filed_at: Ts,
    #[schema(required = true)]
    pub decided_at: Option<Ts>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl From<RequestRow> for DataRequestOut {
    fn from(row: RequestRow) -> Self {
        let RequestRow {
            id,
            person_id,
            area_code,
            kind,
            wish,
            status,
            due_on,
            filed_by: _,
            filed_at,
            decided_by: _,
            decided_at,
            reason,
            version,
        } = row;
        Self { id, person_id, area_code, kind, text: wish, status, due_on, reason, filed_at, decided_at, version }
    }
}

page!(
    /// 个人信息请求页
    DataRequestPage, DataRequestOut
);

/// 请求筛选
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DataRequestQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<DataRequestKind>,
    #[param(inline, nullable = false)]
    pub status: Option<DataRequestStatus>,
}
