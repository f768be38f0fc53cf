use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::history::ActorId;
use platform::http::{check_date, check_not_blank};
use platform::quantity::Fen;
use platform::{http, id, page, text_enum};
use registry::territory::dto::CompoundId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::OrganisationId;
use crate::organisations::rules::contract::{Term, term_state};
use crate::organisations::store::contracts::ContractRow;

id!(
    /// 物业服务合同编号
    ContractId
);

text_enum! {
    /// 合同期限种类
    TermKind {
        /// 定期
        Fixed = "fixed",
        /// 不定期
        Indefinite = "indefinite",
    }
}

text_enum! {
    /// 合同状态
    ContractStatus {
        /// 草稿
        Draft = "draft",
        /// 已提交备案
        Submitted = "submitted",
        /// 已备案,履行中
        Active = "active",
        /// 已通知终止
        NoticeGiven = "notice_given",
        /// 交接中
        Handover = "handover",
        /// 已终止
        Ended = "ended",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

impl ContractStatus {
    /// In force: the company serves, also while it hands over (Civil Code 950).
    pub const IN_FORCE: [Self; 3] = [Self::Active, Self::NoticeGiven, Self::Handover];
}

text_enum! {
    /// 期限状态, computed on reading
    TermState {
        /// 未开始
        NotBegun = "not_begun",
        /// 期内
        InTerm = "in_term",
        /// 90 日内届满
        Expiring = "expiring",
        /// 届满后继续服务,视为不定期 (民法典第948条)
        Continued = "continued",
        /// 不定期
        Indefinite = "indefinite",
        /// 已终止
        Over = "over",
    }
}

text_enum! {
    /// 通知方
    NoticeBy {
        /// 业主 (共同决定解聘, 民法典第946条)
        Owners = "owners",
        /// 物业企业 (不续约, 第947条)
        Company = "company",
    }
}

text_enum! {
    /// 交接事项 (民法典第949条)
    HandoverItem {
        /// 物业服务用房
        Premises = "premises",
        /// 设施设备
        Facilities = "facilities",
        /// 资料档案
        Archives = "archives",
        /// 账册
        Books = "books",
        /// 印章
        Seals = "seals",
        /// 钥匙
        Keys = "keys",
        /// 公共收益与代管资金
        Funds = "funds",
        /// 预收费用
        Prepayments = "prepayments",
    }
}

/// 承诺: a promise to the owners is a term of the contract (Civil Code 938)
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "路灯报修 24 小时内修复")]
    pub text: String,
    /// 可衡量
    pub measurable: bool,
    /// 完成期限
    #[validate(custom(function = check_date))]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "2024-06-30")]
    pub due: Option<NaiveDate>,
}

/// 交接记录
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({ "item": "keys", "done_on": "2024-03-15", "note": "三套,已清点",
    "done_by": "019b0000-0000-7000-8000-000000000001" }))]
pub struct HandoverEntry {
    pub item: HandoverItem,
    /// 交接日; `null` while it is open
    #[schema(required = true)]
    pub done_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 500)]
    pub note: Option<String>,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub done_by: Option<ActorId>,
}

/// 物业服务合同
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContractOut {
    pub id: ContractId,
    pub company_id: OrganisationId,
    pub compound_id: CompoundId,
    #[schema(example = "620902005003-0001", max_length = 17)]
    pub area_code: String,
    pub term_kind: TermKind,
    pub starts_on: NaiveDate,
    /// 届满日, the last day of a fixed term
    #[schema(required = true)]
    pub ends_on: Option<NaiveDate>,
    /// 今日的期限状态
    pub term_state: TermState,
    /// 单价, fen per m² and month
    #[schema(required = true, value_type = Option<Fen>, example = 85)]
    pub price_fen: Option<i64>,
    /// 星级
    #[schema(required = true, example = 3, minimum = 0, maximum = 5)]
    pub star_tier: Option<i32>,
    /// 承诺: those of the draft, and what the company has promised in public since
    #[schema(max_items = 200)]
    pub commitments: Vec<Commitment>,
    pub status: ContractStatus,
    #[schema(required = true, max_length = 500)]
    pub status_note: Option<String>,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub submitted_by: Option<ActorId>,
    #[schema(required = true)]
    pub submitted_at: Option<Ts>,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub filed_by: Option<ActorId>,
    #[schema(required = true)]
    pub filed_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 60)]
    pub filing_no: Option<String>,
    #[schema(required = true)]
    pub notice_by: Option<NoticeBy>,
    #[schema(required = true)]
    pub notice_on: Option<NaiveDate>,
    /// 通知依据: the owners' decision or the company's letter
    #[schema(required = true, max_length = 200)]
    pub notice_basis: Option<String>,
    /// 通知的终止日, the last day of service
    #[schema(required = true)]
    pub effective_on: Option<NaiveDate>,
    #[schema(max_items = 20)]
    pub handover: Vec<HandoverEntry>,
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl ContractOut {
    pub fn of(row: ContractRow, today: NaiveDate) -> Self {
        let term = row.term();
        let ContractRow {
            id,
            company_id,
            compound_id,
            area_code,
            term_kind,
            starts_on,
            ends_on,
            price_fen,
            star_tier,
            commitments,
            status,
            status_note,
            submitted_by,
            submitted_at,
            filed_by,
            filed_on,
            filing_no,
            notice_by,
            notice_on,
            notice_basis,
            effective_on,
            handover,
            ended_on,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            company_id,
            compound_id,
            area_code,
            term_kind,
            starts_on,
            ends_on,
            term_state: term_state(&term, ended_on, today),
            price_fen,
            star_tier,
            commitments: serde_json::from_value(commitments.0).unwrap_or_default(),
            status,
            status_note,
            submitted_by,
            submitted_at,
            filed_by,
            filed_on,
            filing_no,
            notice_by,
            notice_on,
            notice_basis,
            effective_on,
            handover: serde_json::from_value(handover.0).unwrap_or_default(),
            ended_on,
            version,
            updated_at,
        }
    }
}

page!(
    /// 合同页
    ContractPage, ContractOut
);

/// 新合同, a draft
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractIn {
    pub company_id: OrganisationId,
    pub compound_id: CompoundId,
    #[schema(example = "fixed")]
    pub term_kind: TermKind,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-01")]
    pub starts_on: NaiveDate,
    #[validate(custom(function = check_date))]
    #[schema(nullable = false, example = "2026-12-31")]
    pub ends_on: Option<NaiveDate>,
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(nullable = false, example = 85, minimum = 0, maximum = 1_000_000)]
    pub price_fen: Option<i64>,
    #[validate(range(min = 0, max = 5))]
    #[schema(nullable = false, example = 3, minimum = 0, maximum = 5)]
    pub star_tier: Option<i32>,
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    #[schema(max_items = 50)]
    pub commitments: Vec<Commitment>,
    /// 全部转委托: `true` is refused (Civil Code 941)
    #[serde(default)]
    pub subcontracts_whole_service: bool,
}

impl ContractIn {
    pub fn term(&self) -> Term {
        Term { kind: self.term_kind, starts_on: self.starts_on, ends_on: self.ends_on }
    }
}

/// 修改草稿: absent leaves as it is, `null` clears
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub term_kind: Option<TermKind>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = check_date))]
    #[schema(nullable = false, example = "2024-01-01")]
    pub starts_on: Option<NaiveDate>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = check_date))]
    #[schema(value_type = Option<NaiveDate>, example = "2026-12-31")]
    pub ends_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 1_000_000)]
    pub price_fen: Option<Option<i64>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 5))]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 5)]
    pub star_tier: Option<Option<i32>>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 50), nested)]
    #[schema(nullable = false, max_items = 50)]
    pub commitments: Option<Vec<Commitment>>,
}

/// 终止通知
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeIn {
    #[schema(example = "owners")]
    pub by: NoticeBy,
    /// 书面通知送达之日; not counted into the period (Civil Code 201)
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub notice_on: NaiveDate,
    /// 终止日, the last day of service: 60 days later for the owners, the end of the term for a company (90 days)
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-03-10")]
    pub effective_on: NaiveDate,
    /// 依据: the owners' joint decision (Civil Code 278) or the company's letter
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "业主大会决定 2024-01-05")]
    pub basis: String,
}

/// 完成一项交接
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverItemIn {
    #[schema(example = "keys")]
    pub item: HandoverItem,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-12")]
    pub done_on: NaiveDate,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "单元门钥匙 40 把,双方清点无误")]
    pub note: String,
}

/// 合同筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContractQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub company_id: Option<OrganisationId>,
    #[param(nullable = false)]
    pub compound_id: Option<CompoundId>,
    #[param(inline, nullable = false)]
    pub status: Option<ContractStatus>,
    /// 履行中且将于若干日内届满
    #[validate(range(min = 0, max = 3650))]
    #[param(nullable = false, minimum = 0, maximum = 3650)]
    pub expiring_within: Option<i64>,
}
