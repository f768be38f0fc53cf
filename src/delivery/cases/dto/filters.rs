//! What lists and exports of cases are asked for.

use platform::auth::AreaCode;
use platform::db::Ts;
use platform::text_enum;
use roster::organisations::OrganisationId;
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::{CaseKind, Channel, Status, Tier, Urgency};

text_enum! {
    /// 排序
    CaseSort {
        /// 最新在前
        Newest = "newest",
        /// 按办结期限, 未结事件: open cases by when they are due
        Due = "due",
    }
}

/// What a list of cases is narrowed to, and its order.
#[derive(Debug, Clone)]
pub struct CaseFilter {
    pub area: Option<AreaCode>,
    pub status: Option<Status>,
    pub open: Option<bool>,
    pub overdue: Option<bool>,
    pub kind: Option<CaseKind>,
    pub category: Option<String>,
    pub urgency: Option<Urgency>,
    pub tier: Option<Tier>,
    pub channel: Option<Channel>,
    pub handler_org_id: Option<OrganisationId>,
    pub reported_from: Option<Ts>,
    pub reported_to: Option<Ts>,
    pub q: Option<String>,
    pub sort: CaseSort,
}

impl CaseFilter {
    /// Whether it leaves all cases of its area, the newest first.
    pub fn is_plain(&self) -> bool {
        let Self {
            area: _,
            status,
            open,
            overdue,
            kind,
            category,
            urgency,
            tier,
            channel,
            handler_org_id,
            reported_from,
            reported_to,
            q,
            sort,
        } = self;
        let states = status.is_none() && open.is_none() && overdue.is_none() && tier.is_none();
        let subject = kind.is_none() && category.is_none() && urgency.is_none() && channel.is_none() && q.is_none();
        let rest = handler_org_id.is_none() && reported_from.is_none() && reported_to.is_none();
        states && subject && rest && *sort == CaseSort::Newest
    }
}

/// A query with the filters of cases and something of its own.
macro_rules! case_query {
    ($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $own:ident: $type:ty,)* } $sort:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize, Validate, IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// 区域
            #[param(value_type = Option<String>, nullable = false, max_length = 29)]
            pub area: Option<AreaCode>,
            #[param(nullable = false)]
            pub status: Option<Status>,
            /// 未结: with somebody who has still something to do
            #[param(nullable = false)]
            pub open: Option<bool>,
            /// 已逾期: somebody works against a date that has passed
            #[param(nullable = false)]
            pub overdue: Option<bool>,
            #[param(nullable = false)]
            pub kind: Option<CaseKind>,
            #[validate(length(min = 1, max = 40))]
            #[param(nullable = false, min_length = 1, max_length = 40)]
            pub category: Option<String>,
            #[param(nullable = false)]
            pub urgency: Option<Urgency>,
            #[param(nullable = false)]
            pub tier: Option<Tier>,
            #[param(nullable = false)]
            pub channel: Option<Channel>,
            /// 承办组织
            #[param(value_type = Option<Uuid>, nullable = false)]
            pub handler_org_id: Option<OrganisationId>,
            /// 报事时间起
            #[param(value_type = Option<String>, format = DateTime, nullable = false, max_length = 40)]
            pub reported_from: Option<Ts>,
            /// 报事时间止, not included
            #[param(value_type = Option<String>, format = DateTime, nullable = false, max_length = 40)]
            pub reported_to: Option<Ts>,
            /// 标题与内容中的文字; looks through the caller's cases, the newest first, until the page is full
            #[validate(length(min = 1, max = 40))]
            #[param(nullable = false, example = "漏水", min_length = 1, max_length = 40)]
            pub q: Option<String>,
            $($(#[$meta])* pub $own: $type,)*
        }

        impl From<$name> for CaseFilter {
            fn from(query: $name) -> Self {
                let sort: fn(&$name) -> CaseSort = $sort;
                Self {
                    sort: sort(&query),
                    area: query.area,
                    status: query.status,
                    open: query.open,
                    overdue: query.overdue,
                    kind: query.kind,
                    category: query.category,
                    urgency: query.urgency,
                    tier: query.tier,
                    channel: query.channel,
                    handler_org_id: query.handler_org_id,
                    reported_from: query.reported_from,
                    reported_to: query.reported_to,
                    q: query.q,
                }
            }
        }
    };
}

case_query! {
    /// 事件筛选
    CaseQuery {
        #[param(inline, nullable = false)]
        sort: Option<CaseSort>,
    } |query| query.sort.unwrap_or(CaseSort::Newest)
}

text_enum! {
    /// 导出格式
    ExportFormat {
        /// 表格
        Csv = "csv",
        /// 每行一个 JSON 对象
        Ndjson = "ndjson",
    }
}

case_query! {
    /// 导出筛选
    ExportQuery {
        /// 格式; `csv` where it is left out
        #[param(inline, nullable = false)]
        format: Option<ExportFormat>,
    } |_| CaseSort::Newest
}
