//! Query strings: unknown, repeated or unreadable parameters are 400, each by its name.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use validator::{Validate, ValidationErrors};

use super::page::{DEFAULT_LIMIT, MAX_LIMIT, PageRequest};
use crate::app::App;
use crate::error::{At, Error, FieldError, Result, wire};

/// The checked query of a route that is not paged.
pub struct ValidQuery<T>(pub T);

/// The checked query of a paged list: its filters, and which page.
pub struct Paged<T>(pub T, pub PageRequest);

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageParams {
    /// 每页条数, 1–100
    #[param(minimum = 1, maximum = 100, default = 20, nullable = false)]
    pub limit: Option<u32>,
    /// 上一页返回的游标 (`next_cursor`); valid only with the same filters
    #[param(max_length = 512, nullable = false)]
    pub cursor: Option<String>,
    /// `total`: also count the whole list
    #[param(max_length = 5, pattern = "^total$", nullable = false)]
    pub include: Option<String>,
}

/// The query of a list that has no filters.
#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct NoFilter {}

type Pairs = Vec<(String, String)>;

fn pairs(request: &HttpRequest) -> Result<Pairs> {
    let pairs: Pairs = serde_urlencoded::from_str(request.query_string())
        .map_err(|_| Error::parameter("", "unreadable", "查询串无法解析", "the query string cannot be read"))?;
    for (i, (name, value)) in pairs.iter().enumerate() {
        if pairs.iter().skip(i + 1).any(|(other, _)| other == name) {
            return Err(Error::parameter(name, "duplicate_parameter", "参数重复", "is given twice"));
        }
        if value.contains('\0') || value.contains('\u{fffd}') {
            return Err(Error::parameter(name, "bad_character", "包含无效字符", "holds an invalid character"));
        }
    }
    Ok(pairs)
}

fn read<T: DeserializeOwned + Validate>(pairs: &[(String, String)]) -> Result<T> {
    let text = serde_urlencoded::to_string(pairs).map_err(Error::internal)?;
    let deserializer = serde_urlencoded::Deserializer::new(form_pairs(&text));
    let filters: T = serde_path_to_error::deserialize(deserializer)
        .map_err(|e| explain(&e.path().to_string(), &e.inner().to_string()))?;
    filters.validate().map_err(|errors| out_of_range(&errors))?;
    Ok(filters)
}

fn out_of_range(errors: &ValidationErrors) -> Error {
    let faults = errors.errors().keys().map(|name| {
        FieldError::new(At::Parameter(name.to_string()), "invalid_value", "取值超出范围", "is out of range")
    });
    Error::Malformed(&wire::BAD_PARAMETER, faults.collect())
}

fn form_pairs(text: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(text.as_bytes())
}

fn explain(path: &str, message: &str) -> Error {
    let quoted = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        Error::parameter(quoted, "unknown_parameter", "未知的参数", "is not a known parameter")
    } else if message.starts_with("missing field") {
        Error::parameter(quoted, "missing_parameter", "缺少必填参数", "is required")
    } else if message.starts_with("unknown variant") {
        Error::parameter(path, "unknown_value", "不是允许的取值", "is not one of the allowed values")
    } else {
        Error::parameter(path, "invalid_value", "取值无效", "has no valid value")
    }
}

impl<T: DeserializeOwned + Validate> FromRequest for ValidQuery<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(pairs(request).and_then(|pairs| read(&pairs)).map(Self))
    }
}

impl<T: DeserializeOwned + Validate> FromRequest for Paged<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(paged(request))
    }
}

fn paged<T: DeserializeOwned + Validate>(request: &HttpRequest) -> Result<Paged<T>> {
    let (filters, which) = asked(request)?;
    // A wrong filter is told before a wrong cursor.
    Ok(Paged(read(&filters)?, which.page(request, filters)?))
}

/// What is asked of a list beside its filters.
struct Which {
    limit: i64,
    cursor: Option<String>,
    with_total: bool,
}

fn asked(request: &HttpRequest) -> Result<(Pairs, Which)> {
    let (page, filters): (Pairs, Pairs) =
        pairs(request)?.into_iter().partition(|(name, _)| matches!(name.as_str(), "limit" | "cursor" | "include"));
    let value = |name: &str| page.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    let limit = match value("limit").map(str::parse::<i64>) {
        None => DEFAULT_LIMIT,
        Some(Ok(limit @ 1..=MAX_LIMIT)) => limit,
        Some(_) => return Err(Error::parameter("limit", "out_of_range", "须为 1–100", "must be 1–100")),
    };
    let with_total = match value("include") {
        None => false,
        Some("total") => true,
        Some(_) => return Err(Error::parameter("include", "unknown_value", "只能是 total", "can only be total")),
    };
    let cursor = value("cursor").map(str::to_owned);
    Ok((filters, Which { limit, cursor, with_total }))
}

impl Which {
    fn page(self, request: &HttpRequest, filters: Pairs) -> Result<PageRequest> {
        let app = request.app_data::<Data<App>>().ok_or_else(|| Error::internal("no App"))?;
        PageRequest::new(app, request.path(), filters, self.cursor.as_deref(), self.limit, self.with_total)
    }
}
