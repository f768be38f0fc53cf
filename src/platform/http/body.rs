//! [`Valid`]: a JSON body that was read within its limits, understood, and checked field by field.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::{Datelike, NaiveDate};
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, StreamExt};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use super::faults::{Misfit, Reading, all_of};
use crate::app::{App, Limits};
use crate::error::{At, Error, FieldError, Result, wire};

/// A checked body. Bad JSON is 400; a wrong field, type or value is 422 with a pointer to it.
pub struct Valid<T>(pub T);

/// Fingerprint of the body, left on the request for idempotency.
pub(super) struct BodyFingerprint(pub String);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Valid<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        body(request, payload).map(|bytes| checked(&bytes?).map(Self)).boxed_local()
    }
}

fn checked<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T> {
    let value: T = parse(bytes)?;
    value.validate().map_err(|errors| invalid(&errors))?;
    Ok(value)
}

async fn body(request: HttpRequest, payload: Payload) -> Result<Bytes> {
    is_json(&request)?;
    let limits = request.app_data::<Data<App>>().map_or_else(Limits::default, |app| app.limits);
    let bytes = read_all(&request, payload, limits).await?;
    request.extensions_mut().insert(BodyFingerprint(crate::secrets::fingerprint(&bytes)));
    Ok(bytes)
}

fn is_json(request: &HttpRequest) -> Result<()> {
    let essence = request.content_type().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" | "application/merge-patch+json" => Ok(()),
        _ => Err(Error::Malformed(&wire::UNSUPPORTED_MEDIA_TYPE, Vec::new())),
    }
}

async fn read_all(request: &HttpRequest, payload: Payload, limits: Limits) -> Result<Bytes> {
    let too_large = || Error::Malformed(&wire::TOO_LARGE, Vec::new());
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limits.body_bytes) {
        return Err(too_large());
    }
    let read = async {
        let mut payload = payload;
        let mut bytes = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Error::Malformed(&wire::MALFORMED_JSON, Vec::new()))?;
            if bytes.len() + chunk.len() > limits.body_bytes {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    };
    match tokio::time::timeout(std::time::Duration::from_secs(limits.body_seconds), read).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::Malformed(&wire::TIMED_OUT, Vec::new())),
    }
}

pub(super) fn parse<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T> {
    refuse_unreadable(bytes)?;
    let read = match typed::<T>(bytes) {
        Err(e) if is_of_float(&e) => typed(&with_whole_floats(bytes)?),
        read => read,
    };
    match read {
        Ok(value) => value.map_err(|e| syntax_error(&e)),
        Err(e) => Err(not_json(bytes).unwrap_or_else(|| Error::Invalid(all_of(&misfit(&e), bytes, &again::<T>)))),
    }
}

/// What is left of a body, read and checked like the whole.
fn again<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Reading {
    let value = typed::<T>(bytes).map_err(|e| misfit(&e))?;
    Ok(value.ok().and_then(|value| value.validate().err()).map_or_else(Vec::new, |errors| field_errors(&errors)))
}

fn refuse_unreadable(bytes: &[u8]) -> Result<()> {
    if std::str::from_utf8(bytes).is_err() {
        return Err(Error::Malformed(&wire::MALFORMED_JSON, Vec::new()));
    }
    refuse_nul(bytes)?;
    // serde takes a list for a struct's members in order; the contract is an object.
    if bytes.trim_ascii_start().first().is_some_and(|first| *first != b'{') {
        let wrong = explain(String::new(), "invalid type");
        return Err(not_json(bytes).unwrap_or(Error::Invalid(vec![wrong])));
    }
    Ok(())
}

/// JSON has one kind of number: 190.0 is the integer 190 (JSON Schema), which serde does not take for one.
fn is_of_float(error: &serde_path_to_error::Error<serde_json::Error>) -> bool {
    error.inner().to_string().starts_with("invalid type: floating point")
}

/// The value, or what is behind it and should not be; or the member that is wrong.
type Typed<T> = std::result::Result<serde_json::Result<T>, serde_path_to_error::Error<serde_json::Error>>;

/// The only reader of each body's type: what it compiles to is long, and there are as many as there are bodies.
fn typed<T: DeserializeOwned>(bytes: &[u8]) -> Typed<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer)?;
    Ok(deserializer.end().map(|()| value))
}

/// The first wrong field is met before the rest is read, and serde_json calls some wrong types bad syntax: whether it is
/// JSON at all is asked for itself.
fn not_json(bytes: &[u8]) -> Option<Error> {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).err().map(|e| syntax_error(&e))
}

fn with_whole_floats(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(bytes).map_err(|e| syntax_error(&e))?;
    make_whole(&mut value);
    serde_json::to_vec(&value).map_err(Error::internal)
}

pub(super) fn make_whole(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(make_whole),
        Value::Object(members) => members.values_mut().for_each(make_whole),
        Value::Number(number) => {
            let whole = number.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 9.0e15);
            if let (None, Some(whole)) = (number.as_i64(), whole) {
                *value = Value::from(whole as i64);
            }
        }
        _ => {}
    }
}

/// PostgreSQL cannot store U+0000 in text, and nothing that a person types contains it.
fn refuse_nul(bytes: &[u8]) -> Result<()> {
    if !bytes.windows(6).any(|window| window == b"\\u0000") {
        return Ok(());
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|e| syntax_error(&e))?;
    match find_nul(&value, String::new()) {
        Some(pointer) => Err(Error::Invalid(vec![FieldError::new(
            At::Pointer(pointer),
            "nul_character",
            "不能包含空字符",
            "must not contain the character U+0000",
        )])),
        None => Ok(()),
    }
}

fn find_nul(value: &Value, at: String) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then_some(at),
        Value::Array(items) => items.iter().enumerate().find_map(|(i, item)| find_nul(item, format!("{at}/{i}"))),
        Value::Object(members) => members.iter().find_map(|(name, item)| {
            let here = format!("{at}/{}", escape(name));
            if name.contains('\0') { Some(at.clone()) } else { find_nul(item, here) }
        }),
        _ => None,
    }
}

fn syntax_error(error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    let place = FieldError::new(
        At::Pointer(String::new()),
        "malformed_json",
        format!("第 {line} 行第 {column} 列附近无法解析"),
        format!("cannot be read near line {line}, column {column}"),
    );
    Error::Malformed(&wire::MALFORMED_JSON, vec![place])
}

fn data_error(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let Misfit { pointer, message } = misfit(error);
    Error::Invalid(vec![explain(pointer, &message)])
}

fn misfit(error: &serde_path_to_error::Error<serde_json::Error>) -> Misfit {
    Misfit { pointer: error.path().iter().map(segment).collect(), message: error.inner().to_string() }
}

fn segment(segment: &serde_path_to_error::Segment) -> String {
    use serde_path_to_error::Segment;
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", escape(key)),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    }
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// serde's own sentence names Rust types; only its kind is passed on, in our words.
pub(super) fn explain(pointer: String, message: &str) -> FieldError {
    let quoted = message.split('`').nth(1).unwrap_or_default();
    let member = |code, zh, en| {
        // The path of a missing or unknown member ends at its parent, or already at the member.
        let name = format!("/{}", escape(quoted));
        let at = if pointer.ends_with(&name) { pointer.clone() } else { format!("{pointer}{name}") };
        FieldError::new(At::Pointer(at), code, zh, en)
    };
    let here = |code, zh, en| FieldError::new(At::Pointer(pointer.clone()), code, zh, en);
    if message.starts_with("unknown field") {
        member("unknown_field", "未知的字段", "is not a known member")
    } else if message.starts_with("missing field") {
        member("missing_field", "缺少必填字段", "is required")
    } else if message.starts_with("duplicate field") {
        member("duplicate_field", "字段重复", "is given twice")
    } else if message.starts_with("unknown variant") {
        here("unknown_value", "不是允许的取值", "is not one of the allowed values")
    } else if message.starts_with("invalid type") {
        here("invalid_type", "类型错误", "has the wrong type")
    } else {
        here("invalid_value", "取值无效", "has no valid value")
    }
}

/// The 422 that a value with broken field rules gets, wherever it came from.
pub fn invalid(errors: &ValidationErrors) -> Error {
    Error::Invalid(field_errors(errors))
}

/// A JSON value as the type that its owner knows; each fault is placed below `at`, where the value stood in the body.
pub fn read_inside<T: DeserializeOwned + Validate>(value: &Value, at: &str) -> Result<T> {
    let below = |error: Error| match error {
        Error::Invalid(faults) => Error::Invalid(faults.into_iter().map(|fault| fault.below(at)).collect()),
        other => other,
    };
    let read: T = serde_path_to_error::deserialize(value).map_err(|e| below(data_error(&e)))?;
    read.validate().map_err(|errors| below(invalid(&errors)))?;
    Ok(read)
}

/// Flattens validator's tree into pointers.
fn field_errors(errors: &ValidationErrors) -> Vec<FieldError> {
    let mut found = Vec::new();
    collect(errors, "", &mut found);
    found.sort_by(|a, b| format!("{:?}", a.at).cmp(&format!("{:?}", b.at)));
    found
}

fn collect(errors: &ValidationErrors, at: &str, found: &mut Vec<FieldError>) {
    for (field, kind) in errors.errors() {
        // A rule over the whole object is filed under `__all__`.
        let here = if field == "__all__" { at.to_owned() } else { format!("{at}/{}", escape(field)) };
        match kind {
            ValidationErrorsKind::Field(faults) => {
                found.extend(faults.iter().map(|fault| broken_rule(here.clone(), fault)));
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &here, found),
            ValidationErrorsKind::List(items) => {
                items.iter().for_each(|(i, inner)| collect(inner, &format!("{here}/{i}"), found));
            }
        }
    }
}

fn broken_rule(at: String, fault: &ValidationError) -> FieldError {
    let bound = |name: &str| fault.params.get(name).map(Value::to_string);
    let (low, high) = (bound("min"), bound("max"));
    let bounds = match (&low, &high) {
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (Some(low), None) => format!("≥ {low}"),
        (None, Some(high)) => format!("≤ {high}"),
        (None, None) => String::new(),
    };
    let (zh, en) = match (fault.code.as_ref(), &fault.message) {
        (_, Some(message)) => (message.to_string(), message.to_string()),
        ("length", None) => (format!("长度须为 {bounds}"), format!("length must be {bounds}")),
        ("range", None) => (format!("取值须为 {bounds}"), format!("must be {bounds}")),
        _ => ("取值无效".to_owned(), "has no valid value".to_owned()),
    };
    FieldError::new(At::Pointer(at), fault.code.clone().into_owned(), zh, en)
}

/// A field rule: not white space alone.
pub fn check_not_blank(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() { Err(ValidationError::new("blank")) } else { Ok(()) }
}

/// A field rule: a date that a person can mean; years beyond four digits would also sort wrongly as text.
pub fn check_date(date: &NaiveDate) -> Result<(), ValidationError> {
    if (1949..=2199).contains(&date.year()) { Ok(()) } else { Err(ValidationError::new("range")) }
}

/// For `PATCH`: tells a member that is `null` (`Some(None)`) from one that is absent (`None`, by `#[serde(default)]`).
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// For `PATCH`: a member that may be absent but not `null`, because it cannot be taken away.
pub fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Doc {
        n: i32,
        #[serde(default)]
        name: String,
    }

    fn fault(text: &str) -> (u16, String, String) {
        let error = parse::<Doc>(text.as_bytes()).expect_err("must be refused");
        let status = error.problem().status;
        match error {
            Error::Invalid(e) | Error::Malformed(_, e) => match &e[0].at {
                At::Pointer(p) => (status, p.clone(), e[0].code.to_string()),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_fault_is_named() {
        assert_eq!(fault(r#"{"n":"x"}"#), (422, "/n".into(), "invalid_type".into()));
        assert_eq!(fault(r#"{"n":1,"m":2}"#), (422, "/m".into(), "unknown_field".into()));
        assert_eq!(fault(r#"{}"#), (422, "/n".into(), "missing_field".into()));
        assert_eq!(fault(r#"{"n":1,"n":2}"#), (422, "/n".into(), "duplicate_field".into()));
        assert_eq!(fault(r#"{"n":1.5}"#), (422, "/n".into(), "invalid_type".into()));
        assert_eq!(fault(r#"{"n":1,"name":"a\u0000"}"#), (422, "/name".into(), "nul_character".into()));
        assert_eq!(fault(r#"{"n":"#).0, 400);
        assert_eq!(fault(r#"{"n":1} x"#).0, 400);
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(fault(&deep).0, 422, "a list is no document, however deep");
        assert_eq!(fault(&format!(r#"{{"n":1,"name":{deep}}}"#)), (422, "/name".into(), "invalid_type".into()));
        assert_eq!(fault(&"[".repeat(10_000)).0, 400);
    }

    #[test]
    fn a_whole_float_is_an_integer() {
        assert_eq!(parse::<Doc>(br#"{"n":190.0}"#).expect("accepted").n, 190);
        assert_eq!(parse::<Doc>(br#"{"n":1,"name":"\\u0000"}"#).expect("accepted").name, "\\u0000");
    }
}
