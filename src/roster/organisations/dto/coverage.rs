use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::quantity::Ratio;
use platform::{id, page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::OrganisationId;
use crate::organisations::rules::coverage;
use crate::organisations::store::coverage::CoverageRow;

id!(
    /// 覆盖登记编号
    CoverageId
);

text_enum! {
    /// 覆盖方式
    Coverage {
        /// 单独建
        Own = "own",
        /// 联合建
        Joint = "joint",
        /// 挂靠建
        Affiliated = "affiliated",
        /// 仅指导员
        InstructorOnly = "instructor_only",
        /// 未覆盖
        None = "none",
    }
}

/// 登记党的覆盖: from a day on; what was recorded before ends there
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverageIn {
    /// 正式党员数; three or more are due a branch of their own
    #[validate(range(min = 0, max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000, example = 3)]
    pub formal_members: i32,
    #[schema(example = "none")]
    pub coverage: Coverage,
    /// 覆盖它的党组织; required for, and only for, coverage by an organisation
    #[schema(nullable = false)]
    pub party_org_id: Option<OrganisationId>,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-01")]
    pub valid_from: NaiveDate,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "行业党委批复")]
    pub note: Option<String>,
}

/// 党的覆盖
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoverageOut {
    pub id: CoverageId,
    pub organisation_id: OrganisationId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    #[schema(minimum = 0, example = 3)]
    pub formal_members: i32,
    pub coverage: Coverage,
    #[schema(required = true)]
    pub party_org_id: Option<OrganisationId>,
    /// 应建未建: three formal members or more, and no own branch
    pub due: bool,
    pub valid_from: NaiveDate,
    /// The first day of the next record
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
    #[schema(required = true, max_length = 200)]
    pub note: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<CoverageRow> for CoverageOut {
    fn from(row: CoverageRow) -> Self {
        let CoverageRow {
            id,
            organisation_id,
            area_code,
            formal_members,
            coverage,
            party_org_id,
            valid_from,
            valid_to,
            note,
            version,
            created_at: _,
            updated_at,
        } = row;
        let due = valid_to.is_none() && coverage::is_due(formal_members, coverage);
        Self {
            id,
            organisation_id,
            area_code,
            formal_members,
            coverage,
            party_org_id,
            due,
            valid_from,
            valid_to,
            note,
            version,
            updated_at,
        }
    }
}

page!(
    /// 覆盖页
    CoveragePage, CoverageOut
);

/// 覆盖筛选; the records that stand, unless asked for all
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub organisation_id: Option<OrganisationId>,
    #[param(nullable = false)]
    pub party_org_id: Option<OrganisationId>,
    #[param(inline, nullable = false)]
    pub coverage: Option<Coverage>,
    /// 只看应建未建
    #[param(nullable = false)]
    pub due: Option<bool>,
    #[param(inline, nullable = false)]
    pub status: Option<super::OpenFilter>,
}

/// 某种覆盖的数量
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoverageCount {
    pub coverage: Coverage,
    #[schema(minimum = 0, example = 5)]
    pub organisations: i64,
}

/// 一类组织的党的覆盖. Organisation and work coverage are two figures; the second takes in the instructors
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoverageFigures {
    /// 组织覆盖率
    pub organisation_coverage: Ratio,
    /// 工作覆盖率
    pub work_coverage: Ratio,
    /// 应建未建数
    #[schema(minimum = 0)]
    pub due: i64,
    #[schema(max_items = 5)]
    pub by_coverage: Vec<CoverageCount>,
}

/// 区域党的覆盖 F4, computed as of a day
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AreaCoverageOut {
    #[schema(example = "620902", max_length = 29)]
    pub area: String,
    pub as_of: NaiveDate,
    pub companies: CoverageFigures,
    pub committees: CoverageFigures,
}
