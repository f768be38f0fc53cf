use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::{page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{AllianceGroupId, AllianceParty};
use crate::notices::store::groups::{GroupRow, Joined};

/// 三方联盟群
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllianceGroupIn {
    /// 范围: a community or a compound
    #[schema(value_type = String, example = "620902005003", max_length = 29)]
    pub area_code: AreaCode,
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(example = "同德巷社区红色物业联盟群", min_length = 1, max_length = 60)]
    pub name: String,
}

/// 关闭联盟群
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseGroupIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "并入社区大群", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 三方联盟群, as the caller is in it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AllianceGroupOut {
    pub id: AllianceGroupId,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 60)]
    pub name: String,
    /// 本人所属的一方; `null` for who only reads along
    #[schema(required = true)]
    pub party: Option<AllianceParty>,
    #[schema(required = true)]
    pub closed_at: Option<Ts>,
    #[schema(required = true, max_length = 500)]
    pub close_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub created_at: Ts,
}

impl From<Joined> for AllianceGroupOut {
    fn from(Joined { row, party }: Joined) -> Self {
        let GroupRow { id, area_code, name, closed_at, closed_by: _, close_reason, version, created_at, updated_at: _ } =
            row;
        Self { id, area_code, name, party, closed_at, close_reason, version, created_at }
    }
}

page!(
    /// 联盟群页
    AllianceGroupPage, AllianceGroupOut
);

text_enum! {
    /// 联盟群状态
    GroupStatus {
        /// 开放
        Open = "open",
        /// 已关闭
        Closed = "closed",
        /// 全部
        All = "all",
    }
}

/// 联盟群筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AllianceGroupQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    /// 状态; open ones where absent
    #[param(inline, nullable = false)]
    pub status: Option<GroupStatus>,
}
