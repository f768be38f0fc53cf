use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::history::ActorId;
use platform::http::{check_date, check_not_blank};
use platform::{id, page, text_enum};
use registry::territory::dto::{CompoundId, RoomId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::PersonId;
use crate::people::rules::check_phone;
use crate::people::store::residencies::{ResidencyRow, Resident};

id!(
    /// 居住关系编号
    ResidencyId
);

text_enum! {
    /// 居住关系种类
    ResidencyKind {
        /// 业主
        Owner = "owner",
        /// 共有人
        CoOwner = "co_owner",
        /// 租户
        Tenant = "tenant",
        /// 家庭成员
        Family = "family",
    }
}

impl ResidencyKind {
    pub fn is_owner(self) -> bool {
        matches!(self, Self::Owner | Self::CoOwner)
    }
}

text_enum! {
    /// 居住关系状态
    ResidencyStatus {
        /// 待核实
        Applied = "applied",
        /// 已核实
        Verified = "verified",
        /// 已驳回
        Rejected = "rejected",
        /// 已撤回
        Withdrawn = "withdrawn",
        /// 已终止
        Ended = "ended",
    }
}

text_enum! {
    /// 证明材料
    ProofKind {
        /// 不动产权证
        Deed = "deed",
        /// 购房合同
        PurchaseContract = "purchase_contract",
        /// 法院裁判
        CourtRuling = "court_ruling",
        /// 继承公证
        Inheritance = "inheritance",
        /// 租赁合同
        Lease = "lease",
        /// 户口簿
        HouseholdRegister = "household_register",
    }
}

text_enum! {
    /// 依据提供方
    GivenAs {
        /// 社区
        Community = "community",
        /// 业主委员会
        OwnersCommittee = "owners_committee",
    }
}

text_enum! {
    /// 终止原因
    ResidencyEndReason {
        /// 出售
        Sold = "sold",
        /// 搬离
        MovedOut = "moved_out",
        /// 租期届满
        LeaseEnded = "lease_ended",
        /// 去世
        Deceased = "deceased",
        /// 登记有误
        Mistaken = "mistaken",
        /// 人员记录关闭
        PersonClosed = "person_closed",
        /// 房屋撤销
        RoomClosed = "room_closed",
    }
}

/// 居住关系: who lives in or owns which room
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ResidencyOut {
    pub id: ResidencyId,
    pub person_id: PersonId,
    #[schema(example = "测试·张明", max_length = 40)]
    pub person_name: String,
    #[schema(required = true, example = "199****1234", max_length = 20)]
    pub phone_masked: Option<String>,
    #[schema(value_type = Uuid)]
    pub room_id: RoomId,
    #[schema(value_type = Uuid)]
    pub compound_id: CompoundId,
    /// 房屋代码
    #[schema(example = "620902005003-0001-001-01-0001", max_length = 29)]
    pub area_code: String,
    pub kind: ResidencyKind,
    pub status: ResidencyStatus,
    /// 本人申报
    pub self_claimed: bool,
    /// 起始日
    pub valid_from: NaiveDate,
    #[schema(required = true)]
    pub document_kind: Option<ProofKind>,
    /// 材料编号
    #[schema(required = true, example = "甘(2020)肃州区不动产权第0001号", max_length = 100)]
    pub document_ref: Option<String>,
    /// 查验材料的人
    #[schema(required = true, value_type = Option<Uuid>)]
    pub checked_by: Option<ActorId>,
    #[schema(required = true)]
    pub checked_as: Option<GivenAs>,
    /// 确认的人
    #[schema(required = true, value_type = Option<Uuid>)]
    pub confirmed_by: Option<ActorId>,
    #[schema(required = true)]
    pub confirmed_as: Option<GivenAs>,
    /// 驳回理由
    #[schema(required = true, max_length = 200)]
    pub reject_reason: Option<String>,
    /// 终止日, the first day on which it holds no more
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(required = true)]
    pub end_reason: Option<ResidencyEndReason>,
    pub created_at: Ts,
    pub updated_at: Ts,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl From<Resident> for ResidencyOut {
    fn from(resident: Resident) -> Self {
        let (row, person_name, phone_masked) = resident;
        let ResidencyRow {
            id,
            person_id,
            room_id,
            compound_id,
            area_code,
            kind,
            status,
            self_claimed,
            filed_by: _,
            valid_from,
            document_kind,
            document_ref,
            checked_by,
            checked_at: _,
            checked_as,
            confirmed_by,
            confirmed_at: _,
            confirmed_as,
            confirm_note: _,
            decided_by: _,
            reject_reason,
            ended_on,
            end_reason,
            grant_id: _,
            version,
            created_at,
            updated_at,
        } = row;
        Self {
            id,
            person_id,
            person_name,
            phone_masked,
            room_id,
            compound_id,
            area_code,
            kind,
            status,
            self_claimed,
            valid_from,
            document_kind,
            document_ref,
            checked_by,
            checked_as,
            confirmed_by,
            confirmed_as,
            reject_reason,
            ended_on,
            end_reason,
            created_at,
            updated_at,
            version,
        }
    }
}

page!(
    /// 居住关系页
    ResidencyPage, ResidencyOut
);

/// 证明材料: what it is and how it can be found
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofIn {
    pub kind: ProofKind,
    #[validate(length(min = 1, max = 100), custom(function = check_not_blank))]
    #[schema(example = "甘(2020)肃州区不动产权第0001号", min_length = 1, max_length = 100)]
    pub reference: String,
}

/// 登记居住关系, by staff
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResidencyIn {
    pub person_id: PersonId,
    #[schema(value_type = Uuid)]
    pub room_id: RoomId,
    pub kind: ResidencyKind,
    /// 起始日
    #[validate(custom(function = check_date))]
    #[schema(example = "2020-06-01")]
    pub since: NaiveDate,
    #[validate(nested)]
    #[schema(nullable = false)]
    pub document: Option<ProofIn>,
}

/// 本人申报居住关系; name and phone make the person's record where there is none yet
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MyResidencyIn {
    /// 房屋代码, as on the door plate
    #[schema(value_type = String, example = "620902005003-0001-001-01-0001", max_length = 29)]
    pub room_code: AreaCode,
    pub kind: ResidencyKind,
    /// 起始日
    #[validate(custom(function = check_date))]
    #[schema(example = "2020-06-01")]
    pub since: NaiveDate,
    #[validate(nested)]
    #[schema(nullable = false)]
    pub document: Option<ProofIn>,
    #[validate(length(min = 1, max = 40), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "测试·张明", min_length = 1, max_length = 40)]
    pub name: Option<String>,
    #[validate(length(min = 1, max = 30), custom(function = check_phone))]
    #[schema(nullable = false, example = "19909371234", min_length = 1, max_length = 30)]
    pub phone: Option<String>,
}

/// 确认: the one who knows the resident says so
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResidencyConfirmIn {
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "入户走访核实", min_length = 1, max_length = 200)]
    pub note: String,
}

/// 驳回: with the reason that the claimant reads
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResidencyRejectIn {
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "材料与登记不符", min_length = 1, max_length = 200)]
    pub reason: String,
}

/// 终止居住关系
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResidencyEndIn {
    /// 终止日, the first day on which it holds no more
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub on: NaiveDate,
    pub reason: ResidencyEndReason,
}

/// 居住关系筛选
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResidencyQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub person_id: Option<PersonId>,
    #[param(inline, nullable = false)]
    pub kind: Option<ResidencyKind>,
    #[param(inline, nullable = false)]
    pub status: Option<ResidencyStatus>,
}

/// 户内成员
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HouseholdMember {
    pub residency_id: ResidencyId,
    pub person_id: PersonId,
    #[schema(example = "测试·张明", max_length = 40)]
    pub name: String,
    #[schema(required = true, example = "199****1234", max_length = 20)]
    pub phone_masked: Option<String>,
    pub kind: ResidencyKind,
    pub since: NaiveDate,
}

/// 户: whose residency of a room is verified, owners first
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HouseholdOut {
    #[schema(value_type = Uuid)]
    pub room_id: RoomId,
    #[schema(example = "620902005003-0001-001-01-0001", max_length = 29)]
    pub area_code: String,
    #[schema(max_items = 100)]
    pub members: Vec<HouseholdMember>,
}

impl From<Resident> for HouseholdMember {
    fn from((row, name, phone_masked): Resident) -> Self {
        Self {
            residency_id: row.id,
            person_id: row.person_id,
            name,
            phone_masked,
            kind: row.kind,
            since: row.valid_from,
        }
    }
}
