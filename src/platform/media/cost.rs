//! What a decoder will take beside the pixels that it gives back, read off the headers. The decoders are not asked: those of
//! JPEG ([`super::jpeg`]) and WebP begin to take it before they look at any limit.

/// What the headers say of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    pub size: (u32, u32),
    /// Bytes beside the pixels.
    pub beside: u64,
}

pub fn pixels((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

/// The parts of a WebP in turn, by their names; a body may be cut off by the end.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes.get(12..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (name, after) = rest.split_at_checked(4)?;
        let (length, body) = after.split_at_checked(4)?;
        let length = usize::try_from(little(length)).ok()?.checked_next_multiple_of(2)?;
        rest = body.get(length..).unwrap_or_default();
        Some((name, body.get(..length).unwrap_or(body)))
    })
}

/// Whether there are several pictures in it, or it says so.
pub fn webp_moves(bytes: &[u8]) -> bool {
    chunks(bytes).any(|(name, body)| match name {
        b"ANIM" | b"ANMF" => true,
        b"VP8X" => body.first().is_some_and(|flags| flags & 2 != 0),
        _ => false,
    })
}

/// The largest frame of a WebP that does not move: the canvas may be said to be smaller than what is in it. `None` where
/// there is no frame.
pub fn webp(bytes: &[u8]) -> Option<Frame> {
    let (mut size, mut kinds) = (None, Vec::new());
    for (name, body) in chunks(bytes) {
        let (found, a_pixel): (_, u64) = match name {
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
    }
    let (size, a_pixel) = (size?, kinds.iter().map(|(_, a_pixel)| a_pixel).sum());
    Some(Frame { size, beside: pixels(size).saturating_mul(a_pixel) })
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
