//! What a decoder will take beside the pixels that it gives back, read off the headers. The decoders are not asked: those of
//! JPEG and WebP begin to take it before they look at any limit.

/// What the headers say of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    pub size: (u32, u32),
    /// Bytes beside the pixels.
    pub beside: u64,
    /// Whether it goes on to its end.
    pub ends: bool,
}

fn pixels((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u32> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u32::from(u16::from_be_bytes(pair.try_into().ok()?)))
}

fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

/// A JPEG whose colours do not all come in one run, as in a progressive one, is put together from coefficients of two bytes
/// each, which are all held until its end. `None` where there is no frame before the first run.
pub fn jpeg(bytes: &[u8]) -> Option<Frame> {
    let (mut at, mut frame) = (2, None);
    loop {
        let (marker, length) = (*bytes.get(at + 1)?, usize::try_from(u16_at(bytes, at + 2)?).ok()?);
        match (*bytes.get(at)?, marker) {
            (0xff, 0xff) => {
                at += 1;
                continue;
            }
            // Frames are told by these, among which are three that are none.
            (0xff, 0xc0..=0xcf) if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => frame = Some(at),
            (0xff, 0xda) => break,
            (0xff, _) => {}
            _ => return None,
        }
        at += 2 + length;
    }
    let frame = bytes.get(frame?..)?;
    let size = (u16_at(frame, 7)?, u16_at(frame, 5)?);
    let (colours, in_first_run) = (*frame.get(9)?, *bytes.get(at + 4)?);
    let held = *frame.get(1)? == 0xc2 || in_first_run != colours;
    // The end is looked for behind the segments, because a small picture inside them has one of its own: the decoder would
    // fill in grey for what is missing.
    let ends = bytes.get(at..)?.windows(2).any(|pair| pair == [0xff, 0xd9]);
    let beside = if held { pixels(size).saturating_mul(coefficients(frame, colours)?) } else { 0 };
    Some(Frame { size, beside, ends })
}

/// Bytes of coefficients for each pixel, rounded up: colours may be coarser than brightness.
fn coefficients(frame: &[u8], colours: u8) -> Option<u64> {
    let factors: Option<Vec<(u64, u64)>> = (0..usize::from(colours))
        .map(|colour| frame.get(11 + 3 * colour).map(|both| (u64::from(both >> 4), u64::from(both & 15))))
        .collect();
    let factors = factors?;
    let most = |of: fn(&(u64, u64)) -> u64| factors.iter().map(of).max().unwrap_or(1).max(1);
    let (widest, highest) = (most(|(h, _)| *h), most(|(_, v)| *v));
    let all: u64 = factors.iter().map(|(h, v)| h * v).sum();
    Some((2 * all).div_ceil(widest * highest))
}

/// The largest frame of a WebP: the canvas may be said to be smaller than what is in it. `None` where there is no frame.
pub fn webp(bytes: &[u8]) -> Option<Frame> {
    let (mut size, mut kinds) = (None, Vec::new());
    let mut at = 12;
    while let Some(header) = bytes.get(at..at + 8) {
        let (name, length) = header.split_at(4);
        let body = bytes.get(at + 8..).unwrap_or_default();
        // What is inside a frame of an animation is looked at next.
        let step = if name == b"ANMF" { 16 } else { usize::try_from(little(length)).ok()?.next_multiple_of(2) };
        let (found, a_pixel): (_, u64) = match name {
            // One that moves is laid on a canvas, frame by frame.
            b"ANIM" => (None, 8),
            b"VP8X" => (three(body, 4).zip(three(body, 7)).map(|(width, height)| (width + 1, height + 1)), 0),
            // Brightness for each pixel, colours for each fourth.
            b"VP8 " => (lossy(body), 2),
            b"VP8L" => (lossless(body), 4),
            // Unpacked as a picture of its own.
            b"ALPH" => (None, 5),
            _ => (None, 0),
        };
        size = larger(size, found);
        if !kinds.contains(&(name, a_pixel)) {
            kinds.push((name, a_pixel));
        }
        at = at.checked_add(8)?.checked_add(step)?;
    }
    let (size, a_pixel) = (size?, kinds.iter().map(|(_, a_pixel)| a_pixel).sum());
    Some(Frame { size, beside: pixels(size).saturating_mul(a_pixel), ends: true })
}

fn larger(one: Option<(u32, u32)>, other: Option<(u32, u32)>) -> Option<(u32, u32)> {
    match (one, other) {
        (Some((width, height)), Some((other_width, other_height))) => {
            Some((width.max(other_width), height.max(other_height)))
        }
        (one, other) => one.or(other),
    }
}

fn three(body: &[u8], at: usize) -> Option<u32> {
    body.get(at..at + 3).map(little)
}

fn lossy(body: &[u8]) -> Option<(u32, u32)> {
    let side = |at| body.get(at..at + 2).map(|pair| little(pair) & 0x3fff);
    side(6).zip(side(8))
}

fn lossless(body: &[u8]) -> Option<(u32, u32)> {
    let packed = body.get(1..5).map(little)?;
    Some(((packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1))
}
