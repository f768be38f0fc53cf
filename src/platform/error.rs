//! One error type by HTTP meaning; the codes live where their rules live.
//!
//! An [`Error`] becomes a bare response that carries a [`Report`]; the edge renders it, because only there
//! are the request id, the path and the reader's language at hand.

use std::borrow::Cow;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::{Deserialize, Serialize};

pub type Result<T, E = Error> = std::result::Result<T, E>;
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A kind of failure with a stable code. Declared with [`problems!`](crate::problems) beside the rule that raises it.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// `context.what_is_wrong`; clients switch on it, so it never changes.
    pub code: &'static str,
    pub status: u16,
    /// 标题, the default language.
    pub zh: &'static str,
    pub en: &'static str,
}

impl Problem {
    /// The failure, pinned to one member of the request body (`/polygon`) so that a form can mark it.
    pub fn at(&'static self, pointer: impl Into<String>) -> Error {
        Error::Rule(self, vec![FieldError::of(At::Pointer(pointer.into()), self)])
    }
}

impl From<&'static Problem> for Error {
    fn from(problem: &'static Problem) -> Self {
        Error::Rule(problem, Vec::new())
    }
}

/// Declares problem constants and `PROBLEMS`, the list that `openapi/problems.txt` and `/problems/{code}` are made from.
#[macro_export]
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:literal $code:literal, $zh:literal, $en:literal;)+) => {
        $($(#[$doc])* pub const $name: $crate::Problem =
            $crate::Problem { code: $code, status: $status, zh: $zh, en: $en };)+
        /// Every problem that this module can raise.
        pub const PROBLEMS: &[&$crate::Problem] = &[$(&$name),+];
    };
}

/// The problems that the wire itself raises, whatever the context.
pub mod wire {
    crate::problems! {
        MALFORMED_MULTIPART = 400 "malformed_multipart", "请求体不是完整的 multipart/form-data", "The body is no whole multipart/form-data";
        MALFORMED_JSON = 400 "malformed_json", "请求体不是有效的 JSON", "The body is not valid JSON";
        INVALID_CURSOR = 400 "invalid_cursor", "分页游标无效或与筛选条件不符", "The cursor is invalid or belongs to other filters";
        BAD_METHOD_OVERRIDE = 400 "bad_method_override", "只允许用 POST 代替 PATCH", "Only POST may stand in for PATCH";
        BAD_PARAMETER = 400 "bad_parameter", "查询参数或请求头有误", "A query parameter or header is wrong";
        UNAUTHENTICATED = 401 "unauthenticated", "请先登录", "Log in first";
        INVALID_TOKEN = 401 "invalid_token", "令牌无效或已过期", "The token is invalid or has expired";
        CROSS_ORIGIN = 403 "cross_origin", "不接受来自该来源的跨域请求", "Pages of this origin may not call so";
        FORBIDDEN = 403 "forbidden", "您的角色不能执行此操作", "Your roles do not allow this";
        NOT_FOUND = 404 "not_found", "未找到,或不在您的管辖范围内", "Not found, or outside your area";
        METHOD_NOT_ALLOWED = 405 "method_not_allowed", "此地址不支持该方法", "This address does not take that method";
        NOT_ACCEPTABLE = 406 "not_acceptable", "无法提供所要求的格式", "The requested format is not available";
        TIMED_OUT = 408 "request_timeout", "请求超时", "The request took too long to arrive";
        CONFLICT = 409 "conflict", "与当前状态冲突", "In conflict with the current state";
        VERSION_STALE = 412 "version_stale", "数据已被他人修改,请刷新后重试", "Somebody changed it meanwhile; read it again";
        TOO_LARGE = 413 "too_large", "请求体过大", "The body is too large";
        URI_TOO_LONG = 414 "uri_too_long", "请求地址过长", "The address is too long";
        MULTIPART_EXPECTED = 415 "multipart_expected", "请使用 multipart/form-data", "Send multipart/form-data";
        UNSUPPORTED_MEDIA_TYPE = 415 "unsupported_media_type", "请使用 application/json", "Send application/json";
        INVALID = 422 "invalid", "请求内容不符合要求", "The content is not acceptable";
        KEY_REUSED = 422 "idempotency_key_reused", "同一幂等键用于了不同的请求", "The idempotency key was used for another request";
        VERSION_REQUIRED = 428 "version_required", "请带上 If-Match 版本号", "Send the version in If-Match";
        RATE_LIMITED = 429 "rate_limited", "请求过于频繁,请稍后再试", "Too many requests; try again later";
        INTERNAL = 500 "internal", "服务器内部错误", "Something failed on our side";
        BUSY = 503 "busy", "系统繁忙,请稍后再试", "Busy; try again shortly";
    }

    /// The problem for a status that something below our code answered with: the last of those that have it, which says
    /// the least.
    pub fn for_status(status: u16) -> &'static crate::Problem {
        let found = PROBLEMS.iter().rev().find(|p| p.status == status);
        match (found, status) {
            (Some(problem), _) => problem,
            (None, 400..=499) => &BAD_PARAMETER,
            (None, _) => &INTERNAL,
        }
    }
}

/// Where in the request a fault lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum At {
    /// JSON Pointer into the body, without the leading `#`.
    Pointer(String),
    Parameter(String),
    Header(Cow<'static, str>),
}

/// One fault of one field, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub at: At,
    pub code: Cow<'static, str>,
    pub zh: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

impl FieldError {
    pub fn new(
        at: At,
        code: impl Into<Cow<'static, str>>,
        zh: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { at, code: code.into(), zh: zh.into(), en: en.into() }
    }

    fn of(at: At, problem: &'static Problem) -> Self {
        Self::new(at, problem.code, problem.zh, problem.en)
    }

    /// The same fault of a value that stands at `pointer` in a larger one.
    pub(crate) fn below(mut self, pointer: &str) -> Self {
        if let At::Pointer(at) = &mut self.at {
            at.insert_str(0, pointer);
        }
        self
    }
}

#[derive(Debug)]
pub enum Error {
    /// No token, where one is needed.
    Unauthenticated,
    /// A token that is forged, expired, revoked or not ours.
    InvalidToken,
    /// Known, but none of the caller's roles carries the scope.
    Forbidden { required_scope: &'static str },
    /// Unknown, or outside the caller's area: the two are not told apart.
    NotFound,
    /// The request itself cannot be read: 400.
    Malformed(&'static Problem, Vec<FieldError>),
    /// Read, but its content breaks the contract: 422, all faults at once.
    Invalid(Vec<FieldError>),
    /// A rule of a context says no.
    Rule(&'static Problem, Vec<FieldError>),
    /// `If-Match` named another version than the one that stands.
    Stale { current: i32 },
    /// 429, with the seconds to wait.
    Wait { problem: &'static Problem, seconds: u64 },
    /// No connection or lock within the time a caller can be asked to wait.
    Busy,
    /// Ours to mend; the cause goes to the log and nowhere else.
    Internal(Cause),
}

impl Error {
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Error::Internal(cause.into())
    }

    /// A bad query parameter: 400, named.
    pub fn parameter(name: &str, code: &'static str, zh: &'static str, en: &'static str) -> Self {
        Error::Malformed(&wire::BAD_PARAMETER, vec![FieldError::new(At::Parameter(name.into()), code, zh, en)])
    }

    pub fn problem(&self) -> &'static Problem {
        match self {
            Error::Unauthenticated => &wire::UNAUTHENTICATED,
            Error::InvalidToken => &wire::INVALID_TOKEN,
            Error::Forbidden { .. } => &wire::FORBIDDEN,
            Error::NotFound => &wire::NOT_FOUND,
            Error::Malformed(problem, _) | Error::Rule(problem, _) | Error::Wait { problem, .. } => problem,
            Error::Invalid(_) => &wire::INVALID,
            Error::Stale { .. } => &wire::VERSION_STALE,
            Error::Busy => &wire::BUSY,
            Error::Internal(_) => &wire::INTERNAL,
        }
    }

    /// What the edge renders, in the reader's language.
    pub fn report(&self) -> Report {
        let mut report = Report::from(self.problem());
        match self {
            Error::Malformed(_, e) | Error::Invalid(e) | Error::Rule(_, e) => report.errors.clone_from(e),
            Error::Forbidden { required_scope } => report.required_scope = Some((*required_scope).into()),
            _ => {}
        }
        report
    }
}

/// What the edge needs to write the body; kept as it is where a refusal is an idempotent answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    pub code: Cow<'static, str>,
    pub status: u16,
    pub zh: Cow<'static, str>,
    pub en: Cow<'static, str>,
    pub errors: Vec<FieldError>,
    pub required_scope: Option<Cow<'static, str>>,
}

impl From<&'static Problem> for Report {
    fn from(problem: &'static Problem) -> Self {
        Self {
            code: problem.code.into(),
            status: problem.status,
            zh: problem.zh.into(),
            en: problem.en.into(),
            errors: Vec::new(),
            required_scope: None,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.problem().en, self.problem().code)?;
        if let Error::Internal(cause) = self {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        if let Error::Internal(cause) = self {
            log::error!("{cause}");
        }
        let mut response = HttpResponseBuilder::new(self.status_code());
        match self {
            Error::Unauthenticated => response.insert_header((header::WWW_AUTHENTICATE, "Bearer")),
            Error::InvalidToken => {
                response.insert_header((header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#))
            }
            // RFC 9110: every 401 names a scheme, also that of a rule about credentials.
            Error::Rule(problem, _) if problem.status == 401 => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer"))
            }
            Error::Stale { current } => response.insert_header((header::ETAG, crate::http::etag(*current))),
            Error::Wait { seconds, .. } => response.insert_header((header::RETRY_AFTER, seconds.to_string())),
            Error::Busy => response.insert_header((header::RETRY_AFTER, "1")),
            _ => &mut response,
        };
        let mut response = response.finish();
        response.extensions_mut().insert(self.report());
        response
    }
}

/// A finder that finds nothing is a 404; whatever else the database says is ours to mend.
impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error as E};
        match error {
            E::NotFound => Error::NotFound,
            E::DatabaseError(Kind::Unknown, ref info) if timed_out(info.message()) => Error::Busy,
            other => Error::Internal(Box::new(other)),
        }
    }
}

/// PostgreSQL gives no code through diesel for these two, SQLite says `locked` when its writer waited in vain.
fn timed_out(message: &str) -> bool {
    ["statement timeout", "lock timeout", "database is locked"].iter().any(|m| message.contains(m))
}

/// Names a unique violation where it happens: `insert_grid(c, new).or_conflict(&CODE_TAKEN)?`.
pub trait OrConflict<T> {
    fn or_conflict(self, problem: &'static Problem) -> Result<T>;
}

impl<T> OrConflict<T> for std::result::Result<T, diesel::result::Error> {
    fn or_conflict(self, problem: &'static Problem) -> Result<T> {
        use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as E};
        self.map_err(|error| match error {
            E::DatabaseError(UniqueViolation, _) => problem.into(),
            other => other.into(),
        })
    }
}
