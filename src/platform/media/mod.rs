//! 照片与文件: what people send is told by its content, taken apart and made anew, so that nothing is kept but the picture.
//! Where it was taken, with what and by whom stays behind with the bytes that came.

mod cost;
mod jpeg;
mod picture;
mod sniff;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::aside::Aside;
use crate::error::{At, Error, FieldError, Problem, Result};
use crate::http::UploadedFile;
use crate::secrets::fingerprint;

crate::problems! {
    UNSUPPORTED = 422 "media.unsupported", "只接受 JPEG、PNG、WebP 图片和 PDF 文件", "Only JPEG, PNG, WebP and PDF are taken";
    TYPE_MISMATCH = 422 "media.type_mismatch", "文件内容与扩展名或声明的类型不符", "The content is not what its name or type says";
    TOO_MANY_PIXELS = 422 "media.too_many_pixels", "图片尺寸过大", "The picture has too many pixels";
    UNREADABLE = 422 "media.unreadable", "文件损坏或不完整,无法读取", "The file is damaged or not complete";
}

crate::text_enum! {
    /// 文件类型
    MediaKind {
        /// JPEG 图片
        Jpeg = "jpeg",
        /// PNG 图片
        Png = "png",
        /// WebP 图片
        Webp = "webp",
        /// PDF 文件
        Pdf = "pdf",
    }
}

impl MediaKind {
    pub fn is_picture(self) -> bool {
        self != Self::Pdf
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// How its name ends.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }
}

/// What is kept of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    pub kind: MediaKind,
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes`, as hex.
    pub sha256: String,
    pub picture: Option<Picture>,
}

/// What a picture has beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    /// A small JPEG.
    pub thumbnail: Vec<u8>,
    /// 64 bits as hex; pictures of one thing differ in few of them, whatever their size.
    pub likeness: String,
}

/// A decoded picture is a hundred times its file: so many at once in a process, and the others wait.
static DECODERS: LazyLock<Aside> = LazyLock::new(|| Aside::new("pictures", 2));

/// [`accept`] on a thread that may take its time.
pub async fn take_in(file: UploadedFile) -> Result<Media> {
    DECODERS.run(move || accept(&file.bytes, file.name.as_deref(), file.content_type.as_deref())).await
}

/// What is kept of `bytes`, where they are of a kind that is taken and what their name and their declared type say.
pub fn accept(bytes: &[u8], name: Option<&str>, declared: Option<&str>) -> Result<Media> {
    let found = sniff::found(bytes);
    let Some(kind) = found.kind() else { return Err(refused(&UNSUPPORTED, &found.to_string(), "")) };
    if let Some(said) = sniff::contradiction(kind, name, declared) {
        return Err(refused(&TYPE_MISMATCH, &found.to_string(), &said));
    }
    if kind.is_picture() {
        return picture::remake(kind, bytes);
    }
    Ok(Media { kind, bytes: bytes.to_vec(), sha256: fingerprint(bytes), picture: None })
}

/// A refusal that says what was found and, where they differ, what was said.
fn refused(problem: &'static Problem, found: &str, said: &str) -> Error {
    let (zh, en) = match said {
        "" => (format!("内容为 {found}"), format!("the content is {found}")),
        said => (format!("内容为 {found}, 声明为 {said}"), format!("the content is {found}, it says {said}")),
    };
    faulty(problem, zh, en)
}

fn faulty(problem: &'static Problem, zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Error {
    Error::Rule(problem, vec![FieldError::new(At::Pointer("/file".into()), problem.code, zh, en)])
}
