//! [`Upload`]: one file and a few words beside it, as `multipart/form-data`. Mini-programs send one file a request.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{self, ContentDisposition};
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use validator::Validate;

use super::body::{BodyFingerprint, read_inside};
use super::idempotency;
use super::room::Held;
use crate::app::{App, Limits};
use crate::error::{At, Error, FieldError, Result, wire};
use crate::secrets::Fingerprint;

/// What the file is called in the document and in faults, and the name of a part that is the file without saying so.
const FILE: &str = "file";
const MOST_TEXT_BYTES: usize = 4096;
const MOST_TEXTS: usize = 16;
/// What boundaries, headers and texts may add to the file.
const AROUND_THE_FILE: usize = 128 << 10;

/// A file as it came. Its name and its type are what the sender says.
#[derive(Debug)]
pub struct UploadedFile {
    pub bytes: Bytes,
    pub name: Option<String>,
    pub content_type: Option<String>,
    /// Its room in memory, let go when nobody has the file any more.
    _held: Held,
}

/// Exactly one file, and the text parts as `T`. Larger than is allowed is 413 before it is read whole. Mini-programs name
/// the file's part as they like (`name` of `wx.uploadFile`), so it is told by having a `filename`.
pub struct Upload<T>(pub UploadedFile, pub T);

/// 文件内容: in the document of a body or an answer.
pub struct Binary;

impl utoipa::PartialSchema for Binary {
    fn schema() -> RefOr<Schema> {
        let bytes = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some("文件内容 · The bytes of a file"))
            .max_length(Some(i32::MAX as usize));
        bytes.build().into()
    }
}

impl utoipa::ToSchema for Binary {}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Upload<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        async move {
            let app = request.app_data::<Data<App>>().ok_or_else(|| Error::internal("no App"))?;
            let (file, texts) = read(&request, payload, app).await?;
            // Of megabytes, so only where somebody will ask for it.
            if request.headers().contains_key(idempotency::HEADER) {
                request.extensions_mut().insert(BodyFingerprint(fingerprint(&file, &texts)?));
            }
            let texts = read_inside(&Value::Object(texts), "")?;
            Ok(Self(file, texts))
        }
        .boxed_local()
    }
}

/// Of what is sent and not of how: boundaries and temporary names differ from one try to the next.
fn fingerprint(file: &UploadedFile, texts: &Map<String, Value>) -> Result<String> {
    let mut made = Fingerprint::default();
    made.add(&serde_json::to_vec(texts).map_err(Error::internal)?);
    // JSON knows no such byte, so that no words can be taken for the beginning of a file.
    made.add(&[0]);
    made.add(&file.bytes);
    Ok(made.finish())
}

async fn read(request: &HttpRequest, payload: Payload, app: &App) -> Result<(UploadedFile, Map<String, Value>)> {
    let limits = app.limits;
    if !request.content_type().eq_ignore_ascii_case("multipart/form-data") {
        return Err(Error::Malformed(&wire::MULTIPART_EXPECTED, Vec::new()));
    }
    let most = limits.upload_bytes.saturating_add(AROUND_THE_FILE);
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > most) {
        return Err(too_large(limits));
    }
    let parts = Multipart::new(request.headers(), counted(payload, most));
    let read = read_parts(parts, app);
    match tokio::time::timeout(Duration::from_secs(limits.upload_seconds), read).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::Malformed(&wire::TIMED_OUT, Vec::new())),
    }
}

/// The stream as far as it may go, whatever its parts claim to be.
fn counted(payload: Payload, most: usize) -> impl futures_util::Stream<Item = Result<Bytes, PayloadError>> {
    let seen = Rc::new(Cell::new(0usize));
    payload.map(move |chunk| {
        let chunk = chunk?;
        seen.set(seen.get().saturating_add(chunk.len()));
        if seen.get() > most { Err(PayloadError::Overflow) } else { Ok(chunk) }
    })
}

async fn read_parts(mut parts: Multipart, app: &App) -> Result<(UploadedFile, Map<String, Value>)> {
    let limits = app.limits;
    let (mut file, mut texts) = (None, Map::new());
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|e| unreadable(&e, limits))?;
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(file_name);
        if name != FILE && file_name.is_none() {
            let text = text_of(&mut part, &name, limits).await?;
            if texts.len() >= MOST_TEXTS || texts.insert(name.clone(), Value::String(text)).is_some() {
                return Err(at_part(
                    &name,
                    "duplicate_field",
                    "字段重复或过多",
                    "is given twice, or one part too many",
                ));
            }
            continue;
        }
        if file.is_some() {
            return Err(at_part(FILE, "duplicate_field", "每次只能上传一个文件", "one file a request"));
        }
        let content_type = part.content_type().map(|mime| mime.essence_str().to_owned());
        let mut held = app.uploads.enter();
        let bytes = bytes_of(&mut part, limits.upload_bytes, limits, Some(&mut held)).await?;
        let bytes = bytes.ok_or_else(|| too_large(limits))?;
        if bytes.is_empty() {
            return Err(at_part(FILE, "empty_file", "文件为空", "is empty"));
        }
        file = Some(UploadedFile { bytes, name: file_name, content_type, _held: held });
    }
    let file = file.ok_or_else(|| at_part(FILE, "missing_field", "缺少必填字段", "is required"))?;
    Ok((file, texts))
}

/// Plain, or with a charset of its own as RFC 5987 has it.
fn file_name(said: &ContentDisposition) -> Option<String> {
    let extended = || said.get_filename_ext().map(|name| String::from_utf8_lossy(&name.value).into_owned());
    said.get_filename().map(str::to_owned).or_else(extended)
}

async fn text_of(part: &mut Field, name: &str, limits: Limits) -> Result<String> {
    let bytes = bytes_of(part, MOST_TEXT_BYTES, limits, None).await?;
    let bytes = bytes.ok_or_else(|| at_part(name, "length", "过长", "is too long"))?;
    let text = std::str::from_utf8(&bytes).ok().filter(|text| !text.contains('\0'));
    text.map(str::to_owned).ok_or_else(|| at_part(name, "invalid_value", "须为 UTF-8 文字", "must be text in UTF-8"))
}

/// `None` where there are more than `most`; the rest is not read.
async fn bytes_of(part: &mut Field, most: usize, limits: Limits, mut held: Option<&mut Held>) -> Result<Option<Bytes>> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|e| unreadable(&e, limits))?;
        if bytes.len() + chunk.len() > most {
            return Ok(None);
        }
        if let Some(held) = &mut held {
            held.grow_to(bytes.len() + chunk.len()).await?;
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes.freeze()))
}

fn at_part(name: &str, code: &'static str, zh: &'static str, en: &'static str) -> Error {
    let name = name.chars().take(40).collect::<String>().replace('~', "~0").replace('/', "~1");
    Error::Invalid(vec![FieldError::new(At::Pointer(format!("/{name}")), code, zh, en)])
}

fn too_large(limits: Limits) -> Error {
    let most = limits.upload_bytes;
    let (zh, en) = (format!("文件不得超过 {most} 字节"), format!("a file has at most {most} bytes"));
    Error::Malformed(&wire::TOO_LARGE, vec![FieldError::new(At::Pointer(format!("/{FILE}")), "too_large", zh, en)])
}

fn unreadable(error: &MultipartError, limits: Limits) -> Error {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => too_large(limits),
        _ => Error::Malformed(&wire::MALFORMED_MULTIPART, Vec::new()),
    }
}
