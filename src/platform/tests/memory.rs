//! What anybody's picture may cost: the most that this process has held, as the kernel counts it. One test in a process of
//! its own, because others would be counted as well.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "../../../tests/api/support/bombs.rs"]
mod bombs;

use image::codecs::png::PngEncoder;
use image::{ImageEncoder, RgbImage};
use platform::media::accept;

const MEGABYTE: u64 = 1 << 20;

/// Kilobytes of this process, by the kernel's name for them.
fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("a status");
    let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
    line.trim_matches([':', ' ', '\t', 'k', 'B']).parse().expect("a number")
}

/// The outcome of a picture, and the bytes that it took at its dearest.
fn cost(bytes: &[u8]) -> (Result<(), &'static str>, u64) {
    std::fs::write("/proc/self/clear_refs", "5").expect("the peak is forgotten");
    let before = status("VmRSS");
    let outcome = accept(bytes, None, None).map(drop).map_err(|error| error.problem().code);
    (outcome, status("VmHWM").saturating_sub(before) * 1024)
}

/// A profile that unfolds into as many bytes.
fn packed_profile(bytes: usize) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    encoder.set_icc_profile(vec![0; bytes]).expect("taken");
    let picture = RgbImage::new(8, 8);
    encoder.write_image(&picture, 8, 8, image::ExtendedColorType::Rgb8).expect("encoded");
    file
}

#[test]
fn no_picture_costs_more_than_it_may() {
    let (large, too_large) = ((12_000, 12_000), Err("media.too_many_pixels"));
    for (name, bytes) in [
        ("png", bombs::png(large)),
        ("jpeg", bombs::jpeg(large)),
        ("progressive", bombs::progressive(large, 1)),
        // Forty million pixels, as many as are taken of others: its coefficients would be as much again and twice that.
        ("progressive, not so large", bombs::progressive((8_000, 5_000), 1)),
        ("webp", bombs::webp(large, large)),
        ("webp on a small canvas", bombs::webp((100, 100), (16_383, 16_383))),
    ] {
        let (outcome, cost) = cost(&bytes);
        assert_eq!(outcome, too_large, "{name}");
        assert!(cost <= 4 * MEGABYTE, "{name}: {cost} bytes");
    }
    let (outcome, beside) = cost(&packed_profile(150 << 20));
    assert_eq!(outcome, Ok(()), "a profile is left away, and not looked at beyond its first megabytes");
    assert!(beside <= 20 * MEGABYTE, "{beside} bytes");
    for (name, bytes) in [
        ("progressive", bombs::progressive((8_000, 4_000), 2)),
        ("progressive in full colour", bombs::progressive((5_000, 4_000), 1)),
    ] {
        let (outcome, cost) = cost(&bytes);
        assert_eq!(outcome, Ok(()), "{name}");
        assert!((60 * MEGABYTE..240 * MEGABYTE).contains(&cost), "{name}: {cost} bytes");
    }
}
