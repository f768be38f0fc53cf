use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::{Error, Result};
use registry::identity::AccountId;
use roster::people::check_phone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use super::{CaseKind, Channel, Identity, Urgency, Visibility};
use crate::cases::rules::places::point_of;

/// 报事: what a resident reports
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportIn {
    /// 地点: a community, grid, compound, building, unit or room; without it, the point's grid
    #[schema(nullable = false, value_type = Option<String>, example = "620902005003-0001-001", max_length = 29)]
    pub area_code: Option<AreaCode>,
    #[validate(range(min = -90.0, max = 90.0))]
    #[schema(nullable = false, example = 39.7416, minimum = -90, maximum = 90)]
    pub lat: Option<f64>,
    #[validate(range(min = -180.0, max = 180.0))]
    #[schema(nullable = false, example = 98.4963, minimum = -180, maximum = 180)]
    pub lon: Option<f64>,
    pub kind: CaseKind,
    /// 分类, of the dictionary in force at the place
    #[validate(length(min = 1, max = 40))]
    #[schema(example = "pipe_leak", min_length = 1, max_length = 40)]
    pub category: String,
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(example = "管道漏水", min_length = 1, max_length = 60)]
    pub title: String,
    #[validate(length(min = 1, max = 4000), custom(function = check_not_blank))]
    #[schema(example = "二楼与三楼之间的管道漏水,楼道有积水。", min_length = 1, max_length = 4000)]
    pub body: String,
    /// 分类要求的附加项
    #[serde(default)]
    #[schema(nullable = false, value_type = Option<Object>, example = json!({ "floor": 2, "indoors": false }))]
    pub fields: Option<Map<String, Value>>,
    /// 位置说明
    #[validate(length(min = 1, max = 200))]
    #[schema(nullable = false, example = "3 单元楼道", min_length = 1, max_length = 200)]
    pub place: Option<String>,
    /// 设施编号
    #[validate(length(min = 1, max = 60))]
    #[schema(nullable = false, example = "LIFT-03", min_length = 1, max_length = 60)]
    pub asset: Option<String>,
    /// 身份; hidden by default where the category is against the company
    #[schema(nullable = false)]
    pub identity: Option<Identity>,
}

/// 报事人, as somebody at the desk writes them down
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReporterIn {
    /// 账号, where the reporter has one
    #[schema(nullable = false, value_type = Option<Uuid>)]
    pub account_id: Option<AccountId>,
    #[validate(length(min = 1, max = 40), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "测试·王芳", min_length = 1, max_length = 40)]
    pub name: Option<String>,
    #[validate(length(max = 30), custom(function = check_phone))]
    #[schema(nullable = false, example = "199-0937-1234", max_length = 30)]
    pub phone: Option<String>,
}

/// 登记事件: by the desk, for somebody who called, came by or was visited
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseIn {
    #[schema(nullable = false, value_type = Option<String>, example = "620902005003-0001-001", max_length = 29)]
    pub area_code: Option<AreaCode>,
    #[validate(range(min = -90.0, max = 90.0))]
    #[schema(nullable = false, example = 39.7416, minimum = -90, maximum = 90)]
    pub lat: Option<f64>,
    #[validate(range(min = -180.0, max = 180.0))]
    #[schema(nullable = false, example = 98.4963, minimum = -180, maximum = 180)]
    pub lon: Option<f64>,
    pub kind: CaseKind,
    #[validate(length(min = 1, max = 40))]
    #[schema(example = "pipe_leak", min_length = 1, max_length = 40)]
    pub category: String,
    pub channel: Channel,
    /// 紧急程度; that of the category where it is left out
    #[schema(nullable = false)]
    pub urgency: Option<Urgency>,
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(example = "管道漏水", min_length = 1, max_length = 60)]
    pub title: String,
    #[validate(length(min = 1, max = 4000), custom(function = check_not_blank))]
    #[schema(example = "居民来电:楼道管道漏水。", min_length = 1, max_length = 4000)]
    pub body: String,
    #[serde(default)]
    #[schema(nullable = false, value_type = Option<Object>)]
    pub fields: Option<Map<String, Value>>,
    #[validate(length(min = 1, max = 200))]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    pub place: Option<String>,
    #[validate(length(min = 1, max = 60))]
    #[schema(nullable = false, min_length = 1, max_length = 60)]
    pub asset: Option<String>,
    #[schema(nullable = false)]
    pub identity: Option<Identity>,
    #[schema(nullable = false)]
    pub visibility: Option<Visibility>,
    /// 报事人; none where nobody in particular reported it
    #[validate(nested)]
    #[schema(nullable = false)]
    pub reporter: Option<ReporterIn>,
}

/// A case to be made, whoever reports it.
#[derive(Debug, Clone)]
pub struct NewCase {
    pub area_code: Option<AreaCode>,
    pub point: Option<(f64, f64)>,
    pub kind: CaseKind,
    pub category: String,
    pub channel: Channel,
    pub urgency: Option<Urgency>,
    pub title: String,
    pub body: String,
    pub fields: Map<String, Value>,
    pub place: Option<String>,
    pub asset: Option<String>,
    pub identity: Option<Identity>,
    pub visibility: Option<Visibility>,
    pub reporter: Option<NewReporter>,
    pub reported_at: Option<Ts>,
}

#[derive(Debug, Clone)]
pub struct NewReporter {
    pub account: Option<AccountId>,
    pub name: Option<String>,
    pub phone: Option<String>,
}

impl NewCase {
    /// Of a resident, about whom nothing is known but the account.
    pub fn reported(report: ReportIn, account: AccountId) -> Result<Self> {
        let ReportIn { area_code, lat, lon, kind, category, title, body, fields, place, asset, identity } = report;
        Ok(Self {
            area_code,
            point: point_of(lat, lon)?,
            kind,
            category,
            channel: Channel::App,
            urgency: None,
            title,
            body,
            fields: fields.unwrap_or_default(),
            place,
            asset,
            identity,
            visibility: None,
            reporter: Some(NewReporter { account: Some(account), name: None, phone: None }),
            reported_at: None,
        })
    }
}

impl TryFrom<CaseIn> for NewCase {
    type Error = Error;

    fn try_from(new: CaseIn) -> Result<Self> {
        let CaseIn {
            area_code,
            lat,
            lon,
            kind,
            category,
            channel,
            urgency,
            title,
            body,
            fields,
            place,
            asset,
            identity,
            visibility,
            reporter,
        } = new;
        let reporter =
            reporter.map(|ReporterIn { account_id, name, phone }| NewReporter { account: account_id, name, phone });
        Ok(Self {
            area_code,
            point: point_of(lat, lon)?,
            kind,
            category,
            channel,
            urgency,
            title,
            body,
            fields: fields.unwrap_or_default(),
            place,
            asset,
            identity,
            visibility,
            reporter,
            reported_at: None,
        })
    }
}
