use platform::http::check_not_blank;
use registry::territory::dto::CompoundId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{OrgKind, OrganisationId};

/// 详情, by the kind of organisation: at most the one member that belongs to the kind
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Details {
    /// 物业服务企业
    #[validate(nested)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub company: Option<CompanyDetails>,
    /// 红色物业服务站
    #[validate(nested)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub station: Option<StationDetails>,
    /// 党组织
    #[validate(nested)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub party_org: Option<PartyOrgDetails>,
    /// 居民议事会、党群议事会
    #[validate(nested)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub council: Option<CouncilDetails>,
    /// 互助会
    #[validate(nested)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mutual_aid: Option<MutualAidDetails>,
    /// 驻区/共驻共建单位
    #[validate(nested)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unit: Option<UnitDetails>,
}

impl Details {
    /// Whether nothing is given but, where there is one, the member of this kind.
    pub fn fits(&self, kind: OrgKind) -> bool {
        let Self { company, station, party_org, council, mutual_aid, unit } = self;
        let given = [
            company.is_some(),
            station.is_some(),
            party_org.is_some(),
            council.is_some(),
            mutual_aid.is_some(),
            unit.is_some(),
        ];
        let own = match kind {
            OrgKind::PropertyCompany => company.is_some(),
            OrgKind::RedServiceStation => station.is_some(),
            OrgKind::PartyOrg => party_org.is_some(),
            OrgKind::ResidentsCouncil | OrgKind::PartyMassCouncil => council.is_some(),
            OrgKind::MutualAidAssociation => mutual_aid.is_some(),
            OrgKind::CoLocatedUnit => unit.is_some(),
            _ => false,
        };
        given.iter().filter(|given| **given).count() == usize::from(own)
    }
}

/// 物业服务企业详情
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyDetails {
    /// 注册地址
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "肃州区西大街 8 号")]
    pub registered_address: Option<String>,
    /// 公开的服务电话, an office line and no person's
    #[validate(length(min = 3, max = 20), custom(function = check_office_line))]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 3, max_length = 20, pattern = "^[0-9-]+$", example = "0937-2600002")]
    pub service_line: Option<String>,
    /// 职工人数
    #[validate(range(min = 0, max = 1_000_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 1_000_000, example = 120)]
    pub employees: Option<i32>,
}

/// A landline or a service number. Mobile numbers belong to persons and are kept, encrypted, with those.
fn check_office_line(text: &str) -> Result<(), ValidationError> {
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let mobile = text.len() == 11 && text.starts_with('1') && !text.contains('-');
    if digits && !mobile { Ok(()) } else { Err(ValidationError::new("office_line")) }
}

/// 红色物业服务站详情
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StationDetails {
    /// 服务的小区
    #[validate(length(max = 100))]
    #[schema(max_items = 100)]
    pub compound_ids: Vec<CompoundId>,
    /// 从本社区招聘
    pub local_hire: bool,
    /// 不以盈利为目的: always `true`
    pub non_profit: bool,
    /// 岗位数
    #[validate(range(min = 0, max = 1000))]
    #[schema(minimum = 0, maximum = 1000, example = 5)]
    pub positions: i32,
}

/// 党组织详情. Numbers of members only; dues, discipline and thoughts are nobody's record here (domain C10)
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyOrgDetails {
    /// 依托单位: the company, committee or community that it is set up in
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hosted_by: Option<OrganisationId>,
    /// 正式党员数
    #[validate(range(min = 0, max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000, example = 7)]
    pub formal_members: i32,
}

/// 议事会详情
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CouncilDetails {
    /// 席位
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000, example = 15)]
    pub seats: i32,
    /// 议事规则
    #[validate(length(min = 1, max = 4000), custom(function = check_not_blank))]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 4000, example = "每季度议事一次")]
    pub rules: Option<String>,
}

/// 互助会详情
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MutualAidDetails {
    /// 章程
    #[validate(length(min = 1, max = 4000), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 4000, example = "邻里互助,自愿无偿")]
    pub charter: String,
}

/// 共驻共建单位详情
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitDetails {
    /// 行业
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 80, example = "学校")]
    pub sector: String,
    /// 可共享的资源
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 1000, example = "操场、会议室")]
    pub resources: Option<String>,
}
