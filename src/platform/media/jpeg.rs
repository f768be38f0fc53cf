//! A JPEG taken apart into its segments. The decoder is shown those that make pixels and no others: where it reads a segment
//! another way than the standard does, it would decode another picture than the one that was measured.

use super::cost::{Frame, pixels};

/// A JPEG that goes on to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jpeg {
    pub frame: Frame,
    /// The same picture, with the way up that its camera noted and without all else that it said.
    pub plain: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Segment<'a> {
    marker: u8,
    /// Behind the two bytes of its length.
    body: &'a [u8],
    /// What follows the body: the pixels of a run.
    data: &'a [u8],
}

const START: [u8; 2] = [0xff, 0xd8];
const END: [u8; 2] = [0xff, 0xd9];
const RUN: u8 = 0xda;

/// `None` where it does not go on to its end, or where not just one frame comes before the first run.
pub fn read(bytes: &[u8]) -> Option<Jpeg> {
    let segments = segments(bytes.strip_prefix(&START)?)?;
    let mut frames = segments.iter().enumerate().filter(|(_, segment)| is_frame(segment.marker));
    let run = segments.iter().position(|segment| segment.marker == RUN)?;
    let (_, frame) = frames.next().filter(|(at, _)| *at < run)?;
    if frames.next().is_some() {
        return None;
    }
    let frame = measured(frame, segments.get(run)?)?;
    let mut plain = START.to_vec();
    for segment in segments.iter().filter(|segment| makes_pixels(segment)) {
        plain.extend_from_slice(&[0xff, segment.marker]);
        plain.extend_from_slice(&u16::try_from(segment.body.len() + 2).ok()?.to_be_bytes());
        plain.extend_from_slice(segment.body);
        plain.extend_from_slice(segment.data);
    }
    plain.extend_from_slice(&END);
    Some(Jpeg { frame, plain })
}

/// All segments before the end, which must come.
fn segments(mut rest: &[u8]) -> Option<Vec<Segment<'_>>> {
    let mut found = Vec::new();
    loop {
        let marker = match *rest {
            // Before a marker there may be any number of these.
            [0xff, 0xff, ..] => {
                rest = rest.get(1..)?;
                continue;
            }
            [0xff, 0xd9, ..] => return Some(found),
            [0xff, marker, ..] => marker,
            _ => return None,
        };
        let length = usize::from(u16::from_be_bytes(rest.get(2..4)?.try_into().ok()?));
        let body = rest.get(4..2 + length)?;
        rest = rest.get(2 + length..)?;
        let data = if marker == RUN { rest.get(..pixels_end(rest)?)? } else { &[] };
        rest = rest.get(data.len()..)?;
        found.push(Segment { marker, body, data });
    }
}

/// Where the next marker stands: among pixels 0xff is followed by a zero, or starts the count of a damaged run anew.
fn pixels_end(data: &[u8]) -> Option<usize> {
    data.windows(2).position(|pair| matches!(*pair, [0xff, next] if next != 0 && !(0xd0..=0xd7).contains(&next)))
}

/// Frames are told by these, among which are three that are none.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// Frames, tables, runs, which colours are meant, and which way is up.
fn makes_pixels(segment: &Segment<'_>) -> bool {
    match segment.marker {
        0xc4 | 0xdb | 0xdd | RUN => true,
        0xe1 => segment.body.starts_with(b"Exif\0\0"),
        0xee => segment.body.starts_with(b"Adobe"),
        marker => is_frame(marker),
    }
}

/// A JPEG whose colours do not all come in one run, as in a progressive one, is put together from coefficients of two bytes
/// each, which are all held until its end.
fn measured(frame: &Segment<'_>, run: &Segment<'_>) -> Option<Frame> {
    let &[_precision, high, low, left, right, colours, ref components @ ..] = frame.body else { return None };
    let size = (u32::from(u16::from_be_bytes([left, right])), u32::from(u16::from_be_bytes([high, low])));
    let held = frame.marker == 0xc2 || *run.body.first()? != colours;
    let beside = if held { pixels(size).saturating_mul(coefficients(components, colours)?) } else { 0 };
    Some(Frame { size, beside })
}

/// Bytes of coefficients for each pixel, rounded up: colours may be coarser than brightness.
fn coefficients(components: &[u8], colours: u8) -> Option<u64> {
    let factors: Option<Vec<(u64, u64)>> = (0..usize::from(colours))
        .map(|colour| components.get(1 + 3 * colour).map(|both| (u64::from(both >> 4), u64::from(both & 15))))
        .collect();
    let factors = factors?;
    let most = |of: fn(&(u64, u64)) -> u64| factors.iter().map(of).max().unwrap_or(1).max(1);
    let (widest, highest) = (most(|(h, _)| *h), most(|(_, v)| *v));
    let all: u64 = factors.iter().map(|(h, v)| h * v).sum();
    Some((2 * all).div_ceil(widest * highest))
}
