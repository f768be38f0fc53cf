//! What bytes are, by how they begin.

use std::fmt;

use super::MediaKind;

/// A kind that is taken, or one that people send by mistake and are told about by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Taken(MediaKind),
    Other(&'static str),
}

impl Found {
    pub fn kind(self) -> Option<MediaKind> {
        match self {
            Self::Taken(kind) => Some(kind),
            Self::Other(_) => None,
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Taken(kind) => kind.as_str(),
            Self::Other(name) => name,
        })
    }
}

const BEGINNINGS: [(&[u8], Found); 9] = [
    (b"\xff\xd8\xff", Found::Taken(MediaKind::Jpeg)),
    (b"\x89PNG\r\n\x1a\n", Found::Taken(MediaKind::Png)),
    (b"%PDF-", Found::Taken(MediaKind::Pdf)),
    (b"PK", Found::Other("zip")),
    (b"GIF8", Found::Other("gif")),
    (b"BM", Found::Other("bmp")),
    (b"\x1f\x8b", Found::Other("gzip")),
    (b"<", Found::Other("html/xml")),
    (b"MZ", Found::Other("exe")),
];

pub fn found(bytes: &[u8]) -> Found {
    let at = |from: usize, wanted: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(wanted));
    if at(0, b"RIFF") && at(8, b"WEBP") {
        return Found::Taken(MediaKind::Webp);
    }
    if at(4, b"ftyp") {
        let still = [b"heic", b"heix", b"mif1", b"avif"].into_iter().any(|brand| at(8, brand));
        return Found::Other(if still { "heic/avif" } else { "mp4" });
    }
    let known = BEGINNINGS.iter().find(|(beginning, _)| at(0, beginning));
    known.map_or(Found::Other("unknown"), |(_, found)| *found)
}

/// What the name or the declared type says instead; `None` where both agree with the content or say nothing.
pub fn contradiction(kind: MediaKind, name: Option<&str>, declared: Option<&str>) -> Option<String> {
    let ending = name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    let declared = declared.map(|declared| declared.trim().to_ascii_lowercase());
    let wrong_ending = ending.filter(|ending| !says_nothing(ending) && !endings(kind).contains(&ending.as_str()));
    let wrong_type = declared.filter(|declared| !says_nothing(declared) && !types(kind).contains(&declared.as_str()));
    // As much as a reader needs; what was sent may be long.
    wrong_ending.or(wrong_type).map(|said| said.chars().filter(|c| !c.is_control()).take(40).collect())
}

/// Mini-programs name temporary files so.
fn says_nothing(said: &str) -> bool {
    matches!(said, "" | "unknown" | "tmp" | "bin" | "application/octet-stream")
}

fn endings(kind: MediaKind) -> &'static [&'static str] {
    match kind {
        MediaKind::Jpeg => &["jpg", "jpeg", "jfif"],
        MediaKind::Png => &["png"],
        MediaKind::Webp => &["webp"],
        MediaKind::Pdf => &["pdf"],
    }
}

fn types(kind: MediaKind) -> &'static [&'static str] {
    match kind {
        MediaKind::Jpeg => &["image/jpeg", "image/jpg", "image/pjpeg"],
        MediaKind::Png => &["image/png"],
        MediaKind::Webp => &["image/webp"],
        MediaKind::Pdf => &["application/pdf"],
    }
}
