//! A picture taken apart and made anew. Its size is read before it is decoded: a few hundred bytes can stand for gigabytes.

use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::cost::Frame;
use super::{Media, MediaKind, Picture, TOO_MANY_PIXELS, UNREADABLE, UNSUPPORTED, cost, faulty, jpeg, refused};
use crate::error::{Error, Result};
use crate::secrets::fingerprint;

const MOST_A_SIDE: u32 = 8_000;
const MOST_PIXELS: u64 = 40_000_000;
/// Forty million pixels of four bytes, and what a decoder needs beside them.
const MOST_MEMORY: u64 = 200 << 20;
/// A colour profile and other words beside the pixels, which may be packed.
const MOST_BESIDE: u64 = 8 << 20;
const LONGEST_SIDE: u32 = 2048;
const THUMBNAIL_SIDE: u32 = 320;
const QUALITY: u8 = 85;

pub fn remake(kind: MediaKind, bytes: &[u8]) -> Result<Media> {
    // Decoders are other people's code over anybody's bytes: what they trip over is the file's fault.
    catch_unwind(AssertUnwindSafe(|| remade(kind, bytes))).unwrap_or_else(|_| Err(unreadable()))
}

fn remade(kind: MediaKind, bytes: &[u8]) -> Result<Media> {
    let picture = decoded(kind, bytes)?;
    let kept_as = match kind {
        MediaKind::Webp if !picture.color().has_alpha() => MediaKind::Jpeg,
        kind => kind,
    };
    let thumbnail = fitted(&picture, THUMBNAIL_SIDE);
    let bytes = encoded(&picture, kept_as)?;
    Ok(Media {
        kind: kept_as,
        sha256: fingerprint(&bytes),
        bytes,
        picture: Some(Picture {
            width: picture.width(),
            height: picture.height(),
            likeness: likeness(&thumbnail),
            thumbnail: encoded(&thumbnail, MediaKind::Jpeg)?,
        }),
    })
}

/// The picture as it is looked at: upright, no larger than is kept, eight bits a channel.
fn decoded(kind: MediaKind, bytes: &[u8]) -> Result<DynamicImage> {
    let format = match kind {
        MediaKind::Png => ImageFormat::Png,
        MediaKind::Webp => ImageFormat::WebP,
        _ => ImageFormat::Jpeg,
    };
    let (frame, plain) = measured(kind, bytes)?;
    let beside = frame.map_or(0, |frame| frame.beside);
    if let Some(frame) = frame {
        check_size(frame.size, frame.beside)?;
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BESIDE);
    let mut reader = ImageReader::with_format(Cursor::new(plain), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|e| fault_of(&e))?;
    check_size(decoder.dimensions(), decoder.total_bytes().saturating_add(beside))?;
    let orientation = decoder.orientation().map_err(|e| fault_of(&e))?;
    let whole = DynamicImage::from_decoder(decoder).map_err(|e| fault_of(&e))?;
    let mut kept = fitted(&whole, LONGEST_SIDE);
    kept.apply_orientation(orientation);
    Ok(kept)
}

/// What the headers say, and the bytes that the decoder is shown. That of PNG tells its size before it takes anything.
fn measured(kind: MediaKind, bytes: &[u8]) -> Result<(Option<Frame>, Cow<'_, [u8]>)> {
    Ok(match kind {
        MediaKind::Jpeg => {
            let whole = jpeg::read(bytes).ok_or_else(unreadable)?;
            (Some(whole.frame), whole.plain.into())
        }
        MediaKind::Webp if cost::webp_moves(bytes) => return Err(refused(&UNSUPPORTED, "animated webp", "")),
        MediaKind::Webp => (Some(cost::webp(bytes).ok_or_else(unreadable)?), bytes.into()),
        _ => (None, bytes.into()),
    })
}

fn check_size((width, height): (u32, u32), memory: u64) -> Result<()> {
    let pixels = u64::from(width) * u64::from(height);
    if width > MOST_A_SIDE || height > MOST_A_SIDE || pixels > MOST_PIXELS || memory > MOST_MEMORY {
        let most = format!("{width} × {height}; ≤ {MOST_A_SIDE} × {MOST_A_SIDE}, ≤ {MOST_PIXELS} 像素");
        let english = format!("{width} × {height}; at most {MOST_A_SIDE} a side and {MOST_PIXELS} in all");
        return Err(faulty(&TOO_MANY_PIXELS, most, english));
    }
    if width == 0 || height == 0 { Err(unreadable()) } else { Ok(()) }
}

fn fault_of(error: &ImageError) -> Error {
    match error {
        ImageError::Limits(_) => faulty(&TOO_MANY_PIXELS, TOO_MANY_PIXELS.zh, TOO_MANY_PIXELS.en),
        _ => unreadable(),
    }
}

fn unreadable() -> Error {
    faulty(&UNREADABLE, UNREADABLE.zh, UNREADABLE.en)
}

/// At most `side` pixels long and wide; smaller ones stay as they are.
fn fitted(picture: &DynamicImage, side: u32) -> DynamicImage {
    let small =
        if picture.width().max(picture.height()) > side { picture.thumbnail(side, side) } else { picture.clone() };
    let (colour, alpha) = (small.color().has_color(), small.color().has_alpha());
    match (colour, alpha) {
        (true, true) => small.into_rgba8().into(),
        (true, false) => small.into_rgb8().into(),
        (false, true) => small.into_luma_alpha8().into(),
        (false, false) => small.into_luma8().into(),
    }
}

/// The encoders write pixels and nothing else.
fn encoded(picture: &DynamicImage, kind: MediaKind) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let written = match kind {
        MediaKind::Png => picture.write_with_encoder(PngEncoder::new(&mut bytes)),
        MediaKind::Webp => {
            DynamicImage::from(picture.to_rgba8()).write_with_encoder(WebPEncoder::new_lossless(&mut bytes))
        }
        _ => opaque(picture).write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)),
    };
    written.map_err(Error::internal)?;
    Ok(bytes)
}

/// JPEG knows no transparency: what shows through is white, as paper is.
fn opaque(picture: &DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture.clone();
    }
    let mut laid = image::RgbaImage::from_pixel(picture.width(), picture.height(), image::Rgba([255; 4]));
    image::imageops::overlay(&mut laid, &picture.to_rgba8(), 0, 0);
    DynamicImage::from(laid).into_rgb8().into()
}

/// dHash: whether each of 8 × 8 spots is brighter than its neighbour to the right. Survives scaling and re-encoding.
fn likeness(picture: &DynamicImage) -> String {
    let spots = image::imageops::thumbnail(&opaque(picture).into_luma8(), 9, 8);
    let pairs = spots.rows().flat_map(|row| {
        let row: Vec<u8> = row.map(|spot| spot.0[0]).collect();
        row.iter().zip(row.iter().skip(1)).map(|(left, right)| left > right).collect::<Vec<_>>()
    });
    let bits = pairs.fold(0u64, |bits, brighter| (bits << 1) | u64::from(brighter));
    format!("{bits:016x}")
}
