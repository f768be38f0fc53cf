//! Photos as telephones take them.

use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, Rgb, RgbImage};

/// What stands in the metadata of [`photo`].
pub const WHERE_TAKEN: &[u8] = b"GPS-39.7411N-98.5172E";

/// A JPEG of 120 × 90 with its place on earth; of each number another one.
pub fn photo(number: u8) -> Vec<u8> {
    let seen = RgbImage::from_fn(120, 90, |x, y| {
        Rgb([number.wrapping_mul(37), (x * 2) as u8, (y as u8).wrapping_mul(number)])
    });
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x0e\0\x02\0\0\0\x16\0\0\0\x1a\0\0\0\0".to_vec();
    tiff.extend_from_slice(WHERE_TAKEN);
    tiff.push(0);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes);
    encoder.set_exif_metadata(tiff).expect("metadata");
    encoder.encode_image(&seen).expect("a photo");
    bytes
}

/// Files in the storage, finished or not.
pub fn kept(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.expect("an entry").path()).map(|path| if path.is_dir() { kept(&path) } else { 1 }).sum()
}
